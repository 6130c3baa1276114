"""The pages: every one opens, every figure leads on, nothing is asked of the database twice."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from consigned.measure.period import add_months
from consigned_service.interfaces.files.formula_guard import harmless
from consigned_service.interfaces.workbench import filters
from consigned_service.interfaces.workbench.url_converters import Code
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.queries.settlement import agreements
from tests.service.world import TODAY, World

Member = Callable[[str], Client]

LISTS = ["/stock/", "/elsewhere/", "/items/", "/orders/", "/owed/", "/advices/", "/agreements/",
         "/exceptions/", "/aging/"]  # fmt: skip
PAGES = {
    "northwind": [
        "/", *LISTS, "/items/BOLT/", "/items/PAPER/", "/orders/L1/PO-1/", "/owed/A-ACME/L1/",
        "/totals/L1/1/", "/advices/northwind-000001/", "/advices/northwind-000001/1/",
        "/advices/northwind-000001/transactions/",
        "/agreements/A-BOLT/", "/entries/L1/1/", "/entries/L1/12/", "/consumption/L1/1/",
        "/consumption/L1/4/", "/stock/?as_of=2026-03-03", "/owed/?on=2026-03-09",
    ],
    "acme": ["/", *LISTS, "/items/BOLT/", "/orders/L1/PO-1/", "/consumption/L1/1/"],
    "nobody": ["/", *LISTS],
}  # fmt: skip


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.content.decode()


def words(page: str) -> str:
    """What a page says, without what it is made of."""
    body = page.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def exported(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))


@contextmanager
def maximum_quantity(statements: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as asked:
        yield
    said = "\n".join(query["sql"][:160] for query in asked)
    assert len(asked) <= statements, f"{len(asked)} statements:\n{said}"


@pytest.mark.parametrize(("party", "addresses"), PAGES.items())
def test_every_page_opens(world: World, member: Member, party: str, addresses: list[str]) -> None:
    client = member(party)
    for address in addresses:
        page = read(client, address)
        assert "<h1>" in page
        assert page.count("<main") == 1


def test_a_time_is_labelled_with_the_zone_that_it_is_shown_in(world: World, member: Member) -> None:
    client, shown = member("northwind"), re.compile(r">[^<>]*\b(\d\d):\d\d ([A-Z]{3})<")
    for address in ("/entries/L1/1/", "/consumption/L1/1/"):
        ((hour, zone),) = shown.findall(read(client, address))
        assert zone == "UTC"
        with override_settings(TIME_ZONE="Asia/Tokyo"):
            ((there, zone),) = shown.findall(read(client, address))
        assert (zone, int(there)) == ("JST", (int(hour) + 9) % 24)


def test_every_link_of_every_page_leads_somewhere(world: World, member: Member) -> None:
    client = member("northwind")
    seen, waiting = set(), ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page = read(client, address)
        links = {unescape(link) for link in re.findall(r'href="([^"#]*)', page)}
        for link in links:
            if link.startswith("?") and "_export" not in link and len(seen) < 400:
                waiting.append(address.partition("?")[0] + link)
            elif link.startswith("/") and not link.startswith(("/static/", "/accounts/")):
                waiting.append(link)
    assert len(seen) > 60


@pytest.mark.parametrize(("party", "addresses"), PAGES.items())
def test_a_page_costs_a_handful_of_statements(
    world: World, member: Member, party: str, addresses: list[str]
) -> None:
    client = member(party)
    read(client, addresses[0])  # with the first page the session is recorded
    for address in addresses:
        with maximum_quantity(18):
            read(client, address)


@pytest.mark.rows("E29", "L31")
def test_the_overview_says_what_is_held_and_owed(world: World, member: Member) -> None:
    page = words(read(member("northwind"), "/"))
    for said in ("What we hold that is not ours", "Acme Fasteners", "58.72 USD", "63.80 USD",
                 "What we owe now", "85.83 USD", "2 open exceptions"):  # fmt: skip
        assert said in page, said


@pytest.mark.rows("E30", "E31")
def test_a_consignor_reads_where_its_goods_are_and_that_none_is_available(
    world: World, member: Member
) -> None:
    client = member("acme")
    overview = words(read(client, "/"))
    assert "Our goods with customers" in overview
    assert "What we hold" not in overview
    page = words(read(client, "/elsewhere/"))
    for said in ("Contoso Plants", "Northwind Stores", "C1", "PO-1", "487 EA", "Not available"):
        assert said in page
    assert "Bolt Brothers" not in page
    rows = exported(client, "/elsewhere/?_export=csv")
    assert {row["Available"] for row in rows} == {"no"}
    assert {row["PO number"] for row in rows} == {"", "PO-1"}


@pytest.mark.rows("C04", "L35", "P06")
def test_an_item_shows_consigned_owned_and_on_order_side_by_side(
    world: World, member: Member
) -> None:
    page = words(read(member("northwind"), "/items/BOLT/"))
    assert re.search(
        r"Consigned 92 EA .* Owned 0 EA .* On order 100 EA .* In transit 50 EA .* Available 57 EA",
        page,
    )
    assert "Acme Fasteners" in page
    assert "Bolt Brothers" in page
    assert "Owned" not in words(read(member("acme"), "/items/BOLT/"))


@pytest.mark.rows("C03")
def test_an_order_shows_the_consigned_flag_on_its_lines(world: World, member: Member) -> None:
    client = member("northwind")
    assert read(client, "/orders/L1/PO-1/").count('class="mark consigned"') == 3
    bought = read(client, "/orders/L1/PO-3/")
    assert 'class="mark owned"' in bought
    assert 'class="mark consigned"' not in bought


@pytest.mark.rows("O01", "L31")
def test_every_figure_opens_down_to_the_use(world: World, member: Member) -> None:
    """From what is owed to the advice, its line, the entry, and the consumption behind it."""
    client = member("northwind")
    address = "/"
    for step in (
        r"/advices/\?agreement=A-ACME&organization=L1&state=unsettled",
        r"/advices/northwind-\d+/", r"/advices/northwind-\d+/1/", r"/entries/L1/\d+/",
        r"/consumption/L1/\d+/",
    ):  # fmt: skip
        links = [unescape(link) for link in re.findall(r'href="([^"]*)"', read(client, address))]
        address = next(link for link in links if re.fullmatch(step, link))
    assert "What came of it" in words(read(client, address))


@pytest.mark.parametrize("address", LISTS)
def test_a_csv_holds_what_is_shown(world: World, member: Member, address: str) -> None:
    client = member("northwind")
    page = read(client, address)
    shown = page.count('<tr role="row">') - page.count("<thead")
    if "_export=csv" in page:
        assert len(exported(client, f"{address}?_export=csv")) == shown


def test_a_csv_keeps_filter_and_order(world: World, member: Member) -> None:
    rows = exported(member("northwind"), "/stock/?owner=acme&sort=-age_days&_export=csv")
    assert [row["Item"] for row in rows] == ["BOLT", "NUT"]
    assert [(row["Quantity"], row["Quantity unit"]) for row in rows] == [
        ("34", "EA"), ("487", "EA"),
    ]  # fmt: skip


def test_of_many_partners_one_is_named_by_its_code(
    world: World, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = member("northwind")
    asked = "/stock/?owner=acme&_export=csv"
    chosen = exported(client, asked)
    assert '<select name="owner"' in read(client, "/stock/")
    monkeypatch.setattr(filters, "MOST_CHOICES", 1)
    page = read(client, "/stock/")
    assert '<select name="owner"' not in page
    assert 'placeholder="Code"' in page
    assert exported(client, asked) == chosen != []


@pytest.mark.parametrize("months", [0, 1, 5, 14])
def test_the_agreement_that_closes_next_is_found_among_all(full: World, months: int) -> None:
    day = add_months(TODAY, months)
    for party in ("northwind", "contoso", "acme", "bolts", "stow"):
        viewer = viewer_of_party(party)
        assert viewer
        listed = agreements.agreements(viewer, today=day).rows
        in_force = [line for line in listed if line.is_in_force]
        assert agreements.next_to_close(viewer, today=day) == min(
            in_force, key=lambda line: line.next_closing_on, default=None
        )


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+1", "'+1"), ("-A1", "'-A1"),
     ("-12.50", "-12.50"), ("12.50", "12.50"), ("\tx", "'\tx"), ("plain", "plain"), ("", "")],
)  # fmt: skip
def test_no_cell_becomes_a_formula(cell: str, written: str) -> None:
    assert harmless(cell) == written


def test_lists_are_sorted_and_filtered_in_the_address(world: World, member: Member) -> None:
    client = member("northwind")
    page = read(client, "/stock/?sort=-received_on")
    assert 'aria-sort="descending"' in page
    table = words(page)
    assert table.index("2 Mar 2026") < table.index("1 Mar 2026") < table.index("5 Jan 2026")
    filtered = words(read(client, "/stock/?owner=bolts"))
    assert "Bolt Brothers" in filtered
    assert "PAPER" not in filtered
    assert "Nothing fits these filters" in words(read(client, "/stock/?item=NONE"))


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-3", "page=x", "page=99999999999999999999", "page=2", "sort=nonsense",
     "sort=-nonsense", "sort=", "owner=nobody-we-know", "as_of=yesterday",
     "item=%27%22%3Cscript%3E", "item=%25", "organization=C1", "per_page=9999999",
     "_export=xml", "on=0000-00-00", "state=nonsense", "after=-1", "before=x.y.z",
     "total=99999999999999999999999"],
)  # fmt: skip
def test_no_address_breaks_a_page(world: World, member: Member, query: str) -> None:
    client = member("northwind")
    for address in ("/", *LISTS, "/items/BOLT/", "/agreements/A-ACME/", "/totals/L1/1/",
                    "/advices/northwind-000001/", "/advices/northwind-000001/1/"):  # fmt: skip
        page = read(client, f"{address}?{query}")
        assert "<script" not in page


def test_no_number_breaks_a_page(world: World, member: Member) -> None:
    client = member("northwind")
    for address in ("/entries/L1/{}/", "/consumption/L1/{}/", "/totals/L1/{}/",
                    "/advices/northwind-000001/{}/"):  # fmt: skip
        for number in (0, 10**18, 10**30):
            assert client.get(address.format(number)).status_code == 404


@pytest.mark.parametrize("code", ["A/B", "~", "~1", "..", ".", "a b", "ü%", "~2.", "50%/m²?#"])
def test_any_code_can_stand_in_an_address(code: str) -> None:
    written = Code().to_url(code)
    assert "/" not in written
    assert written.strip(".")
    assert Code().to_python(written) == code


def test_an_empty_house_says_how_to_begin(client: Client) -> None:
    from django.contrib.auth.models import User  # wants its database

    from consigned_service.records import models

    party = models.Party.objects.create(code="new", name="New & Co")
    user = User.objects.create(username="new")
    models.Membership.objects.create(user=user, party=party)
    client.force_login(user)
    assert "It begins with an agreement" in words(read(client, "/"))
    for address in LISTS:
        assert 'class="empty"' in read(client, address)


@pytest.mark.rows("O28")
def test_goods_whose_time_runs_out_are_listed_and_may_be_bought_from_the_list(
    member: Member,
) -> None:
    client = member("northwind")
    page = words(read(client, "/aging/"))
    assert "consigned import aging-transfers" in page
    rows = exported(client, "/aging/?_export=csv")
    assert {row["Owner"] for row in rows} == {"Bolt Brothers"}
    assert all(row["Organization"] and row["Layer"] and row["Days left"] for row in rows)
    assert "/aging/" in read(client, "/stock/")
    assert exported(member("bolts"), "/aging/?_export=csv") == rows
    assert "Nothing comes to an end" in read(member("nobody"), "/aging/")
