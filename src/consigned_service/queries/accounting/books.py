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
from consigned.master_data.agreements import SettlementMethod
from consigned.master_data.exchange_rates import convert
from consigned_service.queries.core.figures import Amount, sum_amounts
from consigned_service.queries.core.viewers import Viewer, viewer_of_party
from consigned_service.queries.master_data.parties import consignees, consignors
from consigned_service.records.master_data import accounts as account_records
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.sql.select import Listing, Where, rows

AT_ONCE = 5_000


class Asked(NamedTuple):
    """Whose journals are asked for, of which days and organization; None asks nothing."""

    party: int
    first: date | None = None
    last: date | None = None
    organization: str | None = None


# --- journals ----------------------------------------------------------------------------


JOURNALS = Listing(
    Booked,
    {
        "organization": "o.code",
        "number": "j.number",
        "posting": "j.posting",
        "happened_on": "j.happened_on",
        "recorded_on": "p.recorded_on",
        "cause": "p.cause",
        "agreement": "a.number",
        "partner": "w.name",
        "debit": "j.debit",
        "credit": "j.credit",
        "amount": "j.amount",
        "currency": "j.currency",
        "functional_currency": "''",
        "rate": "NULL",
    },
    "organization o {then} journal j ON j.organization_id = o.id "
    "{then} posting p ON p.organization_id = j.organization_id AND p.number = j.posting "
    "LEFT JOIN agreement a ON a.id = j.agreement "
    "LEFT JOIN party w ON w.id = CASE WHEN a.consignor_id = j.book THEN a.consignee_id "
    "ELSE a.consignor_id END",
)
KNOWN = (
    "SELECT x.rate FROM exchange_rate x WHERE x.kind = o.exchange_rate_type AND x.currency = "
    "j.currency "
    "AND x.functional_currency = o.currency AND x.valid_from <= j.happened_on"
)
RATE = (
    "CASE WHEN j.currency <> o.currency AND j.book = o.party_id THEN COALESCE("
    f"({KNOWN} AND x.told_at <= p.recorded_at ORDER BY x.valid_from DESC LIMIT 1), "
    f"({KNOWN} ORDER BY x.told_at, x.valid_from DESC LIMIT 1)) END"
)
"""The rate in force on a journal's day, of those told when it was booked: the one that is kept
with what was charged then. Where none was told yet, the first that was told afterwards. A rate told
later changes no book."""
RATED_JOURNALS = Listing(
    Booked, {**JOURNALS.columns, "functional_currency": "o.currency", "rate": RATE}, JOURNALS.tables
)


def _read_journals(asked: Asked, *, rated: bool = False) -> Iterator[Booked]:
    """A party's journal entries, ledger by ledger in the order they were booked; as many at once
    as memory does not feel. `rated` says also what they are worth in the organization's currency.
    """
    listing = RATED_JOURNALS if rated else JOURNALS
    for organization in _organizations_with(asked):
        after = 0
        while page := listing.read(
            _where(asked).also("o.code = %s AND j.number > %s", organization, after),
            order=("number",), limit=AT_ONCE,
        ):  # fmt: skip
            yield from page
            after = page[-1].number


class Used(NamedTuple):
    """What journals speak of: two accounts, a currency, and the first day of the two."""

    organization: str
    debit: str
    credit: str
    currency: str
    first: date


def _read_used(asked: Asked) -> list[Used]:
    """Which accounts and currencies a party's journals use."""
    return USED.read(_where(asked), order=("organization", "debit", "credit", "currency"))


USED = Listing(
    Used,
    {
        "organization": "o.code",
        "debit": "j.debit",
        "credit": "j.credit",
        "currency": "j.currency",
        "first": "MIN(j.happened_on)",
    },
    "journal j JOIN organization o ON o.id = j.organization_id",
    group="o.code, j.debit, j.credit, j.currency",
)


class Sum(NamedTuple):
    """What was debited to one account and credited to another, before a day and from it on."""

    debit: str
    credit: str
    currency: str
    amount: int


SUMS = Listing(
    Sum,
    {
        "debit": "j.debit",
        "credit": "j.credit",
        "currency": "j.currency",
        "amount": "SUM(j.amount)",
    },
    "journal j JOIN organization o ON o.id = j.organization_id",
    group="j.debit, j.credit, j.currency",
)


def _read_sums(asked: Asked) -> list[Sum]:
    """What a party's journals come to, by debit and credit."""
    return SUMS.read(_where(asked), order=("debit", "credit", "currency"))


def _organizations_with(asked: Asked) -> list[str]:
    return sorted({used.organization for used in _read_used(asked)})


def _where(asked: Asked) -> Where:
    where = Where().also("j.book = %s", asked.party).equals(o__code=asked.organization)
    if asked.first is not None:
        where.also("j.happened_on >= %s", asked.first)
    if asked.last is not None:
        where.also("j.happened_on <= %s", asked.last)
    return where


# --- documents between two parties -------------------------------------------------------------


class Document(NamedTuple):
    """An advice, an accepted invoice, a voucher made elsewhere, a debit memo, an accepted credit
    note or a payment between two parties."""

    happened_on: date
    rank: int
    """On one day an advice comes before its invoice or voucher, a memo before its credit, the
    payment last."""
    id: int
    what: str
    number: str
    about: str | None
    agreement: str | None
    is_settled_elsewhere: bool
    currency: str
    amount: int
    differs_by: int
    """By how much an invoice bills more than was advised; what a credit note changes."""


ADVICES = (
    "SELECT ad.made_on, 0, ad.id, 'advice', ad.number, NULL, a.number, "
    "CASE WHEN ad.settlement_method = %s THEN 1 ELSE 0 END, ad.currency, ad.amount, 0 "
    "FROM advice ad JOIN agreement a ON a.id = ad.agreement_id "
    "WHERE ad.consignor_id = %s AND ad.consignee_id = %s AND ad.made_on <= %s "
    f"AND {STANDS.format(advice='ad')}"
)
INVOICES = (
    "SELECT d.decided_on, 1, v.id, 'invoice', v.number, ad.number, a.number, 0, v.currency, "
    "v.amount, v.amount - ad.amount FROM invoice_decision d JOIN invoice v ON v.id = d.invoice_id "
    "JOIN advice ad ON ad.id = v.advice_id JOIN agreement a ON a.id = ad.agreement_id "
    "WHERE d.standing = 'accepted' AND v.consignor_id = %s AND v.consignee_id = %s "
    "AND d.decided_on <= %s"
)
DEBIT_MEMOS = (
    "SELECT m.made_on, 2, m.id, 'debit-memo', m.number, v.number, a.number, 1, m.currency, "
    "m.amount, 0 FROM debit_memo m JOIN agreement a ON a.id = m.agreement_id "
    "LEFT JOIN invoice v ON v.id = m.invoice_id "
    "WHERE m.consignor_id = %s AND m.consignee_id = %s AND m.made_on <= %s"
)
CREDIT_NOTES = (
    "SELECT d.decided_on, 3, c.id, 'credit-note', c.number, m.number, a.number, 0, c.currency, "
    "c.amount, -c.amount FROM credit_note_decision d JOIN credit_note c ON c.id = d.credit_note_id "
    "JOIN debit_memo m ON m.id = c.debit_memo_id JOIN agreement a ON a.id = m.agreement_id "
    "WHERE d.standing = 'accepted' AND c.consignor_id = %s AND c.consignee_id = %s "
    "AND d.decided_on <= %s"
)
VOUCHERS = (
    "SELECT v.recorded_on, 1, v.id, 'voucher', v.number, ad.number, a.number, 1, ad.currency, "
    "v.amount, 0 FROM voucher v JOIN advice ad ON ad.id = v.advice_id "
    "JOIN agreement a ON a.id = ad.agreement_id "
    "WHERE ad.consignor_id = %s AND ad.consignee_id = %s AND v.recorded_on <= %s"
)
PAYMENTS = (
    "SELECT p.paid_on, 4, p.id, 'payment', p.number, NULL, NULL, 0, p.currency, p.amount, 0 "
    "FROM payment p WHERE p.consignor_id = %s AND p.consignee_id = %s AND p.paid_on <= %s"
)


def _read_documents(consignor: int, consignee: int, last: date) -> list[Document]:
    """Everything that two parties told, billed and paid one another by the end of a day."""
    parties = [consignor, consignee, last]
    return rows(
        Document,
        f"{ADVICES} UNION ALL {INVOICES} UNION ALL {DEBIT_MEMOS} UNION ALL {CREDIT_NOTES} "
        f"UNION ALL {VOUCHERS} UNION ALL {PAYMENTS} ORDER BY 1, 2, 3",
        [SettlementMethod.REPORT_ONLY.value, *parties * 6],
    )


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
    sums: Iterable[Sum] = _read_sums(asked)
    if in_own_currency:
        sums = (
            Sum(row.debit, row.credit, row.currency, row.amount)
            for row in map(_in_own_currency, _read_journals(asked, rated=True))
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
    amount = convert(row.amount, row.currency, row.rate, row.functional_currency)
    return row._replace(amount=amount, currency=row.functional_currency)


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
    found = _read_journals(asked, rated=in_own_currency)
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
    used = _read_used(asked)
    if not used:
        return iter(())
    accounts = {account for row in used for account in (row.debit, row.credit)}
    chart = account_records.chart_of(viewer.party_id)
    title = f"Journals of {viewer.name}"
    entries: Iterable[Booked] = _read_journals(asked)
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
    them = viewer_of_party(partner)
    if them is None or not _trade(viewer, them.code):
        return []
    found = []
    for consignor, consignee in ((them, viewer), (viewer, them)):
        documents = _read_documents(consignor.party_id, consignee.party_id, last)
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
    return partner in {party.code for party in (*consignors(viewer), *consignees(viewer))}


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
