"""What consigned goods were sold for, beside what their consignor is owed for them."""

from datetime import date
from typing import NamedTuple

from consigned_service.records.sql.select import Listing, Where


class Sold(NamedTuple):
    """Goods of one layer and day that were sold at one price and settled at one, in lines that said
    one quantity."""

    agreement_id: int
    agreement: str
    consignee_id: int
    item_id: int
    item: str
    unit: str
    used_on: date
    received_on: date
    currency: str
    sold: int
    sold_per: int
    settled: int
    settled_per: int
    told: int
    """What each line said, which is what a scale of prices looks at."""
    quantity: int


SOLD = Listing(
    Sold,
    {
        "agreement_id": "a.id",
        "agreement": "a.number",
        "consignee_id": "a.consignee_id",
        "item_id": "i.id",
        "item": "i.code",
        "unit": "i.unit",
        "used_on": "c.happened_on",
        "received_on": "l.received_on",
        "currency": "t.currency",
        "sold": "s.price",
        "sold_per": "s.per",
        "settled": "t.price",
        "settled_per": "t.per",
        "told": "c.quantity",
        "quantity": "SUM(ch.quantity)",
    },
    "sale s "
    "JOIN consumption c ON c.organization_id = s.organization_id AND c.number = s.consumption "
    "JOIN title_entry e ON e.organization_id = c.organization_id AND e.posting >= c.posting "
    "AND e.document = c.number AND e.cause = 'consumption' AND e.kind = 'transferred-to-owned' "
    "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
    "JOIN charge ch ON ch.organization_id = e.organization_id AND ch.entry = e.number "
    "JOIN running_total t ON t.organization_id = ch.organization_id AND t.number = ch.total "
    "JOIN agreement a ON a.id = t.agreement JOIN item i ON i.id = c.item_id",
    group="1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14",
)


def read_sold(consignee: int, starts_on: date | None, ends_on: date | None) -> list[Sold]:
    """What a party sold of the goods of others, where the sale said its price."""
    where = Where().also("a.consignee_id = %s", consignee)
    if starts_on:
        where.also("c.happened_on >= %s", starts_on)
    if ends_on:
        where.also("c.happened_on < %s", ends_on)
    return SOLD.read(where, order=("used_on", "agreement", "item", "received_on"))
