"""Telling consignors of their advices: by mail or fax, in print, or on the portal (checklist O08).

An advice is told once. Its agreement says how; whatever it says, the consignor finds it on the
portal too. A letter is written into the outbox first, and sent from there outside any transaction,
so that a slow mail server holds up nobody; one sender at a time has a letter, for as long as its
lease lasts. What is not taken is tried again: after 1, 5 and 30 minutes, then hourly for two days.
Should the machine stop between sending a letter and noting it, the letter goes again under the same
Message-ID.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple
from uuid import uuid4

from consigned.measure.identity import PartyId
from consigned.measure.refusal import Refusal
from consigned.settlement.delivery import BY_MAIL, AdviceBy
from consigned_service.records.exchange import delivery as records
from consigned_service.records.exchange import outbox
from consigned_service.records.exchange.delivery import NotAdvised
from consigned_service.records.exchange.outbox import Letter
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


class Told(NamedTuple):
    """An advice, and how its consignor is told of it."""

    number: str
    consignor: str
    by: str
    to: str


class Unsent(NamedTuple):
    advice: str
    because: Refusal


class Sent(NamedTuple):
    """What a run told, and what it could not."""

    by_mail: list[Told]
    on_the_portal: list[Told]
    to_print: list[Told]
    """Advices that wait to be printed."""
    unsent: list[Unsent]


Write = Callable[[Told], Letter]
"""Writes the letter that tells of one advice."""
Post = Callable[[Letter], None]
"""Sends one letter, or refuses: NoMailServer, MailRejected."""
SOON = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
LATER = timedelta(hours=1)
AT_MOST = len(SOON) + 48
"""So often a letter is tried, which takes two days."""


def send_advices(
    *, consignee: PartyId, by: str, at: datetime, write: Write, post: Post, is_plan: bool = False
) -> Sent:
    """Tell consignors of every advice that they were not told of yet; a plan shows whom it would
    tell, and tells nobody. Refuses where a restored copy holds its letters."""
    if not is_plan:
        check_letters_go()
    untold = _untold(consignee)
    shown, to_send = _shown(untold), _to_send(untold)
    sent, unsent = [_told(one) for one in to_send.values()], list[Unsent]()
    if not is_plan:
        _tell(consignee, shown, to_send, by=by, at=at, write=write)
        refused = deliver(sender=f"{by} {uuid4()}", at=at, post=post, keys=to_send)
        sent = [_told(to_send[key]) for key in to_send if key in refused.sent]
        unsent = [Unsent(to_send[key].number, because) for key, because in refused.because.items()]
    return Sent(
        by_mail=sent,
        on_the_portal=[_told(one) for one in shown],
        to_print=[_told(one) for one in untold if one.by == AdviceBy.PRINT],
        unsent=unsent,
    )


def queue_letters(*, consignee: PartyId, by: str, at: datetime, write: Write) -> int:
    """Write the letters of advices that were not told yet into the outbox, and tell what is told on
    the portal; answers how many wait there. Refuses where a restored copy holds its letters."""
    check_letters_go()
    untold = _untold(consignee)
    letters = _to_send(untold)
    _tell(consignee, _shown(untold), letters, by=by, at=at, write=write)
    return len(letters)


def _untold(consignee: PartyId) -> list[NotAdvised]:
    return [one._replace(by=one.by or AdviceBy.PORTAL) for one in records.untold(consignee)]


def _shown(untold: Iterable[NotAdvised]) -> list[NotAdvised]:
    return [one for one in untold if one.by == AdviceBy.PORTAL]


def _to_send(untold: Iterable[NotAdvised]) -> dict[str, NotAdvised]:
    """The advices that go by mail, by the keys of their letters."""
    return {_key(one): one for one in untold if one.by in BY_MAIL}


def _key(advice: NotAdvised) -> str:
    return f"advice:{advice.number}:mail"


def _told(advice: NotAdvised) -> Told:
    return Told(advice.number, advice.consignor, advice.by, advice.to)


def _tell(
    consignee: PartyId,
    shown: Sequence[NotAdvised],
    advices: Mapping[str, NotAdvised],
    *,
    by: str,
    at: datetime,
    write: Write,
) -> None:
    """Tell what is told on the portal, and write the letters that are not in the outbox; one whose
    address was corrected goes there."""
    records.keep_told(shown, at=at, by=by)
    queued = outbox.unsent(advices)
    for key, advice in advices.items():
        if queued.get(key, advice.to) != advice.to:
            outbox.readdress(key, advice.to, at=at)
    new = (advice for key, advice in advices.items() if key not in queued)
    letters = [write(_told(advice))._replace(key=_key(advice), advice=advice.id) for advice in new]
    outbox.queue(consignee, letters, at=at, by=by)
    outbox.retry(queued, at)


def check_letters_go() -> None:
    """Refuses where a restored copy holds its letters."""
    if held := holding.held():
        raise LettersHeld(held.because)


class Delivered(NamedTuple):
    """The keys of the letters that were sent, and why others were not."""

    sent: set[str]
    because: dict[str, Refusal]


def deliver(
    *,
    sender: str,
    at: datetime,
    post: Post,
    keys: Iterable[str] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Delivered:
    """Send the letters that are due, or those of some keys; no transaction is open meanwhile."""
    sent, because = set[str](), dict[str, Refusal]()
    clock = clock or (lambda: at)
    no_server: NoMailServer | None = None
    for id in outbox.due(at, keys=keys):
        leased = outbox.lease(id, sender, clock())
        if leased is None:
            continue
        letter = leased.letter
        if letter.advice and records.is_settled(letter.advice):
            outbox.withdraw(leased, sender)
            continue
        try:
            if no_server:
                raise no_server
            post(letter)
        except (MailRejected, NoMailServer) as refusal:
            because[letter.key] = refusal
            no_server = refusal if isinstance(refusal, NoMailServer) else None
            outbox.put_off(leased, sender, _again(leased.attempts, clock()), str(refusal))
        else:
            records.note_sent(leased, sender, at=clock())
            sent.add(letter.key)
    return Delivered(sent, because)


def _again(attempts: int, at: datetime) -> datetime | None:
    """When a letter is tried again that was tried so often before; None: it is given up."""
    if attempts >= AT_MOST:
        return None
    return at + (SOON[attempts] if attempts < len(SOON) else LATER)


def record_printed(*, consignee: PartyId, number: str, by: str, at: datetime) -> bool:
    """Write down that an advice was printed for its consignor, where its agreement has it printed
    and it was not told yet; answers whether it was."""
    printed = [one for one in records.untold(consignee, number) if one.by == AdviceBy.PRINT]
    records.keep_told(printed, at=at, by=by)
    return bool(printed)
