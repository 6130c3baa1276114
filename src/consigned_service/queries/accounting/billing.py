"""What consignors are to bill, and how their invoices answered: advices and the invoices on them.

The viewer is the consignee that made the advices.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.identity import PartyId
from consigned.settlement.invoices import Billed
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.settlement import advices as settlement
from consigned_service.records.settlement.advices import SavedAdvice
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.settlement.debit_memos import NOTE_STANDS, SavedMemo, read_memos
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import rows

# --- advices and what answered them ------------------------------------------------------------


def _read_made(
    party: int, first: date, last: date, methods: Sequence[str]
) -> list[tuple[SavedAdvice, date]]:
    """The advices that a consignee made from one day to another, with the day of each."""

    class Made(NamedTuple):
        number: str
        made_on: date

    marks = ", ".join(["%s"] * len(methods))
    made = rows(
        Made,
        "SELECT number, made_on FROM advice WHERE consignee_id = %s AND made_on BETWEEN %s AND %s "
        f"AND settlement_method IN ({marks}) AND {STANDS.format(advice='advice')} ORDER BY id",
        [party, first, last, *methods],
    )
    saved = settlement.read_advices(advice.number for advice in made) if made else {}
    return [(saved[advice.number], advice.made_on) for advice in made]


class Answer(NamedTuple):
    """An invoice that was kept: the advice it answers, whether it was ever held and for which
    differences, and where it stands."""

    advice: str
    number: str
    currency: str
    amount: int
    was_held: bool
    was_accepted: bool
    is_paid: bool
    differs: str
    standing: str


def _read_answers(party: int) -> list[Answer]:
    """Every invoice of a supplier's own to a consignee."""
    decided = (
        "CASE WHEN EXISTS (SELECT 1 FROM invoice_decision d WHERE d.invoice_id = i.id "
        "AND d.standing = '{}') THEN 1 ELSE 0 END"
    )
    return rows(
        Answer,
        f"SELECT a.number, i.number, i.currency, i.amount, {decided.format('held')}, "
        f"{decided.format('accepted')}, {decided.format('paid')}, "
        "COALESCE((SELECT d.because FROM invoice_decision d WHERE d.invoice_id = i.id "
        "AND d.standing = 'held'), ''), "
        "(SELECT d.standing FROM invoice_decision d WHERE d.invoice_id = i.id "
        "ORDER BY d.id DESC LIMIT 1) "
        "FROM invoice i JOIN advice a ON a.id = i.advice_id "
        "WHERE i.consignee_id = %s AND NOT i.is_self_billed ORDER BY i.id",
        [party],
    )


def _read_awaiting(consignee: PartyId) -> list[SavedMemo]:
    """The debit memos of a consignee that its consignors are to credit and have not, in order."""
    numbers = [
        number
        for (number,) in bulk.fetch(
            "SELECT m.number FROM debit_memo m WHERE m.consignee_id = %s "
            "AND m.settlement_method = %s AND NOT EXISTS (SELECT 1 FROM credit_note c "
            f"WHERE c.debit_memo_id = m.id AND {NOTE_STANDS}) ORDER BY m.id",
            [consignee, SettlementMethod.SUPPLIER_INVOICE],
        )
    ]
    found = read_memos(numbers) if numbers else {}
    return [found[number] for number in numbers]


class ToBill(NamedTuple):
    """An advice with its lines as an invoice has to answer them."""

    number: str
    consignor: PartyId
    settlement_method: str
    made_on: date
    currency: str
    lines: tuple[Billed, ...]


def advices_made(
    viewer: Viewer, first: date, last: date, methods: Sequence[SettlementMethod]
) -> list[ToBill]:
    """The advices that the viewer made from one day to another, under some settlement methods."""
    return [
        ToBill(
            advice.number, advice.consignor, advice.settlement_method, made_on,
            advice.currency, advice.lines,
        )
        for advice, made_on in _read_made(viewer.party_id, first, last, methods)
    ]  # fmt: skip


class ToCredit(NamedTuple):
    """A debit memo with its lines as a credit note has to answer them."""

    number: str
    consignor: PartyId
    currency: str
    lines: tuple[Billed, ...]


def memos_to_credit(viewer: Viewer) -> list[ToCredit]:
    """The viewer's debit memos that a consignor's credit note is awaited for."""
    return [
        ToCredit(memo.number, memo.consignor, memo.currency, tuple(memo.lines))
        for memo in _read_awaiting(PartyId(viewer.party_id))
    ]


def answers(viewer: Viewer) -> list[Answer]:
    """Every invoice that a consignor sent the viewer, with what was decided about it."""
    return _read_answers(viewer.party_id)
