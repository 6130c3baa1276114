"""Where goods may be put away: the places that fit what they are (checklist P30).

consigned, non-owned     places that are not owned
owned                    owned places
"""

from typing import NamedTuple

from consigned.master_data.ownership import putaway_places as fitting
from consigned.master_data.parties import default_place
from consigned.measure.identity import OrganizationId
from consigned.title.layer import Ownership
from consigned.title.position import Place, Zone
from consigned_service.queries.core.viewers import Viewer, organization_held_by
from consigned_service.queries.master_data.designations import AtOrganization, recognized_item
from consigned_service.records.inbound import receipts as receipt_records
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.master_data import agreements as agreement_records


class PutawayPlace(NamedTuple):
    place: str
    zone: str
    is_owned: bool
    is_usual: bool
    """Whether the goods go there where nobody names a place."""


class Putaway(NamedTuple):
    item: str
    ownership: Ownership
    places: list[PutawayPlace]


def places_for_receipt(
    viewer: Viewer, organization_code: str, receipt: str, line: int = 1
) -> Putaway | None:
    """The places offered for a line of a receipt; None where the viewer has no such line."""
    organization = organization_held_by(viewer, organization_code)
    if organization is None:
        return None
    staged = receipt_records.staged(organization, [receipt]).get((receipt, line))
    if staged is None:
        return None
    item = agreement_records.items_by_id([staged.item])[staged.item]
    return _putaway(organization, item.code, staged.ownership)


def places_for_item(
    viewer: Viewer, organization_code: str, item_code: str, ownership: Ownership | None = None
) -> Putaway | None:
    """The places offered for goods of an item: of a status, or as the item is designated; None
    where the viewer does not know the item or has no such organization."""
    organization = organization_held_by(viewer, organization_code)
    item = recognized_item(viewer, item_code)
    if organization is None or item is None:
        return None
    kept = {at.organization: at for at in AtOrganization.of_item(viewer.party_id, item.id)}
    designation = kept[organization_code].designation
    return _putaway(organization, item.code, ownership or designation)


def _putaway(organization: OrganizationId, item: str, ownership: Ownership) -> Putaway:
    places = ledger.read_places(organization)
    zone = Zone.STOCKROOM if ownership is Ownership.OWNED else Zone.CONSIGNED_STORE
    usual = default_place(places, zone)
    return Putaway(item, ownership, [_shown(p, usual) for p in fitting(places, ownership)])


def _shown(place: Place, usual: Place) -> PutawayPlace:
    return PutawayPlace(place.code, str(place.zone), place.is_owned, place == usual)
