"""A programme started from spreadsheets: every master and document of the loop from a file."""

import csv

import pytest

from consigned_service.interfaces.files.csv_reader import BECAUSE
from consigned_service.operations.registry import OPERATIONS
from consigned_service.records import models
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.support.databases import Database

FILES = {
    "parties": """\
code,name
northwind,Northwind Stores
acme,Acme Fasteners
""",
    "sites": """\
party,code,name,gln
acme,PLANT,Acme's plant,4006381333931
""",
    "organizations": """\
code,name,party,currency
L1,Lyon,northwind,USD
""",
    "places": """\
organization,code,name,zone,owned
L1,LINE-4,Line 4,shop-floor,yes
""",
    "items": """\
code,name,unit,ownership,units
BOLT,Hex bolt M8,EA,consigned,CS=12 PAL=480
NUT,Hex nut M8,EA,,
PAPER,Copy paper,EA,owned,
""",
    "agreements": """\
number,consignor,consignee,currency,starts_on,frequency,first_closing_on,consignor_site
A-1,acme,northwind,USD,2026-01-01,weekly,2026-01-04,PLANT
""",
    "prices": """\
agreement,item,starts_on,price,unit
A-1,BOLT,2026-01-01,15.00,CS
A-1,NUT,2026-01-01,0.0333,
""",
    "orders": """\
organization,order,line,ordered_on,consignor,item,quantity,unit,price
L1,PO-1,1,2026-02-20,acme,BOLT,10,CS,
L1,PO-1,2,2026-02-20,acme,NUT,500,,0.05
L1,PO-2,1,2026-02-20,acme,PAPER,20,,3.00
""",
    "ship-notices": """\
organization,ship_notice,line,shipped_on,expected_on,order,order_line,quantity,unit,lot
L1,SN-1,1,2026-02-25,2026-03-01,PO-1,1,10,CS,LOT-A
""",
    "receipts": """\
organization,receipt,line,received_on,ship_notice,order,order_line,quantity,place
L1,R-1,1,2026-03-01,SN-1,,,,
L1,R-1,2,2026-03-01,,PO-1,2,500,
L1,R-2,1,2026-03-01,,PO-2,1,20,
""",
    "transfers": """\
organization,reference,item,quantity,from_place,to_place,happened_on
L1,T-1,BOLT,6,STORE,LINE-4,2026-03-02
""",
    "consumption": """\
reference;organization;item;quantity;occurred_at;unit;customer
S-1;L1;BOLT;1;2026-03-04T09:15;CS;Mrs Miller
S-2;L1;NUT;3;2026-03-04;;
S-3;L1;BOLT;-2;2026-03-05;;Mrs Miller
""",
}


@pytest.fixture
def console(tmp_path) -> Console:
    return Console(tmp_path)


@pytest.mark.rows("C06", "C10", "C12", "O19", "O20", "P02")
def test_a_programme_is_started_from_files(database: Database, console: Console) -> None:
    """Every file posts all of its lines; each file sent again changes nothing."""
    for kind, content in FILES.items():
        said = console.imports(kind, content, "--json")
        assert said.code == 0, said
        lines = len(content.splitlines()) - 1
        assert (said.answer["lines"], said.answer["new"]) == (lines, lines), kind
        assert said.answer["refused_file"] is None

    notice = models.ShipNoticeLine.objects.get()
    assert (notice.quantity, notice.lot, notice.notice.number) == (120_000_000, "LOT-A", "SN-1")
    lines = {line.item.code: line for line in models.OrderLine.objects.filter(order__number="PO-1")}
    assert (lines["BOLT"].ownership, lines["BOLT"].price, lines["BOLT"].per) == (
        "consigned", 15_000_000, 12_000_000,
    )  # fmt: skip
    assert (lines["NUT"].price, lines["NUT"].currency) == (50_000, "USD")
    assert {o.number: o.agreement and o.agreement.number for o in
            models.ConsignedOrder.objects.all()} == {"PO-1": "A-1", "PO-2": None}  # fmt: skip

    stock = console("stock", "--owner", "acme", "--json")
    held = {(line["item"], line["place"]): line["quantity"] for line in stock.answer}
    # 120 bolts came; 6 became ours on line 4, 12 were sold, our own first; 2 came back as Acme's
    assert held["BOLT", "STORE"] == {"number": "110", "unit": "EA"}
    assert held["NUT", "STORE"] == {"number": "497", "unit": "EA"}
    owed = console("owed", "--json").answer
    assert [(one["agreement"], one["running"]) for one in owed] == [
        ("A-1", {"amount": "12.60", "currency": "USD"})  # 10 bolts at 15.00 a dozen, 3 nuts
    ]
    assert broken_laws() == []

    counted = counts()
    for kind, content in FILES.items():
        said = console.imports(kind, content, "--json")
        assert (said.code, said.answer["new"]) == (0, 0), (kind, said)
        assert said.answer["repeated"] == len(content.splitlines()) - 1, kind
    assert counts() == counted


def counts() -> dict[str, int]:
    return {
        model.__name__: model.objects.count()
        for model in (
            models.Party, models.Site, models.Organization, models.Place, models.Item,
            models.Agreement, models.AgreementPrice, models.OrderLine, models.ShipNoticeLine,
            models.Entry, models.Consumption, models.Journal,
        )
    }  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_template_can_be_imported_as_it_is(database: Database, console: Console) -> None:
    for kind in OPERATIONS:
        template = console("import", kind, "--template")
        assert template.code == 0
        comments = [line for line in template.out.splitlines() if line.startswith("# ")]
        header = template.out.splitlines()[-1].split(",")
        assert [line[2:].split(":")[0].split(" ")[0] for line in comments] == header
        assert set(OPERATIONS[kind].required) <= set(header)
        said = console.imports(kind, template.out, "--json")
        assert (said.code, said.answer["lines"]) == (0, 0)


def test_every_column_is_explained() -> None:
    """A kind's columns are the fields of its act's lines, and the organization where it has one."""
    for kind in OPERATIONS.values():
        beside = {"organization"} if kind.is_of_organization else set()
        assert set(kind.columns) == {*kind.line._fields, *beside}, kind.name
        assert all(field.says for field in kind.columns.values())


@pytest.mark.rows("C10")
def test_refused_lines_are_corrected_and_sent_again(database: Database, console: Console) -> None:
    for kind in ("parties", "organizations", "items", "agreements", "prices"):
        console.imports(kind, FILES[kind])
    console.imports(
        "receipts",
        "organization,receipt,line,received_on,agreement,item,quantity\n"
        "L1,R-1,1,2026-03-01,A-1,BOLT,100\n",
    )
    said = console.imports(
        "consumption",
        "reference,organization,item,quantity,occurred_at,customer\n"
        "S-1,L1,BOLT,1,2026-03-04,Mrs Miller\n"
        'S-2,L1,BLOT,2,2026-03-04,"Miller, Mrs"\n'
        "S-3,L1,BOLT,3,2026-03-04,\n",
        "--json",
    )
    assert said.code == 3
    assert (said.answer["new"], said.answer["refused"]) == (2, 1)
    assert said.answer["refused_file"] == "consumption.refused.csv"
    assert said.err.startswith("consumption.csv, line 3, field item: no item has the code 'BLOT'")
    header, line = csv.reader(console.read("consumption.refused.csv").splitlines())
    assert header == [
        "reference", "organization", "item", "quantity", "occurred_at", "customer", BECAUSE,
    ]  # fmt: skip
    assert line[:-1] == ["S-2", "L1", "BLOT", "2", "2026-03-04", "Miller, Mrs"]
    assert line[-1].startswith("line 3, field item: no item has the code 'BLOT'")

    corrected = console.read("consumption.refused.csv").replace("BLOT", "BOLT", 1)
    console.file("consumption.refused.csv", corrected)
    said = console("import", "consumption", "consumption.refused.csv", "--json")
    assert (said.code, said.answer["new"], said.answer["refused"]) == (0, 1, 0)
    assert sorted(models.Consumption.objects.values_list("reference", "quantity")) == [
        ("S-1", 1_000_000), ("S-2", 2_000_000), ("S-3", 3_000_000),
    ]  # fmt: skip
    assert broken_laws() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_being_corrected_is_not_overwritten(database: Database, console: Console) -> None:
    lines = "code,name,unit\nBOLT,Hex bolt,\n"
    assert console.imports("items", lines).code == 3
    console.file(
        "items.refused.csv", "code,name,unit,refused_because\nBOLT,Hex bolt,EA,half corrected\n"
    )
    said = console.imports("items", lines, "--json")
    assert said.answer["refused_file"] == "items.refused-2.csv"
    assert "half corrected" in console.read("items.refused.csv")
    said = console("import", "items", "items.refused-2.csv", "--json")
    assert said.answer["refused_file"] == "items.refused-2.csv", "the same lines, the same file"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_lines_may_leave_the_organization_to_the_command(
    database: Database, console: Console
) -> None:
    for kind in ("parties", "organizations"):
        console.imports(kind, FILES[kind])
    said = console.imports("places", "code,zone\nBIN-1,stockroom\n", "--organization", "L1")
    assert said.code == 0, said
    assert models.Place.objects.get(code="BIN-1").is_owned
    said = console.imports("places", "code,zone\nBIN-1,stockroom\n")
    assert said.code == 1
    assert "lacks the column organization" in said.err


def test_two_sources_may_use_the_same_references(database: Database, console: Console) -> None:
    for kind in ("parties", "organizations", "items"):
        console.imports(kind, FILES[kind])
    line = "reference,organization,item,quantity,occurred_at\n1,L1,BOLT,1,2026-03-04\n"
    for source, words in (("till-1", ()), ("till-2", ("--again",))):
        said = console.imports("consumption", line, "--source", source, "--json", *words)
        assert (said.answer["new"], said.answer["waiting"]) == (1, 1)
    other = line.replace(",1,2026", ",2,2026")
    said = console.imports("consumption", other, "--source", "till-1")
    assert said.code == 3
    assert "field reference: reference 1 was told before with other content" in said.err


@pytest.mark.parametrize("kind", OPERATIONS)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_of_refused_lines_keeps_every_column_and_is_taken_as_it_is(
    database: Database, console: Console, kind: str
) -> None:
    columns = list(OPERATIONS[kind].columns)
    assert BECAUSE not in columns
    line = [f"{name} {'x' * 600}" for name in columns]
    said = console.imports(kind, f"{','.join(columns)}\n{','.join(line)}\n")
    assert said.code == 3, said
    name = f"{kind}.refused.csv"
    header, refused = csv.reader(console.read(name).splitlines())
    assert (header, refused[:-1]) == ([*columns, BECAUSE], line)
    assert refused[-1].startswith("line 2")
    again = console("import", kind, name, "--json")
    assert (again.code, again.answer["refused_file"]) == (3, name), again
