"""The command of a question that only lists: its options, its table, and its JSON."""

from argparse import ArgumentParser, Namespace
from datetime import date
from enum import StrEnum
from typing import Any

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, day, lists, most, today
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.figures import Page, sum_amounts
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.core.question import Narrowing, Question
from consigned_service.queries.registry import question

PARTNERS = ("consignor", "consignee", "supplier", "owner")
"""Filters that name a party."""


def command_of(name: str) -> "ListCommand":
    """The command that lists what a question answers."""
    return ListCommand(question(name))


class ListCommand:
    """What the command line knows a command by."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.__doc__ = question.says

    def options(self, parser: ArgumentParser) -> None:
        for one in self.question.filters:
            _add(parser, one)
        lists(parser)
        acts_for(parser)

    def run(self, arguments: Namespace) -> int:
        question, viewer = self.question, operator_for(arguments.party).viewer
        asked = {one.name: getattr(arguments, one.called) for one in question.filters}
        page = question.answer(viewer, asked, today=today(viewer), limit=most(arguments))
        if not page.rows:
            owner = next((asked[name] for name in PARTNERS if asked.get(name)), None)
            check_known(viewer, item=asked.get("item"), owner=owner)
        if arguments.json:
            answer(page.rows)
            return DONE
        show_page(question, page)
        return DONE


def show_page(question: Question, page: Page[Any]) -> None:
    """The rows for people, how many there are, and what they come to."""
    show_table(page.rows, {one.title: one.read for one in question.shown})
    lead = f"{question.lead}: " if question.lead else ""
    show(f"{lead}{counted(page.total, question.row, question.rows)}{_sums(question, page)}.")
    show_rest(page, "listed and summed" if question.sums else "listed")


def _sums(question: Question, page: Page[Any]) -> str:
    """What the rows come to, in each currency."""
    if not question.sums:
        return ""
    sums = sum_amounts(getattr(row, question.sums) for row in page.rows)
    return "".join(f", {one}" for one in sums)


def _add(parser: ArgumentParser, one: Narrowing) -> None:
    option = f"--{one.called.replace('_', '-')}"
    if one.type is bool:
        parser.add_argument(option, action="store_true", help=one.says)
    elif one.type is date:
        parser.add_argument(option, metavar="DATE", type=day, help=one.says)
    elif issubclass(one.type, StrEnum):
        parser.add_argument(option, choices=list(one.type), type=_choice(one.type), help=one.says)
    else:
        parser.add_argument(option, metavar=one.metavar, type=one.type, help=one.says)


def _choice(words: type[StrEnum]) -> Any:
    """One of the words, or what was written, which argparse then refuses with all of them."""

    def read(said: str) -> StrEnum | str:
        return next((one for one in words if one == said), said)

    return read
