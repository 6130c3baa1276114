"""What never happened is taken back: through files, the command and the API, and whatever became
of the goods meanwhile. Each ends with books in which the use and its void come to nothing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption.issues import Reported, record_consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound.receipts import ReceiptLine, record_receipts
from consigned_service.operations.settlement import advices, exceptions
from consigned_service.operations.settlement.invoices import SupplierInvoice, record_invoices
from consigned_service.queries.consumption.issues import consumption
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.records import models
from consigned_service.records.settlement.advices import read_advices
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.tampering import take_the_guards_away
from tests.service.test_money_faults import planted
from tests.support.databases import Database

MASTERS = {
    "parties": "code,name\nSHOP,Shop\nACME,Acme\nBOLTS,Bolt Brothers\n",
    "organizations": "code,name,party,currency\nS1,Main Street,SHOP,USD\n",
    "places": "organization,code,name,zone,owned\nS1,OWN,Our own,stockroom,yes\n",
    "items": "code,name,unit,ownership\nBOLT,Bolt,EA,\nGLUE,Glue,LTR,\nTAPE,Tape,EA,owned\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency,first_closing_on\n"
    "A-1,ACME,SHOP,USD,2026-01-01,daily,\nA-2,BOLTS,SHOP,USD,2026-01-01,daily,\n",
    "prices": "agreement,item,starts_on,price,unit\nA-1,BOLT,2026-01-01,1.25,\n"
    "A-1,GLUE,2026-01-01,0.335,\n",
}


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Console]:
    console = Console(tmp_path)
    for kind, content in MASTERS.items():
        assert console.imports(kind, content).code == 0
    yield console
    found = audit()
    assert found.breaches == []
    if not models.AdviceCancellation.objects.exists():  # what it told is told by another
        assert broken_laws() == []


def receives(shop: Console, receipt: str, quantity: str, on: str = "2026-11-01", item="BOLT"):
    header = "organization,receipt,line,received_on,agreement,item,quantity\n"
    assert (
        shop.imports("receipts", f"{header}S1,{receipt},1,{on},A-1,{item},{quantity}\n").code == 0
    )


def tells(shop: Console, *lines: str, words: tuple[str, ...] = ()):
    header = "reference,organization,item,quantity,occurred_at,voids,kind,place\n"
    text = header + "".join(line + "," * (7 - line.count(",")) + "\n" for line in lines)
    return shop.imports("consumption", text, "--source", "till", *words)


def owed(shop: Console) -> dict[str, str]:
    sums = {}
    for row in shop("owed", "--json").answer:
        parts = [Decimal(row[name]["amount"]) for name in ("running", "advised", "invoiced")]
        sums[row["agreement"]] = str(sum(parts))
    return {agreement: amount for agreement, amount in sums.items() if Decimal(amount)}


def held(shop: Console) -> dict[tuple[str, str], str]:
    sums: dict[tuple[str, str], int] = {}
    for row in shop("stock", "--json").answer:
        key = (row["item"], row["owner"])
        sums[key] = sums.get(key, 0) + int(row["quantity"]["number"])
    return {key: str(quantity) for key, quantity in sums.items()}


def waiting(shop: Console) -> list[str]:
    return [row["reason"] for row in shop("exceptions", "--json").answer]


def booked(account: str) -> int:
    rows = models.Journal.objects.all()
    return sum(r.amount for r in rows if r.debit == account) - sum(
        r.amount for r in rows if r.credit == account
    )


# --- the till's file -----------------------------------------------------------------------


@pytest.mark.rows("O34", "X20")
@pytest.mark.parametrize("chunk", ["1", "10000"])
@pytest.mark.parametrize(
    "lines",
    [
        ("T-1,S1,BOLT,4,2026-11-05T09:00", "T-1v,S1,BOLT,-4,2026-11-05T09:01"),
        ("T-1,S1,BOLT,4,2026-11-05T09:00", "T-1v,S1,BOLT,-4,2026-11-05T09:01,T-1"),
        ("T-1v,S1,BOLT,-4,2026-11-05T09:01,T-1", "T-1,S1,BOLT,4,2026-11-05T09:00"),
        (
            "T-1,S1,BOLT,4,2026-11-05T09:00", "T-2,S1,BOLT,6,2026-11-05T09:00",
            "T-1v,S1,BOLT,-4,2026-11-05T09:01,T-1", "T-2v,S1,BOLT,-6,2026-11-05T09:02,T-2",
        ),
    ],
    ids=["without a name", "by its name", "before its use", "two of them"],
)  # fmt: skip
def test_sold_and_voided_in_one_file_is_owed_by_nobody(shop: Console, lines, chunk: str):
    receives(shop, "R-1", "10")
    assert tells(shop, *lines, words=("--chunk", chunk)).code == 0
    assert (owed(shop), held(shop), waiting(shop)) == ({}, {("BOLT", "ACME"): "10"}, [])
    shop("run", "advices", "--as", "SHOP")
    assert not models.Advice.objects.exists()


@pytest.mark.parametrize("chunk", ["1", "10000"])
def test_what_follows_a_void_finds_the_goods_where_they_lay(shop: Console, chunk: str):
    receives(shop, "R-1", "10")
    receives(shop, "R-2", "10", "2026-11-02")
    lines = ["A,S1,BOLT,8,2026-11-05", "Av,S1,BOLT,-8,2026-11-05,A", "B,S1,BOLT,10,2026-11-05"]
    assert tells(shop, *lines, words=("--chunk", chunk)).code == 0
    taken = models.Entry.objects.filter(kind="issued").values_list("layer", "quantity")
    assert list(taken) == [(1, 8_000_000), (1, 10_000_000)]


def test_a_sale_of_what_is_not_there_and_its_void_leave_nothing_waiting(shop: Console):
    assert tells(shop, "U-1,S1,BOLT,5,2026-11-05").code == 0
    assert waiting(shop) == ["not-enough-on-hand"]
    assert tells(shop, "U-1v,S1,BOLT,-5,2026-11-05,U-1").code == 0
    assert waiting(shop) == []
    receives(shop, "R-1", "20", "2026-11-05")
    assert shop("exceptions", "--resubmit").code == 0
    assert held(shop) == {("BOLT", "ACME"): "20"}
    assert [end.how for end in models.Resolution.objects.all()] == ["voided"]


def test_a_rest_that_waits_ends_first_and_what_is_left_of_it_waits_on(shop: Console):
    receives(shop, "R-1", "10")
    tells(shop, "U-1,S1,BOLT,15,2026-11-05")
    tells(shop, "U-1v,S1,BOLT,-2,2026-11-05,U-1", "U-1w,S1,BOLT,-1,2026-11-05,U-1")
    (rest,) = shop("exceptions", "--json").answer
    assert rest["quantity"]["number"] == "2"
    tells(shop, "U-1x,S1,BOLT,-12,2026-11-05,U-1")
    assert (waiting(shop), held(shop)) == ([], {("BOLT", "ACME"): "10"})


def test_a_void_waits_for_its_use_and_a_wrong_one_is_refused_with_its_reason(shop: Console):
    receives(shop, "R-1", "10")
    said = tells(shop, "V,S1,BOLT,-3,2026-11-05,T-9", "W,S1,BOLT,3,2026-11-05,T-9")
    assert "takes nothing back" in shop.read("consumption.refused.csv")
    assert waiting(shop) == ["unknown-use"], said
    tells(shop, "T-9,S1,GLUE,3,2026-11-05")
    assert waiting(shop) == ["not-enough-on-hand", "voids-other-goods"]


def test_what_came_back_before_its_sale_was_told_is_charged_to_nobody_once_that_has_a_price(
    shop: Console,
):
    """The return is taken up first, and what it leaves of the sale is then charged."""
    header = "organization,receipt,line,received_on,agreement,item,quantity\n"
    shop.imports("receipts", f"{header}S1,R-1,1,2026-11-01,A-2,BOLT,10\n")
    assert tells(shop, "T-1r,S1,BOLT,-2,2026-11-05").code == 0
    assert tells(shop, "T-1,S1,BOLT,3,2026-11-05").code == 0
    assert waiting(shop) == ["not-enough-issued", "price-missing"]
    shop.imports("prices", "agreement,item,starts_on,price\nA-2,BOLT,2026-01-01,1.50\n")
    said = shop("exceptions", "--resubmit", "--json")
    assert (said.code, waiting(shop), owed(shop)) == (0, [], {"A-2": "1.50"})
    assert said.answer == {"resolved": 2, "waiting": 0}


def test_a_void_of_a_void_in_its_own_file_takes_nothing_back_and_breaks_no_law(shop: Console):
    """Told later it is refused with its line; in one file it waits for somebody to close it."""
    receives(shop, "R-1", "10")
    assert tells(shop, "T-1,S1,BOLT,4,2026-11-05").code == 0
    tells(shop, "V-1,S1,BOLT,-9,2026-11-05,T-9", "V-2,S1,BOLT,-2,2026-11-05,V-1")
    assert shop("exceptions", "--resubmit").code == 0
    assert waiting(shop) == ["unknown-use", "not-a-use"]
    assert (owed(shop), audit().breaches) == ({"A-1": "5.00"}, [])


def test_a_use_paid_for_at_once_is_one_also_where_a_part_of_it_came_back_before_it_had_a_price(
    shop: Console,
):
    """What is left of its first layer waits anew, and so after what is left of the second."""
    terms = "A-3,BOLTS,SHOP,USD,2026-01-01,daily,pay-on-use\n"
    shop.imports(
        "agreements",
        f"number,consignor,consignee,currency,starts_on,frequency,settlement_method\n{terms}",
    )
    header = "organization,receipt,line,received_on,agreement,item,quantity,lot\n"
    shop.imports(
        "receipts",
        f"{header}S1,R-1,1,2026-11-01,A-3,BOLT,10,L1\nS1,R-2,1,2026-11-02,A-3,BOLT,10,L2\n",
    )
    assert tells(shop, "T-1,S1,BOLT,15,2026-11-05").code == 0
    back = "organization,reference,item,quantity,happened_on,lot\nS1,B-1,BOLT,3,2026-11-06,L1\n"
    said = shop.imports("customer-returns", back)
    assert said.code == 0, said.err
    shop.imports("prices", "agreement,item,starts_on,price\nA-3,BOLT,2026-01-01,1.50\n")
    assert shop("exceptions", "--resubmit").code == 0
    advices = models.Advice.objects.values_list("amount", flat=True)
    assert list(advices) == [18_00]


@pytest.mark.parametrize("kind", ["sale", "transfer-to-owned"])
def test_of_several_deliveries_that_are_invoiced_each_is_asked_back_and_costed(
    shop: Console, kind: str
):
    """Four of five are voided, of two deliveries; what is kept of each costs what it did."""
    receives(shop, "R-1", "2")
    receives(shop, "R-2", "8", "2026-11-02")
    at = datetime(2026, 11, 28, 9, tzinfo=UTC)
    organization = models.Organization.objects.get().pk
    sold = written(Reported, "T-1", "BOLT", "5", "2026-11-05", kind=kind)
    void = written(Reported, "T-1v", "BOLT", "-4", "2026-11-29", voids="T-1")
    told = {"organization": organization, "source": "till", "by": "ann"}
    record_consumption(lines=[sold], at=at, **told).or_raise()
    at += timedelta(days=1)
    party = models.Party.objects.get(code="SHOP").pk
    advices.run_advices(consignee=party, on=at.date(), by="ann", at=at)
    _bill(at)
    record_consumption(lines=[void], at=at, **told).or_raise()
    asked = models.DebitRequest.objects.order_by("layer")
    assert list(asked.values_list("quantity", "amount")) == [(1_000_000, 125), (3_000_000, 375)]
    assert booked("inventory") + booked("cost-of-goods-sold") == 125
    assert audit().breaches == []
    take_the_guards_away()
    with planted("UPDATE debit_request SET layer = 2"):
        assert TWICE in {breach.law for breach in audit().breaches}


def test_a_void_told_again_or_in_other_words_changes_nothing(shop: Console):
    receives(shop, "R-1", "10")
    lines = ("T-1,S1,BOLT,4,2026-11-05", "T-1v,S1,BOLT,-4,2026-11-05,T-1")
    for _ in range(2):
        assert tells(shop, *lines).code == 0
    tells(shop, "T-1v,S1,BOLT,-4,2026-11-05")
    assert "told before with other content" in shop.read("consumption.refused.csv")
    assert owed(shop) == {}


# --- what became of the goods meanwhile ----------------------------------------------------


def test_goods_of_ours_come_back_at_what_they_went_out_at_to_the_cent(shop: Console):
    header = "organization,order,line,ordered_on,consignor,item,quantity,price,ownership\n"
    shop.imports("orders", f"{header}S1,PO-1,1,2026-11-01,BOLTS,TAPE,3,0.335,owned\n")
    shop.imports(
        "receipts",
        "organization,receipt,line,received_on,order,order_line,quantity\n"
        "S1,R-9,1,2026-11-01,PO-1,1,3\n",
    )
    before = booked("inventory")
    tells(shop, *(f"T-{n},S1,TAPE,1,2026-11-05" for n in range(3)))
    assert (booked("inventory"), booked("cost-of-goods-sold")) == (0, before)
    tells(shop, *(f"T-{n}v,S1,TAPE,-1,2026-11-05,T-{n}" for n in (1, 0)))
    tells(shop, "T-2v,S1,TAPE,-1,2026-11-05,T-2")
    assert (booked("inventory"), booked("cost-of-goods-sold")) == (before, 0)
    assert held(shop) == {("TAPE", "SHOP"): "3"}


def test_what_a_customer_brought_back_is_not_voided_as_well(shop: Console):
    receives(shop, "R-1", "10")
    tells(shop, "T-1,S1,BOLT,4,2026-11-05", "T-1r,S1,BOLT,-3,2026-11-05")
    tells(shop, "T-1v,S1,BOLT,-4,2026-11-05,T-1")
    (rest,) = shop("exceptions", "--json").answer
    assert (rest["reason"], rest["quantity"]["number"]) == ("more-than-used", "-3")
    assert (owed(shop), held(shop)) == ({}, {("BOLT", "ACME"): "10"})


def test_a_use_of_a_closed_period_is_voided_on_an_open_day(shop: Console):
    receives(shop, "R-1", "10")
    tells(shop, "T-1,S1,BOLT,4,2026-11-05")
    assert shop("close", "S1", "--through", "2026-11-10").code == 0
    tells(shop, "T-1v,S1,BOLT,-4,2026-11-05,T-1")
    assert "closed its books" in shop.read("consumption.refused.csv")
    assert tells(shop, "T-1v,S1,BOLT,-4,2026-11-11,T-1").code == 0
    assert (owed(shop), held(shop)) == ({}, {("BOLT", "ACME"): "10"})
    assert {row.happened_on.isoformat() for row in models.Entry.objects.filter(kind="voided")} == {
        "2026-11-11"
    }


def test_a_void_after_a_count_lets_the_next_count_tell(shop: Console):
    receives(shop, "R-1", "10")
    tells(shop, "T-1,S1,BOLT,4,2026-11-05")
    header = "organization,count_number,item,counted,counted_on,consignor,reason\n"
    shop.imports("counts", f"{header}S1,C-1,BOLT,6,2026-11-06,ACME,\n")
    tells(shop, "T-1v,S1,BOLT,-4,2026-11-07,T-1")
    shop.imports("counts", f"{header}S1,C-2,BOLT,10,2026-11-08,ACME,\n")
    assert held(shop) == {("BOLT", "ACME"): "10"}
    assert all(one.booked == one.counted for one in models.CountDifference.objects.all())


def test_what_is_promised_to_an_order_is_promised_again(shop: Console):
    receives(shop, "R-1", "10")
    header = "organization,reference,item,quantity\n"
    assert shop.imports("reservations", f"{header}S1,ORD-1,BOLT,6\n").code == 0
    header = "reference,organization,item,quantity,occurred_at,reservation,voids\n"
    lines = "T-1,S1,BOLT,6,2026-11-05,ORD-1,\nT-1v,S1,BOLT,-6,2026-11-05,,T-1\n"
    assert shop.imports("consumption", header + lines, "--source", "till").code == 0
    assert models.Reservation.objects.get().quantity_open == 6_000_000


def test_lent_goods_are_their_owners_again(shop: Console):
    shop.imports("items", "code,name,unit,ownership\nRACK,Rack,EA,non-owned\n")
    header = "organization,order,line,ordered_on,consignor,item,quantity,ownership\n"
    shop.imports("orders", f"{header}S1,PO-1,1,2026-11-01,BOLTS,RACK,3,non-owned\n")
    shop.imports(
        "receipts",
        "organization,receipt,line,received_on,order,order_line,quantity\n"
        "S1,R-9,1,2026-11-01,PO-1,1,3\n",
    )
    tells(shop, "T-1,S1,RACK,2,2026-11-05", "T-1v,S1,RACK,-2,2026-11-05,T-1")
    assert held(shop) == {("RACK", "BOLTS"): "3"}


def test_what_has_no_price_waits_for_none_once_it_is_voided(shop: Console):
    shop.imports("agreements", MASTERS["agreements"].splitlines()[0] + "\n"
                 "A-3,BOLTS,SHOP,USD,2026-01-01,daily,\n")  # fmt: skip
    header = "organization,receipt,line,received_on,agreement,item,quantity\n"
    shop.imports("receipts", f"{header}S1,R-3,1,2026-11-01,A-3,GLUE,5\n")
    tells(shop, "T-1,S1,GLUE,5,2026-11-05")
    assert waiting(shop) == ["price-missing"]
    tells(shop, "T-1v,S1,GLUE,-2,2026-11-05,T-1")
    (rest,) = shop("exceptions", "--json").answer
    assert rest["quantity"]["number"] == "3"
    tells(shop, "T-1w,S1,GLUE,-3,2026-11-05,T-1")
    assert (waiting(shop), held(shop)) == ([], {("GLUE", "BOLTS"): "5"})


def test_voided_after_the_advice_it_comes_off_the_next_and_a_cancelled_one_tells_it_again(
    shop: Console,
):
    receives(shop, "R-1", "10")
    tells(shop, "T-1,S1,BOLT,4,2026-11-05")
    now = datetime(2026, 12, 20, 9, tzinfo=UTC)
    party = models.Party.objects.get(code="SHOP").pk
    advices.run_advices(consignee=party, on=now.date(), by="ann", at=now)
    tells(shop, "T-1v,S1,BOLT,-3,2026-11-05,T-1")
    assert owed(shop) == {"A-1": "1.25"}
    number = models.Advice.objects.get().number
    assert shop("cancel", number, "--because", "wrong").code == 0
    assert owed(shop) == {"A-1": "1.25"}
    later = datetime(2027, 1, 20, 9, tzinfo=UTC)
    advices.run_advices(consignee=party, on=later.date(), by="ann", at=later)
    told = models.AdviceLine.objects.exclude(advice__number=number)
    assert sum(line.amount for line in told) == 125


def test_nothing_of_it_needs_a_resubmission_afterwards(shop: Console):
    receives(shop, "R-1", "10")
    tells(shop, "T-1,S1,BOLT,12,2026-11-05", "T-1v,S1,BOLT,-12,2026-11-05,T-1")
    shop_id = models.Organization.objects.get().pk
    at = datetime(2026, 12, 1, tzinfo=UTC)
    assert exceptions.resubmit(organization=shop_id, by="ann", at=at) == (0, 0)


# --- by hand, through the API, along a chain ---------------------------------------------------


def test_a_person_voids_with_a_reason(shop: Console):
    receives(shop, "R-1", "10")
    tells(shop, "T-1,S1,BOLT,4,2026-11-05")
    void = ("void", "T-1", "--organization", "S1", "--source", "till")
    assert shop(*void).code == 2, "a reason is needed"
    assert shop(*void, "--because", "one was sold", "--quantity", "3").code == 0
    assert owed(shop) == {"A-1": "1.25"}
    refused = shop(*void, "--because", "none was", "--quantity", "2")
    assert "3 EA of it voided before; 1 EA can be taken back" in refused.err
    assert shop(*void, "--because", "none was").code == 0
    assert (owed(shop), held(shop)) == ({}, {("BOLT", "ACME"): "10"})
    told = models.Consumption.objects.filter(voids="T-1").values_list("source", "because")
    assert list(told) == [("by hand", "one was sold"), ("by hand", "none was")]
    unknown = shop("void", "T-7", *void[2:], "--because", "x")
    assert "no use T-7 of till was reported" in unknown.err


def test_the_title_history_and_the_page_of_the_use_tell_the_void(shop: Console):
    receives(shop, "R-1", "10")
    tells(shop, "T-1,S1,BOLT,4,2026-11-05", "T-1v,S1,BOLT,-4,2026-11-05,T-1")
    kinds = [row["kind"] for row in shop("title", "BOLT", "--json").answer["entries"]]
    assert kinds.count("voided") == kinds.count("transferred-to-consigned") == 1
    line = consumption(viewer_of_party("SHOP"), "S1", 1)
    assert line
    (void,) = line.voided_by
    assert (void.reference, str(void.quantity)) == ("till T-1v", "4 EA")
    undone = consumption(viewer_of_party("SHOP"), "S1", 2)
    assert undone
    assert undone.voids == "till T-1"


# --- planted in the rows -----------------------------------------------------------------------

LOST, BEYOND, TWICE = (
    "nothing reported is lost", "no use is voided beyond itself", "nothing goes back twice",
)  # fmt: skip
PLANTED = [  # what a program with a mistake would have written        the law that finds it
    ("UPDATE exception_resolution SET quantity = 0 WHERE how = 'voided'", LOST),
    ("UPDATE consumption SET quantity = quantity - 1000000 WHERE voids IS NOT NULL", LOST),
    ("UPDATE consumption SET voids = 'T-2' WHERE reference = 'T-1v'", BEYOND),
    ("UPDATE consumption SET voids = 'nothing' WHERE reference = 'T-1v'", BEYOND),
    ("UPDATE consumption SET voids = 'G-1' WHERE reference = 'T-1v'", BEYOND),
    ("UPDATE charge SET total = 1 WHERE quantity = -3000000", TWICE),
    ("UPDATE reversal SET quantity = quantity + 1000000", TWICE),
]  # fmt: skip


def test_each_fault_of_a_void_is_found_by_its_law(shop: Console):
    receives(shop, "R-1", "10")
    receives(shop, "R-2", "9", item="GLUE")
    tells(shop, "T-2,S1,BOLT,1,2026-11-05", "T-1,S1,BOLT,4,2026-11-05", "G-1,S1,GLUE,9,2026-11-05")
    tells(shop, "T-1v,S1,BOLT,-4,2026-11-05,T-1")
    tells(shop, "T-3,S1,BOLT,3,2026-11-04", "T-4,S1,BOLT,20,2026-11-05")
    at = datetime(2026, 12, 20, 9, tzinfo=UTC)
    party = models.Party.objects.get(code="SHOP").pk
    advices.run_advices(consignee=party, on=at.date(), by="ann", at=at)
    tells(shop, "T-3v,S1,BOLT,-3,2026-11-05,T-3", "T-4v,S1,BOLT,-14,2026-11-05,T-4")
    assert audit().holds
    take_the_guards_away()
    for statement, law in PLANTED:
        with planted(statement):
            assert law in {breach.law for breach in audit().breaches}, statement


# --- in any order --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_what_is_owed_is_what_was_not_voided(shop: Console, seed: int):
    """Uses, voids, customers' returns, advices, invoices and late receipts in random order: what is
    owed, less what is asked back, is what was used and stands; no goods are lost or made."""
    chance = Random(seed)
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    organization = models.Organization.objects.get().pk
    party = models.Party.objects.get(code="SHOP").pk
    came, used = 0, {}

    def tell(reference: str, quantity: int, voids: str = "") -> None:
        line = written(Reported,
            reference, "BOLT", str(quantity), at.date().isoformat(), voids=voids
        )  # fmt: skip
        record_consumption(
            organization=organization, lines=[line], source="till", by="ann", at=at,
            queue_shortages=True,
        ).or_raise()  # fmt: skip

    for step in range(60):
        at += timedelta(hours=chance.choice((1, 5, 30)))
        day = at.date()
        match chance.choice(("use", "use", "void", "void", "return", "advise", "bill", "receive")):
            case "receive":
                came += 5
                line = written(
                    ReceiptLine,
                    f"R-{step}",
                    "1",
                    day.isoformat(),
                    agreement="A-1",
                    item="BOLT",
                    quantity="5",
                )
                record_receipts(organization=organization, lines=[line], by="ann", at=at).or_raise()
            case "use":
                used[f"T-{step}"] = quantity = chance.randint(1, 4)
                tell(f"T-{step}", quantity)
            case "void" if used:
                tell(f"V-{step}", -chance.randint(1, 4), chance.choice(list(used)))
            case "return":
                tell(f"B-{step}", -chance.randint(1, 2))
            case "advise":
                advices.run_advices(consignee=party, on=day, by="ann", at=at)
            case "bill":
                _bill(at)
        exceptions.resubmit(organization=organization, by="ann", at=at)
    assert sum(int(quantity) for quantity in held(shop).values()) + _out() == came
    stands = sum(
        (1 if entry.kind == "transferred-to-owned" else -1) * entry.quantity
        for entry in models.Entry.objects.filter(
            kind__in=("transferred-to-owned", "transferred-to-consigned", "sold-back")
        )
    )
    asked = sum(request.amount for request in models.DebitRequest.objects.all())
    charged = Decimal(owed(shop).get("A-1", "0")) - Decimal(asked) / 100
    assert charged == Decimal("1.25") * stands / 1_000_000


def _out() -> int:
    """What is out of the walls with customers."""
    places = models.Place.objects.filter(zone="customer").values_list("number", flat=True)
    positions = models.Position.objects.filter(place__in=places).values_list("number", flat=True)
    rows = models.Balance.objects.filter(position__in=positions)
    return sum(row.quantity for row in rows) // 1_000_000


def _bill(at: datetime) -> None:
    """Acme invoices the oldest advice that nobody has invoiced."""
    advice = models.Advice.objects.filter(invoices__isnull=True).order_by("pk").first()
    if advice is None:
        return
    (saved,) = read_advices([advice.number]).values()
    told = SupplierInvoice(f"I-{advice.pk}", advice.number, at.date(), advice.currency, saved.lines)
    record_invoices(
        consignor=saved.consignor, invoices=[told], by="ann", at=at
    ).or_raise()  # fmt: skip
