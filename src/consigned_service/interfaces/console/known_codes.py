"""Codes named at the command line that nobody has: a slip of the pen must not look like 'nothing'.

Refuses: UnknownItem, UnknownParty.
"""

from consigned.master_data.items import UnknownItem
from consigned.master_data.parties import UnknownParty
from consigned_service.interfaces.console.options import today
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.items import item_360
from consigned_service.queries.master_data.parties import consignees, consignors


def check_known(viewer: Viewer, *, item: str | None = None, owner: str | None = None) -> None:
    """Refuse an item or a party that the viewer knows nothing of."""
    if item and item_360(viewer, item, today=today(viewer)) is None:
        raise UnknownItem(item)
    partners = (*consignors(viewer), *consignees(viewer)) if owner else ()
    if owner and owner not in {partner.code for partner in partners}:
        raise UnknownParty(owner)
