"""Whose day it is: the organization's, by its time zone, at every door."""

from datetime import UTC, date, datetime

import pytest
from django.conf import settings

from consigned_service.operations.audit.audit import audit
from consigned_service.records import models
from consigned_service.records.ledger import days
from tests.service.clock import Set
from tests.service.console import Console
from tests.support.databases import Database

ORGANIZATIONS = """code,name,party,currency,time_zone
S1,Shop,SHOP,USD,America/Los_Angeles
S2,Shop too,SHOP,USD,Pacific/Auckland
S3,Shop anywhere,SHOP,USD,
"""
IN_ORDER = {
    "parties": "code,name\nSHOP,Shop\nACME,Acme\n",
    "organizations": ORGANIZATIONS,
    "items": "code,name,unit\nNUT,Nut,EA\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency,first_closing_on,"
    "settlement_method,summary_level\n"
    "M-1,ACME,SHOP,USD,2026-01-01,monthly,2026-01-31,self-bill-automatic,organization\n",
    "prices": "agreement,item,starts_on,price\nM-1,NUT,2026-01-01,2\n",
    "receipts": "organization,receipt,line,received_on,agreement,item,quantity\n"
    + "".join(f"S{n},R-{n},1,2026-11-01,M-1,NUT,10\n" for n in (1, 2, 3)),
}


@pytest.fixture
def shops(database: Database, tmp_path, clock: Set) -> Console:
    """A shop in Los Angeles, one in Auckland, and one that has not said where it is."""
    clock("2026-11-02T12:00Z")
    console = Console(tmp_path)
    for kind, content in IN_ORDER.items():
        assert console.imports(kind, content).code == 0
    return console


def use(shops: Console, organization: str, *times: str) -> dict[str, int]:
    lines = "".join(f"{organization}-{time},{organization},NUT,1,{time}\n" for time in times)
    (shops.folder / "consumption.refused.csv").unlink(missing_ok=True)
    answer = shops.imports(
        "consumption", f"reference,organization,item,quantity,occurred_at\n{lines}", "--source",
        "till", "--json",
    ).answer  # fmt: skip
    return {"new": answer["new"], "refused": answer["refused"]}


def closings(organization: str) -> list[str]:
    rows = models.Total.objects.filter(organization__code=organization).order_by("number")
    return [str(row.closes_on) for row in rows]


def test_the_evening_of_the_month_s_end_belongs_to_the_month(shops: Console, clock: Set) -> None:
    """At 19:30 in Los Angeles it is 03:30 of the next day in UTC."""
    clock("2026-12-01T03:30Z")
    assert use(shops, "S1", "2026-11-30T19:29") == {"new": 1, "refused": 0}
    assert closings("S1") == ["2026-11-30"]
    posting = models.Posting.objects.filter(organization__code="S1").latest("number")
    assert (posting.recorded_on, posting.recorded_at.date()) == (
        date(2026, 11, 30), date(2026, 12, 1),
    )  # fmt: skip
    assert audit().breaches == []


def test_the_morning_after_is_the_next_day(shops: Console, clock: Set) -> None:
    """At 09:00 of 1 December in Auckland it is 30 November in UTC."""
    clock("2026-11-30T20:00Z")
    use(shops, "S2", "2026-12-01T08:59", "2026-11-30T22:00")
    assert closings("S2") == ["2026-12-31", "2026-12-31"]


def test_a_time_with_an_offset_is_the_instant_that_it_is(shops: Console, clock: Set) -> None:
    clock("2026-12-01T05:00Z")
    use(shops, "S1", "2026-12-01T03:29Z", "2026-11-30T19:29-08:00", "2026-11-30T19:29")
    use(shops, "S2", "2026-11-30T11:00Z", "2026-12-01T00:00+13:00")
    told = models.Consumption.objects.order_by("organization__code", "number")
    assert [(str(use.happened_on), use.occurred_at) for use in told] == [
        ("2026-11-30", "2026-12-01T03:29Z"),
        ("2026-11-30", "2026-11-30T19:29-08:00"),
        ("2026-11-30", "2026-11-30T19:29"),
        ("2026-12-01", "2026-11-30T11:00Z"),
        ("2026-12-01", "2026-12-01T00:00+13:00"),
    ]


def test_a_day_is_to_come_by_the_clock_on_the_wall(shops: Console, clock: Set) -> None:
    """One day ahead is let through only where nobody has said where the shop is."""
    clock("2026-12-01T05:00Z")
    assert use(shops, "S1", "2026-12-01") == {"new": 0, "refused": 1}
    assert use(shops, "S2", "2026-12-01") == {"new": 1, "refused": 0}
    assert use(shops, "S3", "2026-12-02") == {"new": 1, "refused": 0}
    assert use(shops, "S3", "2026-12-03") == {"new": 0, "refused": 1}
    refused = shops.read("consumption.refused.csv")
    assert "2026-12-03 has not come yet; it is 2026-12-01" in refused


def test_the_installation_says_whose_day_it_is_where_nobody_else_does(
    shops: Console, clock: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TIME_ZONE", "Asia/Tokyo")
    clock("2026-11-30T16:00Z")
    use(shops, "S3", "2026-12-01T00:30")
    assert closings("S3") == ["2026-12-31"]
    assert days.day_of_party(None, datetime(2026, 11, 30, 16, tzinfo=UTC)) == date(2026, 12, 1)


def test_a_party_s_day_is_the_one_that_has_come_everywhere(shops: Console, clock: Set) -> None:
    clock("2026-12-01T05:00Z")
    assert shops("run", "payments", "--json").answer["on"] == "2026-11-30"
    assert shops("run", "payments", "--json", "--as", "ACME").answer["on"] == "2026-12-01"


def test_an_age_is_told_in_the_days_of_the_viewer(shops: Console, clock: Set) -> None:
    """Eleven days on the shelf in Los Angeles, twelve in UTC."""
    clock("2026-11-13T05:00Z")
    assert shops("stock", "--json").answer[0]["age_days"] == 11
    assert shops("stock", "--json", "--as", "ACME").answer[0]["age_days"] == 12


def test_a_time_zone_that_is_none_is_refused(shops: Console) -> None:
    for said in ("Los Angeles", "../etc/passwd", "Europe", "PST8PDT2"):
        told = shops.imports("organizations", ORGANIZATIONS.replace("Pacific/Auckland", said))
        assert told.code != 0
        assert f"no time zone is called '{said}'" in shops.read("organizations.refused.csv")
        (shops.folder / "organizations.refused.csv").unlink()


DOORS = {  # what happens with a receipt, at half past three of 1 December in UTC
    "receipts": ("organization,receipt,line,received_on,agreement,item,quantity",
                 "S1,R-9,1,{at},M-1,NUT,1"),
    "transfers": ("organization,reference,item,quantity,from_place,to_place,happened_on",
                  "S1,T-9,NUT,1,STORE,STOCK,{at}"),
    "orders": ("organization,order,line,ordered_on,consignor,item,quantity",
               "S1,P-9,1,{at},ACME,NUT,1"),
    "counts": ("organization,count_number,item,counted,counted_on", "S1,C-9,NUT,9,{at}"),
    "returns": ("organization,reference,item,quantity,happened_on,because",
                "S1,B-9,NUT,1,{at},too many"),
    "holds": ("organization,reference,item,happened_on", "S1,H-9,NUT,{at}"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DOORS)
def test_every_door_reads_a_time_with_an_offset_as_a_day_here(
    shops: Console, clock: Set, kind: str
) -> None:
    """The same instant, written by the clock in Greenwich, is the evening before; and tomorrow
    has not come."""
    clock("2026-12-01T03:30Z")
    head, line = DOORS[kind]
    told = shops.imports(kind, f"{head}\n{line.format(at='2026-12-01T03:29Z')}\n", "--json")
    assert told.answer.get("new") == 1, told.out
    tomorrow = line.format(at="2026-12-01").replace("-9,", "-8,")
    told = shops.imports(kind, f"{head}\n{tomorrow}\n")
    assert "2026-12-01 has not come yet; it is 2026-11-30" in told.err + told.out
