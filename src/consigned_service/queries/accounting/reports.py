"""Reports on consigned goods: what was used and what it costs, what is settled of it and what not,
and what an inventory is worth without the goods of others in it.

A consignor reads them of its own goods, a consignee of what is consigned to it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.settlement.vouchers import Vouchered
from consigned_service.queries.accounting.inventory_value import stock_value
from consigned_service.queries.core.figures import Amount, sum_amounts
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.stock import StockLine, on_hand
from consigned_service.queries.settlement.advices import METHOD, METHOD_TO_BE, STATE, AdviceState
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.settlement.purchases import BOUGHT, GONE, INVOICED
from consigned_service.records.settlement.vouchers import RECORDED, WENT_BACK
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


def _read_consumed(asked: Asked) -> list[Consumed]:
    """What was used in some days; what waits for its price is not among it (checklist P65)."""
    where = _of_days(asked, "t.happened_on").also("t.quantity <> 0")
    order = ("supplier", "item", "happened_on", "organization", "number")
    return CONSUMED.read(where, order=order)


class QuantityRow(NamedTuple):
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
    QuantityRow,
    _quantities("t.quantity", "t.happened_on"),
    f"running_total t {NAMES.format(agreement='t.agreement', row='t')}",
    group=BY_ITEM,
)
RECEIVED = Listing(
    QuantityRow,
    _quantities("came.quantity", "came.happened_on"),
    "(SELECT g.organization_id, g.layer, r.received_on AS happened_on, g.quantity "
    "FROM goods_receipt_line g JOIN goods_receipt r ON r.organization_id = g.organization_id "
    "AND r.number = g.receipt "
    "UNION ALL SELECT e.organization_id, e.layer, e.happened_on, -e.quantity FROM title_entry e "
    "WHERE e.kind = 'never-came') came "
    "JOIN layer l ON l.organization_id = came.organization_id AND l.number = came.layer "
    "AND l.ownership = 'consigned' "
    f"{NAMES.format(agreement='l.agreement', row='l')}",
    group=BY_ITEM,
)


def _read_used(asked: Asked) -> list[QuantityRow]:
    return _read_quantities(USED, asked, "t.happened_on")


def _read_received(asked: Asked) -> list[QuantityRow]:
    """What came on consignment; what turned out never to have come is taken off again."""
    return _read_quantities(RECEIVED, asked, "came.happened_on")


def _read_quantities(listing: Listing[QuantityRow], asked: Asked, day: str) -> list[QuantityRow]:
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


def _read_untold(asked: Asked) -> list[Settling]:
    where = _where(asked).also("t.told_on IS NULL AND t.quantity <> 0")
    return UNTOLD.read(where, order=("supplier", "agreement", "item", "organization"))


def _read_told(asked: Asked) -> list[Settling]:
    where = _where(asked).also(STANDS.format(advice="ad"))
    return TOLD.read(where, order=("supplier", "agreement", "item", "organization", "state"))


class ToBeInvoicedRow(NamedTuple):
    """A receipt line of bought goods, and what of it is not invoiced."""

    organization: str
    supplier: str
    supplier_name: str
    receipt: str
    receipt_line: int
    received_on: date
    item: str
    unit: str
    quantity: int
    invoiced: int
    price: int
    currency: str
    per: int


TO_BE_INVOICED = Listing(
    ToBeInvoicedRow,
    {
        "organization": "o.code",
        "supplier": "w.code",
        "supplier_name": "w.name",
        "receipt": "r.reference",
        "receipt_line": "l.receipt_line",
        "received_on": "r.received_on",
        "item": "i.code",
        "unit": "i.unit",
        "quantity": f"l.quantity - {GONE}",
        "invoiced": INVOICED,
        "price": "l.price",
        "currency": "l.currency",
        "per": "l.per",
    },
    f"{BOUGHT} JOIN organization o ON o.id = r.organization_id "
    "JOIN party w ON w.id = l.supplier_id",
)


def _read_to_be_invoiced(
    party: int, *, organization: str | None, supplier: str | None
) -> list[ToBeInvoicedRow]:
    """The receipt lines of bought goods of a party's organizations that are not invoiced in full,
    the oldest first."""
    where = Where().also("o.party_id = %s", party).equals(o__code=organization, w__code=supplier)
    where.also(f"l.quantity - {GONE} > {INVOICED}")
    return TO_BE_INVOICED.read(where, order=("received_on", "receipt", "receipt_line"))


NOT_ADVISED = "not-advised"
SETTLED = frozenset({AdviceState.SETTLED, AdviceState.PAID, AdviceState.SETTLED_ELSEWHERE})
ELSEWHERE = frozenset({AdviceState.REPORTED, AdviceState.SETTLED_ELSEWHERE})


# --- the consigned inventory report ------------------------------------------------------------


class ConsumedLine(NamedTuple):
    """What was used of a supplier's item on one day, in one way, at one price."""

    supplier: str
    supplier_name: str
    item: str
    item_name: str
    happened_on: date
    organization: str
    agreement: str
    kind: str
    quantity: Quantity
    price: Price
    price_source: str
    amount: Amount
    advice: str | None
    """The advice that tells it; None where none does yet."""
    vouchered: Vouchered


class ConsumedItem(NamedTuple):
    """A supplier's item: what came and what was used, in the days asked for and in all."""

    supplier: str
    supplier_name: str
    item: str
    item_name: str
    received: Quantity
    consumed: Quantity
    received_in_all: Quantity
    consumed_in_all: Quantity
    amount: list[Amount]
    """What the days' use comes to."""


class ConsignedInventory(NamedTuple):
    """Consigned goods used in some days: each line has its price, and a supplier's invoice can be
    made out by it (checklist P64 to P66)."""

    lines: list[ConsumedLine]
    items: list[ConsumedItem]
    amount: list[Amount]


def consigned_inventory(
    viewer: Viewer,
    first: date | None = None,
    last: date | None = None,
    *,
    item: str | None = None,
    supplier: str | None = None,
    organization: str | None = None,
) -> ConsignedInventory:
    """What was used of consigned goods in some days, by supplier and item, as far as it is
    costed."""
    asked = Asked(viewer.party_id, first, last, item, supplier, organization)
    lines = [
        ConsumedLine(
            row.supplier, row.supplier_name, row.item, row.item_name, row.happened_on,
            row.organization, row.agreement, row.kind, Quantity(Micros(row.quantity), row.unit),
            price := Price(row.price, row.currency, row.per), row.price_source,
            Amount(price.extend(row.quantity), row.currency), row.advice,
            Vouchered(row.vouchered),
        )
        for row in _read_consumed(asked)
    ]  # fmt: skip
    amount = sum_amounts(line.amount for line in lines)
    return ConsignedInventory(lines, _items(asked, lines), amount)


def _items(asked: Asked, lines: Iterable[ConsumedLine]) -> list[ConsumedItem]:
    amounts: dict[tuple[str, str], list[Amount]] = {}
    for line in lines:
        amounts.setdefault((line.supplier, line.item), []).append(line.amount)
    received = {(row.supplier, row.item): row for row in _read_received(asked)}
    used = {(row.supplier, row.item): row for row in _read_used(asked)}
    found = []
    for key in sorted(received.keys() | used.keys()):
        came, went = received.get(key), used.get(key)
        named = came or went
        assert named
        in_period, in_all, out_period, out_all = (
            Quantity(Micros(micros), named.unit)
            for row in (came, went)
            for micros in ((row.in_period, row.in_all) if row else (0, 0))
        )
        found.append(
            ConsumedItem(
                named.supplier, named.supplier_name, named.item, named.item_name, in_period,
                out_period, in_all, out_all, sum_amounts(amounts.get(key, ())),
            )
        )  # fmt: skip
    return found


# --- settled and unsettled ---------------------------------------------------------------------


class SettlementLine(NamedTuple):
    """What was used of an item under an agreement, and how far its settlement has come."""

    supplier: str
    supplier_name: str
    agreement: str
    organization: str
    item: str
    item_name: str
    state: str
    """`not-advised`, or the state of its advices."""
    is_settled: bool
    vouchered: Vouchered
    """N is never vouchered here: it is settled elsewhere (`report-only`)."""
    quantity: Quantity
    amount: Amount
    settled_elsewhere: Amount
    """What of it vouchers made elsewhere are recorded for."""
    open_elsewhere: Amount
    """What of it is settled elsewhere, did not go back, and no voucher is recorded for."""


class SettlementReport(NamedTuple):
    lines: list[SettlementLine]
    settled: list[Amount]
    unsettled: list[Amount]
    """Owed through here, and not settled yet."""
    settled_elsewhere: list[Amount]
    open_elsewhere: list[Amount]


def settled_and_unsettled(
    viewer: Viewer,
    *,
    item: str | None = None,
    supplier: str | None = None,
    organization: str | None = None,
    agreement: str | None = None,
) -> SettlementReport:
    """All that was used, by item and by how far its settlement has come."""
    asked = Asked(
        viewer.party_id,
        item=item,
        supplier=supplier,
        organization=organization,
        agreement=agreement,
    )
    sums: dict[tuple[str, ...], Counter[str]] = {}
    named: dict[tuple[str, ...], Settling] = {}
    for row in (*_read_untold(asked), *_read_told(asked)):
        key = (
            row.supplier,
            row.agreement,
            row.item,
            row.organization,
            row.state,
            row.vouchered,
            row.currency,
        )
        named.setdefault(key, row)
        sums.setdefault(key, Counter()).update(
            quantity=row.quantity * row.times,
            amount=_amount(row),
            recorded=row.recorded,
            left_elsewhere=row.left_elsewhere,
        )
    lines = [
        SettlementLine(
            row.supplier, row.supplier_name, row.agreement, row.organization, row.item,
            row.item_name, row.state, row.state in SETTLED, Vouchered(row.vouchered),
            Quantity(Micros(sums[key]["quantity"]), row.unit),
            Amount(sums[key]["amount"], row.currency),
            Amount(sums[key]["recorded"], row.currency),
            Amount(sums[key]["left_elsewhere"], row.currency),
        )
        for key, row in sorted(named.items())
    ]  # fmt: skip
    return SettlementReport(
        lines,
        sum_amounts(
            line.amount for line in lines if line.is_settled and line.state not in ELSEWHERE
        ),
        sum_amounts(
            line.amount for line in lines if not line.is_settled and line.state not in ELSEWHERE
        ),
        sum_amounts(line.settled_elsewhere for line in lines if line.state in ELSEWHERE),
        sum_amounts(line.open_elsewhere for line in lines if line.state in ELSEWHERE),
    )


def _amount(row: Settling) -> int:
    if row.state != NOT_ADVISED:
        return row.amount
    return Price(row.price, row.currency, row.per).extend(row.quantity) * row.times


# --- what an inventory is worth ----------------------------------------------------------------


class Investment(NamedTuple):
    """An item at one of the viewer's organizations: what of it is an investment, and what is
    others' and none."""

    item: str
    item_name: str
    organization: str
    owned: Quantity
    value: Amount | None
    """At what it cost; None where nothing of it is ours."""
    average: Price | None
    of_others: Quantity
    of_others_value: list[Amount]
    """What they came in at; in no sum of ours (checklist L29)."""


class ToBeInvoiced(NamedTuple):
    """A receipt line of bought goods that its supplier has not invoiced in full."""

    organization: str
    supplier: str
    supplier_name: str
    receipt: str
    receipt_line: int
    received_on: date
    item: str
    received: Quantity
    invoiced: Quantity
    accrued: Amount
    """What the goods that are not invoiced were received at."""


def received_not_invoiced(
    viewer: Viewer, *, organization: str | None = None, supplier: str | None = None
) -> list[ToBeInvoiced]:
    """What is accrued for bought goods, receipt line by receipt line, the oldest first."""
    return [_to_be_invoiced(row) for row in _read_to_be_invoiced(
        viewer.party_id, organization=organization, supplier=supplier
    )]  # fmt: skip


def _to_be_invoiced(row: ToBeInvoicedRow) -> ToBeInvoiced:
    price = Price(row.price, row.currency, row.per)
    received, invoiced = int(row.quantity), int(row.invoiced)
    return ToBeInvoiced(
        row.organization, row.supplier, row.supplier_name, row.receipt, row.receipt_line,
        row.received_on, row.item, Quantity(Micros(received), row.unit),
        Quantity(Micros(invoiced), row.unit),
        Amount(price.extend(received) - price.extend(invoiced), row.currency),
    )  # fmt: skip


class InventoryInvestment(NamedTuple):
    lines: list[Investment]
    value: list[Amount]
    of_others_value: list[Amount]


def inventory_investment(
    viewer: Viewer,
    as_of: date | None = None,
    *,
    today: date,
    item: str | None = None,
    organization: str | None = None,
) -> InventoryInvestment:
    """What the viewer's inventory is worth, now or at the end of a day, and beside it what lies
    there of others, which is never counted in."""
    others: dict[tuple[str, str, str], list[StockLine]] = {}
    for line in on_hand(viewer, item, None, organization, as_of, today=today, elsewhere=False).rows:
        if line.owner != line.holder:
            key = (line.item, line.organization, line.quantity.unit)
            others.setdefault(key, []).append(line)
    lines = []
    for own in stock_value(viewer, item, organization, as_of).rows:
        key = (own.item, own.organization, own.quantity.unit)
        theirs = others.pop(key, [])
        lines.append(
            Investment(
                own.item, own.item_name, own.organization, own.quantity, own.value, own.average,
                *_of_others(theirs, own.quantity.unit),
            )
        )  # fmt: skip
    for (_, _, unit), theirs in others.items():
        first = theirs[0]
        lines.append(
            Investment(
                first.item, first.item_name, first.organization, Quantity(Micros(0), unit), None,
                None, *_of_others(theirs, unit),
            )
        )  # fmt: skip
    lines.sort(key=lambda line: (line.item, line.organization))
    return InventoryInvestment(
        lines,
        sum_amounts(line.value for line in lines),
        sum_amounts(amount for line in lines for amount in line.of_others_value),
    )


def _of_others(lines: list[StockLine], unit: str) -> tuple[Quantity, list[Amount]]:
    micros = sum(line.quantity.micros for line in lines)
    return Quantity(Micros(micros), unit), sum_amounts(line.value for line in lines)
