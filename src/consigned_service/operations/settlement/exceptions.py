"""The exception queue: what waits is taken up again once its reason is gone.

What a closed period would have held falls on the first day that is open: nothing is posted into it.

Nothing is edited: an exception that could be resolved gets a resolution beside it, and what still
could not be done waits as a new exception. What is settled late is settled in the cycle that is
open then (decision 0061).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from consigned.consumption.exceptions import Ending
from consigned.measure.identity import EntryNumber, OrganizationId
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting import late_costs as late_components
from consigned_service.operations.accounting.accruals import Ended
from consigned_service.operations.consumption.issues import sort_of, turns, use_again
from consigned_service.operations.ledger import posting as postings
from consigned_service.records.consumption import issues as consumption_records
from consigned_service.records.consumption.issues import OpenException
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting


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
    resolved = 0
    with ledger.writing([organization]):
        waiting = consumption_records.open_exceptions(organization, exceptions)
        others = consumption_records.count_open(organization) - len(waiting)
        for turn in (*_in_turn(waiting), [w for w in waiting if w.transfer]):
            with postings.posting(
                organization, cause="resubmission", recorded_at=at, recorded_by=by
            ) as posting:
                again = _as_they_wait(organization, turn)
                resolved += _take_up(posting, again, on or posting.recorded_on)
        still = consumption_records.count_open(organization) - others
    return Resubmitted(resolved, still)


def _as_they_wait(
    organization: OrganizationId, before: Sequence[OpenException]
) -> list[OpenException]:
    """What waits of some exceptions once others were taken up: what came back, or was voided, does
    not, and the rest of it waits as another one."""
    waits = {_what(w): w for w in consumption_records.open_exceptions(organization)}
    return [waits[_what(w)] for w in before if _what(w) in waits]


def _what(waiting: OpenException) -> tuple[int | None, int | None]:
    """What waits: a transfer for its price, or what is missing of a line."""
    if waiting.transfer:
        return waiting.transfer.entry, None
    return None, waiting.use.number if waiting.use else None


def _in_turn(waiting: Iterable[OpenException]) -> Iterator[list[OpenException]]:
    """What is missing, in the order in which it was told: what comes back of an item after the
    uses told before it, and what is voided."""
    missing = [(w.use, w) for w in waiting if w.use and w.transfer is None]
    missing.sort(key=lambda one: one[0].number)
    for turn in turns(missing, lambda one: (one[0].item,), lambda one: sort_of(one[0])):
        yield [w for _, w in turn]


def _take_up(posting: OpenPosting, waiting: Sequence[OpenException], on: date) -> int:
    """Take up exceptions that are all of one kind; answers how many could be."""
    if not waiting:
        return 0
    if waiting[0].transfer is None:
        resolved, _ = use_again(posting, waiting)
        return len(resolved)
    resolved, anew = _charge_again(posting, waiting, on)
    charges.end(posting, [Ended(number, Ending.TAKEN_UP) for number in resolved])
    charges.end(posting, [Ended(number, Ending.WAITS_ANEW) for number in anew])
    return len(resolved)


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


def _charge_again(
    posting: OpenPosting, waiting: Sequence[OpenException], on: date
) -> tuple[list[int], list[int]]:
    """Charge what had no price; answers the exceptions that have one now, and those in whose place
    there is a new one, because they wait for something else."""
    by_entry = {w.transfer.entry: w for w in waiting if w.transfer}
    # in the order in which title passed: a rest that came to wait later is no later use
    transfers = sorted((w.transfer for w in waiting if w.transfer), key=lambda one: one.entry)
    if not transfers:
        return [], []
    terms = charges.read_terms(transfers, posting.organization, posting.recorded_at)
    waits, shares, _ = charges.charge_shares(posting, transfers, terms, recorded_on=on)
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
