"""Counts and what is told after them, as people tell it: through files and commands."""

from collections import Counter
from pathlib import Path

import pytest

from consigned.counting.late_records import Evenings
from consigned_service import operations
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.ledger import late_records as told_after
from consigned_service.operations.ledger import recoveries as taking_back
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.tampering import take_the_guards_away
from tests.service.test_money_faults import planted

MASTERS = {
    "parties": "code,name\nSHOP,Shop\nACME,Acme\nBOLTS,Bolt Brothers\n",
    "organizations": "code,name,party,currency\nS1,Main,SHOP,USD\nS2,Branch,SHOP,USD\n",
    "places": "organization,code,name,zone\nS1,FLOOR,Floor,shop-floor\nS2,FLOOR,Floor,shop-floor\n",
    "items": "code,name,unit\nBOLT,Bolt,EA\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency,loss_responsibility\n"
    "A-1,ACME,SHOP,USD,2026-01-01,daily,miscount=consignor\n",
    "prices": "agreement,item,starts_on,price\nA-1,BOLT,2026-01-01,1.25\n",
}
HEADS = {
    "receipts": "organization,receipt,line,received_on,agreement,item,quantity",
    "counts": "organization,count_number,item,counted,counted_on,place,reason",
    "consumption": "reference,organization,item,quantity,occurred_at",
    "count-adjustments": "organization,difference,reason",
    "returns": "organization,reference,item,quantity,happened_on,because",
    "transfers": "organization,reference,item,quantity,from_place,to_place,happened_on",
    "interorganization-transfers": "reference,from_organization,item,quantity,from_place,"
    "to_organization,to_place,happened_on",
    "consumption-rules": "rule,party,verdict,kind",
}


class Shop(Console):
    """A shop whose people bring in their files."""

    def told(self, kind: str, *lines: str, code: int = 0) -> str:
        words = ("--source", "till") if kind == "consumption" else ()
        said = self.imports(kind, "\n".join((HEADS[kind], *lines, "")), *words)
        assert said.code == code, said.out + said.err
        return said.out + said.err

    def stock(self, organization: str = "S1") -> dict[tuple[str, str], int]:
        rows = self("stock", "--organization", organization, "--json").answer
        sums: Counter[tuple[str, str]] = Counter()
        for row in rows:
            sums[row["place"], row["owner"]] += int(row["quantity"]["number"])
        return dict(sums)

    def owed(self) -> list[str]:
        rows = self("owed", "--json").answer
        return [row[kind]["amount"] for row in rows for kind in ("running", "advised")]

    def open(self) -> list[str]:
        rows = self("counts", "--json").answer["differences"]
        return [row["still_open"]["number"] for row in rows]

    def is_lawful(self) -> bool:
        said = self("audit")
        assert (said.code, broken_laws()) == (0, []), said.out
        return True


@pytest.fixture
def shop(database, tmp_path):
    opened = Shop(tmp_path)
    for kind, lines in MASTERS.items():
        assert opened.imports(kind, lines).code == 0
    opened.told("receipts", "S1,R-1,1,2026-03-01,A-1,BOLT,10")
    return opened


@pytest.mark.rows("P47", "L23")
def test_what_was_sold_before_a_count_and_told_after_it_ends_the_difference(shop):
    shop.told("counts", "S1,C-1,BOLT,8,2026-03-10,,")
    assert shop.open() == ["-2"]
    shop.told("consumption", "U-1,S1,BOLT,2,2026-03-10T17:00")
    assert shop.open() == []
    said = shop.told("count-adjustments", "S1,1,stolen", code=3)
    assert "what was told since explains it" in said
    assert (shop.stock(), shop.owed()) == ({("STORE", "ACME"): 8}, ["2.50", "0.00"])
    assert shop.is_lawful()


@pytest.mark.rows("P47", "L22")
def test_a_sale_takes_first_what_a_count_wrote_off(shop):
    shop.told("counts", "S1,C-1,BOLT,8,2026-03-10,,stolen")
    assert shop.owed() == ["2.50", "0.00"]
    shop.told("consumption", "U-1,S1,BOLT,2,2026-03-10T17:00")
    assert (shop.stock(), shop.owed()) == ({("STORE", "ACME"): 8}, ["2.50", "0.00"])
    assert shop.open() == []
    shrunk = shop("shrinkage", "--json").answer
    assert [row["missing"]["number"] for row in shrunk["shrinkage"]] == ["0"]
    assert shop.is_lawful()


def test_a_sale_of_all_that_a_count_wrote_off_is_served(shop):
    shop.told("counts", "S1,C-1,BOLT,0,2026-03-10,,miscount")
    shop.told("consumption", "U-1,S1,BOLT,4,2026-03-08T09:00")
    assert (shop.stock(), shop.owed(), shop.open()) == ({}, ["5.00", "0.00"], [])
    assert shop.is_lawful()


def test_a_return_a_transfer_and_a_receipt_told_late_explain_a_difference_too(shop):
    shop.told("counts", "S1,C-1,BOLT,4,2026-03-10,STORE,stolen")
    shop.told("returns", "S1,B-1,BOLT,2,2026-03-09,too many")
    assert (shop.stock(), shop.owed()) == ({("STORE", "ACME"): 4}, ["5.00", "0.00"])
    shop.told("transfers", "S1,T-1,BOLT,3,STORE,FLOOR,2026-03-10")
    assert shop.owed() == ["1.25", "0.00"]
    assert shop.stock() == {("STORE", "ACME"): 4, ("FLOOR", "ACME"): 3}
    shop.told("receipts", "S1,R-2,1,2026-03-05,A-1,BOLT,2")
    assert shop.stock() == {("STORE", "ACME"): 4, ("FLOOR", "ACME"): 3}
    assert (shop.owed(), shop.open()) == (["3.75", "0.00"], [])
    assert shop.is_lawful()


def test_a_receipt_told_late_takes_back_what_a_count_found(shop):
    shop.told("counts", "S1,C-1,BOLT,12,2026-03-10,,miscount")
    assert shop.stock() == {("STORE", "ACME"): 12}
    shop.told("receipts", "S1,R-2,1,2026-03-09,A-1,BOLT,3")
    assert (shop.stock(), shop.open()) == ({("STORE", "ACME"): 12}, [])
    assert shop.is_lawful()


def test_counts_may_be_told_in_any_order(shop):
    shop.told("counts", "S1,C-2,BOLT,0,2026-03-12,,stolen")
    shop.told("counts", "S1,C-1,BOLT,7,2026-03-05,,miscount")
    assert (shop.stock(), shop.owed(), shop.open()) == ({}, ["8.75", "0.00"], [])
    assert shop.is_lawful()


@pytest.mark.rows("E18", "L22")
def test_goods_lost_on_their_way_are_counted_where_they_are(shop):
    shop.told("consumption-rules", "KEEP,SHOP,keep,transfer-between-organizations")
    shop.told("interorganization-transfers", "B-1,S1,BOLT,10,STORE,S2,TRANSIT,2026-03-05")
    shop.told("transfers", "S2,T-1,BOLT,7,TRANSIT,STORE,2026-03-07")
    shop.told("counts", "S2,C-1,BOLT,7,2026-03-08,,stolen")
    assert shop.open() == []
    shop.told("counts", "S2,C-2,BOLT,0,2026-03-08,TRANSIT,stolen")
    assert (shop.stock("S2"), shop.owed()) == ({("STORE", "ACME"): 7}, ["3.75", "0.00"])
    assert [row["quantity"]["number"] for row in shop("arriving", "--json").answer] == []
    (cost,) = shop("shrinkage", "--json").answer["cost"]
    assert (cost["borne_by"], cost["quantity"]["number"]) == ("consignee", "3")
    assert shop.is_lawful()


@pytest.mark.rows("E18")
def test_goods_on_their_way_are_scrapped_where_they_are(shop):
    shop.told("consumption-rules", "KEEP,SHOP,keep,transfer-between-organizations")
    shop.told("interorganization-transfers", "B-1,S1,BOLT,10,STORE,S2,TRANSIT,2026-03-05")
    head = "reference,organization,item,quantity,occurred_at,kind,place\n"
    for reference, kind, place, waits in (
        ("U-1", "scrap", "TRANSIT", 0), ("U-2", "sale", "TRANSIT", 1), ("U-3", "scrap", "", 1),
    ):  # fmt: skip
        line = f"{reference},S2,BOLT,3,2026-03-06,{kind},{place}\n"
        said = shop.imports("consumption", head + line, "--source", "till", "--json")
        assert (said.answer["new"], said.answer["waiting"]) == (1, waits)
    assert (shop.stock("S2"), shop.owed()) == ({("TRANSIT", "ACME"): 7}, ["3.75", "0.00"])
    assert "7 EA on the way, not to be used yet" in shop("exceptions").out
    assert shop.is_lawful()


# --- what the audit sees ---------------------------------------------------------------------


EVENING, ONCE = "a count is held against its evening", "a difference is settled once"


def test_the_audit_sees_what_is_held_against_another_evening(shop):
    shop.told("counts", "S1,C-1,BOLT,8,2026-03-10,,stolen")
    shop.told("consumption", "U-1,S1,BOLT,2,2026-03-10T17:00")
    assert audit().breaches == []
    take_the_guards_away()
    for law, fault in (
        (EVENING, "DELETE FROM told_after_count"),
        (EVENING, "UPDATE told_after_count SET quantity = quantity + 1000000"),
        (EVENING, "UPDATE count_difference SET booked = booked + 1000000"),
        (EVENING, "UPDATE ledger SET counted_through = NULL WHERE counted_through IS NOT NULL"),
        (ONCE, "DELETE FROM count_settlement WHERE takes_back IS NOT NULL"),
        (ONCE, "UPDATE count_settlement SET takes_back = 7 WHERE takes_back IS NOT NULL"),
        (ONCE, "UPDATE count_settlement SET quantity = quantity + 1 WHERE takes_back IS NOT NULL"),
    ):
        with planted(fault):
            assert law in {breach.law for breach in audit().breaches}, fault


@pytest.mark.parametrize(
    ("fault", "law"),
    [
        ((told_after, "follow", lambda row, told: None), EVENING),
        ((Evenings, "take_back", lambda self, *fits: []), ONCE),
        ((Evenings, "changes", lambda self, line: []), EVENING),
    ],
)
def test_the_audit_sees_what_is_charged_beside_a_count(shop, monkeypatch, fault, law):
    monkeypatch.setattr(*fault)
    monkeypatch.setattr(taking_back, "before_use", lambda *batch: {})
    shop.told("counts", "S1,C-1,BOLT,8,2026-03-10,,stolen")
    shop.told("consumption", "U-1,S1,BOLT,2,2026-03-10T17:00")
    assert law in {breach.law for breach in audit().breaches}


def test_every_act_that_moves_goods_holds_counts_against_them():
    """Only acts that move nothing open a posting of their own."""
    folder = Path(operations.__path__[0])
    apart = {
        module.stem
        for module in folder.rglob("*.py")
        if "ledger.posting(" in module.read_text() or "close_posting(" in module.read_text()
    }
    assert apart == {
        "posting", "late_records",  # what every other act goes through
        "count_sheets", "debit_memos", "document_journals", "lots", "parties", "price_changes",
        "purchase_invoices", "reservations", "standard_costs",
    }  # fmt: skip
