"""Each hold has a reason and an end of its own; a recall is of a lot of one item and maker."""

import csv
from collections.abc import Iterator

import pytest
from django.db import connection

from consigned_service.operations.audit.audit import audit
from consigned_service.records import models
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.tampering import take_the_guards_away
from tests.support.databases import Database

MASTERS = {
    "parties": "code,name\nshop,Shop\nacme,Acme\nbolts,Bolt Brothers\nother,Other House\n",
    "organizations": "code,name,party,currency\nS1,Main,shop,USD\nS2,Branch,shop,USD\n"
    "X,Elsewhere,other,USD\n",
    "places": "organization,code,name,zone\nS1,FLOOR,Floor,shop-floor\nS1,TEST,Test,inspection\n"
    "S1,BAD,Bad,quarantine\n",
    "items": "code,name,unit,tracking\nMED,Serum,EA,lot\nGEL,Gel,EA,lot\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency\n"
    "A-1,acme,shop,USD,2026-01-01,daily\nA-2,bolts,shop,USD,2026-01-01,daily\n"
    "A-X,acme,other,USD,2026-01-01,daily\n",
    "prices": "agreement,item,starts_on,price\nA-1,MED,2026-01-01,40\nA-1,GEL,2026-01-01,4\n"
    "A-2,MED,2026-01-01,39\nA-X,MED,2026-01-01,40\n",
}
RECEIPT = "organization,receipt,line,received_on,agreement,item,quantity,lot,inspected\n"
HOLD = "organization,reference,item,happened_on,quantity,lot,place,because\n"
RELEASE = "organization,reference,item,happened_on,quantity,lot,hold\n"
AS = ("--as", "shop")


@pytest.fixture
def console(database: Database, tmp_path) -> Console:
    """Ten serums of lot L7 lie in S1, two of them on hold for H-1."""
    at_the_console = Console(tmp_path)
    for kind, content in MASTERS.items():
        assert at_the_console.imports(kind, content).code == 0, kind
    done(at_the_console, "receipts", RECEIPT + "S1,R-1,1,2026-02-01,A-1,MED,10,L7,\n")
    done(at_the_console, "holds", HOLD + "S1,H-1,MED,2026-02-03,2,L7,,bent\n")
    return at_the_console


@pytest.fixture(autouse=True)
def lawful(request: pytest.FixtureRequest, console: Console) -> Iterator[None]:
    yield
    if "planted" not in request.node.name:
        assert audit().breaches == []
        assert broken_laws() == []


def done(console: Console, kind: str, content: str, new: int = 1) -> None:
    said = console.imports(kind, content, "--json")
    assert said.code == 0, (kind, said)
    assert said.answer["new"] == new, (kind, said)


def refused(console: Console, kind: str, content: str) -> str:
    said = console.imports(kind, content, "--json")
    assert said.code == 3, (kind, said)
    with console.folder.joinpath(said.answer["refused_file"]).open(encoding="utf-8") as file:
        return next(csv.DictReader(file))["refused_because"]


def lying(organization: str = "S1", item: str = "MED") -> dict[str, int]:
    """How much lies in each condition, in pieces."""
    found: dict[str, int] = {}
    positions = models.Position.objects.filter(organization__code=organization, item__code=item)
    for position in positions:
        kept = models.Balance.objects.filter(
            organization=position.organization, position=position.number, is_outer=False
        )
        for balance in kept:
            count = found.get(position.condition, 0) + balance.quantity // 1_000_000
            found[position.condition] = count
    return {condition: count for condition, count in found.items() if count}


def recall(console: Console, *words: str, code: int = 0) -> list[dict]:
    said = console("lot", "L7", *words, *AS, "--json")
    assert said.code == code, said
    return said.answer if code == 0 else []


@pytest.mark.rows("X09")
def test_the_end_of_a_recall_frees_what_the_recall_held_and_nothing_else(console: Console) -> None:
    assert lying() == {"unrestricted": 8, "on-hold": 2}
    (held,) = recall(console, "--hold", "--because", "REC-1")
    assert held["quantity"] == {"number": "8", "unit": "EA"}
    assert lying() == {"on-hold": 10}
    (free,) = recall(console, "--release", "--because", "checked")
    assert free["quantity"] == {"number": "8", "unit": "EA"}
    assert lying() == {"unrestricted": 8, "on-hold": 2}
    assert recall(console, "--release", "--because", "checked") == []
    done(console, "releases", RELEASE + "S1,Q-1,MED,2026-02-05,,L7,\n")
    assert lying() == {"unrestricted": 10}


def test_a_hold_that_ends_while_the_lot_is_recalled_frees_nothing_yet(console: Console) -> None:
    recall(console, "--hold", "--because", "REC-1")
    said = console.imports("releases", RELEASE + "S1,Q-1,MED,2026-02-05,2,L7,H-1\n", "--json")
    assert said.answer["new"] == 1
    assert "stay on hold, because their lot is recalled" in said.answer["notes"][0]
    assert lying() == {"on-hold": 10}
    assert "0 EA of MED on hold" in refused(
        console, "releases", RELEASE + "S1,Q-2,MED,2026-02-05,2,L7,\n"
    )
    recall(console, "--release", "--because", "checked")
    assert lying() == {"unrestricted": 10}


def test_goods_are_free_when_no_recall_of_several_stands(console: Console) -> None:
    recall(console, "--hold", "--because", "REC-1")
    assert recall(console, "--hold", "--because", "REC-1") == []
    assert recall(console, "--hold", "--because", "REC-2") == []
    said = console("lot", "L7", "--release", *AS)
    assert (said.code, "is recalled for REC-1 and for REC-2" in said.err) == (1, True)
    assert recall(console, "--release", "--recall", "REC-1") == []
    assert lying() == {"on-hold": 10}
    assert console("lot", "L7", "--release", "--recall", "REC-9", *AS).code == 1
    (free,) = recall(console, "--release", "--recall", "REC-2")
    assert free["quantity"]["number"] == "8"


def test_each_release_names_its_hold(console: Console) -> None:
    done(console, "holds", HOLD + "S1,H-2,MED,2026-02-03,3,L7,,wet\n")
    assert lying() == {"unrestricted": 5, "on-hold": 5}
    assert "3 EA of MED on hold" in refused(
        console, "releases", RELEASE + "S1,Q-1,MED,2026-02-04,4,L7,H-2\n"
    )
    done(console, "releases", RELEASE + "S1,Q-2,MED,2026-02-04,,L7,H-2\n")
    assert standing() == {"H-1": 2}
    assert "no hold 'H-2' stands at S1" in refused(
        console, "releases", RELEASE + "S1,Q-3,MED,2026-02-04,,L7,H-2\n"
    )
    done(console, "releases", RELEASE + "S1,Q-4,MED,2026-02-04,1,L7,\n")
    assert standing() == {"H-1": 1}
    assert lying() == {"unrestricted": 9, "on-hold": 1}


def standing() -> dict[str, int]:
    left: dict[str, int] = {}
    for hold in models.GoodsHold.objects.all():
        ends = models.HoldEnd.objects.filter(organization=hold.organization, hold=hold.number)
        count = (hold.quantity - sum(ends.values_list("quantity", flat=True))) // 1_000_000
        left[hold.reference] = left.get(hold.reference, 0) + count
    return {reference: count for reference, count in left.items() if count}


def test_the_same_mark_of_another_maker_or_item_is_another_lot(console: Console) -> None:
    more = RECEIPT + "S1,R-2,1,2026-02-01,A-2,MED,5,L7,\nS1,R-3,1,2026-02-01,A-1,GEL,4,L7,\n"
    done(console, "receipts", more, new=2)
    said = console("lot", "L7", "--hold", "--because", "REC-1", *AS)
    assert said.code == 1
    assert "lot L7 may be MED of acme, or MED of bolts, or GEL of acme" in said.err
    recall(console, "--hold", "--because", "REC-1", "--item", "MED", "--consignor", "acme")
    assert lying() == {"unrestricted": 5, "on-hold": 10}
    assert lying(item="GEL") == {"unrestricted": 4}
    recall(console, "--hold", "--because", "REC-5", "--item", "GEL")
    recall(console, "--release", "--item", "MED")
    assert lying() == {"unrestricted": 13, "on-hold": 2}
    assert lying(item="GEL") == {"on-hold": 4}


def test_what_comes_later_or_waits_for_inspection_is_held_as_well(console: Console) -> None:
    done(console, "receipts", RECEIPT + "S2,R-W,1,2026-02-01,A-1,MED,6,L7,yes\n")
    recall(console, "--hold", "--because", "REC-1")
    assert lying("S2") == {"on-hold": 6}
    accepted = "organization,reference,receipt,line,quantity,outcome,inspected_on\n"
    done(console, "inspections", accepted + "S2,I-1,R-W,1,4,accept,2026-02-04\n")
    assert lying("S2") == {"on-hold": 6}
    done(console, "receipts", RECEIPT + "S2,R-8,1,2026-02-06,A-1,MED,7,L7,\n")
    done(console, "receipts", RECEIPT + "S2,R-9,1,2026-02-06,A-1,MED,3,L8,\n")
    assert lying("S2") == {"on-hold": 13, "unrestricted": 3}
    recall(console, "--release", "--because", "checked")
    assert lying("S2") == {"on-hold": 2, "unrestricted": 14}, "two wait for their inspection"
    assert lying("S1") == {"on-hold": 2, "unrestricted": 8}


def test_a_lot_is_recalled_before_any_of_it_came(console: Console) -> None:
    early = ("lot", "L9", "--hold", "--because", "REC-9", *AS)
    assert "nothing of lot 'L9' has come here yet" in console(*early).err
    assert console(*early, "--item", "MED", "--consignor", "acme").code == 0
    done(console, "receipts", RECEIPT + "S2,R-9,1,2026-02-06,A-1,MED,3,L9,\n")
    assert lying("S2") == {"on-hold": 3}


def test_what_customers_bring_back_of_a_recalled_lot_is_held(console: Console) -> None:
    used = "reference,organization,item,quantity,occurred_at,lot\nU-1,S1,MED,5,2026-02-04,L7\n"
    done(console, "consumption", used)
    recall(console, "--hold", "--because", "REC-1")
    back = "organization,reference,item,quantity,happened_on,lot\nS1,B-1,MED,2,2026-02-06,L7\n"
    done(console, "customer-returns", back)
    voided = "reference,organization,item,quantity,occurred_at,lot\nU-2,S1,MED,-1,2026-02-06,L7\n"
    done(console, "consumption", voided)
    assert lying() == {"on-hold": 8}
    recall(console, "--release", "--because", "checked")
    assert lying() == {"on-hold": 2, "unrestricted": 6}


def test_goods_on_hold_that_go_end_their_hold(console: Console) -> None:
    """Moved on hold they keep it; sent back, thrown away or counted out they do not."""
    moved = "organization,reference,item,quantity,from_place,to_place,happened_on,condition\n"
    done(console, "transfers", moved + "S1,T-1,MED,2,STORE,FLOOR,2026-02-04,on-hold\n")
    assert standing() == {"H-1": 2}
    back = "organization,reference,item,quantity,happened_on,condition,lot\n"
    done(console, "returns", back + "S1,RET-1,MED,1,2026-02-05,on-hold,L7\n")
    assert standing() == {"H-1": 1}
    done(console, "releases", RELEASE + "S1,Q-1,MED,2026-02-06,,L7,\n")
    assert standing() == {}
    assert lying() == {"unrestricted": 9}


def test_the_reasons_that_stand_are_listed_with_who_and_since_when(console: Console) -> None:
    recall(console, "--hold", "--because", "REC-1")
    both = console("holds", *AS, "--json").answer
    assert [
        (one["kind"], one["reference"], one["because"], one["item"], one["lot"], one["maker"])
        for one in both
    ] == [
        *[("recall", "REC-1", "", "MED", "L7", "acme")] * 2,
        ("hold", "H-1", "bent", "MED", "L7", "acme"),
    ]  # fmt: skip
    assert [one["organization"] for one in both] == ["S1", "S2", "S1"]
    assert both[2]["quantity"] == {"number": "2", "unit": "EA"}
    assert both[2]["since"] == "2026-02-03"
    assert both[0]["by"].endswith("(console)")
    theirs = console("holds", "--as", "acme", "--lot", "L7", "--json").answer
    assert {(one["reference"], one["by"]) for one in theirs} == {("REC-1", None), ("H-1", None)}
    assert console("holds", "--as", "other", "--json").answer == []
    assert "Standing: 3 reasons." in console("holds", "--item", "MED", *AS).out
    assert console("holds", "--item", "GEL", *AS, "--json").answer == []


def test_the_maker_is_told_where_goods_of_its_own_lay_and_nothing_of_what_was_bought(
    console: Console,
) -> None:
    """A recall stands in every organization of the holder."""
    recall(console, "--hold", "--because", "REC-1")
    orders = "organization,order,line,ordered_on,consignor,item,quantity,ownership,price,currency\n"
    assert (
        console.imports("orders", orders + "S1,PO-1,1,2026-02-01,acme,MED,5,owned,30,USD\n").code
        == 0
    )
    bought = "organization,receipt,line,received_on,order,order_line,quantity,lot\n"
    done(console, "receipts", bought + "S1,R-B,1,2026-02-01,PO-1,1,5,L9\n")
    done(console, "holds", HOLD + "S1,H-9,MED,2026-02-03,1,L9,,ours\n")
    seen = {
        party: {(one["organization"], one["reference"]) for one in
                console("holds", "--as", party, "--json").answer}
        for party in ("shop", "acme")
    }  # fmt: skip
    assert seen["shop"] - seen["acme"] == {("S2", "REC-1"), ("S1", "H-9")}
    assert seen["acme"] == {("S1", "REC-1"), ("S1", "H-1")}


def test_the_audit_finds_planted_faults_of_holds(console: Console) -> None:
    recall(console, "--hold", "--because", "REC-1")
    take_the_guards_away()
    laws = "goods on hold have a reason"

    def broken(statement: str) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
        return {breach.sentence for breach in audit().breaches if breach.law == laws}

    assert broken("UPDATE goods_hold SET quantity = 11000000") == {
        "10 are on hold; the holds that stand keep 11"
    }
    assert broken("UPDATE goods_hold SET quantity = 2000000") == set()
    assert broken("DELETE FROM recall") == {"10 are on hold; the holds that stand keep 2"}
