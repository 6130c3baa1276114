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
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.sql.select import Shape, rows

OURS = "JOIN organization o ON o.id = {table}.organization_id WHERE o.party_id = %s"
OPEN = (
    "NOT EXISTS (SELECT 1 FROM exception_resolution z "
    "WHERE z.organization_id = x.organization_id AND z.exception = x.number)"
)


def _of(shape: type[Shape], table: str, sql: str, party: int) -> list[Shape]:
    return rows(shape, sql.format(ours=OURS.format(table=table)), [party])


def _last_recorded_at(party: int) -> datetime | None:
    """When anything was last posted to a party's ledgers."""

    class Time(NamedTuple):
        at: datetime | None

    return _of(Time, "p", "SELECT MAX(p.recorded_at) FROM posting p {ours}", party)[0].at


# --- what came and was used ------------------------------------------------------------------


class Told(NamedTuple):
    """Lines of consumption: all that were told, then apart by what became of them.

    What a count found missing was told by nobody; it stands among the losses.
    """

    lines: int
    of_nothing: int
    returned: int
    not_agreed: int
    """Waiting, because nobody agreed on the item."""
    waiting: int
    """Waiting for anything else, in part or whole."""

    @property
    def used(self) -> int:
        return self.lines - self.of_nothing - self.returned - self.not_agreed - self.waiting


AGREED = (
    "CASE WHEN EXISTS (SELECT 1 FROM agreement_line g WHERE g.item_id = x.item_id) "
    "THEN 1 ELSE 0 END"
)


def _read_told(party: int) -> Told:
    counts = (
        "c.quantity = 0", "c.quantity < 0", "c.quantity > 0 AND w.is_agreed = 0",
        "c.quantity > 0 AND w.is_agreed = 1",
    )  # fmt: skip
    sums = ", ".join(f"COALESCE(SUM(CASE WHEN {said} THEN 1 ELSE 0 END), 0)" for said in counts)
    return _of(
        Told, "c",
        f"SELECT COUNT(*), {sums} FROM (SELECT * FROM consumption WHERE kind <> 'count') c "
        "LEFT JOIN (SELECT x.organization_id, "
        f"x.consumption, MAX({AGREED}) AS is_agreed FROM open_exception x WHERE {OPEN} "
        "GROUP BY 1, 2) w ON w.organization_id = c.organization_id "
        "AND w.consumption = c.number {ours}",
        party,
    )[0]  # fmt: skip


class Received(NamedTuple):
    ownership: str
    layers: int


def _read_received(party: int) -> list[Received]:
    return _of(
        Received, "l",
        "SELECT l.ownership, COUNT(*) FROM layer l {ours} GROUP BY 1 ORDER BY 1", party,
    )  # fmt: skip


class WentBackRow(NamedTuple):
    """Goods of one layer that went back, or their title alone, and the price they came with."""

    direction: str
    was_ours: bool
    unit: str
    quantity: int
    price: int | None
    currency: str | None
    per: int | None


def _read_went_back(party: int) -> list[WentBackRow]:
    return _of(
        WentBackRow, "r",
        "SELECT r.direction, r.is_owned, i.unit, r.quantity, l.price, l.currency, l.per "
        "FROM goods_return r JOIN layer l ON l.organization_id = r.organization_id "
        "AND l.number = r.layer JOIN item i ON i.id = l.item_id {ours} "
        "ORDER BY r.organization_id, r.number",
        party,
    )  # fmt: skip


class RequestedCredit(NamedTuple):
    """What consignors are asked to credit for goods that went back after an advice told them."""

    requests: int
    currency: str
    amount: int


def _read_asked_back(party: int) -> list[RequestedCredit]:
    return _of(
        RequestedCredit, "d",
        "SELECT COUNT(*), d.currency, SUM(d.amount) FROM debit_request d {ours} "
        "GROUP BY d.currency ORDER BY d.currency",
        party,
    )  # fmt: skip


class Credits(NamedTuple):
    """How many papers ask for a credit, or give one, and for how much."""

    papers: int
    currency: str
    amount: int


def _read_debit_memos(party: int) -> list[Credits]:
    return rows(
        Credits,
        "SELECT COUNT(*), currency, SUM(amount) FROM debit_memo WHERE consignee_id = %s "
        "GROUP BY currency ORDER BY currency",
        [party],
    )


def _read_credited(party: int) -> list[Credits]:
    return rows(
        Credits,
        "SELECT COUNT(*), c.currency, SUM(c.amount) FROM credit_settlement s "
        "JOIN credit_note c ON c.id = s.credit_note_id WHERE c.consignee_id = %s "
        "GROUP BY c.currency ORDER BY c.currency",
        [party],
    )


class Documents(NamedTuple):
    """Orders and ship notices, each with its lines."""

    orders: int
    order_lines: int
    notices: int
    notice_lines: int


def _read_documents(party: int) -> Documents:
    lines = "SELECT COUNT(*) FROM {} l JOIN {} d ON d.id = l.{} {{ours}}"
    return rows(
        Documents,
        "SELECT ({}), ({}), ({}), ({})".format(
            "SELECT COUNT(*) FROM purchase_order d {ours}",
            lines.format("order_line", "purchase_order", "order_id"),
            "SELECT COUNT(*) FROM ship_notice d {ours}",
            lines.format("ship_notice_line", "ship_notice", "notice_id"),
        ).format(ours=OURS.format(table="d")),
        [party] * 4,
    )[0]


class Passed(NamedTuple):
    kind: str
    entries: int


def _read_entries(party: int) -> list[Passed]:
    return _of(
        Passed, "e",
        "SELECT e.kind, COUNT(*) FROM title_entry e {ours} GROUP BY 1 ORDER BY 1", party,
    )  # fmt: skip


class Held(NamedTuple):
    """What lies here of others, in one unit."""

    unit: str
    layers: int
    quantity: int


def _read_held(party: int) -> list[Held]:
    return _of(
        Held, "b",
        "SELECT i.unit, COUNT(DISTINCT l.number), SUM(b.quantity) FROM balance b "
        "JOIN position p ON p.organization_id = b.organization_id AND p.number = b.position "
        "JOIN layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
        "JOIN item i ON i.id = p.item_id {ours} AND NOT b.is_outer AND p.owner_id <> o.party_id "
        "AND l.ownership = 'consigned' GROUP BY 1 ORDER BY 1",
        party,
    )  # fmt: skip


# --- what waits ------------------------------------------------------------------------------


class Waited(NamedTuple):
    """Exceptions of one reason; `lines` is how many lines of consumption the open ones are of."""

    reason: str
    is_agreed: bool
    opened: int
    open: int
    lines: int


def _read_exceptions(party: int) -> list[Waited]:
    """Exceptions by reason, apart by whether anybody agreed on the item."""
    return _of(
        Waited, "x",
        f"SELECT x.reason, {AGREED}, COUNT(*), SUM(CASE WHEN {OPEN} THEN 1 ELSE 0 END), "
        f"COUNT(DISTINCT CASE WHEN {OPEN} THEN x.consumption END) "
        "FROM open_exception x {ours} GROUP BY 1, 2 ORDER BY 1, 2",
        party,
    )  # fmt: skip


# --- what is settled -------------------------------------------------------------------------


class Advised(NamedTuple):
    settlement_method: str
    currency: str
    advices: int
    lines: int
    amount: int


def _read_advised(party: int) -> list[Advised]:
    return rows(
        Advised,
        "SELECT a.settlement_method, a.currency, COUNT(*), SUM((SELECT COUNT(*) "
        "FROM advice_line l WHERE l.advice_id = a.id)), SUM(a.amount) FROM advice a "
        f"WHERE a.consignee_id = %s AND {STANDS.format(advice='a')} "
        "GROUP BY 1, 2 ORDER BY 1, 2",
        [party],
    )


class Invoiced(NamedTuple):
    standing: str
    is_self_billed: bool
    currency: str
    invoices: int
    amount: int


def _read_invoiced(party: int) -> list[Invoiced]:
    """Invoices by where they stand now."""
    return rows(
        Invoiced,
        "SELECT d.standing, CASE WHEN i.is_self_billed THEN 1 ELSE 0 END, i.currency, COUNT(*), "
        "SUM(i.amount) FROM invoice i JOIN invoice_decision d ON d.invoice_id = i.id "
        "AND d.id = (SELECT MAX(last.id) FROM invoice_decision last "
        "WHERE last.invoice_id = i.id) "
        "WHERE i.consignee_id = %s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        [party],
    )


class Paid(NamedTuple):
    currency: str
    payments: int
    amount: int


def _read_paid(party: int) -> list[Paid]:
    return rows(
        Paid,
        "SELECT p.currency, COUNT(*), SUM(p.amount) FROM payment p WHERE p.consignee_id = %s "
        "GROUP BY 1 ORDER BY 1",
        [party],
    )


# --- the books -------------------------------------------------------------------------------


class Booked(NamedTuple):
    """What was debited to one account and credited to another under one agreement, or none, in
    our books or in theirs."""

    agreement: str
    is_ours: bool
    currency: str
    debit: str
    credit: str
    is_receipt: bool
    """Whether goods came with it, and did not only change their owner or come back."""
    amount: int


def _read_booked(party: int) -> list[Booked]:
    return _of(
        Booked, "j",
        "SELECT COALESCE(a.number, ''), CASE WHEN j.book = o.party_id THEN 1 ELSE 0 END, "
        "j.currency, j.debit, j.credit, "
        "CASE WHEN g.cause IN ('receipt', 'initial-stock') THEN 1 ELSE 0 END, SUM(j.amount) "
        "FROM journal j JOIN posting g ON g.organization_id = j.organization_id "
        "AND g.number = j.posting LEFT JOIN agreement a ON a.id = j.agreement {ours} "
        "GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6",
        party,
    )  # fmt: skip


class StillTheirs(NamedTuple):
    """What lies here and is its consignors', in one unit."""

    quantity: Quantity
    layers: int


class ReturnedQuantity(NamedTuple):
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
    went_back: list[ReturnedQuantity]
    asked_back: list[RequestedCredit]
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
    return _last_recorded_at(viewer.party_id)


def account(viewer: Viewer, today: date) -> Account:
    """The whole account of a consignee as it stands."""
    party = viewer.party_id
    booked = _read_booked(party)
    debts = owed(viewer)
    held = held_by_consignor(viewer, today)
    return Account(
        documents=_read_documents(party),
        layers={row.ownership: row.layers for row in _read_received(party)},
        received=_debited(booked, Books.MEMO_CONSIGNED_GOODS, against=Books.MEMO_CONSIGNORS),
        bought=_debited(booked, Books.INVENTORY, against=Books.GOODS_RECEIVED_ACCRUAL),
        told=_read_told(party),
        entries={row.kind: row.entries for row in _read_entries(party)},
        charged=_charged(booked),
        went_back=_went_back(_read_went_back(party)),
        asked_back=_read_asked_back(party),
        debit_memos=_read_debit_memos(party),
        credited=_read_credited(party),
        own_used=_own_used(booked),
        exceptions=_read_exceptions(party),
        advised=_read_advised(party),
        invoiced=_read_invoiced(party),
        paid=_read_paid(party),
        owing=Owing(
            sum_amounts(row.running for row in debts),
            sum_amounts(row.advised for row in debts),
            sum_amounts(row.invoiced for row in debts),
        ),
        still_theirs=[
            StillTheirs(Quantity(Micros(row.quantity), row.unit), row.layers)
            for row in _read_held(party)
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


def _went_back(rows: Iterable[WentBackRow]) -> list[ReturnedQuantity]:
    found: dict[tuple[str, bool], list[WentBackRow]] = {}
    for row in rows:
        found.setdefault((row.direction, row.was_ours), []).append(row)
    return [
        ReturnedQuantity(
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


def _worth(part: WentBackRow) -> Amount | None:
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
