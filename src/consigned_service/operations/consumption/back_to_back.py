"""Passing on use: what a distributor's customer used is used by the distributor, whose goods in
turn are a maker's.

A programme of three is two programmes of two (checklist E14). Each transfer of title under an
agreement that is `sourced_from` an organization of its consignor's is told there as a sale to the
customer, once: the maker's title passes to the distributor by the maker's own agreement, and the
two advices follow from it. The customer's name stands on it; its terms do not.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, datetime
from typing import NamedTuple

from consigned.inventory.title_transfers import UseKind
from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.period import DAY, Moment
from consigned.measure.quantity import Micros
from consigned.returns.voids import PASSED_ON
from consigned_service.operations.consumption.issues import Reported, record_consumption
from consigned_service.operations.core.outcome import Result
from consigned_service.records.consumption import back_to_back as records
from consigned_service.records.consumption.back_to_back import Link, Passed
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.sql.transaction import done_or_planned, together

AT_ONCE = 10_000


class PassingOn(NamedTuple):
    """How many uses were passed on, and how many of them wait for what is missing."""

    lines: int
    waiting: int


def pass_on_use(*, consignor: PartyId, by: str, at: datetime, is_plan: bool = False) -> PassingOn:
    """Tell a party's own programmes what its customers used of the goods that came out of them.

    Safe to repeat and to stop: each use is told under its own reference, and what is missing at the
    party's organization waits there as an exception. A plan shows what would be told now.
    """
    with done_or_planned(is_plan=is_plan) if is_plan else nullcontext():
        return _pass_on(consignor, by, at)


def _pass_on(consignor: PartyId, by: str, at: datetime) -> PassingOn:
    lines = waiting = 0
    for link in records.links_of(consignor):
        through = link.through_entry
        while used := records.not_passed_on(link, through=through, limit=AT_ONCE):
            through = used[-1].entry
            with together():
                outcome = _tell(link, used, by, at)
                records.keep_passed_on(link, through)
            lines += outcome.new
            waiting += outcome.waiting
    return PassingOn(lines, waiting)


def _tell(link: Link, used: Sequence[Passed], by: str, at: datetime) -> Result:
    organization = ledger.read_organization(OrganizationId(link.supplier_organization_id))
    outcome = record_consumption(
        organization=organization.id,
        lines=[_reported(link, one, organization.closed_through) for one in used],
        source=PASSED_ON,
        by=by,
        at=at,
        queue_shortages=True,
    )
    return outcome.or_raise()


def _reported(link: Link, one: Passed, closed_through: date | None) -> Reported:
    """A use as the distributor tells it: on its day, or the first day that is still open."""
    on = one.happened_on
    if closed_through and on <= closed_through:
        on = closed_through + DAY

    def told_as(entry: int) -> str:
        return f"{link.agreement}/{link.organization}/{entry}"

    return Reported(
        reference=told_as(one.entry),
        item=one.item,
        quantity=Micros(one.quantity),
        occurred_at=Moment(on),
        kind=UseKind.SALE,
        place=link.sourced_from_place,
        customer=link.customer,
        voids=told_as(one.voided) if one.voided else "",
    )
