"""Amendments: terms of an agreement that change from a day on, by both parties' consent.

What was agreed before stays as it was: each term is read as of the day that it is about. Which day
that is, and therefore from when it may change, is said here for every term that may:

    of a cycle   from the first day of a billing cycle in which nothing is told yet; read as of the
                 day on which the cycle closes
    of a use     from a day on which nothing was used yet; read as of the day of use
    of a day     from today on; read as of the day that is looked at: of a count or a loss, of an
                 order, of the day on which goods are found to have lain too long

The others stand for the agreement's life: between whom it is, in which currency, when title passes.
Who wants to change those agrees anew.

Refuses: NothingAmended, AmendsDaysGoneBy, AmendedLater, NotTheFirstDayOfACycle,
ClosesBeforeItBegins, CycleIsTold, UsedAlready, EndsBeforeLastUse, NoEarlierEnd.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from consigned.master_data.agreements import Agreement
from consigned.measure.period import Cycle
from consigned.measure.refusal import Refusal


class Of(StrEnum):
    """What a term is about, which says as of which day it is read."""

    CYCLE = "cycle"
    USE = "use"
    DAY = "day"


AMENDABLE: dict[str, Of] = {
    "frequency": Of.CYCLE,
    "first_closing_on": Of.CYCLE,
    "closing_days": Of.CYCLE,
    "summary_level": Of.CYCLE,
    "settlement_method": Of.CYCLE,
    "bill_to": Of.CYCLE,
    "payment_days": Of.CYCLE,
    "invoice_tolerance": Of.CYCLE,
    "price_sources": Of.USE,
    "taxed": Of.USE,
    "aging_days": Of.DAY,
    "aging_onset": Of.DAY,
    "aged_outcome": Of.DAY,
    "display_days": Of.DAY,
    "return_by": Of.DAY,
    "end_of_term": Of.DAY,
    "grace_days": Of.DAY,
    "rotation_percent": Of.DAY,
    "rotation_every_days": Of.DAY,
    "over_receipt_percent": Of.DAY,
    "under_receipt_percent": Of.DAY,
    "loss_responsibility": Of.DAY,
    "liability": Of.DAY,
    "count_method": Of.DAY,
    "count_every_days": Of.DAY,
    "cycle_count_percent": Of.DAY,
}
"""The terms that may change from a day on, each with what it is about."""

END = "ends_on"
"""The end of an agreement: it is changed on the agreement itself, and recorded with what it was."""


@dataclass(eq=False)
class NothingAmended(Refusal):
    agreement: str
    starts_on: date
    code: ClassVar[str] = "nothing-amended"
    remedy: ClassVar[str] = "Fill in a column that is to change, with none to take a term away."

    def __str__(self) -> str:
        return f"the line says nothing of {self.agreement} that differs on {self.starts_on}"


@dataclass(eq=False)
class AmendsDaysGoneBy(Refusal):
    agreement: str
    starts_on: date
    today: date
    code: ClassVar[str] = "amends-days-gone-by"
    remedy: ClassVar[str] = "Amend it from today or a later day on."

    def __str__(self) -> str:
        return f"what {self.agreement} said on {self.starts_on} stands; today is {self.today}"


@dataclass(eq=False)
class AmendedLater(Refusal):
    agreement: str
    term: str
    amended_from: date
    starts_on: date
    code: ClassVar[str] = "amended-later"
    remedy: ClassVar[str] = "Amend it from that day or a later one on."

    def __str__(self) -> str:
        return (
            f"{self.term} of {self.agreement} is amended from {self.amended_from} on already, "
            f"which is after {self.starts_on}"
        )


@dataclass(eq=False)
class NotTheFirstDayOfACycle(Refusal):
    agreement: str
    term: str
    starts_on: date
    opened_on: date
    next_on: date
    code: ClassVar[str] = "not-the-first-day-of-a-cycle"
    remedy: ClassVar[str] = "Amend it from the first day of a cycle on."

    def __str__(self) -> str:
        return (
            f"{self.term} of {self.agreement} holds for whole cycles; {self.starts_on} lies within "
            f"one, and the nearest first days are {self.opened_on} and {self.next_on}"
        )


@dataclass(eq=False)
class ClosesBeforeItBegins(Refusal):
    agreement: str
    starts_on: date
    first_closing_on: date
    code: ClassVar[str] = "closes-before-it-begins"
    remedy: ClassVar[str] = "Say the last day of the first cycle that begins with the amendment."

    def __str__(self) -> str:
        return (
            f"the first cycle of {self.agreement} from {self.starts_on} on would close on "
            f"{self.first_closing_on}"
        )


@dataclass(eq=False)
class CycleIsTold(Refusal):
    agreement: str
    term: str
    starts_on: date
    closes_on: date
    code: ClassVar[str] = "cycle-is-told"
    remedy: ClassVar[str] = "Amend it from the first day of a later cycle on."

    def __str__(self) -> str:
        return (
            f"{self.term} of {self.agreement} cannot change from {self.starts_on} on: uses are "
            f"told in the cycle that closes on {self.closes_on}"
        )


@dataclass(eq=False)
class UsedAlready(Refusal):
    agreement: str
    term: str
    starts_on: date
    used_on: date
    code: ClassVar[str] = "used-already"
    remedy: ClassVar[str] = "Amend it from a day after the last use on."

    def __str__(self) -> str:
        return (
            f"{self.term} of {self.agreement} cannot change from {self.starts_on} on: goods were "
            f"used under it on {self.used_on}"
        )


@dataclass(eq=False)
class EndsBeforeLastUse(Refusal):
    agreement: str
    ends_on: date
    what: str
    happened_on: date
    code: ClassVar[str] = "ends-before-last-use"
    remedy: ClassVar[str] = "Take a later day: the first on which it no longer holds."

    def __str__(self) -> str:
        return (
            f"{self.agreement} cannot end on {self.ends_on}: goods were {self.what} under it on "
            f"{self.happened_on}"
        )


@dataclass(eq=False)
class NoEarlierEnd(Refusal):
    agreement: str
    ends_on: date
    stands: date
    code: ClassVar[str] = "no-earlier-end"
    remedy: ClassVar[str] = "A later end is told by the agreement itself, with its new ends_on."

    def __str__(self) -> str:
        return f"{self.agreement} ends on {self.stands}, and {self.ends_on} is not before that"


def check_day(
    agreement: Agreement,
    terms: Sequence[str],
    starts_on: date,
    *,
    today: date,
    last_closing: date | None,
    last_used: date | None,
) -> None:
    """Refuse a day from which some terms of an agreement cannot change any more.

    `last_closing` is the last day on which a cycle closes in which anything is told or advised,
    `last_used` the last day on which goods were used under the agreement.
    """
    if starts_on < today:
        raise AmendsDaysGoneBy(agreement.number, starts_on, today)
    agreement.check_in_force(starts_on)
    for term in terms:
        match AMENDABLE[term]:
            case Of.CYCLE:
                _check_cycle(agreement, term, starts_on, last_closing)
            case Of.USE:
                if last_used and last_used >= starts_on:
                    raise UsedAlready(agreement.number, _said(term), starts_on, last_used)
            case Of.DAY:
                pass


def _check_cycle(
    agreement: Agreement, term: str, starts_on: date, last_closing: date | None
) -> None:
    cycle: Cycle = agreement.cycle_of(starts_on)
    if cycle.starts_on != starts_on:
        after = agreement.cycle_after(cycle.closes_on)
        raise NotTheFirstDayOfACycle(
            agreement.number, _said(term), starts_on, cycle.starts_on, after.starts_on
        )
    if last_closing and last_closing >= starts_on:
        raise CycleIsTold(agreement.number, _said(term), starts_on, last_closing)


def _said(term: str) -> str:
    return term.replace("_", " ")
