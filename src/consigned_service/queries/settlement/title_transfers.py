"""Where each transfer of title stands on its way to an advice (checklist P58).

to be advised  →  advised
waiting for a price or an agreement: every run tries it again, and it is to be advised then
never: it went back before an advice could tell it, and nothing is owed for it

Beside it, whether it is vouchered here: T to be, V by an accepted invoice, E not while it waits, N
never, where nothing is owed for it or where it is settled elsewhere (`report-only`).
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.quantity import Micros, Quantity
from consigned.settlement.vouchers import Vouchered
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.settlement import settling_pages
from consigned_service.records.settlement.settling_pages import Asked, Settling


class SettlingState(StrEnum):
    TO_BE_ADVISED = "to-be-advised"
    ADVISED = "advised"
    WAITING = "waiting"
    NEVER = "never"


class SettlingTransfer(NamedTuple):
    """A transfer of title and its state; what went back to its owner counts below zero."""

    organization: str
    entry: int
    happened_on: date
    item: str
    item_name: str
    quantity: Quantity
    owner: str
    owner_name: str
    agreement: str | None
    state: SettlingState
    vouchered: Vouchered
    exception: int | None
    reason: str | None
    sentence: str | None
    """What it waits for, and what can be done."""
    advice: str | None
    advice_line: int | None


def transfers_to_settle(
    viewer: Viewer,
    *,
    organization: str | None = None,
    agreement: str | None = None,
    state: SettlingState | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[SettlingTransfer]:
    """The transfers of title between the viewer and its partners with where each stands, the last
    first."""
    asked = Asked(viewer.party_id, organization, agreement, state)
    order = ("-organization", "-entry")
    return [
        SettlingTransfer(
            organization=row.organization,
            entry=row.entry,
            happened_on=row.happened_on,
            item=row.item,
            item_name=row.item_name,
            quantity=Quantity(Micros(row.quantity), row.unit),
            owner=row.owner,
            owner_name=row.owner_name,
            agreement=row.agreement,
            state=SettlingState(row.state),
            vouchered=_vouchered(row),
            exception=row.exception,
            reason=row.reason,
            sentence=row.sentence,
            advice=row.advice,
            advice_line=row.advice_line,
        )
        for row in settling_pages.read(asked, order=order, limit=limit, offset=offset)
    ]


def _vouchered(row: Settling) -> Vouchered:
    is_elsewhere = row.settlement_method == SettlementMethod.REPORT_ONLY
    if is_elsewhere or row.state == SettlingState.NEVER:
        return Vouchered.NEVER
    if row.state == SettlingState.WAITING:
        return Vouchered.ERROR
    return Vouchered.DONE if row.is_settled else Vouchered.TO_BE
