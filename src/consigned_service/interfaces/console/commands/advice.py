"""Show a consumption advice, or the title entries that one of its lines is made of."""

from argparse import ArgumentParser, Namespace

from consigned.settlement.invoices import UnknownAdvice
from consigned_service.interfaces.console.answers import answer, show_facts, show_table
from consigned_service.interfaces.console.exits import DONE
from consigned_service.interfaces.console.fields import acts_for
from consigned_service.queries import advices
from consigned_service.queries.advices import Advice
from consigned_service.queries.operators import operator_for
from consigned_service.queries.viewers import Viewer


def options(parser: ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER")
    parser.add_argument("--line", type=int, help="what this line is made of")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    if arguments.line is not None:
        return _show_line(viewer, arguments)
    advice = advices.advice(viewer, arguments.number)
    if advice is None:
        raise UnknownAdvice(arguments.number)
    if arguments.json:
        answer(advice)
    else:
        _show(advice)
    return DONE


def _show(advice: Advice) -> None:
    head = advice.head
    show_facts(
        {
            "Advice": head.number,
            "Agreement": head.agreement,
            "Consignor": head.consignor_name,
            "Consignee": head.consignee_name,
            "Cycle": f"{head.starts_on} to {head.closes_on}",
            "Made on": head.made_on,
            "Amount": head.amount,
            "State": head.state,
            **{role.role: role.party_name for role in advice.third_parties},
        }
    )
    show_table(
        advice.lines.rows,
        {
            "Line": lambda line: line.line,
            "Organization": lambda line: line.organization,
            "Item": lambda line: line.item,
            "Name": lambda line: line.item_name,
            "Used on": lambda line: line.happened_on,
            "Quantity": lambda line: line.quantity,
            "Price": lambda line: line.price,
            "Amount": lambda line: line.amount,
            "For": lambda line: line.kind,
        },
    )
    if advice.invoices:
        show_table(
            advice.invoices,
            {
                "Invoice": lambda invoice: invoice.number,
                "Invoiced on": lambda invoice: invoice.invoiced_on,
                "Due on": lambda invoice: invoice.due_on,
                "Amount": lambda invoice: invoice.amount,
                "Standing": lambda invoice: invoice.standing,
                "Because": lambda invoice: invoice.because,
            },
        )


def _show_line(viewer: Viewer, arguments: Namespace) -> int:
    made_of = advices.advice_line_entries(viewer, arguments.number, arguments.line)
    if made_of is None:
        raise UnknownAdvice(f"{arguments.number}/{arguments.line}")
    if arguments.json:
        answer(made_of)
        return DONE
    show_table(
        made_of.totals,
        {
            "Used on": lambda total: total.happened_on,
            "Kind": lambda total: total.kind,
            "Quantity": lambda total: total.quantity,
            "Price": lambda total: total.price,
            "Price from": lambda total: total.price_source,
            "Amount": lambda total: total.amount,
        },
    )
    show_table(
        made_of.entries,
        {
            "Entry": lambda entry: f"ent_{entry.number}",
            "Happened": lambda entry: entry.happened_at or entry.happened_on,
            "Quantity": lambda entry: entry.quantity,
            "From": lambda entry: f"{entry.source.owner} {entry.source.place}",
            "To": lambda entry: f"{entry.target.owner} {entry.target.place}",
            "Layer": lambda entry: f"lay_{entry.layer}",
            "Reference": lambda entry: entry.reference,
        },
    )
    return DONE
