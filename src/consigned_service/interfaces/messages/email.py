"""Advices as letters: the advice as text, its lines attached as CSV, sent by the mail server that
the environment names (CONSIGNED_MAIL)."""

import io
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from consigned_service.interfaces.files.csv_writer import write_csv
from consigned_service.interfaces.messages.advice_text import advice_text
from consigned_service.operations.exchange.delivery import Letter, MailRejected, NoMailServer
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.advices import Advice, AdviceLine, advice


def post(letter: Letter) -> None:
    """Send an advice to its consignor, as the consignor reads it."""
    if not settings.EMAIL_HOST:
        raise NoMailServer("CONSIGNED_MAIL names none")
    found = advice(operator_for(letter.consignor).viewer, letter.number)
    if found is None:
        raise MailRejected(letter.to, f"{letter.consignor} has no advice {letter.number}")
    try:
        _message(letter, found).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as wrong:
        raise MailRejected(letter.to, _said(wrong)) from wrong
    except (smtplib.SMTPException, OSError) as wrong:
        raise NoMailServer(_said(wrong)) from wrong


def _message(letter: Letter, found: Advice) -> EmailMessage:
    head = found.head
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    message = EmailMessage(
        subject=f"Consumption advice {head.number} from {head.consignee_name}",
        body=advice_text(found),
        to=[letter.to],
        headers={"Message-ID": f"<advice.{head.number}@{host}>"},
    )
    message.attach(f"{head.number}.csv", _lines(found), "text/csv")
    return message


def _lines(found: Advice) -> str:
    text = io.StringIO()
    write_csv(AdviceLine, found.lines.rows, text)
    return text.getvalue()


def _said(wrong: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(wrong, smtplib.SMTPRecipientsRefused):
        wrong = smtplib.SMTPResponseException(*next(iter(wrong.recipients.values())))
    if isinstance(wrong, smtplib.SMTPResponseException):
        said = wrong.smtp_error
        text = said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
        return " ".join(f"{wrong.smtp_code} {text}".split())
    return " ".join(str(wrong).split()) or type(wrong).__name__
