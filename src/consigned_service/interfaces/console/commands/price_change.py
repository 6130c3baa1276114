"""Show what a price changed for days gone by makes different, and settle the difference if told to.

What no advice has told yet is charged anew; what one has told is debited or credited on the next.
"""

from argparse import ArgumentParser, Namespace

from consigned.measure.money import Price
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, now, operator_name
from consigned_service.interfaces.tables.text import answer, show, show_table
from consigned_service.operations.core.lines import written
from consigned_service.operations.settlement.price_changes import (
    PriceChangeLine,
    change_prices_retroactively,
    read_change,
)
from consigned_service.queries.core.figures import sum_amounts
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.prices import effect_of_change


def options(parser: ArgumentParser) -> None:
    parser.add_argument("item", metavar="ITEM")
    parser.add_argument("--agreement", metavar="NUMBER", required=True)
    parser.add_argument("--from", dest="starts_on", metavar="DATE", required=True)
    parser.add_argument("--until", dest="ends_on", metavar="DATE", default="",
                        help="the first day on which it no longer holds")  # fmt: skip
    parser.add_argument("--to", dest="price", metavar="PRICE", required=True,
                        help="what one unit is settled at")  # fmt: skip
    parser.add_argument("--unit", default="", help="the unit the price is for (the item's own)")
    parser.add_argument("--settle", metavar="REFERENCE",
                        help="do it, once, under this number; otherwise only show it")  # fmt: skip
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    line = written(PriceChangeLine,
        arguments.agreement, arguments.settle or "shown", arguments.item, arguments.starts_on,
        arguments.price, arguments.ends_on, arguments.unit,
    )  # fmt: skip
    agreement, item, change = read_change(line, at=now())
    effects = effect_of_change(
        viewer, agreement.number, item.code,
        price=Price(change.price, agreement.currency, change.per),
        starts_on=change.starts_on, ends_on=change.ends_on,
    )  # fmt: skip
    if arguments.settle:
        change_prices_retroactively(lines=[line], by=operator_name(), at=now()).or_raise()
    if arguments.json:
        answer({"effects": effects, "settled": bool(arguments.settle)})
        return DONE
    show_table(
        effects,
        {
            "Organization": lambda one: one.organization,
            "Quantity": lambda one: one.quantity,
            "Price": lambda one: one.price,
            "Amount": lambda one: one.amount,
            "Amount then": lambda one: one.amount_after,
            "Difference": lambda one: one.difference,
            "Settled by": lambda one: one.settled,
        },
    )
    sums = ", ".join(map(str, sum_amounts(one.difference for one in effects))) or "nothing"
    show(f"It {'made' if arguments.settle else 'would make'} a difference of {sums}.")
    return DONE
