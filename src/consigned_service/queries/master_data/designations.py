"""What an item is designated as, where, since when, by whom and why."""

from datetime import datetime
from typing import NamedTuple

from consigned.title.layer import Ownership
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.master_data.items import ITEMS, Item, known_item
from consigned_service.records.master_data import designations as records
from consigned_service.records.sql.select import Listing, Where


class AtOrganization(NamedTuple):
    """An item as one organization of the viewer keeps it."""

    organization: str
    designation: Ownership
    is_approved: bool
    consignor: str | None
    """The one party that consigns it here, where one is assigned."""
    consignor_site: str | None

    @classmethod
    def of_item(cls, party: int, item: int) -> list["AtOrganization"]:
        """An item as each organization of a party keeps it."""
        where = Where().equals(i__id=item, o__party_id=party)
        return AS_KEPT.read(where, order=("organization",))


AS_KEPT = Listing(
    AtOrganization,
    {
        "organization": "o.code",
        "designation": "COALESCE(NULLIF(s.ownership, ''), i.ownership)",
        "is_approved": "CASE WHEN i.is_approved OR COALESCE(s.is_approved, FALSE) "
        "THEN 1 ELSE 0 END",
        "consignor": "p.code",
        "consignor_site": "t.code",
    },
    "item i JOIN organization o ON true "
    "LEFT JOIN item_setting s ON s.organization_id = o.id AND s.item_id = i.id "
    "LEFT JOIN party p ON p.id = s.consignor_id LEFT JOIN site t ON t.id = s.consignor_site_id",
)


def recognized_item(viewer: Viewer, item_code: str) -> Item | None:
    """An item that the viewer trades, or of which one of its organizations says something."""
    if item := known_item(viewer, item_code):
        return item
    where = Where().also("i.code = %s", item_code)
    where.also(
        "i.id IN (SELECT s.item_id FROM item_setting s JOIN organization o "
        "ON o.id = s.organization_id WHERE o.party_id = %s)",
        viewer.party_id,
    )
    return next(iter(ITEMS.read(where)), None)


class Change(NamedTuple):
    organization: str | None
    """None for the company."""
    what: str
    before: str
    after: str
    because: str
    recorded_by: str
    recorded_at: datetime


class Designation(NamedTuple):
    item: str
    name: str
    designation: Ownership
    """The company's: what the item is where an organization says nothing else."""
    organizations: list[AtOrganization]
    changes: list[Change]


def designation(viewer: Viewer, item_code: str) -> Designation | None:
    """An item's designation in the company and in each organization of the viewer, with every
    change; None where the viewer keeps no stock or does not know the item."""
    item = recognized_item(viewer, item_code)
    if item is None:
        return None
    at = AtOrganization.of_item(viewer.party_id, item.id)
    if not at:
        return None
    changes = [Change(*row) for row in records.changes(viewer.party_id, item.id)]
    return Designation(item.code, item.name, Ownership(item.ownership), at, changes)
