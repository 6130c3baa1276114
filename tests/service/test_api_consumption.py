"""The door for programs: consumption as JSON, with a key, the same as from a file or refused."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consigned.master_data.access import KeyScope
from consigned_service.interfaces.api import keys
from consigned_service.interfaces.api import recording as door
from consigned_service.interfaces.api.refusals import OTHERWISE, STATUS
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound import orders, receipts
from consigned_service.operations.master_data import agreements, items, parties, users
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.queries.inbound import orders as order_queries
from consigned_service.queries.inventory import title
from consigned_service.records import models
from tests.service.conftest import QUICK
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.shop import BY, NOW, organization_id
from tests.service.test_bounds import NASTY
from tests.support.databases import Database
from tests.support.lines import rewritten

DOCUMENTED = Path(__file__).parents[2] / "docs" / "API.md"
ADDRESS = "/api/organizations/S1/consumption"
LINE = {"reference": "T1", "item": "BOLT", "quantity": "3", "occurred_at": "2026-03-05T09:15"}


class Program:
    """A program with a key, or none, that asks from an address."""

    def __init__(self, key: str | None, address: str = "192.0.2.1") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"authorization": f"Bearer {key}"} if key is not None else {}
        self.address = address

    def send(self, body: bytes | str, to: str = ADDRESS, method: str = "POST") -> tuple[int, Any]:
        told = self.client.generic(
            method, to, body, content_type="application/json", headers=self.headers,
            REMOTE_ADDR=self.address,
        )  # fmt: skip
        assert told.headers["Content-Type"].startswith("application/json"), told.content
        return told.status_code, told.json()

    def report(
        self, *lines: dict[str, Any], to: str = ADDRESS, source: str = "till", **said: Any
    ) -> tuple[int, Any]:
        return self.send(json.dumps({"source": source, "lines": lines, **said}), to)


def line(reference: str, quantity: Any, **said: Any) -> dict[str, Any]:
    return LINE | {"reference": reference, "quantity": quantity} | said


def posted(new: int, repeated: int = 0, waiting: int = 0) -> tuple[int, Any]:
    return 200, {
        "new": new, "changed": 0, "repeated": repeated, "waiting": waiting, "refused": [],
        "notes": [],
    }  # fmt: skip


@pytest.fixture
def shop(database: Database) -> Iterator[Database]:
    """Northwind's S1 with 100 BOLT of Acme's on one order line, Contoso's empty C1, and a user
    of each party."""

    def done(outcome: Result) -> None:
        outcome.or_raise()

    with QUICK:
        codes = ("northwind", "contoso", "acme")
        done(
            parties.register_parties(lines=[written(parties.PartyLine, code, "") for code in codes])
        )
        shops = {"S1": "northwind", "C1": "contoso"}
        own = [
            written(parties.OrganizationLine, code, "", whose, "USD")
            for code, whose in shops.items()
        ]
        done(parties.register_organizations(lines=own, by=BY, at=NOW))
        done(
            items.register_items(lines=[written(items.ItemLine, "BOLT", "", "EA", "", "", "BX=20")])
        )
        agreement = written(agreements.AgreementLine,
            "A-1", "acme", "northwind", "USD", "2025-01-01", frequency="weekly",
            first_closing_on="2026-03-08", price_sources="transaction order-line",
        )  # fmt: skip
        done(agreements.register_agreements(lines=[agreement]))
        price = written(agreements.PriceLine, "A-1", "BOLT", "2025-01-01", "1.10")
        done(agreements.register_prices(lines=[price]))
        order = written(
            orders.OrderLine, "PO-1", "1", "2025-02-20", "acme", "BOLT", "100", "A-1", "", "",
                                 "1.25", "USD")  # fmt: skip
        s1 = organization_id("S1")
        done(orders.place_orders(organization=s1, lines=[order], at=NOW))
        receipt = written(receipts.ReceiptLine, "R-1", "1", "2025-03-01", "", "", "PO-1", "1")
        receipt = rewritten(receipt, quantity="100")
        done(receipts.record_receipts(organization=s1, lines=[receipt], by=BY, at=NOW))
        for code in codes:
            users.add_user(name=code, party=code, password="x")
        yield database


@pytest.fixture
def till(shop: Database) -> Program:
    return Program(users.issue_key(name="northwind", key_name="till", at=now()))


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def order_line() -> tuple[str, str]:
    """Consumed and consigned on hand, of the one order line."""
    viewer = viewer_of_party("northwind")
    assert viewer
    order = order_queries.order(viewer, "S1", "PO-1")
    assert order
    return str(order.lines[0].consumed), str(order.lines[0].consigned_on_hand)


def passed() -> list[title.TitleEntry]:
    """The entries by which title passed, oldest first."""
    viewer = viewer_of_party("northwind")
    assert viewer
    entries = title.title_history(viewer, "BOLT").entries
    return [entry for entry in reversed(entries) if entry.passes_title]


# --- what is posted ------------------------------------------------------------------------


@pytest.mark.rows("C11", "C12")
def test_a_program_reports_consumption(till: Program) -> None:
    box = line("T2", "1", unit="BX", kind="issue", customer="Mrs Miller", place=None)
    assert till.report(LINE, box) == posted(2)
    assert order_line() == ("23 EA", "77 EA")
    assert [(entry.reference, entry.recorded_by) for entry in passed()] == [
        ("till T1", "northwind (key till)"),
        ("till T2", "northwind (key till)"),
    ]
    assert broken_laws() == []


@pytest.mark.rows("C11")
def test_it_is_the_same_consumption_as_from_a_file(till: Program, console: Console) -> None:
    assert till.report(LINE, line("T2", "4"), line("T3", 2)) == posted(3)
    told = console.imports(
        "consumption",
        "reference,organization,item,quantity,occurred_at\n"
        "T1,S1,BOLT,3,2026-03-05T09:15\n"
        "T2,S1,BOLT,4,2026-03-05T09:15\n"
        "T3,S1,BOLT,2,2026-03-05T09:15\n",
        "--source", "till", "--json",
    )  # fmt: skip
    assert (told.answer["new"], told.answer["repeated"], told.answer["refused"]) == (0, 3, 0)


@pytest.mark.rows("C14", "C15")
def test_the_price_told_is_taken_and_otherwise_the_order_lines(till: Program) -> None:
    assert till.report(line("T1", "1", price="1.3333", currency="USD"), line("T2", "1")) == posted(
        2
    )
    prices = [(str(entry.charged.price), str(entry.charged.price_source))
              for entry in passed() if entry.charged]  # fmt: skip
    assert prices == [("1.3333 USD", "transaction"), ("1.25 USD", "order-line")]


def test_a_line_twice_in_a_request_is_refused(till: Program) -> None:
    status, said = till.report(LINE, LINE, line("T2", "1"), LINE)
    assert (status, said["new"], said["repeated"]) == (200, 2, 0)
    assert [(one["line"], one["code"]) for one in said["refused"]] == [
        (2, "repeated-in-request"), (4, "repeated-in-request"),
    ]  # fmt: skip
    assert said["refused"][0]["sentence"].startswith("it says the same as line 1.")
    status, said = till.report(LINE, LINE)
    assert (status, said["repeated"], said["refused"][0]["line"]) == (200, 1, 2)


def test_what_another_source_told_is_refused_unless_it_is_another(till: Program) -> None:
    assert till.report(LINE) == posted(1)
    status, said = till.report(LINE, source="import")
    assert (status, said["code"]) == (422, "possible-duplicate")
    assert till.report(line("T1", "2"), source="import") == posted(1)
    assert till.report(LINE, source="till-2", again=True) == posted(1)
    assert till.report(LINE, source="till-2") == posted(0, repeated=1)
    assert broken_laws() == []


def test_told_again_nothing_changes(till: Program) -> None:
    assert till.report(LINE) == posted(1)
    assert till.report(LINE) == posted(0, repeated=1)
    assert till.report(LINE, source="other till", again=True) == posted(1)
    assert order_line() == ("6 EA", "94 EA")
    status, said = till.report(line("T1", "4"), line("T2", "1"))
    assert (status, said["new"], said["refused"]) == (
        200, 1, [{
            "line": 1, "reference": "T1", "code": "reference-reused",
            "sentence": "reference T1 was told before with other content. "
            "Give the new line a reference of its own.", "fields": [],
        }],
    )  # fmt: skip


def test_good_lines_are_posted_and_bad_ones_told_in_order(till: Program) -> None:
    status, said = till.report(
        line("B1", "1", occurred_at="2199-12-31"),
        line("G1", "1"),
        line("B2", "three"),
        line("B3", "1", item="a\0b"),
        line("B4", "-1000000000001"),
        line("B5", 10**40),
        line("B6", "1", lot="\ud800"),
        line("\ud800", "1"),
    )
    assert (status, said["new"]) == (200, 1)
    assert [(one["line"], one["reference"], one["code"]) for one in said["refused"]] == [
        (1, "B1", "not-yet"), (3, "B2", "invalid-quantity"), (4, "B3", "invalid-text"),
        (5, "B4", "invalid-quantity"), (6, "B5", "invalid-quantity"),
        (7, "B6", "invalid-text"), (8, "\ud800", "invalid-text"),
    ]  # fmt: skip


def test_where_every_line_is_refused_the_request_is(till: Program) -> None:
    status, said = till.report(line("B1", "three"), line("B2", "1", item="NUT"))
    assert status == 422
    assert (said["code"], said["sentence"]) == (
        "invalid-quantity", "'three' is not a quantity: write it as 3 or 0.125",
    )  # fmt: skip
    assert [one["code"] for one in said["refused"]] == ["invalid-quantity", "unknown-item"]


def test_what_is_not_on_hand_refuses_the_whole_or_waits(till: Program) -> None:
    lines = line("T1", "60"), line("T2", "50"), line("T3", "1", item="NUT")
    assert till.report(*lines) == (409, {
        "code": "not-enough-on-hand",
        "sentence": "S1 holds 40 EA of BOLT; 50 EA asked. "
        "Receive or count what is missing, then resubmit.",
    })  # fmt: skip
    assert order_line() == ("0 EA", "100 EA")
    status, said = till.report(*lines, queue_shortages=True)
    assert (status, said["new"], said["waiting"], len(said["refused"])) == (200, 2, 1, 1)
    assert order_line() == ("100 EA", "0 EA")
    assert broken_laws() == []


def test_ten_thousand_lines_are_taken_and_not_one_more(till: Program) -> None:
    models.Item.objects.update(counted_by="weight")
    many = [line(f"T{n}", "0.001") for n in range(door.MOST_LINES + 1)]
    status, said = till.report(*many)
    assert (status, said["code"]) == (422, "not-understood")
    assert till.report(*many[:-1]) == posted(door.MOST_LINES)
    assert till.report(*many[:300]) == posted(0, repeated=300)


def test_the_documented_example_works(till: Program) -> None:
    page = DOCUMENTED.read_text(encoding="utf-8")
    address, sent, answer = re.findall(
        r"curl http://127.0.0.1:8000(\S+) .*? -d '(.*?)'\n```.*?```json\n(.*?)```", page, re.DOTALL
    )[0]
    assert till.send(sent, address) == (200, json.loads(answer))
    told = re.findall(r"^\| (\d+) \| `([\w-]+)`", page, re.MULTILINE)
    assert {status for status, _ in told} == {
        str(status) for status in [*STATUS.values(), OTHERWISE]
    }
    assert all(STATUS.get(refusal, OTHERWISE) == int(status)
               for refusal in STATUS for status, code in told if refusal.code == code)  # fmt: skip


# --- who may ask ---------------------------------------------------------------------------


def test_nothing_is_answered_without_a_key_in_force(till: Program) -> None:
    revoked = users.issue_key(name="northwind", key_name="old", at=now())
    users.revoke_key(name="northwind", key_name="old", at=NOW)
    users.issue_key(name="northwind", key_name="old", at=now())
    for n, key in enumerate((None, "", "csk_", "csk_" + "x" * 43, "\xff", revoked, "x" * 5000)):
        status, said = Program(key, f"198.51.100.{n}").report(LINE)
        assert (status, said["code"]) == (401, "authentication-required")
    till.client.force_login(models.Membership.objects.get(party__code="northwind").user)
    good, till.headers = till.headers, {}
    assert till.report(LINE)[0] == 401
    till.headers = {"authorization": good["authorization"].replace("Bearer", "Basic")}
    told = till.client.post(ADDRESS, headers=till.headers)
    assert (told.status_code, told.headers["WWW-Authenticate"]) == (401, "Bearer")
    till.headers = good
    user = models.ApiKey.objects.get(name="till").user
    user.is_active = False
    user.save()
    assert till.report(LINE)[0] == 401
    user.is_active = True
    user.save()
    assert till.report(LINE) == posted(1)


def test_no_key_is_kept(till: Program) -> None:
    key = till.headers["authorization"].removeprefix("Bearer ")
    assert key.startswith("csk_")
    assert key not in str(list(models.ApiKey.objects.values()))


def test_a_supplier_or_a_stranger_finds_no_organization_there(till: Program) -> None:
    unknown = till.report(LINE, to=ADDRESS.replace("S1", "S9"))
    assert unknown[0] == 404
    for party, organization in (("acme", "S1"), ("contoso", "S1"), ("northwind", "C1")):
        program = Program(users.issue_key(name=party, key_name="k" + organization, at=now()))
        status, said = program.report(LINE, to=ADDRESS.replace("S1", organization))
        assert status == 404
        said["sentence"] = said["sentence"].replace(organization, "S9")
        assert said == unknown[1]
    for nasty in ("%00", "S1%00", "%ED%A0%80", "%20S1", "s1", "'", "x" * 5000):
        assert till.report(LINE, to=ADDRESS.replace("S1", nasty))[0] == 404


def test_who_acts_for_no_party_is_told_so(till: Program) -> None:
    models.Membership.objects.get(party__code="northwind").delete()
    status, said = till.report(LINE)
    assert (status, said["code"]) == (403, "key-without-party")


def test_guessing_is_stopped_for_all_workers_and_a_good_key_is_served(
    till: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = now().replace(second=40)
    monkeypatch.setattr(keys, "now", lambda: clock)
    till.address = "203.0.113.9"
    wrong = Program("csk_guess", till.address)
    guesses = [wrong.report(LINE)[0] for _ in range(keys.WRONG_KEYS_A_MINUTE + 1)]
    assert guesses == [401] * keys.WRONG_KEYS_A_MINUTE + [429]
    caches.close_all()
    status, said = wrong.report(LINE)
    assert (status, said["code"]) == (429, "too-many-wrong-keys")
    told = wrong.client.post(ADDRESS, headers=wrong.headers, REMOTE_ADDR=till.address)
    assert told.headers["Retry-After"] == "20"
    assert till.report(LINE) == posted(1)
    clock += timedelta(seconds=20)
    assert wrong.report(LINE)[0] == 401


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_good_key_is_served_where_a_thousand_wrong_ones_came_from(till: Program) -> None:
    wrong = Program("csk_guess", till.address)
    for _ in range(1000):
        wrong.send(b"")
    assert till.report(LINE) == posted(1)


def test_wrong_keys_from_one_network_of_ipv6_are_counted_together(shop: Database) -> None:
    for n in range(keys.WRONG_KEYS_A_MINUTE):
        Program("csk_guess", f"2001:db8:1:2:{n:x}::1").send(b"")
    assert Program("csk_guess", "2001:db8:1:2:ffff::1").send(b"")[0] == 429
    assert Program("csk_guess", "2001:db8:1:3::1").send(b"")[0] == 401


def test_a_key_expires_and_only_its_holder_learns_so(
    shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now()
    till = Program(users.issue_key(name="northwind", key_name="till", at=at, days=90))
    monkeypatch.setattr(keys, "now", lambda: at + timedelta(days=90, seconds=-1))
    assert till.report(LINE) == posted(1)
    monkeypatch.setattr(keys, "now", lambda: at + timedelta(days=90))
    status, said = till.report(LINE)
    assert (status, said["code"]) == (401, "expired-key")
    assert str((at + timedelta(days=90)).date()) in said["sentence"]
    assert Program("csk_" + "x" * 43).report(LINE)[1]["code"] == "authentication-required"
    for days in (0, -1, users.MOST_KEY_DAYS + 1):
        with pytest.raises(users.InvalidKeyDays):
            users.issue_key(name="northwind", key_name="other", at=at, days=days)


def test_a_key_that_may_read_is_refused_wherever_something_is_recorded(shop: Database) -> None:
    reader = Program(
        users.issue_key(name="northwind", key_name="bi", at=now(), scope=KeyScope.READ)
    )
    assert reader.send(b"", "/api/stock", "GET")[0] == 200
    paths = json.loads(reader.client.get("/api/openapi.json").content)["paths"]
    recording = [
        (method.upper(), re.sub(r"{\w+}", "S1", path))
        for path, acts in paths.items()
        for method in acts
        if method != "get"
    ]
    assert len(recording) > 50
    before = models.Posting.objects.count()
    for method, path in recording:
        status, said = reader.send(b"{}", path, method)
        assert (status, said["code"]) == (403, "read-only-key"), path
    assert reader.report(LINE, preview=True)[0] == 403
    assert models.Posting.objects.count() == before


def test_the_day_of_last_use_is_written_once_a_day(
    till: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = now().replace(hour=10)
    written_on: list[date] = []
    monkeypatch.setattr(keys, "now", lambda: clock)
    monkeypatch.setattr(
        keys, "record_key_use",
        lambda *, key, at: (written_on.append(at.date()), users.record_key_use(key=key, at=at)),
    )  # fmt: skip
    for hours in (0, 1, 2, 20, 21):
        clock = now().replace(hour=10) + timedelta(hours=hours)
        till.send(b"", "/api/stock", "GET")
    today = now().date()
    assert written_on == [today, today + timedelta(days=1)]
    assert models.ApiKey.objects.get(name="till").last_used_on == written_on[-1]


def test_a_key_has_so_many_requests_a_minute(
    till: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "REQUESTS_A_MINUTE", 3)
    clock = now().replace(second=15)
    monkeypatch.setattr(keys, "now", lambda: clock)
    other = Program(users.issue_key(name="acme", key_name="k", at=now()))
    answers = [till.send(b"", "/api/stock", "GET") for _ in range(4)]
    assert [status for status, _ in answers] == [200, 200, 200, 429]
    assert answers[-1][1]["code"] == "too-many-requests"
    told = till.client.get("/api/stock", headers=till.headers)
    assert told.headers["Retry-After"] == "45"
    assert other.send(b"", "/api/stock", "GET")[0] == 200
    clock += timedelta(seconds=45)
    assert till.send(b"", "/api/stock", "GET")[0] == 200


def test_keys_are_given_and_taken_at_the_command_line(shop: Database, console: Console) -> None:
    key = console("user", "key", "northwind", "--key", "till", "--json").answer["key"]
    assert Program(key).report(LINE) == posted(1)
    again = console("user", "key", "northwind", "--key", "till")
    assert (again.code, again.out) == (1, "")
    assert "northwind has a key called till already" in again.err
    assert console("user", "revoke", "northwind", "--key", "till").code == 0
    assert Program(key).report(LINE)[0] == 401
    for words in (("revoke", "northwind", "--key", "till"), ("key", "nobody"), ("revoke", "acme")):
        assert console("user", *words).code == 1
    assert "Programs of acme ask with the key csk_" in console("user", "key", "acme").out
    words = ("user", "key", "acme", "--key", "bi", "--scope", "read", "--days", "90")
    reader = Program(console(*words, "--json").answer["key"])
    assert reader.report(LINE)[1]["code"] == "read-only-key"
    bi = models.ApiKey.objects.get(name="bi")
    assert (bi.expires_at - bi.created_at).days == 90
    assert console("user", "key", "acme", "--key", "x", "--days", "0").code == 1
    gone = console("user", "revoke", "acme", "--key", "other")
    assert gone.err == "acme has no key called 'other' in force, only bi, default.\n"


# --- what is not understood ----------------------------------------------------------------


def body(**said: Any) -> str:
    return json.dumps({"source": "till", "lines": [LINE | said]})


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ("", 422, "body: Field required"),
        ("{", 400, "the body is not JSON that can be read: Expecting property name"),
        (b"\xff\xfe\xff", 400, "the body is not JSON that can be read"),
        (b'{"source": "\xff"}', 400, "the body is not JSON that can be read"),
        ("[" * 100_000, 400, "it is nested too deeply"),
        ('{"source": NaN}', 400, "NaN is not a number"),
        (f'{{"source": {"9" * 5000}}}', 400, "the body is not JSON that can be read"),
        ('{"source": "a", "source": "b"}', 400, "'source' is said twice in one object"),
        ("null", 422, "body: "),
        ("[]", 422, "body: "),
        ('{"lines": []}', 422, "source: Field required"),
        ('{"source": "till", "lines": []}', 422, "lines: List should have at least 1 item"),
        ('{"source": "till", "lines": 3}', 422, "lines: Input should be a valid list"),
        ('{"source": "till", "lines": [[]]}', 422, "lines[0]: Input should be "),
        (body(quantity=0.5), 422, "lines[0].quantity: a number with decimals is not exact"),
        (body(price=1e300), 422, "lines[0].price: a number with decimals is not exact"),
        (body(quantity=True), 422, "lines[0].quantity: Input should be a valid string"),
        (body(quantity=None), 422, "lines[0].quantity: Input should be a valid string"),
        (body(item=7), 422, "lines[0].item: Input should be a valid string"),
        (body(prise="1"), 422, "lines[0].prise: Extra inputs are not permitted"),
        (body(**{"x" * 500: "1"}), 422, "lines[0]." + "x" * 40 + ": Extra"),
        ('{"source": "till", "queue_shortages": "yes", "lines": []}', 422,
         "queue_shortages: Input should be a valid boolean"),
        (body().replace("till", ""), 422, "source is empty"),
        (body().replace("till", "x" * 41), 422, "source "),
        (body().replace("till", "a\\u0000b"), 422, "source 'a\\x00b' is not up to 40 printable"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_cannot_be_read_is_said_in_words(
    till: Program, sent: str | bytes, status: int, sentence: str
) -> None:
    answered, said = till.send(sent)
    assert sorted(said) == ["code", "sentence"]
    assert (answered, sentence in said["sentence"]) == (status, True), said


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_body_too_large_and_another_address_or_way_are_refused_alike(till: Program) -> None:
    status, said = till.send(body(customer="x" * 3_000_000))
    assert (status, said["code"]) == (413, "too-large")
    for method in ("GET", "PUT", "DELETE"):
        status, said = till.send("", method=method)
        assert (status, said["code"]) == (405, "method-not-allowed")
    for nowhere in ("/api/", "/api/nowhere", f"{ADDRESS}/", "/api/organizations//consumption"):
        for method in ("GET", "POST"):
            status, said = till.send("", to=nowhere, method=method)
            assert (status, said["code"]) == (404, "not-found")


# --- whatever is sent ------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20), st.sampled_from(NASTY[:-1]),
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)
WHOLE = dict.fromkeys(Reported._fields, "") | LINE


@st.composite
def bodies(draw: Callable[..., Any]) -> Any:
    """A good request with a few things in it replaced by anything at all."""
    whole = {"source": "till", "queue_shortages": draw(st.booleans()), "lines": []}
    whole["lines"] = [copy.copy(WHOLE) for _ in range(draw(st.integers(1, 3)))]
    for number, told in enumerate(whole["lines"]):
        told["reference"] = f"F{draw(st.integers(0, 9))}-{number}"
        for name in draw(st.lists(st.sampled_from([*WHOLE, "more"]), max_size=2)):
            told[name] = draw(st.sampled_from(NASTY) | ANYTHING)
    for name in draw(st.lists(st.sampled_from([*whole, "more"]), max_size=1)):
        whole[name] = draw(ANYTHING)
    return whole


def test_whatever_is_sent_the_answer_is_an_outcome_or_a_refusal(till: Program) -> None:
    @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(bodies() | ANYTHING)
    def only_outcomes_and_refusals(sent: Any) -> None:
        status, said = till.send(json.dumps(sent))
        if status == 200:
            assert said["new"] + said["repeated"] + len(said["refused"]) == len(sent["lines"])
        else:
            assert status in (400, 409, 422)
            assert isinstance(said["code"], str)
            assert isinstance(said["sentence"], str)

    only_outcomes_and_refusals()
    assert broken_laws() == []


# --- what is published -------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_schema_says_what_is_asked_and_every_answer(client: Client) -> None:
    told = client.get("/api/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    act = told["paths"]["/api/organizations/{code}/consumption"]["post"]
    assert set(act["responses"]) == {
        "200", "400", "401", "403", "404", "409", "413", "422", "429",
    }  # fmt: skip
    assert act["security"] == [{"ProgramKey": []}]
    assert told["components"]["securitySchemes"]["ProgramKey"]["scheme"] == "bearer"
    schemas = told["components"]["schemas"]
    line = schemas["ConsumptionLine"]
    assert set(line["properties"]) == set(Reported._fields)
    assert line["required"] == ["reference", "item", "quantity", "occurred_at"]
    assert {"type": "number"} not in line["properties"]["quantity"]["anyOf"]
    assert all("description" in field for field in line["properties"].values())
    named = set(json.dumps(told).split('"#/components/schemas/')[1:])
    assert {name.split('"')[0] for name in named} <= set(schemas)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_of_the_schema_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "://" not in page.content.decode()
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
