"""What waits because it was told wrong is closed, or corrected by a line in its place: through
files, the command, the API and the pages."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils.timezone import now

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.master_data import users
from consigned_service.records import models
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.support.databases import Database

MASTERS = {
    "parties": "code,name\nSHOP,Shop\nACME,Acme\n",
    "organizations": "code,name,party,currency\nS1,Main Street,SHOP,USD\nS2,Side,SHOP,USD\n",
    "items": "code,name,unit,units\nBOLT,Bolt,EA,BX=12\nNUT,Nut,EA,\nGLUE,Glue,LTR,\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency,first_closing_on,"
    "price_sources,cycle_by\nA-1,ACME,SHOP,USD,2026-01-01,daily,,transaction agreement,happened\n",
    "prices": "agreement,item,starts_on,price,from_quantity\nA-1,BOLT,2026-01-01,0.95,\n"
    "A-1,BOLT,2026-01-01,0.90,48\n",
}
RECEIPTS = "organization,receipt,line,received_on,agreement,item,quantity,lot\n"


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Console]:
    console = Console(tmp_path)
    for kind, content in MASTERS.items():
        assert console.imports(kind, content).code == 0, kind
    yield console
    assert audit().breaches == []
    assert broken_laws() == []


def receives(shop: Console, *lines: str) -> None:
    assert shop.imports("receipts", RECEIPTS + "".join(f"{line}\n" for line in lines)).code == 0


def tells(shop: Console, text: str, *words: str):
    return shop.imports("consumption", text, "--source", "till", *words)


def sells(shop: Console, *lines: str) -> None:
    header = "reference,organization,item,quantity,occurred_at\n"
    assert tells(shop, header + "".join(f"{line}\n" for line in lines)).code == 0


def waiting(shop: Console) -> list[tuple[str, str, str]]:
    return [
        (row["reference"], row["item"], row["quantity"]["number"])
        for row in shop("exceptions", "--json").answer
    ]


def numbers(shop: Console) -> dict[str, int]:
    return {row["reference"]: row["number"] for row in shop("exceptions", "--json").answer}


# --- closed with a reason ------------------------------------------------------------------


@pytest.mark.rows("O46", "O47")
@pytest.mark.parametrize("by", ["command", "file"])
def test_a_wrong_line_and_its_void_do_not_wait_for_ever(shop: Console, by: str):
    sells(shop, "U-1,S1,BOLT,5,2026-11-05")
    sells(shop, "U-1v,S1,BOLT,-5,2026-11-05")
    receives(shop, "S1,R-1,1,2026-11-10,A-1,BOLT,20,")
    assert len(waiting(shop)) == 2
    if by == "command":
        done = shop("exceptions", "--item", "BOLT", "--close", "rung up twice, never sold")
        assert "Closed: 2 exceptions" in done.out
    else:
        lines = "".join(f"S1,{number},rung up twice\n" for number in numbers(shop).values())
        text = f"organization,exception,because\n{lines}"
        assert "2 lines read, 2 new" in shop.imports("exception-closings", text).out
        assert "2 repeated" in shop.imports("exception-closings", text).out
    assert waiting(shop) == []
    assert shop("exceptions", "--resubmit").code == 0
    assert {row["quantity"]["number"] for row in shop("stock", "--json").answer} == {"20"}
    ended = shop("exceptions", "--ended", "--json").answer
    assert {(row["how"], row["reference"]) for row in ended} == {
        ("closed", "till U-1"), ("closed", "till U-1v"),
    }  # fmt: skip
    assert all(row["ended_because"].startswith("rung up twice") for row in ended)
    assert "U-1" not in shop("report", "closing").out


def test_what_is_owed_for_is_not_closed_and_nothing_else_with_it(shop: Console):
    receives(shop, "S1,R-1,1,2026-11-01,A-1,NUT,9,")
    sells(shop, "U-1,S1,NUT,4,2026-11-05", "U-2,S1,BOLT,5,2026-11-05")
    refused = shop("exceptions", "--close", "who knows")
    assert (refused.code, "title has passed" in refused.err) == (1, True)
    assert len(waiting(shop)) == 2
    assert models.Resolution.objects.count() == 0


def test_an_exception_that_nobody_has_and_one_that_ended_are_told_apart(shop: Console):
    sells(shop, "U-1,S1,BOLT,5,2026-11-05")
    words = ("exceptions", "--organization", "S1", "--close", "a mistake", "--number")
    assert "S1 has no exception 7" in shop(*words, "7").err
    assert shop(*words, "1").code == 0
    assert shop(*words, "1").code == 0  # for the same reason: nothing changes
    other = ("exceptions", "--organization", "S1", "--close", "another reason", "--number", "1")
    assert "it was closed" in shop(*other).err
    several = shop("exceptions", "--close", "a mistake", "--number", "1")
    assert (several.code, "--organization" in several.err) == (1, True)


@pytest.mark.parametrize("act", [("--resubmit",), ("--close", "not ours")])
def test_what_waits_at_another_party_is_none_of_ours(shop: Console, act: tuple[str, ...]):
    other = "code,name,party,currency\nT1,Their own,ACME,USD\n"
    assert shop.imports("organizations", other).code == 0
    for named in ((), ("--number", "1")):
        said = shop("exceptions", "--as", "SHOP", "--organization", "T1", *named, *act)
        assert (said.code, "T1" in said.err) == (1, True), said.err


# --- corrected -----------------------------------------------------------------------------


@pytest.mark.rows("O47", "O48")
def test_the_list_comes_as_a_file_that_is_corrected_and_sent_again(shop: Console):
    receives(shop, "S1,R-1,1,2026-11-01,A-1,BOLT,24,L-1")
    header = "reference,organization,item,quantity,occurred_at,unit,lot,price,currency,customer\n"
    told = "T-1,S1,BOLT,1,2026-11-05T09:30,BX,L-2,11.40,USD,Mr Lee\nT-2,S1,BOLT,1,2026-11-05,,,,,\n"
    assert tells(shop, header + told).code == 0
    text = shop("exceptions", "--lines").out
    (line,) = csv.DictReader(io.StringIO(text))
    assert {name: said for name, said in line.items() if said} == {
        "reference": "T-1 corrected 1", "organization": "S1", "item": "BOLT", "quantity": "1",
        "occurred_at": "2026-11-05T09:30", "unit": "BX", "kind": "sale", "lot": "L-2",
        "price": "11.4", "currency": "USD", "customer": "Mr Lee", "corrects": "1",
        "refused_because": line["refused_because"],
    }  # fmt: skip
    assert "12 EA asked" in line["refused_because"]
    corrected = text.replace("L-2", "L-1")
    assert "1 line read, 1 new" in tells(shop, corrected).out
    assert waiting(shop) == []
    assert "1 repeated" in tells(shop, corrected).out
    assert [row["quantity"]["number"] for row in shop("stock", "--json").answer] == ["11"]
    shop("run", "advices", "--as", "SHOP")
    (number,) = {row["number"] for row in shop("advices", "--json").answer}
    told = shop("advice", number, "--transactions", "--json").answer["transactions"]
    assert {(one["consumed"]["number"], one["internal_number"]) for one in told} == {
        ("12", f"{number}-C"), ("1", None),
    }  # fmt: skip
    theirs = shop("advice", number, "--transactions", "--json", "--as", "ACME").answer
    assert {one["internal_number"] for one in theirs["transactions"]} == {None}
    assert f"{number}-C" in shop("advice", number, "--transactions").out
    assert f"{number}-C" not in shop("advice", number, "--transactions", "--as", "ACME").out


def test_a_file_sent_back_as_it_is_leaves_the_same_waiting(shop: Console):
    receives(shop, "S1,R-1,1,2026-11-01,A-1,BOLT,7,")
    header = (
        "reference,organization,item,quantity,occurred_at,unit,kind,work_order,account,voids,"
        "because,price,currency\n"
    )
    told = [
        "T-1,S1,BOLT,2,2026-11-05,BX,,,,,,11.40,USD", "T-2,S1,NUT,3,2026-11-05,,,,,,,,",
        "T-3,S1,NUT,3,2026-11-05,,work-order,WO-1,4711,,,,", "T-4,S1,NUT,-1,2026-11-05,,,,,,,,",
        "T-5,S1,BOLT,-1,2026-11-05,,,,,T-0,a slip,,",
    ]  # fmt: skip
    assert tells(shop, header + "\n".join(told) + "\n").code == 0
    before = [(item, quantity) for _, item, quantity in waiting(shop)]
    assert ("BOLT", "17") in before
    lines = shop("exceptions", "--lines").out
    assert "0.95" in lines.splitlines()[1]  # 17 EA are no whole boxes: the price of one
    assert "5 lines read, 5 new" in tells(shop, lines).out
    assert [(item, quantity) for _, item, quantity in waiting(shop)] == before
    again = list(csv.DictReader(io.StringIO(shop("exceptions", "--lines").out)))
    kept = ("item", "quantity", "unit", "kind", "work_order", "account", "voids", "price")
    first = list(csv.DictReader(io.StringIO(lines)))
    assert [[one[name] for name in kept] for one in again] == [
        [one[name] for name in kept] for one in first
    ]


@pytest.mark.parametrize("chunk", ["1", "10000"])
def test_one_line_stands_in_the_place_of_one_that_waits(shop: Console, chunk: str):
    receives(shop, "S1,R-1,1,2026-11-01,A-1,BOLT,20,")
    sells(shop, "T-1,S1,NUT,3,2026-11-05")
    header = "reference,organization,item,quantity,occurred_at,corrects\n"
    lines = [
        "C-0,S1,GLUES,1,2026-11-05,1", "C-1,S1,BOLT,2,2026-11-05,1", "C-2,S1,BOLT,1,2026-11-05,1",
        "C-3,S1,BOLT,1,2026-11-05,8", "C-4,S1,BOLT,1,2026-11-05,x",
    ]  # fmt: skip
    done = tells(shop, header + "\n".join(lines) + "\n", "--chunk", chunk)
    assert "5 lines read, 1 new, 0 repeated, 4 refused" in done.out
    refused = next(shop.folder.glob("*refused*")).read_text()
    assert "exception 1 ended" in refused
    assert "S1 has no exception 8" in refused
    assert [row["quantity"]["number"] for row in shop("stock", "--json").answer] == ["18"]
    assert waiting(shop) == []


def test_a_scale_looks_at_all_that_the_line_told(shop: Console):
    receives(shop, "S1,R-1,1,2026-11-01,A-1,BOLT,24,L-1", "S1,R-2,1,2026-11-01,A-1,BOLT,24,L-2")
    header = "reference,organization,item,quantity,occurred_at,lot,corrects\n"
    assert tells(shop, f"{header}T-1,S1,BOLT,48,2026-11-05,L-1,\n").code == 0
    assert tells(shop, f"{header}T-1c,S1,BOLT,24,2026-11-05,L-9,1\n").code == 0
    assert waiting(shop) == [("till T-1c", "BOLT", "24")]
    assert tells(shop, f"{header}T-1d,S1,BOLT,24,2026-11-05,L-2,2\n").code == 0
    (row,) = shop("owed", "--json").answer
    assert row["running"]["amount"] == "43.20"  # 48 at 0.90


# --- for programs --------------------------------------------------------------------------


@pytest.fixture
def key(shop: Console) -> dict[str, str]:
    return program_of("SHOP")


def program_of(party: str) -> dict[str, str]:
    users.add_user(name="program", party=party, password="x")
    key = users.issue_key(name="program", key_name="till", at=now())
    return {"authorization": f"Bearer {key}"}


@pytest.mark.rows("O46", "O47")
def test_a_program_lists_takes_up_closes_and_corrects(shop: Console, key, client: Client):
    sells(
        shop, "T-1,S1,BOLT,5,2026-11-05", "T-2,S1,NUT,3,2026-11-06", "T-3,S1,GLUE,2,2026-11-06"
    )  # fmt: skip

    def asks(path: str) -> list:
        answer = client.get(f"/api/exceptions{path}", headers=key)
        assert answer.status_code == 200, answer.content
        return [one["reference"] for one in answer.json()["exceptions"]]

    def does(path: str, **body):
        return client.post(
            f"/api/organizations/S1/{path}", body, content_type="application/json", headers=key
        )

    assert asks("") == ["till T-1", "till T-2", "till T-3"]
    assert asks("?item=NUT") == ["till T-2"]
    assert asks("?source=desk") == []
    assert asks("?reason=price-missing&source=till") == []
    known = numbers(shop)
    closed = does("exceptions/close", exceptions=[known["till T-3"]], because="a test")
    assert closed.json() == {"closed": 1, "repeated": 0}
    assert asks("?ended=true") == ["till T-3"]
    assert does("exceptions/close", exceptions=[99], because="a test").status_code == 422
    receives(shop, "S1,R-1,1,2026-11-01,A-1,BOLT,20,")
    taken = does("exceptions/resubmit", exceptions=[known["till T-2"]])
    assert taken.json() == {"resolved": 0, "waiting": 1}
    assert does("exceptions/resubmit").json() == {"resolved": 1, "waiting": 1}
    line = {"reference": "T-2c", "item": "BOLT", "quantity": 3, "occurred_at": "2026-11-06"}
    told = does("consumption", source="till", lines=[line | {"corrects": known["till T-2"]}])
    assert told.json()["new"] == 1, told.content
    assert asks("") == []


@pytest.mark.rows("X08")
def test_a_stranger_and_the_owner_of_the_goods_neither_close_nor_take_up(
    shop: Console, client: Client
):
    sells(shop, "T-1,S1,BOLT,5,2026-11-05")
    key = program_of("ACME")
    for act, body in (
        ("close", {"exceptions": [1], "because": "not mine"}),
        ("resubmit", {"exceptions": [1]}),
    ):
        path = f"/api/organizations/S1/exceptions/{act}"
        answer = client.post(path, body, content_type="application/json", headers=key)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-organization")
    assert client.get("/api/exceptions", headers=key).json()["total"] == 0
    assert len(waiting(shop)) == 1


# --- pages ---------------------------------------------------------------------------------


@pytest.mark.rows("O46", "O47")
def test_the_page_filters_shows_what_ended_and_gives_lines_to_correct(
    shop: Console, client: Client
):
    sells(shop, "T-1,S1,BOLT,5,2026-11-05", "T-2,S1,NUT,3,2026-11-06")
    users.add_user(name="dora", party="SHOP", password="x")
    client.force_login(get_user_model().objects.get(username="dora"))

    def page(query: str) -> str:
        answer = client.get(f"/exceptions/{query}")
        assert answer.status_code == 200
        return b"".join(answer).decode() if answer.streaming else answer.content.decode()

    assert "T-2" not in page("?item=BOLT")
    assert "T-1" in page("?source=till&item=BOLT")
    assert "T-1" not in page("?since=2099-01-01")
    assert "_export=lines" in page("")
    (line,) = csv.DictReader(io.StringIO(page("?item=NUT&_export=lines")))
    assert (line["item"], line["corrects"]) == ("NUT", "2")
    shop("exceptions", "--organization", "S1", "--number", "1", "--close", "rung up in training")
    assert "ung up in training" not in page("")
    ended = page("?show=ended")
    assert "Rung up in training" in ended
    assert "Closed" in ended
    assert "rung up in training" in client.get("/consumption/S1/1/").content.decode()
