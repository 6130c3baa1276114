"""What is run by itself: the schedules, their runs, and the processes that do them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from django.db.models import Max, Q

from consigned.measure.identity import PartyId
from consigned.settlement.runs import Act, RunState
from consigned_service.records import models
from consigned_service.records.ledger.days import zone_of

LEASE = timedelta(minutes=5)
"""Longer than a run takes; that of a worker which died is taken over afterwards."""
LONGEST = 500


class Planned(NamedTuple):
    """A schedule that is not paused."""

    party: PartyId
    act: Act
    starts_at: time
    weekdays: str
    last: date | None
    """The latest day that has a run."""


class LeasedRun(NamedTuple):
    """A run that one worker holds until its lease ends."""

    id: int
    party: PartyId
    act: Act
    slot_day: date
    attempts: int


def planned() -> list[Planned]:
    last = {
        (party, act): day
        for party, act, day in models.Run.objects.values_list("party_id", "act").annotate(
            Max("slot_day")
        )
    }
    rows = models.Schedule.objects.filter(is_paused=False).order_by("pk")
    return [
        Planned(PartyId(party), Act(act), starts_at, weekdays, last.get((party, act)))
        for party, act, starts_at, weekdays in rows.values_list(
            "party_id", "act", "starts_at", "weekdays"
        )
    ]


def zones_of(party: PartyId) -> list[tzinfo]:
    """The time zones of a party's organizations; without any, the installation's."""
    names = models.Organization.objects.filter(party_id=party).values_list("time_zone", flat=True)
    return [zone_of(name) for name in sorted(set(names)) or [""]]


def set_schedule(party: PartyId, act: Act, *, starts_at: time, weekdays: str) -> None:
    models.Schedule.objects.update_or_create(
        party_id=party, act=act,
        defaults={"starts_at": starts_at, "weekdays": weekdays, "is_paused": False},
    )  # fmt: skip


def pause(party: PartyId, act: Act, *, is_paused: bool) -> bool:
    """Pause a schedule, or let it go on; answers whether there is one."""
    found = models.Schedule.objects.filter(party_id=party, act=act)
    return bool(found.update(is_paused=is_paused))


def delete_schedule(party: PartyId, act: Act) -> bool:
    return bool(models.Schedule.objects.filter(party_id=party, act=act).delete()[0])


def add_runs(runs: Iterable[tuple[PartyId, Act, date]], at: datetime) -> None:
    """Note that runs are to be made, each once."""
    models.Run.objects.bulk_create(
        [models.Run(party_id=p, act=act, slot_day=day, due_at=at) for p, act, day in runs],
        ignore_conflicts=True,
    )


def due(at: datetime) -> list[int]:
    """Runs that wait and are due, and those whose worker is gone, the oldest first."""
    rows = models.Run.objects.filter(_is_free(at))
    return list(rows.order_by("slot_day", "pk").values_list("pk", flat=True))


def _is_free(at: datetime) -> Q:
    waiting = Q(state=RunState.WAITING, due_at__lte=at)
    return waiting | Q(state=RunState.RUNNING, leased_until__lt=at)


def lease(id: int, worker: str, at: datetime) -> LeasedRun | None:
    """Take a run, where nobody else has it."""
    taken = models.Run.objects.filter(_is_free(at), pk=id).update(
        state=RunState.RUNNING, leased_by=worker, leased_until=at + LEASE, started_at=at
    )
    if not taken:
        return None
    row = models.Run.objects.get(pk=id)
    return LeasedRun(row.pk, PartyId(row.party_id), Act(row.act), row.slot_day, row.attempts)


def finish(
    run: LeasedRun, worker: str, state: RunState, at: datetime, *, result: str = "", error: str = ""
) -> bool:
    """Note how a run ended; answers whether the worker still had it."""
    return _release(
        run, worker, state=state, finished_at=at, result=result[:LONGEST], error=error[:LONGEST]
    )


def put_off(run: LeasedRun, worker: str, until: datetime, error: str) -> bool:
    return _release(run, worker, state=RunState.WAITING, due_at=until, error=error[:LONGEST])


def _release(run: LeasedRun, worker: str, **values: object) -> bool:
    held = models.Run.objects.filter(pk=run.id, state=RunState.RUNNING, leased_by=worker)
    return bool(held.update(leased_by="", leased_until=None, attempts=run.attempts + 1, **values))


def state_of(id: int, party: PartyId) -> RunState | None:
    """The state of a party's own run."""
    row = models.Run.objects.filter(pk=id, party_id=party).first()
    return RunState(row.state) if row else None


def run_again(id: int, party: PartyId, at: datetime) -> bool:
    """Let a run that failed wait again; answers whether it had failed."""
    failed = models.Run.objects.filter(pk=id, party_id=party, state=RunState.FAILED)
    return bool(failed.update(state=RunState.WAITING, due_at=at, attempts=0, error=""))


def approve(id: int, party: PartyId, by: str) -> tuple[Act, date] | None:
    """Approve a run that was proposed; answers what is to be done, where it still was."""
    proposed = models.Run.objects.filter(pk=id, party_id=party, state=RunState.PROPOSED)
    if not proposed.update(state=RunState.DONE, approved_by=by):
        return None
    row = models.Run.objects.get(pk=id)
    return Act(row.act), row.slot_day


def note_result(id: int, result: str, at: datetime) -> None:
    models.Run.objects.filter(pk=id).update(result=result[:LONGEST], finished_at=at)


# --- the processes ------------------------------------------------------------------------------


def beat(name: str, version: str, at: datetime) -> None:
    """Note that a worker is alive."""
    models.Process.objects.update_or_create(
        name=name,
        defaults={"version": version, "last_beat_at": at},
        create_defaults={"version": version, "last_beat_at": at, "started_at": at},
    )


def leave(name: str) -> None:
    models.Process.objects.filter(name=name).delete()


def forget_dead(before: datetime) -> None:
    models.Process.objects.filter(last_beat_at__lt=before).delete()
