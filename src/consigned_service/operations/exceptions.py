"""The exception queue: what waits is taken up again once its reason is gone.

What a closed period would have held falls on the first day that is open: nothing is posted into it.

Nothing is edited: an exception that could be resolved gets a resolution beside it, and what still
could not be done waits as a new exception. What is settled late is settled in the cycle that is
open then (decision D12).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from consigned.measure.identity import EntryNumber, OrganizationId
from consigned_service.operations import charges, late_components, own_costs, postings
from consigned_service.operations.consumption import as_waiting, post_uses, turns
from consigned_service.records import consumption as consumption_records
from consigned_service.records import ledger
from consigned_service.records.consumption import OpenException
from consigned_service.records.ledger import OpenPosting


class Resubmitted(NamedTuple):
    """How many exceptions were taken up, and how many wait now."""

    resolved: int
    waiting: int
    """Those that were not taken up, and the new ones: what is missing still of a line that was
    served in part, and what was used and has no price."""


def resubmit(
    *,
    organization: OrganizationId,
    by: str,
    at: datetime,
    exceptions: Iterable[int] | None = None,
    on: date | None = None,
) -> Resubmitted:
    """Try waiting exceptions again, all of an organization or the named ones.

    Lines are served in the order in which they were told: what is left of a line that was served
    in part keeps its turn.

    What is missing is used as far as it has arrived meanwhile; what had no price is charged if it
    has one now, in the cycle in which it was reported while its advice is not made, or else in the
    one that is open: today, or on the day of a run. An exception whose reason still stands goes on
    waiting as it is; one that has another reason now waits as a new one, which says it.
    """
    resolved = opened = 0
    with ledger.writing([organization]):
        waiting = consumption_records.open_exceptions(organization, exceptions)
        for again in (*_in_turn(waiting), [w for w in waiting if w.transfer]):
            with postings.posting(
                organization, cause="resubmission", recorded_at=at, recorded_by=by
            ) as posting:
                taken_up, anew = _take_up(posting, again, on or posting.recorded_on)
                resolved, opened = resolved + taken_up, opened + anew
    return Resubmitted(resolved, len(waiting) - resolved + opened)


def _in_turn(waiting: Iterable[OpenException]) -> Iterator[list[OpenException]]:
    """What is missing, in the order in which it was told: what comes back of an item after the
    uses told before it."""
    missing = [(w.use, w) for w in waiting if w.use and w.transfer is None]
    missing.sort(key=lambda one: one[0].number)
    for turn in turns(missing, lambda one: (one[0].item,), lambda one: one[0].quantity < 0):
        yield [w for _, w in turn]


def _take_up(posting: OpenPosting, waiting: Sequence[OpenException], on: date) -> tuple[int, int]:
    """Take up exceptions that are all of one kind; answers how many could be, and how many were
    opened of what is left of them."""
    if not waiting:
        return 0, 0
    if waiting[0].transfer:
        resolved, anew = _charge_again(posting, waiting, on)
        opened = 0
    else:
        resolved, opened = _use_again(posting, waiting)
        anew = []
    posting.add(
        "exception_resolution",
        (
            (posting.organization.id, number, posting.number, posting.recorded_on.isoformat())
            for number in (*resolved, *anew)
        ),
    )
    return len(resolved), opened


def charge_what_can_be(*, organization: OrganizationId, on: date, by: str, at: datetime) -> int:
    """Charge what waited for a price or an agreement and has one now, for a run for a day, and
    answer how many.

    Where nothing has one, nothing is posted: what is run again and again leaves no trace.
    """
    waiting = consumption_records.unpriced_exceptions(organization)
    priced = charges.that_have_a_price(
        (w.transfer for w in waiting if w.transfer), organization, at
    )
    ready = [w.number for w in waiting if w.transfer and w.transfer.entry in priced]
    if not ready:
        return 0
    return resubmit(organization=organization, by=by, at=at, exceptions=ready, on=on).resolved


def _use_again(posting: OpenPosting, waiting: Sequence[OpenException]) -> tuple[list[int], int]:
    """Use what was missing; answers the exceptions that could be taken up, at least in part, and
    how many were opened instead."""
    again = {
        w.use.number: w for w in waiting if w.use is not None
    }  # an open shortage is the only one of its consumption
    open_day = posting.organization.open_day
    came = post_uses(
        posting,
        [
            w.use._replace(
                quantity=w.missing, told=w.use.quantity, happened_on=open_day(w.use.happened_on)
            )
            for w in again.values()
            if w.use
        ],
    )
    late_components.pass_on(posting, came.parts)
    partly = [one for one in came.missing if one.quantity != one.use.quantity]
    queued = [*came.unpriced, *map(as_waiting, partly)]
    charges.queue(posting, queued)
    untouched = {one.use.number for one in came.missing} - {one.use.number for one in partly}
    return [w.number for number, w in again.items() if number not in untouched], len(queued)


def _charge_again(
    posting: OpenPosting, waiting: Sequence[OpenException], on: date
) -> tuple[list[int], list[int]]:
    """Charge what had no price; answers the exceptions that have one now, and those in whose place
    there is a new one, because they wait for something else."""
    by_entry = {w.transfer.entry: w for w in waiting if w.transfer}
    transfers = [w.transfer for w in by_entry.values() if w.transfer]
    if not transfers:
        return [], []
    terms = charges.read_terms(transfers, posting.organization, posting.recorded_at)
    waits, shares = charges.charge_shares(posting, transfers, terms, recorded_on=on)
    # they were counted among our goods when they stayed; only what they cost was not known
    kept = [goods._replace(quantity=0) for goods in charges.kept_of(posting, shares)]
    own_costs.cost_own_goods(posting, (), kept)
    late_components.pass_on_prices(posting, shares)
    still = {w.entry for w in waits}
    before = [(w, by_entry[EntryNumber(w.entry)]) for w in waits if w.entry]
    otherwise = [(w, was) for w, was in before if w.because.code != was.reason]
    charges.queue(posting, [w for w, _ in otherwise])
    anew = [was.number for _, was in otherwise]
    return [w.number for entry, w in by_entry.items() if entry not in still], anew
