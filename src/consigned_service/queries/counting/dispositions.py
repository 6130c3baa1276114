"""Damaged and lost goods: what became of them, others' apart from our own (checklist E38)."""

from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.counting.counts import SEEN, TAKEN_BACK, WHOSE
from consigned_service.records.inventory.holdings import OUTER
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Where, rows


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


def _disposed(party: int, organization: str | None = None) -> list[Disposed]:
    """What became of damaged goods, and of those that were counted missing."""
    where = Where().also(SEEN, party, party).equals(o__code=organization)
    return rows(
        Disposed,
        f"SELECT {WHOSE}, z.outcome, z.reason, z.share, z.quantity, z.happened_on "
        "FROM disposition z JOIN organization o ON o.id = z.organization_id "
        "JOIN item i ON i.id = z.item_id JOIN party w ON w.id = z.owner "
        f"LEFT JOIN agreement a ON a.id = z.agreement WHERE {where} UNION ALL "
        f"SELECT {WHOSE}, 'counted', z.reason, z.share, -z.quantity - {TAKEN_BACK}, "
        "z.happened_on "
        "FROM count_settlement z JOIN count_difference d ON d.organization_id = z.organization_id "
        "AND d.number = z.difference JOIN stock_count c ON c.organization_id = d.organization_id "
        "AND c.number = d.stock_count JOIN organization o ON o.id = z.organization_id "
        "JOIN item i ON i.id = c.item_id JOIN party w ON w.id = d.owner "
        f"LEFT JOIN agreement a ON a.id = d.agreement WHERE {where} "
        "AND z.reason NOT IN ('sold', 'mis-shipped', 'recounted') AND z.takes_back IS NULL "
        f"AND z.quantity + {TAKEN_BACK} <> 0 "
        "ORDER BY 14, 1, 3, 7, 10, 11, 13",
        [*where.parameters, *where.parameters],
    )


def _lying_apart(party: int, organization: str | None = None) -> list[Disposed]:
    """Goods that are blocked now and wait for somebody to say what becomes of them."""
    where = Where().also(SEEN, party, party).equals(o__code=organization)
    where.also(f"p.condition = 'blocked' AND pl.zone NOT IN ({OUTER})")
    then = bulk.then()
    return rows(
        Disposed,
        f"SELECT {WHOSE}, 'waiting', NULL, 0, SUM(b.quantity), NULL "
        f"FROM organization o {then} position p ON p.organization_id = o.id "
        f"{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
        f"{then} balance b ON b.organization_id = p.organization_id AND b.position = p.number "
        f"{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
        "JOIN item i ON i.id = p.item_id JOIN party w ON w.id = p.owner_id "
        f"LEFT JOIN agreement a ON a.id = l.agreement WHERE {where} "
        f"GROUP BY {WHOSE} ORDER BY 1, 3, 7",
        where.parameters,
    )


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
    rows = [
        *_lying_apart(viewer.party_id, organization),
        *_disposed(viewer.party_id, organization),
    ]
    return Dispositions(
        [_line(row) for row in rows if row.owner_id != row.holder_id],
        [_line(row) for row in rows if row.owner_id == row.holder_id],
    )


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
