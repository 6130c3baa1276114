"""Parties, their sites, and the organizations that keep a stock and books of their own.

A party is not a buyer or a supplier by nature: it is consignor or consignee of an agreement, and
may be both in different ones (decision 0064). An organization (a store, a warehouse, a plant) is
one place of stock of one party and has one ledger.

An organization's day is the day of the clock on its wall: it has a time zone, and an instant falls
on the day that it is there.

Refuses: NumberOfSeveral, UnknownParty, UnknownOrganization, UnknownPlace, UnknownTimeZone,
PeriodClosed, NotYet.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.period import DAY, Moment
from consigned.measure.refusal import Refusal
from consigned.title.position import Place, Zone


@dataclass(eq=False)
class NumberOfSeveral(Refusal):
    what: str
    number: str
    givers: tuple[str, ...]
    code: ClassVar[str] = "number-of-several"
    remedy: ClassVar[str] = "Say whose it is; of an invoice or a credit note also the year."

    def __str__(self) -> str:
        return f"{self.what} {self.number} was given by {' and by '.join(self.givers)}"


@dataclass(eq=False)
class UnknownParty(Refusal):
    said: str
    code: ClassVar[str] = "unknown-party"
    remedy: ClassVar[str] = "Import the party first, or correct its code."

    def __str__(self) -> str:
        return f"no party has the code {self.said!r}"


@dataclass(eq=False)
class UnknownOrganization(Refusal):
    said: str
    code: ClassVar[str] = "unknown-organization"
    remedy: ClassVar[str] = "Import the organization first, or correct its code."

    def __str__(self) -> str:
        return f"no organization has the code {self.said!r}"


@dataclass(eq=False)
class UnknownPlace(Refusal):
    said: str
    organization: str
    code: ClassVar[str] = "unknown-place"
    remedy: ClassVar[str] = "Import the place first, or correct its code."

    def __str__(self) -> str:
        return f"{self.organization} has no place {self.said!r}"


@dataclass(eq=False)
class UnknownTimeZone(Refusal):
    said: str
    code: ClassVar[str] = "unknown-time-zone"
    remedy: ClassVar[str] = "Write it as the IANA database does, as America/Los_Angeles."

    def __str__(self) -> str:
        return f"no time zone is called {self.said!r}"


@dataclass(eq=False)
class PeriodClosed(Refusal):
    organization: str
    happened_on: date
    closed_through: date
    code: ClassVar[str] = "period-closed"
    remedy: ClassVar[str] = "Date it after the close; what it corrects stays as it was."

    def __str__(self) -> str:
        return (
            f"{self.organization} closed its books through {self.closed_through}; "
            f"{self.happened_on} lies inside"
        )


@dataclass(eq=False)
class NotYet(Refusal):
    happened_on: date
    today: date
    code: ClassVar[str] = "not-yet"
    remedy: ClassVar[str] = "Correct the day, or report it when it has happened."

    def __str__(self) -> str:
        return f"{self.happened_on} has not come yet; it is {self.today}"


def check_has_come(day: date, *, today: date) -> None:
    """Refuse to act as of a day that is still to come."""
    if day > today:
        raise NotYet(day, today)


class RulePrecedence(StrEnum):
    """Which of two consumption rules that both match wins (decision 0057)."""

    SPECIFIC_FIRST = "specific-first"
    BROAD_FIRST = "broad-first"


class CostMethod(StrEnum):
    """What goods of our own leave at (checklist P36, P52). It says nothing of others' goods: they
    are in no cost, and their use costs what their owner asks."""

    FIFO = "fifo"
    """What their own delivery cost; the oldest delivery goes first where none is named."""
    AVERAGE = "average"
    """What all that is ours of the item costs on average when they leave."""
    STANDARD = "standard"
    """What the organization says that the item costs; what it cost otherwise is a variance."""


class Organization(NamedTuple):
    """A place of stock with books of its own (Oracle's inventory organization)."""

    id: OrganizationId
    code: str
    party: PartyId
    currency: str
    pick_order: str
    closed_through: date | None = None
    owner_sequence: str = ""
    """Codes of owners, in the order their goods are used where the pick order names owners."""
    one_consignor_per_item: bool = False
    allows_transfer_to_owned: bool = True
    rule_precedence: str = RulePrecedence.SPECIFIC_FIRST
    two_step_receiving: bool = False
    """Whether received goods wait at the dock until they are put away (checklist P31, P35)."""
    exchange_rate_type: str = ""
    """Which kind of rate of exchange is kept where an agreement has another currency; if none is
    named, none is (checklist X12)."""
    cost_method: str = CostMethod.FIFO
    payables_unit: str = ""
    """Code of the organization that pays for what is received here; if none is named, this one
    (checklist P13)."""
    zone: tzinfo = UTC
    """Its time zone: a day is the day on its wall."""
    names_zone: bool = False
    """Whether it says its time zone itself; otherwise it has the installation's."""

    @property
    def pays(self) -> str:
        """The code of the organization that pays for what is received here."""
        return self.payables_unit or self.code

    def day_of(self, at: datetime) -> date:
        """The day that it is here at an instant."""
        return at.astimezone(self.zone).date()

    def day_here(self, moment: Moment) -> date:
        """The day that a written day or time is here."""
        return moment.day_in(self.zone)

    def check_day(self, happened_on: date, *, today: date) -> None:
        """Refuse a day inside a closed period or still to come.

        One day ahead is let through where the organization has not said its time zone, because it
        may lie east of the installation and live in tomorrow already.
        """
        if self.closed_through and happened_on <= self.closed_through:
            raise PeriodClosed(self.code, happened_on, self.closed_through)
        self.check_not_to_come(happened_on, today=today)

    def check_not_to_come(self, day: date, *, today: date) -> None:
        """Refuse a day that is still to come, as `check_day` does."""
        if day > (today if self.names_zone else today + DAY):
            raise NotYet(day, today)

    def open_day(self, day: date) -> date:
        """The day itself, or the first one that is open where its period is closed: what comes
        late changes nothing that is closed."""
        closed = self.closed_through
        return closed + DAY if closed and day <= closed else day


OUTER_PLACES = {
    Zone.SUPPLIER: "SUPPLIER",
    Zone.CUSTOMER: "CUSTOMER",
    Zone.PRODUCTION: "PRODUCTION",
    Zone.LOSS: "LOSS",
    Zone.ELSEWHERE: "ELSEWHERE",
}
"""The places outside the walls that every organization has from its first day."""


def default_place(places: list[Place], zone: Zone) -> Place:
    """The place of a zone that is meant when none is named: the first one of it."""
    for place in places:
        if place.zone == zone:
            return place
    raise LookupError(f"the organization has no {zone} place")
