"""One consumption advice for programs (checklist O56): its head, its lines, and every
transfer of title that it tells; each party to an advice reads the same."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Router
from pydantic import Field, create_model

from consigned.settlement.invoices import UnknownAdvice
from consigned_service.interfaces.api.answers import (
    NOT_TOLD,
    Limit,
    Offset,
    plain,
    refusing,
    viewer_of,
)
from consigned_service.interfaces.api.questions import model_of, page_of
from consigned_service.queries.settlement import advices

router = Router(tags=["advices"])

Found = TypeVar("Found")

_VOUCHERS: Any = list[model_of(advices.VoucherOnAdvice)]  # type: ignore[misc]
_WHERE = "made in another system and recorded here, where the advice is settled there"
AdviceRead = create_model(
    "AdviceRead",
    __base__=model_of(advices.AdviceHead),
    vouchers=(_VOUCHERS, Field(description=_WHERE)),
)
AdviceLines = page_of(advices.AdviceLine, "lines")
AdviceTransactions = page_of(advices.AdviceTransaction, "transactions")


@router.get(
    "/advices/{number}",
    response={200: AdviceRead},
    summary="Read an advice's head",
    operation_id="read_advice",
)
@refusing(*NOT_TOLD)
def head(request: HttpRequest, number: str) -> Any:
    """What an advice keeps of itself; its lines and transactions are asked for by themselves."""
    found = _found(advices.advice, request, number, 1, 0)
    return plain(found.head) | {"vouchers": plain(found.vouchers)}


@router.get(
    "/advices/{number}/lines",
    response={200: AdviceLines},
    summary="Read an advice's lines",
    operation_id="read_advice_lines",
)
@refusing(*NOT_TOLD)
def lines(request: HttpRequest, number: str, limit: Limit = 100, offset: Offset = 0) -> Any:
    """The lines, in their order."""
    page = _found(advices.advice, request, number, limit, offset).lines
    return {"total": page.total, "lines": plain(page.rows)}


@router.get(
    "/advices/{number}/transactions",
    response={200: AdviceTransactions},
    summary="Read the transfers of title that an advice tells",
    operation_id="read_advice_transactions",
)
@refusing(*NOT_TOLD)
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
