"""Telling consignors of their advices: by mail or fax, in print, or on the portal (checklist O08).

An advice is told once. Its agreement says how; whatever it says, the consignor finds it on the
portal too. Each letter is a transaction of its own, written down as it leaves: what the mail
server does not take stays unsent and is tried by the next run, and of two runs at once one sends.
Should the machine stop between the two, the letter goes again under the same Message-ID.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from consigned.measure.identity import PartyId
from consigned.measure.refusal import Refusal
from consigned.settlement.delivery import BY_MAIL, AdviceBy
from consigned_service.records.exchange import delivery as records
from consigned_service.records.exchange.delivery import NotAdvised
from consigned_service.records.installation import holding


@dataclass(eq=False)
class NoMailServer(Refusal):
    """No letter can go."""

    because: str
    code: ClassVar[str] = "no-mail-server"
    remedy: ClassVar[str] = "Mend it and send again; what was not sent is sent then."

    def __str__(self) -> str:
        return f"the mail server takes nothing: {self.because}"


@dataclass(eq=False)
class MailRejected(Refusal):
    """One letter did not go; others may."""

    to: str
    because: str
    code: ClassVar[str] = "mail-rejected"
    remedy: ClassVar[str] = "Correct advice_address of the agreement and send again."

    def __str__(self) -> str:
        return f"the mail server does not take a letter to {self.to}: {self.because}"


@dataclass(eq=False)
class LettersHeld(Refusal):
    """A restored copy writes to nobody."""

    because: str
    code: ClassVar[str] = "letters-held"
    remedy: ClassVar[str] = "If this is the database that counts, consigned resume lets it."

    def __str__(self) -> str:
        return f"letters of this database are held: it was {self.because}"


class Letter(NamedTuple):
    """An advice on its way to its consignor."""

    number: str
    consignor: str
    by: str
    to: str


class Unsent(NamedTuple):
    advice: str
    because: Refusal


class Sent(NamedTuple):
    """What a run told, and what it could not."""

    by_mail: list[Letter]
    on_the_portal: list[Letter]
    to_print: list[Letter]
    """Advices that wait to be printed."""
    unsent: list[Unsent]


Post = Callable[[Letter], None]
"""Sends one letter, or refuses: NoMailServer, MailRejected."""


def send_advices(
    *, consignee: PartyId, by: str, at: datetime, post: Post, is_plan: bool = False
) -> Sent:
    """Tell consignors of every advice that they were not told of yet; a plan shows whom it would
    tell, and tells nobody. Refuses where a restored copy holds its letters."""
    if (held := holding.held()) and not is_plan:
        raise LettersHeld(held.because)
    untold = [one._replace(by=one.by or AdviceBy.PORTAL) for one in records.untold(consignee)]
    shown = [one for one in untold if one.by == AdviceBy.PORTAL]
    to_send = [one for one in untold if one.by in BY_MAIL]
    if is_plan:
        sent, unsent = [_letter(one) for one in to_send], list[Unsent]()
    else:
        records.keep_told(shown, at=at, by=by)
        sent, unsent = _send(to_send, by=by, at=at, post=post)
    return Sent(
        by_mail=sent,
        on_the_portal=[_letter(one) for one in shown],
        to_print=[_letter(one) for one in untold if one.by == AdviceBy.PRINT],
        unsent=unsent,
    )


def _send(
    advices: list[NotAdvised], *, by: str, at: datetime, post: Post
) -> tuple[list[Letter], list[Unsent]]:
    """Send letters one by one, until the server takes no more."""
    sent: list[Letter] = []
    unsent: list[Unsent] = []
    for index, advice in enumerate(advices):
        try:
            with records.telling(advice.id) as is_untold:
                if is_untold:
                    post(_letter(advice))
                    records.keep_told([advice], at=at, by=by)
                    sent.append(_letter(advice))
        except MailRejected as refusal:
            unsent.append(Unsent(advice.number, refusal))
        except NoMailServer as refusal:
            unsent.extend(Unsent(one.number, refusal) for one in advices[index:])
            break
    return sent, unsent


def _letter(advice: NotAdvised) -> Letter:
    return Letter(advice.number, advice.consignor, advice.by, advice.to)


def record_printed(*, consignee: PartyId, number: str, by: str, at: datetime) -> bool:
    """Write down that an advice was printed for its consignor, where its agreement has it printed
    and it was not told yet; answers whether it was."""
    printed = [one for one in records.untold(consignee, number) if one.by == AdviceBy.PRINT]
    records.keep_told(printed, at=at, by=by)
    return bool(printed)
