"""What came of an order line, what is on order and on its way: columns in SQL.

`ol` is the order line, `co` its order.
"""

# Joins in a fixed order, from the few layers of an order line on: SQLite, left to choose, begins
# with all that ever arrived in the organization.
RECEIVED = (
    "(SELECT COALESCE(SUM(ag.quantity), 0) FROM layer l CROSS JOIN goods_receipt_line ag "
    "WHERE ag.organization_id = l.organization_id AND ag.layer = l.number "
    "AND l.organization_id = co.organization_id AND l.order_line = ol.id)"
)
TO_COME_AGAIN = (
    "(SELECT COALESCE(SUM(g.quantity), 0) FROM layer l CROSS JOIN goods_return g "
    "WHERE g.organization_id = l.organization_id AND g.layer = l.number "
    "AND l.organization_id = co.organization_id AND l.order_line = ol.id AND g.reopens_order)"
)
"""Of what was received: it went back, and is to be received again."""
CAME = f"({RECEIVED} - {TO_COME_AGAIN})"
CLOSED_ON = "(SELECT oc.closed_on FROM order_line_closing oc WHERE oc.order_line_id = ol.id)"
IS_OPEN = f"({CLOSED_ON} IS NULL AND (ol.complete_at IS NULL OR ol.complete_at > {CAME}))"
"""Whether more is expected of an order line: nobody closed it, and too little has come."""
ON_ORDER = f"(CASE WHEN {IS_OPEN} AND ol.quantity > {CAME} THEN ol.quantity - {CAME} ELSE 0 END)"
ANNOUNCED = (
    "(SELECT COALESCE(SUM(CASE WHEN shipped > came THEN shipped - came ELSE 0 END), 0) FROM ("
    "SELECT SUM(nl.quantity) AS shipped, "
    "(SELECT COALESCE(SUM(ag.quantity), 0) FROM layer l CROSS JOIN goods_receipt_line ag "
    "CROSS JOIN goods_receipt r WHERE ag.organization_id = l.organization_id "
    "AND ag.layer = l.number AND r.organization_id = ag.organization_id AND r.number = ag.receipt "
    "AND l.organization_id = co.organization_id AND l.order_line = ol.id "
    "AND r.ship_notice = nl.notice_id) AS came "
    "FROM ship_notice_line nl WHERE nl.order_line_id = ol.id AND NOT EXISTS ("
    "SELECT 1 FROM in_transit_layer sg WHERE sg.organization_id = co.organization_id "
    "AND sg.ship_notice = nl.notice_id AND sg.line = nl.line) GROUP BY nl.notice_id) shipment)"
)
ON_THE_BOOKS = (
    "(SELECT COALESCE(SUM(b.quantity), 0) FROM layer l CROSS JOIN position p CROSS JOIN place pl "
    "CROSS JOIN balance b WHERE p.organization_id = l.organization_id AND p.item_id = l.item_id "
    "AND pl.organization_id = p.organization_id AND pl.number = p.place "
    "AND b.organization_id = l.organization_id AND b.position = p.number "
    "AND b.layer = l.number AND l.organization_id = co.organization_id "
    "AND l.order_line = ol.id AND pl.zone = 'in-transit')"
)
IN_TRANSIT = f"(CASE WHEN {IS_OPEN} THEN {ANNOUNCED} ELSE 0 END + {ON_THE_BOOKS})"
"""What was announced and has not come, as long as it is expected; and what is on the books."""
