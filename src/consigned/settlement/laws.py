"""The laws of settlement, beside the laws of title: charged once, settled once, books that agree.

Each takes plain facts of one organization and yields a breach for each fact that breaks it; they
serve the property tests, the simulation and `consigned audit` alike.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from consigned.accounting.journals import MEMO_ACCOUNTS, Account
from consigned.master_data.taxes import read_tax
from consigned.measure.identity import EntryNumber, ItemId, TotalNumber, label
from consigned.measure.money import Price, show_amount, show_price
from consigned.measure.quantity import show_micros
from consigned.title.laws import Broken, law


class Transferred(NamedTuple):
    """A transfer of title as the ledger holds it, and the day of the use behind it, if one is."""

    quantity: int
    item: ItemId
    happened_on: date
    used_on: date | None = None

    def is_charged_for(self, day: date) -> bool:
        """Whether it may count on a day: its own, or for a use told late that of the use, or the
        first one that was open."""
        return (self.used_on or self.happened_on) <= day <= self.happened_on


class Counted(NamedTuple):
    """A charge: the total that a transfer of title counts in, and how much of it."""

    total: TotalNumber
    quantity: int


class Reversed(NamedTuple):
    """A reversal: the transfer of title that an entry turned back, and how much of it."""

    reverses: EntryNumber
    quantity: int


NONE_REVERSED: Mapping[EntryNumber, Reversed] = MappingProxyType({})


class KeptTotal(NamedTuple):
    """A running total as it is kept."""

    item: ItemId
    happened_on: date
    price: Price
    quantity: int
    is_told: bool
    advice_line: int | None
    tax: str = ""


class KeptLine(NamedTuple):
    """An advice line as it is kept."""

    name: str
    item: ItemId
    price: Price
    quantity: int
    amount: int
    tax: str = ""
    tax_amount: int = 0


@law(
    "each transfer is charged once",
    "Each transfer of title counts in one running total, or waits in one exception; what was "
    "turned back before it had a price counts nowhere.",
)
def each_transfer_is_charged_once(
    transfers: Mapping[EntryNumber, Transferred],
    charges: Mapping[EntryNumber, Counted],
    waiting: Iterable[EntryNumber],
    reversals: Mapping[EntryNumber, Reversed] = NONE_REVERSED,
) -> Iterator[Broken]:
    """Each transfer of title counts in exactly one total, or waits in exactly one exception; what
    was turned back before it had a price counts nowhere."""
    waits: dict[EntryNumber, int] = defaultdict(int)
    for entry in waiting:
        waits[entry] += 1
    never_priced: dict[EntryNumber, int] = defaultdict(int)
    for entry, back in reversals.items():
        if entry in transfers and entry not in charges:
            never_priced[back.reverses] += back.quantity
            never_priced[entry] -= back.quantity
    for entry, transfer in transfers.items():
        charge = charges.get(entry)
        counts = transfer.quantity - never_priced.get(entry, 0)
        if (charge is not None) + waits.get(entry, 0) != (counts != 0):
            yield (
                label("ent", entry),
                f"it is charged {int(charge is not None)} times and waits {waits.get(entry, 0)} "
                "times",
            )
        elif charge is not None and charge.quantity != counts:
            yield (
                label("ent", entry),
                f"{show_micros(counts)} passed, {show_micros(charge.quantity)} charged",
            )
    for entry in charges.keys() - transfers.keys():
        yield (label("ent", entry), "it is charged and passed no title")


@law(
    "nothing goes back twice",
    "No transfer of title is turned back beyond itself, nor in another total than its own; "
    "once that is advised, in one like it of a later cycle.",
)
def nothing_goes_back_twice(
    transfers: Mapping[EntryNumber, Transferred],
    charges: Mapping[EntryNumber, Counted],
    reversals: Mapping[EntryNumber, Reversed],
    netted_later: Collection[EntryNumber] = (),
) -> Iterator[Broken]:
    """No transfer of title is reversed beyond itself, and what a reversal takes off a total is the
    total that its transfer counts in; or, of those `netted_later`, one that is like it and of a
    later cycle, because an advice had told its own."""
    back: dict[EntryNumber, int] = defaultdict(int)
    for entry, (reverses, quantity) in reversals.items():
        back[reverses] += quantity
        transfer, charge = transfers.get(entry), charges.get(entry)
        if transfer is not None and transfer.quantity != -quantity:
            yield (
                label("ent", entry),
                f"it turns {show_micros(-transfer.quantity)} back and says {show_micros(quantity)}",
            )
        if (
            charge is not None
            and entry not in netted_later
            and (reverses not in charges or charges[reverses].total != charge.total)
        ):
            yield (label("ent", entry), "it counts in another total than its transfer")
    for entry, transfer in transfers.items():
        if transfer.quantity < 0 and entry not in reversals:
            yield (label("ent", entry), "it does not say what it turns back")
    for entry, quantity in back.items():
        passed = transfers[entry].quantity if entry in transfers else 0
        if quantity > passed or quantity <= 0:
            yield (
                label("ent", entry),
                f"{show_micros(passed)} passed, {show_micros(quantity)} went back",
            )


@law(
    "totals count their charges",
    "A running total is the sum of the transfers that count in it, and of what price changes "
    "moved.",
)
def totals_count_their_charges(
    transfers: Mapping[EntryNumber, Transferred],
    charges: Mapping[EntryNumber, Counted],
    totals: Mapping[TotalNumber, KeptTotal],
    corrections: Iterable[Counted] = (),
) -> Iterator[Broken]:
    """A running total is the sum of the transfers charged to it, of its own item and day, and of
    what price changes put into it or took out of it; what goes back counts in the total of what
    it takes back, whenever that is."""
    sums: dict[TotalNumber, int] = defaultdict(int)
    for correction in corrections:
        sums[correction.total] += correction.quantity
    for entry, charge in charges.items():
        sums[charge.total] += charge.quantity
        total, transfer = totals.get(charge.total), transfers.get(entry)
        if (
            total
            and transfer
            and (
                total.item != transfer.item
                or (transfer.quantity > 0 and not transfer.is_charged_for(total.happened_on))
            )
        ):
            yield (
                label("ent", entry),
                f"it counts in {label('tot', charge.total)}, of another item or day",
            )
    for number in sorted(sums.keys() | totals.keys()):
        kept = totals[number].quantity if number in totals else 0
        if sums.get(number, 0) != kept:
            yield (
                label("tot", number),
                f"it says {show_micros(kept)}; its charges come to "
                f"{show_micros(sums.get(number, 0))}",
            )


@law(
    "price changes move no goods",
    "A price changed for days gone by takes out of totals what it puts into others.",
)
def price_changes_move_no_goods(moved: Mapping[tuple[int, date], int]) -> Iterator[Broken]:
    """A price change takes out of totals what it puts into others, of each day: `moved` is what
    is left over, by change and day of use."""
    for (change, used_on), quantity in moved.items():
        if quantity:
            yield (
                f"price change {change}",
                f"{show_micros(quantity)} used on {used_on} are left over",
            )


@law(
    "lines are the sum of their totals",
    "An advice line is the sum of its totals, rounded once; what is advised on no line nets "
    "to nothing.",
)
def lines_are_the_sum_of_their_totals(
    totals: Mapping[TotalNumber, KeptTotal], lines: Mapping[int, KeptLine]
) -> Iterator[Broken]:
    """An advice line is the sum of the totals it tells, rounded once; what is told on no line
    nets to nothing."""
    sums: dict[int, int] = defaultdict(int)
    on_none: dict[tuple[ItemId, Price, str], int] = defaultdict(int)
    for number, total in totals.items():
        if total.advice_line is None:
            if total.is_told:
                on_none[total.item, total.price, total.tax] += total.quantity
            continue
        line = lines.get(total.advice_line)
        sums[total.advice_line] += total.quantity
        if not total.is_told or line is None or (line.item, line.price, line.tax) != (
            total.item, total.price, total.tax,
        ):  # fmt: skip
            yield (label("tot", number), "it is on a line of other goods")
    for (item, price, _), quantity in on_none.items():
        if quantity:
            yield (
                f"item {item} at {show_price(price.micros)} {price.currency}",
                f"{show_micros(quantity)} of it are told on no line",
            )
    for line_id, line in lines.items():
        if sums.get(line_id, 0) != line.quantity or line.price.extend(line.quantity) != line.amount:
            yield (
                line.name,
                f"it says {show_micros(line.quantity)} for "
                f"{show_amount(line.amount, line.price.currency)}; its totals come to "
                f"{show_micros(sums.get(line_id, 0))}",
            )


@law(
    "lines bear their tax",
    "The tax of an advice line is its code's rate of its amount, rounded once.",
)
def lines_bear_their_tax(lines: Iterable[KeptLine]) -> Iterator[Broken]:
    """Each line bears the tax that is recorded with it."""
    for line in lines:
        if read_tax(line.tax).of(line.amount) != line.tax_amount:
            yield (
                line.name,
                f"{line.tax or 'no tax'} of {show_amount(line.amount, line.price.currency)} is "
                f"told as {show_amount(line.tax_amount, line.price.currency)}",
            )


def amounts_agree(
    ours: Mapping[tuple[str, str], int], theirs: Mapping[tuple[str, str], int], words: str
) -> Iterator[Broken]:
    """Where two records of the same amounts, by name and currency, differ. `words` have a place for
    each amount."""
    for key in sorted(ours.keys() | theirs.keys()):
        name, currency = key
        one, other = ours.get(key, 0), theirs.get(key, 0)
        if one != other:
            yield name, words.format(show_amount(one, currency), show_amount(other, currency))


@law("journals balance", "Each journal entry is one debit and one credit of one amount.")
def journals_are_sound(
    journals: Iterable[tuple[int, str, str, int]], named: Iterable[str] = ()
) -> Iterator[Broken]:
    """A journal entry moves something between two known accounts, memo to memo alone; known are
    those that work orders named, too."""
    known = frozenset(Account) | frozenset(named)
    for number, debit, credit, amount in journals:
        if (
            amount <= 0
            or debit == credit
            or not {debit, credit} <= known
            or (debit in MEMO_ACCOUNTS) != (credit in MEMO_ACCOUNTS)
        ):
            yield (label("jrn", number), f"{debit} / {credit} of {amount}")


@law(
    "sent and arrived cost the same",
    "What left for another organization cost there what it had cost here.",
)
def sent_and_arrived_cost_the_same(booked: Mapping[str, int]) -> Iterator[Broken]:
    """What goods cost where they left is what they cost where they arrived: the account between
    organizations comes to nothing over all of them, in each currency."""
    for currency, amount in sorted(booked.items()):
        if amount:
            yield (currency, f"{show_amount(amount, currency)} over")
