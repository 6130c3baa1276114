"""What went back, and what is to be credited for it, for both parties.

The supplier sees what came back to it, as goods or as title; what a customer brought back as the
holder's own, and who that customer was, is the holder's business alone.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.returns.lines import Direction
from consigned.settlement.debit_memos import DebitState
from consigned_service.queries.core.figures import Amount, Page
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql.select import Listing, Where


class GoodsReturnRow(NamedTuple):
    """Goods of one layer that went back, or their title alone."""

    organization_id: int
    organization: str
    organization_name: str
    holder_id: int
    holder_name: str
    number: int
    reference: str
    direction: str
    happened_on: date
    item: str
    item_name: str
    unit: str
    quantity: int
    supplier: str
    supplier_name: str
    is_owned: bool
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
    reopens_order: bool
    customer: str | None


LAYER = (
    "JOIN layer l ON l.organization_id = {row}.organization_id AND l.number = {row}.layer "
    "JOIN organization o ON o.id = {row}.organization_id "
    "JOIN party h ON h.id = o.party_id "
    "JOIN party w ON w.id = l.supplier_id "
    "JOIN item i ON i.id = l.item_id "
    "LEFT JOIN goods_receipt r ON r.organization_id = l.organization_id AND r.number = l.receipt "
    "LEFT JOIN order_line ol ON ol.id = l.order_line "
    "LEFT JOIN consigned_order co ON co.id = ol.order_id "
    "LEFT JOIN agreement a ON a.id = l.agreement"
)
RETURNS = Listing(
    GoodsReturnRow,
    {
        "organization_id": "o.id",
        "organization": "o.code",
        "organization_name": "o.name",
        "holder_id": "o.party_id",
        "holder_name": "h.name",
        "number": "g.number",
        "reference": "g.reference",
        "direction": "g.direction",
        "happened_on": "g.happened_on",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "quantity": "g.quantity",
        "supplier": "w.code",
        "supplier_name": "w.name",
        "is_owned": "g.is_owned",
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
        "reopens_order": "g.reopens_order",
        "customer": "g.customer",
    },
    "goods_return g " + LAYER.format(row="g"),
)


class Asked(NamedTuple):
    """Which returns are asked for; None asks nothing."""

    party: int
    organization: str | None = None
    item: str | None = None
    direction: str | None = None


def _read(
    asked: Asked, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[GoodsReturnRow]:
    """What went back of a party's goods, or in its organizations, the newest first. What customers
    brought back as the holder's own is no business of the supplier's."""
    newest = ("-happened_on", "-organization_id", "-number")
    return RETURNS.read(_returned(asked), order=(*order, *newest), limit=limit, offset=offset)


def _count(asked: Asked) -> int:
    return RETURNS.count(_returned(asked))


def _returned(asked: Asked) -> Where:
    where = Where().also(
        "o.party_id = %s OR (l.supplier_id = %s AND (g.direction <> 'from-customer' "
        "OR NOT g.is_owned))",
        asked.party,
        asked.party,
    )
    return where.equals(
        o__code=asked.organization, i__code=asked.item, g__direction=asked.direction
    )


class DebitRequestRow(NamedTuple):
    """What a consignor is to credit, and on which advice, and invoice if any, it was charged."""

    organization: str
    organization_name: str
    holder_id: int
    holder_name: str
    number: int
    happened_on: date
    reference: str | None
    agreement: str
    consignor: str
    consignor_name: str
    advice: str | None
    advice_line: int | None
    invoice: str | None
    state: str
    waits_for: str | None
    debit_memo: str | None
    credit_note: str | None
    item: str
    item_name: str
    unit: str
    quantity: int
    layer: int | None
    price: int
    per: int
    currency: str
    amount: int
    because: str


DEBIT_REQUESTS = Listing(
    DebitRequestRow,
    {
        "organization": "o.code",
        "organization_name": "o.name",
        "holder_id": "o.party_id",
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
        "unit": "i.unit",
        "quantity": "d.quantity",
        "layer": "d.layer",
        "price": "d.price",
        "per": "d.per",
        "currency": "d.currency",
        "amount": "d.amount",
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
    "LEFT JOIN memo_credit mc ON mc.debit_memo_id = m.id "
    "LEFT JOIN credit_note c ON c.id = mc.credit_note_id",
)
WAITS = (
    "(ad.id IS NOT NULL AND s.id IS NULL "
    f"AND ad.settlement_method <> '{SettlementMethod.REPORT_ONLY}')"
)
"""No accepted invoice settles the advice yet, and one is to."""


class AskedDebits(NamedTuple):
    """Which debit requests are asked for; None asks nothing."""

    party: int
    organization: str | None = None
    agreement: str | None = None


def _read_debit_requests(
    asked: AskedDebits, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[DebitRequestRow]:
    """The debit requests of a party, on either side, in the order in which they arose."""
    order = (*order, "happened_on", "organization", "number")
    return DEBIT_REQUESTS.read(
        _requested(asked), order=order, limit=limit, offset=offset, pieces={"waits": WAITS}
    )


def _count_debit_requests(asked: AskedDebits) -> int:
    return DEBIT_REQUESTS.count(_requested(asked), pieces={"waits": WAITS})


def _requested(asked: AskedDebits) -> Where:
    where = Where().also("o.party_id = %s OR a.consignor_id = %s", asked.party, asked.party)
    return where.equals(o__code=asked.organization, a__number=asked.agreement)


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


def returns(
    viewer: Viewer,
    *,
    organization: str | None = None,
    item: str | None = None,
    direction: Direction | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[GoodsReturn]:
    """What went back of the viewer's goods, or in its organizations, the newest first."""
    asked = Asked(viewer.party_id, organization, item, direction and direction.value)
    rows = _read(asked, order=order, limit=limit, offset=offset)
    return Page([_return(viewer, row) for row in rows], _count(asked))


def debit_requests(
    viewer: Viewer,
    *,
    organization: str | None = None,
    agreement: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[DebitRequest]:
    """What the viewer is to be credited, or is to credit, for goods that went back."""
    asked = AskedDebits(viewer.party_id, organization, agreement)
    rows = _read_debit_requests(asked, order=order, limit=limit, offset=offset)
    return Page([_request(row) for row in rows], _count_debit_requests(asked))


def _return(viewer: Viewer, row: GoodsReturnRow) -> GoodsReturn:
    is_holders_side = row.holder_id == viewer.party_id
    return GoodsReturn(
        organization=row.organization,
        organization_name=row.organization_name,
        holder_name=row.holder_name,
        number=row.number,
        reference=row.reference,
        direction=Direction(row.direction),
        happened_on=row.happened_on,
        item=row.item,
        item_name=row.item_name,
        quantity=Quantity(Micros(row.quantity), row.unit),
        supplier=row.supplier,
        supplier_name=row.supplier_name,
        was_ours=row.is_owned,
        layer=row.layer,
        received_on=row.received_on,
        lot=row.lot,
        serial=row.serial,
        receipt=row.receipt,
        receipt_line=row.receipt_line,
        order=row.order,
        order_line=row.order_line,
        agreement=row.agreement,
        because=row.because,
        to_be_replaced=row.reopens_order,
        customer=row.customer if is_holders_side else None,
    )


def _request(row: DebitRequestRow) -> DebitRequest:
    return DebitRequest(
        organization=row.organization,
        organization_name=row.organization_name,
        holder_name=row.holder_name,
        number=row.number,
        happened_on=row.happened_on,
        reference=row.reference,
        agreement=row.agreement,
        consignor=row.consignor,
        consignor_name=row.consignor_name,
        advice=row.advice,
        advice_line=row.advice_line,
        invoice=row.invoice,
        state=DebitState(row.state),
        waits_for=row.waits_for,
        debit_memo=row.debit_memo,
        credit_note=row.credit_note,
        item=row.item,
        item_name=row.item_name,
        quantity=Quantity(Micros(row.quantity), row.unit),
        layer=row.layer,
        price=Price(row.price, row.currency, row.per),
        amount=Amount(row.amount, row.currency),
        because=row.because,
    )
