"""Aging and the end of a term: how long goods may lie on consignment, and what becomes of them.

The clock starts on the day of receipt or of shipment, as the agreement says, and nothing but more
time agreed by both parties moves its end: not a move to another place, nor to another organization
(checklist O24, O25). Goods that pass to another agreement are as old as they were; its terms hold
for them then. Goods that are ours age no more (O26). Expiry is another matter altogether.

    received 2 March, thirty days         aged on 1 April
    … and 21 days more by consent         aged on 22 April

    received 2 March, 60 days on display  the term ends on 1 May
    … to be returned, seven days' grace   due to go back on 8 May
    may go back until 31 May              the term ends on 1 June

Aged goods are bought by a person (O27), or by the run where the agreement says so (decision 0058).

Refuses: AgingNotAgreed, NotEnoughOnConsignment, NotMoreTime.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import TitleTransfer, Use, UseKind
from consigned.master_data.agreements import AgedOutcome, AgingOnset, EndOfTerm
from consigned.measure.identity import ConsumptionNumber, EntryNumber, PartyId, PlaceNumber
from consigned.measure.period import DAY
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.position import Position
from consigned.title.post import Book, post


@dataclass(eq=False)
class AgingNotAgreed(Refusal):
    agreement: str
    deadline: str
    code: ClassVar[str] = "aging-not-agreed"
    remedy: ClassVar[str] = "There is nothing to extend."

    def __str__(self) -> str:
        return f"agreement {self.agreement} sets no end of {self.deadline}"


@dataclass(eq=False)
class NotEnoughOnConsignment(Refusal):
    item: str
    unit: str
    said: str
    asked: int
    held: int
    code: ClassVar[str] = "not-enough-on-consignment"
    remedy: ClassVar[str] = "Ask for what is left; what was used or bought is settled already."

    def __str__(self) -> str:
        return (
            f"of {self.said} {show_micros(self.held)} {self.unit} of {self.item} are still on "
            f"consignment and free to use; {show_micros(self.asked)} {self.unit} asked"
        )


@dataclass(eq=False)
class NotMoreTime(Refusal):
    said: str
    deadline: str
    stands: date
    until: date
    code: ClassVar[str] = "extension-too-short"
    remedy: ClassVar[str] = "Name a later day; a term is never made shorter."

    def __str__(self) -> str:
        return (
            f"the {self.deadline} of {self.said} ends on {self.stands}; {self.until} is not later"
        )


class Deadline(StrEnum):
    """Which end of time is meant; more time may be agreed for either."""

    AGING = "aging"
    TERM = "term"


class Terms(NamedTuple):
    """What one agreement says of time."""

    aging_days: int | None
    aging_onset: str
    aged_outcome: str
    display_days: int | None
    return_by: date | None
    end_of_term: str
    grace_days: int

    @property
    def sets_an_end(self) -> bool:
        return not (self.aging_days is None and self.display_days is None and not self.return_by)


class Extensions(NamedTuple):
    """Until when more time was agreed for some goods, the last word each."""

    aging: date | None = None
    term: date | None = None


def clock_starts_on(terms: Terms, received_on: date, shipped_on: date | None) -> date:
    """The day from which goods age: their receipt, or their shipment where it was announced."""
    if terms.aging_onset == AgingOnset.SHIPMENT and shipped_on:
        return shipped_on
    return received_on


def aged_on(
    terms: Terms, received_on: date, shipped_on: date | None, more: Extensions
) -> date | None:
    """The first day on which goods have lain too long (checklist O23); None where none is set."""
    if terms.aging_days is None:
        return None
    starts_on = clock_starts_on(terms, received_on, shipped_on)
    ages_on = starts_on + timedelta(days=terms.aging_days)
    return max(ages_on, more.aging or ages_on)


def term_ends_on(terms: Terms, received_on: date, more: Extensions) -> date | None:
    """The first day after the display period, or after the last day of return (L16)."""
    ends = []
    if terms.display_days is not None:
        ends.append(received_on + timedelta(days=terms.display_days))
    if terms.return_by:
        ends.append(terms.return_by + DAY)
    return max(min(ends), more.term or date.min) if ends else None


def due_on(terms: Terms, ends_on: date) -> date:
    """The day on which what was agreed for the end of a term is done: after the grace (X22)."""
    return ends_on + timedelta(days=terms.grace_days)


class Fate(StrEnum):
    """What a run does with goods whose time is over."""

    BUY = "buy"
    ROLL_OVER = "roll-over"
    GIVE_UP = "give-up"


def fate(
    terms: Terms, received_on: date, shipped_on: date | None, more: Extensions, on: date
) -> Fate | None:
    """What the agreement has done with goods by itself on a day; None leaves them to a person."""
    aged = aged_on(terms, received_on, shipped_on, more)
    if aged and aged <= on and terms.aged_outcome == AgedOutcome.AUTOMATIC:
        return Fate.BUY
    ends_on = term_ends_on(terms, received_on, more)
    if ends_on is None or due_on(terms, ends_on) > on:
        return None
    match terms.end_of_term:
        case EndOfTerm.CONVERT:
            return Fate.BUY
        case EndOfTerm.ROLL_OVER:
            return Fate.ROLL_OVER
        case EndOfTerm.DONATE | EndOfTerm.DESTROY:
            return Fate.GIVE_UP
    return None


def rolled_over(terms: Terms, ends_on: date, on: date) -> date:
    """The end of the next display period that is not over yet (checklist L14)."""
    assert terms.display_days
    while due_on(terms, ends_on) <= on:
        ends_on += timedelta(days=terms.display_days)
    return ends_on


class Wanted(NamedTuple):
    """So much of a layer that is to change its owner or to be given up, where it lies."""

    document: int
    line: int
    quantity: int
    happened_on: date
    lying: tuple[Holding, ...]


def buy(book: Book, wanted: Iterable[Wanted], *, ours: PartyId) -> list[TitleTransfer]:
    """Transfer to owned: consigned goods become ours where they lie (checklist O27, O29, L15)."""
    transfers: list[TitleTransfer] = []
    entries: list[Entry] = []
    for asked, holding, part in _parts(wanted):
        where = book.describe(holding.position)
        number = EntryNumber(book.next_entry + len(entries))
        entries.append(
            Entry(
                number, EntryKind.TRANSFERRED_TO_OWNED.value, holding.layer, part,
                holding.position, book.position(where._replace(owner=ours)), asked.happened_on,
                Cause.AGING.value, asked.document, asked.line,
            )
        )  # fmt: skip
        use = Use(
            ConsumptionNumber(0), UseKind.TRANSFER_TO_OWNED.value, holding.item, part,
            asked.happened_on,
        )  # fmt: skip
        transfers.append(TitleTransfer(number, use, holding, part))
    post(book, entries)
    return transfers


class GivenUp(NamedTuple):
    """Goods that left the walls and stay their owner's loss."""

    holding: Holding
    quantity: int
    happened_on: date


def give_up(book: Book, wanted: Iterable[Wanted], *, lost_at: PlaceNumber) -> list[GivenUp]:
    """Give consigned goods away or destroy them, as agreed: no title passes, nothing is owed."""
    given: list[GivenUp] = []
    for asked, holding, part in _parts(wanted):
        item, owner, _, _ = book.describe(holding.position)
        entry = book.draft(
            EntryKind.LOST.value, holding.layer, part, holding.position,
            book.position(Position(item, owner, lost_at)), asked.happened_on,
            Cause.AGING.value, asked.document, asked.line,
        )  # fmt: skip
        given.append(GivenUp(holding, part, entry.happened_on))
    post(book, book.drafts)
    return given


def _parts(wanted: Iterable[Wanted]) -> Iterable[tuple[Wanted, Holding, int]]:
    """What is taken of each holding; the caller has seen that they hold enough."""
    for asked in wanted:
        left = asked.quantity
        for holding in asked.lying:
            part = min(holding.left, left)
            if part:
                holding.left -= part
                left -= part
                yield asked, holding, part
        assert not left, "more was wanted than lies there"
