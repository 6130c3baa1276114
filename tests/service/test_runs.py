"""What runs by itself: once a day however many workers there are, and money only by a person."""

import os
import signal
import socket
import subprocess
import threading
import time as clocks
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from consigned.measure.identity import PartyId
from consigned.settlement.runs import Act
from consigned_service.interfaces.messages import email as letters
from consigned_service.operations.core.lines import written
from consigned_service.operations.installation import runs as operations
from consigned_service.operations.installation.runs import Door, plan_runs, schedule, work
from consigned_service.records import models
from consigned_service.records.installation import holding
from consigned_service.records.installation import runs as records
from tests.service import world as worlds
from tests.service.console import COMMAND, Console
from tests.service.test_console_commands import answers
from tests.service.test_console_invoices import BOLT_ADVICE, HEAD, bill
from tests.support.databases import Database

FOUR = time(4)
NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def northwind() -> PartyId:
    return PartyId(models.Party.objects.get(code="northwind").pk)


def scheduled(act: Act = Act.AGING, weekdays: str = "1234567") -> None:
    schedule(party=northwind(), act=act, starts_at=FOUR, weekdays=weekdays)


def sent_nowhere(one: object) -> None:
    raise AssertionError("no letter is due")


DOOR = Door(letters.write, sent_nowhere)


def worked(at: datetime, worker: str = "one", door: Door = DOOR) -> None:
    work(worker, lambda: at, door)


def states() -> list[tuple[str, str, str]]:
    rows = models.Run.objects.order_by("pk").values_list("act", "slot_day", "state")
    return [(act, str(day), state) for act, day, state in rows]


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def test_an_act_is_made_once_a_day_and_a_missed_day_is_made_up_by_one_run(
    database: Database,
) -> None:
    worlds.build()
    scheduled()
    for at in (NOON, NOON, NOON + timedelta(hours=3), NOON + 5 * DAY):
        worked(at)
    assert states() == [("aging", "2026-04-01", "done"), ("aging", "2026-04-06", "done")]
    worked((NOON + 6 * DAY).replace(hour=3, minute=59))
    assert len(states()) == 2


def test_an_act_keeps_to_its_days_of_the_week(database: Database) -> None:
    worlds.build()
    scheduled(weekdays="5")  # Fridays
    for day in range(14):
        plan_runs(NOON + day * DAY)
    assert [day for _, day, _ in states()] == ["2026-04-03", "2026-04-10"]


def test_the_day_is_that_of_the_party(database: Database) -> None:
    worlds.build()
    models.Organization.objects.filter(party=northwind()).update(time_zone="America/Los_Angeles")
    scheduled()
    plan_runs(datetime(2026, 4, 1, 10, 59, tzinfo=UTC))
    assert [day for _, day, _ in states()] == ["2026-03-31"]
    plan_runs(datetime(2026, 4, 1, 11, 0, tzinfo=UTC))
    assert [day for _, day, _ in states()] == ["2026-03-31", "2026-04-01"]


def test_of_two_workers_one_makes_a_run(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds.build()
    scheduled()
    made: list[date] = []

    def slow(party: PartyId, on: date, at: datetime, door: Door) -> operations.Made:
        made.append(on)
        clocks.sleep(0.2)
        return operations.RunState.DONE, "done"

    monkeypatch.setitem(operations.ACTS, Act.AGING, slow)
    both = threading.Barrier(2)

    def one(name: str) -> None:
        both.wait()
        worked(NOON, name)
        connection.close()

    with ThreadPoolExecutor(2) as workers:
        for running in [workers.submit(one, name) for name in ("one", "two")]:
            running.result()
    assert made == [date(2026, 4, 1)]


def test_the_run_of_a_worker_that_died_is_taken_over(database: Database) -> None:
    worlds.build()
    scheduled()
    plan_runs(NOON)
    (id,) = records.due(NOON)
    dead = records.lease(id, "dead", NOON)
    worked(NOON + records.LEASE - timedelta(seconds=1))
    assert states()[0][2] == "running"
    worked(NOON + records.LEASE + timedelta(seconds=1))
    assert states()[0][2] == "done"
    assert dead is not None
    assert not records.finish(dead, "dead", operations.RunState.FAILED, NOON), "it lost it"
    assert states()[0][2] == "done"


def test_what_is_refused_has_failed_in_words_and_is_made_again_when_told(
    database: Database, console: Console
) -> None:
    worlds.build()
    scheduled(Act.ADVICES)
    organization = models.Organization.objects.filter(party=northwind()).first()
    worked(datetime(2026, 1, 1, 12, tzinfo=UTC))
    assert organization is not None
    (run,) = models.Run.objects.all()
    assert run.state == "done"
    models.Run.objects.update(state="failed", error="the books are closed")
    said = console("runs", "--as", "northwind", "--json").answer
    assert (said[0]["state"], said[0]["error"]) == ("failed", "the books are closed")
    assert console("rerun", str(run.pk), "--as", "northwind").code == 0
    said = console("rerun", str(run.pk), "--as", "northwind", "--json")
    assert (said.code, said.answer["refused"]) == (1, "run-not-so")
    worked(datetime.now(UTC))
    run.refresh_from_db()
    assert run.state == "done"


def test_what_breaks_is_tried_again_and_then_waits_for_a_person(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds.build()
    scheduled()

    def broken(party: PartyId, on: date, at: datetime, door: Door) -> operations.Made:
        raise RuntimeError("the wheel came off")

    monkeypatch.setitem(operations.ACTS, Act.AGING, broken)
    for minutes in (0, 1, 6, 36, 99):
        worked(NOON + timedelta(minutes=minutes))
    (run,) = models.Run.objects.all()
    assert (run.state, run.attempts) == ("failed", 4)
    assert "RuntimeError" in run.error


def test_payments_are_proposed_and_a_person_approves_them(
    database: Database, console: Console
) -> None:
    world = worlds.World()
    worlds.register(world)
    worlds.order_and_ship(world)
    worlds.receive(world)
    used = written(worlds.Reported, "T1", "BOLT", "90", "2026-03-04")
    world.use("L1", "2026-03-04", used)
    world.advise("northwind", "2026-03-08")
    assert console.imports("invoices", HEAD + bill(BOLT_ADVICE, "BOLT")).code == 0
    scheduled(Act.PAYMENTS)
    before = models.Payment.objects.count()
    worked(datetime(2026, 6, 1, 12, tzinfo=UTC))
    (run,) = models.Run.objects.all()
    assert (run.state, models.Payment.objects.count()) == ("proposed", before)
    assert "payments" in run.result
    other = console("rerun", str(run.pk), "--approve", "--as", "acme", "--json")
    assert other.answer["refused"] == "no-such-run"
    said = console("rerun", str(run.pk), "--approve", "--as", "northwind")
    assert said.code == 0, said.err
    assert models.Payment.objects.count() > before
    again = console("rerun", str(run.pk), "--approve", "--as", "northwind", "--json")
    assert again.answer["refused"] == "run-not-so"
    run.refresh_from_db()
    assert (run.state, bool(run.approved_by)) == ("done", True)


def test_a_restored_copy_runs_nothing(database: Database) -> None:
    worlds.build()
    scheduled()
    holding.hold("restored", at=NOON, by="dora")
    worked(NOON)
    assert states() == []
    holding.resume()
    worked(NOON)
    assert len(states()) == 1


def test_nobody_sees_a_stranger_s_runs_and_letters(database: Database, console: Console) -> None:
    worlds.build()
    scheduled()
    worked(NOON)
    assert console("runs", "--as", "acme", "--json").answer == []
    assert len(console("runs", "--as", "northwind", "--json").answer) == 1
    assert console("messages", "--as", "acme", "--json").answer == []


@pytest.mark.parametrize(
    "words",
    [
        ("set", "aging"), ("set", "aging", "--at", "25:00"), ("set", "aging", "--at", "4"),
        ("set", "aging", "--at", "04:00", "--days", "8"), ("set", "everything", "--at", "04:00"),
    ],
)  # fmt: skip
def test_what_is_no_schedule_is_not_understood(
    database: Database, console: Console, words: tuple[str, ...]
) -> None:
    worlds.build()
    assert console("schedule", *words, "--as", "northwind").code == 2
    assert not models.Schedule.objects.exists()


def test_a_schedule_rests_goes_on_and_ends(database: Database, console: Console) -> None:
    worlds.build()
    at = ("--as", "northwind")
    assert console("schedule", "pause", "aging", *at, "--json").answer["refused"] == "not-scheduled"
    assert console("schedule", "set", "aging", "--at", "04:00", *at).out == "aging is scheduled.\n"
    assert console("schedule", "pause", "aging", *at).out == "aging rests.\n"
    worked(NOON)
    assert states() == []
    console("schedule", "resume", "aging", *at)
    worked(NOON)
    assert len(states()) == 1
    console("schedule", "remove", "aging", *at)
    worked(NOON + DAY)
    assert len(states()) == 1


# --- the page -----------------------------------------------------------------------------------


def signed_in(client: Client, party: str, *, is_staff: bool) -> User:
    user = User.objects.create(username=f"{party}-{is_staff}", is_staff=is_staff)
    of = models.Party.objects.get(code=party)
    models.Membership.objects.create(user=user, party=of)
    client.force_login(user)
    return user


def test_the_page_shows_what_ran_and_lets_an_operator_run_it_again(
    database: Database, client: Client
) -> None:
    worlds.build()
    scheduled()
    worked(NOON)
    models.Run.objects.update(state="failed", error="the books are closed")
    number = models.Run.objects.get().pk
    signed_in(client, "northwind", is_staff=False)
    shown = client.get("/runs/").content.decode()
    assert "the books are closed" in shown
    assert "Run again" not in shown
    assert client.post("/runs/", {"do": f"again {number}"}).status_code == 403
    signed_in(client, "northwind", is_staff=True)
    assert "Run again" in client.get("/runs/").content.decode()
    answer = client.post("/runs/", {"do": f"again {number}"}, follow=True).content.decode()
    assert f"Run {number} is made again." in answer
    assert states()[0][2] == "waiting"
    for words in (f"again {number}", "again 999", "again x", "approve", "", f"approve {number}"):
        assert client.post("/runs/", {"do": words}).status_code == 302
    assert states()[0][2] == "waiting"


def test_the_page_shows_nobody_else_s(database: Database, client: Client) -> None:
    worlds.build()
    scheduled()
    worked(NOON)
    models.Run.objects.update(state="failed", error="the books are closed")
    number = models.Run.objects.get().pk
    signed_in(client, "acme", is_staff=True)
    assert "the books are closed" not in client.get("/runs/").content.decode()
    answer = client.post("/runs/", {"do": f"again {number}"}, follow=True).content.decode()
    assert f"there is no run {number}" in answer
    assert states()[0][2] == "failed"


# --- the processes ------------------------------------------------------------------------------


def until(condition: Callable[[], bool]) -> None:
    deadline = clocks.monotonic() + 60
    while not condition():
        assert clocks.monotonic() < deadline, "it did not come to pass"
        clocks.sleep(0.1)


@pytest.fixture
def served(database: Database, console: Console) -> Iterator[None]:
    worlds.build()
    schedule(party=northwind(), act=Act.AGING, starts_at=time(0))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = console.folder / "log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port)], env=console.surroundings(database.url),
            stdout=subprocess.DEVNULL, stderr=errors, cwd=console.folder,
        )  # fmt: skip
    assert answers(f"http://127.0.0.1:{port}/livez"), log.read_text()
    yield
    process.terminate()
    assert process.wait(60) == 0
    assert not models.Process.objects.exists(), log.read_text()


def test_what_is_served_works_by_itself_and_a_killed_worker_comes_again(served: None) -> None:
    until(lambda: models.Run.objects.filter(state="done").exists())
    first = models.Process.objects.get().name
    os.kill(int(first.split()[-1]), signal.SIGKILL)
    until(lambda: models.Process.objects.exclude(name=first).exists())
    models.Process.objects.filter(name=first).delete()
    models.Run.objects.update(state="failed")
    assert operations.runs.run_again(models.Run.objects.get().pk, northwind(), datetime.now(UTC))
    until(lambda: models.Run.objects.filter(state="done").exists())
