"""What ran by itself, what failed and what waits for a person; and the letters on their way."""

from datetime import date, datetime
from typing import Annotated, NamedTuple

from consigned.settlement.delivery import Delivery
from consigned.settlement.runs import Act, RunState
from consigned_service.queries.core.figures import Page, page
from consigned_service.queries.core.question import Filter, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql.select import Listing, Where


class ScheduledRun(NamedTuple):
    """One act on one day, for the party that is asking."""

    run: int
    act: str
    slot_day: date
    state: str
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    result: str
    error: str
    approved_by: str


RUNS = Listing(
    ScheduledRun,
    {
        "run": "r.id",
        "act": "r.act",
        "slot_day": "r.slot_day",
        "state": "r.state",
        "attempts": "r.attempts",
        "started_at": "r.started_at",
        "finished_at": "r.finished_at",
        "result": "r.result",
        "error": "r.error",
        "approved_by": "r.approved_by",
    },
    "run r",
)


def runs(
    viewer: Viewer,
    *,
    act: Annotated[Act | None, Filter("only of this act")] = None,
    state: Annotated[RunState | None, Filter("only those in this state")] = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[ScheduledRun]:
    """The runs of the viewer's own party, the latest first."""
    where = Where().also("r.party_id = %s", viewer.party_id)
    if act is not None:
        where = where.also("r.act = %s", act)
    if state is not None:
        where = where.also("r.state = %s", state)
    return page(RUNS, where, order=("-run",), limit=limit, offset=offset)


RUN_LIST = Question(
    "runs", "List what ran by itself: which act, of which day, how it ended, and what waits.", runs,
    "run",
    (("Number", "run"), "act", ("Day", "slot_day"), "state", "attempts", "result", "error"),
)  # fmt: skip


class OutgoingMessage(NamedTuple):
    """A letter of the party that is asking, without its text."""

    key: str
    recipient: str
    subject: str
    state: str
    attempts: int
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None
    last_error: str


MESSAGES = Listing(
    OutgoingMessage,
    {
        "key": "m.key",
        "recipient": "m.recipient",
        "subject": "m.subject",
        "state": "m.state",
        "attempts": "m.attempts",
        "queued_at": "m.queued_at",
        "due_at": "m.due_at",
        "sent_at": "m.sent_at",
        "last_error": "m.last_error",
    },
    "message m",
    order={"id": "m.id"},
)


def messages(
    viewer: Viewer,
    *,
    state: Annotated[Delivery | None, Filter("only those in this state")] = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[OutgoingMessage]:
    """The letters of the viewer's own party, the latest first."""
    where = Where().also("m.party_id = %s", viewer.party_id)
    if state is not None:
        where = where.also("m.state = %s", state)
    return page(MESSAGES, where, order=("-id",), limit=limit, offset=offset)


MESSAGE_LIST = Question(
    "messages", "List the letters on their way: to whom, how far each has come, and why it waits.",
    messages, "letter",
    ("key", "recipient", "state", "attempts", ("Due", "due_at"), ("Sent", "sent_at"),
     ("Because", "last_error")),
)  # fmt: skip
