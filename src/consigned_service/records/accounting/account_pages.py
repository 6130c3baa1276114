"""The figures of a holder's account: how much came, was used, was told, billed and paid."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from consigned_service.records.settlement import advices as settlement
from consigned_service.records.settlement.advices import SavedAdvice
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.sql.select import Shape, rows

OURS = "JOIN organization o ON o.id = {table}.organization_id WHERE o.party_id = %s"
OPEN = (
    "NOT EXISTS (SELECT 1 FROM exception_resolution z "
    "WHERE z.organization_id = x.organization_id AND z.exception = x.number)"
)


def _of(shape: type[Shape], table: str, sql: str, party: int) -> list[Shape]:
    return rows(shape, sql.format(ours=OURS.format(table=table)), [party])


def last_recorded_at(party: int) -> datetime | None:
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


def read_told(party: int) -> Told:
    counts = (
        "c.quantity = 0", "c.quantity < 0", "c.quantity > 0 AND w.is_agreed = 0",
        "c.quantity > 0 AND w.is_agreed = 1",
    )  # fmt: skip
    sums = ", ".join(f"COALESCE(SUM(CASE WHEN {said} THEN 1 ELSE 0 END), 0)" for said in counts)
    return _of(
        Told, "c",
        f"SELECT COUNT(*), {sums} FROM (SELECT * FROM consumption WHERE kind <> 'count') c "
        "LEFT JOIN (SELECT x.organization_id, "
        f"x.consumption, MAX({AGREED}) AS is_agreed FROM waiting_exception x WHERE {OPEN} "
        "GROUP BY 1, 2) w ON w.organization_id = c.organization_id "
        "AND w.consumption = c.number {ours}",
        party,
    )[0]  # fmt: skip


class Received(NamedTuple):
    ownership: str
    layers: int


def read_received(party: int) -> list[Received]:
    return _of(
        Received, "l",
        "SELECT l.ownership, COUNT(*) FROM layer l {ours} GROUP BY 1 ORDER BY 1", party,
    )  # fmt: skip


class WentBack(NamedTuple):
    """Goods of one layer that went back, or their title alone, and the price they came with."""

    direction: str
    was_ours: bool
    unit: str
    quantity: int
    price: int | None
    currency: str | None
    per: int | None


def read_went_back(party: int) -> list[WentBack]:
    return _of(
        WentBack, "r",
        "SELECT r.direction, r.is_owned, i.unit, r.quantity, l.price, l.currency, l.per "
        "FROM goods_return r JOIN layer l ON l.organization_id = r.organization_id "
        "AND l.number = r.layer JOIN item i ON i.id = l.item_id {ours} "
        "ORDER BY r.organization_id, r.number",
        party,
    )  # fmt: skip


class AskedBack(NamedTuple):
    """What consignors are asked to credit for goods that went back after an advice told them."""

    requests: int
    currency: str
    amount: int


def read_asked_back(party: int) -> list[AskedBack]:
    return _of(
        AskedBack, "d",
        "SELECT COUNT(*), d.currency, SUM(d.amount) FROM debit_request d {ours} "
        "GROUP BY d.currency ORDER BY d.currency",
        party,
    )  # fmt: skip


class Credits(NamedTuple):
    """How many papers ask for a credit, or give one, and for how much."""

    papers: int
    currency: str
    amount: int


def read_debit_memos(party: int) -> list[Credits]:
    return rows(
        Credits,
        "SELECT COUNT(*), currency, SUM(amount) FROM debit_memo WHERE consignee_id = %s "
        "GROUP BY currency ORDER BY currency",
        [party],
    )


def read_credited(party: int) -> list[Credits]:
    return rows(
        Credits,
        "SELECT COUNT(*), c.currency, SUM(c.amount) FROM memo_credit s "
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


def read_documents(party: int) -> Documents:
    lines = "SELECT COUNT(*) FROM {} l JOIN {} d ON d.id = l.{} {{ours}}"
    return rows(
        Documents,
        "SELECT ({}), ({}), ({}), ({})".format(
            "SELECT COUNT(*) FROM consigned_order d {ours}",
            lines.format("order_line", "consigned_order", "order_id"),
            "SELECT COUNT(*) FROM ship_notice d {ours}",
            lines.format("ship_notice_line", "ship_notice", "notice_id"),
        ).format(ours=OURS.format(table="d")),
        [party] * 4,
    )[0]


class Passed(NamedTuple):
    kind: str
    entries: int


def read_entries(party: int) -> list[Passed]:
    return _of(
        Passed, "e",
        "SELECT e.kind, COUNT(*) FROM title_entry e {ours} GROUP BY 1 ORDER BY 1", party,
    )  # fmt: skip


class Held(NamedTuple):
    """What lies here of others, in one unit."""

    unit: str
    layers: int
    quantity: int


def read_held(party: int) -> list[Held]:
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


def read_exceptions(party: int) -> list[Waited]:
    """Exceptions by reason, apart by whether anybody agreed on the item."""
    return _of(
        Waited, "x",
        f"SELECT x.reason, {AGREED}, COUNT(*), SUM(CASE WHEN {OPEN} THEN 1 ELSE 0 END), "
        f"COUNT(DISTINCT CASE WHEN {OPEN} THEN x.consumption END) "
        "FROM waiting_exception x {ours} GROUP BY 1, 2 ORDER BY 1, 2",
        party,
    )  # fmt: skip


# --- what is settled -------------------------------------------------------------------------


class Advised(NamedTuple):
    settlement_method: str
    currency: str
    advices: int
    lines: int
    amount: int


def read_advised(party: int) -> list[Advised]:
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


def read_invoiced(party: int) -> list[Invoiced]:
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


def read_paid(party: int) -> list[Paid]:
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


def read_booked(party: int) -> list[Booked]:
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


# --- advices and what answered them ------------------------------------------------------------


def read_made(
    party: int, first: date, last: date, methods: Sequence[str]
) -> list[tuple[SavedAdvice, date]]:
    """The advices that a consignee made from one day to another, with the day of each."""

    class Made(NamedTuple):
        number: str
        made_on: date

    marks = ", ".join(["%s"] * len(methods))
    made = rows(
        Made,
        "SELECT number, made_on FROM advice WHERE consignee_id = %s AND made_on BETWEEN %s AND %s "
        f"AND settlement_method IN ({marks}) AND {STANDS.format(advice='advice')} ORDER BY id",
        [party, first, last, *methods],
    )
    saved = settlement.read_advices(advice.number for advice in made) if made else {}
    return [(saved[advice.number], advice.made_on) for advice in made]


class Answer(NamedTuple):
    """An invoice that was kept: the advice it answers, whether it was ever held and for which
    differences, and where it stands."""

    advice: str
    number: str
    currency: str
    amount: int
    was_held: bool
    was_accepted: bool
    is_paid: bool
    differs: str
    standing: str


def read_answers(party: int) -> list[Answer]:
    """Every invoice of a supplier's own to a consignee."""
    decided = (
        "CASE WHEN EXISTS (SELECT 1 FROM invoice_decision d WHERE d.invoice_id = i.id "
        "AND d.standing = '{}') THEN 1 ELSE 0 END"
    )
    return rows(
        Answer,
        f"SELECT a.number, i.number, i.currency, i.amount, {decided.format('held')}, "
        f"{decided.format('accepted')}, {decided.format('paid')}, "
        "COALESCE((SELECT d.because FROM invoice_decision d WHERE d.invoice_id = i.id "
        "AND d.standing = 'held'), ''), "
        "(SELECT d.standing FROM invoice_decision d WHERE d.invoice_id = i.id "
        "ORDER BY d.id DESC LIMIT 1) "
        "FROM invoice i JOIN advice a ON a.id = i.advice_id "
        "WHERE i.consignee_id = %s AND NOT i.is_self_billed ORDER BY i.id",
        [party],
    )
