"""A month in a shop, in which a little of everything is told, so that every table has rows."""

from datetime import UTC, date, datetime

from consigned.measure.identity import PartyId
from consigned_service.interfaces.messages import email as letters
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.exchange import delivery as communication
from consigned_service.operations.inbound import receipts
from consigned_service.operations.inventory import aging, lots, quality
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import (
    agreements,
    amendments,
    items,
    parties,
    price_withdrawals,
)
from consigned_service.operations.master_data import consumption_rules as rules
from consigned_service.operations.master_data.parties import close_period
from consigned_service.operations.settlement import (
    advices,
    cancellations,
    exceptions,
    invoices,
    payments,
    price_changes,
    vouchers,
)
from consigned_service.operations.settlement import credit_notes as credits
from consigned_service.operations.settlement import debit_memos as debits
from consigned_service.operations.settlement.invoices import SupplierInvoice
from consigned_service.records.master_data.agreements import party_ids
from consigned_service.records.settlement.advices import read_advices
from consigned_service.records.settlement.debit_memos import read_memos
from tests.service.shop import (
    BY,
    agree_anew,
    bring_back,
    build_frames,
    buy_and_be_invoiced,
    count_the_shelf,
    give_back,
    keep_at_a_standard,
    open_shop,
    organization_id,
    take_in_a_shipment,
    use_in_euros,
    use_taxed,
)

WEEK_END = datetime(2026, 3, 8, 20, tzinfo=UTC)
AFTER_IT = datetime(2026, 3, 9, 1, tzinfo=UTC)
LATER = datetime(2026, 4, 30, 20, tzinfo=UTC)


def ask_back_and_credit(buyer: PartyId) -> None:
    """What went back of invoiced goods is asked back, and its consignor credits it."""
    run = debits.run_debit_memos(consignee=buyer, on=WEEK_END.date(), by=BY, at=WEEK_END)
    assert run.first
    memo = read_memos([run.first])[run.first]
    note = credits.CreditNote(
        memo.consignor, "CN-1", WEEK_END.date(), memo.currency, memo.lines, memo.number
    )
    credits.record_credit_notes(notes=[note], by=BY, at=WEEK_END).or_raise()


def change_what_was_agreed() -> None:
    """What was agreed is changed in every way, each kept as a fact of its own."""
    parties.register_parties(
        lines=[written(parties.PartyLine, "bolts", "Bolt Sisters")],
        told_by=RecordedBy(BY, WEEK_END),
    ).or_raise()
    billed_there = written(
        amendments.AmendmentLine, "A-acme", "AM-1", "2026-03-09", "by word of mouth", bill_to="s1"
    )
    amendments.amend_agreements(lines=[billed_there], by=BY, at=WEEK_END).or_raise()
    to_come = written(agreements.PriceLine, "A-acme", "BOLT", "2026-12-15", "125")
    agreements.register_prices(lines=[to_come]).or_raise()
    wrong = written(
        price_withdrawals.PriceWithdrawalLine, "A-acme", "W-1", "BOLT", "2026-12-15", "typed wrong"
    )
    price_withdrawals.withdraw_prices(lines=[wrong], by=BY, at=WEEK_END).or_raise()


def a_month_in_the_shop() -> None:
    """A little of everything that writes a ledger row."""
    open_shop("s1", shelf=100)
    shop = organization_id("s1")
    close_period(organization=shop, through=date(2026, 1, 31), by=BY, at=WEEK_END)

    more_time = written(aging.ExtensionLine, "x1", "2026-03-06", "by mail", "R0", "1", days="30")
    aging.extend(organization=shop, lines=[more_time], by=BY, at=WEEK_END).or_raise()
    aged = written(aging.AgedLine, "x2", "2026-03-06", "R0", "1", quantity="1")
    aging.buy_aged(organization=shop, lines=[aged], by=BY, at=WEEK_END).or_raise()

    count_the_shelf("s1")

    def use(reference: str, quantity: str, **named: str) -> None:
        line = written(consumption.Reported, reference, "BOLT", quantity, "2026-03-06", **named)
        consumption.record_consumption(
            organization=shop, lines=[line], source="till", by=BY, at=WEEK_END,
            queue_shortages=True,
        ).or_raise()  # fmt: skip

    keep_at_a_standard("standard")
    rules.register_rules(
        lines=[written(rules.RuleLine, "R-1", "northwind", "consume", to_place="STOCK")]
    ).or_raise()

    use("sold", "31", customer="somebody", lot="", sale_price="0.99", currency="USD")
    use("kept", "7", kind="transfer-to-owned", consignor="acme")
    use("repaired", "1", kind="work-order", work_order="MNT-1", account="6420-PRESS")
    build_frames("s1")
    custody.transfer_goods(
        organization=shop,
        lines=[written(custody.TransferLine, "t1", "BOLT", "3", "STORE", "STOCK", "2026-03-06")],
        by=BY,
        at=WEEK_END,
    ).or_raise()
    held = written(quality.HoldLine, "h1", "BOLT", "2026-03-06", "2")
    quality.hold_goods(organization=shop, lines=[held], by=BY, at=WEEK_END).or_raise()
    use("more", "500")
    came = written(
        receipts.ReceiptLine,
        "R9",
        "1",
        "2026-03-06",
        agreement="A-acme",
        item="BOLT",
        quantity="50",
    )
    receipts.record_receipts(organization=shop, lines=[came], by=BY, at=WEEK_END).or_raise()
    exceptions.resubmit(organization=shop, by=BY, at=WEEK_END)
    use("back", "-2")
    bring_back("s1", "b1", "2", customer="somebody")
    give_back("s1", "g1", "1", with_title_transfer="yes", replacement="yes")
    parties = party_ids(["northwind", "acme", "bolts"])
    buyer = parties["northwind"]
    advices.run_advices(consignee=buyer, on=date(2026, 3, 8), by=BY, at=AFTER_IT)
    cancellations.cancel_advice(
        consignee=buyer, number="northwind-000002", because="too early", by=BY, at=WEEK_END
    )
    advices.run_advices(consignee=buyer, on=date(2026, 3, 8), by=BY, at=AFTER_IT)
    communication.send_advices(
        consignee=buyer, by=BY, at=WEEK_END, write=letters.write, post=lambda letter: None
    )
    recall(buyer)
    use("next week", "1")
    for advice in read_advices(f"northwind-{n:06d}" for n in (1, 3)).values():
        invoices.record_invoices(
            consignor=advice.consignor,
            invoices=[
                SupplierInvoice(f"I{advice.id}", advice.number, date(2026, 3, 9), "USD",
                                advice.lines)
            ],
            by=BY,
            at=WEEK_END,
        ).or_raise()  # fmt: skip
    change_what_was_agreed()
    change = written(price_changes.PriceChangeLine, "A-acme", "PC-1", "BOLT", "2026-03-01", "0.40")
    price_changes.change_prices_retroactively(lines=[change], by=BY, at=WEEK_END).or_raise()
    give_back("s1", "g2", "1")
    ask_back_and_credit(buyer)
    payments.run_payments(consignee=buyer, on=date(2026, 4, 30), by=BY, at=LATER)
    give_back("s1", "g3", "1")
    take_in_a_shipment("s1")
    use_in_euros("s1")
    agree_anew("s1")
    use_taxed("s1")
    buy_and_be_invoiced("s1")
    settle_elsewhere(buyer)


def settle_elsewhere(buyer: PartyId) -> None:
    """What is used of Dale's is told, and settled by another system, whose vouchers are
    recorded."""
    shop = organization_id("s1")
    parties.register_parties(lines=[written(parties.PartyLine, "dale", "Dale")]).or_raise()
    items.register_items(lines=[written(items.ItemLine, "PIN", "", "EA")]).or_raise()
    told = written(agreements.AgreementLine,
        "A-dale", "dale", "northwind", "USD", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-08", settlement_method="report-only",
    )  # fmt: skip
    agreements.register_agreements(lines=[told]).or_raise()
    price = written(agreements.PriceLine, "A-dale", "PIN", "2026-01-01", "0.25")
    agreements.register_prices(lines=[price]).or_raise()
    came = written(
        receipts.ReceiptLine, "R-DALE", "1", "2026-03-06", agreement="A-dale", item="PIN",
                                quantity="9")  # fmt: skip
    receipts.record_receipts(organization=shop, lines=[came], by=BY, at=WEEK_END).or_raise()
    used = written(consumption.Reported, "pinned", "PIN", "6", "2026-03-06")
    consumption.record_consumption(
        organization=shop, lines=[used], source="till", by=BY, at=WEEK_END
    ).or_raise()
    run = advices.run_advices(
        consignee=buyer, on=WEEK_END.date(), by=BY, at=AFTER_IT,
        consignor=party_ids(["dale"])["dale"],
    )  # fmt: skip
    assert run.first
    lines = [
        written(vouchers.VoucherLine, run.first, number, "2026-03-09", amount, "USD")
        for number, amount in (("V-1", "1.10"), ("V-2", "0.20"))
    ]
    vouchers.record_vouchers(lines=lines, by=BY, at=AFTER_IT).or_raise()


def recall(holder: PartyId) -> None:
    """A lot of bolts is recalled twice, before any of it came; one recall ends, and so does the
    hold of before."""
    meant = {"party": holder, "lot": "L-0", "by": BY, "at": WEEK_END}
    for because in ("rust", "cracks"):
        lots.hold_lot(**meant, because=because, item="BOLT", consignor="acme")
    lots.release_lot(**meant, because="no rust", recall="rust")
    let_go = written(quality.ReleaseLine, "h2", "BOLT", "2026-03-06", "1", hold="h1")
    shop = organization_id("s1")
    quality.release_goods(organization=shop, lines=[let_go], by=BY, at=WEEK_END).or_raise()
