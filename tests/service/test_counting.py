"""Counting through the doors: sheets as tables and files, counts and reasons from files, and
counters at work while others sell."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime
from itertools import count as numbers
from threading import Barrier, Thread

import pytest
from django.db import connections

from consigned.counting.counts import NeverHad
from consigned.returns.lines import OwnedLocation
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.counting import count_sheets as count_plans
from consigned_service.operations.counting import counts, differences
from consigned_service.operations.inbound import receipts
from consigned_service.operations.inventory import transfers
from consigned_service.operations.ledger import late_records
from consigned_service.operations.master_data import agreements, items
from consigned_service.operations.returns import returns
from consigned_service.operations.settlement import advices
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.queries.counting import counts as queries
from consigned_service.records import models
from consigned_service.records.audit import facts
from consigned_service.records.counting import late_records as late_told
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.shop import BY, DAY, NOW, open_shop, organization_id, sell
from tests.service.tampering import take_the_guards_away
from tests.service.test_money_faults import planted

LATER = datetime(2026, 3, 20, 9, tzinfo=UTC)


@pytest.fixture
def shop(database):
    open_shop("S1", "S2", shelf=400)
    return organization_id("S1")


@pytest.fixture
def console(shop, tmp_path):
    return Console(tmp_path)


def count(shop: int, *lines: counts.CountLine, at: datetime = NOW):
    return counts.record_counts(organization=shop, lines=lines, by=BY, at=at)


def use(shop: int, *lines: Reported) -> None:
    consumption.record_consumption(
        organization=shop, lines=lines, source="till", by=BY, at=NOW, queue_shortages=True
    ).or_raise()


@pytest.mark.rows("E20", "X08")
def test_a_sheet_is_printed_filled_in_and_brought_in(shop, console):
    said = console("counts", "--due", "--on", DAY, "--organization", "S1", "--json")
    assert said.answer["sheets"] == ["S1-C000001", "S1-C000002"]
    assert "S1-C000001" in console("counts").out
    assert "BOLT" in console("count", "S1-C000001").out
    assert console("count", "S1-C000009").code == 1

    file = console("count", "S1-C000001", "--csv").out
    lines = list(csv.DictReader(io.StringIO(file)))
    assert [line["item"] for line in lines] == ["BOLT"]
    filled = file.replace(",EA,,,consignee,,", f",EA,195,{DAY},consignee,ann,")
    assert console.imports("counts", filled).code == 0
    assert "200 EA" in console("counts").out

    reasons = "organization,difference,reason,quantity\nS1,1,stolen,2\nS1,1,miscount,3\n"
    assert console.imports("count-adjustments", reasons).code == 0
    answer = console("shrinkage", "--json").answer
    assert [row["percent"] for row in answer["shrinkage"]] == ["2.5"]
    assert {(row["reason"], row["borne_by"]) for row in answer["cost"]} == {
        ("stolen", "consignee"), ("stolen", "consignor"), ("miscount", "consignor"),
    }  # fmt: skip
    assert console("audit").code == 0
    assert broken_laws() == []


@pytest.mark.rows("X08")
def test_a_consignor_prints_its_own_sheet_and_counts(shop, console):
    console("counts", "--due", "--on", DAY, "--organization", "S1")
    file = console("count", "S1-C000002", "--csv", "--as", "bolts").out
    assert ",consignor,," in file
    assert console("count", "S1-C000001", "--as", "bolts").code == 1
    filled = file.replace(",EA,,,consignor,,", f",EA,200,{DAY},consignor,bob,")
    assert console.imports("counts", filled).code == 0
    assert models.StockCount.objects.get().counted_by == "bob"


@pytest.mark.rows("E38")
def test_damaged_goods_are_disposed_of_from_a_file(shop, console):
    head = "organization,reference,item,quantity,outcome,happened_on,reason,consignor\n"
    lines = f"S1,1,BOLT,4,block,{DAY},broken,acme\nS1,2,BOLT,3,scrap,{DAY},stolen,acme\n"
    assert console.imports("dispositions", head + lines).code == 0
    answer = console("dispositions", "--json").answer
    assert answer["owned"] == []
    assert [(row["outcome"], row["quantity"]["number"]) for row in answer["consigned"]] == [
        ("waiting", "1"), ("block", "4"), ("scrap", "3"),
    ]  # fmt: skip
    assert "Owned: 0 lines." in console("dispositions").out
    assert broken_laws() == []


def test_a_file_of_counts_may_be_sent_twice(shop, console):
    head = "organization,count_number,item,counted,counted_on,consignor,reason\n"
    lines = f"S1,C,BOLT,190,{DAY},acme,stolen\nS1,C,BOLT,195,{DAY},bolts,\nS2,C,BOLT,9,{DAY},,\n"
    assert console.imports("counts", head + lines).code == 0
    kept = models.StockCount.objects.count(), models.Entry.objects.count()
    again = console.imports("counts", head + lines, "--json").answer
    assert (again["new"], again["repeated"]) == (0, 3)
    assert (models.StockCount.objects.count(), models.Entry.objects.count()) == kept


def test_a_line_that_is_refused_leaves_the_others_alone(shop):
    done = count(
        shop,
        written(counts.CountLine, "C", "BOLT", "199", DAY, "acme", reason="broken"),
        written(counts.CountLine, "C", "BOLT", "900", DAY, reason="broken"),
        written(counts.CountLine, "C", "SCREW", "1", DAY),
        written(counts.CountLine, "C", "BOLT", "199", DAY, "bolts", reason="broken"),
    )
    assert done.new == 2
    assert sorted((line.index, line.refusal.code) for line in done.refused) == [
        (1, "owner-required"), (2, "unknown-item"),
    ]  # fmt: skip
    assert broken_laws() == []


def test_lines_of_one_batch_see_what_those_before_them_settled(shop):
    count(
        shop,
        written(counts.CountLine, "A", "BOLT", "190", DAY, "acme", reason="broken"),
        written(counts.CountLine, "B", "BOLT", "190", DAY, "acme", "STORE", reason="broken"),
        written(counts.CountLine, "C", "BOLT", "385", DAY, reason="stolen"),
    )
    gaps = [d.counted - d.booked for d in models.CountDifference.objects.order_by("number")]
    assert gaps == [-10_000_000, 0, -5_000_000, 0]
    assert audit().holds


@pytest.mark.rows("L23", "P48")
def test_a_count_told_late_leaves_out_what_moved_since(shop):
    """Of the counted evening is the book, whatever was sold, gone or come since then."""
    sell("S1", "till", range(30))
    count(
        shop,
        written(counts.CountLine, "C", "BOLT", "360", "2026-03-05", reason="unknown"),
        at=LATER,
    )
    booked = sum(d.booked for d in models.CountDifference.objects.all())
    assert booked == 400_000_000
    assert audit().holds


def test_what_a_count_wrote_off_of_one_item_is_used_as_no_other(shop):
    """Five bolts were sold while those that the count missed had not come; rivets never came."""
    items.register_items(lines=[written(items.ItemLine, "RIVET", "", "EA")]).or_raise()
    use(shop, written(Reported, "0", "BOLT", "100", "2026-03-01", consignor="acme"))
    count(shop, written(counts.CountLine, "C", "BOLT", "90", DAY, "acme", reason="stolen"))
    use(
        shop,
        written(Reported, "1", "BOLT", "5", "2026-03-02"),
        written(Reported, "2", "RIVET", "3", DAY),
    )
    (waits,) = models.WaitingException.objects.all()
    assert (waits.item.code, waits.quantity) == ("RIVET", 3_000_000)
    assert (audit().breaches, broken_laws()) == ([], [])


@pytest.mark.parametrize("whose", ["goods that stay the consignor's", "our own"])
def test_what_cannot_become_ours_is_not_taken_back_to_become_ours(shop, whose):
    """Five were missed of goods that nobody may buy, or that are bought: what is to become ours
    late that day waits, and they stay gone."""
    items.register_items(lines=[written(items.ItemLine, "RIVET", "", "EA")]).or_raise()
    kept = {"title_rule": "never"} if whose != "our own" else {}
    agreed = written(
        agreements.AgreementLine,
        "N",
        "acme",
        "northwind",
        "USD",
        "2026-01-01",
        frequency="daily",
        **kept,
    )
    agreements.register_agreements(lines=[agreed]).or_raise()
    came = written(
        receipts.ReceiptLine, "R8", "1", "2026-03-02", agreement="N", item="RIVET", quantity="10"
    )
    receipts.record_receipts(organization=shop, lines=[came], by=BY, at=NOW).or_raise()
    owner = "acme"
    if not kept:
        owner = "northwind"
        use(shop, written(Reported, "0", "RIVET", "10", "2026-03-02", kind="transfer-to-owned"))
    count(shop, written(counts.CountLine, "C", "RIVET", "5", DAY, owner, reason="broken"))
    use(shop, written(Reported, "1", "RIVET", "3", DAY, kind="transfer-to-owned"))
    (waits,) = models.WaitingException.objects.filter(reason="not-enough-on-hand")
    assert (waits.item.code, waits.quantity) == ("RIVET", 3_000_000)
    assert _lying(shop)[owner] == (205 if kept else 5)
    assert (audit().breaches, broken_laws()) == ([], [])


def test_nothing_of_a_consignor_is_found_in_an_owned_place(shop):
    """What is too much there is found as Northwind's own, once it had any."""
    with pytest.raises(OwnedLocation, match="STOCK keeps only goods that are ours"):
        count(shop, _in_stock("A", "3", "acme")).or_raise()
    count(shop, _in_stock("B", "0", "acme")).or_raise()
    with pytest.raises(NeverHad, match="3 EA of BOLT of northwind"):
        count(shop, _in_stock("C", "3")).or_raise()
    use(shop, written(Reported, "0", "BOLT", "5", DAY, kind="transfer-to-owned"))
    count(shop, _in_stock("D", "3")).or_raise()
    assert _lying(shop)["northwind"] == 8
    assert (audit().breaches, broken_laws()) == ([], [])


def _in_stock(reference: str, counted: str, consignor: str = "") -> counts.CountLine:
    return written(
        counts.CountLine, reference, "BOLT", counted, DAY, consignor, "STOCK", reason="miscount"
    )


@pytest.mark.parametrize("sold", [1, 3, 5])
def test_what_two_counts_of_an_evening_wrote_off_is_taken_back_for_good(shop, sold):
    """The second count took the place of the first; what that wrote off is nobody's to explain."""
    count(shop, written(counts.CountLine, "A", "BOLT", "196", DAY, "acme", reason="stolen"))
    count(shop, written(counts.CountLine, "B", "BOLT", "195", DAY, "acme", reason="stolen"))
    use(shop, written(Reported, "1", "BOLT", str(sold), DAY, consignor="acme"))
    back = models.CountSettlement.objects.filter(takes_back__isnull=False)
    assert sum(back.values_list("quantity", flat=True)) == sold * 1_000_000
    assert queries.open_differences(viewer_of_party("northwind")).rows == []
    assert (audit().breaches, broken_laws()) == ([], [])
    take_the_guards_away()
    with planted("DELETE FROM count_settlement WHERE reason = 'recounted' AND quantity < 0"):
        assert any("another count took its place" in one.sentence for one in audit().breaches)


def advised_as_missing(shop: int, counted: str) -> None:
    """A count of Acme's goods, the rest of which was broken; an advice has told so."""
    count(shop, written(counts.CountLine, "C", "BOLT", counted, DAY, "acme", reason="broken"))
    advise()


def advise() -> None:
    ours = models.Party.objects.get(code="northwind").pk
    advices.run_advices(consignee=ours, on=date(2026, 3, 8), by=BY, at=LATER)


@pytest.mark.rows("P47", "P48")
@pytest.mark.parametrize("counted", ["190", "0"])
@pytest.mark.parametrize("consignor", ["acme", ""])
@pytest.mark.parametrize("batches", [1, 2])
def test_what_an_advice_told_as_missing_explains_a_count_by_name_when_it_is_sold(
    shop, counted, consignor, batches
):
    """It is sold as the consignee's own, which a count of Acme's goods does not count; and still it
    is of what that count missed, and nothing else of Acme's is sold for it."""
    advised_as_missing(shop, counted)
    said = [written(Reported, n, "BOLT", "2", DAY, consignor=consignor) for n in "12"]
    for lines in [said] if batches == 1 else [[line] for line in said]:
        use(shop, *lines)
    assert _lying(shop) == {"bolts": 200} | ({"acme": 190} if counted == "190" else {})
    assert (still_open(), models.WaitingException.objects.count()) == ([], 0)
    missed = models.ToldAfterCount.objects.values_list("quantity", flat=True)
    assert sum(missed) == -4_000_000
    assert (audit().breaches, broken_laws()) == ([], [])


def test_what_came_back_and_left_as_ours_from_a_place_that_was_counted_explains_it(shop):
    """All of Acme's were missed in the store, and four of them had been moved."""
    line = written(counts.CountLine, "C", "BOLT", "0", DAY, "acme", "STORE", reason="broken")
    count(shop, line).or_raise()
    advise()
    for number in "12":
        move = written(transfers.TransferLine, number, "BOLT", "2", "STORE", "STOCK", DAY)
        transfers.transfer_goods(organization=shop, lines=[move], by=BY, at=LATER).or_raise()
    assert (still_open(), audit().breaches, broken_laws()) == ([], [], [])


def test_the_audit_works_out_what_left_as_ours(shop, monkeypatch):
    advised_as_missing(shop, "190")
    monkeypatch.setattr(late_told, "left_as_own", lambda came, moves: iter(()))
    use(shop, written(Reported, "1", "BOLT", "2", DAY, consignor="acme"))
    (breach,) = audit().breaches
    assert (breach.law, breach.sentence) == (
        "a count is held against its evening",
        "the book of that evening is 198, and the count is held against 200",
    )


def test_a_receipt_that_is_taken_back_explains_nothing_that_others_are_missing(shop):
    """R1 is Bolts'; what a count missed is Acme's."""
    count(shop, written(counts.CountLine, "C", "BOLT", "190", DAY, "acme", reason="broken"))
    line = written(returns.ReceiptReversalLine, "B", "R1", "1", DAY, "received twice", "5")
    returns.reverse_receipts(organization=shop, lines=[line], by=BY, at=NOW).or_raise()
    settled = models.CountSettlement.objects.values_list("quantity", flat=True)
    assert list(settled) == [-10_000_000]
    assert (audit().breaches, broken_laws()) == ([], [])


@pytest.mark.rows("L22")
@pytest.mark.parametrize("what", ["a use is voided", "a receipt comes late"])
def test_what_was_found_as_ours_among_a_consignors_goods_is_lost_again_as_ours(shop, what):
    """Ten of Acme's that were missed became ours, and are found as ours. Then it is told that ten
    more of Acme's lay there that evening: nothing was found."""
    found_as_ours(shop, reason="miscount")
    more_was_there(shop, what, "10")
    assert _lying(shop) == {"acme": 190, "bolts": 200}
    assert queries.open_differences(viewer_of_party("northwind")).rows == []
    assert (audit().breaches, broken_laws()) == ([], [])


def _lying(organization: int) -> dict[str, int]:
    """How much of each owner's goods lies here."""
    here = {"organization": organization}
    owners = dict(models.Position.objects.filter(**here).values_list("number", "owner__code"))
    sums: Counter[str] = Counter()
    for balance in models.Balance.objects.filter(is_outer=False, **here):
        sums[owners[balance.position]] += balance.quantity // 1_000_000
    return dict(sums)


def settle(shop: int, *said: tuple[int, str], at: datetime = NOW) -> list[str]:
    """Say why differences are; answers what was refused."""
    lines = [written(differences.SettlingLine, str(number), reason) for number, reason in said]
    done = differences.settle_differences(organization=shop, lines=lines, by=BY, at=at)
    return [line.refusal.code for line in done.refused]


def both_counted(shop: int, ours: dict[str, str], theirs: dict[str, str]) -> None:
    """Both parties count for one count, the consignee first."""
    for side, said in (("consignee", ours), ("consignor", theirs)):
        line = written(counts.CountLine, "C", "BOLT", counted_on=DAY, counted_by_party=side, **said)
        count(shop, line).or_raise()


def still_open() -> list[tuple[int, str]]:
    found = queries.open_differences(viewer_of_party("northwind")).rows
    return [(one.number, str(one.still_open)) for one in found]


def test_what_the_other_party_counts_after_a_decision_follows_what_is_told_meanwhile(shop):
    """One was broken; then Acme counted 200, and three of that evening's sales are told, for which
    the one is taken back: the book of the evening is 197, and Acme's count three above it."""
    both_counted(
        shop,
        {"counted": "199", "consignor": "acme", "reason": "broken"},
        {"counted": "200", "consignor": "acme"},
    )
    use(shop, written(Reported, "1", "BOLT", "3", DAY, consignor="acme"))
    assert (audit().breaches, still_open()) == ([], [(1, "2 EA"), (2, "3 EA")])
    assert settle(shop, (2, "miscount")) == []
    assert (audit().breaches, broken_laws(), still_open()) == ([], [], [])


def test_what_was_missing_when_the_other_party_counted_is_settled_once(shop):
    """Both counted 190; the consignor says at once that ten were stolen."""
    both_counted(
        shop,
        {"counted": "190", "consignor": "acme"},
        {"counted": "190", "consignor": "acme", "reason": "stolen"},
    )
    assert (audit().breaches, still_open()) == ([], [])
    assert settle(shop, (1, "stolen")) == ["difference-settled"]
    use(shop, written(Reported, "1", "BOLT", "3", DAY, consignor="acme"))
    assert (audit().breaches, broken_laws(), still_open()) == ([], [], [])


def test_of_two_differences_of_one_count_told_together_the_first_decides(shop):
    both_counted(
        shop, {"counted": "190", "consignor": "acme"}, {"counted": "195", "consignor": "acme"}
    )
    assert settle(shop, (2, "stolen"), (1, "stolen")) == ["difference-settled"]
    assert (audit().breaches, broken_laws(), still_open()) == ([], [], [])
    take_the_guards_away()
    with planted("DELETE FROM count_settlement WHERE reason = 'recounted'"):
        assert any("another count took its place" in one.sentence for one in audit().breaches)


@pytest.mark.rows("E10")
@pytest.mark.parametrize("kind", ["production", "backflush", "sale"])
def test_what_a_count_wrote_off_goes_into_no_product_before_it_may(shop, kind):
    """Nothing else lies there under the agreement that says so: all of it was missing."""
    items.register_items(lines=[written(items.ItemLine, "VALVE", "", "EA")]).or_raise()
    terms = written(agreements.AgreementLine,
        "A-test", "bolts", "northwind", "USD", "2026-01-01", frequency="daily",
        title_rule="on-completion", title_after_inspection="yes",
    )  # fmt: skip
    agreements.register_agreements(lines=[terms]).or_raise()
    price = written(agreements.PriceLine, "A-test", "VALVE", "2026-01-01", "5")
    agreements.register_prices(lines=[price]).or_raise()
    came = written(
        receipts.ReceiptLine, "R", "1", DAY, agreement="A-test", item="VALVE", quantity="3"
    )
    receipts.record_receipts(organization=shop, lines=[came], by=BY, at=NOW).or_raise()
    count(shop, written(counts.CountLine, "C", "VALVE", "0", DAY, "bolts", reason="stolen"))
    use(
        shop,
        written(
            Reported, "1", "VALVE", "2", DAY, kind=kind, work_order="" if kind == "sale" else "W"
        ),
    )
    waits = list(models.WaitingException.objects.values_list("quantity", flat=True))
    settled = models.CountSettlement.objects.order_by("number").values_list("quantity", flat=True)
    if kind == "sale":
        assert (waits, list(settled)) == ([], [-3_000_000, 2_000_000])
    else:
        assert (waits, list(settled)) == ([2_000_000], [-3_000_000])
    assert (audit().breaches, broken_laws()) == ([], [])


@pytest.mark.parametrize("batches", [1, 2])
def test_sales_around_a_count_may_be_told_together_or_one_by_one(shop, batches):
    """Five bolts were sold before those that the count missed had come, and three of them."""
    use(shop, written(Reported, "0", "BOLT", "100", "2026-03-01", consignor="acme"))
    count(shop, written(counts.CountLine, "C", "BOLT", "90", DAY, "acme", reason="stolen"))
    told = [
        written(Reported, "1", "BOLT", "5", "2026-03-02"),
        written(Reported, "2", "BOLT", "3", DAY, consignor="acme"),
    ]
    for nth in range(batches):
        use(shop, *told[nth::batches])
    settled = models.CountSettlement.objects.order_by("number").values_list("quantity", flat=True)
    assert list(settled) == [-10_000_000, 3_000_000]
    assert queries.open_differences(viewer_of_party("northwind")).rows == []
    assert (audit().breaches, broken_laws()) == ([], [])


@pytest.mark.rows("P47")
def test_what_has_no_price_yet_waits_as_a_count_and_not_as_a_purchase(shop, console):
    price = "agreement,item,starts_on,price\nA-new,OIL,2026-04-01,2.00\n"
    console.imports("items", "code,name,unit\nOIL,Oil,LTR\n")
    console.imports(
        "agreements",
        "number,consignor,consignee,currency,starts_on,frequency\n"
        "A-new,acme,northwind,USD,2026-01-01,daily\n",
    )
    console.imports("prices", price)
    console.imports(
        "receipts",
        "organization,receipt,line,received_on,agreement,item,quantity\n"
        "S1,R-OIL,1,2026-03-05,A-new,OIL,10\n",
    )
    done = count(shop, written(counts.CountLine, "C", "OIL", "8", DAY, reason="broken"))
    assert done.waiting == 1
    earlier = "agreement,item,starts_on,ends_on,price\nA-new,OIL,2026-01-01,2026-04-01,3.00\n"
    assert console.imports("prices", earlier).code == 0
    assert "1 exception" in console("exceptions", "--resubmit").out
    total = models.Total.objects.get(item__code="OIL")
    assert (total.kind, total.quantity, total.price) == ("count", 2_000_000, 3_000_000)
    assert broken_laws() == []
    assert audit().holds


def test_a_difference_is_settled_by_one_of_two_who_settle_it_at_once(shop):
    count(shop, written(counts.CountLine, "C", "BOLT", "190", DAY, "acme"))
    at_once, ends, lock = Barrier(2), [], numbers()

    def settle(reason: str) -> None:
        at_once.wait()
        try:
            done = differences.settle_differences(
                organization=shop,
                lines=[written(differences.SettlingLine, "1", reason)],
                by=BY,
                at=NOW,
            )
            ends.append([line.refusal.code for line in done.refused])
        finally:
            connections.close_all()
            next(lock)

    threads = [Thread(target=settle, args=(reason,)) for reason in ("broken", "stolen")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == [[], ["difference-settled"]]
    assert audit().holds


@pytest.mark.rows("L21")
def test_a_rate_is_exact_to_six_decimals(shop):
    models.Item.objects.update(counted_by="weight")
    count(shop, written(counts.CountLine, "C", "BOLT", "199.999999", DAY, "acme"))
    rows = queries.shrinkage(viewer_of_party("northwind"))
    assert [row.percent for row in rows] == ["0"]
    count(shop, written(counts.CountLine, "D", "BOLT", "133.333333", DAY, "bolts"))
    rows = queries.shrinkage(viewer_of_party("bolts"))
    assert [row.percent for row in rows] == ["33.333334"]


@pytest.mark.rows("E20")
def test_a_day_that_was_missed_is_caught_up_once(shop):
    first = count_plans.plan_counts(organization=shop, on=date(2026, 3, 6), by=BY, at=NOW)
    much_later = NOW.replace(month=7)
    again = [
        count_plans.plan_counts(organization=shop, on=date(2026, 7, 6), by=BY, at=much_later)
        for _ in range(2)
    ]
    assert len(first.sheets) == 2
    assert [len(plan.sheets) for plan in again] == [2, 0]


@pytest.mark.rows("L20", "L21")
def test_counting_again_without_finding_more_lowers_no_shrinkage(shop, console):
    count(shop, written(counts.CountLine, "A", "BOLT", "180", DAY, "acme", reason="stolen"))
    for again in "BCD":
        count(shop, written(counts.CountLine, again, "BOLT", "180", DAY, "acme"))
    (row,) = console("shrinkage", "--agreement", "A-acme", "--json").answer["shrinkage"]
    assert (row["missing"]["number"], row["percent"]) == ("20", "10")
    count(shop, written(counts.CountLine, "E", "BOLT", "170", DAY, "acme"))
    count(shop, written(counts.CountLine, "F", "BOLT", "170", DAY, "acme"))
    (row,) = console("shrinkage", "--agreement", "A-acme", "--json").answer["shrinkage"]
    assert (row["missing"]["number"], row["percent"]) == ("30", "15")


def found_as_ours(shop: int, *, reason: str = "") -> None:
    """Ten of Acme's that were missed became ours, and are found as ours by a count of Acme's."""
    use(shop, written(Reported, "1", "BOLT", "10", "2026-03-05", consignor="acme"))
    count(
        shop, written(counts.CountLine, "A", "BOLT", "180", "2026-03-05", "acme", reason="broken")
    )
    count(shop, written(counts.CountLine, "B", "BOLT", "190", DAY, "acme", "STORE", reason=reason))
    if not reason:
        assert settle(shop, (2, "miscount")) == []
    assert _lying(shop) == {"acme": 180, "bolts": 200, "northwind": 10}


def more_was_there(shop: int, what: str, quantity: str) -> None:
    """It is told late that more of Acme's lay there on the evening that was counted."""
    if what == "a use is voided":
        use(shop, written(Reported, "1v", "BOLT", f"-{quantity}", DAY, voids="1"))
    else:
        line = written(
            receipts.ReceiptLine, "R9", "1", DAY, agreement="A-acme", item="BOLT", quantity=quantity
        )
        receipts.record_receipts(organization=shop, lines=[line], by=BY, at=LATER).or_raise()


LEAVES = [  # how what was found leaves       what is told then           how much   left open
    ("sold", "a receipt comes late", "10", "-10 EA"),
    ("sold", "a receipt comes late", "14", "-14 EA"),
    ("sold", "a receipt comes late", "4", "-4 EA"),
    ("sold", "a use is voided", "10", "-10 EA"),
    ("moved", "a receipt comes late", "14", "-14 EA"),
]


@pytest.mark.rows("L22")
@pytest.mark.parametrize(("how", "what", "quantity", "left"), LEAVES)
def test_what_was_found_and_has_left_is_not_lost_again(shop, how, what, quantity, left):
    """The find stands, and as many of Acme's are missing: somebody says that they were sold, and
    Acme is owed for them."""
    found_as_ours(shop)
    if how == "sold":
        use(shop, written(Reported, "2", "BOLT", "10", DAY, consignor="northwind"))
    else:
        line = written(
            transfers.TransferLine, "2", "BOLT", "10", "STORE", "STOCK", DAY, consignor="northwind"
        )
        transfers.transfer_goods(organization=shop, lines=[line], by=BY, at=NOW).or_raise()
    kept = _lying(shop).get("northwind", 0)
    assert facts.found_and_gone(shop, 2) == 0
    more_was_there(shop, what, quantity)
    assert still_open() == [(2, left)]
    assert facts.found_and_gone(shop, 2) == min(10, int(quantity)) * 1_000_000
    assert (audit().breaches, broken_laws()) == ([], [])
    assert settle(shop, (2, "sold")) == []
    assert _lying(shop) == {"acme": 180, "bolts": 200} | ({"northwind": kept} if kept else {})
    assert (audit().breaches, broken_laws(), still_open()) == ([], [], [])


def test_a_find_that_stands_beside_what_explains_it_is_found_out(shop, monkeypatch):
    """What was found lies there still when it is told what explains it, and is not lost again."""
    found_as_ours(shop)
    monkeypatch.setattr(late_records._Work, "lose_again", lambda work: None)
    more_was_there(shop, "a receipt comes late", "10")
    (breach,) = audit().breaches
    assert breach.sentence == "it is 0, and 10 are settled"
