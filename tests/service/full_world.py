"""A fuller world on top of the small one: everything that two parties may do with one another, done
in each of three programmes, so that every question has an answer that strangers may not read.

    alder    Acme consigns to Northwind at NANTES       the two share a shelf and an item, and
    birch    Bolt Brothers to Northwind at NANTES       know nothing of one another
    cedar    Acme to Contoso at CADIZ

Each programme says a word of its own in everything that its two parties tell one another: its lots,
papers, reasons. What is the consignee's alone (its people, its customers, its work orders) says
`indoors` as well. Stowaway keeps the goods of NANTES and Harbour Store those of CADIZ; a lorry
calls at NANTES and keeps nothing.
"""

from datetime import date, time
from functools import partial
from typing import NamedTuple

from consigned.settlement.advices import Layout
from consigned.settlement.invoices import Billed
from consigned.settlement.runs import Act
from consigned_service.interfaces.messages import email as letters
from consigned_service.operations.consumption import corrections
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.counting import count_sheets as count_plans
from consigned_service.operations.counting import counts, differences, dispositions
from consigned_service.operations.exchange.delivery import NoMailServer
from consigned_service.operations.inbound import inspections, orders, putaway, receipts, shipments
from consigned_service.operations.installation import runs
from consigned_service.operations.inventory import aging, lots, quality, reservations
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import (
    agreements,
    amendments,
    designations,
    items,
    parties,
    price_withdrawals,
    roles,
)
from consigned_service.operations.master_data import bills_of_material as bills
from consigned_service.operations.production import completions as production
from consigned_service.operations.returns import returns
from consigned_service.operations.settlement import (
    advices,
    invoices,
    price_changes,
    purchase_invoices,
)
from consigned_service.operations.settlement import credit_notes as credits
from consigned_service.operations.settlement import debit_memos as debits
from consigned_service.records import models
from consigned_service.records.exchange import outbox
from tests.service import world as worlds
from tests.service.world import World, after, at, done
from tests.support.lines import rewritten

INDOORS = "indoors"
"""In all that is a holder's own: its people, its customers, what it does with its goods."""
TOGETHER = "KEG"
"""What all of them trade."""
SOLD_BY_SHARE = "GOWN"
KEPT_ALONE = "SPARE"


class Programme(NamedTuple):
    """Two parties, and the words of what they do together."""

    word: str
    consignor: str
    consignee: str
    organization: str
    price: str
    """Of one keg: a number that nobody else says."""
    kept_as: str
    """What the spare parts become at the organization, which are not traded between them."""

    @property
    def agreement(self) -> str:
        return f"G-{self.word}"

    @property
    def clerk(self) -> str:
        return f"clerk-{self.word}-{INDOORS}"

    @property
    def product(self) -> str:
        return f"PRODUCT-{self.word}"

    def named(self, what: str) -> str:
        """A paper, a lot or a reason of the two."""
        return f"{what}-{self.word}"

    def own(self, what: str) -> str:
        """What is the consignee's alone."""
        return f"{what}-{self.word}-{INDOORS}"

    @property
    def hidden_lot(self) -> str:
        """Used before the first advice, which hides lots."""
        return self.named("LOT")


ALDER = Programme("alder", "acme", "northwind", "NANTES", "71.310007", "non-owned")
BIRCH = Programme("birch", "bolts", "northwind", "NANTES", "72.420009", "owned")
CEDAR = Programme("cedar", "acme", "contoso", "CADIZ", "73.530011", "owned")
PROGRAMMES = (ALDER, BIRCH, CEDAR)


def build_full(*programmes: Programme) -> World:
    """The small world with programmes in it, all of them where none is named."""
    world = worlds.build()
    prepare(world)
    for one in programmes or PROGRAMMES:
        run(world, one)
    for one in (ALDER, CEDAR):
        parties.close_period(
            organization=world.organization(one.organization), through=date(2026, 3, 20),
            by=one.clerk, at=at("2026-03-31"),
        )  # fmt: skip
    return world


def prepare(world: World) -> None:
    """What the programmes have in common: who there is, where goods lie, and what is traded."""
    for code, name in (
        ("stow", "Stowaway"),
        ("harbour", "Harbour Store"),
        ("lorry", "Quick Lorry"),
    ):
        done(parties.register_parties(lines=[written(parties.PartyLine, code, name)]))
    for code, party in (("NANTES", "northwind"), ("CADIZ", "contoso")):
        line = written(
            parties.OrganizationLine,
            code,
            "Yard",
            party,
            "USD",
            "named-owners",
            "acme bolts",
            cost_method="average",
        )
        for told in (rewritten(line, name=f"Old yard of {party}"), line):
            done(
                parties.register_organizations(
                    lines=[told], by=f"clerk-{INDOORS}", at=at("2026-01-02")
                )
            )
        for place in (
            written(parties.PlaceLine, "LINE", zone="shop-floor"),
            written(parties.PlaceLine, "GOODS", zone="finished-goods", owned="yes"),
        ):
            done(
                parties.register_places(
                    organization=world.organization(code), lines=[place], by="ines",
                    at=at("2026-01-02"),
                )
            )  # fmt: skip
    done(
        items.register_items(
            lines=[
                written(items.ItemLine, TOGETHER, "Keg", "EA"),
                written(items.ItemLine, SOLD_BY_SHARE, "Gown", "EA"),
                written(items.ItemLine, KEPT_ALONE, "Spare part", "EA"),
            ]
        )
    )  # fmt: skip
    done(
        roles.register_roles(
            lines=[
                written(roles.RoleLine, "stow", "third-party-warehouse", organization="NANTES"),
                written(roles.RoleLine, "harbour", "third-party-warehouse", organization="CADIZ"),
                written(roles.RoleLine, "lorry", "carrier", organization="NANTES"),
            ]
        )
    )


def run(world: World, one: Programme) -> None:
    """Everything that its two parties do."""
    agree(one)
    bring_goods(world, one)
    use_goods(world, one)
    make_products(world, one)
    settle(world, one)
    send_back(world, one)
    ask_back(world, one)
    keep_waiting(world, one)
    count_and_lose(world, one)
    change_what_was_agreed(world, one)
    run_by_itself(one)


def run_by_itself(one: Programme) -> None:
    """What is scheduled for its holder, and a letter that waits."""
    holder = parties.party_named(one.consignee)
    evening = at("2026-03-31")
    runs.schedule(party=holder, act=Act.SEND_ADVICES, starts_at=time(1))
    runs.work("worker", lambda: evening, runs.Door(letters.write, nobody_answers))
    outbox.queue(
        holder,
        [
            outbox.Letter(
                f"letter:{one.word}", None, f"<{one.word}@{one.consignee}.example>",
                f"{one.word}@{one.consignor}.example", f"About {one.word}", "Good day.",
            )
        ],
        at=at("2026-04-02"), by=one.clerk,
    )  # fmt: skip


def nobody_answers(letter: outbox.Letter) -> None:
    raise NoMailServer("it is not there")


def agreement_line(one: Programme) -> agreements.AgreementLine:
    return written(agreements.AgreementLine,
        one.agreement, one.consignor, one.consignee, "USD", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-08", summary_level="organization", payment_days="10",
        aging_days="30", display_days="35", end_of_term="return", count_method="full",
        count_every_days="30", loss_responsibility="broken=50 stolen=50 miscount=consignor",
        shrinkage_warning_percent="1", over_receipt_percent="50",
    )  # fmt: skip


def agree(one: Programme) -> None:
    done(agreements.register_agreements(lines=[agreement_line(one)]))
    price = partial(written, agreements.PriceLine)
    done(
        agreements.register_prices(
            lines=[
                price(one.agreement, TOGETHER, "2026-01-01", one.price),
                price(one.agreement, TOGETHER, "2027-01-01", "99"),
                price(
                    one.agreement,
                    SOLD_BY_SHARE,
                    "2026-01-01",
                    price_terms="share=60% regular=120.00",
                ),
            ]
        )
    )
    carrier = one.named("carrier")
    done(
        parties.register_parties(lines=[written(parties.PartyLine, carrier, one.named("Carrier"))])
    )
    done(roles.register_roles(lines=[written(roles.RoleLine, carrier, "carrier", one.agreement)]))
    done(
        items.register_items(
            lines=[
                written(items.ItemLine, one.product, one.named("Product"), "EA", "owned"),
                written(items.ItemLine, one.named("CRATE"), one.named("Box"), "EA"),
            ]
        )
    )


def bring_goods(world: World, one: Programme) -> None:
    """Ordered, announced, received; inspected and in the queue; bought outright."""
    here = world.organization(one.organization)
    order = partial(written, orders.OrderLine)
    done(
        orders.place_orders(
            organization=here,
            lines=[
                order(one.named("PO"), "1", "2026-02-20", one.consignor, TOGETHER, "100",
                      one.agreement),
                order(one.named("PO"), "2", "2026-02-20", one.consignor, SOLD_BY_SHARE, "20",
                      one.agreement),
                order(one.named("BUY"), "1", "2026-02-20", one.consignor, TOGETHER, "9",
                      ownership="owned", price="50", currency="USD"),
            ],
            at=at("2026-02-20"),
        )
    )  # fmt: skip
    notice = partial(written, shipments.ShipNoticeLine)
    done(
        shipments.record_ship_notices(
            organization=here,
            lines=[
                notice(one.named("SN"), "1", "2026-02-25", one.named("PO"), "1", "70"),
                notice(one.named("SN"), "2", "2026-02-25", one.named("PO"), "2", "20"),
            ],
            by=one.clerk, at=at("2026-02-25"),
        )
    )  # fmt: skip
    receive(world, one)
    line = written(
        purchase_invoices.PurchaseInvoiceLine,
        one.consignor,
        one.named("BILL"),
        "2026-03-05",
        one.named("RB"),
        "1",
        "150",
        "USD",
        "3",
    )
    done(
        purchase_invoices.record_purchase_invoices(
            organization=here, lines=[line], by=one.clerk, at=at("2026-03-05")
        )
    )


def receive(world: World, one: Programme) -> None:
    here = world.organization(one.organization)
    receipt = partial(written, receipts.ReceiptLine)
    announced = {"ship_notice": one.named("SN")}
    for line in (
        receipt(one.named("R"), "1", "2026-03-03", **announced, ship_notice_line="1",
                quantity="40", lot=one.hidden_lot, expires_on="2026-04-20"),
        receipt(one.named("R"), "2", "2026-03-03", **announced, ship_notice_line="2",
                quantity="15"),
        receipt(one.named("R"), "3", "2026-03-03", agreement=one.agreement, item=TOGETHER,
                quantity="1", lot=one.named("LAST"), serial=one.named("SERIAL")),
        receipt(one.named("R"), "4", "2026-03-03", agreement=one.agreement, item=TOGETHER,
                quantity="12", lot=one.named("NEXT")),
        receipt(one.named("RB"), "1", "2026-03-03", order=one.named("BUY"), order_line="1",
                quantity="6"),
        receipt(one.named("RI"), "1", "2026-03-04", agreement=one.agreement, item=TOGETHER,
                quantity="8", inspected="yes"),
    ):  # fmt: skip
        done(
            receipts.record_receipts(
                organization=here,
                lines=[line],
                by=one.clerk,
                at=at(line.received_on.day.isoformat()),
            )
        )
    for outcome, quantity in (("accept", "3"), ("reject", "2")):
        decided = written(inspections.InspectionLine,
            one.named(outcome), one.named("RI"), "1", quantity, outcome, "2026-03-04",
            place="DOCK", because=one.named("looked"),
        )  # fmt: skip
        done(
            inspections.record_inspections(
                organization=here, lines=[decided], by=one.clerk, at=at("2026-03-04")
            )
        )
    putaway.load_staged(organization=here, on=date(2026, 3, 4), at=at("2026-03-04"))


def use_goods(world: World, one: Programme) -> None:
    """Sold to customers, kept for an order, and told of goods that are not there."""
    whose = {"consignor": one.consignor, "customer": one.own("Mr")}
    away = {**whose, "lot": one.named("AWAY")}
    told = (
        written(
            Reported, one.named("sold"), TOGETHER, "5", "2026-03-05", lot=one.hidden_lot, **whose),
        written(
            Reported, one.named("piece"), TOGETHER, "1", "2026-03-05", serial=one.named("SERIAL"),
                 **whose),
        written(Reported, one.named("gown"), SOLD_BY_SHARE, "2", "2026-03-05", currency="USD",
                 sale_price="99.50", **whose),
        written(Reported, one.named("too-many"), TOGETHER, "500", "2026-03-05", **away),
        written(Reported, one.named("mistaken"), TOGETHER, "600", "2026-03-05", **away),
        written(Reported, one.named("priceless"), one.named("CRATE"), "1", "2026-03-05", **whose),
    )  # fmt: skip
    crate = written(receipts.ReceiptLine,
        one.named("RC"), "1", "2026-03-03", agreement=one.agreement, item=one.named("CRATE"),
        quantity="7",
    )  # fmt: skip
    here = world.organization(one.organization)
    done(
        receipts.record_receipts(
            organization=here, lines=[crate], by=one.clerk, at=at("2026-03-03")
        )
    )
    world.use(one.organization, "2026-03-05", *told, source=one.named("till"), by=one.clerk)
    mistaken = models.WaitingException.objects.filter(organization=here, quantity__gte=550_000_000)
    number = str(mistaken.order_by("-number").values_list("number", flat=True)[0])
    closing = written(corrections.ClosingLine, number, one.own("because"))
    done(
        corrections.close_exceptions(
            organization=here, lines=[closing], by=one.clerk, at=at("2026-03-06")
        )
    )
    kept = written(
        reservations.ReservationLine,
        one.own("SO"),
        TOGETHER,
        "1",
        consignor=one.consignor,
        lot=one.hidden_lot,
    )
    done(
        reservations.reserve_many(
            organization=here, lines=[kept], by=one.clerk, at=at("2026-03-06")
        )
    )


def make_products(world: World, one: Programme) -> None:
    """Kegs are built in; some are in process still."""
    here = {"organization": world.organization(one.organization)}
    told = {**here, "by": one.clerk, "at": at("2026-03-06")}
    bill = written(bills.BillLine, one.product, TOGETHER, "2")
    done(bills.register_bills(**here, lines=[bill]))
    for reference, order in (("built", "WO"), ("begun", "WP")):
        world.use(
            one.organization, "2026-03-06",
            written(Reported, one.named(reference), TOGETHER, "3", "2026-03-06", kind="production",
                     lot=one.hidden_lot, consignor=one.consignor, work_order=one.own(order)),
            source=one.named("till"), by=one.clerk,
        )  # fmt: skip
    made = written(
        production.CompletionLine,
        one.own("made"),
        one.product,
        "1",
        "2026-03-06",
        one.own("WO"),
        lot=one.named("MADE"),
    )
    done(production.record_production(lines=[made], **told))


def settle(world: World, one: Programme) -> None:
    """Three cycles: invoiced and paid; billed too much, disputed and accepted; and advised."""
    consignor = world.party(one.consignor)
    first = advise(world, one, "2026-03-08", shows_lots=False)
    bill(world, one, first, "INV-1", "2026-03-09")
    world.pay(one.consignee, "2026-03-20", by=one.clerk)
    use_again(world, one, "second", "2026-03-11")
    second = advise(world, one, "2026-03-15")
    bill(world, one, second, "INV-2", "2026-03-16", more=100)
    decided = {"consignor": consignor, "number": one.named("INV-2"), "by": one.clerk}
    invoices.dispute_invoice(
        **decided, at=at("2026-03-17"), because=one.named("too-much"),
        evidence=one.named("evidence"), consignee=world.party(one.consignee),
    )  # fmt: skip
    invoices.accept_invoice(
        **decided, at=at("2026-03-18"), because=one.named("settled"),
        consignee=world.party(one.consignee),
    )  # fmt: skip
    use_again(world, one, "third", "2026-03-19")
    advise(world, one, "2026-03-22")


def use_again(world: World, one: Programme, reference: str, day: str, kind: str = "sale") -> None:
    world.use(
        one.organization, day,
        written(
            Reported, one.named(reference), TOGETHER, "2", day, kind=kind, lot=one.named("NEXT"),
                 consignor=one.consignor, customer=one.own("Mr")),
        source=one.named("till"), by=one.clerk,
    )  # fmt: skip


def advise(world: World, one: Programme, day: str, *, shows_lots: bool = True) -> str:
    """The number of the advice of the programme that is made after a day."""
    made = advices.run_advices(
        consignee=world.party(one.consignee), on=date.fromisoformat(day), by=one.clerk,
        at=after(day), consignor=world.party(one.consignor), layout=Layout(shows_lots=shows_lots),
    )  # fmt: skip
    assert made.advices, (one.word, day)
    return last_advice(one)


def last_advice(one: Programme) -> str:
    found = models.Advice.objects.filter(agreement__number=one.agreement)
    return str(found.order_by("-pk").values_list("number", flat=True)[0])


def bill(world: World, one: Programme, advice: str, number: str, day: str, more: int = 0) -> None:
    world.invoice(one.consignor, advice, one.named(number), day, more=more, by=one.named("edi"))


def send_back(world: World, one: Programme) -> None:
    """Back from customers, as issued and as ours; back to the supplier, as its own and as ours."""
    here = {"organization": world.organization(one.organization), "by": one.clerk}
    named = {"consignor": one.consignor, "because": one.named("bent")}
    use_again(world, one, "fourth", "2026-03-23")
    use_again(world, one, "ours", "2026-03-23", kind="transfer-to-owned")
    brought = partial(written, returns.CustomerReturnLine)
    for line in (
        brought(one.named("brought"), TOGETHER, "1", "2026-03-20", lot=one.named("NEXT"),
                customer=one.own("Mrs"), to_original_owner="no", consignor=one.consignor),
        brought(one.named("as-issued"), TOGETHER, "1", "2026-03-25", lot=one.named("NEXT"),
                customer=one.own("Mrs"), consignor=one.consignor),
        brought(one.named("again"), TOGETHER, "3", "2026-03-20", lot=one.hidden_lot,
                customer=one.own("Mrs"), to_original_owner="no", consignor=one.consignor),
    ):  # fmt: skip
        done(returns.take_back(lines=[line], at=at(line.happened_on.day.isoformat()), **here))
    sent = partial(written, returns.ReturnLine)
    for line in (
        sent(one.named("G1"), TOGETHER, "1", "2026-03-21", lot=one.hidden_lot, owned="no",
             **named),
        *(
            sent(one.named(f"G{n}"), TOGETHER, "1", "2026-03-21", lot=one.hidden_lot, owned="yes",
                 **named)
            for n in (2, 3)
        ),
    ):  # fmt: skip
        done(returns.return_to_supplier(lines=[line], at=at("2026-03-21"), **here))
    turned = written(
        returns.ToConsignedLine,
        one.named("turned"),
        TOGETHER,
        "1",
        "2026-03-25",
        lot=one.named("NEXT"),
        **named,
    )
    done(returns.transfer_to_consigned(lines=[turned], at=at("2026-03-25"), **here))


def ask_back(world: World, one: Programme) -> None:
    """Asked back and credited, after a dispute; asked back, and a credit note is awaited; and a
    request that is on no memo yet."""
    here = {"organization": world.organization(one.organization), "by": one.clerk}
    first = memo(world, one, "2026-03-22")
    credit(world, one, first, "CN-1", "2026-03-23")
    request = written(debits.DebitRequestLine,
        one.named("DR"), one.consignor, one.named("INV-2"), "1", "2026-03-24",
        one.named("too-dear"), amount="0.50",
    )  # fmt: skip
    done(debits.request_debits(lines=[request], at=at("2026-03-24"), **here))
    memo(world, one, "2026-03-24")
    request = rewritten(
        request, reference=one.named("DR2"), happened_on="2026-03-25", amount="0.25"
    )
    done(debits.request_debits(lines=[request], at=at("2026-03-25"), **here))


def memo(world: World, one: Programme, day: str) -> str:
    debits.run_debit_memos(
        consignee=world.party(one.consignee), on=date.fromisoformat(day), by=one.clerk,
        at=at(day), consignor=world.party(one.consignor),
    )  # fmt: skip
    found = models.DebitMemo.objects.filter(agreement__number=one.agreement)
    return str(found.order_by("-pk").values_list("number", flat=True)[0])


def credit(world: World, one: Programme, number: str, note: str, day: str) -> None:
    """A credit note that says a cent more than was asked: held, disputed, accepted."""
    asked = models.DebitMemo.objects.get(number=number)
    lines = [
        Billed(row.line, row.item.code, row.quantity, row.price, row.amount + 1, row.tax_amount)
        for row in asked.lines.select_related("item").order_by("line")
    ]
    consignor = world.party(one.consignor)
    told = credits.CreditNote(
        consignor, one.named(note), date.fromisoformat(day), "USD", lines, number, ""
    )
    done(credits.record_credit_notes(notes=[told], by=one.named("edi"), at=at(day)))
    decided = {"consignor": consignor, "number": one.named(note), "by": one.clerk}
    credits.dispute_credit_note(
        **decided, at=at(day), because=one.named("a-cent"), evidence=one.named("evidence"),
        consignee=world.party(one.consignee),
    )  # fmt: skip
    credits.accept_credit_note(
        **decided, at=at(day), because=one.named("so-be-it"),
        consignee=world.party(one.consignee),
    )  # fmt: skip


def keep_waiting(world: World, one: Programme) -> None:
    """More time is agreed, some goods are on hold, and a lot is recalled."""
    here = {"organization": world.organization(one.organization), "by": one.clerk}
    more = written(aging.ExtensionLine,
        one.named("EXT"), "2026-03-10", one.named("consent"), one.named("R"), "2",
        deadline="aging", days="15",
    )  # fmt: skip
    done(aging.extend(lines=[more], at=at("2026-03-10"), **here))
    hold = written(quality.HoldLine,
        one.named("HOLD"), TOGETHER, "2026-03-12", "1", consignor=one.consignor,
        lot=one.hidden_lot, because=one.named("wet"),
    )  # fmt: skip
    done(quality.hold_goods(lines=[hold], at=at("2026-03-12"), **here))
    lots.hold_lot(
        party=world.party(one.consignee), lot=one.named("NEXT"), because=one.named("recalled"),
        by=one.clerk, at=at("2026-03-26"), item=TOGETHER,
    )  # fmt: skip


def count_and_lose(world: World, one: Programme) -> None:
    """Damaged and scrapped, counted and explained, counted by both and open still."""
    here = {"organization": world.organization(one.organization), "by": one.clerk}
    for outcome in ("block", "scrap"):
        line = written(dispositions.DispositionLine,
            one.named(outcome), TOGETHER, "1", outcome, "2026-03-27", "broken", one.consignor,
            lot=one.hidden_lot,
        )  # fmt: skip
        done(dispositions.dispose_of(lines=[line], at=at("2026-03-27"), **here))
    line = written(dispositions.DispositionLine,
        one.named("waits"), TOGETHER, "1", "block", "2026-03-27", "broken", one.consignor,
        lot=one.hidden_lot,
    )  # fmt: skip
    done(dispositions.dispose_of(lines=[line], at=at("2026-03-27"), **here))
    count_plans.plan_counts(on=date(2026, 3, 30), at=at("2026-03-30"), **here)
    sheets = models.CountSheet.objects.filter(agreement=agreement_id(one))
    sheet = str(sheets.order_by("-number").values_list("reference", flat=True)[0])
    told = written(
        counts.CountLine, sheet, SOLD_BY_SHARE, "12", "2026-03-30", counted_by=one.own("counter")
    )
    for line in (told, rewritten(told, item=one.named("CRATE"), counted="4")):
        done(counts.record_counts(lines=[line], at=at("2026-03-30"), **here))
        done(
            counts.record_counts(
                lines=[rewritten(line,
                        counted="11", counted_by_party="consignor", counted_by=one.named("counter")
                    )],
                at=at("2026-03-30"), **here,
            )
        )  # fmt: skip
    differ = models.CountDifference.objects.filter(agreement=agreement_id(one))
    why = written(differences.SettlingLine, str(differ.order_by("number")[0].number), "stolen")
    done(differences.settle_differences(lines=[why], at=at("2026-03-31"), **here))


def agreement_id(one: Programme) -> int:
    return models.Agreement.objects.get(number=one.agreement).pk


def change_what_was_agreed(world: World, one: Programme) -> None:
    """Terms, prices for days gone by, a price that never was, and what an item is here."""
    told = {"by": one.clerk, "at": at("2026-03-29")}
    amended = written(
        amendments.AmendmentLine,
        one.agreement,
        one.named("AM"),
        "2026-04-06",
        one.named("consent"),
        payment_days="20",
    )
    done(amendments.amend_agreements(lines=[amended], **told))
    changed = written(
        price_changes.PriceChangeLine,
        one.agreement,
        one.named("PC"),
        TOGETHER,
        "2026-03-18",
        "60",
        "2026-03-19",
    )
    done(price_changes.change_prices_retroactively(lines=[changed], **told))
    withdrawn = written(
        price_withdrawals.PriceWithdrawalLine,
        one.agreement,
        one.named("PW"),
        TOGETHER,
        "2027-01-01",
        one.named("never"),
    )
    done(price_withdrawals.withdraw_prices(lines=[withdrawn], **told))
    here = world.organization(one.organization)
    designated = written(
        designations.DesignationLine, KEPT_ALONE, one.kept_as, one.own("because"), one.organization
    )
    assigned = written(
        designations.AssignmentLine, one.named("CRATE"), one.consignor, because=one.own("because")
    )
    done(designations.assign_consignor(organization=here, lines=[assigned], **told))
    done(designations.change_designation(lines=[designated], **told))
    renamed = written(items.ItemLine, one.named("CRATE"), one.named("Crate"), "EA")
    done(items.register_items(lines=[renamed], told_by=RecordedBy(**told)))
    sent = rewritten(agreement_line(one), advice_channel="print")
    done(agreements.register_agreements(lines=[sent], told_by=RecordedBy(**told)))


def act_with_its_own(world: World, one: Programme) -> None:
    """The consignee moves, uses, scraps and holds back what it bought of the consignor outright."""
    day = "2026-03-31"
    here = {"organization": world.organization(one.organization), "by": one.clerk, "at": at(day)}
    mine = one.consignee
    world.use(
        one.organization, day,
        written(Reported, one.named("own"), TOGETHER, "1", day, place="STOCK", consignor=mine,
                 customer=one.own("Mr")),
        source=one.named("till"), by=one.clerk,
    )  # fmt: skip
    moved = written(
        custody.TransferLine,
        one.named("moved"),
        TOGETHER,
        "1",
        "STOCK",
        "GOODS",
        day,
        consignor=mine,
    )
    done(custody.transfer_goods(lines=[moved], **here))
    for outcome in ("block", "scrap"):
        line = written(
            dispositions.DispositionLine,
            one.named(f"own-{outcome}"),
            TOGETHER,
            "1",
            outcome,
            day,
            "broken",
            mine,
            "STOCK",
        )
        done(dispositions.dispose_of(lines=[line], **here))
    hold = written(
        quality.HoldLine, one.named("own-hold"), TOGETHER, day, "1", place="STOCK", consignor=mine
    )
    done(quality.hold_goods(lines=[hold], **here))
