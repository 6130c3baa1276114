"""Consumption advices for programs (checklist O56): the heads, one advice's lines, and every
transfer of title that it tells; each party to an advice reads the same."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from consigned.settlement.invoices import UnknownAdvice
from consigned_service.interfaces.api.answers import (
    NOT_TOLD,
    AmountTold,
    Code,
    Limit,
    Offset,
    PriceTold,
    QuantityTold,
    plain,
    viewer_of,
)
from consigned_service.queries.settlement import advices
from consigned_service.queries.settlement.advices import AdviceState

router = Router(tags=["advices"])

Found = TypeVar("Found")


class AdviceHead(BaseModel):
    number: str
    agreement: str
    consignor: str
    consignor_name: str
    consignor_site: str | None = Field(description="where the agreement names one")
    consignee: str = Field(description="the legal entity that owes")
    consignee_name: str
    bill_to: str = Field(description="the organization to bill, or the consignee")
    organization: str | None = Field(description="none where the advice covers all of them")
    item: str | None
    happened_on: date | None
    starts_on: date = Field(description="the first day of its cycle")
    closes_on: date = Field(description="the last day of its cycle")
    made_on: date
    summary_level: str
    settlement_method: str
    by_kind: bool = Field(description="whether each kind of use has lines of its own")
    shows_lots: bool = Field(description="whether lots and serials are told")
    amount: AmountTold = Field(description="without tax")
    tax_amount: AmountTold
    amount_with_tax: AmountTold
    state: AdviceState
    invoice: str | None
    payment: str | None
    cancelled_on: date | None = Field(description="where it was cancelled before its invoice came")
    cancelled_because: str | None


class VoucherTold(BaseModel):
    number: str = Field(description="in the system where it was made")
    vouchered_on: date
    amount: AmountTold = Field(description="what it settles of the advice, without tax")
    recorded_on: date
    recorded_by: str


class AdviceRead(AdviceHead):
    vouchers: list[VoucherTold] = Field(
        description="made in another system and recorded here, where the advice is settled there"
    )


class AdviceLine(BaseModel):
    line: int
    organization: str
    item: str
    item_name: str
    happened_on: date | None
    use_kind: str = Field(description="empty where the kinds are told together")
    kind: str = Field(description="consumption, or price-correction of what was told before")
    quantity: QuantityTold
    as_ordered: list[QuantityTold] = Field(description="in the units it was ordered in, if others")
    price: PriceTold = Field(description="without tax")
    price_with_tax: PriceTold
    tax: str = Field(description="the tax on top of it, as V19 19%; empty where it is not taxed")
    amount: AmountTold = Field(description="without tax")
    tax_amount: AmountTold
    amount_with_tax: AmountTold


class AdviceTransaction(BaseModel):
    line: int
    organization: str
    entry: int | None = Field(description="the transfer of title; none for a change of price")
    price_change: str | None
    item: str
    item_name: str
    kind: str = Field(description="what the goods were used for")
    happened_on: date
    consumed: QuantityTold = Field(description="below zero: what went back")
    consumed_as_ordered: QuantityTold
    price: PriceTold = Field(description="without tax")
    price_with_tax: PriceTold
    tax: str = Field(description="the tax on top of it; empty where it is not taxed")
    tax_amount: AmountTold = Field(description="its part of the line's tax")
    price_source: str
    amount: AmountTold = Field(description="its part of the line; the parts come to the line")
    billed: QuantityTold = Field(description="nothing until an accepted invoice settles it")
    billed_amount: AmountTold
    receipt: str | None
    receipt_line: int | None
    order: str | None
    order_line: int | None
    lot: str | None
    serial: str | None
    rate: str | None = Field(
        description="of exchange, from the agreement's currency to the organization's own"
    )
    rate_on: date | None = Field(description="the day from which the rate held")
    rate_kind: str | None
    own_amount: AmountTold | None = Field(description="in the organization's currency")
    internal_number: str | None = Field(
        description="of what waited as an exception: the consignee's own number of it, which the "
        "consignor is not told"
    )


class Advices(BaseModel):
    total: int
    advices: list[AdviceHead]


class AdviceLines(BaseModel):
    total: int
    lines: list[AdviceLine]


class AdviceTransactions(BaseModel):
    total: int
    transactions: list[AdviceTransaction]


@router.get(
    "/advices",
    response={200: Advices} | NOT_TOLD,
    summary="List consumption advices",
    operation_id="list_advices",
)
def listed(
    request: HttpRequest,
    consignor: Code = None,
    consignee: Code = None,
    agreement: Code = None,
    organization: Code = None,
    site: Code = None,
    state: AdviceState | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """The advices between the key's party and its partners, the last closed first."""
    page = advices.advices(
        viewer_of(request), consignor=consignor, consignee=consignee, agreement=agreement,
        organization=organization, site=site, state=state, limit=limit, offset=offset,
    )  # fmt: skip
    return {"total": page.total, "advices": plain(page.rows)}


@router.get(
    "/advices/{number}",
    response={200: AdviceRead} | NOT_TOLD,
    summary="Read an advice's head",
    operation_id="read_advice",
)
def head(request: HttpRequest, number: str) -> Any:
    """What an advice keeps of itself; its lines and transactions are asked for by themselves."""
    found = _found(advices.advice, request, number, 1, 0)
    return plain(found.head) | {"vouchers": plain(found.vouchers)}


@router.get(
    "/advices/{number}/lines",
    response={200: AdviceLines} | NOT_TOLD,
    summary="Read an advice's lines",
    operation_id="read_advice_lines",
)
def lines(request: HttpRequest, number: str, limit: Limit = 100, offset: Offset = 0) -> Any:
    """The lines, in their order."""
    page = _found(advices.advice, request, number, limit, offset).lines
    return {"total": page.total, "lines": plain(page.rows)}


@router.get(
    "/advices/{number}/transactions",
    response={200: AdviceTransactions} | NOT_TOLD,
    summary="Read the transfers of title that an advice tells",
    operation_id="read_advice_transactions",
)
def transactions(request: HttpRequest, number: str, limit: Limit = 100, offset: Offset = 0) -> Any:
    """Each transfer with what was consumed and billed, its order and its receipt."""
    page = _found(advices.advice_transactions, request, number, limit, offset)
    return {"total": page.total, "transactions": plain(page.rows)}


def _found(
    ask: Callable[..., Found | None], request: HttpRequest, number: str, limit: int, offset: int
) -> Found:
    """What a query says of an advice, or the refusal that there is none."""
    found = None
    if number.isprintable():
        found = ask(viewer_of(request), number, limit=limit, offset=offset)
    if found is None:
        raise UnknownAdvice(number)
    return found
