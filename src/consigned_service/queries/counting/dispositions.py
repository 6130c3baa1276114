"""Damaged and lost goods: what became of them, others' apart from our own (checklist E38)."""

from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.figures import Page, page_of
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.counting.counts import SEEN, TAKEN_BACK, WHOSE
from consigned_service.records.inventory.holdings import OUTER
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Where


class Disposed(NamedTuple):
    """What became of damaged or missing goods of one owner, or that they lie apart still."""

    organization: str
    holder_id: int
    item: str
    item_name: str
    unit: str
    owner_id: int
    owner: str
    owner_name: str
    agreement: str | None
    outcome: str
    reason: str | None
    share: int
    quantity: int
    happened_on: date | None


NAMES = ", ".join(
    f"{column} AS {name}" for column, name in zip(WHOSE.split(", "), Disposed._fields, strict=False)
)
"""Each of the columns that say whose the goods are, by the field that is read from it."""
WAITING = (
    f"SELECT 0 AS part, {NAMES}, 'waiting' AS outcome, NULL AS reason, 0 AS share, "
    "SUM(b.quantity) AS quantity, NULL AS happened_on "
    "FROM organization o {then} position p ON p.organization_id = o.id "
    "{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
    "{then} balance b ON b.organization_id = p.organization_id AND b.position = p.number "
    "{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
    "JOIN item i ON i.id = p.item_id JOIN party w ON w.id = p.owner_id "
    f"LEFT JOIN agreement a ON a.id = l.agreement WHERE {{where}} "
    f"AND p.condition = 'blocked' AND pl.zone NOT IN ({OUTER}) GROUP BY {WHOSE}"
)
"""Goods that are blocked now and wait for somebody to say what becomes of them."""
DISPOSED = (
    f"SELECT 1, {WHOSE}, z.outcome, z.reason, z.share, z.quantity, z.happened_on "
    "FROM disposition z JOIN organization o ON o.id = z.organization_id "
    "JOIN item i ON i.id = z.item_id JOIN party w ON w.id = z.owner "
    "LEFT JOIN agreement a ON a.id = z.agreement WHERE {where}"
)
COUNTED = (
    f"SELECT 1, {WHOSE}, 'counted', z.reason, z.share, -z.quantity - {TAKEN_BACK}, z.happened_on "
    "FROM count_settlement z JOIN count_difference d ON d.organization_id = z.organization_id "
    "AND d.number = z.difference JOIN stock_count c ON c.organization_id = d.organization_id "
    "AND c.number = d.stock_count JOIN organization o ON o.id = z.organization_id "
    "JOIN item i ON i.id = c.item_id JOIN party w ON w.id = d.owner "
    "LEFT JOIN agreement a ON a.id = d.agreement WHERE {where} "
    "AND z.reason NOT IN ('sold', 'mis-shipped', 'recounted') AND z.takes_back IS NULL "
    f"AND z.quantity + {TAKEN_BACK} <> 0"
)
ORDER = "part, happened_on, organization, item, owner, outcome, reason, quantity"


class DispositionLine(NamedTuple):
    """Goods of one owner that were damaged or lost, and what became of them."""

    organization: str
    item: str
    item_name: str
    owner: str
    owner_name: str
    agreement: str | None
    outcome: str
    """waiting: blocked now; block, scrap, return, keep: as was said; counted: found missing, or
    below zero found again."""
    reason: str | None
    consignee_percent: int | None
    """What of the loss the consignee bears; None where there is no loss to bear."""
    quantity: Quantity
    happened_on: date | None


class Dispositions(NamedTuple):
    """Damaged and lost goods, told apart by whose they are to their holder."""

    consigned: list[DispositionLine]
    owned: list[DispositionLine]


def dispositions(viewer: Viewer, organization: str | None = None) -> Dispositions:
    """What became of damaged and lost goods that the viewer holds or owns, by day; what is
    blocked and waits comes first."""
    return Dispositions(
        disposed(viewer, organization, is_owned=False).rows,
        disposed(viewer, organization, is_owned=True).rows,
    )


def disposed(
    viewer: Viewer,
    organization: str | None = None,
    *,
    is_owned: bool,
    limit: int | None = None,
    offset: int = 0,
) -> Page[DispositionLine]:
    """The same of goods that are their holder's own, or of others' alone."""
    party = viewer.party_id
    where = Where().also(SEEN, party, party).equals(o__code=organization)
    where.also(f"w.id {'=' if is_owned else '<>'} o.party_id")
    found = (
        one.format(where=where, then=bulk.then()) for one in (WAITING, DISPOSED, COUNTED)
    )  # fmt: skip
    columns = ", ".join(Disposed._fields)
    page = page_of(
        Disposed,
        f"SELECT {columns} FROM ({' UNION ALL '.join(found)}) f ORDER BY {ORDER}",
        where.parameters * 3,
        limit=limit,
        offset=offset,
    )
    return Page([_line(row) for row in page.rows], page.total)


def _line(row: Disposed) -> DispositionLine:
    is_borne = row.outcome in ("scrap", "keep", "counted") and row.quantity > 0
    return DispositionLine(
        row.organization,
        row.item,
        row.item_name,
        row.owner,
        row.owner_name,
        row.agreement,
        row.outcome,
        row.reason,
        row.share if is_borne else None,
        Quantity(Micros(row.quantity), row.unit),
        row.happened_on,
    )
