"""What the acts of a yard draw from: one seed, a small world, and the words to tell of it."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar

from django.db.models import QuerySet

from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.quantity import show_micros
from consigned_service.operations.core.outcome import Result
from consigned_service.records import models

T = TypeVar("T")
BY = "dora"
FIRST = date(2024, 2, 20)
HOUSES = ("S1", "S2")
HUB = "HUB"
CONSIGNORS = ("acme", "bolts", "carver", "dale", "ferry", "depot")
ITEMS = ("BOLT", "NUT", "OIL", "WAX")
UNSETTLED = ("WAX", "RAG")
"""Items of which it is not settled whether they are consigned, and by whom."""
PLACES = ("STORE", "STOCK", "FLOOR", "DOCK")
ORDERS = ("WO-1", "WO-2")
PRODUCTS = {
    "FRAME": (("BOLT", "2", ""), ("NUT", "0.5", "10")),
    "RACK": (("FRAME", "2", ""), ("OIL", "0.333333", "")),
}
"""What is made of how much of what, and how much of it is spoilt."""
LOTS = ("L1", "L2")
LINES = 3
"""At most so many lines come with one act."""


class Chance:
    """One seed, the day it is, and a draw of each thing that an act may be about."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.today = FIRST
        self.number = self.acts = self.steps = 0
        self.wanted: list[str] = []
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.houses: dict[str, OrganizationId] = {}
        self.northwind = PartyId(0)

    def _tell(self, act: Callable[..., Result], line: Callable[[], object], **more: object) -> None:
        """Tell an act some lines at one organization; the lines that are refused are refused."""
        lines = [line() for _ in range(self.chance.randint(1, LINES))]
        self._done_in_part(
            act(organization=self.houses[self._house()], lines=lines, by=BY, at=self.at, **more)
        )

    @staticmethod
    def _done_in_part(outcome: Result) -> None:
        """Refuse what was told only if nothing of it was done."""
        if not outcome.new and not outcome.repeated:
            outcome.or_raise()

    @property
    def at(self) -> datetime:
        """Noon, and a second later with each act."""
        return datetime.combine(self.today, time(12), UTC) + timedelta(seconds=self.acts)

    def _day(self) -> str:
        """Today, or a day gone by that is told late."""
        return (self.today - timedelta(days=self.chance.choice((0, 0, 0, 1, 3, 6)))).isoformat()

    def _name(self) -> str:
        """A name of its own; now and then the one before, as when a line is sent twice."""
        if self.chance.random() < 0.95:
            self.number += 1
        return f"r{self.number}"

    def _wanted_of(self, ways: Mapping[str, T]) -> list[T]:
        """What leads to what was never done yet, of several ways; else all of them."""
        wanted = [way for sort, way in ways.items() if sort in self.wanted]
        return wanted or list(ways.values())

    @staticmethod
    def _organization(row: Any) -> OrganizationId:
        """The organization that a row of a ledger is of."""
        return OrganizationId(row.organization_id)

    def _house(self) -> str:
        return self.chance.choice(HOUSES)

    def _consignor(self) -> str:
        return self.chance.choice(CONSIGNORS)

    def _item(self) -> str:
        return self.chance.choice(ITEMS)

    def _quantity(self, most: int) -> str:
        return show_micros(self.chance.randint(1, 4 * most) * 250_000)

    def _lying(
        self, *, is_ours: bool, condition: str = "unrestricted"
    ) -> tuple[str, str, str, int] | None:
        """Goods inside the walls that came on consignment: house, item, place, and how much."""
        whose = {"owner_id": self.northwind}
        positions = models.Position.objects.select_related("item", "organization")
        positions = positions.filter(condition=condition)
        rows = positions.filter(**whose) if is_ours else positions.exclude(**whose)
        layers = models.Layer.objects.filter(ownership="consigned")
        for position in self.chance.sample(sorted(rows, key=lambda row: row.pk), len(rows)):
            lying = models.Balance.objects.filter(
                organization_id=position.organization_id, position=position.number, is_outer=False,
                layer__in=layers.filter(organization_id=position.organization_id).values("number"),
            )  # fmt: skip
            left = sum(lying.values_list("quantity", flat=True))
            if left:
                place = models.Place.objects.get(
                    organization_id=position.organization_id, number=position.place
                )
                return position.organization.code, position.item.code, place.code, left
        return None

    def _part(self, quantity: int) -> str:
        return show_micros(max(1, quantity * self.chance.randint(1, 4) // 4))

    def _one(self, rows: QuerySet) -> Any:
        """One of some rows, by the seed's chance and not by the database's."""
        count = rows.count()
        return rows[self.chance.randrange(count)] if count else None

    def _layer(self) -> models.Layer | None:
        layers = models.Layer.objects.filter(ownership="consigned")
        return self._one(layers.order_by("organization_id", "number"))

    def _receipt(self) -> tuple[str, str, int] | None:
        layers = models.Layer.objects.exclude(receipt=None)
        layer = self._one(layers.order_by("organization_id", "number"))
        if layer is None:
            return None
        receipt = models.GoodsReceipt.objects.get(
            organization_id=layer.organization_id, number=layer.receipt
        )
        code = models.Organization.objects.get(pk=layer.organization_id).code
        return code, receipt.reference, layer.receipt_line or 1
