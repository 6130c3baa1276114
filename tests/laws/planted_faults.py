"""Do the checks have teeth? Each single fault planted here must be found by one of them.

A fault takes the place of one rule, or stands before it, as a slip of the hand would. The book's
own check behind the rules is taken away where it would hide what the laws can do.

    python -m tests.laws.planted_faults     prints which law finds which fault
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from unittest.mock import patch

from hypothesis.stateful import run_state_machine_as_test

from consigned.accounting import accruals as totals
from consigned.accounting import costs
from consigned.accounting.prices import Priced, price_transfer
from consigned.consumption import issues as consumption
from consigned.inventory import transfers as custody
from consigned.inventory.stock import Holding, Shelves
from consigned.master_data.agreements import Agreement, PriceMissing, PriceSource, SummaryLevel
from consigned.returns import allocation as return_desk
from consigned.settlement import advices
from consigned.title.entry import Entry, EntryKind
from consigned.title.post import Book, LawBroken, post
from tests.business.store import ACME
from tests.business.terms import usd
from tests.laws.history import LawFails
from tests.laws.profiles import FAULTS

Replacement = tuple[object, str, object]
"""Whose, which name, and what stands there instead."""


@dataclass
class Fault:
    name: str
    replacements: list[Replacement]


FAULTS_PLANTED: list[Fault] = []


def fault(name: str) -> Callable[[Callable[[], Iterable[Replacement]]], None]:
    def plant(make: Callable[[], Iterable[Replacement]]) -> None:
        FAULTS_PLANTED.append(Fault(name, list(make())))

    return plant


# --- a ledger without its own check, for faults that it would stop --------------------------


def post_unchecked(book: Book, entries: Iterable[Entry]) -> None:
    for number, entry in enumerate(entries, start=book.next_entry):
        kept = entry._replace(number=number)
        book.entries.append(kept)
        for slot, delta in (
            ((entry.source, entry.layer), -entry.quantity),
            ((entry.target, entry.layer), entry.quantity),
        ):
            book.changes[slot] = book.changes.get(slot, 0) + delta
        book.next_entry = number + 1


def posting(change: Callable[[Book, list[Entry]], Iterable[Entry]], *, checked: bool = False):
    """A posting of uses that changes the entries on their way in."""
    underneath = post if checked else post_unchecked

    def post_changed(book: Book, entries: Iterable[Entry]) -> None:
        underneath(book, list(change(book, list(entries))))

    return [(consumption, "post", post_changed), (return_desk, "post", post_changed)]


# --- faults of using goods -----------------------------------------------------------------


@fault("does not check what is on hand")
def _():
    lying = Shelves.queue

    def more_than_there_is(self: Shelves, item: int) -> list[Holding]:
        for holding in lying(self, item):
            holding.left += 1_000_000
        return lying(self, item)

    return [(Shelves, "queue", more_than_there_is), (consumption, "post", post_unchecked)]


@fault("forgets to issue the goods")
def _():
    return posting(lambda book, entries: [e for e in entries if e.kind != EntryKind.ISSUED])


@fault("issues the consignor's goods without passing title")
def _():
    def skip_title(book: Book, entries: list[Entry]) -> Iterable[Entry]:
        theirs = {}
        for entry in entries:
            if entry.kind == EntryKind.TRANSFERRED_TO_OWNED:
                theirs[entry.target, entry.layer] = entry.source
            else:
                yield entry._replace(source=theirs.get((entry.source, entry.layer), entry.source))

    return posting(skip_title)


@fault("takes a whole layer instead of the part")
def _():
    def whole(book: Book, entries: list[Entry]) -> Iterable[Entry]:
        parts = {}
        for entry in entries:
            slot = (entry.source, entry.layer)
            left = parts.get(slot, book.balances.get(slot, entry.quantity))
            if entry.kind == EntryKind.TRANSFERRED_TO_OWNED:
                parts[entry.target, entry.layer] = left
            if entry.kind == EntryKind.RETURNED_BY_CUSTOMER:
                left = entry.quantity
            yield entry._replace(quantity=left)

    return posting(whole)


@fault("ignores which layer is oldest")
def _():
    in_order = Shelves.queue
    return [(Shelves, "queue", lambda self, item: in_order(self, item)[::-1])]


@fault("takes whose goods it likes although one consignor was named")
def _():
    named_one = Shelves.of

    def anybodys(self: Shelves, item, *, owner=None, **named):
        return named_one(self, item, **named)

    return [(Shelves, "of", anybodys)]


@fault("takes what is promised to others")
def _():
    return [(consumption, "_held_back", lambda use, promised: [])]


@fault("takes goods that had not arrived on the day")
def _():
    lying = Shelves.queue

    def as_if_arrived(self: Shelves, item: int) -> list[Holding]:
        for holding in lying(self, item):
            holding.received_on = holding.received_on.replace(year=2000)
        return lying(self, item)

    return [(Shelves, "queue", as_if_arrived)]


@fault("takes goods back as the consignor's")
def _():
    def back_to_them(book: Book, entries: list[Entry]) -> Iterable[Entry]:
        for entry in entries:
            back = entry.kind == EntryKind.RETURNED_BY_CUSTOMER
            theirs = book.describe(entry.target)._replace(owner=ACME)
            yield entry._replace(target=book.position(theirs)) if back else entry

    return posting(back_to_them)


@fault("passes the title of non-owned goods")
def _():
    used = consumption.consume

    def all_are_consigned(book: Book, shelves: Shelves, uses, **rest):
        uses = list(uses)
        for use in uses:
            for holding in shelves.queue(use.item):
                holding.ownership = "consigned"
        return used(book, shelves, uses, **rest)

    return [(consumption, "consume", all_are_consigned)]


@fault("says nothing of what is missing")
def _():
    used = consumption.consume

    def silently(*args, **named):
        answer = used(*args, **named)
        answer.shortages.clear()
        return answer

    return [(consumption, "consume", silently)]


@fault("does not say that our own goods were used")
def _():
    used = consumption.consume

    def without_own(*args, **named):
        answer = used(*args, **named)
        answer.own_issues.clear()
        return answer

    return [(consumption, "consume", without_own)]


@fault("passes no title on withdrawal")
def _():
    return [(custody, "passes_title", lambda rule, source, target: target.is_owned)]


# --- faults of the book --------------------------------------------------------------------


@fault("overwrites a balance instead of adding to it")
def _():
    def overwriting(book: Book, entries: Iterable[Entry]) -> None:
        before = dict(book.balances)
        post(book, entries)
        for slot, delta in book.changes.items():
            book.changes[slot] = delta - before.get(slot, 0)

    return [(consumption, "post", overwriting)]


@fault("leaves a number out")
def _():
    def skip_one(book: Book, entries: Iterable[Entry]) -> None:
        post_unchecked(book, entries)
        book.entries[-1:] = [e._replace(number=e.number + 1) for e in book.entries[-1:]]

    return [(consumption, "post", skip_one)]


@fault("posts a line that the book refuses")
def _():
    return posting(lambda book, entries: [e._replace(quantity=0) for e in entries], checked=True)


# --- faults of settlement ------------------------------------------------------------------


@fault("prices at the day of receipt")
def _():
    def at_receipt(transfer, terms) -> Priced:
        received_on = transfer.holding.received_on
        return price_transfer(
            transfer._replace(use=transfer.use._replace(happened_on=received_on)), terms
        )

    return [(totals, "price_transfer", at_receipt)]


@fault("takes no price for a price of zero")
def _():
    def free(transfer, terms) -> Priced:
        try:
            return price_transfer(transfer, terms)
        except PriceMissing:
            agreement = terms.agreements[transfer.holding.agreement]
            return Priced(agreement, usd(0), PriceSource.AGREEMENT)

    return [(totals, "price_transfer", free)]


@fault("counts in a cycle whose advice is made")
def _():
    def forgetful(self: Agreement, recorded_on, closed_through, counts_on=None):
        return self.cycle_of(recorded_on)

    return [(Agreement, "cycle", forgetful)]


@fault("charges twice what it can price")
def _():
    once = totals.charge

    def twice(transfers, *args, **named):
        return once([t for t in transfers for _ in range(2)], *args, **named)

    return [(totals, "charge", twice)]


@fault("rounds every entry instead of the total")
def _():
    return [(totals, "growth", lambda price, before, after: price.extend(after - before))]


@fault("advises twice")
def _():
    once = advices.draw_up

    def twice(agreement, due):
        for advice in once(agreement, due):
            yield from (advice, advice)

    return [(advices, "draw_up", twice)]


@fault("groups by item where the agreement says item and day")
def _():
    as_agreed = advices.draw_up

    def coarser(agreement, due):
        level = SummaryLevel.ITEM
        for advice in as_agreed(agreement._replace(summary_level=level), due):
            yield advice._replace(agreement=agreement)

    return [(advices, "draw_up", coarser)]


@fault("leaves the last total out of the advice")
def _():
    whole = advices.draw_up
    return [(advices, "draw_up", lambda agreement, due: whole(agreement, list(due)[:-1]))]


@fault("leaves a cent of the cost behind")
def _():
    exact = costs.OwnedCost.take

    def almost(self: costs.OwnedCost, quantity: int) -> int:
        part = exact(self, quantity)
        self.cost += 1
        return part - 1

    return [(costs.OwnedCost, "take", almost)]


# --- looking for them ----------------------------------------------------------------------


def found_by(planted: Fault | None) -> str | None:
    """The law that finds a fault; None where no law does."""
    from tests.laws.test_history import AnyHistory

    patches = [patch.object(*each) for each in planted.replacements] if planted else []
    for each in patches:
        each.start()
    try:
        run_state_machine_as_test(AnyHistory, settings=FAULTS)
    except LawFails as failure:
        return failure.law
    except LawBroken:
        return "the book's own check"
    finally:
        for each in patches:
            each.stop()
    return None


def table(found: dict[str, str | None]) -> str:
    wide = max(map(len, found))
    return "\n".join(f"{name:{wide}}   {law or 'NOT FOUND'}" for name, law in found.items())


if __name__ == "__main__":
    print(table({planted.name: found_by(planted) for planted in FAULTS_PLANTED}))
