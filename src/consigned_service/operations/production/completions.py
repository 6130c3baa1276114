"""Production: products are completed out of their components.

What a product costs is what its components cost, to the cent: a consignor's at the price they are
charged at, our own at their cost. Components that are used become work in progress, and leave it
into the product (checklist P49, P51, X29).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, NamedTuple

from consigned.accounting.work_in_progress import Taken, take_from
from consigned.inbound.receipts import check_expiry
from consigned.inventory.title_transfers import Use, UseKind
from consigned.master_data.items import Item
from consigned.master_data.parties import default_place
from consigned.measure.identity import ConsumptionNumber, ItemId, LayerNumber, OrganizationId
from consigned.measure.money import exact_price
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.production import completions as trade
from consigned.production.completions import BillLine, Completed, CostsInSeveralCurrencies, NoBill
from consigned.title.layer import Layer, Ownership
from consigned.title.position import Place, Zone
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting.accruals import Waiting
from consigned_service.operations.accounting.costs import Kept
from consigned_service.operations.accounting.work_in_progress import (
    book_out_of_process,
    by_order,
    item_named,
    keep_used,
    place_named,
    production_of,
    quantity_made,
)
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.ledger import posting as postings
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.idempotency import Claim, claim, own_source
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.production import production as production_records
from consigned_service.records.sql.transaction import together


class CompletionLine(NamedTuple):
    """A product that was completed."""

    reference: Annotated[str, fields.SHORT_REFERENCE]
    product: Annotated[str, fields.ITEM, "code of the item, or its GTIN, that was completed"]
    quantity: Annotated[Micros, fields.QUANTITY]
    completed_on: Annotated[Moment, fields.HAPPENED_ON]
    work_order: Annotated[
        str,
        fields.Code(
            "work-order",
            "number of the production order whose components it takes first; empty: the reference",
            60,
        ),
    ] = ""
    unit: Annotated[str, fields.UNIT] = ""
    place: Annotated[
        str,
        fields.PLACE,
        "code of the place the product is put; empty: the first for finished goods, or "
        "the stockroom",
    ] = ""
    components_from: Annotated[
        str,
        fields.PLACE,
        "code of the place its components are taken from; empty: wherever they lie",
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    expires_on: Annotated[
        date | None, fields.EXPIRY, "last day on which the product may be used, as 2026-03-31"
    ] = None
    passed: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "yes where the product has passed its test, for which the title of its components may wait",
    ] = None


class ToComplete(NamedTuple):
    """A completion as it was understood."""

    reference: str
    work_order: str
    product: Item
    quantity: int
    happened_on: date
    place: Place
    components_from: Place | None
    lot: str | None
    serial: str | None
    expires_on: date | None
    has_passed: bool
    """Whether it has passed its test, for which the title of its components may wait (E10)."""


def record_production(
    *,
    organization: OrganizationId,
    lines: Sequence[CompletionLine],
    by: str,
    at: datetime,
    queue_shortages: bool = False,
) -> Result:
    """Complete products of one organization, many lines at once, all or none.

    Each takes its components by its bill of materials: what was issued to its order beforehand,
    then what lies on the shelves. What is missing of a component is refused in numbers, unless
    `queue_shortages`: then the product comes in, and what is missing waits as an exception.
    Components whose title is held for quality go only into a product that has `passed` its test.
    What is made of a product of the same batch comes after it.
    """
    outcome, done = Result(), 0
    with together():
        while done < len(lines):
            done += _record_some(organization, lines, done, by, at, queue_shortages, outcome)
    return outcome


def _record_some(
    organization: OrganizationId,
    lines: Sequence[CompletionLine],
    first: int,
    by: str,
    at: datetime,
    queue_shortages: bool,
    outcome: Result,
) -> int:
    """Complete lines up to the first that needs a product of these; answers how many they were."""
    with postings.posting(
        organization, cause="production", recorded_at=at, recorded_by=by
    ) as posting:
        items = agreement_records.items_by_code({line.product for line in lines[first:]})
        bills = production_records.read_bills(organization, {item.id for item in items.values()})
        some = _until_one_needs_another(lines[first:], items, bills)

        def read(_: int, line: CompletionLine) -> ToComplete:
            product = item_named(items, line.product)
            if product.id not in bills:
                raise NoBill(product.code, posting.organization.code)
            completed_on = posting.organization.day_here(line.completed_on)
            check_expiry(product.code, came_on=completed_on, expires_on=line.expires_on)
            return ToComplete(
                line.reference, line.work_order or line.reference[:60], product,
                _made(product, line), completed_on,
                place_named(posting, line.place) if line.place else _goods_place(posting),
                _taken_from(posting, line.components_from),
                line.lot or None, line.serial or None,
                line.expires_on, bool(line.passed),
            )  # fmt: skip

        new = tell_once(posting, enumerate(some, first), read, outcome, day="completed_on")
        if new:
            waiting = _complete(posting, bills, new, queue_shortages)
            outcome.waiting += len(waiting)
        outcome.new += len(new)
    return len(some)


def _made(product: Item, line: CompletionLine) -> int:
    quantity = quantity_made(product, line.quantity, line.unit, line.serial)
    product.told_apart(quantity, line.lot, [line.serial] if line.serial else [])
    return quantity


def _until_one_needs_another(
    lines: Sequence[CompletionLine],
    items: Mapping[str, Item],
    bills: Mapping[ItemId, Sequence[BillLine]],
) -> Sequence[CompletionLine]:
    """The first lines, up to one that takes what one of them makes."""
    made: set[ItemId] = set()
    for nth, line in enumerate(lines):
        product = items.get(line.product)
        if product is None:
            continue
        if made & {needed.component for needed in bills.get(product.id, ())}:
            return lines[:nth]
        made.add(product.id)
    return lines


def _complete(
    posting: OpenPosting,
    bills: Mapping[ItemId, Sequence[BillLine]],
    completions: Sequence[ToComplete],
    queue_shortages: bool,
) -> list[Waiting]:
    organization = posting.organization
    first = posting.take_numbers("production", len(completions))
    in_process = by_order(
        production_records.read_in_process(organization.id, {c.work_order for c in completions})
    )
    made_of: dict[int, list[Taken]] = {nth: [] for nth in range(len(completions))}
    told: list[consumption.Read] = []
    for nth, made in enumerate(completions):
        for place_on_bill, needed in enumerate(bills[made.product.id], start=1):
            quantity = needed.needed(made.quantity)
            taken = take_from(in_process[made.work_order, needed.component], quantity)
            made_of[nth] += taken
            if quantity := quantity - sum(part.quantity for part in taken):
                told.append(_use_of(nth, made, place_on_bill, needed.component, quantity))
    told = _numbered(posting, told)
    used, on_hand = consumption.use_goods(
        posting, posting.places, [line.use for line in told],
        frozenset(line.use.number for line in told if completions[line.nth].has_passed),
    )  # fmt: skip
    missing = consumption.missing(posting, posting.places, used.shortages)
    for short, why in zip(used.shortages, missing, strict=True):
        if short.awaits or not queue_shortages:
            raise why
    waiting, parts, _ = charges.settle_parts(
        posting, used.transfers, on_hand, used.own_issues, used.lent
    )
    line_of: dict[int, int] = {line.use.number: line.nth for line in told}
    for part in parts:
        made_of[line_of[part.consumption]].append(part.take(part.quantity_left))
    waiting += [
        Waiting(short.use.number, None, short.use.item, short.missing, why)
        for short, why in zip(used.shortages, missing, strict=True)
    ]
    incomplete = {line_of[w.consumption] for w in waiting if w.consumption in line_of}
    _bring_in(posting, first, completions, made_of, incomplete)
    _keep_components(posting, told, first)
    charges.queue(posting, waiting)
    return waiting


def _use_of(
    nth: int, made: ToComplete, place_on_bill: int, component: ItemId, quantity: int
) -> consumption.Read:
    """The use of a component by a completion, to be numbered."""
    use = Use(
        ConsumptionNumber(0), UseKind.BACKFLUSH.value, component, quantity, made.happened_on,
        made.components_from.number if made.components_from else None, work_order=made.work_order,
    )  # fmt: skip
    reference = f"{made.reference}/{place_on_bill}"
    return consumption.Read(nth, reference, use, None, made.happened_on.isoformat(), None)


def _numbered(posting: OpenPosting, told: Sequence[consumption.Read]) -> list[consumption.Read]:
    first = posting.take_numbers("consumption", len(told))
    return [
        line._replace(use=line.use._replace(number=ConsumptionNumber(number)))
        for number, line in enumerate(told, start=first)
    ]


def _keep_components(posting: OpenPosting, told: Sequence[consumption.Read], first: int) -> None:
    """Keep the uses of components as lines of consumption of their own."""
    source = own_source("backflush")
    before = claim(posting, source, [Claim(line.reference, 0, line.use.number) for line in told])
    assert not before, "a completion is told once, and so are its components"
    consumption.keep(posting, source, told, {line.use.number: first + line.nth for line in told})


def _bring_in(
    posting: OpenPosting,
    first: int,
    completions: Sequence[ToComplete],
    made_of: Mapping[int, Sequence[Taken]],
    incomplete: set[int],
) -> None:
    """Bring the products in, each at what its components cost, and keep what is in them."""
    organization, book = posting.organization, posting.book
    costs = [_cost(posting, made, made_of[nth]) for nth, made in enumerate(completions)]
    ledger.read_positions(book, {made.product.id for made in completions})
    layers = trade.bring_in(
        book,
        [
            Completed(_layer(posting, made, *cost), made.quantity, made.place.number,
                      made.happened_on, first + nth)
            for nth, (made, cost) in enumerate(zip(completions, costs, strict=True))
        ],
        ours=organization.party,
        production=production_of(posting),
    )  # fmt: skip
    posting.add(
        "production",
        [
            (organization.id, first + nth, posting.number, made.reference, made.work_order,
             made.product.id, made.quantity, made.happened_on.isoformat(), layer, cost, currency,
             made.has_passed)
            for nth, (made, layer, (cost, currency)) in enumerate(
                zip(completions, layers, costs, strict=True)
            )
        ],
    )  # fmt: skip
    keep_used(posting, [(first + nth, taken) for nth, parts in made_of.items() for taken in parts])
    kept = [
        Kept(layer, made.product.id, made.quantity, cost, currency, made.happened_on,
             made.quantity if _is_whole(made_of[nth]) and nth not in incomplete else 0)
        for nth, (made, layer, (cost, currency)) in enumerate(
            zip(completions, layers, costs, strict=True)
        )
    ]  # fmt: skip
    own_costs.cost_own_goods(posting, (), kept)
    book_out_of_process(posting, kept)


def _cost(posting: OpenPosting, made: ToComplete, parts: Sequence[Taken]) -> tuple[int, str]:
    """What the components of a product cost."""
    currencies = sorted({taken.part.currency for taken in parts if taken.cost})
    if len(currencies) > 1:
        raise CostsInSeveralCurrencies(made.product.code, made.reference, tuple(currencies))
    currency = currencies[0] if currencies else posting.organization.currency
    return sum(taken.cost for taken in parts), currency


def _is_whole(parts: Iterable[Taken]) -> bool:
    """Whether every component cost something: what was made of goods that cost us nothing tells
    nothing of what the product costs as a rule, and is left out of the average (trap Q9)."""
    return all(taken.cost or not taken.quantity for taken in parts)


def _layer(posting: OpenPosting, made: ToComplete, cost: int, currency: str) -> Layer:
    return Layer(
        number=LayerNumber(0),
        item=made.product.id,
        supplier=posting.organization.party,
        received_on=made.happened_on,
        ownership=Ownership.OWNED,
        expires_on=made.expires_on,
        lot=made.lot,
        serial=made.serial,
        price=exact_price(cost, currency, made.quantity),
    )


def _taken_from(posting: OpenPosting, said: str) -> Place | None:
    """The one place that components are taken from, where it is named."""
    return place_named(posting, said) if said else None


def _goods_place(posting: OpenPosting) -> Place:
    """Where a product is put if nothing is said: the first place for finished goods, or else the
    stockroom."""
    for place in posting.places:
        if place.zone is Zone.FINISHED_GOODS:
            return place
    return default_place(posting.places, Zone.STOCKROOM)
