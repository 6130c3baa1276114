"""What stands in the way of a change of designation: goods that lie here, orders that are open, and
what is not advised, not invoiced or waits."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from consigned.master_data.designation import Kept, Lying, OpenLine, Unsettled
from consigned.measure.identity import ItemId, OrganizationId
from consigned.title.layer import Ownership
from consigned.title.position import OUTER_ZONES, Place, Zone
from consigned_service.records.inbound.order_columns import IS_OPEN, RECEIVED
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.sql import bulk

Row = TypeVar("Row")


def keepers(items: Collection[ItemId]) -> set[tuple[OrganizationId, ItemId]]:
    """The organizations that keep some items: with goods, order lines or settings of them."""
    subquery, wanted = bulk.among(items)
    rows = bulk.fetch(
        f"SELECT organization_id, item_id FROM position WHERE item_id IN ({subquery}) "
        "UNION SELECT d.organization_id, l.item_id FROM order_line l "
        f"JOIN purchase_order d ON d.id = l.order_id WHERE l.item_id IN ({subquery}) "
        f"UNION SELECT organization_id, item_id FROM item_setting WHERE item_id IN ({subquery})",
        [wanted, wanted, wanted],
    )
    return {(OrganizationId(organization), ItemId(item)) for organization, item in rows}


def kept(organization: OrganizationId, items: Collection[ItemId]) -> dict[ItemId, Kept]:
    """What an organization has of some items, in five statements however many they are."""
    if not items:
        return {}
    lying = _by_item(_lying(organization, items))
    lines = _by_item(_open_lines(organization, items))
    unsettled = _by_item(
        [
            *_waiting(organization, items),
            *_untold(organization, items),
            *_uninvoiced(organization, items),
        ]
    )
    return {
        item: Kept(lying.get(item, []), lines.get(item, []), unsettled.get(item, []))
        for item in items
    }


def _by_item(rows: Iterable[tuple[ItemId, Row]]) -> dict[ItemId, list[Row]]:
    found: dict[ItemId, list[Row]] = {}
    for item, row in rows:
        found.setdefault(item, []).append(row)
    return found


def _lying(organization: OrganizationId, items: Collection[ItemId]) -> list[tuple[ItemId, Lying]]:
    subquery, wanted = bulk.among(items)
    outer, zones = bulk.among(map(str, OUTER_ZONES), "text")
    then = bulk.then()
    rows = bulk.fetch(
        "SELECT p.item_id, pl.number, pl.code, pl.zone, pl.is_owned, pl.is_nettable, "
        "CASE WHEN p.owner_id = o.party_id THEN 'owned' ELSE l.ownership END, "
        "p.owner_id, w.code, SUM(b.quantity) "
        f"FROM organization o {then} position p ON p.organization_id = o.id "
        f"{then} place pl ON pl.organization_id = o.id AND pl.number = p.place "
        f"{then} balance b ON b.organization_id = o.id AND b.position = p.number "
        f"{then} layer l ON l.organization_id = o.id AND l.number = b.layer "
        f"{then} party w ON w.id = p.owner_id "
        f"WHERE o.id = %s AND p.item_id IN ({subquery}) AND pl.zone NOT IN ({outer}) "
        "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 2, 9",
        [organization, wanted, zones],
    )
    return [
        (
            item,
            Lying(
                Place(number, code, Zone(zone), bool(is_owned), bool(is_nettable)), int(quantity),
                Ownership(ownership), owner, owner_code,
            ),
        )
        for (item, number, code, zone, is_owned, is_nettable, ownership, owner, owner_code,
             quantity) in rows
    ]  # fmt: skip


def _open_lines(
    organization: OrganizationId, items: Collection[ItemId]
) -> list[tuple[ItemId, OpenLine]]:
    subquery, wanted = bulk.among(items)
    rows = bulk.fetch(
        f"SELECT ol.item_id, co.number, ol.line, ol.quantity - {RECEIVED} "
        "FROM order_line ol JOIN purchase_order co ON co.id = ol.order_id "
        f"WHERE ol.item_id IN ({subquery}) AND co.organization_id = %s AND {IS_OPEN} "
        "ORDER BY co.number, ol.line",
        [wanted, organization],
    )
    return [(item, OpenLine(order, line, int(left))) for item, order, line, left in rows]


def _waiting(
    organization: OrganizationId, items: Collection[ItemId]
) -> list[tuple[ItemId, Unsettled]]:
    subquery, wanted = bulk.among(items)
    rows = bulk.fetch(
        "SELECT w.item_id, SUM(w.quantity) FROM open_exception w "
        f"WHERE w.organization_id = %s AND w.item_id IN ({subquery}) AND NOT EXISTS ("
        "SELECT 1 FROM exception_resolution r WHERE r.organization_id = w.organization_id "
        "AND r.exception = w.number) GROUP BY w.item_id",
        [organization, wanted],
    )
    return [(item, Unsettled(int(quantity), "wait to be corrected")) for item, quantity in rows]


def _untold(
    organization: OrganizationId, items: Collection[ItemId]
) -> list[tuple[ItemId, Unsettled]]:
    subquery, wanted = bulk.among(items)
    rows = bulk.fetch(
        "SELECT t.item_id, SUM(t.quantity) FROM running_total t "
        f"WHERE t.organization_id = %s AND t.item_id IN ({subquery}) AND t.told_on IS NULL "
        "GROUP BY t.item_id HAVING SUM(t.quantity) <> 0",
        [organization, wanted],
    )
    return [(item, Unsettled(int(quantity), "are on no advice yet")) for item, quantity in rows]


def _uninvoiced(
    organization: OrganizationId, items: Collection[ItemId]
) -> list[tuple[ItemId, Unsettled]]:
    """What was advised and waits for its invoice; of what is only reported nothing waits."""
    subquery, wanted = bulk.among(items)
    rows = bulk.fetch(
        "SELECT l.item_id, a.number, SUM(l.quantity) FROM advice_line l "
        "JOIN advice a ON a.id = l.advice_id LEFT JOIN settlement s ON s.advice_id = a.id "
        f"WHERE l.organization_id = %s AND l.item_id IN ({subquery}) AND s.id IS NULL "
        f"AND a.settlement_method <> 'report-only' AND {STANDS.format(advice='a')} "
        "GROUP BY l.item_id, a.number ORDER BY a.number",
        [organization, wanted],
    )
    return [
        (item, Unsettled(int(quantity), f"are on advice {number} without an invoice"))
        for item, number, quantity in rows
    ]
