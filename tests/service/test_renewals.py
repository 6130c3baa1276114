"""Goods that pass to another agreement of the same two parties, by both parties' consent."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consigned.measure.identity import OrganizationId
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.core.lines import written
from consigned_service.operations.inventory import renewals
from consigned_service.operations.master_data import users
from consigned_service.records import models
from tests.service.console import Console, Said
from tests.service.lawful import broken_laws
from tests.service.test_amendments import on
from tests.service.test_changing_terms import Fault, unseen
from tests.support.databases import Database

MASTERS = {
    "parties": "code,name\nSHOP,Shop\nACME,Acme\nBOLTS,Bolt Brothers\n",
    "organizations": "code,name,party,currency,pick_order\nS1,Main,SHOP,USD,oldest-first\n"
    "S2,Branch,SHOP,USD,oldest-first\nHUB,Hub,ACME,USD,\n",
    "places": "organization,code,name,zone\nS1,BAR,Bar,consigned-store\n",
    "items": "code,name,unit\nBOLT,Bolt,EA\nNUT,Nut,EA\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency,title_rule,"
    "sourced_from,aging_days,usage_basis\n"
    "A-1,ACME,SHOP,USD,2026-01-01,daily,,,60,\n"
    "A-2,ACME,SHOP,EUR,2026-01-01,daily,,,90,\n"
    "A-3,ACME,SHOP,USD,2026-01-01,daily,,,,\n"
    "A-N,ACME,SHOP,USD,2026-01-01,daily,never,,,\n"
    "A-H,ACME,SHOP,USD,2026-01-01,daily,,HUB,,\n"
    "B-1,BOLTS,SHOP,USD,2026-01-01,daily,,,,\n",
    "prices": "agreement,item,starts_on,price\nA-1,BOLT,2026-01-01,1.00\n"
    "A-2,BOLT,2026-01-01,2.00\nA-3,BOLT,2026-01-01,4.00\nA-1,NUT,2026-01-01,1.00\n",
}
HEADS = {
    "receipts": "organization,receipt,line,received_on,agreement,item,quantity,lot",
    "renewals": "organization,reference,agreement,new_agreement,happened_on,consent,agreed_on",
    "consumption": "reference,organization,item,quantity,occurred_at",
    "counts": "organization,count_number,item,counted,counted_on,place,reason",
    "count-adjustments": "organization,difference,reason",
    "holds": "organization,reference,item,quantity,happened_on,because",
    "transfers": "organization,reference,item,quantity,from_place,to_place,happened_on",
    "dispositions": "organization,reference,outcome,item,quantity,happened_on,reason",
    "aging-transfers": "organization,reference,happened_on,receipt,line,quantity",
    "returns": "organization,reference,item,quantity,happened_on,receipt,line,because",
}


class Shop(Console):
    def asks(self, *words: str) -> Said:
        return self(*words, "--as", "SHOP")

    def tell(self, day: str, kind: str, *lines: str) -> Said:
        words = ("--source", "till") if kind == "consumption" else ()
        with on(day):
            return self.imports(kind, "\n".join((HEADS[kind], *lines, "")), *words)

    def told(self, day: str, kind: str, *lines: str) -> Said:
        said = self.tell(day, kind, *lines)
        assert said.code == 0, said.out + said.err
        return said

    def renewed(self, day: str, reference: str = "RN-1", old: str = "A-1", new: str = "A-2",
                organization: str = "S1", told_on: str = "") -> Said:  # fmt: skip
        line = f"{organization},{reference},{old},{new},{day},Ms Lane letter 17,2026-03-01"
        return self.tell(told_on or day, "renewals", line)

    def owed(self) -> dict[str, str]:
        rows = self.asks("owed", "--json").answer
        return {row["agreement"]: row["running"]["amount"] for row in rows}

    def under(self, agreement: str) -> int:
        rows = self.asks("stock", "--agreement", agreement, "--json").answer
        return sum(int(row["quantity"]["number"]) for row in rows)


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Shop:
    at_the_console = Shop(tmp_path)
    for kind, lines in MASTERS.items():
        said = at_the_console.imports(kind, lines)
        assert said.code == 0, said.err
    at_the_console.told("2026-03-02", "receipts", "S1,R-1,1,2026-03-02,A-1,BOLT,100,L1")
    return at_the_console


def test_goods_pass_and_both_parties_read_by_whose_word(shop: Shop) -> None:
    said = shop.renewed("2026-03-10")
    assert "1 new" in said.out
    assert (shop.under("A-1"), shop.under("A-2")) == (0, 100)
    (layer,) = models.Layer.objects.exclude(from_layer=None)
    assert (str(layer.received_on), layer.lot, layer.receipt_line) == ("2026-03-02", "L1", 1)
    for party in ("SHOP", "ACME"):
        for number, way, other in (("A-1", "to", "A-2"), ("A-2", "from", "A-1")):
            (told,) = shop("agreement", number, "--as", party, "--json").answer["renewals"]
            assert (told["way"], told["other"], told["happened_on"]) == (way, other, "2026-03-10")
            assert (told["quantity"]["number"], told["consent"]) == ("100", "Ms Lane letter 17")
            assert f"{way} {other}" in shop("agreement", number, "--as", party).out
        users.add_user(name=party.lower(), party=party, password="open sesame 9")
        client = Client()
        assert client.login(username=party.lower(), password="open sesame 9")
        shown = client.get("/agreements/A-2/").content.decode()
        assert "Goods passed to or from another agreement" in shown
        assert "Ms Lane letter 17" in shown
    assert shop("agreement", "A-2", "--as", "BOLTS").code == 1
    entries = shop.asks("title", "BOLT", "--json").answer["entries"]
    assert [one["reference"] for one in entries if one["kind"] == "renewed"] == ["RN-1", "RN-1"]
    assert audit().breaches == []
    assert broken_laws() == []


def test_a_renewal_told_twice_is_told_once_and_another_under_its_number_is_refused(
    shop: Shop,
) -> None:
    shop.renewed("2026-03-10")
    assert "1 repeated" in shop.renewed("2026-03-10").out
    assert "told before with other content" in shop.renewed("2026-03-10", new="A-3").err
    assert models.Renewal.objects.count() == 1


REFUSED = [
    ("A-1", "B-1", "not between the parties of A-1"),
    ("A-1", "A-H", "A-H"),
    ("A-3", "A-2", "no goods that lay at S1 under A-3"),
    ("A-X", "A-2", "no agreement has the number"),
]


@pytest.mark.parametrize(("old", "new", "says"), REFUSED)
def test_what_cannot_pass_is_refused_and_its_number_stays_free(
    shop: Shop, old: str, new: str, says: str
) -> None:
    said = shop.renewed("2026-03-10", old=old, new=new)
    assert (said.code, says in said.err) == (3, True)
    assert "1 new" in shop.renewed("2026-03-10").out


def test_without_the_consignors_consent_nothing_passes(shop: Shop) -> None:
    for line in ("S1,RN-1,A-1,A-2,2026-03-10,,2026-03-01", "S1,RN-1,A-1,A-2,2026-03-10,Ms Lane,",
                 "S1,RN-1,A-1,A-2,2026-03-10,Ms Lane,2026-03-11"):  # fmt: skip
        assert shop.tell("2026-03-10", "renewals", line).code == 3
    assert "1 new" in shop.renewed("2026-03-10").out


def test_holds_go_on_with_the_goods_by_their_reasons(shop: Shop) -> None:
    shop.told(
        "2026-03-05", "holds", "S1,H-1,BOLT,5,2026-03-05,rust", "S1,H-2,BOLT,3,2026-03-05,dent"
    )
    before = shop.asks("holds", "--json").answer
    shop.renewed("2026-03-10")
    after = shop.asks("holds", "--json").answer
    said = [{(one["reference"], one["because"], one["quantity"]["number"], one["since"])
             for one in holds} for holds in (before, after)]  # fmt: skip
    assert said[0] == said[1]
    assert len(said[1]) == 2
    with on("2026-03-11"):
        free = shop.imports("releases", "organization,reference,item,happened_on,hold\n"
                            "S1,F-1,BOLT,2026-03-11,H-1\n")  # fmt: skip
    assert free.code == 0, free.err
    assert [one["reference"] for one in shop.asks("holds", "--json").answer] == ["H-2"]
    assert audit().breaches == []


def test_a_recalled_lot_stays_on_hold(shop: Shop) -> None:
    with on("2026-03-05"):
        assert shop.asks("lot", "L1", "--hold", "--because", "REC-1").code == 0
    assert "1 new" in shop.renewed("2026-03-10").out
    use = shop.tell("2026-03-11", "consumption", "U-1,S1,BOLT,1,2026-03-11")
    assert "waiting: 1 exception" in use.out
    assert audit().breaches == []


def test_goods_pass_to_an_agreement_under_which_title_never_passes_and_back(shop: Shop) -> None:
    shop.renewed("2026-03-10", new="A-N")
    shop.told("2026-03-11", "consumption", "U-1,S1,BOLT,1,2026-03-11")
    assert shop.owed() == {}
    shop.told("2026-03-12", "consumption", "U-2,S1,BOLT,2,2026-03-09")
    assert shop.owed() == {"A-1": "2.00"}
    shop.renewed("2026-03-13", "RN-2", "A-N", "A-1")
    shop.told("2026-03-14", "consumption", "U-3,S1,BOLT,3,2026-03-13", "U-4,S1,BOLT,1,2026-03-12")
    assert shop.owed() == {"A-1": "5.00"}
    assert audit().breaches == []
    assert broken_laws() == []


def test_damage_of_a_day_before_is_borne_as_agreed_then(shop: Shop) -> None:
    shop.told("2026-03-08", "dispositions", "S1,D-1,block,BOLT,4,2026-03-08,broken")
    shop.renewed("2026-03-10")
    shop.told("2026-03-11", "dispositions", "S1,D-2,scrap,BOLT,3,2026-03-09,broken")
    assert shop.owed() == {"A-1": "3.00"}
    shop.told("2026-03-11", "dispositions", "S1,D-3,scrap,BOLT,1,2026-03-10,broken")
    assert shop.owed() == {"A-1": "3.00", "A-2": "2.00"}
    apart = ("S1,D-4,block,BOLT,2,2026-03-09,broken", "S1,D-5,scrap,BOLT,2,2026-03-09,broken")
    shop.told("2026-03-11", "dispositions", *apart)
    assert shop.owed() == {"A-1": "5.00", "A-2": "2.00"}
    assert audit().breaches == []
    assert broken_laws() == []


def test_a_rest_that_waits_is_of_the_agreement_of_its_day(shop: Shop) -> None:
    """What waited for goods, and is found among what was renewed since, is used as before."""
    shop.told("2026-03-05", "consumption", "U-1,S1,NUT,10,2026-03-05")
    shop.told("2026-03-06", "receipts", "S1,R-2,1,2026-03-04,A-1,NUT,40,")
    shop.renewed("2026-03-10")
    with on("2026-03-11"):
        assert shop.imports("prices", "agreement,item,starts_on,price\n"
                            "A-2,NUT,2026-01-01,5.00\n").code == 0  # fmt: skip
        assert shop.asks("exceptions", "--resubmit").code == 0
    assert shop.owed() == {"A-1": "10.00"}
    assert audit().breaches == []


def test_goods_are_still_found_by_their_receipt(shop: Shop) -> None:
    shop.renewed("2026-03-10")
    shop.told("2026-03-11", "aging-transfers", "S1,B-1,2026-03-11,R-1,1,5")
    shop.told("2026-03-11", "returns", "S1,G-1,BOLT,7,2026-03-11,R-1,1,bent")
    assert shop.under("A-2") == 93
    assert shop.owed() == {"A-2": "10.00"}
    assert audit().breaches == []


def test_closed_days_are_not_renewed(shop: Shop) -> None:
    with on("2026-03-12"):
        assert shop("close", "S1", "--through", "2026-03-10").code == 0
    assert "closed its books" in shop.renewed("2026-03-10", told_on="2026-03-12").err
    assert "1 new" in shop.renewed("2026-03-11", told_on="2026-03-12").out


def test_another_organizations_goods_stay_until_they_are_named(shop: Shop) -> None:
    shop.told("2026-03-02", "receipts", "S2,R-1,1,2026-03-02,A-1,BOLT,50,")
    shop.renewed("2026-03-10")
    assert (shop.under("A-1"), shop.under("A-2")) == (50, 100)
    shop.renewed("2026-03-10", organization="S2")
    assert (shop.under("A-1"), shop.under("A-2")) == (0, 150)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_told_late_is_settled_by_the_agreement_of_its_day(
    shop: Shop, seed: int
) -> None:
    """Uses and renewals of any days are told in any order; each use is owed under the agreement
    that had come to hold on its day, as far as that was told by then."""
    chance = Random(seed)
    days = [f"2026-03-{day:02}" for day in range(3, 25)]
    first, second = sorted(chance.sample(days[4:], 2))
    steps = [("renew", first), ("renew", second)]
    uses = [("use", chance.choice(days)) for _ in range(16)]
    at = sorted(chance.sample(range(17), 2))
    steps = [*uses[: at[0]], steps[0], *uses[at[0] : at[1]], steps[1], *uses[at[1] :]]
    chain, told = ["A-1", "A-2", "A-3"], []
    expected: Counter[str] = Counter()
    price = {"A-1": 1, "A-2": 2, "A-3": 4}
    for nth, (act, day) in enumerate(steps):
        if act == "renew":
            said = shop.renewed(day, f"RN-{nth}", chain[len(told)], chain[len(told) + 1],
                                told_on="2026-03-25")  # fmt: skip
            assert "1 new" in said.out, said.err
            told.append(day)
        else:
            lines = []
            for one, on_day in enumerate((day, chance.choice(days))):
                quantity = chance.randint(1, 3)
                lines.append(f"U-{nth}-{one},S1,BOLT,{quantity},{on_day}")
                holds = chain[sum(since <= on_day for since in told)]
                expected[holds] += quantity * price[holds]
            shop.told("2026-03-25", "consumption", *lines)
        if nth % 6 == 0:
            assert audit().breaches == []
    assert shop.owed() == {agreement: f"{sum_}.00" for agreement, sum_ in expected.items()}
    assert audit().breaches == []
    assert broken_laws() == []


def test_uses_of_days_after_the_renewal_ask_no_more(shop: Shop) -> None:
    def asked(day: str, reference: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            shop.told("2026-03-12", "consumption", f"{reference},S1,BOLT,1,{day}")
        return sum("FROM renewal" in one["sql"] or "JOIN renewal" in one["sql"] for one in queries)

    shop.told("2026-03-12", "consumption", "U-0,S1,BOLT,1,2026-03-12")
    shop.renewed("2026-03-10", told_on="2026-03-12")
    assert asked("2026-03-11", "U-1") == 0
    assert asked("2026-03-09", "U-2") > 0


def test_what_a_count_wrote_off_is_found_for_a_use_of_a_day_before_the_renewal(
    shop: Shop,
) -> None:
    """All that passed was counted out under the new agreement, and then known to have been used
    under the old one."""
    shop.renewed("2026-03-10")
    shop.told("2026-03-12", "counts", "S1,C-1,BOLT,0,2026-03-12,STORE,miscount")
    assert shop.owed() == {"A-2": "200.00"}
    shop.told("2026-03-13", "consumption", "U-1,S1,BOLT,100,2026-03-09")
    assert shop.owed() in ({"A-1": "100.00"}, {"A-1": "100.00", "A-2": "0.00"})
    assert audit().breaches == []
    assert broken_laws() == []


@pytest.mark.parametrize(
    ("agreements", "owed"),
    [
        (("A-1", "A-2"), {"A-1": "11.00", "A-2": "2.00"}),
        (("A-1", "A-2", "A-1"), {"A-1": "12.00"}),
    ],
)
def test_what_was_missing_before_a_renewal_is_settled_by_the_agreement_of_its_evening(
    shop: Shop, agreements: tuple[str, ...], owed: dict[str, str]
) -> None:
    """A count recorded after the goods passed, with its reason or before it, and what a receipt
    that was recorded late adds to it: all takes back as much of each renewal."""
    for nth, (old, new) in enumerate(pairwise(agreements)):
        assert "1 new" in shop.renewed("2026-03-10", f"RN-{nth}", old, new).out
    shop.told("2026-03-11", "counts", "S1,C-1,BOLT,95,2026-03-08,STORE,stolen")
    assert shop.owed() == {"A-1": "5.00"}
    shop.told("2026-03-12", "receipts", "S1,R-2,1,2026-03-07,A-1,BOLT,4,")
    assert shop.owed() == {"A-1": "9.00"}
    shop.told("2026-03-12", "counts", "S1,C-2,BOLT,93,2026-03-09,STORE,")
    shop.told("2026-03-13", "count-adjustments", "S1,2,broken")
    assert shop.owed() == {"A-1": "11.00"}
    shop.told("2026-03-13", "counts", "S1,C-3,BOLT,92,2026-03-12,STORE,stolen")
    assert shop.owed() == owed
    assert shop.under("A-1") + shop.under("A-2") == 92
    assert audit().breaches == []
    assert broken_laws() == []


def test_many_lines_are_a_handful_of_statements(shop: Shop) -> None:
    for n in range(2, 42):
        shop.told("2026-03-02", "receipts", f"S1,R-{n},1,2026-03-02,A-1,BOLT,10,")
    line = written(
        renewals.RenewalLine, "RN-1", "A-1", "A-2", "2026-03-10", "Ms Lane", "2026-03-10"
    )
    one = OrganizationId(models.Organization.objects.get(code="S1").pk)
    with on("2026-03-10"), CaptureQueriesContext(connection) as queries:
        renewals.renew_goods(
            organization=one, lines=[line], by="ann", at=datetime(2026, 3, 10, 9, tzinfo=UTC)
        )
    assert models.Renewal.objects.count() == 41
    assert len(queries) < 45


def test_the_audit_finds_what_is_wrong_with_a_renewal(shop: Shop) -> None:
    shop.renewed("2026-03-10")
    shop.told("2026-03-11", "consumption", "U-1,S1,BOLT,1,2026-03-09", "U-2,S1,BOLT,1,2026-03-10")
    law = "renewals pass goods on"
    other = "(SELECT id FROM agreement WHERE number = '{}')"
    faults = [
        Fault(law, "not of the same two parties",
              f"UPDATE layer SET agreement = {other.format('B-1')} WHERE from_layer IS NOT NULL"),
        Fault(law, "not of the same two parties",
              f"UPDATE layer SET agreement = {other.format('A-1')} WHERE from_layer IS NOT NULL"),
        Fault(law, "not what they were",
              "UPDATE layer SET received_on = '2026-03-09' WHERE from_layer IS NOT NULL"),
        Fault(law, "not what they were",
              "UPDATE layer SET lot = NULL WHERE from_layer IS NOT NULL"),
        Fault(law, "do not know of one another",
              "UPDATE layer SET from_layer = number WHERE from_layer IS NOT NULL"),
        Fault(law, "not what its layer came with",
              "UPDATE renewal SET quantity = quantity - 1 WHERE takes_back IS NULL"),
        Fault(law, "where they lay",
              "UPDATE title_entry SET quantity = quantity + 1 WHERE kind = 'renewed' AND "
              "layer = (SELECT MAX(number) FROM layer)"),
        Fault(law, "where they lay",
              "UPDATE title_entry SET target = (SELECT MIN(number) FROM position WHERE number <> "
              "target) WHERE kind = 'renewed' AND layer = (SELECT MAX(number) FROM layer)"),
        Fault(law, "nobody of the consignor agreed",
              "UPDATE renewal SET consent = '' WHERE takes_back IS NULL"),
        Fault(law, "takes back what did not pass",
              "UPDATE renewal SET takes_back = 99 WHERE takes_back IS NOT NULL"),
        Fault(law, "more of it is taken back",
              "UPDATE renewal SET quantity = 101000000 WHERE takes_back IS NOT NULL"),
        Fault(law, "no renewal tells of it",
              "UPDATE title_entry SET kind = 'renewed' WHERE kind = 'put-away'"),
        Fault(law, "no renewal tells of it",
              "UPDATE renewal SET layer = becomes WHERE takes_back IS NULL"),
        Fault(law, "a day before its goods were renewed",
              "UPDATE running_total SET happened_on = '2026-03-09' "
              f"WHERE agreement = {other.format('A-2')}"),
        Fault(law, "was the last day", "UPDATE ledger SET renewed_through = NULL"),
        Fault("an entry names its document", "renewal",
              "UPDATE title_entry SET document = 99 WHERE kind = 'renewed'"),
    ]  # fmt: skip
    assert unseen(faults) == []
