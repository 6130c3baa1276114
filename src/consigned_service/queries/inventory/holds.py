"""Why goods are on hold: each reason that stands, since when, by whom, and how much it keeps.

To the maker of the goods the reasons are told, and not who of the holder's people gave them.
"""

from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Quantity
from consigned_service.queries.core.figures import Page, page_of
from consigned_service.queries.core.question import OfItem, OfLot, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.master_data.parties import SEEN
from consigned_service.records.ledger.holds import ENDED, STANDS
from consigned_service.records.sql import bulk


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


def standing(
    viewer: Viewer,
    *,
    item: OfItem = None,
    lot: OfLot = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[Reason]:
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
    recalls = (
        "SELECT o.code AS organization, p.cause, r.because AS reference, '' AS because, "
        "i.code AS item, w.code AS maker, r.lot, NULL AS place, NULL AS quantity, i.unit, "
        f"r.recalled_on, {by} AS recorded_by, 0 AS is_hold, r.number FROM organization o "
        f"{then} recall r ON r.organization_id = o.id {about.format(told='r', goods='r')}"
        f"WHERE {seen.format(goods='r')} AND {STANDS} AND ({SEEN})"
    )
    holds = (
        "SELECT o.code, p.cause, h.reference, h.because, i.code, w.code, l.lot, pl.code, "
        f"h.quantity - {ENDED}, i.unit, h.held_on, {by}, 1, h.number "
        f"FROM organization o {then} goods_hold h ON h.organization_id = o.id "
        f"{then} layer l ON l.organization_id = o.id AND l.number = h.layer "
        f"{about.format(told='h', goods='l')}"
        f"{then} place pl ON pl.organization_id = o.id AND pl.number = h.place "
        f"WHERE {seen.format(goods='l')} AND h.quantity > {ENDED} "
        "AND (o.party_id = %s OR l.ownership <> 'owned')"
    )
    return page_of(
        Reason,
        f"SELECT * FROM ({recalls} UNION ALL {holds}) f ORDER BY is_hold, organization, number",
        [*values, party, party, *values, party],
        limit=limit,
        offset=offset,
    )


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
