"""Law 14: nobody sees a stranger's goods, in any query.

Every public function of `queries` is found and asked, for every viewer, with everything that its
arguments can name. A new query that does not take the viewer first, or that this test cannot ask,
fails; so does one that tells a viewer a name, a number or a price of strangers, or whose answer
changes when strangers act among themselves.
"""

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from importlib import import_module
from itertools import product
from typing import Any

import pytest

from consigned.measure.money import Price
from consigned.measure.refusal import Refusal
from consigned.settlement.ledger_texts import LedgerProgram
from consigned.trade.agreements import SettlementMethod
from consigned_service import queries
from consigned_service.operations.consumption import Reported
from consigned_service.queries.figures import Amount
from consigned_service.queries.viewers import Viewer
from tests.service import world as worlds
from tests.service.world import TODAY, World
from tests.support.databases import Database

NO_QUESTIONS = {"viewers", "operators", "figures", "days"}
"""Modules that say who asks, on which day, and what an answer looks like, and read nothing for a
viewer."""

PARTIES = ["northwind", "contoso", "acme", "bolts", "nobody"]
ITEMS = ["BOLT", "NUT", "OIL", "PAPER", "SECRET"]
ORGANIZATIONS = ["L1", "L2", "C1"]
DOCUMENTS = [
    *(f"northwind-{number:06d}" for number in range(1, 6)), "contoso-000001",
    "A-ACME", "A-BOLT", "A-CON", "PO-1", "PO-2", "PO-3", "R-1",
    "L1-C000001", "C1-C000001",
]  # fmt: skip
NAMED: dict[str, list[Any]] = {
    "what": ["item", "agreement"], "name": [*ITEMS, "A-ACME"], "most": [5],
    "today": [TODAY], "on": [date(2026, 3, 9)], "as_of": [date(2026, 3, 5)],
    "item": ITEMS, "item_code": ITEMS, "search": ["o"],
    "organization": ORGANIZATIONS, "organization_code": ORGANIZATIONS,
    "owner": PARTIES, "consignor": PARTIES, "consignee": PARTIES, "holder": PARTIES,
    "agreement": ["A-ACME", "A-BOLT", "A-CON"], "order_number": ["PO-1", "PO-2"],
    "first": [date(2026, 1, 1)],
    "last": [TODAY],
    "price": [Price(1_300_000, "USD")], "starts_on": [date(2026, 3, 1)], "ends_on": [TODAY],
    "quantity": [2_000_000],
    "methods": [tuple(SettlementMethod)], "program": list(LedgerProgram),
    "partner": PARTIES, "supplier": PARTIES, "through": [TODAY],
    "consumption": range(1, 9), "line": [1, 2],
    "agreements": [["A-ACME", "A-BOLT", "A-CON"]], "receipt": ["R-1", "R-2"],
    "count_number": ["COUNT-1"], "lot": ["LOT-A"],
    "payment": ["northwind-P000001", "contoso-P000001"],
}  # fmt: skip
NUMBERS = {"int": range(1, 26), "str": DOCUMENTS}

FORBIDDEN: dict[str, set[object]] = {
    "northwind": {"contoso", "Contoso Plants", "C1", "Cork", "A-CON", "Cork Yard", 1_400_000},
    "contoso": {
        "northwind", "Northwind Stores", "bolts", "Bolt Brothers", "L1", "L2", "Lyon", "Lille",
        "A-ACME", "A-BOLT", "PO-1", "PO-2", "PO-3", "NUT", "OIL", "PAPER", "Mrs Miller", "INV-1",
        1_250_000, 1_100_000, 33_300,
    },
    "acme": {
        "bolts", "Bolt Brothers", "A-BOLT", "PO-2", "OIL", "Mrs Miller", "Cork Yard", "SO-7",
        "dora", "cass", 1_100_000,
    },
    "bolts": {
        "acme", "Acme Fasteners", "contoso", "Contoso Plants", "C1", "L2", "A-ACME", "A-CON",
        "PO-1", "PO-3", "NUT", "PAPER", "LOT-A", "INV-1", "Mrs Miller", "SO-7", "dora", "cass",
        1_250_000, 33_300, 1_400_000,
    },
    "nobody": {
        *PARTIES[:4], *ITEMS, *ORGANIZATIONS, *DOCUMENTS, "Acme Fasteners", "Bolt Brothers",
        "Northwind Stores", "Contoso Plants", "Lyon", "Lille", "Cork", "Mrs Miller",
    },
}  # fmt: skip
"""What a viewer must never read: names and numbers of strangers, and (as a number) their prices.
A consignor reads the holder's name, never those of its people or customers."""


def public_queries() -> Iterator[tuple[str, Callable[..., object]]]:
    for found in pkgutil.iter_modules(queries.__path__):
        if found.name in NO_QUESTIONS:
            continue
        module = import_module(f"{queries.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{found.name}.{name}", function


QUERIES = dict(public_queries())


def every_way_to_ask(function: Callable[..., object]) -> Iterator[dict[str, object]]:
    """With everything its arguments can name; what may be left out is also named, one by one."""
    parameters = dict(list(inspect.signature(function).parameters.items())[1:])
    required = {
        name: candidates(name, parameter)
        for name, parameter in parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    missing = [name for name, values in required.items() if not values]
    assert not missing, f"teach this law what {missing} of {function.__name__} may name"
    plain = [dict(zip(required, values, strict=True)) for values in product(*required.values())]
    yield from plain
    for name, parameter in parameters.items():
        if name not in required:
            yield from (
                {**asked, name: value} for asked in plain for value in candidates(name, parameter)
            )


def candidates(name: str, parameter: inspect.Parameter) -> list[Any]:
    if name == "number":
        kind = getattr(parameter.annotation, "__name__", "")
        return list(NUMBERS.get(kind, DOCUMENTS))
    return list(NAMED.get(name, []))


def answer_of(function: Callable[..., object], viewer: Viewer, asked: dict[str, object]) -> object:
    """What a query answers; of a refusal, what it says beyond the asker's own words."""
    try:
        return function(viewer, **asked)
    except Refusal as refusal:
        return [said for said in vars(refusal).values() if said not in asked.values()]


def told(answer: object) -> Iterator[object]:
    """Every name and number in an answer, however deep."""
    match answer:
        case Price() | Amount():
            yield from answer
        case str():
            yield str(answer)
        case list() | tuple() | Iterator():
            for part in answer:
                yield from told(part)
        case dict():
            yield from told([*answer.keys(), *answer.values()])
        case _ if is_dataclass(answer):
            for field in fields(answer):
                yield from told(getattr(answer, field.name))
        case _:
            yield answer


def test_every_query_takes_the_viewer_first() -> None:
    for name, function in QUERIES.items():
        first = next(iter(inspect.signature(function).parameters.values()), None)
        assert first is not None, f"{name} asks for nobody"
        assert (first.name, first.annotation) == ("viewer", Viewer), f"{name} takes {first} first"


@pytest.mark.rows("E37")
@pytest.mark.parametrize("party", PARTIES)
def test_nobody_is_told_of_strangers(world: World, party: str) -> None:
    viewer = world.viewer(party)
    for name, function in QUERIES.items():
        for asked in every_way_to_ask(function):
            answer = set(told(answer_of(function, viewer, asked)))
            leaked = {
                word
                for word in FORBIDDEN[party]
                for said in answer
                if said == word or (isinstance(said, str) and str(word) in said.split())
            }
            assert not leaked, f"{name}({party}, {asked}) tells {leaked}"


@pytest.mark.parametrize("party", PARTIES)
def test_somebody_is_told_something(world: World, party: str) -> None:
    """So that the law above is not kept by silence."""
    viewer = world.viewer(party)
    silent = {
        name
        for name, function in QUERIES.items()
        if not any(has_news(answer_of(function, viewer, a)) for a in every_way_to_ask(function))
    }
    if party == "nobody":
        assert silent == QUERIES.keys()
    else:
        assert len(silent) < len(QUERIES) * 2 / 3, f"{party} is told nothing by {sorted(silent)}"


def has_news(answer: object) -> bool:
    return any(said not in (None, 0, False) for said in told(answer))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_answers_do_not_change_when_strangers_act(database: object) -> None:
    """What the one consignor's goods do at the same shelf, the other cannot tell from anything."""
    world = worlds.build()
    for party, organization, agreement, consignor in (
        ("acme", "L1", "A-BOLT", "bolts"),
        ("northwind", "C1", "A-CON", "acme"),
    ):
        before = everything(world, party)
        world.receive(
            organization, ("R-77", "1", "2026-03-31", "", "", "", "", agreement, "BOLT", "33")
        )
        world.use(
            organization, "2026-03-31",
            Reported("T77", "BOLT", "21", "2026-03-31", consignor=consignor, customer="Mr Moon"),
        )  # fmt: skip
        if party != "acme":  # which is a party to what Contoso advises
            world.advise("contoso", "2026-03-31")
        after = everything(world, party)
        changed = [asked for asked, answer in after.items() if answer != before[asked]]
        assert not changed, f"{party} can tell what strangers did from {changed[:5]}"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_line_that_takes_of_two_owners_tells_each_its_own_part(database: Database) -> None:
    """How much of the other's it took, the one cannot tell."""
    told = everything(worlds.build(shared="12"), "acme")
    database.reset()
    told_of_more = everything(worlds.build(shared="15"), "acme")
    changed = [asked for asked, answer in told.items() if answer != told_of_more[asked]]
    assert not changed, f"acme can tell how much was bolts' from {changed[:5]}"


def everything(world: World, party: str) -> dict[str, object]:
    """All that a viewer can be told, but for the seals, which cover what nobody reads from them."""
    viewer = world.viewer(party)
    return {
        f"{name} {asked}": re.sub(
            r"posting_seal='\w+'", "", repr(whole(answer_of(function, viewer, asked)))
        )
        for name, function in QUERIES.items()
        for asked in every_way_to_ask(function)
    }


def whole(answer: object) -> object:
    return list(answer) if isinstance(answer, Iterator) else answer
