"""Reports on consigned goods: what was used and what it costs, what is settled of it and what not,
and what an inventory is worth without the goods of others in it.

A consignor reads them of its own goods, a consignee of what is consigned to it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.settlement.vouchers import Vouchered
from consigned_service.queries.accounting.inventory_value import stock_value
from consigned_service.queries.core.figures import Amount, sum_amounts
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.stock import StockLine, on_hand
from consigned_service.queries.settlement.advices import AdviceState
from consigned_service.records.accounting import report_pages
from consigned_service.records.accounting.report_pages import Asked, Settling
from consigned_service.records.settlement import purchases

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
        for row in report_pages.read_consumed(asked)
    ]  # fmt: skip
    amount = sum_amounts(line.amount for line in lines)
    return ConsignedInventory(lines, _items(asked, lines), amount)


def _items(asked: Asked, lines: Iterable[ConsumedLine]) -> list[ConsumedItem]:
    amounts: dict[tuple[str, str], list[Amount]] = {}
    for line in lines:
        amounts.setdefault((line.supplier, line.item), []).append(line.amount)
    received = {(row.supplier, row.item): row for row in report_pages.read_received(asked)}
    used = {(row.supplier, row.item): row for row in report_pages.read_used(asked)}
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
    for row in (*report_pages.read_untold(asked), *report_pages.read_told(asked)):
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
    return [_to_be_invoiced(row) for row in purchases.read_to_be_invoiced(
        viewer.party_id, organization=organization, supplier=supplier
    )]  # fmt: skip


def _to_be_invoiced(row: purchases.ToBeInvoiced) -> ToBeInvoiced:
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
    for own in stock_value(viewer, item, organization, as_of):
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
