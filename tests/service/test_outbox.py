"""Letters leave in their own time: nobody waits for a mail server, and none is lost."""

import os
import random
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from consigned.measure.identity import PartyId
from consigned_service.interfaces.messages import email as letters
from consigned_service.operations.exchange.delivery import (
    AT_MOST,
    MailRejected,
    NoMailServer,
    deliver,
    queue_letters,
)
from consigned_service.records import models
from consigned_service.records.exchange import outbox
from tests.service import world as worlds
from tests.service.console import Console
from tests.service.test_sending import MailServer, acme_reads_mail, of_acme
from tests.support.databases import Database

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def northwind() -> PartyId:
    return PartyId(models.Party.objects.get(code="northwind").pk)


def queued() -> int:
    return queue_letters(consignee=northwind(), by="dora", at=NOON, write=letters.write)


def letter(number: int) -> outbox.Letter:
    return outbox.Letter(
        f"test:{number}", None, f"<test.{number}@northwind.example>", "bills@acme.example",
        f"Letter {number}", "Good day.",
    )  # fmt: skip


class Post:
    """A mail server that does as it is told."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.refusal = refusal
        self.sent: list[str] = []

    def __call__(self, one: outbox.Letter) -> None:
        if self.refusal:
            raise self.refusal
        self.sent.append(one.key)


def test_a_letter_is_queued_and_sent_once(database: Database) -> None:
    acme_reads_mail()
    assert queued() == queued() == len(of_acme())
    post = Post()
    for _ in range(2):
        deliver(sender="one", at=NOON, post=post)
    assert sorted(post.sent) == sorted(f"advice:{number}:mail" for number in of_acme())
    told = models.AdviceCommunication.objects.filter(advice__number__in=of_acme())
    assert {(one.way, one.told_to, one.recorded_by) for one in told} == {
        ("email", "bills@acme.example", "dora")
    }
    assert queued() == 0


def test_what_is_not_taken_is_tried_again_and_given_up_after_two_days(database: Database) -> None:
    worlds.build()
    outbox.queue(northwind(), [letter(1)], at=NOON, by="dora")
    refuses = Post(MailRejected("bills@acme.example", "550 nobody"))
    at, tried = NOON, []
    while models.Message.objects.get().state == "waiting":
        at = models.Message.objects.get().due_at
        tried.append(at)
        deliver(sender="one", at=at, post=refuses)
        before = at + timedelta(seconds=59)
        assert not deliver(sender="one", at=before, post=refuses).because, "too early"
    assert [t - NOON for t in tried[:5]] == [
        timedelta(minutes=minutes) for minutes in (0, 1, 6, 36, 96)
    ]
    assert len(tried) == AT_MOST + 1
    assert timedelta(days=2) <= tried[-1] - NOON < timedelta(days=2, hours=2)
    message = models.Message.objects.get()
    assert (message.state, "550 nobody" in message.last_error) == ("failed", True)
    assert outbox.retry(["test:1"], at) == 1
    assert deliver(sender="one", at=at, post=Post()).sent == {"test:1"}


def test_without_a_server_the_others_are_not_tried_in_vain(database: Database) -> None:
    worlds.build()
    outbox.queue(northwind(), map(letter, range(5)), at=NOON, by="dora")
    calls = []

    def gone(one: outbox.Letter) -> None:
        calls.append(one.key)
        raise NoMailServer("connection refused")

    found = deliver(sender="one", at=NOON, post=gone)
    assert (len(calls), len(found.because)) == (1, 5)


def test_who_lost_a_letter_notes_nothing(database: Database) -> None:
    """A sender that hung until its lease ended does not say that another one's letter is sent."""
    worlds.build()
    outbox.queue(northwind(), [letter(1)], at=NOON, by="dora")
    (id,) = outbox.due(NOON)
    slow = outbox.lease(id, "slow", NOON)
    assert outbox.lease(id, "other", NOON) is None
    later = NOON + outbox.LEASE + timedelta(seconds=1)
    other = outbox.lease(id, "other", later)
    assert slow is not None
    assert other is not None
    assert not outbox.mark_sent(slow, "slow", later)
    outbox.put_off(slow, "slow", later, "it hung")
    assert models.Message.objects.get().state == "waiting"
    assert models.Message.objects.get().last_error == ""
    assert outbox.mark_sent(other, "other", later)


def test_a_letter_about_a_cancelled_advice_is_withdrawn(database: Database) -> None:
    acme_reads_mail()
    queued()
    advice = models.Advice.objects.get(number=min(of_acme()))
    models.AdviceCancellation.objects.create(
        advice=advice, cancelled_on=NOON.date(), cancelled_by="dora", because="a mistake"
    )
    post = Post()
    deliver(sender="one", at=NOON, post=post)
    assert f"advice:{advice.number}:mail" not in post.sent
    assert models.Message.objects.get(advice=advice).state == "withdrawn"


def test_a_corrected_address_is_where_the_letter_goes(database: Database) -> None:
    acme_reads_mail()
    queued()
    deliver(sender="one", at=NOON, post=Post(MailRejected("bills@acme.example", "550")))
    models.Agreement.objects.filter(number="A-ACME").update(advice_address="new@acme.example")
    queued()
    to = set(models.Message.objects.values_list("recipient", "state"))
    assert to == {("new@acme.example", "waiting")}


class Hanging(socketserver.ThreadingTCPServer):
    """A mail server that accepts a connection and says nothing."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Silent)
        self.called = threading.Event()


class Silent(socketserver.BaseRequestHandler):
    server: Hanging

    def handle(self) -> None:
        self.server.called.set()
        time.sleep(30)


def test_an_import_commits_while_the_mail_server_hangs(
    database: Database, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme_reads_mail()
    with Hanging() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("CONSIGNED_MAIL", f"smtp://127.0.0.1:{server.server_address[1]}")
        sending = Console(tmp_path).start("run", "send-advices", "--as", "northwind")
        try:
            assert server.called.wait(30)
            shop_console = Console(tmp_path)
            began = time.monotonic()
            said = shop_console.imports("parties", "code,name\nquick,Quick\n")
            took = time.monotonic() - began
        finally:
            sending.kill()
            sending.wait()
            server.shutdown()
    assert said.code == 0, said.err
    assert took < 1.0


# --- a worker that is killed at random -----------------------------------------------------------


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


LETTERS = int(os.environ.get("OUTBOX_LETTERS", "60"))
KILLS = int(os.environ.get("OUTBOX_KILLS", "5"))


@pytest.mark.slow
def test_a_killed_worker_loses_no_letter_and_repeats_one_under_its_number_alone(
    database: Database, mail: MailServer, tmp_path
) -> None:
    """OUTBOX_LETTERS=300 OUTBOX_KILLS=32 is the long one."""
    worlds.build()
    chance = random.Random(7)
    outbox.queue(northwind(), map(letter, range(LETTERS)), at=NOON, by="dora")
    environment = Console(tmp_path).surroundings(database.url) | {"CONSIGNED_MAIL": mail.address}
    program = (
        "import django; django.setup()\n"
        "from consigned_service.records.exchange import outbox\n"
        "from datetime import timedelta\n"
        "outbox.LEASE = timedelta(seconds=0.3)\n"
        "from consigned_service.interfaces.console import worker\n"
        "worker.LOOKS = 0.05\n"
        "worker.Worker().run()\n"
    )
    environment["DJANGO_SETTINGS_MODULE"] = "consigned_service.project.settings"

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=tmp_path)

    for _ in range(KILLS):
        worker, had = start(), len(mail.letters)
        deadline = time.monotonic() + 60
        while len(mail.letters) < min(had + 3, LETTERS) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.05)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    worker = start()
    deadline = time.monotonic() + 120
    alive = models.Process.objects.filter(name__endswith=f" {worker.pid}")
    while models.Message.objects.filter(state="waiting").exists() or not alive.exists():
        assert time.monotonic() < deadline, "letters are left, or nobody works"
        time.sleep(0.1)
    worker.terminate()
    assert worker.wait(40) == 0
    came = Counter(str(one["message-id"]) for one in mail.letters)
    assert set(came) == {letter(number).message_id for number in range(LETTERS)}
    assert max(came.values()) <= 1 + KILLS
    assert sum(came.values()) - LETTERS <= KILLS, "one letter at most is repeated for each kill"
    assert models.Message.objects.filter(state="sent").count() == LETTERS
