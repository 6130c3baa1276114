"""Why goods are on hold: each reason that stands, since when, by whom, and how much it keeps.

To the maker of the goods the reasons are told, and not who of the holder's people gave them.
"""

from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Quantity
from consigned_service.queries.core.question import OfItem, OfLot, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.master_data.parties import SEEN
from consigned_service.records.ledger.holds import ENDED, STANDS
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import rows


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
    since: date
    by: str | None


def standing(viewer: Viewer, *, item: OfItem = None, lot: OfLot = None) -> list[Reason]:
    """The reasons that stand, as far as the viewer may see them, recalls first: in its own
    organizations, and for goods that it consigned. A recall stands everywhere, and its maker is
    told of it where goods of its own lie or lay."""
    party = viewer.party_id
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
    by = f"CASE WHEN o.party_id = {int(party)} THEN p.recorded_by END"
    recalls = rows(
        Reason,
        "SELECT o.code, p.cause, r.because, '', i.code, w.code, r.lot, NULL, NULL, i.unit, "
        f"r.recalled_on, {by} FROM organization o {then} recall r "
        f"ON r.organization_id = o.id {about.format(told='r', goods='r')}"
        f"WHERE {seen.format(goods='r')} AND {STANDS} AND ({SEEN}) ORDER BY o.code, r.number",
        [*values, party, party],
    )
    holds = rows(
        Reason,
        "SELECT o.code, p.cause, h.reference, h.because, i.code, w.code, l.lot, pl.code, "
        f"h.quantity - {ENDED}, i.unit, h.held_on, {by} "
        f"FROM organization o {then} goods_hold h ON h.organization_id = o.id "
        f"{then} layer l ON l.organization_id = o.id AND l.number = h.layer "
        f"{about.format(told='h', goods='l')}"
        f"{then} place pl ON pl.organization_id = o.id AND pl.number = h.place "
        f"WHERE {seen.format(goods='l')} AND h.quantity > {ENDED} "
        "AND (o.party_id = %s OR l.ownership <> 'owned') ORDER BY o.code, h.number",
        [*values, party],
    )
    return recalls + holds


HOLD_LIST = Question(
    "holds",
    "Show why goods are on hold: each reason that stands, by whom, since when and for how much.",
    standing, "reason",
    (
        "organization", ("Why", "kind"), "reference", "because", "item", "lot", ("Of", "maker"),
        "place", "quantity", "since", "by",
    ),
    lead="Standing",
)  # fmt: skip
