"""Debit memos and credit notes (checklist O53, O54): the lists, and one of each with its lines.

Both parties to them see them, and what caused each line. Who of the consignee decided is told to
the consignee's side only; to the consignor the consignee itself did.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.master_data.parties import NumberOfSeveral
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS, Micros, Quantity
from consigned.settlement.invoices import Standing
from consigned_service.queries.core.figures import Amount, Page
from consigned_service.queries.core.names import name_on
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.settlement.invoices import Decision
from consigned_service.records.sql.select import Listing, Where


class DebitMemoRow(NamedTuple):
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
    DebitMemoRow,
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


def _read_memos(
    asked: AskedMemos, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[DebitMemoRow]:
    """Debit memos to or from a party, the last made first."""
    order = (*order, "-made_on", "-id")
    return MEMOS.read(_memos(asked), order=order, limit=limit, offset=offset)


def _count_memos(asked: AskedMemos) -> int:
    return MEMOS.count(_memos(asked))


class DebitMemoLineRow(NamedTuple):
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
    DebitMemoLineRow,
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


def _read_memo_lines(memo: int) -> list[DebitMemoLineRow]:
    """The lines of a debit memo; it was read for somebody who may see it."""
    return MEMO_LINES.read(Where().also("ml.debit_memo_id = %s", memo), order=("line",))


class CreditNoteRow(NamedTuple):
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
    CreditNoteRow,
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


def _read_notes(
    asked: AskedNotes, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[CreditNoteRow]:
    """Credit notes to or from a party, the last received first."""
    order = (*order, "-credited_on", "-id")
    return NOTES.read(_notes(asked), order=order, limit=limit, offset=offset)


def _count_notes(asked: AskedNotes) -> int:
    return NOTES.count(_notes(asked))


class CreditNoteLineRow(NamedTuple):
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
    CreditNoteLineRow,
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


def _read_note_lines(note: int) -> list[CreditNoteLineRow]:
    """The lines of a credit note; it was read for somebody who may see it."""
    return NOTE_LINES.read(Where().also("cl.credit_note_id = %s", note), order=("line",))


class DecisionRow(NamedTuple):
    standing: str
    decided_on: date
    decided_by: str
    because: str
    evidence: str
    id: int


DECISIONS = Listing(
    DecisionRow,
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


def _read_decisions(note: int) -> list[DecisionRow]:
    """What was decided about a credit note, in that order."""
    return DECISIONS.read(Where().also("d.credit_note_id = %s", note), order=("id",))


class DebitMemoHead(NamedTuple):
    number: str
    made_on: date
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    agreement: str
    advice: str | None
    invoice: str | None
    """The invoice that it asks back from; None where nothing here settles the advice."""
    settlement_method: str
    amount: Amount
    """Without tax."""
    tax_amount: Amount
    state: str
    """open, credited and netted; credit-held, credit-disputed or credit-staged; or reported."""
    credit_note: str | None
    credited: Amount | None
    """With tax."""
    payment: str | None


class DebitMemoLine(NamedTuple):
    line: int
    invoice_line: int | None
    item: str
    item_name: str
    quantity: Quantity
    price: Price
    amount: Amount
    tax: str
    tax_amount: Amount
    organization: str
    request: int
    happened_on: date
    because: str
    goods_return: str | None
    """The reference of the return that caused it."""
    order: str | None
    order_line: int | None
    """The line of the consigned order that the goods had come on."""


class DebitMemo(NamedTuple):
    head: DebitMemoHead
    lines: list[DebitMemoLine]


class CreditNoteHead(NamedTuple):
    number: str
    debit_memo: str
    invoice: str | None
    advice: str | None
    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    credited_on: date
    amount: Amount
    asked: Amount
    """What its debit memo comes to; both are with tax."""
    is_self_billed: bool
    standing: Standing
    """`paid` once a payment nets it."""
    because: str
    """Why it stands so, where it was said."""
    differences: list[str]
    """Where it differed from its debit memo when it came, in both parties' figures."""
    payment: str | None
    paid_on: date | None


class CreditNoteLine(NamedTuple):
    """A line as credited, the line of the memo that it answers, and the order line that its goods
    had come on; None where there is none."""

    line: int
    item: str
    quantity: Quantity
    price: Price
    amount: Amount
    tax_amount: Amount
    invoice_line: int | None
    order: str | None
    order_line: int | None
    asked_item: str | None
    asked_quantity: Quantity | None
    asked_price: Price | None
    asked_amount: Amount | None


class CreditNote(NamedTuple):
    head: CreditNoteHead
    lines: list[CreditNoteLine]
    decisions: list[Decision]


def debit_memos(
    viewer: Viewer,
    *,
    consignor: str | None = None,
    advice: str | None = None,
    invoice: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[DebitMemoHead]:
    """The debit memos between the viewer and its partners, the last made first."""
    asked = AskedMemos(viewer.party_id, None, consignor, advice, invoice)
    rows = _read_memos(asked, order=order, limit=limit, offset=offset)
    return Page([_memo(row) for row in rows], _count_memos(asked))


def debit_memo(viewer: Viewer, number: str) -> DebitMemo | None:
    """One debit memo with its lines; None where the viewer is no party to it."""
    found = _read_memos(AskedMemos(viewer.party_id, number), limit=1)
    if not found:
        return None
    return DebitMemo(_memo(found[0]), [_memo_line(line) for line in _read_memo_lines(found[0].id)])


def credit_notes(
    viewer: Viewer,
    *,
    consignor: str | None = None,
    debit_memo: str | None = None,
    standing: Standing | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[CreditNoteHead]:
    """The credit notes between the viewer and its partners, the last received first."""
    asked = AskedNotes(viewer.party_id, None, consignor, debit_memo, standing)
    rows = _read_notes(asked, order=order, limit=limit, offset=offset)
    return Page([_note(row) for row in rows], _count_notes(asked))


def credit_note(
    viewer: Viewer, number: str, *, consignor: str, year: int | None = None
) -> CreditNote | None:
    """One credit note of a consignor; None where the viewer is no party to it. Refuses a number
    that the consignor gave in several years, where it is not said which is meant."""
    asked = AskedNotes(viewer.party_id, number, consignor, year=year)
    rows = _read_notes(asked, order=["credited_on"])
    if not rows:
        return None
    if len(rows) > 1:
        years = tuple(f"{consignor} in {row.credited_on.year}" for row in rows)
        raise NumberOfSeveral("credit note", number, years)
    (row,) = rows
    is_ours = row.consignee_id == viewer.party_id
    asked_lines = {
        one.line: (one.order, one.order_line) for one in _read_memo_lines(row.debit_memo_id)
    }
    return CreditNote(
        _note(row),
        [
            _note_line(line, *asked_lines.get(line.line, (None, None)))
            for line in _read_note_lines(row.id)
        ],
        [
            Decision(
                Standing(one.standing), one.decided_on,
                one.decided_by if is_ours else row.consignee_name, one.because, one.evidence,
            )
            for one in _read_decisions(row.id)
        ],
    )  # fmt: skip


def _memo(row: DebitMemoRow) -> DebitMemoHead:
    return DebitMemoHead(
        row.number, row.made_on, row.consignor, row.consignor_name, row.consignee,
        row.consignee_name, row.agreement, row.advice, row.invoice, row.settlement_method,
        Amount(row.amount, row.currency), Amount(row.tax_amount, row.currency), row.state,
        row.credit_note,
        None if row.credited is None else Amount(row.credited, row.currency), row.payment,
    )  # fmt: skip


def _memo_line(row: DebitMemoLineRow) -> DebitMemoLine:
    return DebitMemoLine(
        row.line, row.invoice_line, row.item, row.item_name,
        Quantity(Micros(row.quantity), row.unit), Price(row.price, row.currency, row.per),
        Amount(row.amount, row.currency), row.tax, Amount(row.tax_amount, row.currency),
        row.organization, row.request, row.happened_on,
        row.because, row.goods_return, row.order, row.order_line,
    )  # fmt: skip


def _note(row: CreditNoteRow) -> CreditNoteHead:
    return CreditNoteHead(
        row.number, row.debit_memo, row.invoice, row.advice, row.agreement, row.consignor,
        row.consignor_name, row.consignee, row.consignee_name, row.credited_on,
        Amount(row.amount, row.currency), Amount(row.asked, row.asked_currency),
        row.is_self_billed, Standing(row.standing), row.because,
        (row.differences or "").splitlines(), row.payment, row.paid_on,
    )  # fmt: skip


def _note_line(row: CreditNoteLineRow, order: str | None, order_line: int | None) -> CreditNoteLine:
    unit = row.asked_unit or row.unit or ""
    return CreditNoteLine(
        line=row.line,
        item=row.item,
        quantity=Quantity(Micros(row.quantity), row.unit or unit),
        price=Price(row.price, row.currency, row.per or MICROS),
        amount=Amount(row.amount, row.currency),
        tax_amount=Amount(row.tax_amount, row.currency),
        invoice_line=row.invoice_line,
        order=order,
        order_line=order_line,
        asked_item=row.asked_item,
        asked_quantity=(
            None if row.asked_quantity is None else Quantity(Micros(row.asked_quantity), unit)
        ),
        asked_price=(
            None if row.asked_price is None
            else Price(row.asked_price, row.asked_currency, row.asked_per or MICROS)
        ),
        asked_amount=(
            None if row.asked_amount is None else Amount(row.asked_amount, row.asked_currency)
        ),
    )  # fmt: skip
