"""Consumption of goods: read what was reported, pass title, issue, price, keep what must wait.

A batch of a million lines goes the same way as one click, in chunks. A line is told under its
source's own reference; telling it again changes nothing, and telling something else under the
same reference is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from consigned.measure.identity import ConsumptionNumber, OrganizationId
from consigned.measure.money import check_currency, parse_price
from consigned.measure.period import NotADay
from consigned.measure.quantity import parse_micros
from consigned.measure.refusal import Refusal
from consigned.title.position import Place, Zone
from consigned.trade import consumption as trade
from consigned.trade.consumption import Floor, Shortage, Use, Used, UseKind
from consigned.trade.items import UnknownItem
from consigned.trade.parties import UnknownParty, UnknownPlace, default_place
from consigned.trade.shelf import Shelves
from consigned_service.operations import charges, reservations
from consigned_service.operations.charges import Waiting
from consigned_service.operations.lines import Outcome, one_of, text
from consigned_service.records import agreements as agreement_records
from consigned_service.records import consumption as consumption_records
from consigned_service.records import ledger
from consigned_service.records.ledger import OnHand, OpenPosting


@dataclass(eq=False)
class ReferenceReused(Refusal):
    reference: str
    number: int | None
    code: ClassVar[str] = "reference-reused"
    remedy: ClassVar[str] = "Give the new line a reference of its own."

    def __str__(self) -> str:
        return f"reference {self.reference} was told before with other content"


class Reported(NamedTuple):
    """A line of consumption as it was reported, every field as written."""

    reference: str
    item: str
    quantity: str
    happened_at: str
    unit: str = ""
    kind: str = ""
    place: str = ""
    consignor: str = ""
    lot: str = ""
    serial: str = ""
    price: str = ""
    currency: str = ""
    customer: str = ""
    reservation: str = ""


class Read(NamedTuple):
    """A reported line as it was understood, not yet numbered."""

    nth: int
    reference: str
    use: Use
    said: str | None
    happened_at: str
    customer: str | None


def record_consumption(
    *,
    organization: OrganizationId,
    lines: Sequence[Reported],
    source: str,
    by: str,
    at: datetime,
    wait_for_missing: bool = False,
) -> Outcome:
    """Use goods of one organization, many lines at once, all in one posting.

    A line that cannot be understood is refused. What is not on hand is refused as a whole, in the
    asker's numbers, unless `wait_for_missing`: a feed that reports what already happened posts
    what is there, and the rest waits in the exception queue (decision D13). What cannot be priced
    is posted and waits (D12).
    """
    outcome = Outcome()
    with ledger.posting(
        organization, cause="consumption", reference=source, recorded_at=at, recorded_by=by
    ) as posting:
        places = ledger.read_places(organization)
        read = _read_lines(posting, places, lines, outcome)
        told = _tell(posting, source, read, outcome)
        if told:
            used, on_hand = use_goods(posting, places, [line.use for line in told])
            if used.shortages and not wait_for_missing:
                raise missing(posting, places, used.shortages)[0]
            outcome.waiting = _settle(posting, places, used, on_hand)
            _keep(posting, source, told)
        outcome.new = len(told)
    return outcome


def _read_lines(
    posting: OpenPosting, places: Sequence[Place], lines: Sequence[Reported], outcome: Outcome
) -> list[Read]:
    reader = _Reader(posting, places, lines)
    read = []
    for index, line in enumerate(lines):
        try:
            read.append(reader.read(index, line))
        except Refusal as refusal:
            outcome.refuse(index, refusal)
    return read


class _Reader:
    """Reads reported lines against the master data that the batch names."""

    def __init__(
        self, posting: OpenPosting, places: Sequence[Place], lines: Sequence[Reported]
    ) -> None:
        self.organization = posting.organization
        self.today = posting.recorded_on
        self.items = agreement_records.items_by_code({line.item.strip() for line in lines})
        self.places = {place.code: place.number for place in places if not place.is_outer}
        named = {line.consignor.strip() for line in lines}
        self.parties = agreement_records.party_ids(named) if named != {""} else {}
        self.kinds: Mapping[str, UseKind] = {"": UseKind.SALE, **{kind: kind for kind in UseKind}}
        self.days: dict[str, date] = {}

    def read(self, index: int, line: Reported) -> Read:
        item = self.items.get(line.item.strip())
        if item is None:
            raise UnknownItem(line.item)
        quantity = parse_micros(line.quantity)
        said = None
        if line.unit and line.unit != item.unit:
            said = f"{line.quantity.strip()} {line.unit}"
            quantity = item.in_own_unit(quantity, line.unit)
        happened_on = self.days.get(line.happened_at[:10]) or self._day(line.happened_at)
        kind = self.kinds.get(line.kind)
        use = Use(
            ConsumptionNumber(0), kind or self._kind(line.kind), item.id, quantity, happened_on
        )
        if line[6:12] != ("", "", "", "", "", "") or line.reservation:
            use = self._with_details(use, line)
        return Read(
            index, text(line.reference, "reference"), use, said, text(line.happened_at, "day", 40),
            text(line.customer, "customer") or None if line.customer else None,
        )  # fmt: skip

    def _day(self, said: str) -> date:
        try:
            day = datetime.fromisoformat(said.strip()).date()
        except ValueError:
            raise NotADay(said) from None
        self.organization.check_day(day, today=self.today)
        self.days[said[:10]] = day
        return day

    def _kind(self, said: str) -> UseKind:
        return one_of(said, UseKind, "kind")

    def _with_details(self, use: Use, line: Reported) -> Use:
        place = consignor = None
        if line.place:
            place = self.places.get(line.place.strip())
            if place is None:
                raise UnknownPlace(line.place, self.organization.code)
        if line.consignor:
            consignor = self.parties.get(line.consignor.strip())
            if consignor is None:
                raise UnknownParty(line.consignor)
        return use._replace(
            place=place,
            consignor=consignor,
            lot=text(line.lot, "lot", 60) or None,
            serial=text(line.serial, "serial", 60) or None,
            price=parse_price(line.price) if line.price.strip() else None,
            currency=check_currency(line.currency) if line.currency.strip() else None,
            reservation=text(line.reservation, "reservation") or None,
        )


def _tell(posting: OpenPosting, source: str, read: Sequence[Read], outcome: Outcome) -> list[Read]:
    """Claim the lines' references; answers the new lines, numbered. Repeated ones are counted."""
    once: dict[str, Read] = {}
    again: list[Read] = []
    for line in read:
        if once.setdefault(line.reference, line) is not line:
            again.append(line)
    first = posting.ledger.next_consumption
    fresh = ledger.claim(posting, source, list(once), first)
    if fresh:
        posting.take_numbers("consumption", len(once))
    told = [
        line._replace(use=line.use._replace(number=ConsumptionNumber(number)))
        for number, line in enumerate(once.values(), start=first)
        if line.reference in fresh
    ]
    again.extend(line for line in once.values() if line.reference not in fresh)
    if again:
        before = consumption_records.told(
            posting.organization.id, source, {line.reference for line in again} - fresh
        )
        before |= {line.reference: _content(line) for line in told}
        for line in again:
            if before[line.reference] == _content(line):
                outcome.repeated += 1
            else:
                outcome.refuse(line.nth, ReferenceReused(line.reference, None))
    return told


def _content(line: Read) -> tuple[object, ...]:
    """What a line says, apart from its number: the same content told twice is told once."""
    return (*line.use[1:], line.said, line.happened_at, line.customer)


def use_goods(
    posting: OpenPosting, places: Sequence[Place], uses: Sequence[Use]
) -> tuple[Used, OnHand]:
    """Load what lies on the shelves, use it, and answer what came of it."""
    book, organization = posting.book, posting.organization
    items = {use.item for use in uses}
    came_back = {use.item for use in uses if use.quantity < 0}
    ledger.read_positions(book, items)
    on_hand = ledger.read_on_hand(book, items, places=places, ours=organization.party)
    outer = {place.zone: place.number for place in places if place.is_outer}
    issued = {}
    if came_back:
        issued = ledger.read_issued(book, came_back, outer_places=outer.values())
        issued |= {item: [] for item in came_back - issued.keys()}
    used = trade.consume(
        book,
        Shelves(on_hand.pickable, ours=organization.party, pick_order=organization.pick_order),
        uses,
        floor=Floor(
            organization.party, outer, default_place(list(places), Zone.CONSIGNED_STORE).number
        ),
        issued=issued,
        reserved=reservations.read_open(organization.id, items),
    )
    return used, on_hand


def _settle(posting: OpenPosting, places: Sequence[Place], used: Used, on_hand: OnHand) -> int:
    waiting = charges.settle(posting, used.transfers, on_hand, used.own_issues)
    reservations.pick(posting, used)
    because = missing(posting, places, used.shortages)
    waiting.extend(
        Waiting(use.number, None, use.item, short, refusal)
        for (use, short, _), refusal in zip(used.shortages, because, strict=True)
    )
    charges.queue(posting, waiting)
    return len(waiting)


def missing(
    posting: OpenPosting, places: Sequence[Place], shortages: Sequence[Shortage]
) -> list[Refusal]:
    """Why lines could not be posted in full, in the asker's numbers: asked, held, where, whose."""
    items = agreement_records.items_by_id({short.use.item for short in shortages})
    parties = agreement_records.party_codes(
        {short.use.consignor for short in shortages if short.use.consignor}
    )
    named = {place.number: place.code for place in places}
    organization = posting.organization.code
    refusals: list[Refusal] = []
    for use, _, held in shortages:
        item = items[use.item]
        where = f"{organization} {named[use.place]}" if use.place else organization
        whose = f" of {parties[use.consignor]}'s" if use.consignor else ""
        refusals.append(
            trade.NotEnoughIssued(item.code, item.unit, organization, -use.quantity, held)
            if use.quantity < 0
            else trade.NotEnoughOnHand(item.code, item.unit, where, whose, use.quantity, held)
        )
    return refusals


def _keep(posting: OpenPosting, source: str, told: Iterable[Read]) -> None:
    organization, number = posting.organization.id, posting.number
    posting.add(
        "consumption",
        (
            (organization, line.use.number, number, source, line.reference, str(line.use.kind),
             line.use.item, line.use.quantity, line.said, line.use.happened_on.isoformat(),
             line.happened_at, line.use.place, line.use.consignor, line.use.lot, line.use.serial,
             line.use.price, line.use.currency, line.customer, line.use.reservation)
            for line in told
        ),
    )  # fmt: skip
