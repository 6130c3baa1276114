"""List consumption advices: of whom, of which cycle, what they come to, and where each stands."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, lists, most
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.advices import AdviceState, advices


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--state", choices=[str(one) for one in AdviceState], help="only these")
    parser.add_argument("--consignor", metavar="CODE", help="only those told to this party")
    parser.add_argument("--consignee", metavar="CODE", help="only those told by this party")
    parser.add_argument("--agreement", metavar="NUMBER", help="only under this agreement")
    parser.add_argument("--organization", metavar="CODE", help="only of what was used there")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    page = advices(
        viewer,
        consignor=arguments.consignor,
        consignee=arguments.consignee,
        agreement=arguments.agreement,
        organization=arguments.organization,
        state=AdviceState(arguments.state) if arguments.state else None,
        limit=most(arguments),
    )
    if not page.rows:
        check_known(viewer, owner=arguments.consignor or arguments.consignee)
    if arguments.json:
        answer(page.rows)
        return DONE
    show_table(
        page.rows,
        {
            "Advice": lambda one: one.number,
            "Agreement": lambda one: one.agreement,
            "Consignor": lambda one: one.consignor,
            "Consignee": lambda one: one.consignee,
            "Organization": lambda one: one.organization or "all",
            "Item": lambda one: one.item or "all",
            "From": lambda one: one.starts_on,
            "Through": lambda one: one.closes_on,
            "Made on": lambda one: one.made_on,
            "Amount": lambda one: one.amount,
            "With tax": lambda one: one.amount_with_tax,
            "State": lambda one: one.state,
            "Invoice": lambda one: one.invoice,
        },
    )
    show(f"Listed: {counted(page.total, 'advice')}.")
    show_rest(page)
    return DONE
