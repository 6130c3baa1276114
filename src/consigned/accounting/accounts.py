"""The chart of accounts: of which class each account is, and what a party calls it.

An account of ours stands for one of the party's own chart, by its number and name there. What a
work order names is the party's own already, and a cost. Value that is only told, and in no balance
sheet (checklist O42), is of a class of its own.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from consigned.accounting.journals import MEMO_ACCOUNTS, Account


class AccountClass(StrEnum):
    ASSETS = "assets"
    LIABILITIES = "liabilities"
    INCOME = "income"
    EXPENSES = "expenses"
    MEMO = "memo"


class OwnAccount(NamedTuple):
    """What a party calls an account in its own chart."""

    number: str
    name: str


OwnAccounts = Mapping[str, OwnAccount]
"""A party's own names by the product's."""

_ASSETS = {
    Account.INVENTORY,
    Account.WORK_IN_PROGRESS,
    Account.CONSIGNED_RECEIVABLES_ACCRUAL,
    Account.ACCOUNTS_RECEIVABLE,
    Account.GOODS_ON_CONSIGNMENT,
    Account.FINISHED_GOODS,
    Account.SUPPLIER_DEBITS,
    Account.COLLECTED_ELSEWHERE,
    Account.BILLED_ELSEWHERE,
    Account.RECOVERABLE_TAX,
    Account.BETWEEN_ORGANIZATIONS,
    Account.CASH,
}
_LIABILITIES = {
    Account.GOODS_RECEIVED_ACCRUAL,
    Account.CONSIGNED_PAYABLES_ACCRUAL,
    Account.ACCOUNTS_PAYABLE,
    Account.PURCHASES_PAYABLE,
    Account.CUSTOMER_CREDITS,
    Account.SETTLED_ELSEWHERE,
    Account.VOUCHERED_ELSEWHERE,
    Account.TAX_PAYABLE,
}
_INCOME = {Account.REVENUE}
_EXPENSES = {
    Account.COST_OF_GOODS_SOLD,
    Account.INVENTORY_ADJUSTMENT,
    Account.WORK_ORDER,
    Account.SAMPLES,
    Account.SCRAP,
    Account.COST_OF_CONSIGNED_SALES,
    Account.CONSIGNED_GOODS_LOST,
    Account.ROUNDING,
    Account.PRICE_DIFFERENCES,
    Account.COST_VARIANCE,
    Account.INVENTORY_REVALUATION,
    Account.TAX_COST,
}
CLASS_OF: Mapping[str, AccountClass] = {
    account: of
    for of, accounts in (
        (AccountClass.ASSETS, _ASSETS),
        (AccountClass.LIABILITIES, _LIABILITIES),
        (AccountClass.INCOME, _INCOME),
        (AccountClass.EXPENSES, _EXPENSES),
        (AccountClass.MEMO, MEMO_ACCOUNTS),
    )
    for account in accounts
}


def class_of(account: str) -> AccountClass:
    """The class of an account; one that a work order named is a cost."""
    return CLASS_OF.get(account, AccountClass.EXPENSES)


def own_name(account: str, chart: OwnAccounts) -> OwnAccount:
    """What the party calls an account; where it says nothing, as the product does."""
    own = chart.get(account)
    if own is None:
        return OwnAccount("", account)
    return OwnAccount(own.number, own.name or account)


# --- as a ledger program calls it ------------------------------------------------------------

ROOTS: Mapping[AccountClass, str] = {
    AccountClass.ASSETS: "Assets",
    AccountClass.LIABILITIES: "Liabilities",
    AccountClass.INCOME: "Income",
    AccountClass.EXPENSES: "Expenses",
    AccountClass.MEMO: "Equity:Memo",
}


def account_path(account: str, chart: OwnAccounts) -> str:
    """An account as ledger programs spell it: `Expenses:Cost-of-goods-sold`, `Assets:1400-Stores`.

    What no ledger program may read in a name becomes a dash.
    """
    number, name = own_name(account, chart)
    if not number and name.startswith("memo-"):
        name = name.removeprefix("memo-")
    said = _spelt(f"{number}-{name}" if number else name)
    first = said[:1].upper()
    if not (first.isupper() or first.isdecimal()):
        said, first = f"X-{said}", "X"
    return f"{ROOTS[class_of(account)]}:{first}{said[1:]}"


def _spelt(said: str) -> str:
    letters = (sign if sign.isalpha() or sign.isdecimal() else "-" for sign in said)
    return re.sub("-+", "-", "".join(letters)).strip("-")


def account_paths(accounts: set[str], chart: OwnAccounts) -> dict[str, str]:
    """The spelling of each account; two that would be spelt alike, and are not called alike by the
    party itself, are told apart."""
    paths: dict[str, str] = {}
    taken: dict[str, OwnAccount] = {}
    for account in sorted(accounts):
        own, path, more = own_name(account, chart), account_path(account, chart), 1
        spelt = path
        while taken.setdefault(spelt, own) != own:
            more += 1
            spelt = f"{path}-{more}"
        paths[account] = spelt
    return paths
