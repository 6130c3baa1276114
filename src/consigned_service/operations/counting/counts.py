"""Counts: what was counted by either party is read, held against the book, and kept.

A difference is a fact first and settled second (see `differences`): at once where its reason is
told with the count, or where the agreement takes what is missing as sold; otherwise when somebody
says why.

Refuses: NegativeCount, WhoCounted, SeveralOnSheet, CountAlreadyRecorded, UnknownItem, UnknownParty,
UnknownPlace, NotYet; OneOwnerNeeded, NeverHad, CountOvertaken, ReasonDoesNotFit (from
trade.counts).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, NamedTuple

from consigned.counting.counts import Scope
from consigned.counting.losses import Bearer, Reason
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.parties import UnknownParty, UnknownPlace, check_has_come
from consigned.measure.identity import OrganizationId
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.title.position import Place
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.ledger.count_settlement import Desk
from consigned_service.records.counting import counts as count_records
from consigned_service.records.counting.counts import Counting
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


@dataclass(eq=False)
class NegativeCount(Refusal):
    item: str
    said: str
    code: ClassVar[str] = "negative-count"

    def __str__(self) -> str:
        return f"{self.said} of {self.item} cannot lie there"


@dataclass(eq=False)
class WhoCounted(Refusal):
    """The consignor counted, and it is not said whose goods."""

    count: str
    item: str
    code: ClassVar[str] = "who-counted"
    remedy: ClassVar[str] = "Name the consignor."

    def __str__(self) -> str:
        return f"a consignor counted {self.item} for {self.count}, and it is not said which"


@dataclass(eq=False)
class SeveralOnSheet(Refusal):
    count: str
    item: str
    times: int
    code: ClassVar[str] = "several-on-sheet"
    remedy: ClassVar[str] = "Name the lot or serial as the sheet does."

    def __str__(self) -> str:
        return f"{self.times} lines of sheet {self.count} ask for {self.item}"


@dataclass(eq=False)
class CountAlreadyRecorded(Refusal):
    """The same count of the same thing, told with another figure."""

    count: str
    item: str
    unit: str
    stands: int
    said: int
    recount: int
    code: ClassVar[str] = "count-already-recorded"
    remedy: ClassVar[str] = "Where it was counted again, say so with that recount."

    def __str__(self) -> str:
        unit = self.unit
        return (
            f"{self.count} stands with {show_micros(self.stands)} {unit} of {self.item}, not "
            f"{show_micros(self.said)} {unit}; the next recount is {self.recount}"
        )


class CountLine(NamedTuple):
    """A line of a count."""

    count_number: Annotated[
        str,
        fields.Text("number of the count sheet, or a name of its own for a count without one", 60),
    ]
    item: Annotated[str, fields.ITEM]
    counted: Annotated[Micros, fields.QUANTITY, "how much lies there, as 3 or 0.125"]
    counted_on: Annotated[
        Moment, fields.HAPPENED_ON, "day of the count, of which the evening is meant, as 2026-03-31"
    ]
    consignor: Annotated[
        str,
        fields.CONSIGNOR,
        "code of the party whose goods were counted; empty: as the sheet says, "
        "otherwise all owners' together",
    ] = ""
    place: Annotated[
        str,
        fields.PLACE,
        "code of the place that was counted; empty: as the sheet says, otherwise all places",
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    unit: Annotated[str, fields.UNIT] = ""
    counted_by_party: Annotated[
        Bearer,
        fields.Choice(
            Bearer, "which side counted: consignee (if empty) or consignor", empty=Bearer.CONSIGNEE
        ),
    ] = Bearer.CONSIGNEE
    counted_by: Annotated[str, fields.Text("who counted, by name")] = ""
    recount: Annotated[
        int, fields.Whole("empty for the first count, 1 for the first recount, and so on", 0, 99)
    ] = 0
    reason: Annotated[
        Reason | None, fields.Choice(Reason, "why there is less or more, where it is known")
    ] = None


class Read(NamedTuple):
    """A line of a count as it was understood."""

    nth: int
    item: Item
    line: Counting


def record_counts(
    *, organization: OrganizationId, lines: Sequence[CountLine], by: str, at: datetime
) -> Result:
    """Hold counts against the book, many lines at once, each against what it said on the evening
    of the count.

    Differences are kept, and settled at once where the reason is told or the agreement takes
    what is missing as sold; the others wait until somebody says why. A line told again changes
    nothing; a recount says that it is one.
    """
    outcome = Result()
    with postings.posting(organization, cause="count", recorded_at=at, recorded_by=by) as posting:
        places = ledger.read_places(organization)
        read, before = _read_lines(posting, places, lines, outcome)
        if read:
            since = min(one.line.counted_on for one in read)
            desk = Desk.opened(posting, places, [one.item for one in read], since)
            desk.look_back_to(since)
            for one in read:
                try:
                    _count(desk, one.line, before)
                    outcome.new += 1
                except Refusal as refusal:
                    outcome.refuse(one.nth, refusal)
            outcome.waiting = desk.settle()
    return outcome


def _count(desk: Desk, line: Counting, before: list[Counting]) -> None:
    """Hold one line against the book, keep what differs, and settle what can be settled now."""
    compared = desk.compare(line)
    is_disputed = _differs_from_other_side(line, before)
    plans = [desk.plan_at_once(line, each, is_disputed=is_disputed) for each in compared]
    desk.replace(line)
    number = desk.keep_count(line)
    for each, plan in zip(compared, plans, strict=True):
        difference = desk.keep_difference(number, line, each)
        if plan:
            desk.settle_as(difference, plan)
        elif each.difference:
            desk.leave_open(difference, number, line, each)
    before.append(line)


def _differs_from_other_side(line: Counting, before: Iterable[Counting]) -> bool:
    """Whether the other party's last count of the same thing says something else."""
    theirs = [
        one.counted
        for one in before
        if (one.reference, one.scope) == (line.reference, line.scope) and one.side != line.side
    ]
    return bool(theirs) and theirs[-1] != line.counted


# --- reading lines -----------------------------------------------------------------------


def _read_lines(
    posting: OpenPosting, places: Sequence[Place], lines: Sequence[CountLine], outcome: Result
) -> tuple[list[Read], list[Counting]]:
    """Understand the lines and pass over those told before; answers the new ones and all that
    was told before of their counts."""
    reader = _Reader(posting, places, lines)
    before = count_records.counted_before(
        posting.organization.id, {line.count_number for line in lines}
    )
    standing = {_key(line): line for line in before}
    read: list[Read] = []
    for nth, line in enumerate(lines):
        try:
            item, said = reader.read(line)
            stands = standing.setdefault(_key(said), said)
            if stands is said:
                read.append(Read(nth, item, said))
            elif _content(stands) == _content(said):
                outcome.repeat(nth)
            else:
                raise CountAlreadyRecorded(
                    said.reference, item.code, item.unit, stands.counted, said.counted,
                    said.recount + 1,
                )  # fmt: skip
        except Refusal as refusal:
            outcome.refuse(nth, refusal)
    return read, before


def _key(line: Counting) -> tuple[object, ...]:
    """What makes a line of a count the same line: told again, it says the same."""
    return line.reference, line.recount, line.side, line.scope


def _content(line: Counting) -> tuple[object, ...]:
    return line.counted, line.counted_on, line.reason


class _Reader:
    """Reads lines of counts against the master data and the sheets that they name."""

    def __init__(
        self, posting: OpenPosting, places: Sequence[Place], lines: Sequence[CountLine]
    ) -> None:
        self.posting = posting
        self.items = agreement_records.items_by_code({line.item for line in lines})
        self.places = {place.code: place.number for place in places if not place.is_outer}
        self.parties = agreement_records.party_ids({line.consignor for line in lines})
        self.sheets = count_records.scopes_on_sheets(
            posting.organization.id, {line.count_number for line in lines}
        )

    def read(self, line: CountLine) -> tuple[Item, Counting]:
        count = line.count_number
        item = self.items.get(line.item)
        if item is None:
            raise UnknownItem(line.item)
        unit = line.unit
        counted = item.quantity(line.counted, unit, serial=line.serial)
        if counted < 0:
            raise NegativeCount(item.code, show_micros(counted))
        counted_on = self.posting.organization.day_here(line.counted_on)
        check_has_come(counted_on, today=self.posting.recorded_on)
        scope = self._scope(count, item, line)
        if line.counted_by_party is Bearer.CONSIGNOR and scope.owner is None:
            raise WhoCounted(count, item.code)
        return item, Counting(
            number=0,
            reference=count,
            recount=line.recount,
            side=str(line.counted_by_party),
            counted_by=line.counted_by or None,
            scope=scope,
            counted=counted,
            said=f"{show_micros(line.counted)} {unit}" if unit not in ("", item.unit) else None,
            counted_on=counted_on,
            reason=line.reason and str(line.reason),
        )

    def _scope(self, count: str, item: Item, line: CountLine) -> Scope:
        """What the line counts; on a sheet, what the sheet asks for."""
        owner = place = None
        if line.consignor:
            owner = self.parties.get(line.consignor)
            if owner is None:
                raise UnknownParty(line.consignor)
        if line.place:
            place = self.places.get(line.place)
            if place is None:
                raise UnknownPlace(line.place, self.posting.organization.code)
        lot, serial = line.lot or None, line.serial or None
        said = Scope(item.id, owner, place, lot, serial)
        asked = self.sheets.get(count)
        if asked is None:
            return said
        fitting = [scope for scope in asked if said.covers(scope)]
        if len(fitting) > 1:
            raise SeveralOnSheet(count, item.code, len(fitting))
        if fitting:
            return fitting[0]
        return said._replace(owner=owner or asked[0].owner, place=place or asked[0].place)
