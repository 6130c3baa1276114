"""The books of one party, as it reads them: journals, balances by account, documents by partner.

A party's book lies in every ledger where something was booked for it: those of its own
organizations, and those where its goods lie with others. Nobody's rows but its own are read.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from consigned.accounting.ledger_export import Booked
from consigned.master_data.agreements import SettlementMethod
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
        "own_currency": "''",
        "rate": "NULL",
    },
    "organization o {then} journal j ON j.organization_id = o.id "
    "{then} posting p ON p.organization_id = j.organization_id AND p.number = j.posting "
    "LEFT JOIN agreement a ON a.id = j.agreement "
    "LEFT JOIN party w ON w.id = CASE WHEN a.consignor_id = j.book THEN a.consignee_id "
    "ELSE a.consignor_id END",
)


KNOWN = (
    "SELECT x.rate FROM exchange_rate x WHERE x.kind = o.rate_kind AND x.currency = j.currency "
    "AND x.own_currency = o.currency AND x.holds_from <= j.happened_on"
)
RATE = (
    "CASE WHEN j.currency <> o.currency AND j.book = o.party_id THEN COALESCE("
    f"({KNOWN} AND x.told_at <= p.recorded_at ORDER BY x.holds_from DESC LIMIT 1), "
    f"({KNOWN} ORDER BY x.told_at, x.holds_from DESC LIMIT 1)) END"
)
"""The rate in force on a journal's day, of those told when it was booked: the one that is kept
with what was charged then. Where none was told yet, the first that was told afterwards. A rate told
later changes no book."""

RATED_JOURNALS = Listing(
    Booked, {**JOURNALS.columns, "own_currency": "o.currency", "rate": RATE}, JOURNALS.tables
)


def read_journals(asked: Asked, *, rated: bool = False) -> Iterator[Booked]:
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


def read_used(asked: Asked) -> list[Used]:
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


def read_sums(asked: Asked) -> list[Sum]:
    """What a party's journals come to, by debit and credit."""
    return SUMS.read(_where(asked), order=("debit", "credit", "currency"))


def _organizations_with(asked: Asked) -> list[str]:
    return sorted({used.organization for used in read_used(asked)})


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


def read_documents(consignor: int, consignee: int, last: date) -> list[Document]:
    """Everything that two parties told, billed and paid one another by the end of a day."""
    parties = [consignor, consignee, last]
    return rows(
        Document,
        f"{ADVICES} UNION ALL {INVOICES} UNION ALL {DEBIT_MEMOS} UNION ALL {CREDIT_NOTES} "
        f"UNION ALL {VOUCHERS} UNION ALL {PAYMENTS} ORDER BY 1, 2, 3",
        [SettlementMethod.REPORT_ONLY.value, *parties * 6],
    )
