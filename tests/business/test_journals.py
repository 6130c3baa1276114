from collections import Counter
from datetime import date

import pytest

from consigned.accounting.journals import (
    COST_OF,
    MEMO_ACCOUNTS,
    Account,
    Parties,
    advice_rounded,
    balances,
    consigned_received,
    goods_bought,
    goods_left_consignment,
    invoice_accepted,
    invoice_paid,
    journal,
    own_goods_used,
    title_charged,
)
from consigned.inventory.title_transfers import UseKind
from tests.business.store import ACME, US

BOTH = Parties(US, ACME, 21)
ON = date(2026, 3, 6)
A = Account


def said(entries) -> list[tuple[int, str, str, int]]:
    return [(e.book, e.debit, e.credit, e.amount) for e in entries]


BOOKED = [  # what happens                                          book  debit  credit
    (consigned_received(BOTH, 700, "USD", ON), [
        (US, A.MEMO_CONSIGNED_GOODS, A.MEMO_CONSIGNORS, 700),
        (ACME, A.GOODS_ON_CONSIGNMENT, A.FINISHED_GOODS, 700),
    ]),
    (title_charged(BOTH, "sale", 900, "USD", ON), [
        (US, A.COST_OF_GOODS_SOLD, A.CONSIGNED_PAYABLES_ACCRUAL, 900),
        (ACME, A.CONSIGNED_RECEIVABLES_ACCRUAL, A.REVENUE, 900),
    ]),
    (goods_left_consignment(BOTH, 700, "USD", ON), [
        (US, A.MEMO_CONSIGNORS, A.MEMO_CONSIGNED_GOODS, 700),
        (ACME, A.COST_OF_CONSIGNED_SALES, A.GOODS_ON_CONSIGNMENT, 700),
    ]),
    (advice_rounded(BOTH, 1, "USD", ON), [
        (US, A.ROUNDING, A.CONSIGNED_PAYABLES_ACCRUAL, 1),
        (ACME, A.CONSIGNED_RECEIVABLES_ACCRUAL, A.ROUNDING, 1),
    ]),
    (advice_rounded(BOTH, -1, "USD", ON), [
        (US, A.CONSIGNED_PAYABLES_ACCRUAL, A.ROUNDING, 1),
        (ACME, A.ROUNDING, A.CONSIGNED_RECEIVABLES_ACCRUAL, 1),
    ]),
    (advice_rounded(BOTH, 0, "USD", ON), []),
    (invoice_accepted(BOTH, 901, "USD", ON), [
        (US, A.CONSIGNED_PAYABLES_ACCRUAL, A.ACCOUNTS_PAYABLE, 901),
        (ACME, A.ACCOUNTS_RECEIVABLE, A.CONSIGNED_RECEIVABLES_ACCRUAL, 901),
    ]),
    (invoice_paid(BOTH, 901, "USD", ON), [
        (US, A.ACCOUNTS_PAYABLE, A.CASH, 901),
        (ACME, A.CASH, A.ACCOUNTS_RECEIVABLE, 901),
    ]),
    (goods_bought(US, 500, "USD", ON), [(US, A.INVENTORY, A.GOODS_RECEIVED_ACCRUAL, 500)]),
    (own_goods_used(US, "sale", 500, "USD", ON), [(US, A.COST_OF_GOODS_SOLD, A.INVENTORY, 500)]),
    (own_goods_used(US, "sale", -500, "USD", ON), [(US, A.INVENTORY, A.COST_OF_GOODS_SOLD, 500)]),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "expected"), BOOKED)
def test_every_event_is_booked_by_its_rule(entries, expected: list):
    assert said(entries) == expected


COSTS = [  # used for                   debit
    (UseKind.SALE,                      A.COST_OF_GOODS_SOLD),
    (UseKind.ISSUE,                     A.COST_OF_GOODS_SOLD),
    (UseKind.EXPRESS_ISSUE,             A.COST_OF_GOODS_SOLD),
    (UseKind.ADJUSTMENT,                A.INVENTORY_ADJUSTMENT),
    (UseKind.PRODUCTION,                A.WORK_IN_PROGRESS),
    (UseKind.WORK_ORDER,                A.WORK_ORDER),
    (UseKind.TRANSFER_TO_OWNED,         A.INVENTORY),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "debit"), COSTS)
def test_what_goods_are_used_for_decides_the_account(kind: UseKind, debit: Account):
    first, _ = title_charged(BOTH, kind, 900, "USD", ON)
    assert (first.debit, first.credit) == (debit, A.CONSIGNED_PAYABLES_ACCRUAL)
    assert set(COST_OF) == set(UseKind)


def test_a_consigned_receipt_touches_no_account_of_the_holders_balance_sheet():
    ours = [e for e in consigned_received(BOTH, 700, "USD", ON) if e.book == US]
    assert {account for e in ours for account in (e.debit, e.credit)} == MEMO_ACCOUNTS


def whole_story():
    yield from consigned_received(BOTH, 700, "USD", ON)
    yield from title_charged(BOTH, "sale", 900, "USD", ON)
    yield from goods_left_consignment(BOTH, 700, "USD", ON)
    yield from advice_rounded(BOTH, 1, "USD", ON)
    yield from invoice_accepted(BOTH, 901, "USD", ON)
    yield from invoice_paid(BOTH, 901, "USD", ON)


def test_paid_in_full_nothing_is_left_but_cost_revenue_and_cash():
    left = {key: amount for key, amount in balances(whole_story()).items() if amount}
    assert left == {
        (US, "USD", A.COST_OF_GOODS_SOLD): 900,
        (US, "USD", A.ROUNDING): 1,
        (US, "USD", A.CASH): -901,
        (ACME, "USD", A.FINISHED_GOODS): -700,
        (ACME, "USD", A.COST_OF_CONSIGNED_SALES): 700,
        (ACME, "USD", A.REVENUE): -900,
        (ACME, "USD", A.ROUNDING): -1,
        (ACME, "USD", A.CASH): 901,
    }


def test_each_book_balances_in_each_currency_at_every_moment():
    entries = [*whole_story(), *title_charged(BOTH, "sale", 55, "JPY", ON)]
    for upto in range(len(entries) + 1):
        sums = Counter()
        for (book, currency, _), amount in balances(entries[:upto]).items():
            sums[book, currency] += amount
        assert not any(sums.values())


def test_the_two_books_mirror_each_other():
    """What we owe is what the consignor is owed; its revenue is our cost."""
    for upto in range(2, 13, 2):
        told = balances(list(whole_story())[:upto])
        mirrors = {
            A.CONSIGNED_PAYABLES_ACCRUAL: A.CONSIGNED_RECEIVABLES_ACCRUAL,
            A.ACCOUNTS_PAYABLE: A.ACCOUNTS_RECEIVABLE,
            A.CASH: A.CASH,
        }
        for ours, theirs in mirrors.items():
            assert told.get((US, "USD", ours), 0) == -told.get((ACME, "USD", theirs), 0)


def test_amounts_are_positive_and_nothing_books_nothing():
    assert said(journal(US, A.CASH, A.REVENUE, -5, "USD", ON)) == [(US, A.REVENUE, A.CASH, 5)]
    assert said(journal(US, A.CASH, A.REVENUE, 0, "USD", ON)) == []
