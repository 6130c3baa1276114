"""Which items a party knows: those it agreed on, ordered, or ever owned or held."""

from collections.abc import Sequence
from typing import NamedTuple

from consigned.measure.gs1 import as_gtin
from consigned.title.layer import Ownership
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql.select import Listing, Where, containing


class Item(NamedTuple):
    id: int
    code: str
    name: str
    unit: str
    ownership: str
    gtin: str


ITEMS = Listing(
    Item,
    {
        "id": "i.id",
        "code": "i.code",
        "name": "i.name",
        "unit": "i.unit",
        "ownership": "i.ownership",
        "gtin": "i.gtin",
    },
    "item i",
)
KNOWN = (
    "i.id IN (SELECT gl.item_id FROM agreement_line gl JOIN agreement a ON a.id = gl.agreement_id "
    "WHERE a.consignor_id = %s OR a.consignee_id = %s) OR "
    "i.id IN (SELECT p.item_id FROM position p WHERE p.owner_id = %s) OR "
    "i.id IN (SELECT p.item_id FROM position p JOIN organization o ON o.id = p.organization_id "
    "WHERE o.party_id = %s) OR "
    "EXISTS (SELECT 1 FROM order_line ol JOIN purchase_order co ON co.id = ol.order_id "
    "JOIN organization o ON o.id = co.organization_id "
    "WHERE ol.item_id = i.id AND (co.consignor_id = %s OR o.party_id = %s))"
)


def _where(party: int, search: str, ownership: str | None) -> Where:
    where = Where().also(KNOWN, *[party] * 6).equals(i__ownership=ownership)
    if search:
        like = containing(search)
        where.also(
            "LOWER(i.code) LIKE %s ESCAPE '!' OR LOWER(i.name) LIKE %s ESCAPE '!' OR i.gtin = %s",
            like,
            like,
            as_gtin(search) or search,
        )
    return where


def known_items(
    viewer: Viewer,
    *,
    search: str = "",
    designation: Ownership | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[Item]:
    """The items that the viewer trades: agreed on, ordered, or ever owned or held."""
    where = _where(viewer.party_id, search, designation)
    return ITEMS.read(where, order=(*order, "code"), limit=limit, offset=offset)


def count_known_items(
    viewer: Viewer, *, search: str = "", designation: Ownership | None = None
) -> int:
    return ITEMS.count(_where(viewer.party_id, search, designation))


def known_item(viewer: Viewer, item_code: str) -> Item | None:
    """An item that the viewer trades."""
    where = _where(viewer.party_id, "", None).also("i.code = %s", item_code)
    return next(iter(ITEMS.read(where)), None)
