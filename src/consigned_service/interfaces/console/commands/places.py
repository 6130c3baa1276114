"""Show where goods may be put away: owned ones in owned places, others where they stay whose they
are."""

from argparse import ArgumentParser, Namespace

from consigned.inbound.receipts import NothingStaged
from consigned.master_data.items import UnknownItem
from consigned.master_data.parties import UnknownOrganization
from consigned.title.layer import Ownership
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for
from consigned_service.interfaces.tables.text import answer, show, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.inbound.putaway import Putaway, places_for_item, places_for_receipt


def options(parser: ArgumentParser) -> None:
    parser.add_argument("organization", metavar="ORGANIZATION")
    goods = parser.add_mutually_exclusive_group(required=True)
    goods.add_argument("--receipt", metavar="NUMBER", help="for a line of this receipt")
    goods.add_argument("--item", metavar="CODE", help="for goods of this item")
    parser.add_argument("--line", type=int, default=1, metavar="LINE", help="the receipt's (1)")
    parser.add_argument(
        "--status",
        choices=[str(ownership) for ownership in Ownership],
        help="what the item's goods are; otherwise as it is designated there",
    )
    acts_for(parser)


def run(arguments: Namespace) -> int:
    found = _find(arguments)
    if arguments.json:
        answer(found)
        return DONE
    show(f"{found.item} is {found.ownership}.")
    show_table(
        found.places,
        {
            "Place": lambda place: place.place,
            "Zone": lambda place: place.zone,
            "Owned": lambda place: place.is_owned,
            "Usual": lambda place: place.is_usual,
        },
    )
    return DONE


def _find(arguments: Namespace) -> Putaway:
    operator = operator_for(arguments.party)
    viewer, code = operator.viewer, arguments.organization
    if code not in operator.organizations:
        raise UnknownOrganization(code)
    if arguments.receipt:
        found = places_for_receipt(viewer, code, arguments.receipt, arguments.line)
        if found is None:
            raise NothingStaged(arguments.receipt, arguments.line, code)
        return found
    status = Ownership(arguments.status) if arguments.status else None
    found = places_for_item(viewer, code, arguments.item, status)
    if found is None:
        raise UnknownItem(arguments.item)
    return found
