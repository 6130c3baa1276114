"""What is run by itself: each act for a party once a day, made up where it was missed.

A slot is a day of the party's own: it begins at the local time of the schedule, once that has come
in every organization of the party, so that a clock change neither skips nor repeats one. A run
belongs to one worker for as long as its lease lasts; that of a worker which died is made by another
one, and the acts themselves do nothing twice. Payments are proposed, and a person approves them.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar, NamedTuple

from consigned.measure.identity import PartyId
from consigned.measure.money import show_amount
from consigned.measure.refusal import Refusal
from consigned.settlement.runs import Act, RunState, slot_day
from consigned_service.operations.consumption.back_to_back import pass_on_use
from consigned_service.operations.exchange.delivery import (
    SOON,
    Post,
    Write,
    check_letters_go,
    deliver,
    queue_letters,
)
from consigned_service.operations.inventory.aging import run_aging
from consigned_service.operations.settlement.advices import run_advices
from consigned_service.operations.settlement.debit_memos import run_debit_memos
from consigned_service.operations.settlement.payments import run_payments
from consigned_service.records.installation import holding, runs
from consigned_service.records.installation.runs import LeasedRun

BY = "worker"
log = logging.getLogger("consigned.worker")


@dataclass(eq=False)
class NoSuchRun(Refusal):
    """No run of the party has this number."""

    run: int
    code: ClassVar[str] = "no-such-run"
    remedy: ClassVar[str] = "consigned runs lists them."

    def __str__(self) -> str:
        return f"there is no run {self.run}"


@dataclass(eq=False)
class RunIsNot(Refusal):
    """Only what failed is run again, and only what is proposed is approved."""

    run: int
    state: str
    needed: str
    code: ClassVar[str] = "run-not-so"
    remedy: ClassVar[str] = "Nothing is to be done."

    def __str__(self) -> str:
        return f"run {self.run} is {self.state}, not {self.needed}"


@dataclass(eq=False)
class NotScheduled(Refusal):
    """The party has no schedule for the act."""

    act: str
    code: ClassVar[str] = "not-scheduled"
    remedy: ClassVar[str] = "consigned schedule set makes a schedule."

    def __str__(self) -> str:
        return f"{self.act} is not scheduled"


# --- schedules ----------------------------------------------------------------------------------


def schedule(*, party: PartyId, act: Act, starts_at: time, weekdays: str = "1234567") -> None:
    """Let an act be run for a party on some days of the week (1 is Monday), from a local time on;
    what it was before is replaced."""
    runs.set_schedule(party, act, starts_at=starts_at, weekdays=weekdays)


def pause(*, party: PartyId, act: Act, is_paused: bool) -> None:
    """Let an act rest, or go on. Refuses what is not scheduled."""
    if not runs.pause(party, act, is_paused=is_paused):
        raise NotScheduled(act)


def unschedule(*, party: PartyId, act: Act) -> None:
    """Let an act be run by hand alone. Refuses what is not scheduled."""
    if not runs.delete_schedule(party, act):
        raise NotScheduled(act)


def plan_runs(at: datetime) -> None:
    """Note the runs whose slot has begun. Of several that were missed, the latest alone is made: an
    act catches up by itself."""
    new = []
    for one in runs.planned():
        day = slot_day(one.starts_at, runs.zones_of(one.party), at)
        is_missing = one.last is None or one.last < day
        if is_missing and str(day.isoweekday()) in one.weekdays:
            new.append((one.party, one.act, day))
    if new:
        runs.add_runs(new, at)


# --- runs ---------------------------------------------------------------------------------------


class Door(NamedTuple):
    """How letters are written and sent."""

    write: Write
    post: Post


Clock = Callable[[], datetime]


def work(worker: str, clock: Clock, door: Door) -> int:
    """Make every run that is due and send every letter that is; answers how much was done. Nothing
    where a restored copy is held."""
    if holding.held():
        return 0
    plan_runs(clock())
    done = 0
    for id in runs.due(clock()):
        if leased := runs.lease(id, worker, clock()):
            make(leased, worker, clock, door)
            done += 1
    return done + len(deliver(sender=worker, at=clock(), post=door.post, clock=clock).sent)


def make(run: LeasedRun, worker: str, clock: Clock, door: Door) -> None:
    """Make one run, and note how it ended. One that broke is tried again soon; afterwards it has
    failed, and a person is asked."""
    try:
        state, result = ACTS[run.act](run.party, run.slot_day, clock(), door)
    except Refusal as refusal:
        runs.finish(run, worker, RunState.FAILED, clock(), error=refusal.sentence())
    except Exception as wrong:  # whatever it is, the worker goes on
        log.exception("run %s of %s broke", run.act, run.slot_day)
        error = f"it broke: {type(wrong).__name__}; the log has more"
        if run.attempts < len(SOON):
            runs.put_off(run, worker, clock() + SOON[run.attempts], error)
        else:
            runs.finish(run, worker, RunState.FAILED, clock(), error=error)
    else:
        runs.finish(run, worker, state, clock(), result=result)
        log.info("run %s of %s: %s", run.act, run.slot_day, result)


def _passing_on(party: PartyId, on: date, at: datetime, door: Door) -> tuple[RunState, str]:
    passed = pass_on_use(consignor=party, by=BY, at=at)
    return RunState.DONE, f"{passed.lines:,} uses passed on, {passed.waiting:,} of them waiting"


def _aging(party: PartyId, on: date, at: datetime, door: Door) -> tuple[RunState, str]:
    aged = run_aging(consignee=party, on=on, by=BY, at=at)
    return RunState.DONE, (
        f"{aged.bought:,} bought, {aged.rolled_over:,} rolled over, {aged.given_up:,} given up"
    )


def _advices(party: PartyId, on: date, at: datetime, door: Door) -> tuple[RunState, str]:
    made = run_advices(consignee=party, on=on, by=BY, at=at)
    return RunState.DONE, f"{made.advices:,} advices of {made.lines:,} lines"


def _send_advices(party: PartyId, on: date, at: datetime, door: Door) -> tuple[RunState, str]:
    queued = queue_letters(consignee=party, by=BY, at=at, write=door.write)
    return RunState.DONE, f"{queued:,} letters queued"


def _debit_memos(party: PartyId, on: date, at: datetime, door: Door) -> tuple[RunState, str]:
    asked = run_debit_memos(consignee=party, on=on, by=BY, at=at)
    return RunState.DONE, f"{asked.memos:,} debit memos of {asked.lines:,} lines"


def _payments(party: PartyId, on: date, at: datetime, door: Door) -> tuple[RunState, str]:
    """Propose what is due; nothing is paid until a person approves it."""
    found = run_payments(consignee=party, on=on, by=BY, at=at, is_plan=True)
    if not found.payments:
        return RunState.DONE, "nothing is due"
    sums: dict[str, int] = {}
    for payment in found.planned:
        sums[payment.currency] = sums.get(payment.currency, 0) + payment.amount
    amounts = ", ".join(f"{show_amount(sums[one], one)} {one}" for one in sorted(sums))
    return RunState.PROPOSED, f"{found.payments:,} payments, {amounts}"


Made = tuple[RunState, str]
ACTS: Mapping[Act, Callable[[PartyId, date, datetime, Door], Made]] = {
    Act.PASSING_ON: _passing_on,
    Act.AGING: _aging,
    Act.ADVICES: _advices,
    Act.SEND_ADVICES: _send_advices,
    Act.DEBIT_MEMOS: _debit_memos,
    Act.PAYMENTS: _payments,
}


def run_again(*, run: int, party: PartyId, at: datetime) -> None:
    """Let a run that failed be made again. Refuses one that did not fail."""
    if not runs.run_again(run, party, at):
        raise _otherwise(run, party, RunState.FAILED)


def approve(*, run: int, party: PartyId, by: str, at: datetime) -> str:
    """Pay what a run proposed, by the state of today. Refuses one that is not proposed, or that
    another person approved meanwhile, and where a restored copy is held."""
    check_letters_go()
    approved = runs.approve(run, party, by)
    if approved is None:
        raise _otherwise(run, party, RunState.PROPOSED)
    paid = run_payments(consignee=party, on=approved[1], by=by, at=at)
    result = f"{paid.payments:,} payments of {paid.invoices:,} invoices"
    runs.note_result(run, result, at)
    return result


def _otherwise(run: int, party: PartyId, needed: RunState) -> Refusal:
    state = runs.state_of(run, party)
    return RunIsNot(run, state, needed) if state else NoSuchRun(run)
