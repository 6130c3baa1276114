"""What lies on the shelves of an organization, as the acts that take from them need it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from consigned.consumption.issues import days_out
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import Issued
from consigned.measure.identity import ItemId, LayerNumber, OrganizationId, PartyId, PlaceNumber
from consigned.measure.money import Price
from consigned.title.position import Condition, Place, Position
from consigned.title.post import Book
from consigned_service.records.ledger.posting import moved_after
from consigned_service.records.sql import bulk

_UNRESTRICTED = Condition.UNRESTRICTED.value
HOLDING = (
    "p.item_id, p.owner_id, p.place, p.condition, b.position, b.layer, b.quantity, b.came_on, "
    "l.received_on, l.ownership, l.agreement, l.order_line, l.price, l.currency, l.per, "
    "l.lot, l.serial, l.expires_on"
)


def _read_holdings(
    book: Book, items: Iterable[ItemId], lying: str, places: Iterable[PlaceNumber]
) -> list[tuple[Any, ...]]:
    """What of some items lies "IN" or "NOT IN" some places, each looked up from the one before.

    The places choose among the positions, not among the balances: an outer place has a balance
    of every layer that ever went there.
    """
    then, numbers = bulk.then(), list(places)
    return bulk.look_up(
        items,
        "bigint",
        HOLDING,
        f"position p {then} balance b "
        "ON b.organization_id = p.organization_id AND b.position = p.number "
        f"{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer",
        "p.organization_id = %s AND p.item_id = w.value AND b.quantity > 0 "
        f"AND p.place {lying} ({', '.join(['%s'] * len(numbers))})",
        [book.organization, *numbers],
    )


@dataclass
class OnHand:
    """The goods of some items inside the walls: what may be picked, and all there is by layer."""

    pickable: list[Holding] = field(default_factory=list)
    consigned: dict[LayerNumber, int] = field(default_factory=dict)
    """What of each layer is still its consignor's, wherever it stands inside the walls."""
    values: dict[LayerNumber, Price] = field(default_factory=dict)
    """The price each layer was received at."""


def read_on_hand(
    book: Book,
    items: Iterable[ItemId],
    *,
    places: Sequence[Place],
    ours: int,
    conditions: frozenset[str] = frozenset({_UNRESTRICTED}),
) -> OnHand:
    """Bring all goods of some items inside the walls into the book, ready to be picked from.

    Goods in other conditions than unrestricted are picked only by who asks for them.
    """
    nettable = {place.number for place in places if place.is_nettable and not place.is_outer}
    on_hand = OnHand()
    lies, consigned, values = book.lies, on_hand.consigned, on_hand.values
    last = None
    for (item, owner, place, condition, position, layer, quantity, came_on, received_on, ownership,
         agreement, order_line, price, currency, per, lot, serial,
         expires_on) in _read_holdings(book, items, "NOT IN", book.outer_places):  # fmt: skip
        if position != last:
            book.know(position, Position(item, owner, place, condition))
            last = position
        lies((position, layer), quantity, came_on)
        value = None
        if price is not None:
            values[layer] = value = Price(price, currency, per)
        if owner != ours:
            consigned[layer] = consigned.get(layer, 0) + quantity
        if place in nettable and condition in conditions:
            on_hand.pickable.append(
                Holding(
                    item, owner, place, position, layer, received_on, quantity, ownership,
                    agreement, value if order_line is not None else None, lot, serial,
                    expires_on,
                )
            )  # fmt: skip
    return on_hand


def read_issued(
    book: Book, items: Iterable[ItemId], *, outer_places: Iterable[PlaceNumber], since: date
) -> dict[ItemId, list[Issued]]:
    """What of some items went out through the given places and is still out, newest first; what
    went after the day `since` is told apart by its day. What went out as a component is not among
    it: that comes back through production."""
    out: list[Holding] = []
    newest_first = sorted(
        _read_holdings(book, items, "IN", outer_places), key=itemgetter(5), reverse=True
    )
    for (item, owner, place, _, position, layer, quantity, _, received_on, ownership,
         agreement, _, price, currency, per, lot, serial, expires_on) in newest_first:  # fmt: skip
        value = Price(price, currency, per) if price is not None else None
        out.append(
            Holding(
                item, owner, place, position, layer, received_on, quantity, ownership,
                agreement, value, lot, serial, expires_on,
            )
        )  # fmt: skip
    layers = {holding.layer for holding in out}
    moved = moved_after(book.organization, layers, since)
    components = _components_out(book, layers)
    for holding in out:
        for went_on, quantity in components.get((holding.place, holding.layer, holding.owner), ()):
            holding.left -= quantity
            if went_on > since:
                moved[holding.position, holding.layer][went_on] -= quantity
    issued: dict[ItemId, list[Issued]] = {}
    for holding in out:
        days = sorted(moved[holding.position, holding.layer].items())
        issued.setdefault(holding.item, []).extend(days_out(holding, days))
    return issued


def _components_out(
    book: Book, layers: Iterable[LayerNumber]
) -> dict[tuple[PlaceNumber, LayerNumber, PartyId], list[tuple[date, int]]]:
    """What of some layers went into production and did not come back, by the day it went."""
    subquery, wanted = bulk.among(layers)
    out: dict[tuple[PlaceNumber, LayerNumber, PartyId], list[tuple[date, int]]] = defaultdict(list)
    for place, layer, owner, went_on, quantity in bulk.fetch(
        "SELECT pl.number, c.layer, CASE WHEN c.transfer IS NULL THEN c.owner_id "
        "ELSE o.party_id END, u.happened_on, c.quantity - COALESCE((SELECT SUM(r.quantity) "
        "FROM component_returned r WHERE r.organization_id = c.organization_id "
        "AND r.component = c.number), 0) FROM component_issued c "
        "JOIN organization o ON o.id = c.organization_id "
        "JOIN place pl ON pl.organization_id = c.organization_id AND pl.zone = 'production' "
        "JOIN consumption u ON u.organization_id = c.organization_id AND u.number = c.consumption "
        f"WHERE c.organization_id = %s AND c.layer IN ({subquery})",
        [book.organization, wanted],
    ):
        out[place, layer, owner].append((went_on, int(quantity)))
    return out


def suppliers_of(
    organization: OrganizationId, layers: Iterable[LayerNumber]
) -> dict[LayerNumber, PartyId]:
    """From whom the goods of some layers came."""
    subquery, wanted = bulk.among(layers)
    return dict(
        bulk.fetch(
            "SELECT number, supplier_id FROM layer "
            f"WHERE organization_id = %s AND number IN ({subquery})",
            [organization, wanted],
        )
    )
