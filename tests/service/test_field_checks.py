"""The same check at every door: whole pieces, days, numbers of lines.

Each test goes through all kinds of import by what their columns are, so that a new kind is
checked from its first day or fails here.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from unittest.mock import patch

import pytest
from django.utils.timezone import now

from consigned.master_data.items import Item
from consigned.measure.money import Price
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.core.fields import Code, Day, FieldType, LineNumber, Quantity
from consigned_service.operations.core.operation import ORGANIZATION
from consigned_service.operations.master_data import users
from consigned_service.operations.registry import OPERATIONS
from consigned_service.records import models
from consigned_service.records.inbound import receipts as receipt_records
from tests.service.conftest import QUICK
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.test_api_consumption import Program
from tests.support.databases import Database

MASTERS = {
    "parties": "code,name\nshop,Shop\nacme,Acme\n",
    "organizations": "code,name,party,currency\nS1,Main,shop,USD\nS2,Branch,shop,USD\n",
    "places": "organization,code,name,zone\nS1,FLOOR,Floor,shop-floor\n",
    "items": "code,name,unit,units,tracking,ownership\nBOLT,Bolt,EA,BX=12,,\n"
    "VAL,Valve,EA,,serial,\nGLUE,Glue,KG,DRM=180.5,,\nKIT,Kit,EA,,,owned\nDOOR,Door,EA,,serial,owned\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency,aging_days,taxed\n"
    "A-1,acme,shop,USD,2026-01-01,daily,60,\nA-T,acme,shop,USD,2026-01-01,daily,60,yes\n",
    "tax-codes": "code,name,rate,valid_from\nV7,Tax,7,2026-01-01\n",
    "prices": "agreement,item,starts_on,price\nA-1,BOLT,2026-01-01,1.25\nA-1,VAL,2026-01-01,100\n"
    "A-1,GLUE,2026-01-01,3.20\n",
    "bills": "organization,product,component,quantity_per\nS1,KIT,BOLT,2\nS1,DOOR,BOLT,2\n",
    "orders": "organization,order,line,ordered_on,consignor,item,quantity\n"
    "S1,PO-7,1,2026-02-01,acme,BOLT,500\n",
    "receipts": "organization,receipt,line,received_on,agreement,item,quantity,serial,place\n"
    "S1,R-7,1,2026-02-01,A-1,BOLT,100,,\nS1,R-7,2,2026-02-01,A-1,BOLT,100,,DOCK\n"
    "S1,R-7,3,2026-02-01,A-1,VAL,2,0001;0002,\n",
    "counts": "organization,count_number,item,counted,counted_on\nS1,C-7,BOLT,180,2026-02-20\n",
}
DAY = "2026-03-02"
GOODS = {"item": "BOLT", "quantity": "1"}
VALID: dict[str, dict[str, str]] = {
    "exchange-rates": {"kind": "ecb", "currency": "EUR", "functional_currency": "USD",
    "rate": "1.1",
                       "valid_from": DAY},
    "tax-codes": {"code": "V", "name": "Tax", "rate": "19", "valid_from": DAY},
    "agreements": {"number": "A", "consignor": "acme", "consignee": "shop", "currency": "USD",
                   "starts_on": DAY, "ends_on": "2027-01-01", "frequency": "monthly",
                   "first_closing_on": "2026-03-31", "return_by": "2027-01-01"},
    "prices": {"agreement": "A-1", "item": "BOLT", "starts_on": "2026-04-01", "price": "1.25",
               "ends_on": "2027-01-01", "from_quantity": "10"},
    "price-withdrawals": {"agreement": "A-1", "item": "BOLT", "starts_on": "2026-01-01",
                          "because": "typed wrong", "from_quantity": "10"},
    "amendments": {"agreement": "A-1", "reference": "A", "starts_on": DAY, "consent": "Ann"},
    "agreement-ends": {"agreement": "A-1", "reference": "E", "ends_on": DAY, "consent": "Ann"},
    "taxes": {"agreement": "A-T", "tax_code": "V7", "starts_on": DAY},
    "price-changes": {"agreement": "A-1", "item": "BOLT", "starts_on": DAY, "price": "1",
                      "ends_on": "2026-03-03"},
    "orders": GOODS | {"order": "PO", "line": "1", "ordered_on": DAY, "consignor": "acme",
                       "needed_on": DAY, "maximum_quantity": "2"},
    "order-closings": {"order": "PO-7", "line": "1", "closed_on": DAY},
    "ship-notices": GOODS | {"ship_notice": "SN", "line": "1", "shipped_on": DAY, "order": "PO-7",
                             "order_line": "1", "expected_on": DAY, "expires_on": DAY},
    "receipts": GOODS | {"receipt": "R", "line": "1", "received_on": DAY, "agreement": "A-1",
                         "expires_on": DAY},
    "inspections": {"receipt": "R-7", "line": "2", "quantity": "1", "outcome": "accept",
                    "inspected_on": DAY},
    "receipt-holds": {"receipt": "R-7", "line": "2", "happened_on": DAY},
    "receipt-releases": {"receipt": "R-7", "line": "2", "happened_on": DAY},
    "initial-stock": GOODS | {"programme": "P", "line": "1", "stocked_on": DAY, "agreement": "A-1",
                              "received_on": DAY, "expires_on": DAY},
    "putaways": {"receipt": "R-7", "line": "2", "quantity": "1", "to_place": "STORE",
                 "happened_on": DAY},
    "transfers": GOODS | {"from_place": "STORE", "to_place": "FLOOR", "happened_on": DAY},
    "interorganization-transfers": GOODS | {"from_organization": "S1", "from_place": "STORE",
                                  "to_organization": "S2", "to_place": "STORE",
                                  "happened_on": DAY},
    "holds": GOODS | {"happened_on": DAY},
    "releases": GOODS | {"happened_on": DAY},
    "aging-transfers": {"happened_on": DAY, "receipt": "R-7", "line": "1", "quantity": "1"},
    "extensions": {"agreed_on": DAY, "consent": "Ann", "receipt": "R-7", "line": "1",
                   "until": "2027-03-02"},
    "renewals": {"agreement": "A-1", "new_agreement": "A-T", "happened_on": DAY,
                 "agreed_on": DAY, "consent": "Ann", "item": "BOLT"},
    "reservations": GOODS,
    "consumption": GOODS | {"occurred_at": DAY},
    "invoices": {"consignor": "acme", "invoice": "I", "advice": "ADV", "invoiced_on": DAY,
                 "currency": "USD", "line": "1", "item": "BOLT", "quantity": "1", "price": "1",
                 "amount": "1"},
    "vouchers": {"advice": "ADV", "voucher": "V", "vouchered_on": DAY, "amount": "1",
                 "currency": "USD"},
    "purchase-invoices": {"supplier": "acme", "invoice": "I", "invoiced_on": DAY,
                          "receipt": "R-7", "line": "1", "amount": "1", "currency": "USD",
                          "quantity": "1"},
    "debit-requests": {"consignor": "acme", "invoice": "I", "line": "1", "happened_on": DAY,
                       "because": "too much", "quantity": "1"},
    "credit-notes": {"consignor": "acme", "credit_note": "C", "credited_on": DAY,
                     "currency": "USD", "line": "1", "item": "BOLT", "quantity": "1", "price": "1",
                     "amount": "1", "invoice": "I"},
    "transfers-to-consigned": GOODS | {"happened_on": DAY, "receipt": "R-7", "line": "1"},
    "returns": GOODS | {"happened_on": DAY, "receipt": "R-7", "line": "1"},
    "receipt-reversals": {"receipt": "R-7", "line": "1", "happened_on": DAY, "quantity": "1",
                          "because": "twice"},
    "customer-returns": GOODS | {"happened_on": DAY, "receipt": "R-7", "line": "1"},
    "counts": {"count_number": "C", "item": "BOLT", "counted": "1", "counted_on": DAY},
    "dispositions": GOODS | {"outcome": "block", "happened_on": DAY},
    "count-adjustments": {"difference": "1", "reason": "broken", "quantity": "1"},
    "production": {"product": "KIT", "quantity": "1", "completed_on": DAY, "expires_on": DAY},
    "component-returns": {"work_order": "W", "item": "BOLT", "quantity": "1",
                           "returned_on": DAY},
    "disassemblies": {"product": "KIT", "quantity": "1", "taken_apart_on": DAY},
}  # fmt: skip
"""A line of each kind that says a day, how much of an item, or a number of a line."""

OF_ITEM = ("item", "product", "receipt", "difference", "layer")
PAPERS = {"invoices", "vouchers", "credit-notes", "debit-requests", "purchase-invoices"}
"""What these say is judged by the paper that they answer."""


@pytest.fixture
def console(database: Database, tmp_path) -> Console:
    at_the_console = Console(tmp_path)
    for kind, content in MASTERS.items():
        said = at_the_console.imports(kind, content)
        assert said.code == 0, (kind, said)
    return at_the_console


def as_csv(kind: str, lines: list[dict[str, str]]) -> str:
    """Lines of a kind, each with a reference of its own, as a file."""
    for nth, line in enumerate(lines):
        if OPERATIONS[kind].is_of_organization:
            line[ORGANIZATION] = "S1"
        if "reference" in OPERATIONS[kind].columns:
            line["reference"] = f"{kind}-{nth}"
    columns = list(lines[0])
    rows = [",".join(columns), *(",".join(line[name] for name in columns) for line in lines)]
    return "\n".join(rows) + "\n"


def reasons(console: Console, kind: str, lines: list[dict[str, str]]) -> list[str]:
    """Import lines that are all to be refused; answers why each was."""
    content = as_csv(kind, lines)
    for before in console.folder.glob(f"{kind}.refused*"):
        before.unlink()
    said = console.imports(kind, content, "--json")
    assert said.answer["new"] == said.answer["repeated"] == 0, (kind, lines, said.answer)
    with (console.folder / f"{kind}.refused.csv").open(encoding="utf-8", newline="") as file:
        return [row["refused_because"] for row in csv.DictReader(file)]


def saying(kind: str, column: str, said: list[str]) -> list[dict[str, str]]:
    """The valid line of a kind with each of the wrong things in one column, in papers of their
    own."""
    own = {"orders": "order", "receipts": "receipt", "initial-stock": "programme",
           "ship-notices": "ship_notice", "invoices": "invoice", "credit-notes": "credit_note",
           "agreements": "number"}.get(kind)  # fmt: skip
    lines = [VALID[kind] | {column: wrong} for wrong in said]
    if own and own != column:
        lines = [line | {own: f"{line[own]}{nth}"} for nth, line in enumerate(lines)]
    return lines


def columns_of(*types: type[FieldType]) -> Iterator[tuple[str, str]]:
    for kind in OPERATIONS.values():
        for name, field in kind.columns.items():
            if isinstance(field.type, types):
                yield kind.name, name


def how_much_of_items() -> Iterator[tuple[str, str]]:
    for kind, name in columns_of(Quantity):
        if OPERATIONS[kind].columns[name].type.is_of_item:  # type: ignore[attr-defined]
            yield kind, name


def is_of_item(kind: str, column: str) -> bool:
    return kind not in PAPERS and any(name in OPERATIONS[kind].columns for name in OF_ITEM)


@pytest.mark.rows("E34")
def test_no_kind_of_line_takes_a_part_of_a_piece(console: Console) -> None:
    checked = [one for one in how_much_of_items() if is_of_item(*one)]
    assert len(checked) > 20
    for kind, column in checked:
        told = reasons(console, kind, saying(kind, column, ["0.5", "1.000001", "10.25"]))
        assert all("is no whole number of them" in why for why in told), (kind, column, told)
    assert broken_laws() == []


def test_every_column_that_says_how_much_is_known() -> None:
    """A column that holds a quantity is one of them, or a paper's, a weight, or of a bill."""
    for kind in OPERATIONS.values():
        for name, field in kind.columns.items():
            if field.says.startswith("how much") and "percent" not in f"{name} {field.says}":
                assert isinstance(field.type, Quantity), (kind.name, name)
            if any(sign in field.says for sign in ("as 2026-03-31", "first day", "last day")):
                assert isinstance(field.type, Day), (kind.name, name)


@pytest.mark.rows("O38")
def test_no_kind_of_line_takes_a_part_of_a_piece_with_a_serial_or_two_of_it(
    console: Console,
) -> None:
    kinds = [
        kind for kind, column in how_much_of_items()
        if column != "maximum_quantity" and is_of_item(kind,
        column) and "serial" in OPERATIONS[kind].columns
    ]  # fmt: skip
    assert len(kinds) > 10
    for kind in kinds:
        column = "counted" if kind == "counts" else "quantity"
        which = {"product": "DOOR"} if "product" in OPERATIONS[kind].columns else {"item": "VAL"}
        named = which | {"serial": "0001"}
        if kind == "ship-notices":
            continue  # its item is the order's
        lines = [line | named for line in saying(kind, column, ["0.5", "2"])]
        for line in lines:
            if "receipt" in line and kind != "receipts":
                line["line"] = "3"
        half, two = reasons(console, kind, lines)
        assert "is no whole number of them" in half, (kind, half)
        assert "is one piece, and 2 EA are said of it" in two or "tracked by serial" in two, two
    assert broken_laws() == []


WRONG_DAYS = [
    "2026-02-30", "2026-13-01", "2026-00-10", "2027-01-00", "0027-01-31", "0001-01-01",
    "1926-11-01", "2926-11-01", "20261105", "2026-W45-4", "2026-309", "2026-11", "26-11-05",
    "5.11.2026", "11/05/2026", "2026/11/05", "2026-11-5", "2026-11-05T25:99", "2026-11-05T24:00",
    "2026-11-05T8:15", "2026-11-05T0815", "2026-11-05T08", "2026-11-05T08:15+25:00",
    "2026-11-05  08:15", "2026-11-05t08:15", "2026-11-05 or so", "today", "٢٠٢٦-١١-٠٥", "45966",
]  # fmt: skip


def test_no_kind_of_line_takes_what_is_not_a_day(console: Console) -> None:
    checked = list(columns_of(Day))
    assert len(checked) > 40
    for kind, column in checked:
        told = reasons(console, kind, saying(kind, column, WRONG_DAYS))
        assert all("is not a day" in why and "Write it as 2026-03-31" in why for why in told), (
            kind, column, [why for why in told if "is not a day" not in why],
        )  # fmt: skip
    assert broken_laws() == []


def test_goods_come_neither_before_their_agreement_nor_expired(console: Console) -> None:
    """What a year typed wrong does, where it is a year of trade."""
    received = "organization,receipt,line,received_on,agreement,item,quantity,expires_on\n"
    received += "".join(
        f"S1,{receipt},1,{came},A-1,BOLT,1,{expires}\n"
        for receipt, came, expires in (
            ("W1", "2025-12-31", ""), ("W2", "1976-11-01", "2027-01-31"),
            ("W3", DAY, "2026-03-01"), ("W4", DAY, "2006-11-01"),
            ("G1", "2026-01-01", DAY), ("G2", DAY, DAY), ("G3", DAY, "9999-12-31"),
        )
    )  # fmt: skip
    said = console.imports("receipts", received, "--json")
    assert (said.answer["new"], said.answer["refused"]) == (3, 4)
    why = console.read("receipts.refused.csv")
    assert why.count("agreement A-1 begins on 2026-01-01") == 2
    assert why.count("is said to expire on 20") == 2
    kept = models.Layer.objects.filter(quantity=1_000_000, item__code="BOLT")
    assert set(kept.values_list("expires_on", flat=True)) == {None, date.fromisoformat(DAY)}
    shipped = "organization,ship_notice,line,shipped_on,order,order_line,quantity,expires_on\n"
    shipped += f"S1,SN,1,{DAY},PO-7,1,1,2026-03-01\n"
    made = "organization,reference,product,quantity,completed_on,expires_on\n"
    made += f"S1,P1,KIT,1,{DAY},2026-03-01\n"
    stocked = "organization,programme,line,stocked_on,agreement,item,quantity,received_on,"
    stocked += "expires_on\n"
    stocked += f"S1,P,1,{DAY},A-1,BOLT,1,2020-03-02,2019-03-02\n"
    stocked += f"S1,P,2,{DAY},A-1,BOLT,1,2020-03-02,2021-03-02\n"
    for kind, lines, new in (
        ("ship-notices", shipped, 0), ("production", made, 0), ("initial-stock", stocked, 1)
    ):  # fmt: skip
        assert console.imports(kind, lines, "--json").answer["new"] == new
        assert "is said to expire on" in console.read(f"{kind}.refused.csv")
    assert broken_laws() == []


NAMES_AN_ITEM = ("item", "product", "component")


def test_every_kind_of_line_takes_a_gtin_for_an_item(console: Console) -> None:
    """No line is refused because it names an item by its GTIN in 12, 13 or 14 digits."""
    gtins = {"BOLT": "12345678905", "KIT": "96385074", "VAL": "4006381333931"}
    said = "code,name,unit,gtin\n"
    said += "".join(
        f"{code},,EA,{gtin.zfill(max(12, len(gtin)))}\n" for code, gtin in gtins.items()
    )
    assert console.imports("items", said.replace("000096385074", "96385074")).code == 0
    kinds = [
        (kind, name) for kind, name in columns_of(Code) if name in NAMES_AN_ITEM
        and kind not in {"consumption-rules", "item-settings", "standard-costs", "designations",
                        "approvals", "assignments", "bills", "reservation-cancellations"}
    ]  # fmt: skip
    for kind, name in kinds:
        line = VALID[kind] | {name: gtins[VALID[kind].get(name, "BOLT")].zfill(14)}
        console.imports(kind, as_csv(kind, [line]))
        for refused in console.folder.glob(f"{kind}.refused*.csv"):
            assert "no item has the code" not in refused.read_text("utf-8"), (kind, name)
    assert audit().breaches == []


def test_no_kind_of_line_has_a_number_below_one(console: Console) -> None:
    checked = list(columns_of(LineNumber))
    assert len(checked) > 15
    for kind, column in checked:
        wrong = ["0", "00", "-1", "1.0", "1e3", "one", "1 2", "٣", "99999999999", "9" * 30]
        told = reasons(console, kind, saying(kind, column, wrong))
        assert all("is not a whole number from 1" in why for why in told), (kind, column, told)
    assert not models.Layer.objects.filter(receipt_line=0).exists()
    assert broken_laws() == []


def key_of_till() -> str:
    with QUICK:
        users.add_user(name="till", party="shop", password="x")
    return users.issue_key(name="till", key_name="till", at=now())


def test_the_door_for_programs_refuses_the_same(console: Console) -> None:
    program = Program(key_of_till())
    line = {"reference": "T", "item": "BOLT", "quantity": "1", "occurred_at": DAY}
    serial = {"item": "VAL", "serial": "0001"}
    wrong = [
        ({"quantity": "0.5"}, "not-whole"), ({"quantity": "-0.25"}, "not-whole"),
        (serial | {"quantity": "0.5"}, "not-whole"), (serial | {"quantity": "2"}, "not-one-piece"),
        *(({"occurred_at": day}, "invalid-date") for day in WRONG_DAYS),
    ]  # fmt: skip
    for said, code in wrong:
        status, answer = program.report(line | said)
        assert (status, answer["code"]) == (422, code), (said, answer)


def test_a_price_beside_a_unit_is_the_price_of_that_unit(console: Console) -> None:
    """From a file and from a program: a box of 12 at 13.20 is 12 pieces at 1.10. What it was sold
    for is said alike."""
    terms = "number,consignor,consignee,currency,starts_on,frequency,price_sources,price_terms\n"
    terms += "A-P,acme,shop,USD,2026-01-01,daily,transaction,\n"
    terms += "A-S,acme,shop,USD,2026-01-01,daily,,share=50%\n"
    items = "code,name,unit,units\nRIVET,Rivet,EA,BX=12\nSCREW,Screw,EA,BX=12\n"
    received = "organization,receipt,line,received_on,agreement,item,quantity\n"
    received += f"S1,R-P,1,{DAY},A-P,RIVET,100\nS1,R-P,2,{DAY},A-S,SCREW,100\n"
    shared = "agreement,item,starts_on\nA-S,SCREW,2026-01-01\n"
    for kind, content in (("items", items), ("agreements", terms), ("prices", shared),
                          ("receipts", received)):  # fmt: skip
        assert console.imports(kind, content).code == 0, kind
    used = "reference,organization,item,quantity,occurred_at,unit,price,sale_price\n"
    used += f"F1,S1,RIVET,2,{DAY},BX,13.20,\nF2,S1,RIVET,3,{DAY},,1.10,\n"
    used += f"F3,S1,SCREW,1,{DAY},BX,,24.00\n"
    assert console.imports("consumption", used, "--json").answer["waiting"] == 0
    program = Program(key_of_till())
    boxed = {"reference": "P1", "item": "RIVET", "quantity": "0.5", "occurred_at": DAY,
             "unit": "BX", "price": "13.20"}  # fmt: skip
    assert program.report(boxed)[0] == 200
    charged: dict[str, int] = defaultdict(int)
    for total in models.Total.objects.select_related("item"):
        price = Price(total.price, total.currency, total.per)
        charged[total.item.code] += price.extend(total.quantity)
    assert charged == {"RIVET": 24 * 110 + 3 * 110 + 6 * 110, "SCREW": 1200}
    assert broken_laws() == []


def audited() -> set[tuple[str, str]]:
    return {(breach.law, breach.where) for breach in audit().breaches}


def test_the_audit_finds_a_part_of_a_piece(console: Console) -> None:
    """Three programs with a mistake, that do not look whether a quantity is whole."""

    def measured(item: Item, said: int, unit: str, weighed: int | None = None) -> int:
        return item.in_own_unit(said, unit)

    used = "reference,organization,item,quantity,occurred_at\nU,S1,BOLT,0.5,2026-02-19\n"
    moved = f"organization,reference,item,quantity,from_place,to_place,happened_on\n\
S1,T,BOLT,0.1,STORE,FLOOR,{DAY}\n"
    counted = "organization,count_number,item,counted,counted_on\nS1,C,VAL,1.5,2026-02-20\n"
    with patch.object(Item, "counted", measured):
        for kind, lines in (("consumption", used), ("transfers", moved), ("counts", counted)):
            assert console.imports(kind, lines).code == 0
    assert {where for law, where in audited() if law == "pieces are whole"} == {
        "S1 BOLT STORE unrestricted", "S1 BOLT FLOOR unrestricted", "S1 BOLT use_1", "S1 VAL cnt_2",
    }  # fmt: skip


def test_the_audit_finds_a_piece_that_lies_here_twice(console: Console) -> None:
    twice = "organization,receipt,line,received_on,agreement,item,quantity,serial\n"
    twice += "S1,R-9,1,2026-02-03,A-1,VAL,1,0001\n"
    assert console.imports("receipts", twice).code == 3
    assert audited() == set()
    with patch.object(receipt_records, "serials_on_hand", lambda *said: {}):
        assert console.imports("receipts", twice).code == 0
    assert audited() == {("pieces are whole", "S1 VAL 0001")}


def test_what_is_measured_is_used_in_parts(console: Console) -> None:
    """Glue in kilograms is weighed where nothing else is said; half a box of 12 is 6 pieces."""
    receipts = "organization,receipt,line,received_on,agreement,item,quantity,unit\n"
    receipts += "S1,R-8,1,2026-02-01,A-1,GLUE,1,DRM\n"
    assert console.imports("receipts", receipts).code == 0
    used = "reference,organization,item,quantity,occurred_at,unit\n"
    used += "U1,S1,GLUE,0.125,2026-02-21,\nU2,S1,BOLT,0.5,2026-02-21,BX\n"
    assert console.imports("consumption", used, "--json").answer["waiting"] == 0
    assert sorted(models.Consumption.objects.values_list("quantity", flat=True)) == [
        125_000, 6_000_000,
    ]  # fmt: skip
    assert broken_laws() == []
