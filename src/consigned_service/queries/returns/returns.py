"""What went back, and what is to be credited for it, for both parties.

The supplier sees what came back to it, as goods or as title; what a customer brought back as the
holder's own, and who that customer was, is the holder's business alone.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.money import Price
from consigned.measure.quantity import Quantity
from consigned.returns.lines import Direction
from consigned.settlement.debit_memos import DebitState
from consigned_service.queries.core.figures import Amount, Page, page
from consigned_service.queries.core.question import (
    Filter,
    OfAgreement,
    OfItem,
    OfOrganization,
    Question,
)
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql.select import Listing, Where


class GoodsReturn(NamedTuple):
    """Goods of one receipt line that went back, or their title alone."""

    organization: str
    organization_name: str
    holder_name: str
    number: int
    reference: str
    direction: Direction
    happened_on: date
    item: str
    item_name: str
    quantity: Quantity
    supplier: str
    supplier_name: str
    was_ours: bool
    """Whether the goods were the holder's as they went back, or are as they came back."""
    layer: int
    received_on: date
    lot: str | None
    serial: str | None
    receipt: str | None
    receipt_line: int | None
    order: str | None
    order_line: int | None
    agreement: str | None
    because: str
    to_be_replaced: bool
    customer: str | None
    """Who brought the goods back; None to the supplier."""


LAYER = (
    "JOIN layer l ON l.organization_id = {row}.organization_id AND l.number = {row}.layer "
    "JOIN organization o ON o.id = {row}.organization_id "
    "JOIN party h ON h.id = o.party_id "
    "JOIN party w ON w.id = l.supplier_id "
    "JOIN item i ON i.id = l.item_id "
    "LEFT JOIN goods_receipt r ON r.organization_id = l.organization_id AND r.number = l.receipt "
    "LEFT JOIN order_line ol ON ol.id = l.order_line "
    "LEFT JOIN purchase_order co ON co.id = ol.order_id "
    "LEFT JOIN agreement a ON a.id = l.agreement"
)
RETURNS = Listing(
    GoodsReturn,
    {
        "organization": "o.code",
        "organization_name": "o.name",
        "holder_name": "h.name",
        "number": "g.number",
        "reference": "g.reference",
        "direction": "g.direction",
        "happened_on": "g.happened_on",
        "item": "i.code",
        "item_name": "i.name",
        "quantity": ("g.quantity", "i.unit"),
        "supplier": "w.code",
        "supplier_name": "w.name",
        "was_ours": "g.is_owned",
        "layer": "g.layer",
        "received_on": "l.received_on",
        "lot": "l.lot",
        "serial": "l.serial",
        "receipt": "r.reference",
        "receipt_line": "l.receipt_line",
        "order": "co.number",
        "order_line": "ol.line",
        "agreement": "a.number",
        "because": "g.because",
        "to_be_replaced": "g.reopens_order",
        "customer": "CASE WHEN o.party_id = {party} THEN g.customer END",
    },
    "goods_return g " + LAYER.format(row="g"),
    order={"organization_id": "o.id"},
)


class DebitRequest(NamedTuple):
    """What a consignor is to credit: for goods that an advice had told and that went back, or for
    too much that it had billed."""

    organization: str
    organization_name: str
    holder_name: str
    number: int
    happened_on: date
    reference: str | None
    """The return that caused it; None where it was raised by hand."""
    agreement: str
    consignor: str
    consignor_name: str
    advice: str | None
    advice_line: int | None
    invoice: str | None
    """The invoice that settles the advice; None while there is none."""
    state: DebitState
    waits_for: str | None
    """The invoice that is to be decided first; empty where none has come; None if nothing."""
    debit_memo: str | None
    credit_note: str | None
    """The credit note that was accepted for it."""
    item: str
    item_name: str
    quantity: Quantity
    layer: int | None
    price: Price
    amount: Amount
    because: str


DEBIT_REQUESTS = Listing(
    DebitRequest,
    {
        "organization": "o.code",
        "organization_name": "o.name",
        "holder_name": "h.name",
        "number": "d.number",
        "happened_on": "d.happened_on",
        "reference": "g.reference",
        "agreement": "a.number",
        "consignor": "w.code",
        "consignor_name": "w.name",
        "advice": "ad.number",
        "advice_line": "al.line",
        "invoice": "v.number",
        "state": "CASE WHEN mc.id IS NOT NULL THEN 'credited' "
        "WHEN m.settlement_method = 'report-only' THEN 'reported' "
        "WHEN m.id IS NOT NULL THEN 'asked' WHEN {waits} THEN 'awaiting-invoice' "
        "ELSE 'to-be-asked' END",
        "waits_for": "CASE WHEN m.id IS NULL AND {waits} THEN COALESCE((SELECT MAX(o.number) "
        "FROM invoice o WHERE o.advice_id = ad.id AND NOT EXISTS (SELECT 1 FROM "
        "invoice_decision x WHERE x.invoice_id = o.id AND x.standing = 'rejected')), '') END",
        "debit_memo": "m.number",
        "credit_note": "c.number",
        "item": "i.code",
        "item_name": "i.name",
        "quantity": ("d.quantity", "i.unit"),
        "layer": "d.layer",
        "price": ("d.price", "d.currency", "d.per"),
        "amount": ("d.amount", "d.currency"),
        "because": "d.because",
    },
    "debit_request d "
    "LEFT JOIN goods_return g ON g.organization_id = d.organization_id "
    "AND g.number = d.goods_return "
    "JOIN organization o ON o.id = d.organization_id "
    "JOIN party h ON h.id = o.party_id "
    "JOIN agreement a ON a.id = d.agreement "
    "JOIN party w ON w.id = a.consignor_id "
    "JOIN item i ON i.id = d.item_id "
    "LEFT JOIN advice_line al ON al.id = d.advice_line "
    "LEFT JOIN advice ad ON ad.id = al.advice_id "
    "LEFT JOIN settlement s ON s.advice_id = ad.id "
    "LEFT JOIN invoice v ON v.id = s.invoice_id "
    "LEFT JOIN debit_memo_line ml ON ml.organization_id = d.organization_id "
    "AND ml.request = d.number LEFT JOIN debit_memo m ON m.id = ml.debit_memo_id "
    "LEFT JOIN credit_settlement mc ON mc.debit_memo_id = m.id "
    "LEFT JOIN credit_note c ON c.id = mc.credit_note_id",
)
WAITS = (
    "(ad.id IS NOT NULL AND s.id IS NULL "
    f"AND ad.settlement_method <> '{SettlementMethod.REPORT_ONLY}')"
)
"""No accepted invoice settles the advice yet, and one is to."""


def returns(
    viewer: Viewer,
    *,
    organization: OfOrganization = None,
    item: OfItem = None,
    direction: Annotated[Direction | None, Filter("only this way")] = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[GoodsReturn]:
    """What went back of the viewer's goods, or in its organizations, the newest first. What
    customers brought back as the holder's own is no business of the supplier's."""
    party = viewer.party_id
    where = Where().also(
        "o.party_id = %s OR (l.supplier_id = %s AND (g.direction <> 'from-customer' "
        "OR NOT g.is_owned))",
        party,
        party,
    )
    where.equals(o__code=organization, i__code=item, g__direction=direction and direction.value)
    order = (*order, "-happened_on", "-organization_id", "-number")
    pieces = {"party": str(int(party))}
    return page(RETURNS, where, order=order, limit=limit, offset=offset, pieces=pieces)


RETURN_LIST = Question(
    "returns",
    "Show what went back: goods to the supplier, title to the consignor, goods from customers.",
    returns, "return",
    (
        "organization", "happened_on", ("Way", "direction"), "item", "quantity", "supplier_name",
        "receipt", "lot", "order", "reference", "because",
    ),
)  # fmt: skip


def debit_requests(
    viewer: Viewer,
    *,
    organization: OfOrganization = None,
    agreement: OfAgreement = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[DebitRequest]:
    """What the viewer is to be credited, or is to credit, for goods that went back."""
    party = viewer.party_id
    where = Where().also("o.party_id = %s OR a.consignor_id = %s", party, party)
    where.equals(o__code=organization, a__number=agreement)
    order = (*order, "happened_on", "organization", "number")
    pieces = {"waits": WAITS}
    return page(DEBIT_REQUESTS, where, order=order, limit=limit, offset=offset, pieces=pieces)


DEBIT_REQUEST_LIST = Question(
    "debits",
    "Show what is to be credited for goods that an advice had told and that went back.",
    debit_requests, "debit request",
    (
        "organization", "number", "happened_on", "consignor_name", "agreement", "advice",
        ("Line", "advice_line"), "invoice",
        ("State", lambda row: " ".join(filter(None, (row.state, row.waits_for)))),
        "debit_memo", "credit_note", "item", "quantity", "price", "amount", "because",
    ),
    sums="amount",
)  # fmt: skip
