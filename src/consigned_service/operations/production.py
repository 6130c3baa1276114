"""Production: products are completed out of components, components come back, products are taken
apart.

What a product costs is what its components cost, to the cent: a consignor's at the price they are
charged at, our own at their cost. Components that are used become work in progress, and leave it
into the product (checklist P49, P51, X29).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from consigned.measure.identity import (
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
    PlaceNumber,
)
from consigned.measure.money import exact_price
from consigned.measure.period import parse_day
from consigned.measure.quantity import parse_micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.settlement import journals
from consigned.settlement.process import (
    Part,
    Taken,
    bear,
    given_back,
    share_of,
    spread,
    take_from,
)
from consigned.title.layer import Layer, Ownership
from consigned.title.position import Place, Zone
from consigned.trade import production as trade
from consigned.trade.consumption import Use, UseKind
from consigned.trade.custody import StaysTheirs
from consigned.trade.items import Item, UnknownItem
from consigned.trade.parties import UnknownPlace, default_place
from consigned.trade.production import (
    BillLine,
    ComesBack,
    Completed,
    CostsInSeveralCurrencies,
    NoBill,
    NothingProduced,
    NotInProcess,
    NotMadeHere,
    TakenApart,
    TurnsBack,
)
from consigned.trade.returns import TurnedBack
from consigned.trade.shelf import Holding, Shelves
from consigned_service.operations import charges, consumption, own_costs, reversals
from consigned_service.operations.charges import Share, Waiting
from consigned_service.operations.lines import Outcome, optional_day, required, text
from consigned_service.operations.own_costs import Kept
from consigned_service.operations.told import Told, tell_once
from consigned_service.records import agreements as agreement_records
from consigned_service.records import ledger
from consigned_service.records import production as production_records
from consigned_service.records import returns as return_records
from consigned_service.records.ledger import OnHand, OpenPosting
from consigned_service.records.production import Completion, InProduct, Made
from consigned_service.records.returns import Standing
from consigned_service.records.together import together


class CompletionLine(NamedTuple):
    """A product that was completed, as written."""

    reference: str
    product: str
    quantity: str
    completed_on: str
    work_order: str = ""
    unit: str = ""
    place: str = ""
    components_from: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: str = ""


class ComponentReturnLine(NamedTuple):
    """Components that were issued to an order and not needed, as written."""

    reference: str
    work_order: str
    item: str
    quantity: str
    returned_on: str
    unit: str = ""
    place: str = ""
    lot: str = ""
    serial: str = ""


class TakeApartLine(NamedTuple):
    """A product that was taken apart, as written."""

    reference: str
    product: str
    quantity: str
    taken_apart_on: str
    unit: str = ""
    place: str = ""
    lot: str = ""
    serial: str = ""
    components_to: str = ""


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


class ToReturn(NamedTuple):
    """A return of components as it was understood."""

    reference: str
    work_order: str
    item: Item
    quantity: int
    happened_on: date
    place: Place
    lot: str | None
    serial: str | None


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


# --- completing products -------------------------------------------------------------------


def record_production(
    *,
    organization: OrganizationId,
    lines: Sequence[CompletionLine],
    by: str,
    at: datetime,
    wait_for_missing: bool = False,
) -> Outcome:
    """Complete products of one organization, many lines at once, all or none.

    Each takes its components by its bill of materials: what was issued to its order beforehand,
    then what lies on the shelves. What is missing of a component is refused in numbers, unless
    `wait_for_missing`: then the product comes in, and what is missing waits as an exception.
    What is made of a product of the same batch comes after it.
    """
    outcome, done = Outcome(), 0
    with together():
        while done < len(lines):
            done += _record_some(organization, lines, done, by, at, wait_for_missing, outcome)
    return outcome


def _record_some(
    organization: OrganizationId,
    lines: Sequence[CompletionLine],
    first: int,
    by: str,
    at: datetime,
    wait_for_missing: bool,
    outcome: Outcome,
) -> int:
    """Complete lines up to the first that needs a product of these; answers how many they were."""
    with ledger.posting(
        organization, cause="production", recorded_at=at, recorded_by=by
    ) as posting:
        items = agreement_records.items_by_code({line.product.strip() for line in lines[first:]})
        bills = production_records.read_bills(organization, {item.id for item in items.values()})
        some = _until_one_needs_another(lines[first:], items, bills)

        def read(line: CompletionLine) -> Told[ToComplete]:
            product = _item(items, line.product)
            if product.id not in bills:
                raise NoBill(product.code, posting.organization.code)
            reference = required(line.reference, "reference", 100)
            made = ToComplete(
                reference, text(line.work_order, "work_order", 60) or reference[:60], product,
                _quantity(product, line.quantity, line.unit), parse_day(line.completed_on),
                _place(posting, line.place) if line.place.strip() else _goods_place(posting),
                _place(posting, line.components_from) if line.components_from.strip() else None,
                text(line.lot, "lot", 60) or None, text(line.serial, "serial", 60) or None,
                optional_day(line.expires_on),
            )  # fmt: skip
            says = (*made[1:2], product.id, *made[3:5], made.place.code, *made[6:])
            return Told(0, reference, made.happened_on, says, made)

        new = tell_once(posting, _understood(some, first, read, outcome), outcome)
        if new:
            waiting = _complete(posting, bills, new, wait_for_missing)
            outcome.waiting += len(waiting)
        outcome.new += len(new)
    return len(some)


def _until_one_needs_another(
    lines: Sequence[CompletionLine],
    items: Mapping[str, Item],
    bills: Mapping[ItemId, Sequence[BillLine]],
) -> Sequence[CompletionLine]:
    """The first lines, up to one that takes what one of them makes."""
    made: set[ItemId] = set()
    for nth, line in enumerate(lines):
        product = items.get(line.product.strip())
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
    wait_for_missing: bool,
) -> list[Waiting]:
    organization = posting.organization
    first = posting.take_numbers("production", len(completions))
    in_process = _by_order(
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
    used, on_hand = consumption.use_goods(posting, posting.places, [line.use for line in told])
    missing = consumption.missing(posting, posting.places, used.shortages)
    if missing and not wait_for_missing:
        raise missing[0]
    waiting, parts = charges.settle_parts(
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
    source = ledger.own_source("backflush")
    claimed = ledger.claim(posting, source, [(line.reference, line.use.number) for line in told])
    assert len(claimed) == len(told), "a completion is told once, and so are its components"
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
        production=_outside(posting),
    )  # fmt: skip
    posting.add(
        "production",
        [
            (organization.id, first + nth, posting.number, made.reference, made.work_order,
             made.product.id, made.quantity, made.happened_on.isoformat(), layer, cost, currency)
            for nth, (made, layer, (cost, currency)) in enumerate(
                zip(completions, layers, costs, strict=True)
            )
        ],
    )  # fmt: skip
    _keep_used(posting, [(first + nth, taken) for nth, parts in made_of.items() for taken in parts])
    kept = [
        Kept(layer, made.product.id, made.quantity, cost, currency, made.happened_on,
             made.quantity if _is_whole(made_of[nth]) and nth not in incomplete else 0)
        for nth, (made, layer, (cost, currency)) in enumerate(
            zip(completions, layers, costs, strict=True)
        )
    ]  # fmt: skip
    own_costs.cost_own_goods(posting, (), kept)
    _book_out_of_process(posting, kept)


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


def _keep_used(posting: OpenPosting, used: Sequence[tuple[int, Taken]]) -> None:
    """Keep which components are in which completion now, and what is left of them in process."""
    organization = posting.organization.id
    first = posting.take_numbers("component_use", len(used))
    posting.add(
        "component_used",
        [
            (organization, number, posting.number, taken.part.number, production,
             taken.quantity, taken.cost)
            for number, (production, taken) in enumerate(used, start=first)
        ],
    )  # fmt: skip
    parts = {taken.part.number: taken.part for _, taken in used}
    production_records.write_left(posting, parts.values())


def _book_out_of_process(posting: OpenPosting, kept: Iterable[Kept]) -> None:
    """What comes out of production is worth what it took there."""
    sums: dict[tuple[str, date], int] = defaultdict(int)
    for goods in kept:
        sums[goods.currency, goods.on or posting.recorded_on] += goods.cost
    for (currency, on), cost in sums.items():
        posting.add_journals(
            journals.taken_from_process(posting.organization.party, cost, currency, on)
        )


# --- what a component costs is known later than the product is made ------------------------


def pass_on(posting: OpenPosting, parts: Sequence[Part]) -> None:
    """Components that were missing when their product was completed are used now: put them, and
    what they cost, into the product."""
    products = production_records.productions_of(
        posting.organization.id, {part.consumption for part in parts}
    )
    late = [part for part in parts if part.consumption in products]
    if not late:
        return
    used = [(products[part.consumption], part.take(part.quantity_left)) for part in late]
    _keep_used(posting, [(product.number, taken) for product, taken in used])
    _add_cost(posting, [(p, taken.cost, taken.part.currency) for p, taken in used])


def pass_on_prices(posting: OpenPosting, shares: Sequence[Share]) -> None:
    """Components that had no price when they were used have one now: put what they cost into the
    products that they are in; what is in process still takes its part along."""
    late: dict[int, Share] = {
        share.transfer.entry: share
        for share in shares
        if share.transfer.use.kind in journals.IN_PROCESS
    }
    if not late:
        return
    organization = posting.organization.id
    used = production_records.read_late(organization, late)
    parts = [
        Part(0, share.transfer.use.number, found.work_order, found.item, found.layer, found.owner,
             0, share.amount, share.currency)
        for share, found in ((late[found.transfer], found) for found in used)
    ]  # fmt: skip
    production_records.add_parts(posting, parts)
    went: list[tuple[int, Taken]] = []
    costs: list[tuple[Completion, int, str]] = []
    for found, part in zip(used, parts, strict=True):
        weights = [found.quantity_left, *(quantity for _, quantity in found.products)]
        for (product, _), cost in zip(
            found.products, spread(part.cost_left, weights)[1:], strict=True
        ):
            went.append((product.number, Taken(part, 0, cost)))
            costs.append((product, cost, part.currency))
    for _, taken in went:
        taken.part.cost_left -= taken.cost
    _keep_used(posting, went)
    _add_cost(posting, costs)


def _add_cost(posting: OpenPosting, costs: Sequence[tuple[Completion, int, str]]) -> None:
    """Add to what products cost; where none of one is left, to what was sold."""
    owned = ledger.read_owned_costs(posting.organization.id, {p.layer for p, _, _ in costs})
    kept = []
    for product, cost, currency in costs:
        standing = owned.get(product.layer)
        if standing and standing.quantity and standing.currency == currency:
            kept.append(
                Kept(product.layer, product.item, 0, cost, currency, product.happened_on, 0)
            )
        else:
            posting.add_journals(
                journals.late_cost(posting.organization.party, cost, currency, product.happened_on)
            )
    own_costs.cost_own_goods(posting, (), kept)
    _book_out_of_process(posting, kept)


# --- components come back ------------------------------------------------------------------


def return_from_production(
    *,
    organization: OrganizationId,
    lines: Sequence[ComponentReturnLine],
    by: str,
    at: datetime,
) -> Outcome:
    """Take components back that were issued to an order, or in a kit, and not needed; many lines
    at once, all or none.

    They come back into the layers that they left, the last that was issued first, and become
    their first owner's again; what an advice has told stays ours, and a note says so. Refuses more
    than the order has in process.
    """
    outcome = Outcome()
    with ledger.posting(
        organization, cause="production-return", recorded_at=at, recorded_by=by
    ) as posting:
        items = agreement_records.items_by_code({line.item.strip() for line in lines})

        def read(line: ComponentReturnLine) -> Told[ToReturn]:
            item = _item(items, line.item)
            back = ToReturn(
                required(line.reference, "reference", 100), text(line.work_order, "work_order", 60),
                item, _quantity(item, line.quantity, line.unit), parse_day(line.returned_on),
                _place(posting, line.place) if line.place.strip() else _store(posting),
                text(line.lot, "lot", 60) or None, text(line.serial, "serial", 60) or None,
            )  # fmt: skip
            says = (back.work_order, item.id, back.quantity, back.happened_on, back.place.code,
                    *back[6:])  # fmt: skip
            return Told(0, back.reference, back.happened_on, says, back)

        new = tell_once(posting, _understood(lines, 0, read, outcome), outcome)
        if new:
            outcome.notes = _take_back(posting, new)
        outcome.new = len(new)
    return outcome


def _take_back(posting: OpenPosting, returns: Sequence[ToReturn]) -> list[str]:
    organization = posting.organization
    in_process = _by_order(
        production_records.read_in_process(organization.id, {back.work_order for back in returns})
    )
    coming: list[Coming] = []
    for nth, back in enumerate(returns, start=1):
        fitting = [
            part
            for part in reversed(in_process[back.work_order, back.item.id])
            if part.quantity_left
            and back.lot in (None, part.lot)
            and back.serial in (None, part.serial)
        ]
        there = sum(part.quantity_left for part in fitting)
        if there < back.quantity:
            raise NotInProcess(
                back.item.code, back.item.unit, back.work_order, back.quantity, there
            )
        for taken in take_from(fitting, back.quantity):
            part = taken.part
            coming.append(
                Coming(part.number, None, back.reference, part.item, part.layer, part.owner,
                       part.transfer, taken.quantity, taken.cost, part.currency, back.place,
                       back.happened_on, nth)
            )  # fmt: skip
    production_records.write_left(
        posting, [part for parts in in_process.values() for part in parts]
    )
    return _let_in(posting, coming, _load(posting, {back.item for back in coming}))


class Coming(NamedTuple):
    """So much of a component that comes back, out of process or out of a product."""

    component: int
    used: int | None
    reference: str
    item: ItemId
    layer: LayerNumber
    owner: PartyId
    """Whose it was until it was used."""
    transfer: int | None
    quantity: int
    cost: int
    currency: str
    place: Place
    happened_on: date
    line: int
    turns: bool = False
    """Whether it becomes its consignor's again."""
    because: str = ""
    """Why it stays ours, where it was a consignor's."""


def _load(posting: OpenPosting, items: Iterable[ItemId]) -> OnHand:
    """Bring what lies of some items into the book, and every position of theirs."""
    items = set(items)
    ledger.read_positions(posting.book, items)
    return ledger.read_on_hand(
        posting.book, items, places=posting.places, ours=posting.organization.party
    )


def _let_in(posting: OpenPosting, coming: Sequence[Coming], on_hand: OnHand) -> list[str]:
    """Bring components back onto the shelf: as their first owner's, or as ours at what they cost
    where an advice has told that they became ours. Answers what stays ours therefore."""
    organization, ours = posting.organization.id, posting.organization.party
    stands = return_records.standing(
        organization, {back.layer for back in coming if back.transfer is not None}
    )
    for back in coming:
        if back.place.is_owned and not _is_ours(posting, back):
            raise StaysTheirs(back.place.code)
    pieces = [piece for back in coming for piece in _pieces(back, stands)]
    trade.come_back(
        posting.book,
        [
            ComesBack(back.item, ours if _is_ours(posting, back) else back.owner, back.layer,
                      back.quantity, back.place.number, back.happened_on, posting.number, back.line)
            for back in pieces
        ],
        production=_outside(posting),
    )  # fmt: skip
    _turn_back(posting, [back for back in pieces if back.turns], stands, on_hand)
    kept = [
        Kept(back.layer, back.item, back.quantity, back.cost, back.currency, back.happened_on, 0)
        for back in pieces
        if _is_ours(posting, back) and not back.turns
    ]
    own_costs.cost_own_goods(posting, (), kept)
    _book_out_of_process(posting, kept)
    first = posting.take_numbers("component_return", len(pieces))
    posting.add(
        "component_returned",
        [
            (organization, number, posting.number, back.component, back.used, back.reference,
             back.quantity, back.cost,
             ours if _is_ours(posting, back) and not back.turns else back.owner, back.because,
             back.happened_on.isoformat())
            for number, back in enumerate(pieces, start=first)
        ],
    )  # fmt: skip
    return _notes(posting, pieces)


ADVISED, OWNED_PLACE, TURNED_BEFORE = "advised", "owned-place", "turned-before"
"""Why a component that was a consignor's stays ours: an advice has told it, it goes to a place that
keeps only ours, or as much of the title went back already."""


def _pieces(back: Coming, stands: Mapping[EntryNumber, Standing]) -> Iterator[Coming]:
    """The part of a component whose title goes back, and the part that stays ours, and why."""
    if back.transfer is None:
        yield back
        return
    standing = stands.get(EntryNumber(back.transfer))
    turns, because = 0, TURNED_BEFORE
    if back.place.is_owned:
        because = OWNED_PLACE
    elif standing and standing.passed.is_told:
        because = ADVISED
    elif standing:
        turns = min(back.quantity, standing.passed.left)
        standing.passed.left -= turns
    cost = share_of(back.cost, 0, turns, back.quantity)
    if turns:
        yield back._replace(quantity=turns, cost=cost, turns=True)
    if turns < back.quantity:
        yield back._replace(quantity=back.quantity - turns, cost=back.cost - cost, because=because)


def _turn_back(
    posting: OpenPosting,
    turning: Sequence[Coming],
    stands: Mapping[EntryNumber, Standing],
    on_hand: OnHand,
) -> None:
    """Make components their consignor's again: title, totals and both parties' books."""
    organization = posting.organization
    layers = production_records.read_layers(organization.id, {back.layer for back in turning})
    entries = trade.turn_back(
        posting.book,
        [
            TurnsBack(back.item, back.owner, back.layer, back.quantity, back.place.number,
                      back.happened_on, posting.number, back.line)
            for back in turning
        ],
        ours=organization.party,
    )  # fmt: skip
    turned = []
    for back, (entry, position) in zip(turning, entries, strict=True):
        layer = layers[back.layer]
        if layer.price:
            on_hand.values[back.layer] = layer.price
        holding = Holding(
            back.item, back.owner, back.place.number, position, back.layer, layer.received_on,
            back.quantity, Ownership.CONSIGNED.value, layer.agreement,
        )  # fmt: skip
        passed = stands[EntryNumber(back.transfer or 0)].passed
        turned.append(
            TurnedBack(entry, passed, holding, back.quantity, posting.number, back.happened_on)
        )
    charged = reversals.turn_back(posting, turned, stands, on_hand, were_kept=False)
    for back, (entry, _) in zip(turning, entries, strict=True):
        difference = back.cost - charged.get(entry, 0)
        posting.add_journals(
            journals.process_rounded(
                organization.party, difference, back.currency, back.happened_on
            )
        )


def _notes(posting: OpenPosting, pieces: Iterable[Coming]) -> list[str]:
    """What had been a consignor's and stays ours, and why, in words."""
    stayed = [back for back in pieces if back.because]
    items = agreement_records.items_by_id({back.item for back in stayed})
    notes = []
    for back in stayed:
        item, why = items[back.item], "as much of their title went back before"
        if back.because == OWNED_PLACE:
            why = f"{back.place.code} keeps only goods that are ours"
        elif back.because == ADVISED:
            told = [EntryNumber(back.transfer or 0)]
            advices = return_records.advices_telling(posting.organization.id, told)
            why = f"{' and '.join(advices) or 'an advice run'} told that their title passed"
        notes.append(f"{show_micros(back.quantity)} {item.unit} of {item.code} stay ours: {why}")
    return notes


def _is_ours(posting: OpenPosting, back: Coming) -> bool:
    """Whether a component was ours while it was in production."""
    return back.transfer is not None or back.owner == posting.organization.party


# --- products are taken apart ---------------------------------------------------------------


def take_apart(
    *, organization: OrganizationId, lines: Sequence[TakeApartLine], by: str, at: datetime
) -> Outcome:
    """Take products apart that were completed here, many lines at once, all or none.

    Each component comes back into the layer that it left, with its part of what the product
    costs, and becomes its first owner's again; what an advice has told stays ours, and a note
    says so. Refuses more than there is that was made here.
    """
    outcome = Outcome()
    with ledger.posting(
        organization, cause="take-apart", recorded_at=at, recorded_by=by
    ) as posting:
        items = agreement_records.items_by_code({line.product.strip() for line in lines})

        def read(line: TakeApartLine) -> Told[ToTakeApart]:
            product = _item(items, line.product)
            apart = ToTakeApart(
                required(line.reference, "reference", 100), product,
                _quantity(product, line.quantity, line.unit), parse_day(line.taken_apart_on),
                _place(posting, line.place) if line.place.strip() else None,
                text(line.lot, "lot", 60) or None, text(line.serial, "serial", 60) or None,
                _place(posting, line.components_to) if line.components_to.strip()
                else _store(posting),
            )  # fmt: skip
            says = (product.id, *apart[2:4], apart.place and apart.place.code, *apart[5:7],
                    apart.components_to.code)  # fmt: skip
            return Told(0, apart.reference, apart.happened_on, says, apart)

        new = tell_once(posting, _understood(lines, 0, read, outcome), outcome)
        if new:
            outcome.notes = _take_apart(posting, new)
        outcome.new = len(new)
    return outcome


def _take_apart(posting: OpenPosting, lines: Sequence[ToTakeApart]) -> list[str]:
    organization, book = posting.organization, posting.book
    products = {apart.product.id for apart in lines}
    on_hand = _load(posting, products)
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
    parts = _load(posting, {one.item for parts in inside.values() for one in parts} - products)
    on_hand.consigned |= parts.consigned
    on_hand.values |= parts.values
    trade.send_in(book, [part for _, part in taken], production=_outside(posting))
    coming: list[Coming] = []
    for apart, part in taken:
        layer = part.holding.layer
        cost = costs.take(layer, part.quantity, part.happened_on)
        back = _parts_of(apart, part, made[layer], inside[made[layer].production], cost)
        made[layer] = made[layer]._replace(taken_apart=made[layer].taken_apart + part.quantity)
        posting.add_journals(
            journals.taken_apart(
                organization.party, cost, sum(one.cost for one in back),
                costs.currency(layer, organization.currency), part.happened_on,
            )
        )  # fmt: skip
        coming += [one._replace(currency=costs.currency(layer, one.currency)) for one in back]
    own_costs.keep_costs(posting, costs)
    return _let_in(posting, coming, on_hand)


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


def _parts_of(
    apart: ToTakeApart, part: TakenApart, made: Made, inside: Sequence[InProduct], cost: int
) -> list[Coming]:
    """The components of a part of a layer, whole pieces in the order in which they were built in;
    of the cost each bears as much as it cost itself."""
    span = (made.taken_apart, made.taken_apart + part.quantity, made.quantity)
    parts = given_back([(one.item, one.layer, one.quantity, one.cost) for one in inside], span)
    goods = [(one, *back) for one, back in zip(inside, parts, strict=True) if back[0]]
    shares = bear(cost, [(weight, one.transfer is not None) for one, _, weight in goods])
    return [
        Coming(one.component, one.used, apart.reference, one.item, one.layer, one.owner,
               one.transfer, quantity, share, "", apart.components_to, part.happened_on, part.line)
        for (one, quantity, _), share in zip(goods, shares, strict=True)
    ]  # fmt: skip


# --- reading ---------------------------------------------------------------------------------

Line = TypeVar("Line")
Value = TypeVar("Value")


def _understood(
    lines: Sequence[Line],
    first: int,
    read: Callable[[Line], Told[Value]],
    outcome: Outcome,
) -> list[Told[Value]]:
    """Understand each line; one that cannot be understood is refused in its place."""
    told = []
    for at, line in enumerate(lines, start=first):
        try:
            told.append(read(line)._replace(at=at))
        except Refusal as refusal:
            outcome.refuse(at, refusal)
    return told


def _by_order(parts: Iterable[Part]) -> dict[tuple[str, ItemId], list[Part]]:
    found: dict[tuple[str, ItemId], list[Part]] = defaultdict(list)
    for part in parts:
        found[part.work_order, part.item].append(part)
    return found


def _item(items: Mapping[str, Item], code: str) -> Item:
    if code.strip() not in items:
        raise UnknownItem(code)
    return items[code.strip()]


def _quantity(item: Item, quantity: str, unit: str) -> int:
    micros = item.in_own_unit(parse_micros(quantity), unit.strip())
    if micros <= 0:
        raise NothingProduced(item.code)
    return micros


def _place(posting: OpenPosting, code: str) -> Place:
    for place in posting.places:
        if place.code == code.strip() and not place.is_outer:
            return place
    raise UnknownPlace(code, posting.organization.code)


def _goods_place(posting: OpenPosting) -> Place:
    """Where a product is put if nothing is said: the first place for finished goods, or else the
    stockroom."""
    for place in posting.places:
        if place.zone is Zone.FINISHED_GOODS:
            return place
    return default_place(posting.places, Zone.STOCKROOM)


def _store(posting: OpenPosting) -> Place:
    return default_place(posting.places, Zone.CONSIGNED_STORE)


def _outside(posting: OpenPosting) -> PlaceNumber:
    return default_place(posting.places, Zone.PRODUCTION).number
