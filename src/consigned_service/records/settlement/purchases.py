"""What was bought with which receipt line, and how much of it is invoiced."""

from collections.abc import Iterable

from consigned.measure.identity import LayerNumber, OrganizationId, PartyId
from consigned.measure.money import Price
from consigned.settlement.purchases import Bought
from consigned_service.records.sql import bulk

GONE = (
    "COALESCE((SELECT SUM(g.quantity) FROM goods_return g "
    "WHERE g.organization_id = l.organization_id AND g.layer = l.number AND g.is_owned "
    "AND g.direction IN ('to-supplier', 'receipt-reversed')), 0)"
)
INVOICED = (
    "COALESCE((SELECT SUM(v.quantity) FROM purchase_invoice v "
    "WHERE v.organization_id = l.organization_id AND v.layer = l.number), 0)"
)
BOUGHT = (
    "goods_receipt r JOIN layer l ON l.organization_id = r.organization_id "
    "AND l.receipt = r.number AND l.ownership = 'owned' AND l.price IS NOT NULL "
    "JOIN item i ON i.id = l.item_id"
)


def read_bought(
    organization: OrganizationId, receipts: Iterable[str]
) -> dict[tuple[str, int, PartyId], Bought]:
    """What the lines of some receipts brought that was bought, by receipt, line and supplier."""
    return {
        (reference, line, PartyId(supplier)): Bought(
            LayerNumber(layer), PartyId(supplier), item, unit, int(came), int(invoiced),
            Price(price, currency, per),
        )
        for (reference, line, layer, supplier, item, unit, came, invoiced, price, currency,
             per) in bulk.look_up(
            receipts,
            "text",
            "r.reference, l.receipt_line, l.number, l.supplier_id, i.code, i.unit, "
            f"l.quantity - {GONE}, {INVOICED}, l.price, l.currency, l.per",
            BOUGHT,
            "r.organization_id = %s AND r.reference = w.value",
            [organization],
        )
    }  # fmt: skip
