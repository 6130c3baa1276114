"""Advices on their way to consignors: a mail server takes them, refuses them, or is gone."""

import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from consigned.measure.identity import PartyId
from consigned_service.interfaces.messages import email as letters
from consigned_service.operations.exchange import delivery as communication
from consigned_service.project.settings import mail_from_url
from consigned_service.records import models
from tests.service import world as worlds
from tests.service.console import Console
from tests.service.world import at
from tests.support.databases import Database


class MailServer(socketserver.ThreadingTCPServer):
    """Takes letters, but for those to `refused`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[EmailMessage] = []
        self.refused = ""

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 here")
        while said := self.rfile.readline():
            word = said.decode().upper()
            if word.startswith("RCPT") and self.refuses(word):
                self.say("550 nobody of that name")
            elif word.startswith("DATA"):
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                read = message_from_bytes(b"".join(lines), policy=policy.default)
                self.server.letters.append(read)
                self.say("250 taken")
            elif word.startswith("QUIT"):
                self.say("221 bye")
                return
            else:
                self.say("250 good")

    def refuses(self, word: str) -> bool:
        refused = self.server.refused.upper()
        return bool(refused) and refused in word

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("CONSIGNED_MAIL", server.address)
        monkeypatch.setenv("CONSIGNED_MAIL_FROM", "advices@northwind.example")
        yield server
        server.shutdown()


def acme_reads_mail() -> None:
    worlds.build()
    models.Agreement.objects.filter(number="A-ACME").update(
        advice_channel="email", advice_address="bills@acme.example"
    )
    models.Agreement.objects.filter(number="A-BOLT").update(advice_channel="print")


def of_acme() -> set[str]:
    told = models.Advice.objects.filter(agreement__number="A-ACME")
    return set(told.values_list("number", flat=True))


SEND = ("run", "send-advices", "--as", "northwind")


@pytest.mark.rows("O08")
def test_an_advice_is_mailed_once_with_its_lines(
    database: Database, mail: MailServer, tmp_path
) -> None:
    acme_reads_mail()
    console = Console(tmp_path)
    said = console.apart(*SEND, "--json")
    assert said.code == 0, said.err
    assert {one["number"] for one in said.answer["by_mail"]} == of_acme()
    assert len(mail.letters) == len(of_acme()) > 0

    letter = mail.letters[0]
    number = str(letter["subject"]).split()[2]
    assert (letter["to"], letter["from"]) == ("bills@acme.example", "advices@northwind.example")
    assert letter["message-id"] == f"<advice.{number}@northwind.example>"
    body, lines = letter.iter_parts()
    shown = console("advice", number, "--print", "--as", "acme").out
    facts = [line for line in shown.splitlines() if not line.startswith("Sent ")]
    assert all(line in body.get_content().splitlines() for line in facts)
    assert (lines.get_content_type(), lines.get_filename()) == ("text/csv", f"{number}.csv")
    assert lines.get_content().startswith("advice,line,organization,")
    assert number in lines.get_content()

    assert console.apart(*SEND).code == 0
    assert len(mail.letters) == len(of_acme())
    for party in ("northwind", "acme"):
        head = console("advice", number, "--as", party, "--json").answer["head"]
        assert (head["told_by"], head["told_to"]) == ("email", "bills@acme.example")
        assert head["told_at"]


@pytest.mark.rows("O08")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_the_server_does_not_take_stays_unsent(
    database: Database, mail: MailServer, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme_reads_mail()
    console = Console(tmp_path)
    mail.refused = "bills@acme.example"
    said = console.apart(*SEND)
    assert said.code == 3
    assert said.err == (
        "the mail server does not take a letter to bills@acme.example: 550 nobody of that name. "
        "Correct advice_address of the agreement and send again.\n"
    )
    mail.refused = ""
    mail.shutdown()
    mail.server_close()
    said = console.apart(*SEND)
    assert said.code == 3
    assert len(said.err.splitlines()) == 1
    assert "Connection refused" in said.err
    monkeypatch.delenv("CONSIGNED_MAIL")
    said = console.apart(*SEND)
    assert (said.code, said.err.splitlines()) == (
        3,
        [
            "the mail server takes nothing: CONSIGNED_MAIL names none. "
            "Mend it and send again; what was not sent is sent then."
        ],
    )
    assert not models.AdviceCommunication.objects.filter(advice__number__in=of_acme()).exists()
    assert mail.letters == []


@pytest.mark.rows("O08")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_advice_is_printed_and_then_told(database: Database, tmp_path) -> None:
    acme_reads_mail()
    console = Console(tmp_path)
    number = models.Advice.objects.filter(agreement__number="A-BOLT").earliest("pk").number
    waiting = f"To be printed: {number} (consigned advice {number} --print).\n"
    assert waiting in console(*SEND).out
    paper = console("advice", number, "--print", "--as", "bolts").out
    assert paper.split()[:2] == ["Advice", number]
    assert not any(line.endswith(" ") for line in paper.splitlines())
    assert waiting in console(*SEND).out  # its consignor looked; nobody sent it
    assert console("advice", number, "--print", "--as", "northwind").code == 0
    assert waiting not in console(*SEND).out


@pytest.mark.rows("O08")
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_of_two_runs_at_once_one_sends(database: Database) -> None:
    acme_reads_mail()
    buyer = PartyId(models.Party.objects.get(code="northwind").pk)
    both = threading.Barrier(2)
    posted: list[str] = []

    def send() -> None:
        both.wait()
        communication.send_advices(
            consignee=buyer, by="dora", at=at("2026-03-31"), write=letters.write,
            post=lambda letter: posted.append(letter.key.split(":")[1]),
        )  # fmt: skip
        connection.close()

    with ThreadPoolExecutor(2) as runs:
        for run in [runs.submit(send) for _ in range(2)]:
            run.result()
    assert sorted(posted) == sorted(of_acme())


@pytest.mark.parametrize(
    ("url", "port", "tls", "starts_tls"),
    [
        ("smtp://mail", 25, False, False),
        ("smtp://me:s%40fe@mail", 587, False, True),
        ("smtps://me:s%40fe@mail", 465, True, False),
        ("smtp://mail:2525", 2525, False, False),
    ],
)
def test_a_password_goes_over_an_encrypted_connection_only(
    url: str, port: int, tls: bool, starts_tls: bool
) -> None:
    said = mail_from_url(url)
    assert (said["EMAIL_HOST"], said["EMAIL_PORT"]) == ("mail", port)
    assert (said["EMAIL_USE_SSL"], said["EMAIL_USE_TLS"]) == (tls, starts_tls)
    assert said["EMAIL_HOST_PASSWORD"] == ("s@fe" if "@" in url else "")


@pytest.mark.parametrize("url", ["mail.example", "http://mail", "smtp://"])
def test_another_address_is_no_mail_server(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CONSIGNED_MAIL"):
        mail_from_url(url)
