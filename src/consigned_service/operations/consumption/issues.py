"""Consumption of goods: read what was reported, pass title, issue, price, keep what must wait.

A batch of a million lines goes the same way as one click, in chunks. A line is told under its
source's own reference; telling it again changes nothing, and telling something else under the
same reference is refused.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from itertools import chain
from typing import Annotated, ClassVar, NamedTuple, TypeVar

from consigned.accounting.journals import HOUSE_ACCOUNTS, IN_PROCESS
from consigned.accounting.prices import GOES_BACK, STAY_THEIRS, WERE_OURS, NotTaken, sent_price
from consigned.accounting.work_in_progress import Part
from consigned.consumption import issues as trade
from consigned.consumption.exceptions import Ending, Named
from consigned.consumption.issues import CountedGoods, Floor
from consigned.inventory.renewed_layers import Renewals
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import GOES_TO, IS_LOST, Sale, Use, Used, UseKind
from consigned.master_data.items import UnknownItem
from consigned.master_data.parties import UnknownParty, UnknownPlace
from consigned.measure.identity import (
    AgreementId,
    ConsumptionNumber,
    OrganizationId,
    PlaceNumber,
)
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros, parse_micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.production.completions import ReturnOfComponents, awaits
from consigned.returns.voids import UnknownUse
from consigned.title.position import Place, Zone
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting import late_costs as late_components
from consigned_service.operations.accounting.accruals import Ended, Waiting
from consigned_service.operations.consumption import corrections
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import fingerprint, is_told
from consigned_service.operations.core.outcome import Result, required
from consigned_service.operations.inventory import makers, reservations
from consigned_service.operations.inventory import picking as shelving
from consigned_service.operations.inventory.shortages import missing
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.ledger import recoveries as taking_back
from consigned_service.operations.ledger import renewals_taken_back as renewals
from consigned_service.operations.ledger.consumption_lines import Read, keep
from consigned_service.operations.returns import customer_returns as brought_back
from consigned_service.operations.returns import voids
from consigned_service.operations.returns.voids import Found
from consigned_service.records.consumption import issues as consumption_records
from consigned_service.records.consumption import voids as void_records
from consigned_service.records.consumption.issues import OpenException
from consigned_service.records.consumption.voids import Named as NamedUse
from consigned_service.records.inventory.lots import Marks
from consigned_service.records.inventory.stock import OnHand, read_on_hand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.idempotency import Claim, claim, standing
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.sql.transaction import together


@dataclass(eq=False)
class AccountNotTaken(Refusal):
    account: str
    why: str
    code: ClassVar[str] = "account-not-taken"
    remedy: ClassVar[str] = "Leave the account out, or name the work order's own."

    def __str__(self) -> str:
        return f"account {self.account}: {self.why}"


@dataclass(eq=False)
class PossibleDuplicate(Refusal):
    reference: str
    source: str
    code: ClassVar[str] = "possible-duplicate"
    remedy: ClassVar[str] = "Leave it out; if it is another use, tell it with --again."

    def __str__(self) -> str:
        return (
            f"reference {self.reference} was told under source {self.source} with the same item, "
            "quantity and time"
        )


class Reported(NamedTuple):
    """A line of consumption as it was reported."""

    reference: Annotated[
        str,
        fields.REFERENCE,
        "a number of the line in the system it comes from, so that it is recorded once",
    ]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[
        Micros, fields.QUANTITY, "how much, as 3 or 0.125; below zero it is a return"
    ]
    occurred_at: Annotated[
        Moment, fields.Time("day or time of use, as 2026-03-31 or 2026-03-31T08:15")
    ]
    unit: Annotated[str, fields.UNIT] = ""
    kind: Annotated[
        UseKind,
        fields.Choice(
            UseKind,
            "sale (if empty) or one of the other kinds of use: issue, express-issue, "
            "sample, scrap, adjustment, count, production, backflush, kit, work-order, "
            "transfer-to-owned",
            empty=UseKind.SALE,
        ),
    ] = UseKind.SALE
    place: Annotated[
        str, fields.PLACE, "code of the place it was taken from; empty: wherever it lies"
    ] = ""
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party whose goods were used; empty: by pick order"
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    price: Annotated[
        int | None,
        fields.PRICE,
        "price of one of the unit that is said, as of a box where it is BX, where the "
        "agreement takes it from here (price_sources); elsewhere it is noted as not "
        "taken",
    ] = None
    currency: Annotated[str, fields.CURRENCY, "currency of that price, and of the sale's"] = ""
    customer: Annotated[str, fields.Text("who it went to")] = ""
    reservation: Annotated[
        str, fields.Code("reservation", "reference of the reservation it was picked for", 120)
    ] = ""
    work_order: Annotated[
        str,
        fields.Code(
            "work-order", "number of the production order, work order or kit it was used for", 60
        ),
    ] = ""
    account: Annotated[
        str, fields.Text("account that bears the cost, where a work-order names its own", 32)
    ] = ""
    sale_price: Annotated[
        int | None,
        fields.PRICE,
        "what one of the unit that is said was sold for, where its consignor gets a share of it",
    ] = None
    voids: Annotated[
        str,
        fields.Text(
            "reference of the use that never happened; the quantity, below zero, is how much of it"
        ),
    ] = ""
    voids_source: Annotated[
        str, fields.Text("the system that reported that use; empty: the same", 40)
    ] = ""
    because: Annotated[
        str, fields.BECAUSE, "why, in words, where a use is voided or a line corrected"
    ] = ""
    corrects: Annotated[
        int | None,
        fields.Whole(
            "number of the exception in whose place the line stands; what waited of it "
            "waits no more",
            1,
            99_999_999_999,
        ),
    ] = None


def record_consumption(
    *,
    organization: OrganizationId,
    lines: Sequence[Reported],
    source: str,
    by: str,
    at: datetime,
    queue_shortages: bool = False,
    again: bool = False,
) -> Result:
    """Use goods of one organization, many lines at once, all or none: uses in one posting, and
    what comes back in one after it.

    A line that cannot be understood is refused. What is not on hand is refused as a whole, in the
    asker's numbers, unless `queue_shortages`: a feed that reports what already happened posts
    what is there, and the rest waits in the exception queue (decision 0062). What cannot be priced
    is posted and waits (decision 0061). What looks like a use that another source told is refused,
    unless it is said to have happened `again`.
    """
    outcome, source = Result(), required(source, "source", 40)
    with together():
        for turn in turns(enumerate(lines), _kept_in_order, _sort_of, _ends):
            with postings.posting(
                organization, cause="consumption", reference=source, recorded_at=at, recorded_by=by
            ) as posting:
                waited = corrections.find(posting, (line.corrects for _, line in turn))
                read = _read_lines(posting, source, turn, waited, outcome)
                if not again:
                    read = _not_told_elsewhere(posting, source, read, outcome)
                told = _tell(posting, source, read, outcome)
                told = corrections.stand_in(posting, waited, told)
                if told:
                    came = post_uses(posting, [line.use for line in told])
                    if came.missing and not queue_shortages:
                        raise came.missing[0].because
                    outcome.waiting += _wait(posting, came)
                    outcome.notes += _notes(came, told)
                    keep(posting, source, told)
                outcome.new += len(told)
            if told:
                outcome.waiting -= _void_what_waited(organization, source, told, by, at)
    return outcome


Numbered = tuple[int, Reported]
"""A line, and its place in what was told."""
Line = TypeVar("Line")


class Sort(IntEnum):
    """What a line of consumption does."""

    USE = 0
    RETURN = 1
    VOID = 2


def _ends_nothing(line: object) -> object:
    return None


def turns(
    lines: Iterable[Line],
    kept_in_order: Callable[[Line], tuple[object, ...]],
    sort_of: Callable[[Line], Sort],
    ends: Callable[[Line], object] = _ends_nothing,
) -> Iterator[list[Line]]:
    """Lines in the order in which they can be posted together, those of one sort: what comes back
    of an item, or is voided, after the uses before it and before those after it. Items do not wait
    for one another, so that a file with few of them is few turns, however it is cut. Lines that
    have one of `kept_in_order` alike stay in their order, and of those that end the same each has a
    turn of its own."""
    found: dict[int, list[Line]] = defaultdict(list)
    reached: dict[object, int] = {}
    for line in lines:
        alike = kept_in_order(line)
        ended = ends(line)
        turn = max(reached.get(one, 0) for one in (*alike, ended))
        turn += (sort_of(line) - turn) % len(Sort)
        reached |= dict.fromkeys(alike, turn)
        if ended is not None:
            reached[ended] = turn + 1
        found[turn].append(line)
    return (found[turn] for turn in sorted(found))


def _kept_in_order(line: Numbered) -> tuple[object, ...]:
    """The item, and the reference, of which the first line holds."""
    return ("item", line[1].item), ("reference", line[1].reference)


def _ends(line: Numbered) -> object:
    """The exception in whose place a line is to stand."""
    corrects = line[1].corrects
    return ("exception", corrects) if corrects else None


def _sort_of(line: Numbered) -> Sort:
    _, said = line
    return Sort.VOID if said.voids else Sort.RETURN if said.quantity < 0 else Sort.USE


def sort_of(use: Use) -> Sort:
    if use.voids:
        return Sort.VOID
    return Sort.RETURN if use.quantity < 0 else Sort.USE


def _read_lines(
    posting: OpenPosting,
    source: str,
    lines: Sequence[Numbered],
    waited: Mapping[int, Named],
    outcome: Result,
) -> list[Read]:
    """Understand each line and number it; the first under a reference holds, see `_tell`."""
    reader = _Reader(posting, source, [line for _, line in lines])
    read: list[Read] = []
    untimely: list[tuple[Read, Refusal]] = []
    number = posting.ledger.next_consumption
    for nth, line in lines:
        try:
            understood = reader.read(nth, ConsumptionNumber(number), line)
            refusal = reader.untimely.get(understood.use.happened_on)
            if refusal is None and understood.corrects:
                refusal = corrections.why_not(posting, waited, understood.corrects)
            if refusal:
                untimely.append((understood, refusal))
                continue
            read.append(understood)
            number += 1
        except Refusal as refusal:
            outcome.refuse(nth, refusal)
    if several := makers.of_several(posting.organization.id, map(_named, read)):
        untimely += [(line, several[_named(line)]) for line in read if _named(line) in several]
        read = [line for line in read if _named(line) not in several]
    if untimely:
        _compare_untimely(posting, source, untimely, outcome)
    return read


def _named(line: Read) -> Marks:
    """The lot and the serial that a line names without saying whose they are."""
    use = line.use
    whose = use.consignor is not None or use.quantity < 0
    return (use.item, None, None) if whose else (use.item, use.lot, use.serial)


def _compare_untimely(
    posting: OpenPosting,
    source: str,
    untimely: Sequence[tuple[Read, Refusal]],
    outcome: Result,
) -> None:
    """A line of a closed period may only repeat what was told while it was open; so may one whose
    lot or serial another supplier has given since, and one that corrects what waits no more."""
    before = standing(posting.organization.id, source, {line.reference for line, _ in untimely})
    for line, refusal in untimely:
        if before.get(line.reference) == line.fingerprint:
            outcome.repeat(line.nth)
        else:
            outcome.refuse(line.nth, refusal)


class _Reader:
    """Reads reported lines against the master data that the batch names."""

    def __init__(self, posting: OpenPosting, source: str, lines: Sequence[Reported]) -> None:
        self.organization = posting.organization
        self.source = source
        self.today = posting.recorded_on
        self.items = agreement_records.items_by_code({line.item for line in lines})
        self.places = {p.code: p.number for p in posting.places if not p.is_outer}
        named = {line.consignor for line in lines}
        self.parties = agreement_records.party_ids(named) if named != {""} else {}
        self.days: set[date] = set()
        self.untimely: dict[date, Refusal] = {}
        """Days on which nothing new may be reported, and why."""
        self.posting = posting
        self.named = {self._voids(line) for line in lines if line.voids}
        self.voided: Found | None = None

    def read(self, nth: int, number: ConsumptionNumber, line: Reported) -> Read:
        item = self.items.get(line.item)
        if item is None:
            raise UnknownItem(line.item)
        quantity, unit = item.quantity(line.quantity, line.unit, serial=line.serial), line.unit
        use = Use(
            number,
            line.kind.value,
            item.id,
            quantity,
            self._day(line.occurred_at),
        )
        if quantity < 0 and use.kind in IN_PROCESS and not line.voids:
            raise ReturnOfComponents(item.code, use.kind)
        if line[_DETAILS] != _NO_DETAILS:
            use = self._with_details(use, line, item.one(unit))
        is_own_unit = unit in ("", item.unit)
        return Read(
            nth, line.reference, use,
            None if is_own_unit else f"{show_micros(line.quantity)} {unit}",
            str(line.occurred_at), line.customer or None, fingerprint(line), line.corrects,
        )  # fmt: skip

    def _day(self, occurred_at: Moment) -> date:
        day = self.organization.day_here(occurred_at)
        if day not in self.days:
            self.days.add(day)
            try:
                self.organization.check_day(day, today=self.today)
            except Refusal as refusal:
                self.untimely[day] = refusal
        return day

    def _with_details(self, use: Use, line: Reported, per: int) -> Use:
        place = consignor = None
        if line.place:
            place = self.places.get(line.place)
            if place is None:
                raise UnknownPlace(line.place, self.organization.code)
        if line.consignor:
            consignor = self.parties.get(line.consignor)
            if consignor is None:
                raise UnknownParty(line.consignor)
        currency = line.currency or None
        use = use._replace(
            place=place,
            consignor=consignor,
            lot=line.lot or None,
            serial=line.serial or None,
            price=line.price,
            currency=currency,
            per=per,
            sale=None if line.sale_price is None else Sale(line.sale_price, currency, per),
            reservation=line.reservation or None,
            work_order=line.work_order or None,
            account=_account(line.account, use.kind),
            voids_source=self._voids(line)[0] if line.voids else None,
            voids=line.voids or None,
            because=line.because or None,
        )
        if use.voids:
            self._check_void(use)
        return use

    def _check_void(self, use: Use) -> None:
        if self.voided is None:
            items = {item.id for item in self.items.values()}
            self.voided = voids.find(self.posting, self.named, items)
        self.voided.check(use, self.source)

    def _voids(self, line: Reported) -> NamedUse:
        """The use that a line voids; where it names no source, one of its own."""
        return line.voids_source or self.source, line.voids


_DETAILS = slice(Reported._fields.index("kind") + 1, None)
_NO_DETAILS = tuple(Reported._field_defaults.values())[-len(Reported._fields[_DETAILS]) :]
"""What most lines say beside the goods, the day and the kind of use: nothing."""


def _account(account: str, kind: str) -> str | None:
    """The account that a work order names as its own, if it names one (checklist P50)."""
    if account and kind != UseKind.WORK_ORDER:
        raise AccountNotTaken(account, f"only a work-order names one, this is a use for {kind}")
    if account in HOUSE_ACCOUNTS:
        raise AccountNotTaken(account, "the product keeps it itself")
    return account or None


def _not_told_elsewhere(
    posting: OpenPosting, source: str, read: Sequence[Read], outcome: Result
) -> list[Read]:
    """The lines that another source has not told; a source may tell its own ones again."""
    told = consumption_records.told_by(posting.organization.id, {line.reference for line in read})
    if not told:
        return list(read)
    new: list[Read] = []
    for line in read:
        content = (line.use.item, line.use.quantity, line.occurred_at)
        before = told.get(line.reference, {})
        alike = [other for other, said in before.items() if said == content]
        if source in before or not alike:
            new.append(line)
        else:
            outcome.refuse(line.nth, PossibleDuplicate(line.reference, alike[0]))
    return new


def _tell(posting: OpenPosting, source: str, read: Sequence[Read], outcome: Result) -> list[Read]:
    """Claim the lines' references; answers the new lines. Repeated ones are counted, and other
    content under the same reference is refused."""
    once: dict[str, Read] = {}
    for line in read:
        once.setdefault(line.reference, line)
    stands = claim(
        posting,
        source,
        [Claim(line.reference, line.fingerprint, line.use.number) for line in once.values()],
    )
    if len(stands) < len(once):
        posting.take_numbers("consumption", len(read))
    if not stands and len(once) == len(read):
        return list(read)
    told = [line for line in once.values() if line.reference not in stands]
    new = {line.nth for line in told}
    stands |= {line.reference: line.fingerprint for line in told}
    for line in read:
        try:
            if line.nth not in new and is_told(line.reference, line.fingerprint, stands):
                outcome.repeat(line.nth)
        except Refusal as refusal:
            outcome.refuse(line.nth, refusal)
    return told


class Missing(NamedTuple):
    """So much of a line that could not be posted, and why."""

    use: Use
    quantity: int
    because: Refusal


class Posted(NamedTuple):
    """What came of lines: what waits for a price, what is missing, the parts that went into
    production, and the prices sent with them that settle nothing."""

    unpriced: list[Waiting]
    missing: list[Missing]
    parts: list[Part]
    not_taken: list[NotTaken]


def post_uses(posting: OpenPosting, uses: Sequence[Use]) -> Posted:
    """Post lines that are all uses, all returns or all voids, and settle what they did."""
    if uses[0].voids:
        undone = [Missing(*one) for one in voids.take_back(posting, uses)]
        return Posted([], undone, [], _sent_in_vain(posting, uses, GOES_BACK))
    back = [use for use in uses if use.quantity < 0]
    if back:
        used, on_hand = brought_back.take_in(posting, back), OnHand()
    else:
        used, on_hand = use_goods(posting, posting.places, uses)
    unpriced, parts, not_taken = charges.settle_parts(
        posting, used.transfers, on_hand, used.own_issues, used.lent
    )
    if back:
        not_taken = _sent_in_vain(posting, back, GOES_BACK)
    else:
        not_taken += _sent_in_vain(posting, (one.use for one in used.own_issues), WERE_OURS)
        not_taken += _sent_in_vain(posting, (one.use for one in used.lent), STAY_THEIRS)
    reservations.pick(posting, used)
    because = missing(posting, posting.places, used.shortages)
    lacking = [
        Missing(short.use, short.missing, refusal)
        for short, refusal in zip(used.shortages, because, strict=True)
    ]
    return Posted(unpriced, lacking, parts, not_taken)


def _sent_in_vain(posting: OpenPosting, uses: Iterable[Use], because: str) -> list[NotTaken]:
    """The prices sent with uses for which nothing is charged, each once."""
    currency = posting.organization.currency
    sent = {use.number: use for use in uses if use.price is not None}
    return [NotTaken(use.number, sent_price(use, currency), because) for use in sent.values()]


def _notes(came: Posted, told: Sequence[Read]) -> list[str]:
    """What of the lines' prices was not taken, each line called by its reference."""
    if not came.not_taken:
        return []
    references: dict[int, str] = {line.use.number: line.reference for line in told}
    return [f"{references[one.use]}: {one}" for one in came.not_taken]


def _wait(posting: OpenPosting, came: Posted) -> int:
    """Let what is missing and what has no price wait; answers how many exceptions that makes."""
    waiting = [*came.unpriced, *(as_waiting(one) for one in came.missing)]
    charges.queue(posting, waiting)
    return len(waiting)


def as_waiting(missing: Missing) -> Waiting:
    use, quantity, because = missing
    return Waiting(use.number, None, use.item, quantity, because)


def use_again(posting: OpenPosting, waiting: Sequence[OpenException]) -> tuple[list[int], int]:
    """Post what was missing, of lines that are all of one sort; answers the exceptions that could
    be taken up, at least in part, and how many were opened instead. What waits for something else
    now waits as a new one, which says it."""
    again = {
        w.use.number: w for w in waiting if w.use is not None
    }  # an open shortage is the only one of its consumption
    open_day = posting.organization.open_day
    came = post_uses(
        posting,
        [
            w.use._replace(
                quantity=w.missing,
                told=w.use.told or w.use.quantity,
                happened_on=open_day(w.use.happened_on),
            )
            for w in again.values()
            if w.use
        ],
    )
    late_components.pass_on(posting, came.parts)
    partly = [one for one in came.missing if one.quantity != one.use.quantity]
    whole = [one for one in came.missing if one.quantity == one.use.quantity]
    otherwise = [one for one in whole if one.because.code != again[one.use.number].reason]
    queued = [*came.unpriced, *map(as_waiting, partly)]
    charges.queue(posting, [*queued, *map(as_waiting, otherwise)])
    untouched = {one.use.number for one in whole}
    resolved = [w.number for number, w in again.items() if number not in untouched]
    charges.end(posting, [Ended(number, Ending.TAKEN_UP) for number in resolved])
    charges.end(
        posting, [Ended(again[one.use.number].number, Ending.WAITS_ANEW) for one in otherwise]
    )
    return resolved, len(queued)


def _void_what_waited(
    organization: OrganizationId, source: str, told: Sequence[Read], by: str, at: datetime
) -> int:
    """Voids that came before the use that they name are done now; answers how many wait less."""
    waited = void_records.waiting_for(
        organization, {(source, line.reference) for line in told if line.use.quantity > 0}
    )
    if not waited:
        return 0
    with postings.posting(
        organization, cause="resubmission", reference=source, recorded_at=at, recorded_by=by
    ) as posting:
        waiting = consumption_records.open_exceptions(organization, waited)
        resolved, opened = use_again(posting, waiting)
    return len(resolved) - opened


def use_goods(
    posting: OpenPosting,
    places: Sequence[Place],
    uses: Sequence[Use],
    tested: frozenset[ConsumptionNumber] = frozenset(),
) -> tuple[Used, OnHand]:
    """Load what lies on the shelves, use it, and answer what came of it; `tested` are the uses for
    products that have passed their test."""
    book, organization = posting.book, posting.organization
    items = {use.item for use in uses}
    outer = {place.zone: place.number for place in places if place.is_outer}
    goes_to = {outer[zone] for zone in GOES_TO.values() if zone}
    ledger.read_ways_out(book, items, ours=organization.party, outside=goes_to)
    lost_at = _lost_on_their_way(places, uses)
    on_hand = read_on_hand(
        book, items, ours=organization.party,
        places=[p._replace(is_nettable=True) if p.number in lost_at else p for p in places],
    )  # fmt: skip
    on_the_way = [holding for holding in on_hand.pickable if holding.place in lost_at]
    on_hand.pickable[:] = [h for h in on_hand.pickable if h.place not in lost_at]
    shelves = shelving.shelves(organization, on_hand.pickable, items)
    renewed = renewals.of_days_before(posting, on_hand, {(u.item, u.happened_on) for u in uses})
    counted = dict(taking_back.before_use(posting, on_hand, shelves, uses, renewed, tested))
    for use in uses if on_the_way else ():
        lost = [h for h in on_the_way if (h.item, h.place) == (use.item, use.place)]
        before = counted.get(use.number, CountedGoods((), frozenset()))
        counted[use.number] = before._replace(first=[*before.first, *lost])
    lying = chain(on_hand.pickable, *(goods.first for goods in counted.values()))
    used = trade.consume(
        book,
        shelves,
        uses,
        floor=Floor(organization.party, outer, _awaits(uses, lying, renewed), tested),
        reserved=reservations.read_open(organization.id, items),
        counted=counted,
        renewed=renewed,
    )
    renewals.take_back(posting, renewed, on_hand)
    return used, on_hand


def _lost_on_their_way(places: Sequence[Place], uses: Iterable[Use]) -> set[PlaceNumber]:
    """The places of goods on their way that uses name which say that they are lost: nothing else
    is used before it arrives."""
    on_the_way = {place.number for place in places if place.zone is Zone.IN_TRANSIT}
    return {use.place for use in uses if use.place in on_the_way and use.kind in IS_LOST}


def _awaits(
    uses: Sequence[Use], lying: Iterable[Holding], renewed: Renewals
) -> Mapping[str, frozenset[AgreementId]]:
    """What may not go into production yet; nothing is asked where nothing goes there."""
    if not any(use.kind in IN_PROCESS for use in uses):
        return {}
    held_under = {holding.agreement for holding in lying if holding.agreement}
    held_under |= renewed.agreements()
    return awaits(agreement_records.read_agreements(held_under).values())


BY_HAND = "by hand"
"""The source of voids that a person told at the desk."""


def void_use(
    *,
    organization: OrganizationId,
    source: str,
    reference: str,
    because: str,
    by: str,
    at: datetime,
    quantity: str = "",
) -> None:
    """Take back a use that never happened, or so much of it, in the item's own unit; all that was
    not voided before unless a quantity is said. Refuses more than can be taken back."""
    named = (required(source, "source", 40), required(reference, "reference"))
    used = void_records.uses_named(organization, [named]).get(named)
    if used is None:
        raise UnknownUse(*named)
    before = void_records.voids_of(organization, [named]).get(named, [])
    item = agreement_records.items_by_id([used.item])[used.item]
    left = used.quantity - voids.voided_by(organization, before)
    asked = parse_micros(quantity) if quantity.strip() else left
    line = Reported(
        f"{source} {reference} void {len(before) + 1}"[-120:], item.code, Micros(-asked),
        Moment(at.date()), voids=reference, voids_source=source,
        because=required(because, "because", 200),
    )  # fmt: skip
    record_consumption(
        organization=organization, lines=[line], source=BY_HAND, by=by, at=at
    ).or_raise()
