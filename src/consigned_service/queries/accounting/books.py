"""The books as their party reads them: trial balance, journals, and its account with a partner.

Each party reads its own books and no other's. Where it has a chart of accounts of its own, its
numbers and names stand beside the product's.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from consigned.accounting import ledger_export as ledger_texts
from consigned.accounting.accounts import AccountClass, class_of, own_name
from consigned.accounting.ledger_export import Booked, LedgerProgram
from consigned.master_data.exchange_rates import convert
from consigned_service.queries.core.figures import Amount, sum_amounts
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.accounting import book_pages
from consigned_service.records.accounting.book_pages import Asked, Document, Sum
from consigned_service.records.master_data import accounts as account_records
from consigned_service.records.master_data import party_pages

# --- trial balance -----------------------------------------------------------------------


class AccountBalance(NamedTuple):
    """One account of the viewer's books, in one currency, at the end of a day."""

    account: str
    number: str
    """In the viewer's own chart."""
    name: str
    of: AccountClass
    debited: Amount
    credited: Amount
    debit: Amount | None
    """What it was debited more than credited; None where it is in credit."""
    credit: Amount | None


class BalanceSum(NamedTuple):
    """All accounts of one currency: debits and credits are the same."""

    debit: Amount
    credit: Amount


class TrialBalance(NamedTuple):
    accounts: list[AccountBalance]
    sums: list[BalanceSum]


def trial_balance(
    viewer: Viewer,
    as_of: date | None = None,
    *,
    organization: str | None = None,
    in_own_currency: bool = False,
) -> TrialBalance:
    """The viewer's accounts at the end of a day, or now; of one organization, or of all. In the
    organization's own currency each journal stands at the rate of its day (checklist X12)."""
    asked = Asked(viewer.party_id, last=as_of, organization=organization)
    sums: Iterable[Sum] = book_pages.read_sums(asked)
    if in_own_currency:
        sums = (
            Sum(row.debit, row.credit, row.currency, row.amount)
            for row in map(_in_own_currency, book_pages.read_journals(asked, rated=True))
        )
    accounts = list(_balances(viewer, sums))
    order = list(AccountClass)
    accounts.sort(
        key=lambda one: (one.debited.currency, order.index(one.of), one.number, one.account)
    )
    debits = sum_amounts(one.debit or _nothing(one.debited) for one in accounts)
    credits = sum_amounts(one.credit or _nothing(one.credited) for one in accounts)
    both = [BalanceSum(*pair) for pair in zip(debits, credits, strict=True)]
    return TrialBalance(accounts, both)


def _in_own_currency(row: Booked) -> Booked:
    """A journal in the organization's currency; as it is, where no rate was known to it."""
    if not row.rate:
        return row
    amount = convert(row.amount, row.currency, row.rate, row.own_currency)
    return row._replace(amount=amount, currency=row.own_currency)


def _balances(viewer: Viewer, sums: Iterable[Sum]) -> Iterator[AccountBalance]:
    debited: dict[tuple[str, str], int] = {}
    credited: dict[tuple[str, str], int] = {}
    for row in sums:
        for account, side in ((row.debit, debited), (row.credit, credited)):
            key = (row.currency, account)
            side[key] = side.get(key, 0) + row.amount
    chart = account_records.chart_of(viewer.party_id)
    for currency, account in debited.keys() | credited.keys():
        own = own_name(account, chart)
        dr, cr = debited.get((currency, account), 0), credited.get((currency, account), 0)
        yield AccountBalance(
            account, own.number, own.name, class_of(account),
            Amount(dr, currency), Amount(cr, currency),
            Amount(dr - cr, currency) if dr > cr else None,
            Amount(cr - dr, currency) if cr > dr else None,
        )  # fmt: skip


def _nothing(amount: Amount) -> Amount:
    return Amount(0, amount.currency)


# --- journals ----------------------------------------------------------------------------


class JournalLine(NamedTuple):
    """One debit and one credit in the viewer's books, and what caused it."""

    organization: str
    journal: int
    posting: int
    happened_on: date
    recorded_on: date
    cause: str
    agreement: str | None
    partner: str | None
    debit: str
    debit_number: str
    debit_name: str
    credit: str
    credit_number: str
    credit_name: str
    amount: Amount


def journals(
    viewer: Viewer,
    first: date | None = None,
    last: date | None = None,
    *,
    organization: str | None = None,
    in_own_currency: bool = False,
) -> Iterator[JournalLine]:
    """The viewer's journals of some days, ledger by ledger in the order they were booked; in the
    organization's own currency each at the rate of its day."""
    chart = account_records.chart_of(viewer.party_id)
    asked = Asked(viewer.party_id, first, last, organization)
    found = book_pages.read_journals(asked, rated=in_own_currency)
    for row in map(_in_own_currency, found):
        debit, credit = own_name(row.debit, chart), own_name(row.credit, chart)
        yield JournalLine(
            row.organization, row.number, row.posting, row.happened_on, row.recorded_on,
            row.cause, row.agreement, row.partner,
            row.debit, debit.number, debit.name, row.credit, credit.number, credit.name,
            Amount(row.amount, row.currency),
        )  # fmt: skip


def ledger_text(
    viewer: Viewer,
    program: LedgerProgram,
    first: date | None = None,
    last: date | None = None,
    *,
    organization: str | None = None,
) -> Iterator[str]:
    """The viewer's journals of some days as the text that a ledger program reads; empty where
    there are none."""
    asked = Asked(viewer.party_id, first, last, organization)
    used = book_pages.read_used(asked)
    if not used:
        return iter(())
    accounts = {account for row in used for account in (row.debit, row.credit)}
    chart = account_records.chart_of(viewer.party_id)
    title = f"Journals of {viewer.name}"
    entries: Iterable[Booked] = book_pages.read_journals(asked)
    if program is LedgerProgram.BEANCOUNT:
        opened = min(row.first for row in used)
        return ledger_texts.beancount(title, accounts, chart, opened).lines(entries)
    return ledger_texts.hledger(title, accounts, chart, {row.currency for row in used}).lines(
        entries
    )


# --- statement of account ----------------------------------------------------------------


class StatementLine(NamedTuple):
    """A document on the account of two parties, and what is owed after it.

    An invoice changes in it only what it bills beyond the advice: the rest was owed since then.
    A debit memo changes nothing, and its credit note all that it credits. What is settled elsewhere
    is told, with the vouchers made there, and changes nothing.
    """

    happened_on: date
    what: str
    number: str
    about: str | None
    """The advice that an invoice or a voucher settles, the invoice that a debit memo asks back
    from, or the memo that a credit note answers."""
    agreement: str | None
    amount: Amount
    charged: Amount | None
    paid: Amount | None
    balance: Amount


class StatementRow(NamedTuple):
    """A line of a statement as it stands in a table of several: with its parties, and with the
    balances before and after."""

    consignor: str
    consignee: str
    happened_on: date | None
    what: str
    number: str
    about: str | None
    agreement: str | None
    amount: Amount | None
    charged: Amount | None
    paid: Amount | None
    balance: Amount


class Statement(NamedTuple):
    """The account of a consignor with a consignee, in one currency: both read the same."""

    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    first: date | None
    last: date
    opening: Amount
    lines: list[StatementLine]
    charged: Amount
    paid: Amount
    closing: Amount

    def rows(self) -> Iterator[StatementRow]:
        """The opening balance, each document, the closing balance."""
        yield self._balance("opening-balance", self.first, self.opening)
        for line in self.lines:
            yield StatementRow(self.consignor, self.consignee, *line)
        yield self._balance("closing-balance", self.last, self.closing)

    def _balance(self, what: str, on: date | None, balance: Amount) -> StatementRow:
        nothing = (None, None, None, None, None)
        return StatementRow(self.consignor, self.consignee, on, what, "", *nothing, balance)


def statements(
    viewer: Viewer, partner: str, last: date, first: date | None = None
) -> list[Statement]:
    """The viewer's account with a partner at the end of a day, one for each currency and side.

    Opening is what was owed before the first day; what was used and not advised yet is on no
    account. There is none with a party that the viewer does not trade with.
    """
    us = party_pages.Party(viewer.party_id, viewer.code, viewer.name)
    them = party_pages.party_of_code(partner)
    if them is None or not _trade(viewer, them.code):
        return []
    found = []
    for consignor, consignee in ((them, us), (us, them)):
        documents = book_pages.read_documents(consignor.id, consignee.id, last)
        for currency in sorted({document.currency for document in documents}):
            of_it = [document for document in documents if document.currency == currency]
            opening = sum(_change(one) for one in of_it if first and one.happened_on < first)
            lines = list(_lines(of_it, opening, first))
            found.append(
                Statement(
                    consignor.code, consignor.name, consignee.code, consignee.name, first, last,
                    Amount(opening, currency), lines,
                    _sum((line.charged for line in lines), currency),
                    _sum((line.paid for line in lines), currency),
                    lines[-1].balance if lines else Amount(opening, currency),
                )
            )  # fmt: skip
    return found


def _trade(viewer: Viewer, partner: str) -> bool:
    known = (
        *party_pages.consignors_of(viewer.party_id),
        *party_pages.consignees_of(viewer.party_id),
    )
    return partner in {party.code for party in known}


def _change(document: Document) -> int:
    """By how much a document changes what is owed."""
    if document.what == "payment":
        return -document.amount
    if document.what in ("invoice", "credit-note"):
        return document.differs_by
    return document.amount if _is_owed(document) else 0


def _is_owed(document: Document) -> bool:
    return not document.is_settled_elsewhere


def _lines(
    documents: Iterable[Document], opening: int, first: date | None
) -> Iterator[StatementLine]:
    balance = opening
    for document in documents:
        if first and document.happened_on < first:
            continue
        change, currency = _change(document), document.currency
        balance += change
        yield StatementLine(
            document.happened_on, document.what, document.number, document.about,
            document.agreement, Amount(document.amount, currency),
            Amount(change, currency) if document.what != "payment" and change else None,
            Amount(-change, currency) if document.what == "payment" else None,
            Amount(balance, currency),
        )  # fmt: skip


def _sum(amounts: Iterable[Amount | None], currency: str) -> Amount:
    return Amount(sum(amount.minor for amount in amounts if amount), currency)
