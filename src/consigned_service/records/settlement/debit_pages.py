"""Debit memos and credit notes as people read them: what was asked back, what was credited."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned_service.records.master_data.changes import name_on
from consigned_service.records.sql.select import Listing, Where


class DebitMemo(NamedTuple):
    id: int
    number: str
    made_on: date
    consignor: str
    consignor_name: str
    consignee_id: int
    consignee: str
    consignee_name: str
    agreement: str
    advice: str | None
    invoice: str | None
    settlement_method: str
    currency: str
    amount: int
    tax_amount: int
    state: str
    credit_note: str | None
    credited: int | None
    payment: str | None


LAST = (
    "LEFT JOIN credit_note_decision d ON d.credit_note_id = c.id AND d.id = (SELECT MAX(x.id) "
    "FROM credit_note_decision x WHERE x.credit_note_id = c.id)"
)
MEMOS = Listing(
    DebitMemo,
    {
        "id": "m.id",
        "number": "m.number",
        "made_on": "m.made_on",
        "consignor": "w.code",
        "consignor_name": name_on("party", "w", "m.made_on"),
        "consignee_id": "m.consignee_id",
        "consignee": "h.code",
        "consignee_name": name_on("party", "h", "m.made_on"),
        "agreement": "a.number",
        "advice": "ad.number",
        "invoice": "v.number",
        "settlement_method": "m.settlement_method",
        "currency": "m.currency",
        "amount": "m.amount",
        "tax_amount": "m.tax_amount",
        "state": "CASE WHEN d.standing = 'paid' THEN 'netted' WHEN d.standing = 'accepted' THEN "
        "'credited' WHEN d.standing IS NOT NULL THEN 'credit-' || d.standing WHEN "
        f"m.settlement_method = '{SettlementMethod.REPORT_ONLY}' THEN 'reported' ELSE 'open' END",
        "credit_note": "c.number",
        "credited": "c.amount",
        "payment": "p.number",
    },
    "debit_memo m JOIN agreement a ON a.id = m.agreement_id "
    "JOIN party w ON w.id = m.consignor_id JOIN party h ON h.id = m.consignee_id "
    "LEFT JOIN advice ad ON ad.id = m.advice_id LEFT JOIN invoice v ON v.id = m.invoice_id "
    "LEFT JOIN credit_note c ON c.debit_memo_id = m.id AND NOT EXISTS (SELECT 1 FROM "
    "credit_note_decision r WHERE r.credit_note_id = c.id AND r.standing = 'rejected') "
    f"{LAST} LEFT JOIN payment_credit pc ON pc.credit_note_id = c.id "
    "LEFT JOIN payment p ON p.id = pc.payment_id",
)


class AskedMemos(NamedTuple):
    """Which debit memos are asked for; None asks nothing."""

    party: int
    number: str | None = None
    consignor: str | None = None
    advice: str | None = None
    invoice: str | None = None


def _memos(asked: AskedMemos) -> Where:
    where = Where().also("m.consignor_id = %s OR m.consignee_id = %s", asked.party, asked.party)
    return where.equals(
        m__number=asked.number,
        w__code=asked.consignor,
        ad__number=asked.advice,
        v__number=asked.invoice,
    )


def read_memos(
    asked: AskedMemos, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[DebitMemo]:
    """Debit memos to or from a party, the last made first."""
    order = (*order, "-made_on", "-id")
    return MEMOS.read(_memos(asked), order=order, limit=limit, offset=offset)


def count_memos(asked: AskedMemos) -> int:
    return MEMOS.count(_memos(asked))


class DebitMemoLine(NamedTuple):
    """A line of a memo: the invoice's line, the return that caused it, the order it came on."""

    line: int
    invoice_line: int | None
    item: str
    item_name: str
    unit: str
    quantity: int
    price: int
    per: int
    amount: int
    tax: str
    tax_amount: int
    currency: str
    organization: str
    request: int
    happened_on: date
    because: str
    goods_return: str | None
    order: str | None
    order_line: int | None


MEMO_LINES = Listing(
    DebitMemoLine,
    {
        "line": "ml.line",
        "invoice_line": "ml.advice_line",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "quantity": "ml.quantity",
        "price": "ml.price",
        "per": "ml.per",
        "amount": "ml.amount",
        "tax": "ml.tax",
        "tax_amount": "ml.tax_amount",
        "currency": "m.currency",
        "organization": "o.code",
        "request": "ml.request",
        "happened_on": "d.happened_on",
        "because": "d.because",
        "goods_return": "COALESCE(g.reference, u.reference)",
        "order": "co.number",
        "order_line": "ol.line",
    },
    "debit_memo_line ml JOIN debit_memo m ON m.id = ml.debit_memo_id "
    "JOIN organization o ON o.id = ml.organization_id JOIN item i ON i.id = ml.item_id "
    "JOIN debit_request d ON d.organization_id = ml.organization_id AND d.number = ml.request "
    "LEFT JOIN goods_return g ON g.organization_id = d.organization_id "
    "AND g.number = d.goods_return "
    "LEFT JOIN consumption u ON u.organization_id = d.organization_id "
    "AND u.number = d.consumption "
    "LEFT JOIN layer l ON l.organization_id = d.organization_id AND l.number = d.layer "
    "LEFT JOIN order_line ol ON ol.id = l.order_line "
    "LEFT JOIN consigned_order co ON co.id = ol.order_id",
)


def read_memo_lines(memo: int) -> list[DebitMemoLine]:
    """The lines of a debit memo; it was read for somebody who may see it."""
    return MEMO_LINES.read(Where().also("ml.debit_memo_id = %s", memo), order=("line",))


class CreditNote(NamedTuple):
    id: int
    number: str
    debit_memo: str
    debit_memo_id: int
    invoice: str | None
    advice: str | None
    agreement: str
    consignor: str
    consignor_name: str
    consignee_id: int
    consignee: str
    consignee_name: str
    credited_on: date
    currency: str
    amount: int
    asked_currency: str
    asked: int
    is_self_billed: bool
    standing: str
    because: str
    differences: str | None
    payment: str | None
    paid_on: date | None


NOTES = Listing(
    CreditNote,
    {
        "id": "c.id",
        "number": "c.number",
        "debit_memo": "m.number",
        "debit_memo_id": "m.id",
        "invoice": "v.number",
        "advice": "ad.number",
        "agreement": "a.number",
        "consignor": "w.code",
        "consignor_name": "w.name",
        "consignee_id": "c.consignee_id",
        "consignee": "h.code",
        "consignee_name": "h.name",
        "credited_on": "c.credited_on",
        "currency": "c.currency",
        "amount": "c.amount",
        "asked_currency": "m.currency",
        "asked": "m.amount + m.tax_amount",
        "is_self_billed": "c.is_self_billed",
        "standing": "d.standing",
        "because": "d.because",
        "differences": "held.because",
        "payment": "p.number",
        "paid_on": "p.paid_on",
    },
    "credit_note c JOIN debit_memo m ON m.id = c.debit_memo_id "
    "JOIN agreement a ON a.id = m.agreement_id "
    "JOIN party w ON w.id = c.consignor_id JOIN party h ON h.id = c.consignee_id "
    f"LEFT JOIN advice ad ON ad.id = m.advice_id LEFT JOIN invoice v ON v.id = m.invoice_id {LAST} "
    "LEFT JOIN credit_note_decision held ON held.credit_note_id = c.id AND held.standing = 'held' "
    "LEFT JOIN payment_credit pc ON pc.credit_note_id = c.id "
    "LEFT JOIN payment p ON p.id = pc.payment_id",
)


class AskedNotes(NamedTuple):
    """Which credit notes are asked for; None asks nothing."""

    party: int
    number: str | None = None
    consignor: str | None = None
    debit_memo: str | None = None
    standing: str | None = None
    year: int | None = None


def _notes(asked: AskedNotes) -> Where:
    where = Where().also("c.consignor_id = %s OR c.consignee_id = %s", asked.party, asked.party)
    return where.equals(
        c__number=asked.number,
        w__code=asked.consignor,
        m__number=asked.debit_memo,
        d__standing=asked.standing,
        c__year=asked.year,
    )


def read_notes(
    asked: AskedNotes, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[CreditNote]:
    """Credit notes to or from a party, the last received first."""
    order = (*order, "-credited_on", "-id")
    return NOTES.read(_notes(asked), order=order, limit=limit, offset=offset)


def count_notes(asked: AskedNotes) -> int:
    return NOTES.count(_notes(asked))


class CreditNoteLine(NamedTuple):
    """A line as credited, beside the line of the debit memo that it answers, if there is one."""

    line: int
    item: str
    unit: str | None
    quantity: int
    price: int
    per: int | None
    amount: int
    tax_amount: int
    currency: str
    invoice_line: int | None
    asked_item: str | None
    asked_unit: str | None
    asked_quantity: int | None
    asked_price: int | None
    asked_per: int | None
    asked_amount: int | None
    asked_currency: str


NOTE_LINES = Listing(
    CreditNoteLine,
    {
        "line": "cl.line",
        "item": "cl.item",
        "unit": "ci.unit",
        "quantity": "cl.quantity",
        "price": "cl.price",
        "per": "CASE WHEN cl.per > 0 THEN cl.per ELSE ml.per END",
        "amount": "cl.amount",
        "tax_amount": "cl.tax_amount",
        "currency": "c.currency",
        "invoice_line": "ml.advice_line",
        "asked_item": "i.code",
        "asked_unit": "i.unit",
        "asked_quantity": "ml.quantity",
        "asked_price": "ml.price",
        "asked_per": "ml.per",
        "asked_amount": "ml.amount",
        "asked_currency": "m.currency",
    },
    "credit_note_line cl JOIN credit_note c ON c.id = cl.credit_note_id "
    "JOIN debit_memo m ON m.id = c.debit_memo_id LEFT JOIN item ci ON ci.code = cl.item "
    "LEFT JOIN debit_memo_line ml ON ml.debit_memo_id = m.id AND ml.line = cl.line "
    "LEFT JOIN item i ON i.id = ml.item_id",
)


def read_note_lines(note: int) -> list[CreditNoteLine]:
    """The lines of a credit note; it was read for somebody who may see it."""
    return NOTE_LINES.read(Where().also("cl.credit_note_id = %s", note), order=("line",))


class Decision(NamedTuple):
    standing: str
    decided_on: date
    decided_by: str
    because: str
    evidence: str
    id: int


DECISIONS = Listing(
    Decision,
    {
        "standing": "d.standing",
        "decided_on": "d.decided_on",
        "decided_by": "d.decided_by",
        "because": "d.because",
        "evidence": "d.evidence",
        "id": "d.id",
    },
    "credit_note_decision d",
)


def read_decisions(note: int) -> list[Decision]:
    """What was decided about a credit note, in that order."""
    return DECISIONS.read(Where().also("d.credit_note_id = %s", note), order=("id",))
