"""Show an agreement: every term in words, its closings, and what is owed; without a number, all.

Prices are shown on its page, and for one item by consigned price.
"""

from argparse import ArgumentParser, Namespace
from itertools import groupby

from consigned.master_data.agreements import UnknownAgreement
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, today
from consigned_service.interfaces.tables.text import answer, counted, show, show_facts, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.agreements import Agreement, agreement, agreements


def options(parser: ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", nargs="?", help="the agreement's number")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    if not arguments.number:
        listed = agreements(viewer, today=today(viewer)).rows
        if arguments.json:
            answer(listed)
        else:
            show_table(
                listed,
                {
                    "Agreement": lambda line: line.number,
                    "Consignor": lambda line: line.consignor_name,
                    "Consignee": lambda line: line.consignee_name,
                    "From": lambda line: line.starts_on,
                    "Until": lambda line: line.ends_on,
                    "In force": lambda line: line.is_in_force,
                    "Advised": lambda line: line.frequency,
                    "Settled by": lambda line: line.settlement_method,
                    "Closes next": lambda line: line.next_closing_on,
                },
            )
            show(f"{counted(len(listed), 'agreement')}.")
        return DONE
    found = agreement(viewer, arguments.number, today=today(viewer))
    if found is None:
        raise UnknownAgreement(arguments.number)
    if arguments.json:
        answer(found)
    else:
        _show(found)
    return DONE


def _show(found: Agreement) -> None:
    for group, terms in groupby(found.terms, key=lambda term: term.group):
        show(f"{group}")
        show_facts(
            {
                f"  {term.title}": f"{term.value}, since {term.since}" if term.since else term.value
                for term in terms
            }
        )
    show(f"Closes next on {found.line.next_closing_on}.")
    if found.amendments:
        show_table(
            found.amendments,
            {
                "Amended from": lambda one: one.starts_on,
                "Term": lambda one: one.title,
                "Was": lambda one: one.was,
                "Is from then on": lambda one: one.becomes,
                "Consent": lambda one: one.consent,
                "Told by": lambda one: one.recorded_by,
            },
        )
    if found.renewals:
        show_table(
            found.renewals,
            {
                "Goods passed on": lambda one: one.happened_on,
                "": lambda one: f"{one.way} {one.other}",
                "Organization": lambda one: one.organization,
                "Item": lambda one: one.item,
                "Quantity": lambda one: one.quantity,
                "Taken back": lambda one: one.taken_back if one.taken_back.micros else "",
                "Consent": lambda one: one.consent,
                "Agreed on": lambda one: one.agreed_on,
                "Agreed by": lambda one: one.agreed_by,
                "Told by": lambda one: one.recorded_by,
            },
        )
    if found.withdrawn:
        show_table(
            found.withdrawn,
            {
                "Withdrawn price of": lambda one: one.item,
                "From": lambda one: one.starts_on,
                "Price": lambda one: one.price,
                "By": lambda one: one.recorded_by,
                "Because": lambda one: one.because,
            },
        )
