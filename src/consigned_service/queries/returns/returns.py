"""What went back, and what is to be credited for it, for both parties.

The supplier sees what came back to it, as goods or as title; what a customer brought back as the
holder's own, and who that customer was, is the holder's business alone.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.returns.lines import Direction
from consigned.settlement.debit_memos import DebitState
from consigned_service.queries.core.figures import Amount, Page
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.returns import return_pages
from consigned_service.records.returns.return_pages import Asked, AskedDebits


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
    rows = return_pages.read(asked, order=order, limit=limit, offset=offset)
    return Page([_return(viewer, row) for row in rows], return_pages.count(asked))


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
    rows = return_pages.read_debit_requests(asked, order=order, limit=limit, offset=offset)
    return Page([_request(row) for row in rows], return_pages.count_debit_requests(asked))


def _return(viewer: Viewer, row: return_pages.GoodsReturn) -> GoodsReturn:
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


def _request(row: return_pages.DebitRequest) -> DebitRequest:
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
