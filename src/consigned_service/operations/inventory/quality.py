"""Goods on hold: put there and released, by item, place, owner, lot or serial, many at once.

Where the agreement holds title back until goods have passed quality, the release passes it, and
they are settled like any other consumption (checklist E10).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

from consigned.inventory import quality as trade
from consigned.inventory.holds import Hold, UnknownHold, end
from consigned.inventory.quality import Change, Changed, NotEnoughOnHold, NothingMatches, Stayed
from consigned.inventory.stock import Shelves
from consigned.inventory.title_transfers import NotEnoughOnHand, Shortage
from consigned.inventory.transfers import title_rule, waits_for_quality
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.parties import UnknownParty, UnknownPlace
from consigned.measure.identity import ItemId, LayerNumber, OrganizationId, PartyId
from consigned.measure.period import Moment
from consigned.measure.quantity import LARGEST, Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import EntryKind
from consigned.title.position import Place
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inventory import picking as shelving
from consigned_service.operations.ledger import posting as postings
from consigned_service.records.inbound import receipts as receipt_records
from consigned_service.records.inventory.stock import read_on_hand
from consigned_service.records.ledger import holds as hold_records
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


class HoldLine(NamedTuple):
    """Goods to be put on hold, or to be released."""

    reference: Annotated[str, fields.REFERENCE]
    item: Annotated[str, fields.ITEM]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    quantity: Annotated[Micros | None, fields.QUANTITY, "how much; empty: everything that fits"] = (
        None
    )
    unit: Annotated[str, fields.UNIT] = ""
    place: Annotated[str, fields.PLACE, "code of the place they lie at; empty: wherever"] = ""
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party whose goods are meant; empty: anybody's"
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    because: Annotated[str, fields.BECAUSE] = ""


class ReleaseLine(NamedTuple):
    """Goods to be released."""

    reference: Annotated[str, fields.REFERENCE]
    item: Annotated[str, fields.ITEM]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    quantity: Annotated[Micros | None, fields.QUANTITY, "how much; empty: everything that fits"] = (
        None
    )
    unit: Annotated[str, fields.UNIT] = ""
    place: Annotated[str, fields.PLACE, "code of the place they lie at; empty: wherever"] = ""
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party whose goods are meant; empty: anybody's"
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    hold: Annotated[
        str,
        fields.Code(
            "hold", "reference of the hold that ends; empty: of any, the oldest first", 120
        ),
    ] = ""


def hold_goods(
    *, organization: OrganizationId, lines: Sequence[HoldLine], by: str, at: datetime
) -> Result:
    """Put goods on hold where they are, many lines at once, all or none; whose they are stays.

    A line without a quantity means everything that fits it. Refuses more than there is, and a
    line that nothing fits.
    """
    return _change(organization, lines, EntryKind.HELD, "hold", by, at)


def release_goods(
    *, organization: OrganizationId, lines: Sequence[ReleaseLine], by: str, at: datetime
) -> Result:
    """Release goods that are on hold, many lines at once, all or none; of the hold that a line
    names, or of any.

    Title that waited for quality passes to us now, and is charged. What is recalled stays on hold
    until the recall ends. Refuses more than is on hold, and to release what waits for its
    inspection.
    """
    return _change(organization, lines, EntryKind.RELEASED, "release", by, at)


def _change(
    organization: OrganizationId,
    lines: Sequence[HoldLine | ReleaseLine],
    kind: EntryKind,
    cause: str,
    by: str,
    at: datetime,
) -> Result:
    outcome = Result()
    with postings.posting(organization, cause=cause, recorded_at=at, recorded_by=by) as posting:
        places = ledger.read_places(organization)
        items = agreement_records.items_by_code({line.item for line in lines})
        parties = agreement_records.party_ids({line.consignor for line in lines})
        named = {line.hold for line in lines if isinstance(line, ReleaseLine)} - {""}
        holds = hold_records.holds_named(organization, named) if named else []

        def read(index: int, line: HoldLine | ReleaseLine) -> Change:
            change = _read(posting, places, items, parties, index + 1, line)
            if isinstance(line, HoldLine):
                posting.reasons[change.line] = line.because
                return change
            return _of_named(posting, change, line.hold, holds)

        changes = tell_once(
            posting, enumerate(lines), read, outcome, day="happened_on", is_paperless=True
        )
        done = change_condition(posting, places, changes, kind)
        if done.stayed:
            outcome.notes.append(_stay(done.stayed))
        outcome.new = len(changes)
    return outcome


def _of_named(
    posting: OpenPosting, change: Change, reference: str, holds: Iterable[Hold]
) -> Change:
    """A release of the goods that a hold keeps, where it names one."""
    if not reference:
        return change
    kept = _kept(hold for hold in holds if hold.reference == reference)
    if not kept:
        raise UnknownHold(reference, posting.organization.code)
    posting.named_holds[change.line] = reference
    return change._replace(of=kept)


def _stay(stayed: Sequence[Stayed]) -> str:
    quantity = show_micros(sum(one.quantity for one in stayed))
    return f"{quantity} released stay on hold, because their lot is recalled: consigned holds."


def _read(
    posting: OpenPosting,
    places: Sequence[Place],
    items: Mapping[str, Item],
    parties: Mapping[str, PartyId],
    number: int,
    line: HoldLine | ReleaseLine,
) -> Change:
    if line.item not in items:
        raise UnknownItem(line.item)
    item = items[line.item]
    inside = {place.code: place.number for place in places if not place.is_outer}
    if line.place not in ("", *inside):
        raise UnknownPlace(line.place, posting.organization.code)
    if line.consignor not in ("", *parties):
        raise UnknownParty(line.consignor)
    quantity = None
    if line.quantity is not None:
        quantity = item.quantity(line.quantity, line.unit, serial=line.serial)
        if quantity <= 0:
            raise NothingMatches(item.code, posting.organization.code, "asked for")
    return Change(
        posting.number, number, item.id, quantity, posting.organization.day_here(line.happened_on),
        inside.get(line.place), parties.get(line.consignor),
        line.lot or None, line.serial or None,
    )  # fmt: skip


def change_condition(
    posting: OpenPosting, places: Sequence[Place], changes: Sequence[Change], kind: EntryKind
) -> Changed:
    """Hold or release what lines name, settle what became ours, refuse what is not there.

    What is recalled is released by the end of the recall alone; a release of it ends its hold.
    """
    if not changes:
        return Changed()
    organization = posting.organization
    items = {change.item for change in changes}
    ledger.read_positions(posting.book, items)
    on_hand = read_on_hand(
        posting.book, items, places=[place._replace(is_nettable=True) for place in places],
        ours=organization.party, conditions=frozenset({trade.FROM[kind].value}),
    )  # fmt: skip
    agreements = agreement_records.read_agreements(
        {holding.agreement for holding in on_hand.pickable if holding.agreement}
    )
    is_release = kind is EntryKind.RELEASED
    to_inspect = receipt_records.to_inspect(organization.id, items) if is_release else set()
    standing: list[Hold] = []
    stays: set[LayerNumber] = set()
    if is_release and posting.cause != hold_records.RECALL:
        layers = {holding.layer for holding in on_hand.pickable}
        stays = hold_records.recalled(posting, layers)
        standing = hold_records.standing_holds(organization.id, stays)
        kept = _kept(standing)
        changes = [
            change if change.of is not None or not stays
            else change._replace(of={layer: kept.get(layer, 0) if layer in stays else LARGEST
                                     for layer in layers})
            for change in changes
        ]  # fmt: skip
    shelves = shelving.shelves(organization, on_hand.pickable, items)
    done = trade.change_condition(
        posting.book,
        shelves,
        changes,
        kind=kind,
        ours=organization.party,
        places={place.number: place for place in places},
        title_rule_of=lambda holding: title_rule(agreements, holding),
        waits_of=lambda holding: waits_for_quality(agreements, holding),
        to_inspect=to_inspect,
        stays=stays,
    )
    if done.shortages:
        raise _refusal(
            posting, places, done.shortages[0], kind, _passed_by(done, shelves, to_inspect)
        )
    _end_holds(posting, standing, done.stayed)
    charges.queue(posting, charges.settle(posting, done.transfers, on_hand))
    return done


def _kept(standing: Iterable[Hold]) -> dict[LayerNumber, int]:
    kept: dict[LayerNumber, int] = defaultdict(int)
    for hold in standing:
        kept[hold.layer] += hold.quantity
    return kept


def _end_holds(posting: OpenPosting, standing: Sequence[Hold], stayed: Iterable[Stayed]) -> None:
    """End the holds of goods that were released and are recalled, so that no entry tells it."""
    left = list(standing)
    for layer, place, quantity, line in stayed:
        of_layer = [hold for hold in left if hold.layer == layer]
        which = posting.named_holds.get(line, "")
        ended = dict(end(of_layer, quantity, places={place: quantity}, references={which}))
        hold_records.add_ends(posting, ended.items())
        left = [
            hold._replace(quantity=hold.quantity - ended.get(hold.number, 0))
            for hold in left
            if hold.quantity > ended.get(hold.number, 0)
        ]


def _passed_by(done: Changed, shelves: Shelves, to_inspect: Collection[trade.Lying]) -> int:
    """What would have fitted the first line that falls short, and waits for its inspection."""
    use = done.shortages[0].use
    fitting = shelves.of(
        use.item, owner=use.consignor, place=use.place, lot=use.lot, serial=use.serial
    )
    return sum(goods.left for goods in fitting if (goods.position, goods.layer) in to_inspect)


def _refusal(
    posting: OpenPosting, places: Sequence[Place], short: Shortage, kind: EntryKind, waiting: int
) -> Refusal:
    use = short.use
    item = agreement_records.items_by_id([use.item])[ItemId(use.item)]
    named = {place.number: place.code for place in places}
    code = posting.organization.code
    where = f"{code} {named[use.place]}" if use.place else code
    if not use.quantity and not waiting:
        return NothingMatches(item.code, where, trade.FROM[kind])
    if kind is EntryKind.RELEASED:
        return NotEnoughOnHold(item.code, item.unit, where, use.quantity, short.held, waiting)
    owners = agreement_records.party_codes({use.consignor} if use.consignor else set())
    return NotEnoughOnHand(
        item.code, item.unit, where, use.quantity, short.held,
        owners[use.consignor] if use.consignor else None,
    )  # fmt: skip
