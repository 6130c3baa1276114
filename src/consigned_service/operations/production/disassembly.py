"""Taking apart: a product goes back into the components that it was made of."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, NamedTuple

from consigned.accounting import journals
from consigned.accounting.work_in_progress import bear, given_back
from consigned.inventory.stock import Shelves
from consigned.master_data.items import Item
from consigned.measure.identity import ItemId, OrganizationId
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.production import completions as trade
from consigned.production.completions import NotMadeHere, TakenApart
from consigned.title.position import Place
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting.work_in_progress import (
    item_named,
    place_named,
    production_of,
    quantity_made,
    store_of,
)
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.production.component_returns import (
    Coming,
    let_components_in,
    load_components,
)
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.production import production as production_records
from consigned_service.records.production.production import InProduct, Made


class TakeApartLine(NamedTuple):
    """A product that was taken apart."""

    reference: Annotated[str, fields.SHORT_REFERENCE]
    product: Annotated[str, fields.ITEM, "code of the item, or its GTIN, that was taken apart"]
    quantity: Annotated[Micros, fields.QUANTITY]
    taken_apart_on: Annotated[Moment, fields.HAPPENED_ON]
    unit: Annotated[str, fields.UNIT] = ""
    place: Annotated[
        str, fields.PLACE, "code of the place it was taken from; empty: wherever it lies"
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    components_to: Annotated[
        str, fields.PLACE, "code of the place the components go to; empty: the consigned store"
    ] = ""


class ToTakeApart(NamedTuple):
    """A product to be taken apart, as it was understood."""

    reference: str
    product: Item
    quantity: int
    happened_on: date
    place: Place | None
    lot: str | None
    serial: str | None
    components_to: Place


def take_apart(
    *, organization: OrganizationId, lines: Sequence[TakeApartLine], by: str, at: datetime
) -> Result:
    """Take products apart that were completed here, many lines at once, all or none.

    Each component comes back into the layer that it left, with its part of what the product
    costs, and becomes its first owner's again; what an advice has told stays ours, and a note
    says so. Refuses more than there is that was made here.
    """
    outcome = Result()
    with postings.posting(
        organization, cause="take-apart", recorded_at=at, recorded_by=by
    ) as posting:
        items = agreement_records.items_by_code({line.product for line in lines})

        def read(_: int, line: TakeApartLine) -> ToTakeApart:
            product = item_named(items, line.product)
            return ToTakeApart(
                line.reference, product,
                quantity_made(product, line.quantity, line.unit, line.serial),
                posting.organization.day_here(line.taken_apart_on),
                place_named(posting, line.place) if line.place else None,
                line.lot or None, line.serial or None,
                place_named(posting, line.components_to) if line.components_to
                else store_of(posting),
            )  # fmt: skip

        new = tell_once(posting, enumerate(lines), read, outcome, day="taken_apart_on")
        if new:
            outcome.notes = _take_apart(posting, new)
        outcome.new = len(new)
    return outcome


def _take_apart(posting: OpenPosting, lines: Sequence[ToTakeApart]) -> list[str]:
    organization, book = posting.organization, posting.book
    products = {apart.product.id for apart in lines}
    on_hand = load_components(posting, products)
    made = {
        one.layer: one
        for one in production_records.read_made(
            organization.id, {holding.layer for holding in on_hand.pickable}
        )
    }
    shelves = Shelves(
        [holding for holding in on_hand.pickable if holding.layer in made],
        ours=organization.party, pick_order=organization.pick_order,
    )  # fmt: skip
    taken = [
        (apart, part)
        for nth, apart in enumerate(lines, start=1)
        for part in _choose(posting, shelves, apart, nth)
    ]
    costs = own_costs.open_costs(
        posting, {part.holding.layer: part.holding.item for _, part in taken}
    )
    inside = production_records.read_in_products(
        organization.id, {made[part.holding.layer].production for _, part in taken}
    )
    parts = load_components(
        posting, {one.item for parts in inside.values() for one in parts} - products
    )
    items = agreement_records.items_by_id({one.item for parts in inside.values() for one in parts})
    pieces = {item.id for item in items.values() if item.is_whole}
    on_hand.consigned |= parts.consigned
    on_hand.values |= parts.values
    went = trade.send_in(book, [part for _, part in taken], production=production_of(posting))
    coming: list[Coming] = []
    for (apart, _), part in zip(taken, went, strict=True):
        layer = part.holding.layer
        cost = costs.take(layer, part.quantity, part.happened_on)
        currency = costs.currency(layer, organization.currency)
        borne = _borne_in(currency, inside[made[layer].production])
        back = _parts_of(apart, part, made[layer], borne, cost, pieces)
        made[layer] = made[layer]._replace(taken_apart=made[layer].taken_apart + part.quantity)
        posting.add_journals(
            journals.taken_apart(
                organization.party, cost, sum(one.cost for one in back),
                currency, part.happened_on,
            )
        )  # fmt: skip
        coming += [
            one._replace(currency=currency)
            if one.cost
            else one._replace(was_expensed=one.currency != currency)
            for one in back
        ]
    own_costs.keep_costs(posting, costs)
    return let_components_in(posting, coming, on_hand)


def _choose(
    posting: OpenPosting, shelves: Shelves, apart: ToTakeApart, line: int
) -> list[TakenApart]:
    """Which layers of a product are taken apart, in picking order."""
    fitting = [
        holding
        for holding in shelves.of(
            apart.product.id, owner=posting.organization.party,
            place=apart.place.number if apart.place else None, lot=apart.lot, serial=apart.serial,
        )
        if holding.received_on <= apart.happened_on
    ]  # fmt: skip
    there = sum(holding.left for holding in fitting)
    if there < apart.quantity:
        raise NotMadeHere(
            apart.product.code, apart.product.unit, posting.organization.code, apart.quantity, there
        )
    chosen, wanted = [], apart.quantity
    for holding in fitting:
        if part := min(holding.left, wanted):
            chosen.append(TakenApart(holding, part, apart.happened_on, posting.number, line))
            holding.left -= part
            wanted -= part
    return chosen


def _borne_in(currency: str, inside: Iterable[InProduct]) -> list[InProduct]:
    """What a product is made of. What a component cost in another currency, because it was used
    late, went to the cost of goods sold and is no part of what the product cost."""
    return [one if one.currency == currency else one._replace(cost=0) for one in inside]


def _parts_of(
    apart: ToTakeApart,
    part: TakenApart,
    made: Made,
    inside: Sequence[InProduct],
    cost: int,
    pieces: Collection[ItemId],
) -> list[Coming]:
    """The components of a part of a layer, whole pieces in the order in which they were built in;
    of the cost each bears as much as it cost itself."""
    span = (made.taken_apart, made.taken_apart + part.quantity, made.quantity)
    components = [(one.item, one.layer, one.quantity, one.cost) for one in inside]
    parts = given_back(components, span, pieces)
    goods = [(one, *back) for one, back in zip(inside, parts, strict=True) if back[0]]
    shares = bear(cost, [(weight, one.transfer is not None) for one, _, weight in goods])
    return [
        Coming(one.component, one.used, apart.reference, one.item, one.layer, one.owner,
               one.transfer, quantity, share, one.currency, apart.components_to,
               part.happened_on, part.line)
        for (one, quantity, _), share in zip(goods, shares, strict=True)
    ]  # fmt: skip
