"""What an item is designated as, where, since when, by whom and why."""

from datetime import datetime
from typing import NamedTuple

from consigned.title.layer import Ownership
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.master_data import designations as records


class AtOrganization(NamedTuple):
    """An item as one organization of the viewer keeps it."""

    organization: str
    designation: Ownership
    is_approved: bool
    consignor: str | None
    """The one party that consigns it here, where one is assigned."""
    consignor_site: str | None


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
    item = records.known_item(viewer.party_id, item_code)
    if item is None:
        return None
    at = [
        AtOrganization(
            row.organization, Ownership(row.ownership), row.is_approved, row.consignor,
            row.consignor_site,
        )
        for row in records.as_kept(viewer.party_id, item.id)
    ]  # fmt: skip
    if not at:
        return None
    changes = [Change(*row) for row in records.changes(viewer.party_id, item.id)]
    return Designation(item.code, item.name, Ownership(item.ownership), at, changes)
