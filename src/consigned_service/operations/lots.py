"""Recalls: every piece of a lot is held at once, wherever it stands in all of a party's
organizations, or released again (checklist X09).

Each organization's part is a posting of its own, all of them in one transaction.
"""

from datetime import datetime
from typing import NamedTuple

from consigned.measure.identity import PartyId
from consigned.measure.quantity import Micros, Quantity
from consigned.title.entry import EntryKind
from consigned.trade import quality as trade
from consigned.trade.quality import Change
from consigned_service.operations.lines import required, text
from consigned_service.operations.quality import change_condition
from consigned_service.records import agreements as agreement_records
from consigned_service.records import ledger
from consigned_service.records import lots as lot_records
from consigned_service.records.told import keep_told


class Changed(NamedTuple):
    """How much of an item was held or released in one organization."""

    organization: str
    item: str
    quantity: Quantity


def hold_lot(
    *, party: PartyId, lot: str, because: str, by: str, at: datetime, item: str = ""
) -> list[Changed]:
    """Hold every piece of a lot in all organizations of a party; what is on hold already stays
    so. The reason is kept with each posting."""
    return _change(party, lot, item, EntryKind.HELD, because, by, at)


def release_lot(
    *, party: PartyId, lot: str, because: str, by: str, at: datetime, item: str = ""
) -> list[Changed]:
    """Release every piece of a lot that is on hold; title that waited for quality passes."""
    return _change(party, lot, item, EntryKind.RELEASED, because, by, at)


def _change(
    party: PartyId, lot: str, item: str, kind: EntryKind, because: str, by: str, at: datetime
) -> list[Changed]:
    lot = required(lot, "lot", 60)
    reason = text(because, "because")
    organizations = agreement_records.organizations_of(party)
    changed = []
    with ledger.writing(organizations) as ledgers:
        lying = lot_records.lying_in(organizations, lot, item.strip(), trade.FROM[kind])
        for organization, items in lying.items():
            posting = ledger.open_posting(
                ledgers[organization], cause="recall", reference=reason, recorded_at=at,
                recorded_by=by,
            )  # fmt: skip
            today = posting.recorded_on
            posting.organization.check_day(today, today=today)
            changes = [
                Change(posting.number, nth, one, None, today, lot=lot)
                for nth, one in enumerate(items, start=1)
            ]
            change_condition(posting, posting.places, changes, kind)
            if reason:
                keep_told(posting, [(change.line, reason) for change in changes])
            about = agreement_records.items_by_id(items)
            for change in changes:
                moved = sum(
                    entry.quantity
                    for entry in posting.book.entries
                    if entry.kind == kind and entry.line == change.line
                )
                quantity = Quantity(Micros(moved), about[change.item].unit)
                changed.append(
                    Changed(posting.organization.code, about[change.item].code, quantity)
                )
            ledger.close_posting(posting)
    return changed
