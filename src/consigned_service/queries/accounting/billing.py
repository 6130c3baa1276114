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
from consigned_service.records.accounting import account_pages
from consigned_service.records.accounting.account_pages import Answer
from consigned_service.records.settlement import debit_memos as debits


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
        for advice, made_on in account_pages.read_made(viewer.party_id, first, last, methods)
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
        for memo in debits.read_awaiting(PartyId(viewer.party_id))
    ]


def answers(viewer: Viewer) -> list[Answer]:
    """Every invoice that a consignor sent the viewer, with what was decided about it."""
    return account_pages.read_answers(viewer.party_id)
