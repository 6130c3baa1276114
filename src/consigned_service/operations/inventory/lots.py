"""Recalls: while one stands, every piece of a lot is on hold, wherever it lies in all of a party's
organizations, and so is what comes later (checklist X09).

A recall is of one item and maker, and has a reason and an end of its own: other holds of the same
goods stand on (decision 0028). Each organization's part is a posting of its own, all of them in one
transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from consigned.inventory.holds import Lot, LotOfSeveral, NotRecalled, RecalledForSeveral, UnknownLot
from consigned.inventory.quality import Change
from consigned.master_data.items import UnknownItem
from consigned.master_data.parties import UnknownParty
from consigned.measure.identity import LayerNumber, PartyId, PlaceNumber
from consigned.measure.quantity import LARGEST, Micros, Quantity
from consigned.title.entry import EntryKind
from consigned.title.position import Condition
from consigned_service.operations.core.outcome import required, text
from consigned_service.operations.inventory.quality import change_condition
from consigned_service.records.inventory import lots as lot_records
from consigned_service.records.ledger import holds as hold_records
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.holds import StandingRecall
from consigned_service.records.ledger.idempotency import keep_told
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


class Changed(NamedTuple):
    """How much of an item was held or released in one organization."""

    organization: str
    item: str
    quantity: Quantity


def hold_lot(
    *,
    party: PartyId,
    lot: str,
    because: str,
    by: str,
    at: datetime,
    item: str = "",
    consignor: str = "",
) -> list[Changed]:
    """Recall a lot: hold every piece of it in all organizations of a party, and what comes of it
    later, until the recall ends. What is on hold already stays so, for its own reason as well.

    A lot is of one item and maker; they are to be named where several have its mark, or where
    nothing of it has come yet. Told again for the same reason, it changes nothing.
    """
    lot, reason = required(lot, "lot", 60), text(because, "because")
    organizations = agreement_records.organizations_of(party)
    changed: list[Changed] = []
    with ledger.writing(organizations) as ledgers:
        meant = _meant(lot, item, consignor, lot_records.known_as(organizations, lot))
        for organization in organizations:
            standing = hold_records.standing_recalls(organization)
            if any((one.lot, one.because) == (meant, reason) for one in standing):
                continue
            posting = _open(ledgers[organization], reason, by, at)
            free = lot_records.lying(organization, meant, Condition.UNRESTRICTED)
            of = dict.fromkeys((layer for layer, _ in free), int(LARGEST))
            changes = [_change(posting, 1, meant, None, None, of)] if of else []
            hold_records.add_recall(posting, meant, reason)
            changed += _do(posting, changes, EntryKind.HELD, reason)
    return changed


def release_lot(
    *,
    party: PartyId,
    lot: str,
    because: str,
    by: str,
    at: datetime,
    item: str = "",
    consignor: str = "",
    recall: str = "",
) -> list[Changed]:
    """End the recall of a lot: what it held is free, but for what another recall or hold keeps;
    title that waited for quality passes. Which recall is to be named where several stand."""
    lot, reason = required(lot, "lot", 60), text(because, "because")
    organizations = agreement_records.organizations_of(party)
    changed: list[Changed] = []
    with ledger.writing(organizations) as ledgers:
        standing = {one: hold_records.standing_recalls(one) for one in organizations}
        ending = _ending(lot, item, consignor, recall.strip(), standing.values())
        for organization, recalls in standing.items():
            ended = [one for one in recalls if (one.lot, one.because) == ending]
            if not ended or ending is None:
                continue
            posting = _open(ledgers[organization], reason or ended[0].because, by, at)
            for one in ended:
                hold_records.end_recall(posting, one.number, reason)
            stands_on = any(one.lot == ending[0] for one in recalls if one not in ended)
            changes = [] if stands_on else _kept_by_no_hold(posting, ending[0])
            changed += _do(posting, changes, EntryKind.RELEASED, reason)
    return changed


def _open(row: ledger.LedgerRow, reason: str, by: str, at: datetime) -> OpenPosting:
    posting = ledger.open_posting(
        row, cause=hold_records.RECALL, reference=reason, recorded_at=at, recorded_by=by
    )
    posting.organization.check_day(posting.recorded_on, today=posting.recorded_on)
    return posting


def _do(posting: OpenPosting, changes: list[Change], kind: EntryKind, reason: str) -> list[Changed]:
    change_condition(posting, posting.places, changes, kind)
    if reason and changes:
        keep_told(posting, [(change.line, reason) for change in changes])
    moved = sum(entry.quantity for entry in posting.book.entries if entry.kind == kind)
    ledger.close_posting(posting)
    if not changes:
        return []
    (item,) = agreement_records.items_by_id({change.item for change in changes}).values()
    return [Changed(posting.organization.code, item.code, Quantity(Micros(moved), item.unit))]


def _change(
    posting: OpenPosting,
    line: int,
    lot: Lot,
    quantity: int | None,
    place: PlaceNumber | None,
    of: Mapping[LayerNumber, int],
) -> Change:
    on: date = posting.recorded_on
    return Change(posting.number, line, lot.item, quantity, on, place, lot=lot.lot, of=of)


# --- which lot, and which recall ---------------------------------------------------------------


def _meant(lot: str, item: str, consignor: str, known: Iterable[Lot]) -> Lot:
    """The one lot that is meant by its mark, and perhaps its item and maker."""
    meant = _narrowed(known, item, consignor)
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise LotOfSeveral(lot, _named(meant))
    if not (item.strip() and consignor.strip()):
        raise UnknownLot(lot)
    (only,) = agreement_records.items_by_code([item.strip()]).values()
    return Lot(only.id, agreement_records.party_ids({consignor.strip()})[consignor.strip()], lot)


def _narrowed(lots: Iterable[Lot], item: str, consignor: str) -> list[Lot]:
    item, consignor = item.strip(), consignor.strip()
    items = agreement_records.items_by_code([item]) if item else {}
    parties = agreement_records.party_ids({consignor}) if consignor else {}
    if item and item not in items:
        raise UnknownItem(item)
    if consignor and consignor not in parties:
        raise UnknownParty(consignor)
    return [
        one
        for one in sorted(set(lots))
        if (not item or one.item == items[item].id)
        and (not consignor or one.supplier == parties[consignor])
    ]


def _named(lots: Iterable[Lot]) -> tuple[str, ...]:
    lots = sorted(lots)
    items = agreement_records.items_by_id({one.item for one in lots})
    parties = agreement_records.party_codes({one.supplier for one in lots})
    return tuple(f"{items[one.item].code} of {parties[one.supplier]}" for one in lots)


def _ending(
    lot: str,
    item: str,
    consignor: str,
    recall: str,
    standing: Iterable[Iterable[StandingRecall]],
) -> tuple[Lot, str] | None:
    """The one recall that ends: its lot and its reason."""
    of_lot = {(one.lot, one.because) for some in standing for one in some if one.lot.lot == lot}
    meant = set(_narrowed({one for one, _ in of_lot}, item, consignor))
    found = sorted(one for one in of_lot if one[0] in meant and recall in ("", one[1]))
    if not found:
        if recall:
            raise NotRecalled(lot, recall)
        return None
    if len({one for one, _ in found}) > 1:
        raise LotOfSeveral(lot, _named({one for one, _ in found}))
    if len(found) > 1:
        raise RecalledForSeveral(lot, tuple(because for _, because in found))
    return found[0]


def _kept_by_no_hold(posting: OpenPosting, lot: Lot) -> list[Change]:
    """What of a lot is on hold for the recall alone, by layer and place."""
    organization = posting.organization.id
    on_hold: dict[LayerNumber, dict[PlaceNumber, int]] = defaultdict(dict)
    for (layer, place), quantity in lot_records.lying(organization, lot, Condition.ON_HOLD).items():
        on_hold[layer][place] = quantity
    kept: dict[LayerNumber, dict[PlaceNumber, int]] = defaultdict(lambda: defaultdict(int))
    for hold in hold_records.standing_holds(organization, on_hold):
        kept[hold.layer][hold.place] += hold.quantity
    changes: list[Change] = []
    for layer, places in on_hold.items():
        free = sum(places.values()) - sum(kept[layer].values())
        left = dict(places)
        for is_first in (True, False):
            for place in places:
                most = left[place] - (kept[layer][place] if is_first else 0)
                if (part := min(most, free)) > 0:
                    free, left[place] = free - part, left[place] - part
                    of = {layer: part}
                    changes.append(_change(posting, len(changes) + 1, lot, part, place, of))
    return changes
