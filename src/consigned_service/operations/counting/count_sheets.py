"""Count plans: the sheets that are due by the agreements' methods and frequencies (checklist E20).

A sheet lists what lies of one agreement at one place, with what the book says of it; a blind one
does not show that to its counter.

Refuses: NotYet (from parties), UnknownSheet.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from consigned.counting import counts as trade
from consigned.master_data.agreements import Agreement
from consigned.master_data.parties import check_has_come
from consigned.measure.identity import AgreementId, ItemId, OrganizationId, PartyId, PlaceNumber
from consigned.measure.refusal import Refusal
from consigned_service.records.counting import counts as count_records
from consigned_service.records.counting.counts import ItemHeld
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


@dataclass(eq=False)
class UnknownSheet(Refusal):
    said: str
    code: ClassVar[str] = "unknown-sheet"
    remedy: ClassVar[str] = "The sheets there are, consigned counts lists."

    def __str__(self) -> str:
        return f"no count sheet has the number {self.said!r}"


class Planned(NamedTuple):
    """The sheets that were drawn up, and how many lines they hold."""

    sheets: tuple[str, ...]
    lines: int


def plan_counts(*, organization: OrganizationId, on: date, by: str, at: datetime) -> Planned:
    """Draw up the count sheets that are due by a day: one for each agreement and place.

    What is due follows from the agreements' methods and frequencies; run again on the same day
    it draws up nothing more.
    """
    with ledger.posting(
        organization, cause="count-plan", recorded_at=at, recorded_by=by
    ) as posting:
        due = _due(posting, on)
        held = count_records.held_under(organization, due, posting.organization.party)
        turns = _turns(organization, due, held)
        sheets: dict[tuple[AgreementId, PartyId, PlaceNumber], list[ItemHeld]] = defaultdict(list)
        for goods in held:
            if goods.item in turns[goods.agreement]:
                sheets[goods.agreement, goods.owner, goods.place].append(goods)
        return _draw_up(posting, due, sheets, on)


def _due(posting: OpenPosting, on: date) -> dict[AgreementId, Agreement]:
    check_has_come(on, today=posting.recorded_on)
    counted = count_records.agreements_counted(posting.organization.party)
    drawn = count_records.last_drawn(posting.organization.id)
    agreements = {id: one.on(on) for id, one in agreement_records.read_agreements(counted).items()}
    return {id: agreements[id] for id in counted if trade.is_due(agreements[id], drawn.get(id), on)}


def _turns(
    organization: OrganizationId,
    due: Mapping[AgreementId, Agreement],
    held: Sequence[ItemHeld],
) -> dict[AgreementId, set[ItemId]]:
    """Whose turn it is: the items to be counted now under each agreement."""
    last = count_records.last_on_sheet(organization)
    codes: dict[AgreementId, dict[ItemId, str]] = defaultdict(dict)
    for goods in held:
        codes[goods.agreement][goods.item] = goods.code
    return {
        id: set(
            trade.items_by_turn(
                agreement,
                [(item, code, last.get((id, item))) for item, code in codes[id].items()],
            )
        )
        for id, agreement in due.items()
    }


def _draw_up(
    posting: OpenPosting,
    due: Mapping[AgreementId, Agreement],
    sheets: Mapping[tuple[AgreementId, PartyId, PlaceNumber], Sequence[ItemHeld]],
    on: date,
) -> Planned:
    organization, opened = posting.organization, posting.number
    first = posting.take_numbers("sheet", len(sheets))
    line_number = posting.take_numbers("sheet_line", sum(map(len, sheets.values())))
    references = []
    for number, ((agreement, owner, place), goods) in enumerate(sheets.items(), start=first):
        reference = f"{organization.code}-C{number:06d}"
        references.append(reference)
        posting.add(
            "count_sheet",
            [(organization.id, number, opened, reference, agreement, owner, place,
              str(due[agreement].count_method), on.isoformat())],
        )  # fmt: skip
        posting.add(
            "count_sheet_line",
            [
                (organization.id, line_number + nth, opened, number, nth + 1, one.item, one.lot,
                 one.serial, one.quantity)
                for nth, one in enumerate(goods)
            ],
        )  # fmt: skip
        line_number += len(goods)
    return Planned(tuple(references), sum(map(len, sheets.values())))
