"""The advice run: every agreement whose billing cycle has ended gets its advices, once.

The run takes what no advice has told yet, of cycles that are over where the goods lie, with their
days of grace, draws up the advices at each agreement's summary level, and starts the settlement
that the agreement asks for; what it settles elsewhere is no accrual from then on. It can be
repeated on the same day, and a missed day is caught up: one advice for each cycle missed, oldest
first (decision 0056). What waited for a price or an agreement is tried again first, and is told
with the rest where it could be charged (P58).

Refuses: PeriodClosed, NotYet (from parties), SiteWithoutConsignor, UnknownSite.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from consigned.accounting import journals
from consigned.accounting.journals import JournalEntry, Parties
from consigned.master_data.agreements import Agreement, SettlementMethod, SummaryLevel
from consigned.master_data.parties import check_has_come
from consigned.measure.identity import AgreementId, OrganizationId, PartyId
from consigned.measure.period import DAY
from consigned.measure.refusal import Refusal
from consigned.settlement.advices import (
    AS_EVER,
    Advice,
    Layout,
    Total,
    cancelling,
    draw_up,
    is_due,
)
from consigned_service.operations.accounting.document_journals import book_settlement, check_open
from consigned_service.operations.master_data.agreements import UnknownSite
from consigned_service.operations.settlement import exceptions, invoices
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.days import day_of_party, days_of
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import parties as party_records
from consigned_service.records.settlement import advices as settlement_records
from consigned_service.records.settlement.advices import SavedAdvice
from consigned_service.records.sql.transaction import done_or_planned


@dataclass(eq=False)
class SiteWithoutConsignor(Refusal):
    """A site of nobody's."""

    site: str
    code: ClassVar[str] = "site-without-consignor"
    remedy: ClassVar[str] = "Name the consignor whose site it is."

    def __str__(self) -> str:
        return f"several parties may have a site {self.site}"


class PlannedAdvice(NamedTuple):
    """An advice that a run would make."""

    agreement: str
    organization: str
    """Its code; empty where the advice holds all of them."""
    starts_on: date
    closes_on: date
    lines: int
    amount: int
    tax_amount: int
    currency: str


class AdviceRun(NamedTuple):
    """What a run made, from which number to which, and when the next open cycle closes."""

    advices: int
    lines: int
    self_billed: int
    first: str | None = None
    last: str | None = None
    next_closing: date | None = None
    taken_up: int = 0
    """How many exceptions could be charged now that waited for a price or an agreement."""
    planned: tuple[PlannedAdvice, ...] = ()
    """The advices, where the run only planned them."""


def run_advices(
    *,
    consignee: PartyId,
    on: date,
    by: str,
    at: datetime,
    consignor: PartyId | None = None,
    site: str = "",
    layout: Layout = AS_EVER,
    is_plan: bool = False,
) -> AdviceRun:
    """Make the consumption advices of a consignee that are due on a day, in one transaction; where
    a consignor or one of its sites is named, of that alone (checklist O04, O05).

    Where nothing is due, nothing is made (checklist O16). Refuses a day still to come; a plan shows
    what a run after it would make, and makes nothing.
    """
    only_site = _site_of(consignor, site)
    organizations = agreement_records.organizations_of(consignee)
    days = days_of(organizations, at)
    if is_plan:
        days = {one: max(day, on + DAY) for one, day in days.items()}
    else:
        check_has_come(on, today=day_of_party(consignee, at))
    with done_or_planned(is_plan=is_plan), ledger.writing(organizations):
        taken_up = sum(
            exceptions.charge_what_can_be(organization=one, on=on, by=by, at=at)
            for one in organizations
        )
        untold = settlement_records.due_totals(organizations, on, consignor, only_site)
        agreements = agreement_records.read_agreements(untold)
        due = _due(untold, agreements, on, days)
        advices = [
            advice for id in sorted(due) for advice in draw_up(agreements[id], due[id], layout)
        ]
        check_open((line.organization for advice in advices for line in advice.lines), on)
        saved, told = settlement_records.save_advices(consignee, advices, made_on=on, days=days)
        settlement_records.mark_told(due, told, on=on)
        settlement_records.move_calendar(agreements, due)
        entries = _rounding(consignee, advices, agreements, due, on, layout)
        _move_elsewhere(entries, saved, on)
        with ledger.writing(organizations) as ledgers:  # as the exceptions have left them
            book_settlement(ledgers, entries, cause="advice", recorded_at=at, recorded_by=by)
            billed = invoices.self_bill(ledgers, saved, on=on, by=by, at=at)
        return AdviceRun(
            advices=len(advices),
            lines=sum(len(advice.lines) for advice in advices),
            self_billed=billed,
            first=saved[0].number if saved else None,
            last=saved[-1].number if saved else None,
            next_closing=settlement_records.next_closing(organizations),
            taken_up=taken_up,
            planned=_planned(advices) if is_plan else (),
        )


def _due(
    untold: Mapping[AgreementId, Sequence[Total]],
    agreements: Mapping[AgreementId, Agreement],
    on: date,
    days: Mapping[OrganizationId, date],
) -> dict[AgreementId, list[Total]]:
    """The totals whose advice a run for a day makes: where one advice holds all organizations, once
    its cycle is over in each of them."""
    due: dict[AgreementId, list[Total]] = {}
    for id, totals in untold.items():
        agreement = agreements[id]
        everywhere = agreement.summary_level is SummaryLevel.ALL_ORGANIZATIONS
        some = [
            total
            for total in totals
            if is_due(
                agreement, total.closes_on, on=on,
                today=min(days.values()) if everywhere else days[total.organization],
            )
        ]  # fmt: skip
        if some:
            due[id] = some
    return due


def _planned(advices: Sequence[Advice]) -> tuple[PlannedAdvice, ...]:
    codes = agreement_records.organization_codes(
        advice.organization for advice in advices if advice.organization
    )
    return tuple(
        PlannedAdvice(
            advice.agreement.number,
            codes[advice.organization] if advice.organization else "",
            *advice.cycle,
            len(advice.lines),
            advice.amount,
            advice.tax_amount,
            advice.agreement.currency,
        )
        for advice in advices
    )


def _site_of(consignor: PartyId | None, said: str) -> int | None:
    """The one site of a consignor that a run is for, where it is for one."""
    if not said:
        return None
    if consignor is None:
        raise SiteWithoutConsignor(said)
    party = agreement_records.party_codes([consignor])[consignor]
    site = party_records.site_ids([(party, said)]).get((party, said))
    if site is None:
        raise UnknownSite(party, said)
    return site


def _rounding(
    consignee: PartyId,
    advices: Sequence[Advice],
    agreements: Mapping[AgreementId, Agreement],
    due: Mapping[AgreementId, Sequence[Total]],
    on: date,
    layout: Layout,
) -> dict[OrganizationId, list[JournalEntry]]:
    """What rounding a line once changes against its days' rounded accruals (decision 0065); of what
    nets to nothing, the whole of them."""
    lines = [(advice.agreement, line) for advice in advices for line in advice.lines]
    for id, totals in due.items():
        if any(total.quantity <= 0 for total in totals):
            lines.extend(
                (agreements[id], line) for line in cancelling(agreements[id], totals, layout)
            )
    entries: dict[OrganizationId, list[JournalEntry]] = defaultdict(list)
    for agreement, line in lines:
        parties = Parties(consignee, agreement.consignor, agreement.id)
        entries[line.organization].extend(
            journals.advice_rounded(parties, line.amount - line.booked, line.price.currency, on)
        )
    return entries


def _move_elsewhere(
    entries: Mapping[OrganizationId, list[JournalEntry]], advices: Iterable[SavedAdvice], on: date
) -> None:
    """What is settled elsewhere is open there once it is told, and no invoice is awaited for it."""
    for advice in advices:
        if advice.settlement_method == SettlementMethod.REPORT_ONLY:
            parties = Parties(advice.consignee, advice.consignor, advice.agreement)
            for organization, amount in advice.owed.items():
                entries[organization].extend(
                    journals.reported(parties, amount, advice.currency, on)
                )
