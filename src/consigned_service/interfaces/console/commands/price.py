"""Show which price a use would have on a day, and why.

The sources that the agreement names are tried in its order; the first that knows a price gives it.
"""

from argparse import ArgumentParser, Namespace

from consigned.measure.money import parse_price
from consigned.measure.quantity import parse_micros
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, day, today
from consigned_service.interfaces.tables.text import answer, show_facts, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.prices import PriceAnswer, price_of_use


def options(parser: ArgumentParser) -> None:
    parser.add_argument("item", metavar="ITEM")
    parser.add_argument("--agreement", metavar="NUMBER", required=True)
    parser.add_argument("--on", metavar="DATE", type=day, help="the day of use (today)")
    parser.add_argument("--quantity", default="1", help="how much is used, in the item's unit (1)")
    parser.add_argument("--price", help="a price said with the use")
    parser.add_argument("--sale-price", metavar="PRICE", help="what one unit is sold for")
    parser.add_argument(
        "--order-price", metavar="PRICE", help="the price of the order line the goods came under"
    )
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    found = price_of_use(
        viewer,
        arguments.agreement,
        arguments.item,
        on=arguments.on or today(viewer),
        quantity=parse_micros(arguments.quantity),
        said=_price(arguments.price),
        order_price=_price(arguments.order_price),
        sold_at=_price(arguments.sale_price),
    )
    if arguments.json:
        answer(found)
    else:
        _show(found)
    return DONE


def _price(said: str | None) -> int | None:
    return None if said is None else parse_price(said)


def _show(found: PriceAnswer) -> None:
    show_facts(
        {
            "Agreement": found.agreement,
            "Item": found.item,
            "Used on": found.on,
            "Price": found.price or "none: it would wait for one",
            "By": found.rule,
        }
    )
    show_table(
        found.tried,
        {
            "Tried": lambda one: one.source,
            "Price": lambda one: one.price,
            "Because": lambda one: one.because,
            "Applies": lambda one: "yes" if one.applies else "",
        },
    )
