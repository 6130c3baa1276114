"""Dispositions: damaged goods are set apart, and scrapped, sent back or kept (checklist E38).

What the consignee bears is consumption, what the consignor bears leaves without a debt; goods of
our own are costed apart from both.

Refuses: NotSetApart, NotConsigned (from trade.dispositions), NothingToDispose, ReferenceReused,
PeriodClosed, NotYet; UnknownItem, UnknownParty, UnknownPlace.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Annotated, ClassVar, NamedTuple

from consigned.counting import dispositions as trade
from consigned.counting.counts import Scope
from consigned.counting.dispositions import DispositionOutcome as Fate
from consigned.counting.dispositions import Setting
from consigned.counting.losses import ALL, Loss, Part, Reason, borne, share_of
from consigned.inventory.renewed_layers import Renewals
from consigned.inventory.stock import Holding, Shelves
from consigned.inventory.title_transfers import Use, UseKind
from consigned.master_data.agreements import Agreement
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.parties import UnknownParty, UnknownPlace
from consigned.measure.identity import (
    AgreementId,
    ConsumptionNumber,
    ItemId,
    OrganizationId,
    PartyId,
    PlaceNumber,
)
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, EntryKind
from consigned.title.position import Condition, Place, Position
from consigned.title.post import post
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.ledger import renewals_taken_back as renewals
from consigned_service.operations.ledger.losses import settle_losses
from consigned_service.records.inventory.stock import OnHand, read_on_hand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


@dataclass(eq=False)
class NothingToDispose(Refusal):
    item: str
    code: ClassVar[str] = "nothing-to-dispose"

    def __str__(self) -> str:
        return f"nothing of {self.item} is said to be damaged"


class DispositionLine(NamedTuple):
    """What becomes of damaged goods."""

    reference: Annotated[str, fields.REFERENCE]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[Micros, fields.QUANTITY]
    outcome: Annotated[
        Fate,
        fields.Choice(
            Fate,
            "what becomes of damaged goods: block sets them apart; then scrap, return or keep",
        ),
    ]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    reason: Annotated[
        Reason,
        fields.Choice(
            Reason,
            "why they are damaged: broken (if empty) or another reason of a loss; it "
            "decides who bears what is scrapped",
            empty=Reason.BROKEN,
        ),
    ] = Reason.BROKEN
    consignor: Annotated[str, fields.CONSIGNOR] = ""
    place: Annotated[str, fields.PLACE] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    unit: Annotated[str, fields.UNIT] = ""


class Read(NamedTuple):
    """A line as it was understood."""

    reference: str
    item: Item
    scope: Scope
    quantity: int
    fate: Fate
    reason: Reason
    happened_on: date


def dispose_of(
    *, organization: OrganizationId, lines: Sequence[DispositionLine], by: str, at: datetime
) -> Result:
    """Set damaged goods apart, or scrap, send back or keep what is set apart, all lines or none.

    Who bears what is scrapped follows from the agreement and the reason. Refuses more than is
    there in the condition that it takes, in the asker's numbers.
    """
    outcome = Result()
    with postings.posting(
        organization, cause="disposition", recorded_at=at, recorded_by=by
    ) as posting:
        places = ledger.read_places(organization)
        told = _tell(posting, places, lines, outcome)
        if told:
            yard = DispositionBatch.opened(posting, places, told)
            for line in told:
                yard.dispose(line)
            outcome.waiting = yard.post()
        outcome.new = len(told)
    return outcome


def _tell(
    posting: OpenPosting,
    places: Sequence[Place],
    lines: Sequence[DispositionLine],
    outcome: Result,
) -> list[Read]:
    """Read and claim the lines; answers those that were not told before."""
    items = agreement_records.items_by_code({line.item for line in lines})
    parties = agreement_records.party_ids({line.consignor for line in lines})
    inside = {place.code: place.number for place in places if not place.is_outer}

    def read(_: int, line: DispositionLine) -> Read:
        item = items.get(line.item)
        if item is None:
            raise UnknownItem(line.item)
        if line.consignor and line.consignor not in parties:
            raise UnknownParty(line.consignor)
        if line.place and line.place not in inside:
            raise UnknownPlace(line.place, posting.organization.code)
        return _read(
            posting, line, item, parties.get(line.consignor),
            inside.get(line.place),
        )  # fmt: skip

    return tell_once(posting, enumerate(lines), read, outcome, day="happened_on")


def _read(
    posting: OpenPosting,
    line: DispositionLine,
    item: Item,
    owner: PartyId | None,
    place: PlaceNumber | None,
) -> Read:
    quantity = item.quantity(line.quantity, line.unit, serial=line.serial)
    if quantity <= 0:
        raise NothingToDispose(item.code)
    return Read(
        line.reference,
        item,
        Scope(
            item.id, owner, place, line.lot or None, line.serial or None,
        ),
        quantity,
        line.outcome,
        line.reason,
        posting.organization.day_here(line.happened_on),
    )  # fmt: skip


@dataclass
class DispositionBatch:
    """One posting of dispositions: the goods as they lie, and what becomes of them."""

    posting: OpenPosting
    places: Sequence[Place]
    on_hand: OnHand
    holdings: dict[ItemId, list[Holding]]
    agreements: dict[AgreementId, Agreement]
    renewed: Renewals
    settings: list[Setting] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)

    @classmethod
    def opened(
        cls, posting: OpenPosting, places: Sequence[Place], told: Sequence[Read]
    ) -> "DispositionBatch":
        organization, items = posting.organization, {line.item.id for line in told}
        ledger.read_positions(posting.book, items)
        on_hand = read_on_hand(
            posting.book, items, places=[place._replace(is_nettable=True) for place in places],
            ours=organization.party, conditions=frozenset(map(str, Condition)),
        )  # fmt: skip
        shelves = Shelves(
            on_hand.pickable, ours=organization.party, pick_order=organization.pick_order
        )
        renewed = renewals.of_days_before(
            posting,
            on_hand,
            {(line.item.id, line.happened_on) for line in told if line.fate is not Fate.BLOCK},
        )
        agreements = agreement_records.read_agreements(
            {holding.agreement for holding in on_hand.pickable if holding.agreement}
            | renewed.agreements()
        )
        return cls(
            posting, places, on_hand, {item: list(shelves.queue(item)) for item in items},
            agreements, renewed,
        )  # fmt: skip

    def dispose(self, line: Read) -> None:
        """Take the goods that a line is about, and let become of them what it says."""
        parts = self._choose(line)
        if line.fate is not Fate.BLOCK and self.renewed.origins:
            self._set_apart()
            parts = list(self._as_they_were(parts, line.happened_on))
            post(self.posting.book, self.posting.book.drafts)
        for (owner, agreement), alike in groupby(
            sorted(parts, key=_whose), lambda part: (part.holding.owner, part.holding.agreement)
        ):
            self._dispose(line, owner, agreement, tuple(alike))

    def _choose(self, line: Read) -> list[Part]:
        book, condition = self.posting.book, trade.needs(line.fate)
        fit = [
            holding
            for holding in self.holdings[line.item.id]
            if book.describe(holding.position).condition == condition
        ]
        parts, missing = trade.choose(fit, line.scope, line.quantity, line.happened_on)
        item, ours = line.item, self.posting.organization.party
        if missing:
            codes = {place.number: f" {place.code}" for place in self.places}
            where = self.posting.organization.code
            if line.scope.place:
                where += codes[line.scope.place]
            raise trade.NotSetApart(
                item.code, item.unit, where, line.fate, line.quantity, line.quantity - missing,
                condition,
            )  # fmt: skip
        if line.fate in (Fate.RETURN, Fate.KEEP) and any(p.holding.owner == ours for p in parts):
            raise trade.NotConsigned(item.code, item.unit, line.fate, line.quantity)
        return parts

    def _as_they_were(self, parts: Iterable[Part], on: date) -> Iterator[Part]:
        """Goods that passed to another agreement after a day, as what they were on it."""
        for part in parts:
            holding, quantity = part
            if not self.renewed.is_later(holding, on):
                yield part
                continue
            holding.left -= quantity
            for was, _, some in self.renewed.as_before(self.posting.book, holding, quantity, on):
                yield Part(was, some)

    def _dispose(
        self, line: Read, owner: PartyId, agreement: AgreementId | None, parts: tuple[Part, ...]
    ) -> None:
        posting = self.posting
        number = posting.take_numbers("disposition", 1)
        share, consumption = 0, None
        for holding, quantity in parts:
            holding.left -= quantity
        if line.fate is Fate.BLOCK:
            self.settings.append(Setting(number, line.happened_on, parts))
            self._lay_apart(parts)
        else:
            share = self._share(line, owner, agreement)
            mine = borne(parts, share, posting.organization.party)
            if mine:
                consumption = posting.take_numbers("consumption", 1)
            use = Use(
                ConsumptionNumber(consumption or 0), KINDS[line.fate].value, line.item.id, mine,
                line.happened_on, line.scope.place, owner, line.scope.lot, line.scope.serial,
            )  # fmt: skip
            leaves_as = EntryKind.LOST
            if line.fate is Fate.RETURN:
                leaves_as = EntryKind.RETURNED_TO_SUPPLIER
            self.losses.append(Loss(Cause.DISPOSITION, number, use, share, parts, leaves_as))
        posting.add(
            "disposition",
            [(posting.organization.id, number, posting.number, line.reference, str(line.fate),
              str(line.reason), line.item.id, owner, agreement, line.scope.place,
              sum(quantity for _, quantity in parts), share, consumption,
              line.happened_on.isoformat())],
        )  # fmt: skip

    def _share(self, line: Read, owner: PartyId, agreement: AgreementId | None) -> int:
        """The consignee's share: of what is scrapped as agreed, of what is kept all of it."""
        if owner == self.posting.organization.party or line.fate is Fate.KEEP:
            return ALL
        if line.fate is Fate.RETURN:
            return 0
        agreed = self.agreements[agreement] if agreement else None
        return share_of(agreed, line.reason, line.happened_on)

    def _lay_apart(self, parts: Sequence[Part]) -> None:
        """What is set apart can be disposed of by the lines that follow."""
        book = self.posting.book
        for holding, quantity in parts:
            item, owner, place, _ = book.describe(holding.position)
            position = book.position(Position(item, owner, place, Condition.BLOCKED.value))
            self.holdings[item].append(
                Holding(
                    holding.item, holding.owner, holding.place, position, holding.layer,
                    holding.received_on, quantity, holding.ownership, holding.agreement,
                    holding.order_price, holding.lot, holding.serial,
                )
            )  # fmt: skip

    def post(self) -> int:
        """Post and book everything; answers what waits for a price."""
        self._set_apart()
        renewals.take_back(self.posting, self.renewed, self.on_hand)
        if not self.losses:
            return 0
        return settle_losses(self.posting, self.places, self.losses, (), self.on_hand)

    def _set_apart(self) -> None:
        trade.set_apart(self.posting.book, self.settings)
        self.settings = []


KINDS = {
    Fate.SCRAP: UseKind.SCRAP,
    Fate.RETURN: UseKind.SCRAP,
    Fate.KEEP: UseKind.TRANSFER_TO_OWNED,
}
"""What the consignee's share of a disposition is consumed as; of what goes back it has none."""


def _whose(part: Part) -> tuple[int, int]:
    return part.holding.owner, part.holding.agreement or 0
