"""The account of a consignee: what came, was used, came back, is owed, was settled and waits.

Whatever it says, it says of the viewer's own organizations and of its own documents. Of the
consignors' books it tells only what both parties must say alike.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from consigned.accounting.journals import Account as Books
from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.returns.lines import Direction
from consigned_service.queries.core.figures import Amount, sum_amounts
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.stock import held_by_consignor
from consigned_service.queries.settlement.payables import owed
from consigned_service.records.accounting import account_pages
from consigned_service.records.accounting.account_pages import (
    Advised,
    AskedBack,
    Booked,
    Credits,
    Documents,
    Invoiced,
    Paid,
    Told,
    Waited,
)


class StillTheirs(NamedTuple):
    """What lies here and is its consignors', in one unit."""

    quantity: Quantity
    layers: int


class WentBack(NamedTuple):
    """What went back one way, as the holder's own or as its supplier's."""

    direction: Direction
    was_ours: bool
    lines: int
    quantities: list[Quantity]
    value: list[Amount]
    """As the goods came, where they came with a price."""


class Alike(NamedTuple):
    """What both parties' books must say alike, in one currency."""

    what: str
    ours: Amount
    theirs: Amount

    @property
    def agrees(self) -> bool:
        return self.ours == self.theirs


class OneByOne(NamedTuple):
    """Under how many agreements both parties book, and those under which their books differ."""

    agreements: int
    differing: list[str]


class Owing(NamedTuple):
    """What is owed: not told yet, told, and billed but not paid."""

    running: list[Amount]
    advised: list[Amount]
    invoiced: list[Amount]


class Account(NamedTuple):
    documents: Documents
    layers: dict[str, int]
    """Receipt lines by whose the goods were when they came."""
    received: list[Amount]
    """The value of what came on consignment."""
    bought: list[Amount]
    told: Told
    entries: dict[str, int]
    """Entries of the title ledger by kind."""
    charged: list[Amount]
    """What the consignors are owed for the title that passed, paid or not."""
    went_back: list[WentBack]
    asked_back: list[AskedBack]
    """What consignors are asked to credit for it."""
    debit_memos: list[Credits]
    """On which papers they are asked."""
    credited: list[Credits]
    """The credit notes that answer those, as far as they are accepted."""
    own_used: list[Amount]
    """What our own goods cost that were used, less what came back."""
    exceptions: list[Waited]
    advised: list[Advised]
    invoiced: list[Invoiced]
    paid: list[Paid]
    owing: Owing
    still_theirs: list[StillTheirs]
    still_theirs_value: list[Amount]
    books: list[Alike]
    one_by_one: OneByOne


def last_recorded_at(viewer: Viewer) -> datetime | None:
    """When anything was last posted to the viewer's ledgers."""
    return account_pages.last_recorded_at(viewer.party_id)


def account(viewer: Viewer, today: date) -> Account:
    """The whole account of a consignee as it stands."""
    party = viewer.party_id
    booked = account_pages.read_booked(party)
    debts = owed(viewer)
    held = held_by_consignor(viewer, today)
    return Account(
        documents=account_pages.read_documents(party),
        layers={row.ownership: row.layers for row in account_pages.read_received(party)},
        received=_debited(booked, Books.MEMO_CONSIGNED_GOODS, against=Books.MEMO_CONSIGNORS),
        bought=_debited(booked, Books.INVENTORY, against=Books.GOODS_RECEIVED_ACCRUAL),
        told=account_pages.read_told(party),
        entries={row.kind: row.entries for row in account_pages.read_entries(party)},
        charged=_charged(booked),
        went_back=_went_back(account_pages.read_went_back(party)),
        asked_back=account_pages.read_asked_back(party),
        debit_memos=account_pages.read_debit_memos(party),
        credited=account_pages.read_credited(party),
        own_used=_own_used(booked),
        exceptions=account_pages.read_exceptions(party),
        advised=account_pages.read_advised(party),
        invoiced=account_pages.read_invoiced(party),
        paid=account_pages.read_paid(party),
        owing=Owing(
            sum_amounts(row.running for row in debts),
            sum_amounts(row.advised for row in debts),
            sum_amounts(row.invoiced for row in debts),
        ),
        still_theirs=[
            StillTheirs(Quantity(Micros(row.quantity), row.unit), row.layers)
            for row in account_pages.read_held(party)
        ],
        still_theirs_value=sum_amounts(row.value for row in held),
        books=_alike(booked),
        one_by_one=_one_by_one(booked),
    )


def _debited(booked: Iterable[Booked], account: str, *, against: str) -> list[Amount]:
    return sum_amounts(
        Amount(row.amount, row.currency)
        for row in booked
        if row.is_ours and row.is_receipt and (row.debit, row.credit) == (account, against)
    )


def _went_back(rows: Iterable[account_pages.WentBack]) -> list[WentBack]:
    found: dict[tuple[str, bool], list[account_pages.WentBack]] = {}
    for row in rows:
        found.setdefault((row.direction, row.was_ours), []).append(row)
    return [
        WentBack(
            Direction(direction),
            was_ours,
            len(parts),
            [
                Quantity(Micros(sum(p.quantity for p in parts if p.unit == unit)), unit)
                for unit in sorted({p.unit for p in parts})
            ],
            sum_amounts(_worth(part) for part in parts),
        )
        for (direction, was_ours), parts in sorted(found.items())
    ]


def _worth(part: account_pages.WentBack) -> Amount | None:
    if part.price is None or part.currency is None or part.per is None:
        return None
    price = Price(part.price, part.currency, part.per)
    return Amount(price.extend(part.quantity), part.currency)


def _charged(booked: Iterable[Booked]) -> list[Amount]:
    """What the consignors' revenue is, which arises with each transfer of title."""
    return _negated(_balance(booked, Books.REVENUE, ours=False))


def _own_used(booked: Iterable[Booked]) -> list[Amount]:
    return sum_amounts(
        Amount(row.amount if row.credit == Books.INVENTORY else -row.amount, row.currency)
        for row in booked
        if row.is_ours
        and Books.COST_OF_GOODS_SOLD in (row.debit, row.credit)
        and Books.INVENTORY in (row.debit, row.credit)
    )


def _balance(booked: Iterable[Booked], account: str, *, ours: bool) -> list[Amount]:
    """Debits less credits of one account."""
    return sum_amounts(
        Amount(row.amount * ((row.debit == account) - (row.credit == account)), row.currency)
        for row in booked
        if row.is_ours is ours
    )


def _negated(amounts: Iterable[Amount]) -> list[Amount]:
    return [Amount(-amount.minor, amount.currency) for amount in amounts]


MIRRORED = (
    ("goods on consignment", Books.MEMO_CONSIGNED_GOODS, Books.GOODS_ON_CONSIGNMENT, 1, 1),
    ("used, not invoiced", Books.CONSIGNED_PAYABLES_ACCRUAL,
     Books.CONSIGNED_RECEIVABLES_ACCRUAL, -1, 1),
    ("invoiced, not paid", Books.ACCOUNTS_PAYABLE, Books.ACCOUNTS_RECEIVABLE, -1, 1),
    ("settled elsewhere, open", Books.SETTLED_ELSEWHERE, Books.COLLECTED_ELSEWHERE, -1, 1),
    ("vouchered elsewhere", Books.VOUCHERED_ELSEWHERE, Books.BILLED_ELSEWHERE, -1, 1),
    ("paid", Books.CASH, Books.CASH, -1, 1),
    ("credit asked for", Books.SUPPLIER_DEBITS, Books.CUSTOMER_CREDITS, 1, -1),
)  # fmt: skip
"""What is in both books: our account, theirs, and the sign of either's debits."""


def _one_by_one(booked: list[Booked]) -> OneByOne:
    """What both must say alike, under each agreement by itself."""
    under: dict[str, list[Booked]] = {}
    for row in booked:
        if row.agreement:
            under.setdefault(row.agreement, []).append(row)
    differing = (
        agreement
        for agreement, rows in under.items()
        if not all(one.agrees for one in _alike(rows))
    )
    return OneByOne(len(under), sorted(differing))


def _alike(booked: list[Booked]) -> list[Alike]:
    found = []
    for what, ours, theirs, our_sign, their_sign in MIRRORED:
        our_sums = {a.currency: a.minor * our_sign for a in _balance(booked, ours, ours=True)}
        their_sums = {
            a.currency: a.minor * their_sign for a in _balance(booked, theirs, ours=False)
        }
        for currency in sorted(our_sums.keys() | their_sums.keys()):
            found.append(
                Alike(
                    what,
                    Amount(our_sums.get(currency, 0), currency),
                    Amount(their_sums.get(currency, 0), currency),
                )
            )
    return found
