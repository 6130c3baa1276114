"""Ledger programs reading what was exported: beancount the real one, hledger the real one too where
the machine has it (on Debian and Ubuntu: apt-get install hledger).

hledger is no package of Python's. Its text is always read by a strict reader of our own, of the
part of the format that an export uses; where the program is there, it must come to the same.
"""

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

PROGRAMS = ("beancount", "hledger")
HLEDGER = os.environ.get("TEST_HLEDGER") or shutil.which("hledger")


class Read(NamedTuple):
    """What a program read: how many transactions, and what each account comes to."""

    transactions: int
    balances: dict[tuple[str, str], int]


def read(program: str, text: str) -> Read:
    return {"beancount": _beancount, "hledger": _hledger}[program](text)


def _beancount(text: str) -> Read:
    try:
        from beancount import loader
        from beancount.core import data
    except ImportError:
        without = pytest.fail if os.environ.get("CI") else pytest.skip
        without("beancount is not installed; make install brings it")
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    sums: Counter[tuple[str, str]] = Counter()
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    for one in transactions:
        assert one.narration
        assert {"journal", "cause", "posting", "recorded"} <= one.meta.keys()
        for posting in one.postings:
            sums[posting.account, posting.units.currency] += _minor(str(posting.units.number))
    return _read(len(transactions), sums)


def _hledger(text: str) -> Read:
    ours = _read_strictly(text)
    if HLEDGER:
        assert _ask(text, "check", "--strict") == ""
        assert len(re.findall(r"^\d{4}-", _ask(text, "print"), re.MULTILINE)) == ours.transactions
        told = _ask(text, "balance", "--flat", "--no-total", "-O", "csv").splitlines()[1:]
        sums: Counter[tuple[str, str]] = Counter()
        for line in told:
            account, amounts = line.strip('"').split('","')
            for amount in amounts.split(", "):
                number, currency = amount.split()
                sums[account, currency] += _minor(number)
        assert _read(ours.transactions, sums) == ours
    return ours


def _ask(text: str, *words: str) -> str:
    done = subprocess.run(
        [str(HLEDGER), "-f", "-", *words], input=text, capture_output=True, text=True, check=False,
        env={**os.environ, "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


HEAD = re.compile(r"(\d{4}-\d\d-\d\d) \* \(([^()]+)\) ([^;]+)")
TAG = re.compile(r"  ; (cause|posting|recorded|agreement): ([^,]+)")
SIDE = re.compile(r"  (\S+)  (-?\d+(?:\.\d+)?) ([A-Z]{3})")


def _read_strictly(text: str) -> Read:
    """Every line is one that hledger knows, every account and currency is declared, and every
    transaction has two sides that balance."""
    blocks = [block.splitlines() for block in text.strip().split("\n\n") if block]
    declared = {line for block in blocks for line in block if line.startswith(("account ", "comm"))}
    accounts = {line.removeprefix("account ") for line in declared if line.startswith("account ")}
    currencies = {line.rpartition(" ")[2] for line in declared if line.startswith("commodity ")}
    sums: Counter[tuple[str, str]] = Counter()
    transactions = [block for block in blocks if HEAD.match(block[0])]
    rest = {line for block in blocks if block not in transactions for line in block}
    assert rest - declared <= {line for line in rest if line[:1] in ("", ";")} | {"decimal-mark ."}
    for head, *lines in transactions:
        found = HEAD.fullmatch(head)
        assert found, head
        date.fromisoformat(found[1])
        *tags, first, second = lines
        assert {TAG.fullmatch(tag)[1] for tag in tags} >= {"cause", "posting", "recorded"}
        for account, number, currency in _sides(first, second):
            assert (account in accounts, currency in currencies) == (True, True)
            sums[account, currency] += _minor(number)
        assert sum(Decimal(side[1]) for side in _sides(first, second)) == 0
    return _read(len(transactions), sums)


def _sides(*lines: str) -> Iterator[tuple[str, str, str]]:
    for line in lines:
        found = SIDE.fullmatch(line)
        assert found, line
        yield found[1], found[2], found[3]


def _minor(number: str) -> int:
    """A figure without its point: the tests compare figures of one currency alone."""
    return int(Decimal(number).scaleb(max(0, len(number.partition(".")[2]))))


def _read(transactions: int, sums: Counter[tuple[str, str]]) -> Read:
    return Read(transactions, {key: amount for key, amount in sums.items() if amount})
