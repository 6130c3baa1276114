"""Why goods are on hold: each reason that stands, since when, by whom, and how much it keeps.

To the maker of the goods the reasons are told, and not who of the holder's people gave them.
"""

from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.master_data.parties import SEEN
from consigned_service.records.ledger.holds import ENDED, STANDS
from consigned_service.records.sql import bulk


class StandingReason(NamedTuple):
    organization: str
    holder_id: int
    kind: str
    """The cause of the posting that told it; a recall is one of them."""
    reference: str
    because: str
    item: str
    unit: str
    maker: str
    lot: str | None
    place: str | None
    quantity: int | None
    """How much it keeps still; a recall keeps all there is of its lot."""
    since: str
    by: str


def _read(party: int, *, item: str | None, lot: str | None) -> list[StandingReason]:
    """The reasons that stand in a party's organizations, and for goods that it consigned; a recall
    stands everywhere, and its maker is told of it where goods of its own lie or lay."""
    then = bulk.then()
    narrowed = ""
    values: list[object] = [party, party]
    for column, said in (("i.code", item), ("{goods}.lot", lot)):
        if said is not None:
            narrowed += f" AND {column} = %s"
            values.append(said)
    about = (
        f"{then} posting p ON p.organization_id = o.id AND p.number = {{told}}.posting "
        f"{then} item i ON i.id = {{goods}}.item_id {then} party w ON w.id = {{goods}}.supplier_id "
    )
    seen = f"(o.party_id = %s OR {{goods}}.supplier_id = %s){narrowed}"
    holds = bulk.fetch(
        "SELECT o.code, o.party_id, p.cause, h.reference, h.because, i.code, i.unit, w.code, "
        f"l.lot, pl.code, h.quantity - {ENDED}, h.held_on, p.recorded_by "
        f"FROM organization o {then} goods_hold h ON h.organization_id = o.id "
        f"{then} layer l ON l.organization_id = o.id AND l.number = h.layer "
        f"{about.format(told='h', goods='l')}"
        f"{then} place pl ON pl.organization_id = o.id AND pl.number = h.place "
        f"WHERE {seen.format(goods='l')} AND h.quantity > {ENDED} "
        "AND (o.party_id = %s OR l.ownership <> 'owned') ORDER BY o.code, h.number",
        [*values, party],
    )
    recalls = bulk.fetch(
        "SELECT o.code, o.party_id, p.cause, r.because, '', i.code, i.unit, w.code, r.lot, NULL, "
        f"NULL, r.recalled_on, p.recorded_by FROM organization o {then} recall r "
        f"ON r.organization_id = o.id {about.format(told='r', goods='r')}"
        f"WHERE {seen.format(goods='r')} AND {STANDS} AND ({SEEN}) ORDER BY o.code, r.number",
        [*values, party, party],
    )
    return [
        StandingReason(
            organization, holder, kind, reference, because, code, unit, maker, mark, place,
            None if quantity is None else int(quantity), str(since), by,
        )
        for organization, holder, kind, reference, because, code, unit, maker, mark, place,
            quantity, since, by in [*recalls, *holds]
    ]  # fmt: skip


class Reason(NamedTuple):
    organization: str
    kind: str
    """What told it: hold, receipt, customer-return …, or recall."""
    reference: str
    because: str
    item: str
    maker: str
    lot: str | None
    place: str | None
    quantity: Quantity | None
    """How much it keeps still; None for a recall, which keeps all there is of its lot."""
    since: str
    by: str | None


def standing(viewer: Viewer, *, item: str | None = None, lot: str | None = None) -> list[Reason]:
    """The reasons that stand, as far as the viewer may see them: recalls first."""
    party = viewer.party_id
    return [
        Reason(
            row.organization, row.kind, row.reference, row.because, row.item, row.maker, row.lot,
            row.place,
            None if row.quantity is None else Quantity(Micros(row.quantity), row.unit),
            row.since, row.by if row.holder_id == party else None,
        )
        for row in _read(party, item=item, lot=lot)
    ]  # fmt: skip
