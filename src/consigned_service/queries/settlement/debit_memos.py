"""Debit memos and credit notes (checklist O53, O54): the lists, and one of each with its lines.

Both parties to them see them, and what caused each line. Who of the consignee decided is told to
the consignee's side only; to the consignor the consignee itself did.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.master_data.parties import NumberOfSeveral
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS, Quantity
from consigned.settlement.invoices import Standing
from consigned_service.queries.core.figures import Amount, Page, page
from consigned_service.queries.core.names import name_on
from consigned_service.queries.core.question import Filter, OfAdvice, OfConsignor, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.settlement.invoices import DECISIONS as INVOICE_DECISIONS
from consigned_service.queries.settlement.invoices import Decision
from consigned_service.records.sql.select import Listing, Where


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


LAST = (
    "LEFT JOIN credit_note_decision d ON d.credit_note_id = c.id AND d.id = (SELECT MAX(x.id) "
    "FROM credit_note_decision x WHERE x.credit_note_id = c.id)"
)
MEMOS = Listing(
    DebitMemoHead,
    {
        "number": "m.number",
        "made_on": "m.made_on",
        "consignor": "w.code",
        "consignor_name": name_on("party", "w", "m.made_on"),
        "consignee": "h.code",
        "consignee_name": name_on("party", "h", "m.made_on"),
        "agreement": "a.number",
        "advice": "ad.number",
        "invoice": "v.number",
        "settlement_method": "m.settlement_method",
        "amount": ("m.amount", "m.currency"),
        "tax_amount": ("m.tax_amount", "m.currency"),
        "state": "CASE WHEN d.standing = 'paid' THEN 'netted' WHEN d.standing = 'accepted' THEN "
        "'credited' WHEN d.standing IS NOT NULL THEN 'credit-' || d.standing WHEN "
        f"m.settlement_method = '{SettlementMethod.REPORT_ONLY}' THEN 'reported' ELSE 'open' END",
        "credit_note": "c.number",
        "credited": ("c.amount", "m.currency"),
        "payment": "p.number",
    },
    "debit_memo m JOIN agreement a ON a.id = m.agreement_id "
    "JOIN party w ON w.id = m.consignor_id JOIN party h ON h.id = m.consignee_id "
    "LEFT JOIN advice ad ON ad.id = m.advice_id LEFT JOIN invoice v ON v.id = m.invoice_id "
    "LEFT JOIN credit_note c ON c.debit_memo_id = m.id AND NOT EXISTS (SELECT 1 FROM "
    "credit_note_decision r WHERE r.credit_note_id = c.id AND r.standing = 'rejected') "
    f"{LAST} LEFT JOIN payment_credit pc ON pc.credit_note_id = c.id "
    "LEFT JOIN payment p ON p.id = pc.payment_id",
    order={"id": "m.id"},
)


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


ORDERED = (
    "LEFT JOIN layer l ON l.organization_id = d.organization_id AND l.number = d.layer "
    "LEFT JOIN order_line ol ON ol.id = l.order_line "
    "LEFT JOIN purchase_order co ON co.id = ol.order_id"
)
"""The order that the goods of a debit request d had come on."""
MEMO_LINES = Listing(
    DebitMemoLine,
    {
        "line": "ml.line",
        "invoice_line": "ml.advice_line",
        "item": "i.code",
        "item_name": "i.name",
        "quantity": ("ml.quantity", "i.unit"),
        "price": ("ml.price", "m.currency", "ml.per"),
        "amount": ("ml.amount", "m.currency"),
        "tax": "ml.tax",
        "tax_amount": ("ml.tax_amount", "m.currency"),
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
    f"{ORDERED}",
)


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


NOTES = Listing(
    CreditNoteHead,
    {
        "number": "c.number",
        "debit_memo": "m.number",
        "invoice": "v.number",
        "advice": "ad.number",
        "agreement": "a.number",
        "consignor": "w.code",
        "consignor_name": "w.name",
        "consignee": "h.code",
        "consignee_name": "h.name",
        "credited_on": "c.credited_on",
        "amount": ("c.amount", "c.currency"),
        "asked": ("m.amount + m.tax_amount", "m.currency"),
        "is_self_billed": "c.is_self_billed",
        "standing": "d.standing",
        "because": "d.because",
        "differences": "COALESCE(held.because, '')",
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
    order={"id": "c.id"},
)


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


NOTE_LINES = Listing(
    CreditNoteLine,
    {
        "line": "cl.line",
        "item": "cl.item",
        "quantity": ("cl.quantity", "COALESCE(ci.unit, i.unit, '')"),
        "price": (
            "cl.price",
            "c.currency",
            f"COALESCE(CASE WHEN cl.per > 0 THEN cl.per ELSE ml.per END, {MICROS})",
        ),
        "amount": ("cl.amount", "c.currency"),
        "tax_amount": ("cl.tax_amount", "c.currency"),
        "invoice_line": "ml.advice_line",
        "order": "co.number",
        "order_line": "ol.line",
        "asked_item": "i.code",
        "asked_quantity": ("ml.quantity", "COALESCE(i.unit, ci.unit, '')"),
        "asked_price": ("ml.price", "m.currency", "ml.per"),
        "asked_amount": ("ml.amount", "m.currency"),
    },
    "credit_note_line cl JOIN credit_note c ON c.id = cl.credit_note_id "
    "JOIN debit_memo m ON m.id = c.debit_memo_id LEFT JOIN item ci ON ci.code = cl.item "
    "LEFT JOIN debit_memo_line ml ON ml.debit_memo_id = m.id AND ml.line = cl.line "
    "LEFT JOIN item i ON i.id = ml.item_id "
    "LEFT JOIN debit_request d ON d.organization_id = ml.organization_id AND d.number = ml.request "
    f"{ORDERED}",
)


DECISIONS = Listing(
    Decision,
    INVOICE_DECISIONS.columns,
    "credit_note_decision d",
    order=INVOICE_DECISIONS.order,
)


class DebitMemo(NamedTuple):
    head: DebitMemoHead
    lines: list[DebitMemoLine]


class CreditNote(NamedTuple):
    head: CreditNoteHead
    lines: list[CreditNoteLine]
    decisions: list[Decision]


def debit_memos(
    viewer: Viewer,
    *,
    consignor: OfConsignor = None,
    advice: OfAdvice = None,
    invoice: Annotated[str | None, Filter("only for this invoice", "NUMBER")] = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[DebitMemoHead]:
    """The debit memos between the viewer and its partners, the last made first."""
    where = _seen(viewer, "m").equals(w__code=consignor, ad__number=advice, v__number=invoice)
    return page(MEMOS, where, order=(*order, "-made_on", "-id"), limit=limit, offset=offset)


DEBIT_MEMO_LIST = Question(
    "debit-memos",
    "List debit memos: what each asks back, of whom, and what was credited.",
    debit_memos, "debit memo",
    (
        ("Debit memo", "number"), "made_on", "consignor", "agreement", "invoice", "amount", "state",
        "credit_note", "credited", "payment",
    ),
    lead="Listed",
)  # fmt: skip


def debit_memo(viewer: Viewer, number: str) -> DebitMemo | None:
    """One debit memo with its lines; None where the viewer is no party to it."""
    found = MEMOS.read_beside(("m.id",), _seen(viewer, "m").equals(m__number=number), limit=1)
    if not found:
        return None
    head, (id,) = found[0]
    lines = MEMO_LINES.read(Where().also("ml.debit_memo_id = %s", id), order=("line",))
    return DebitMemo(head, lines)


def credit_notes(
    viewer: Viewer,
    *,
    consignor: OfConsignor = None,
    debit_memo: Annotated[str | None, Filter("only for this debit memo", "NUMBER")] = None,
    standing: Annotated[Standing | None, Filter("only in this state", called="state")] = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[CreditNoteHead]:
    """The credit notes between the viewer and its partners, the last received first."""
    where = _seen(viewer, "c").equals(w__code=consignor, m__number=debit_memo, d__standing=standing)
    return page(NOTES, where, order=(*order, "-credited_on", "-id"), limit=limit, offset=offset)


CREDIT_NOTE_LIST = Question(
    "credit-notes",
    "List credit notes: where each stands, and how it differs from its debit memo.",
    credit_notes, "credit note",
    (
        "consignor", ("Credit note", "number"), "debit_memo", "invoice", "credited_on", "amount",
        "asked", ("State", "standing"), "payment",
        ("Differences", lambda row: "; ".join(row.differences)),
    ),
    lead="Listed",
)  # fmt: skip


def credit_note(
    viewer: Viewer, number: str, *, consignor: str, year: int | None = None
) -> CreditNote | None:
    """One credit note of a consignor; None where the viewer is no party to it. Refuses a number
    that the consignor gave in several years, where it is not said which is meant."""
    where = _seen(viewer, "c").equals(c__number=number, w__code=consignor, c__year=year)
    found = NOTES.read_beside(("c.id", "c.consignee_id"), where, order=("credited_on", "-id"))
    if not found:
        return None
    if len(found) > 1:
        years = tuple(f"{consignor} in {head.credited_on.year}" for head, _ in found)
        raise NumberOfSeveral("credit note", number, years)
    head, (id, consignee) = found[0]
    lines = NOTE_LINES.read(Where().also("cl.credit_note_id = %s", id), order=("line",))
    decisions = DECISIONS.read(Where().also("d.credit_note_id = %s", id), order=("id",))
    if consignee != viewer.party_id:
        decisions = [one._replace(decided_by=head.consignee_name) for one in decisions]
    return CreditNote(head, lines, decisions)


def _seen(viewer: Viewer, table: str) -> Where:
    party = viewer.party_id
    return Where().also(f"{table}.consignor_id = %s OR {table}.consignee_id = %s", party, party)
