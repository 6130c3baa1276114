"""A shop with full shelves, and somebody who reports sales: for tests that hurry, kill and crowd.

`python -m tests.service.shop ORGANIZATION SOURCE FIRST LAST BATCH` reports sales from a process of
its own, lines FIRST up to LAST in batches, and says how far it has come after each.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO

from consigned_service.operations.core.lines import written

BY = "dora"
DAY = "2026-03-06"
NOW = datetime(2026, 3, 6, 9, tzinfo=UTC)
CONSIGNORS = ("acme", "bolts")


def open_shop(*organizations: str, shelf: int = 1000, layers: int = 4) -> None:
    """Organizations of one consignee, each with so much BOLT in layers of two consignors."""
    from consigned_service.operations.inbound import receipts
    from consigned_service.operations.master_data import agreements, items, parties

    def done(outcome) -> None:
        outcome.or_raise()

    done(
        parties.register_parties(
            lines=[written(parties.PartyLine, code, "") for code in ("northwind", *CONSIGNORS)]
        )
    )
    done(
        parties.register_organizations(
            lines=[
                written(parties.OrganizationLine, code, "", "northwind", "USD", "oldest-first")
                for code in organizations
            ],
            by=BY,
            at=NOW,
        )
    )
    done(items.register_items(lines=[written(items.ItemLine, "BOLT", "", "EA")]))
    done(
        agreements.register_agreements(
            lines=[
                written(agreements.AgreementLine,
                    f"A-{code}", code, "northwind", "USD", "2026-01-01", frequency="weekly",
                    first_closing_on="2026-03-08", summary_level="organization", aging_days="60",
                    count_method="full", count_every_days="30",
                    loss_responsibility="stolen=50 miscount=consignor", customer_returns="owned",
                )
                for code in CONSIGNORS
            ]
        )
    )  # fmt: skip
    done(
        agreements.register_prices(
            lines=[
                written(agreements.PriceLine, f"A-{code}", "BOLT", "2026-01-01", "0.3333")
                for code in CONSIGNORS
            ]
        )
    )
    for organization in organizations:
        done(
            receipts.record_receipts(
                organization=organization_id(organization),
                lines=[
                    written(receipts.ReceiptLine,
                        f"R{n}", "1", f"2026-03-0{n + 1}", agreement=f"A-{CONSIGNORS[n % 2]}",
                        item="BOLT", quantity=str(shelf // layers),
                    )
                    for n in range(layers)
                ],
                by=BY,
                at=NOW,
            )
        )  # fmt: skip


def organization_id(code: str):
    from consigned_service.records import models

    return models.Organization.objects.get(code=code).pk


def count_the_shelf(code: str) -> None:
    """By the sheets that are due: one side, the other, and a decision between them."""
    from consigned_service.operations.counting import count_sheets as count_plans
    from consigned_service.operations.counting import counts, differences, dispositions
    from consigned_service.records import models

    shop = organization_id(code)
    sheets = count_plans.plan_counts(organization=shop, on=NOW.date(), by=BY, at=NOW).sheets
    booked = [line.booked // 1_000_000 for line in models.CountSheetLine.objects.order_by("sheet")]
    told = [
        (0, 3, "consignee", "stolen"),
        (1, 2, "consignee", ""),
        (1, 1, "consignor", ""),
    ]
    for nth, missing, side, reason in told:
        line = written(counts.CountLine,
            sheets[nth], "BOLT", str(booked[nth] - missing), DAY, counted_by_party=side,
            reason=reason,
        )  # fmt: skip
        counts.record_counts(organization=shop, lines=[line], by=BY, at=NOW).or_raise()
    open_one = models.CountDifference.objects.exclude(stock_count=1).order_by("number")[0]
    why = written(differences.SettlingLine, str(open_one.number), "miscount")
    differences.settle_differences(organization=shop, lines=[why], by=BY, at=NOW).or_raise()
    for fate in ("block", "scrap"):
        line = written(dispositions.DispositionLine, fate, "BOLT", "2", fate, DAY, consignor="acme")
        dispositions.dispose_of(organization=shop, lines=[line], by=BY, at=NOW).or_raise()


def take_in_a_shipment(code: str) -> None:
    """Goods that are on the books in transit come in part, and somebody inspects them."""
    from consigned_service.operations.inbound import (
        inspections,
        orders,
        putaway,
        receipts,
        shipments,
    )
    from consigned_service.operations.master_data import agreements, items

    shop = organization_id(code)
    items.register_items(lines=[written(items.ItemLine, "PIPE", "", "EA")]).or_raise()
    way = written(agreements.AgreementLine,
        "A-way", "acme", "northwind", "USD", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-08", includes_in_transit="yes",
    )  # fmt: skip
    agreements.register_agreements(lines=[way]).or_raise()
    price = written(agreements.PriceLine, "A-way", "PIPE", "2026-01-01", "2.00")
    agreements.register_prices(lines=[price]).or_raise()
    order = written(
        orders.OrderLine, "PO-W", "1", "2026-03-01", "acme", "PIPE", "10", maximum_quantity="20"
    )
    orders.place_orders(organization=shop, lines=[order], at=NOW).or_raise()
    notice = written(shipments.ShipNoticeLine, "SN-W", "1", "2026-03-02", "PO-W", "1", "10")
    shipments.record_ship_notices(organization=shop, lines=[notice], by=BY, at=NOW).or_raise()
    receipt = written(
        receipts.ReceiptLine, "R-W", "1", DAY, "SN-W", "1", quantity="6", inspected="yes"
    )
    receipts.record_receipts(organization=shop, lines=[receipt], by=BY, at=NOW).or_raise()
    for reference, quantity, outcome in (("I1", "4", "accept"), ("I2", "1", "reject")):
        decision = written(
            inspections.InspectionLine,
            reference,
            "R-W",
            "1",
            quantity,
            outcome,
            DAY,
            place="DOCK",
            because="looked at",
        )
        inspections.record_inspections(
            organization=shop, lines=[decision], by=BY, at=NOW
        ).or_raise()
    putaway.load_staged(organization=shop, on=NOW.date(), at=NOW)


def use_in_euros(code: str) -> None:
    """Something is used that settles in another currency, at a rate that is known."""
    from consigned_service.operations.consumption import issues as consumption
    from consigned_service.operations.inbound import receipts
    from consigned_service.operations.master_data import agreements, items, parties
    from consigned_service.operations.master_data import exchange_rates as rates

    shop = organization_id(code)
    kept = written(
        parties.OrganizationLine,
        code,
        "",
        "northwind",
        "USD",
        "oldest-first",
        exchange_rate_type="ecb",
    )
    parties.register_organizations(lines=[kept], by=BY, at=NOW).or_raise()
    rate = written(rates.ExchangeRateLine, "ecb", "EUR", "USD", "2026-03-01", "1.0834")
    rates.register_exchange_rates(lines=[rate], at=NOW).or_raise()
    items.register_items(lines=[written(items.ItemLine, "RIVET", "", "EA")]).or_raise()
    abroad = written(agreements.AgreementLine,
        "A-eur", "bolts", "northwind", "EUR", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-08",
    )  # fmt: skip
    agreements.register_agreements(lines=[abroad]).or_raise()
    price = written(agreements.PriceLine, "A-eur", "RIVET", "2026-01-01", "0.20")
    agreements.register_prices(lines=[price]).or_raise()
    receipt = written(
        receipts.ReceiptLine, "R-E", "1", DAY, agreement="A-eur", item="RIVET", quantity="9"
    )
    receipts.record_receipts(organization=shop, lines=[receipt], by=BY, at=NOW).or_raise()
    line = written(consumption.Reported, "riveted", "RIVET", "4", DAY)
    consumption.record_consumption(
        organization=shop, lines=[line], source="till", by=BY, at=NOW
    ).or_raise()


def agree_anew(code: str) -> None:
    """What is left of it passes to an agreement in our own currency."""
    from consigned_service.operations.inventory import renewals
    from consigned_service.operations.master_data import agreements

    anew = written(agreements.AgreementLine,
        "A-usd", "bolts", "northwind", "USD", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-08",
    )  # fmt: skip
    agreements.register_agreements(lines=[anew]).or_raise()
    line = written(renewals.RenewalLine, "rn1", "A-eur", "A-usd", DAY, "by mail", DAY)
    renewals.renew_goods(organization=organization_id(code), lines=[line], by=BY, at=NOW).or_raise()


def use_taxed(code: str) -> None:
    """Something is used that is taxed, of whose tax a half is recovered, and billed at once."""
    from consigned_service.operations.consumption import issues as consumption
    from consigned_service.operations.inbound import receipts
    from consigned_service.operations.master_data import agreements, items, taxes

    shop = organization_id(code)
    items.register_items(lines=[written(items.ItemLine, "PAPER", "", "EA")]).or_raise()
    taxed = written(agreements.AgreementLine,
        "A-tax", "bolts", "northwind", "USD", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-08", settlement_method="pay-on-use", taxed="yes",
    )  # fmt: skip
    agreements.register_agreements(lines=[taxed]).or_raise()
    price = written(agreements.PriceLine, "A-tax", "PAPER", "2026-01-01", "4.99")
    agreements.register_prices(lines=[price]).or_raise()
    rate = written(taxes.TaxCodeLine, "V7", "Reduced rate", "7", "2025-01-01", "50")
    taxes.register_tax_codes(lines=[rate], at=NOW).or_raise()
    taxes.register_taxes(lines=[written(taxes.TaxLine, "A-tax", "V7")]).or_raise()
    receipt = written(
        receipts.ReceiptLine, "R-TAX", "1", DAY, agreement="A-tax", item="PAPER", quantity="9"
    )
    receipts.record_receipts(organization=shop, lines=[receipt], by=BY, at=NOW).or_raise()
    line = written(consumption.Reported, "written", "PAPER", "3", DAY)
    consumption.record_consumption(
        organization=shop, lines=[line], source="till", by=BY, at=NOW
    ).or_raise()


def quantity(number: int) -> int:
    """What the line of a number sells."""
    return 1 + number % 3


def sell(organization: str, source: str, numbers: Iterable[int], *, waits: bool = True):
    """Report the lines of some numbers in one batch; the same numbers of another source are other
    uses."""
    from consigned_service.operations.consumption.issues import Reported, record_consumption

    return record_consumption(
        organization=organization_id(organization),
        source=source,
        by=source,
        at=NOW,
        queue_shortages=waits,
        again=True,
        lines=[written(Reported, str(n), "BOLT", str(quantity(n)), DAY) for n in numbers],
    )


def batches(first: int, last: int, size: int) -> Iterator[range]:
    for start in range(first, last, size):
        yield range(start, min(start + size, last))


def sell_in_process(
    organization: str, source: str, first: int, last: int, batch: int
) -> "subprocess.Popen[str]":
    """A process of its own that sells; what it prints can be read as it goes on."""
    command = [sys.executable, "-m", "tests.service.shop", organization, source]
    said = subprocess.PIPE
    return subprocess.Popen(
        [*command, str(first), str(last), str(batch)], stdout=said, stderr=said, text=True
    )


def build_frames(code: str) -> None:
    """Two frames out of bolts that were issued beforehand, one bolt too many; one comes apart."""
    from consigned_service.operations.consumption.issues import Reported, record_consumption
    from consigned_service.operations.master_data import bills_of_material as bills
    from consigned_service.operations.master_data import items
    from consigned_service.operations.production import completions as production
    from consigned_service.operations.production import disassembly as taking_apart
    from consigned_service.operations.production import unused_components as production_returns

    told = {"organization": organization_id(code), "by": BY, "at": NOW}
    items.register_items(lines=[written(items.ItemLine, "FRAME", "", "EA", "owned")]).or_raise()
    parts = [written(bills.BillLine, "FRAME", "BOLT", "1")]
    bills.register_bills(organization=organization_id(code), lines=parts).or_raise()

    def issue(reference: str, quantity: str, work_order: str) -> None:
        line = written(
            Reported, reference, "BOLT", quantity, DAY, kind="production", work_order=work_order
        )
        record_consumption(source="till", lines=[line], **told).or_raise()

    issue("built in", "3", "WO-1")
    frames = written(production.CompletionLine, "P-1", "FRAME", "2", DAY, "WO-1")
    production.record_production(lines=[frames], **told).or_raise()
    too_many = written(production_returns.ComponentReturnLine, "b1", "WO-1", "BOLT", "1", DAY)
    production_returns.return_from_production(lines=[too_many], **told).or_raise()
    one = written(taking_apart.TakeApartLine, "a1", "FRAME", "1", DAY)
    taking_apart.take_apart(lines=[one], **told).or_raise()
    issue("in process", "1", "WO-2")


def bring_back(organization: str, reference: str, quantity: str, **named: str) -> None:
    """A customer brings goods back."""
    from consigned_service.operations.returns.returns import CustomerReturnLine, take_back

    line = written(CustomerReturnLine, reference, "BOLT", quantity, DAY, **named)
    take_back(organization=organization_id(organization), lines=[line], by=BY, at=NOW).or_raise()


def keep_at_a_standard(code: str) -> None:
    """Another organization of the consignee's, that says itself what a bolt costs."""
    from consigned_service.operations.accounting import standard_costs
    from consigned_service.operations.master_data import parties

    line = written(parties.OrganizationLine, code, "", "northwind", "USD", cost_method="standard")
    parties.register_organizations(lines=[line], by=BY, at=NOW).or_raise()
    standard_costs.set_standard_costs(
        organization=organization_id(code),
        lines=[
            written(standard_costs.StandardCostLine, "C1", "BOLT", "0.30", "the plan of the year")
        ],
        by=BY,
        at=NOW,
    ).or_raise()


def buy_and_be_invoiced(code: str) -> None:
    """Goods are bought outright, and a part of them is invoiced."""
    from consigned_service.operations.inbound import orders, receipts
    from consigned_service.operations.master_data import items
    from consigned_service.operations.settlement import purchase_invoices

    shop = organization_id(code)
    items.register_items(lines=[written(items.ItemLine, "CARTON", "", "EA", "owned")]).or_raise()
    order = written(orders.OrderLine,
        "PO-P", "1", "2026-03-01", "acme", "CARTON", "20", ownership="owned", price="3",
        currency="USD",
    )  # fmt: skip
    orders.place_orders(organization=shop, lines=[order], at=NOW).or_raise()
    came = written(
        receipts.ReceiptLine, "R-P", "1", DAY, order="PO-P", order_line="1", quantity="20"
    )
    receipts.record_receipts(organization=shop, lines=[came], by=BY, at=NOW).or_raise()
    billed = written(
        purchase_invoices.PurchaseInvoiceLine, "acme", "4711", DAY, "R-P", "1", "37.20", "USD", "12"
    )
    purchase_invoices.record_purchase_invoices(
        organization=shop, lines=[billed], by=BY, at=NOW
    ).or_raise()


def give_back(organization: str, reference: str, quantity: str, **named: str) -> None:
    """Send goods back that became ours, as ours or transferred first."""
    from consigned_service.operations.returns.returns import ReturnLine, return_to_supplier

    line = written(
        ReturnLine, reference, "BOLT", quantity, DAY, owned="yes", because="bent", **named
    )
    return_to_supplier(
        organization=organization_id(organization), lines=[line], by=BY, at=NOW
    ).or_raise()


def main(organization: str, source: str, first: str, last: str, batch: str, out: IO[str]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")
    django.setup()
    for numbers in batches(int(first), int(last), int(batch)):
        sell(organization, source, numbers)
        print(numbers.stop, file=out, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:], out=sys.stdout)
