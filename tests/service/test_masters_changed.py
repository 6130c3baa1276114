"""Masters that are told anew: changed, with what was and what is, by whom and when."""

from pathlib import Path

import pytest
from django.test import Client

from consigned_service.operations.audit.audit import audit
from tests.service.console import Console
from tests.service.test_changing_terms import Fault, a_shop, unseen
from tests.support.databases import Database


def test_what_is_told_anew_is_changed_and_what_is_told_again_repeated(
    database: Database, tmp_path: Path
) -> None:
    console = a_shop(tmp_path)
    told = "code,name\nSHOP,Shop\nACME,Zenith\nBOLTS,Bolt Brothers\nNEW,New\n"
    said = console.imports("parties", told, "--json").answer
    assert [said[name] for name in ("new", "changed", "repeated", "refused")] == [1, 1, 2, 0]
    again = console.imports("parties", told)
    assert "4 lines read, 0 new, 4 repeated, 0 refused." in again.out
    (change,) = console("changes", "--what", "party", "--name", "ACME", "--json").answer
    assert (change["was"], change["became"], change["field"]) == ("Acme", "Zenith", "name")
    assert change["recorded_by"]
    assert "Zenith" in console("changes").out


CHANGES = [
    ("sites", "party,code,name,gln\nACME,MILL,Mill,\n",
     "party,code,name,gln\nACME,MILL,The mill,4012345000009\n", ["name", "gln"]),
    ("organizations", "", "code,name,party,currency,pick_order,two_step_receiving\n"
     "S1,Main,SHOP,USD,consigned-first,yes\n", ["pick_order", "two_step_receiving"]),
    ("items", "", "code,name,unit,gtin,units,hazardous\n"
     "BOLT,Bolt M8,EA,4006381333931,BX=12,yes\n", ["name", "gtin", "hazardous", "units"]),
    ("item-settings", "organization,item,pick_order\nS1,BOLT,own-first\n",
     "organization,item,pick_order,inspected\nS1,BOLT,oldest-first,yes\n",
     ["pick_order", "inspected"]),
    ("accounts", "party,account,number\nSHOP,inventory,1400\n",
     "party,account,number,name\nSHOP,inventory,1410,Stock\n", ["number", "name"]),
    ("consumption-rules", "rule,party,verdict\nR-1,SHOP,keep\n",
     "rule,party,verdict,active\nR-1,SHOP,keep,no\n", ["active"]),
    ("bills", "organization,product,component,quantity_per\nS1,GLUE,BOLT,2\n",
     "organization,product,component,quantity_per\nS1,GLUE,BOLT,2.5\n", ["quantity_per"]),
    ("prices", "agreement,item,starts_on,price\nA-1,GLUE,2026-01-01,3\n",
     "agreement,item,starts_on,price,ends_on\nA-1,GLUE,2026-01-01,3,2026-12-31\n", ["ends_on"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "first", "then", "fields"), CHANGES, ids=[c[0] for c in CHANGES])
def test_each_register_keeps_what_it_changes(
    database: Database, tmp_path: Path, kind: str, first: str, then: str, fields: list[str]
) -> None:
    console = a_shop(tmp_path)
    if first:
        assert console.imports(kind, first).code == 0
    assert console("changes", "--json").answer == []
    said = console.imports(kind, then, "--json").answer
    assert (said["new"], said["changed"], said["repeated"], said["refused"]) == (0, 1, 0, 0)
    found = console("changes", "--json").answer
    assert sorted(change["field"] for change in found) == sorted(fields)
    assert audit().breaches == []


@pytest.mark.parametrize(
    ("kind", "line", "says"),
    [
        ("items", "code,name,unit\nBOLT,Bolt,KG\n", "a new item, under a code of its own"),
        ("items", "code,name,unit,ownership\nBOLT,Bolt,EA,owned\n", "designations"),
        ("items", "code,name,unit,approved\nBOLT,Bolt,EA,no\n", "approvals"),
        ("organizations", "code,name,party,currency\nS1,Main,SHOP,EUR\n", "currency USD, not EUR"),
        ("organizations", "code,name,party,currency\nS1,Main,ACME,USD\n", "party SHOP, not ACME"),
    ],
)
def test_what_others_stand_on_is_refused_with_what_to_do_instead(
    database: Database, tmp_path: Path, kind: str, line: str, says: str
) -> None:
    console = a_shop(tmp_path)
    said = console.imports(kind, line)
    assert said.code == 3
    assert says in said.err
    assert console("changes", "--json").answer == []


def test_a_partner_reads_names_and_not_settings(database: Database, tmp_path: Path) -> None:
    console = a_shop(tmp_path)
    console.imports("organizations", "code,name,party,currency,pick_order\n"
                    "S1,Main 5,SHOP,USD,consigned-first\n")  # fmt: skip
    seen = [one["field"] for one in console("changes", "--as", "ACME", "--json").answer]
    assert seen == ["name"]
    assert console("changes", "--as", "BOLTS", "--json").answer == []


def test_the_audit_finds_a_history_that_does_not_hold_together(
    database: Database, tmp_path: Path
) -> None:
    console = a_shop(tmp_path)
    for name in ("Zenith", "Zenith Fasteners"):
        console.imports("parties", f"code,name\nACME,{name}\n")
    law = "changes of master data are recorded"
    faults = [
        Fault(law, "'Zenith'", "UPDATE master_change SET was = 'Nadir' WHERE was = 'Zenith'"),
        Fault(law, "'Zenith Fasteners'", "UPDATE party SET name = 'Nadir' WHERE code = 'ACME'"),
        Fault(law, "'Zenith'", "DELETE FROM master_change WHERE was = 'Zenith'"),
    ]
    assert unseen(faults) == []


def test_the_page_of_an_item_shows_what_was_changed(database: Database, tmp_path: Path) -> None:
    from consigned_service.operations.master_data import users

    console: Console = a_shop(tmp_path)
    console.imports("items", "code,name,unit\nBOLT,Hex bolt,EA\n")
    users.add_user(name="ann", party="SHOP", password="open sesame 9")
    client = Client()
    assert client.login(username="ann", password="open sesame 9")
    shown = client.get("/items/BOLT/").content.decode()
    assert "Changes" in shown
    assert "Hex bolt" in shown
    assert ">Bolt<" in shown.replace("\n", "").replace(" ", "")
