"""Differences between a count and the book: compared, kept, and settled as it is said why.

What is missing is used, as far as the consignee bears it, and lost under its owner's name as far
as the consignor does; what is too much is found again, as whose it was lost. It is posted on the
day of the count, or today where the books of that day are closed.

Refuses: what trade.counts refuses; SettledOtherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, NamedTuple

from consigned.counting import counts as trade
from consigned.counting.losses import Reason
from consigned.measure.identity import OrganizationId
from consigned.measure.quantity import Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.ledger.count_settlement import Desk
from consigned_service.records.counting import counts as count_records
from consigned_service.records.counting.counts import OpenDifference, SettledBefore
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.master_data import agreements as agreement_records


@dataclass(eq=False)
class SettledOtherwise(Refusal):
    difference: int
    item: str
    unit: str
    reason: str
    stands: int
    said: int
    code: ClassVar[str] = "settled-otherwise"
    remedy: ClassVar[str] = "What is left of it may have another reason."

    def __str__(self) -> str:
        return (
            f"of difference {self.difference} {show_micros(self.stands)} {self.unit} of "
            f"{self.item} are settled as {self.reason} already, not {show_micros(self.said)} "
            f"{self.unit}"
        )


class SettlingLine(NamedTuple):
    """Why goods of a counted difference are missing, or too many."""

    difference: Annotated[
        int, fields.Whole("number of the counted difference, as 12", 1, 99_999_999_999)
    ]
    reason: Annotated[Reason, fields.Choice(Reason, "why there is less or more")]
    quantity: Annotated[
        Micros | None,
        fields.QUANTITY,
        "how much of it, as 3 or 0.125; empty: all that is still open",
    ] = None
    unit: Annotated[str, fields.UNIT] = ""


def settle_differences(
    *, organization: OrganizationId, lines: Sequence[SettlingLine], by: str, at: datetime
) -> Result:
    """Say why counted goods differ, many differences at once, each wholly or in parts.

    Where both parties counted and differ, settling the difference of one count decides for it:
    the other count's is closed. Refuses more than differs, in the asker's numbers.
    """
    outcome = Result()
    with postings.posting(organization, cause="count", recorded_at=at, recorded_by=by) as posting:
        numbers = {line.difference for line in lines}
        found = count_records.differences_numbered(organization, numbers)
        settled = count_records.settled_before(organization, found)
        items = agreement_records.items_by_id({one.scope.item for one in found.values()})
        since = min((one.counted_on for one in found.values()), default=posting.recorded_on)
        desk = Desk.opened(posting, ledger.read_places(organization), items.values(), since)
        for nth, line in enumerate(lines):
            try:
                _settle(desk, nth, line, found, settled, outcome)
            except Refusal as refusal:
                outcome.refuse(nth, refusal)
        outcome.waiting = desk.settle()
    return outcome


def _settle(
    desk: Desk,
    nth: int,
    line: SettlingLine,
    found: dict[int, OpenDifference],
    settled: dict[tuple[int, str], SettledBefore],
    outcome: Result,
) -> None:
    one = found.get(line.difference)
    if one is None:
        raise trade.UnknownDifference(str(line.difference), desk.posting.organization.code)
    item, still_open = desk.items[one.scope.item], abs(one.still_open)
    reason, asked = line.reason, still_open
    if line.quantity is not None:
        asked = item.quantity(line.quantity, line.unit)
    before = settled.get((one.number, str(reason)), SettledBefore(0, 0))
    if before.told and (before.stands or not still_open):
        if line.quantity is not None and abs(before.told) != asked:
            raise SettledOtherwise(
                one.number, item.code, item.unit, reason, abs(before.told), asked
            )  # fmt: skip
        outcome.repeat(nth)
        return
    if not still_open:
        raise trade.DifferenceSettled(one.number, item.code)
    if not 0 < asked <= still_open:
        raise trade.MoreThanDiffers(one.number, item.code, item.unit, asked, still_open)
    quantity = asked if one.still_open > 0 else -asked
    desk.settle_as(one.number, desk.plan(one.scope, one.compared, reason, quantity, one.counted_on))
    for closed in desk.decide_for(one):
        if closed in found:
            found[closed] = found[closed]._replace(still_open=0)
    found[one.number] = one._replace(still_open=one.still_open - quantity)
    settled[one.number, str(reason)] = SettledBefore(before.told + quantity, quantity)
    outcome.new += 1
