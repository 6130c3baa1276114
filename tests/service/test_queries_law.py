"""Law 14: nobody sees a stranger's goods, in any query.

Every public function of `queries` is found and asked, for every viewer, with everything that its
arguments can name, in a world in which everything has been done (full_world.py). A new query that
does not take the viewer first, or that this test cannot ask, fails; so does one that tells a viewer
a name, a number or a price of strangers, whose answer changes when strangers act among themselves,
or that has nothing to say to a side that it is meant for.
"""

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.money import Price
from consigned.measure.refusal import Refusal
from consigned_service import queries
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records import models
from tests.service import full_world
from tests.service import world as worlds
from tests.service.full_world import ALDER, BIRCH, CEDAR, INDOORS, PROGRAMMES, Programme
from tests.service.world import TODAY, World
from tests.support.databases import Database

DOORS = Path(queries.__path__[0]).parent / "interfaces"
NO_QUESTIONS = {"core", "registry"}
"""What says who asks, on which day, and what an answer looks like, and asks nothing itself."""

OF_THE_INSTALLATION = {
    "installation.users.all_users", "installation.users.sign_ins",
    "installation.users.open_sessions",
}  # fmt: skip
"""What is no party's: the users and their sign-ins, asked by whoever runs the installation at the
command line alone, and a user's own sessions."""

HOLDERS = ["northwind", "contoso"]
CONSIGNORS = ["acme", "bolts"]
OTHERS = ["stow", "lorry", "nobody"]
PARTIES = [*HOLDERS, *CONSIGNORS, *OTHERS]
TRADERS = [*HOLDERS, *CONSIGNORS]
ITEMS = [
    "BOLT", "SECRET", full_world.TOGETHER, full_world.SOLD_BY_SHARE, full_world.KEPT_ALONE,
    *(item for one in PROGRAMMES for item in (one.product, one.named("CRATE"))),
]  # fmt: skip
ORGANIZATIONS = ["L1", "NANTES", "CADIZ"]
AGREEMENTS = ["A-ACME", "A-BOLT", "A-CON", *(one.agreement for one in PROGRAMMES)]
ADVICES = [
    *(f"northwind-{number:06d}" for number in range(1, 12)),
    *(f"contoso-{number:06d}" for number in range(1, 5)),
]
MEMOS = [
    *(f"northwind-D{number:06d}" for number in range(1, 5)),
    *(f"contoso-D{number:06d}" for number in range(1, 3)),
]
INVOICES = [
    "INV-1",
    "INV-2",
    "SB-northwind-000005",
    *(one.named(f"INV-{n}") for one in PROGRAMMES for n in (1, 2)),
]
SHEETS = [*(f"L1-C{number:06d}" for number in range(1, 3)), "C1-C000001",
          *(f"NANTES-C{number:06d}" for number in range(1, 7)),
          *(f"CADIZ-C{number:06d}" for number in range(1, 4))]  # fmt: skip
ORDERS = ["PO-1", "PO-2", "PO-3", *(one.named(p) for one in PROGRAMMES for p in ("PO", "BUY"))]
LOTS = ["LOT-A", *(one.named(lot) for one in PROGRAMMES for lot in ("LOT", "NEXT", "LAST"))]
RECEIPTS = [
    "R-1",
    *(one.named("R") for one in PROGRAMMES),
    *(one.named("RI") for one in PROGRAMMES),
]
NUMBERS: dict[str, list[Any]] = {
    "settlement.agreements.agreement": AGREEMENTS, "counting.counts.count_sheet": SHEETS,
    "settlement.invoices.invoice": INVOICES,
    "inbound.orders.order": ORDERS,
    "production.completions.completion": [one.own("made") for one in PROGRAMMES],
    "settlement.debit_memos.debit_memo": MEMOS,
    "settlement.debit_memos.credit_note": [one.named("CN-1") for one in PROGRAMMES],
    "inventory.title.title_entry": [*range(1, 121)],
    "settlement.payables.running_total": [*range(1, 25)],
    "consumption.issues.consumption": [*range(1, 31)], "inbound.orders.orders": ORDERS,
}  # fmt: skip
"""What `number` is, where it is not that of an advice."""

NAMED: dict[str, list[Any]] = {
    "what": ["item", "agreement", "organization"], "name": [*ITEMS, *AGREEMENTS, "NANTES", "CADIZ"],
    "most": [50], "today": [TODAY], "on": [date(2026, 3, 9)], "as_of": [date(2026, 3, 5)],
    "item": ITEMS, "item_code": ITEMS, "search": ["o"],
    "organization": ORGANIZATIONS, "organization_code": ORGANIZATIONS,
    "owner": TRADERS, "consignor": CONSIGNORS, "consignee": HOLDERS, "holder": HOLDERS,
    "partner": TRADERS, "supplier": CONSIGNORS,
    "agreement": AGREEMENTS, "order_number": ORDERS,
    "first": [date(2026, 1, 1)], "last": [TODAY], "since": [date(2026, 3, 5)], "until": [TODAY],
    "due_by": [TODAY], "expires_through": [date(2026, 12, 31)],
    "price": [Price(1_300_000, "USD")], "starts_on": [date(2026, 3, 1)], "ends_on": [TODAY],
    "quantity": [2_000_000], "said": [5_000_000], "order_price": [6_000_000],
    "sold_at": [99_000_000], "methods": [tuple(SettlementMethod)], "through": [TODAY],
    "consumption": range(1, 31), "line": [1, 2], "total": range(1, 13), "layer": range(1, 17),
    "agreements": [AGREEMENTS], "receipt": RECEIPTS, "count_number": SHEETS, "lot": LOTS,
    "payment": ["northwind-P000001", "northwind-P000002", "contoso-P000001"],
    "advice": ADVICES, "invoice": INVOICES, "debit_memo": MEMOS, "site": ["HQ"],
    "place": ["STORE"], "reason": ["not-enough-on-hand", "price-missing"],
    "source": [one.named("till") for one in PROGRAMMES],
    "work_order": [one.own("WP") for one in PROGRAMMES], "year": [2026], "within_days": [60],
    "is_owned": [True, False],
}  # fmt: skip
PAGING = {"order", "limit", "offset", "after", "before", "lines"}
"""What an answer is sorted by and how much of it is told; nobody is named by it."""


def public_queries() -> Iterator[tuple[str, Callable[..., object]]]:
    for found in pkgutil.walk_packages(queries.__path__, f"{queries.__name__}."):
        subject, _, name_of_module = found.name.removeprefix(f"{queries.__name__}.").partition(".")
        if found.ispkg or subject in NO_QUESTIONS:
            continue
        module = import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            query = f"{subject}.{name_of_module}.{name}"
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            if query not in OF_THE_INSTALLATION:
                yield query, function


QUERIES = dict(public_queries())


@cache
def ways_to_ask(name: str) -> list[dict[str, object]]:
    """With everything its arguments can name; what may be left out is also named, one by one."""
    parameters = dict(list(inspect.signature(QUERIES[name]).parameters.items())[1:])
    named = {one: candidates(name, one) for one in parameters if one not in PAGING}
    missing = [one for one, values in named.items() if not values]
    assert not missing, f"teach this law what {missing} of {name} may name"
    is_required = inspect.Parameter.empty
    required = {one: v for one, v in named.items() if parameters[one].default is is_required}
    plain = [dict(zip(required, values, strict=True)) for values in product(*required.values())]
    left_out = [
        {**asked, one: value}
        for one in named.keys() - required.keys()
        for asked in plain
        for value in named[one]
    ]
    return [*plain, *left_out]


def candidates(query: str, name: str) -> list[Any]:
    if name == "number":
        return NUMBERS.get(query, ADVICES)
    if name in NAMED:
        return list(NAMED[name])
    kinds = list(kinds_in(get_type_hints(QUERIES[query])[name]))
    return [value for kind in kinds for value in ([True, False] if kind is bool else kind)]


def kinds_in(hint: Any) -> Iterator[Any]:
    """The kinds of answer to choose from that an argument may be: words of a list, yes or no."""
    if isinstance(hint, type) and (issubclass(hint, Enum) or hint is bool):
        yield hint
    for part in get_args(hint):
        yield from kinds_in(part)


WORDS: dict[str, set[str]] = {
    "northwind": {CEDAR.word, "harbour", "CADIZ"},
    "contoso": {ALDER.word, BIRCH.word, "stow", "Stowaway", "lorry", "NANTES"},
    "acme": {BIRCH.word, INDOORS},
    "bolts": {ALDER.word, CEDAR.word, INDOORS},
    "stow": {CEDAR.word, INDOORS, "harbour", "CADIZ", "A-ACME", "L1", "USD"},
    "lorry": {*(one.word for one in PROGRAMMES), INDOORS, "stow", "harbour", "L1", "CADIZ", "USD"},
    "nobody": {
        *(one.word for one in PROGRAMMES),
        INDOORS,
        "stow",
        "harbour",
        "NANTES",
        "CADIZ",
        "USD",
    },
}
"""What nothing that a viewer is told may hold: the words of the programmes of strangers, and of
what their partners do indoors. A consignor reads the holder's name, never those of its people or
customers; a warehouse learns of no money."""

FORBIDDEN: dict[str, set[object]] = {
    "northwind": {
        "contoso", "Contoso Plants", "C1", "Cork", "A-CON", "Cork Yard", 1_400_000, 73_530_011,
    },
    "contoso": {
        "northwind", "Northwind Stores", "bolts", "Bolt Brothers", "L1", "L2", "Lyon", "Lille",
        "A-ACME", "A-BOLT", "PO-1", "PO-2", "PO-3", "NUT", "OIL", "PAPER", "Mrs Miller", "INV-1",
        1_250_000, 1_100_000, 33_300, 71_310_007, 72_420_009,
    },
    "acme": {
        "bolts", "Bolt Brothers", "A-BOLT", "PO-2", "OIL", "Mrs Miller", "Cork Yard", "SO-7",
        "dora", "cass", "paul", 1_100_000, 72_420_009,
    },
    "bolts": {
        "acme", "Acme Fasteners", "contoso", "Contoso Plants", "C1", "L2", "A-ACME", "A-CON",
        "PO-1", "PO-3", "NUT", "PAPER", "LOT-A", "INV-1", "Mrs Miller", "SO-7", "dora", "cass",
        "paul", 1_250_000, 33_300, 1_400_000, 71_310_007, 73_530_011,
    },
    "stow": {
        "contoso", "Contoso Plants", "L1", "L2", "C1", "BOLT", "NUT", "OIL", "PAPER", "Mrs Miller",
        71_310_007, 72_420_009, 73_530_011, 50_000_000, *AGREEMENTS, *ADVICES, *ORDERS, *INVOICES,
    },
    "lorry": {
        *TRADERS, *ITEMS, "Acme Fasteners", "Bolt Brothers", "Contoso Plants", "Lyon", "Lille",
        "Cork", "Mrs Miller", *AGREEMENTS, *ADVICES, *ORDERS, *INVOICES,
    },
    "nobody": {
        *TRADERS, *ITEMS, *ORGANIZATIONS, *AGREEMENTS, *ADVICES, *ORDERS, *INVOICES,
        "Acme Fasteners", "Bolt Brothers", "Northwind Stores", "Contoso Plants", "Lyon", "Lille",
        "Cork", "Mrs Miller",
    },
}  # fmt: skip
"""The names and numbers of strangers, and (as a number) their prices, that stand by themselves."""


def answer_of(name: str, viewer: Viewer, asked: dict[str, object]) -> object:
    """What a query answers; of a refusal, what it says beyond the asker's own words."""
    try:
        return QUERIES[name](viewer, **asked)
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


def leaks(party: str, said: object) -> set[object]:
    """Which words that a party must not read are in something that it is told."""
    if not isinstance(said, str):
        return {said} & FORBIDDEN[party]
    words = {word for word in WORDS[party] if word.lower() in said.lower()}
    parts = {said, *said.split()}
    return words | {word for word in FORBIDDEN[party] if isinstance(word, str) and word in parts}


def test_every_query_takes_the_viewer_first() -> None:
    for name, function in QUERIES.items():
        first = next(iter(inspect.signature(function).parameters.values()), None)
        assert first is not None, f"{name} asks for nobody"
        assert (first.name, first.annotation) == ("viewer", Viewer), f"{name} takes {first} first"


def test_the_law_knows_every_paper_of_its_world(full: World) -> None:
    """So that each can be asked for by name."""
    for model, field, named in (
        (models.Advice, "number", ADVICES),
        (models.DebitMemo, "number", MEMOS),
        (models.Invoice, "number", INVOICES),
        (models.CountSheet, "reference", SHEETS),
        (models.ConsignedOrder, "number", ORDERS),
        (models.Consumption, "number", NUMBERS["consumption.issues.consumption"]),
        (models.Entry, "number", NUMBERS["inventory.title.title_entry"]),
        (models.Total, "number", NUMBERS["settlement.payables.running_total"]),
    ):
        assert not set(model.objects.values_list(field, flat=True)) - set(named), model.__name__


ASKED = pytest.mark.parametrize(
    ("built_full", "party"),
    [*(("sqlite", party) for party in PARTIES), ("postgres", "northwind"), ("postgres", "acme")],
    indirect=["built_full"],
)
"""Everybody on SQLite; on PostgreSQL, which plans thousands of statements, one of each side."""

Answers = dict[str, list[tuple[dict[str, object], set[object]]]]
"""What is told, query by query, for each way to ask it."""


@pytest.fixture(scope="session")
def asked_once() -> dict[tuple[str, str], Answers]:
    return {}


@pytest.fixture
def answers(
    full: World, built_full: Database, party: str, asked_once: dict[tuple[str, str], Answers]
) -> Answers:
    """All that a party is told, asked once on each database."""
    key, viewer = (built_full.url, party), full.viewer(party)
    if key not in asked_once:
        asked_once[key] = {
            name: [
                (asked, set(told(answer_of(name, viewer, asked)))) for asked in ways_to_ask(name)
            ]
            for name in QUERIES
        }
    return asked_once[key]


@pytest.mark.rows("E37")
@ASKED
def test_nobody_is_told_of_strangers(answers: Answers, party: str) -> None:
    for name, told_of in answers.items():
        for asked, words in told_of:
            leaked = [(said, leaks(party, said)) for said in words if leaks(party, said)]
            assert not leaked, f"{name}({party}, {asked}) tells {leaked[:3]}"


SILENT_TO_HOLDERS = {
    # They consign nothing to others, and keep nothing for others.
    "master_data.parties.consignees", "inventory.stock.off_site",
    "inventory.stock.off_site_by_holder", "inventory.custodian_stock.kept",
}  # fmt: skip
SILENT_TO_CONSIGNORS = {
    # They hold nothing and keep nothing for others.
    "accounting.account.last_recorded_at", "master_data.parties.consignors",
    "inventory.stock.held_by_consignor", "inventory.custodian_stock.kept",
    "inbound.arriving.putaway_plan", "inbound.putaway.places_for_item",
    "inbound.putaway.places_for_receipt",
    "counting.counts.is_counted", "master_data.designations.designation",
    # The books of an organization are its holder's alone, and so is what it makes and earns.
    "accounting.period_close.closing", "accounting.period_close.closings",
    "accounting.reports.inventory_investment", "settlement.prices.margins",
    "accounting.reports.received_not_invoiced", "accounting.inventory_value.average_costs",
    "accounting.inventory_value.stock_value", "accounting.inventory_value.value_of_stock",
    "production.completions.completion", "production.completions.completions",
    "production.completions.in_process",
    # What a consignee expects of its consignors, and corrects of what its own tills told.
    "accounting.billing.advices_made", "accounting.billing.answers",
    "accounting.billing.memos_to_credit",
    "consumption.exceptions.lines_to_correct",
    # Nothing of theirs is scheduled, and the letters are their consignees'.
    "installation.runs.runs", "installation.runs.messages",
}  # fmt: skip
TOLD_TO_OTHERS: dict[str, set[str]] = {
    # It has to find what it keeps, and to know where to put it.
    "stow": {
        "inventory.custodian_stock.kept", "master_data.parties.roles", "master_data.roles.roles",
        "inbound.putaway.places_for_receipt",
        "counting.counts.is_counted",
    },
    # It calls at the yard.
    "lorry": {"master_data.roles.roles"},
    "nobody": set(),
}  # fmt: skip
SILENT = (
    dict.fromkeys(HOLDERS, SILENT_TO_HOLDERS)
    | dict.fromkeys(CONSIGNORS, SILENT_TO_CONSIGNORS)
    | {party: QUERIES.keys() - told_to for party, told_to in TOLD_TO_OTHERS.items()}
)
"""What has nothing to say to whom, and why; everything else answers."""


@ASKED
def test_everybody_is_told_what_is_theirs(answers: Answers, party: str) -> None:
    """So that the law above is not kept by silence."""
    silent = {
        name
        for name, told_of in answers.items()
        if not any(words - {None, 0} for _, words in told_of)
    }
    assert silent - SILENT[party] == set(), "these answer nothing; see full_world.py"
    assert SILENT[party] - silent == set(), "these are named as silent, and answer"


def test_every_query_answers_somebody() -> None:
    assert not set.intersection(*(set(SILENT[party]) for party in PARTIES))


STRANGERS = {
    ALDER: ["contoso", "bolts"],
    BIRCH: ["contoso", "acme"],
    CEDAR: ["northwind", "bolts", "stow"],
}
"""Who is no party to a programme, and may share a shelf with it."""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("last", STRANGERS, ids=[one.word for one in STRANGERS])
def test_answers_do_not_change_when_strangers_act(database: object, last: Programme) -> None:
    """Whatever two parties do with one another, nobody else can tell it from anything."""
    world = worlds.build()
    full_world.prepare(world)
    for one in PROGRAMMES:
        if one != last:
            full_world.run(world, one)
    before = {party: everything(world, party) for party in STRANGERS[last]}
    full_world.run(world, last)
    check_unchanged(world, before)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_answers_do_not_change_when_a_holder_acts_with_its_own(database: object) -> None:
    """What a holder does with goods that it bought is no business of whom it bought them from."""
    world = full_world.build_full()
    before = {"acme": everything(world, "acme"), "contoso": everything(world, "contoso")}
    full_world.act_with_its_own(world, ALDER)
    check_unchanged(world, before)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_line_that_takes_of_two_owners_tells_each_its_own_part(database: Database) -> None:
    """How much of the other's it took, the one cannot tell."""
    told = everything(worlds.build(shared="12"), "acme")
    database.reset()
    told_of_more = everything(worlds.build(shared="15"), "acme")
    changed = [asked for asked, answer in told.items() if answer != told_of_more[asked]]
    assert not changed, f"acme can tell how much was bolts' from {changed[:5]}"


@pytest.mark.rows("O07")
@pytest.mark.parametrize(
    ("built_full", "party"),
    [(kind, party) for kind in ("sqlite", "postgres") for party in ("northwind", "acme")],
    indirect=["built_full"],
)
def test_an_advice_that_hides_lots_tells_none(full: World, party: str) -> None:
    """Neither in its lines, nor in its transactions, nor in the entries that they are made of; the
    next advice, which shows them, does."""
    viewer = full.viewer(party)
    hides, shows = (
        {
            said
            for name in ("settlement.advices.advice", "settlement.advices.advice_transactions",
                         "settlement.advices.advice_line_entries")
            for asked in ways_to_ask(name)
            if asked["number"] == number
            for said in told(answer_of(name, viewer, asked))
            if said in LOTS or said == ALDER.named("SERIAL")
        }
        for number in models.Advice.objects.filter(agreement__number=ALDER.agreement)
        .order_by("pk").values_list("number", flat=True)[:2]
    )  # fmt: skip
    assert hides == set()
    assert shows == {ALDER.named("NEXT")}


def check_unchanged(world: World, before: dict[str, dict[str, str]]) -> None:
    for party, answers in before.items():
        after = everything(world, party)
        changed = [asked for asked, answer in answers.items() if answer != after[asked]]
        assert not changed, f"{party} can tell what strangers did from {changed[:5]}"


def everything(world: World, party: str) -> dict[str, str]:
    """All that a viewer can be told, but for the seals, which cover what nobody reads from them."""
    viewer = world.viewer(party)
    return {
        f"{name} {asked}": re.sub(
            r"posting_seal='\w+'", "", repr(whole(answer_of(name, viewer, asked)))
        )
        for name in QUERIES
        for asked in ways_to_ask(name)
    }


def whole(answer: object) -> object:
    return list(answer) if isinstance(answer, Iterator) else answer


def test_no_page_and_no_program_asks_for_what_is_of_the_installation() -> None:
    """The page of sessions asks for its user's own alone."""
    named = re.compile(r"\b(all_users|sign_ins)\b")
    for door in ("workbench", "api", "messages"):
        for path in sorted((DOORS / door).rglob("*.py")):
            assert not named.search(path.read_text(encoding="utf-8")), path
