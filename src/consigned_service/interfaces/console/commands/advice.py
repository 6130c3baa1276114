"""Show a consumption advice, the transactions it tells, or what one of its lines is made of."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from consigned.settlement.invoices import UnknownAdvice
from consigned_service.interfaces.console.answers import answer, show_facts, show_table
from consigned_service.interfaces.console.exits import DONE
from consigned_service.interfaces.console.fields import acts_for
from consigned_service.queries import advices
from consigned_service.queries.advices import Advice, AdviceTransaction
from consigned_service.queries.operators import operator_for
from consigned_service.queries.viewers import Viewer


def options(parser: ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER")
    parser.add_argument("--line", type=int, help="what this line is made of")
    parser.add_argument(
        "--transactions", action="store_true", help="every transfer of title that it tells"
    )
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    if arguments.line is not None:
        return _show_line(viewer, arguments)
    advice = advices.advice(viewer, arguments.number)
    if advice is None:
        raise UnknownAdvice(arguments.number)
    told = _transactions(viewer, arguments) if arguments.transactions else None
    if arguments.json:
        answer(advice._asdict() | ({} if told is None else {"transactions": told}))
        return DONE
    _show(advice)
    if told is not None:
        _show_transactions(told, shows_lots=advice.head.shows_lots)
    return DONE


def _transactions(viewer: Viewer, arguments: Namespace) -> Sequence[AdviceTransaction]:
    page = advices.advice_transactions(viewer, arguments.number)
    return page.rows if page else []


def _show_transactions(told: Sequence[AdviceTransaction], *, shows_lots: bool) -> None:
    lots = {"Lot": lambda one: one.lot, "Serial": lambda one: one.serial} if shows_lots else {}
    rates = {
        "Rate": lambda one: one.rate and f"{one.rate} {one.rate_kind} {one.rate_on}",
        "In own currency": lambda one: one.own_amount,
    }
    show_table(
        told,
        {
            "Line": lambda one: one.line,
            "Organization": lambda one: one.organization,
            "Item": lambda one: one.item,
            "For": lambda one: one.kind,
            "On": lambda one: one.happened_on,
            "Consumed": lambda one: one.consumed,
            "As ordered": lambda one: one.consumed_as_ordered,
            "Price": lambda one: one.price,
            "Amount": lambda one: one.amount,
            "Billed": lambda one: one.billed,
            "Billed amount": lambda one: one.billed_amount,
            "Receipt": lambda one: numbered(one.receipt, one.receipt_line),
            "Order": lambda one: numbered(one.order, one.order_line),
            **lots,
            **(rates if any(one.rate for one in told) else {}),
            "Entry": lambda one: f"ent_{one.entry}" if one.entry else one.price_change,
        },
    )


def numbered(document: str | None, line: int | None) -> str | None:
    """A line of a document as people name it: PO-1/2."""
    return f"{document}/{line}" if document and line else document


def _show(advice: Advice) -> None:
    head = advice.head
    in_other_units = any(line.as_ordered for line in advice.lines.rows)
    show_facts(
        {
            "Advice": head.number,
            "Agreement": head.agreement,
            "Consignor": head.consignor_name,
            **({"From": head.consignor_site} if head.consignor_site else {}),
            "Consignee": head.consignee_name,
            "Bill to": head.bill_to,
            "Organization": head.organization or "all",
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
            **({"As ordered": lambda line: line.as_ordered} if in_other_units else {}),
            "For": lambda line: line.use_kind or line.kind,
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
