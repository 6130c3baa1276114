"""A party's journals as texts that ledger programs read: beancount's, and hledger's.

One transaction for each journal entry, with its day, what caused it, its number and its posting. A
memo moves between two accounts of equity, so that it balances and changes no balance sheet.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from consigned.accounting.accounts import OwnAccounts, account_paths, own_name
from consigned.measure.money import show_amount


class LedgerProgram(StrEnum):
    BEANCOUNT = "beancount"
    HLEDGER = "hledger"


class Booked(NamedTuple):
    """A journal entry as it stands in the books of one party."""

    organization: str
    number: int
    posting: int
    happened_on: date
    recorded_on: date
    cause: str
    agreement: str | None
    partner: str | None
    """The other party of the agreement."""
    debit: str
    credit: str
    amount: int
    currency: str
    functional_currency: str = ""
    """The organization's; said where the books are read in it."""
    rate: int | None = None
    """What the currency was worth in it when it was booked; None in own currency, or unknown."""


Writer = Callable[[Booked, Mapping[str, str]], Iterator[str]]


class Text:
    """A text for a ledger program, line by line, however many entries there are."""

    def __init__(self, head: list[str], paths: Mapping[str, str], entry: Writer) -> None:
        self.head = head
        self.paths = paths
        self.entry = entry

    def lines(self, entries: Iterable[Booked]) -> Iterator[str]:
        yield from self.head
        for entry in entries:
            yield ""
            yield from self.entry(entry, self.paths)


def beancount(title: str, accounts: set[str], chart: OwnAccounts, first: date) -> Text:
    """The text for beancount; its accounts are open from the first day on."""
    paths = account_paths(accounts, chart)
    head = [f'option "title" "{_quoted(title)}"', ""]
    for path, named in _named(paths).items():
        number, name = own_name(named, chart)
        head.append(f"{first} open {path}")
        if number:
            head += [f'  number: "{_quoted(number)}"', f'  name: "{_quoted(name)}"']
    return Text(head, paths, _beancount)


def hledger(title: str, accounts: set[str], chart: OwnAccounts, currencies: set[str]) -> Text:
    """The text for hledger, strict enough for `hledger check --strict`."""
    paths = account_paths(accounts, chart)
    head = [f"; {title}", "decimal-mark .", ""]
    head += [f"commodity 1000{_zeros(currency)} {currency}" for currency in sorted(currencies)]
    head += [""]
    head += [f"account {path}" for path in _named(paths)]
    return Text(head, paths, _hledger)


def _beancount(entry: Booked, paths: Mapping[str, str]) -> Iterator[str]:
    partner = f'"{_quoted(entry.partner)}" ' if entry.partner else ""
    yield f'{entry.happened_on} * {partner}"{_quoted(_narration(entry))}"'
    yield f'  journal: "{_quoted(_name(entry))}"'
    yield f'  cause: "{_quoted(entry.cause)}"'
    yield f"  posting: {entry.posting}"
    yield f"  recorded: {entry.recorded_on}"
    if entry.agreement:
        yield f'  agreement: "{_quoted(entry.agreement)}"'
    yield from _sides(entry, paths)


def _hledger(entry: Booked, paths: Mapping[str, str]) -> Iterator[str]:
    said = f"{entry.partner} | {_narration(entry)}" if entry.partner else _narration(entry)
    name = _name(entry).replace("(", "").replace(")", "")
    yield f"{entry.happened_on} * ({name}) {_plain(said)}"
    yield f"  ; cause: {entry.cause}"
    yield f"  ; posting: {entry.posting}"
    yield f"  ; recorded: {entry.recorded_on}"
    if entry.agreement:
        yield f"  ; agreement: {entry.agreement.replace(',', ' ')}"
    yield from _sides(entry, paths)


def _sides(entry: Booked, paths: Mapping[str, str]) -> Iterator[str]:
    amount = show_amount(entry.amount, entry.currency)
    yield f"  {paths[entry.debit]}  {amount} {entry.currency}"
    yield f"  {paths[entry.credit]}  -{amount} {entry.currency}"


def _name(entry: Booked) -> str:
    return f"{entry.organization}/{entry.number}"


def _narration(entry: Booked) -> str:
    under = f", under {entry.agreement}" if entry.agreement else ""
    return f"{entry.cause}, posting {entry.posting} of {entry.organization}{under}"


def _named(paths: Mapping[str, str]) -> dict[str, str]:
    """Each spelling once, with the first account that is spelt so."""
    return {path: account for account, path in sorted(paths.items(), reverse=True)}


def _quoted(said: str) -> str:
    return said.replace("\\", "\\\\").replace('"', '\\"')


def _plain(said: str) -> str:
    return said.replace(";", ",")


def _zeros(currency: str) -> str:
    return show_amount(0, currency)[1:] or "."
