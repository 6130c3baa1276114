"""Show a consumption advice, the transactions it tells, or what one of its lines is made of."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from consigned.settlement.invoices import UnknownAdvice
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, now, operator_name
from consigned_service.interfaces.messages.advice_text import advice_text, show_advice
from consigned_service.interfaces.tables.text import answer, show_table
from consigned_service.operations.exchange.delivery import record_printed
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.settlement import advices
from consigned_service.queries.settlement.advices import AdviceTransaction


def options(parser: ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER")
    parser.add_argument("--line", type=int, help="what this line is made of")
    parser.add_argument(
        "--transactions", action="store_true", help="every transfer of title that it tells"
    )
    parser.add_argument(
        "--print",
        dest="printed",
        action="store_true",
        help="as plain text for a printer; where the agreement has its advices printed, it is "
        "written down that the consignor was told",
    )
    acts_for(parser)


def run(arguments: Namespace) -> int:
    operator = operator_for(arguments.party)
    viewer = operator.viewer
    if arguments.line is not None:
        return _show_line(viewer, arguments)
    advice = advices.advice(viewer, arguments.number)
    if advice is None:
        raise UnknownAdvice(arguments.number)
    if arguments.printed:
        sys.stdout.write(advice_text(advice))
        record_printed(
            consignee=operator.party, number=arguments.number, by=operator_name(), at=now()
        )
        return DONE
    told = _transactions(viewer, arguments) if arguments.transactions else None
    if arguments.json:
        answer(advice._asdict() | ({} if told is None else {"transactions": told}))
        return DONE
    show_advice(advice)
    if told is not None:
        _show_transactions(told, shows_lots=advice.head.shows_lots)
    return DONE


def _transactions(viewer: Viewer, arguments: Namespace) -> Sequence[AdviceTransaction]:
    page = advices.advice_transactions(viewer, arguments.number)
    return page.rows if page else []


def _show_transactions(told: Sequence[AdviceTransaction], *, shows_lots: bool) -> None:
    lots = {"Lot": lambda one: one.lot, "Serial": lambda one: one.serial} if shows_lots else {}
    rates = {
        "Rate": lambda one: one.rate and f"{one.rate} {one.exchange_rate_type} {one.rate_on}",
        "In own currency": lambda one: one.own_amount,
    }
    corrected = {"Internal number": lambda one: one.internal_number}
    taxes = {
        "Tax": lambda one: one.tax,
        "Price with tax": lambda one: one.tax and one.price_with_tax,
        "Tax amount": lambda one: one.tax_amount,
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
            **(taxes if any(one.tax for one in told) else {}),
            "Billed": lambda one: one.billed,
            "Billed amount": lambda one: one.billed_amount,
            "Receipt": lambda one: numbered(one.receipt, one.receipt_line),
            "Order": lambda one: numbered(one.order, one.order_line),
            **lots,
            **(rates if any(one.rate for one in told) else {}),
            **(corrected if any(one.internal_number for one in told) else {}),
            "Entry": lambda one: f"ent_{one.entry}" if one.entry else one.price_change,
        },
    )


def numbered(document: str | None, line: int | None) -> str | None:
    """A line of a document as people name it: PO-1/2."""
    return f"{document}/{line}" if document and line else document


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
            "Happened": lambda entry: entry.occurred_at or entry.happened_on,
            "Quantity": lambda entry: entry.quantity,
            "From": lambda entry: f"{entry.source.owner} {entry.source.place}",
            "To": lambda entry: f"{entry.target.owner} {entry.target.place}",
            "Layer": lambda entry: f"lay_{entry.layer}",
            "Reference": lambda entry: entry.reference,
        },
    )
    return DONE
