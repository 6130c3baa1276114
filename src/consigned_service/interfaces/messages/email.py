"""Advices as letters: the advice as text, its lines attached as CSV, sent by the mail server that
CONSIGNED_MAIL names."""

import io
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from consigned_service.interfaces.files.csv_writer import write_csv
from consigned_service.interfaces.messages.advice_text import advice_text
from consigned_service.operations.exchange.delivery import Letter, MailRejected, NoMailServer, Told
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.advices import Advice, AdviceLine, advice


def write(told: Told) -> Letter:
    """The letter that tells a consignor of an advice, as the consignor reads it."""
    found = advice(operator_for(told.consignor).viewer, told.number)
    if found is None:
        raise MailRejected(told.to, f"{told.consignor} has no advice {told.number}")
    head = found.head
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    return Letter(
        key="", advice=None, message_id=f"<advice.{head.number}@{host}>", to=told.to,
        subject=f"Consumption advice {head.number} from {head.consignee_name}",
        body=advice_text(found), attachment_name=f"{head.number}.csv", attachment=_lines(found),
    )  # fmt: skip


def post(letter: Letter) -> None:
    """Send a letter now."""
    if not settings.EMAIL_HOST:
        raise NoMailServer("CONSIGNED_MAIL names none")
    message = EmailMessage(
        subject=letter.subject, body=letter.body, to=[letter.to],
        headers={"Message-ID": letter.message_id},
    )  # fmt: skip
    if letter.attachment_name:
        message.attach(letter.attachment_name, letter.attachment, "text/csv")
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as wrong:
        raise MailRejected(letter.to, _said(wrong)) from wrong
    except (smtplib.SMTPException, OSError) as wrong:
        raise NoMailServer(_said(wrong)) from wrong


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
