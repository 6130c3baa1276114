"""What reports add up: consigned goods received, used, settled and not; what waits at a close."""

from datetime import date, datetime
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.settlement.vouchers import Vouchered
from consigned_service.records.consumption.exception_pages import OPEN
from consigned_service.records.settlement.advice_pages import STATE
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.settlement.vouchers import METHOD, METHOD_TO_BE, RECORDED, WENT_BACK
from consigned_service.records.sql.select import Listing, Where


class Asked(NamedTuple):
    """Of whose consigned goods something is asked, and of which; None asks nothing."""

    party: int
    first: date | None = None
    last: date | None = None
    item: str | None = None
    supplier: str | None = None
    organization: str | None = None
    agreement: str | None = None


def _where(asked: Asked) -> Where:
    where = Where().also("a.consignor_id = %s OR a.consignee_id = %s", asked.party, asked.party)
    return where.equals(
        i__code=asked.item,
        w__code=asked.supplier,
        o__code=asked.organization,
        a__number=asked.agreement,
    )


def _of_days(asked: Asked, column: str) -> Where:
    where = _where(asked)
    if asked.first is not None:
        where.also(f"{column} >= %s", asked.first)
    if asked.last is not None:
        where.also(f"{column} <= %s", asked.last)
    return where


GOODS = {
    "supplier": "w.code",
    "supplier_name": "w.name",
    "agreement": "a.number",
    "organization": "o.code",
    "item": "i.code",
    "item_name": "i.name",
    "unit": "i.unit",
}
NAMES = (
    "JOIN agreement a ON a.id = {agreement} JOIN party w ON w.id = a.consignor_id "
    "JOIN organization o ON o.id = {row}.organization_id JOIN item i ON i.id = {row}.item_id"
)


# --- used ----------------------------------------------------------------------------------


class Consumed(NamedTuple):
    """What was used and has its price: of one item, on one day, in one way, at one price."""

    supplier: str
    supplier_name: str
    agreement: str
    organization: str
    item: str
    item_name: str
    unit: str
    happened_on: date
    kind: str
    quantity: int
    price: int
    currency: str
    per: int
    price_source: str
    advice: str | None
    vouchered: str
    number: int


CONSUMED = Listing(
    Consumed,
    {
        **GOODS,
        "happened_on": "t.happened_on",
        "kind": "t.kind",
        "quantity": "t.quantity",
        "price": "t.price",
        "currency": "t.currency",
        "per": "t.per",
        "price_source": "t.price_source",
        "advice": "ad.number",
        "vouchered": f"CASE WHEN {METHOD} = '{SettlementMethod.REPORT_ONLY}' "
        f"OR (t.told_on IS NOT NULL AND ad.id IS NULL) THEN '{Vouchered.NEVER}' "
        f"WHEN s.id IS NOT NULL THEN '{Vouchered.DONE}' ELSE '{Vouchered.TO_BE}' END",
        "number": "t.number",
    },
    f"running_total t {NAMES.format(agreement='t.agreement', row='t')} "
    "LEFT JOIN advice_line al ON al.id = t.advice_line LEFT JOIN advice ad ON ad.id = al.advice_id "
    "LEFT JOIN settlement s ON s.advice_id = ad.id",
)


def read_consumed(asked: Asked) -> list[Consumed]:
    """What was used in some days; what waits for its price is not among it (checklist P65)."""
    where = _of_days(asked, "t.happened_on").also("t.quantity <> 0")
    order = ("supplier", "item", "happened_on", "organization", "number")
    return CONSUMED.read(where, order=order)


class Quantity(NamedTuple):
    """How much of an item came from a supplier or was used, in the days asked for and up to
    their end."""

    supplier: str
    supplier_name: str
    item: str
    item_name: str
    unit: str
    in_period: int
    in_all: int


def _quantities(quantity: str, day: str) -> dict[str, str]:
    return {
        **{name: said for name, said in GOODS.items() if name not in ("agreement", "organization")},
        "in_period": f"SUM(CASE WHEN {day} >= {{first}} THEN {quantity} ELSE 0 END)",
        "in_all": f"SUM({quantity})",
    }


BY_ITEM = "w.code, w.name, i.code, i.name, i.unit"
USED = Listing(
    Quantity,
    _quantities("t.quantity", "t.happened_on"),
    f"running_total t {NAMES.format(agreement='t.agreement', row='t')}",
    group=BY_ITEM,
)
RECEIVED = Listing(
    Quantity,
    _quantities("came.quantity", "came.happened_on"),
    "(SELECT g.organization_id, g.layer, r.received_on AS happened_on, g.quantity "
    "FROM arrived_goods g JOIN goods_receipt r ON r.organization_id = g.organization_id "
    "AND r.number = g.receipt "
    "UNION ALL SELECT e.organization_id, e.layer, e.happened_on, -e.quantity FROM title_entry e "
    "WHERE e.kind = 'never-came') came "
    "JOIN layer l ON l.organization_id = came.organization_id AND l.number = came.layer "
    "AND l.ownership = 'consigned' "
    f"{NAMES.format(agreement='l.agreement', row='l')}",
    group=BY_ITEM,
)


def read_used(asked: Asked) -> list[Quantity]:
    return _read_quantities(USED, asked, "t.happened_on")


def read_received(asked: Asked) -> list[Quantity]:
    """What came on consignment; what turned out never to have come is taken off again."""
    return _read_quantities(RECEIVED, asked, "came.happened_on")


def _read_quantities(listing: Listing[Quantity], asked: Asked, day: str) -> list[Quantity]:
    first = f"'{(asked.first or date.min).isoformat()}'"
    where = _of_days(asked._replace(first=None), day)
    return listing.read(where, order=("supplier", "item"), pieces={"first": first})


# --- settled and unsettled ---------------------------------------------------------------------


class Settling(NamedTuple):
    """What was used of an item under an agreement, as far as its settlement has come.

    Where no advice tells it yet, it is so many running totals alike, to be rounded one by one.
    """

    supplier: str
    supplier_name: str
    agreement: str
    organization: str
    item: str
    item_name: str
    unit: str
    state: str
    vouchered: str
    currency: str
    quantity: int
    amount: int
    left_elsewhere: int
    """Of the amount, what is settled elsewhere and no voucher is recorded for; what a memo told
    that went back is settled nowhere."""
    recorded: int
    price: int
    per: int
    times: int


UNTOLD = Listing(
    Settling,
    {
        **GOODS,
        "state": "'not-advised'",
        "vouchered": f"CASE WHEN {METHOD_TO_BE} = '{SettlementMethod.REPORT_ONLY}' "
        f"THEN '{Vouchered.NEVER}' ELSE '{Vouchered.TO_BE}' END",
        "currency": "t.currency",
        "quantity": "t.quantity",
        "amount": "0",
        "left_elsewhere": "0",
        "recorded": "0",
        "price": "t.price",
        "per": "t.per",
        "times": "COUNT(*)",
    },
    f"running_total t {NAMES.format(agreement='t.agreement', row='t')}",
    group="1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, t.price, t.per",
)
TOLD = Listing(
    Settling,
    {
        **GOODS,
        "state": STATE,
        "vouchered": f"CASE WHEN ad.settlement_method = '{SettlementMethod.REPORT_ONLY}' "
        f"THEN '{Vouchered.NEVER}' WHEN s.id IS NOT NULL THEN '{Vouchered.DONE}' "
        f"ELSE '{Vouchered.TO_BE}' END",
        "currency": "ad.currency",
        "quantity": "SUM(al.quantity)",
        "amount": "SUM(al.amount)",
        "left_elsewhere": f"SUM(CASE WHEN ad.settlement_method = '{SettlementMethod.REPORT_ONLY}' "
        f"THEN al.amount - {WENT_BACK} - {RECORDED} ELSE 0 END)",
        "recorded": f"SUM({RECORDED})",
        "price": "0",
        "per": "1",
        "times": "1",
    },
    "advice ad JOIN advice_line al ON al.advice_id = ad.id "
    f"{NAMES.format(agreement='ad.agreement_id', row='al')} "
    "LEFT JOIN settlement s ON s.advice_id = ad.id "
    "LEFT JOIN payment_line pl ON pl.invoice_id = s.invoice_id",
    group="1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
)


def read_untold(asked: Asked) -> list[Settling]:
    where = _where(asked).also("t.told_on IS NULL AND t.quantity <> 0")
    return UNTOLD.read(where, order=("supplier", "agreement", "item", "organization"))


def read_told(asked: Asked) -> list[Settling]:
    where = _where(asked).also(STANDS.format(advice="ad"))
    return TOLD.read(where, order=("supplier", "agreement", "item", "organization", "state"))


# --- what waits at a close ---------------------------------------------------------------------


class Waiting(NamedTuple):
    """Something in an organization's ledger that somebody should see to before its books close."""

    what: str
    name: str
    since: date
    about: str
    times: int


EXCEPTIONS = Listing(
    Waiting,
    {
        "what": "'exception'",
        "name": "x.reason",
        "since": "MIN(COALESCE(u.happened_on, e.happened_on, x.opened_on))",
        "about": "''",
        "times": "COUNT(*)",
    },
    "waiting_exception x JOIN organization o ON o.id = x.organization_id "
    "LEFT JOIN consumption u ON u.organization_id = x.organization_id AND u.number = x.consumption "
    "LEFT JOIN title_entry e ON e.organization_id = x.organization_id AND e.number = x.entry",
    group="x.reason",
)
CYCLES = Listing(
    Waiting,
    {
        "what": "'cycle'",
        "name": "a.number",
        "since": "t.closes_on",
        "about": "w.name",
        "times": "COUNT(*)",
    },
    "running_total t JOIN organization o ON o.id = t.organization_id "
    "JOIN agreement a ON a.id = t.agreement JOIN party w ON w.id = a.consignor_id",
    group="a.number, t.closes_on, w.name",
)
INVOICES = Listing(
    Waiting,
    {
        "what": "d.standing",
        "name": "v.number",
        "since": "v.invoiced_on",
        "about": "w.name",
        "times": "1",
    },
    "invoice v JOIN party w ON w.id = v.consignor_id "
    "JOIN invoice_decision d ON d.invoice_id = v.id "
    "AND d.id = (SELECT MAX(x.id) FROM invoice_decision x WHERE x.invoice_id = v.id)",
)


def read_waiting(organization: int, through: date) -> list[Waiting]:
    """Open exceptions, untold totals of cycles that have closed, and invoices that nobody decided,
    all from no later than a day."""
    exceptions = (
        Where()
        .also("o.id = %s", organization)
        .also("COALESCE(u.happened_on, e.happened_on, x.opened_on) <= %s", through)
        .also(OPEN)
    )
    cycles = (
        Where()
        .also("t.organization_id = %s", organization)
        .also("t.told_on IS NULL AND t.quantity <> 0 AND t.closes_on <= %s", through)
    )
    invoices = (
        Where()
        .also("d.standing IN ('staged', 'held', 'disputed') AND v.invoiced_on <= %s", through)
        .also(
            "EXISTS (SELECT 1 FROM advice_line al WHERE al.advice_id = v.advice_id "
            "AND al.organization_id = %s)",
            organization,
        )
    )
    return [
        *EXCEPTIONS.read(exceptions, order=("since", "name")),
        *CYCLES.read(cycles, order=("since", "name")),
        *INVOICES.read(invoices, order=("since", "name")),
    ]


# --- closed periods ----------------------------------------------------------------------------


class Closed(NamedTuple):
    """Through which day books were closed, by whom and when."""

    closed_through: date
    closed_by: str
    closed_at: datetime


CLOSED = Listing(
    Closed,
    {"closed_through": "c.closed_through", "closed_by": "g.recorded_by",
     "closed_at": "g.recorded_at"},
    "period_close c JOIN posting g ON g.organization_id = c.organization_id "
    "AND g.number = c.posting",
)  # fmt: skip


def read_closed(organization: int) -> list[Closed]:
    where = Where().also("c.organization_id = %s", organization)
    return CLOSED.read(where, order=["-closed_through"])
