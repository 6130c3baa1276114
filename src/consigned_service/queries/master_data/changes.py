"""What was changed of masters, as the viewer may read it: what was, what is, by whom and when."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from consigned_service.queries.core.figures import Page
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.master_data import changes as records

MASTERS = (
    "party", "site", "organization", "item", "item-setting", "agreement", "price", "rule",
    "account", "bill",
)  # fmt: skip
"""The kinds of masters that may be told anew in some of what they say."""


class Change(NamedTuple):
    what: str
    """The kind of master, as party."""
    name: str
    """What it is called by; of a site, a setting or a price, what it belongs to comes first."""
    field: str
    was: str
    became: str
    recorded_by: str
    """To a consignor, of what its consignee told anew, the consignee; of an item, nobody."""
    recorded_at: datetime


def latest(viewer: Viewer, what: str, name: str, most: int) -> list[Change]:
    """The latest changes of one master."""
    rows = records.read(viewer.party_id, what=what, name=name, limit=most)
    return [Change(*row) for row in rows]


def changes(
    viewer: Viewer,
    *,
    what: str | None = None,
    name: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[Change]:
    """The changes of the viewer's own masters and agreements, of the items that it knows and of
    its partners' names, the latest first."""
    party = viewer.party_id
    rows = records.read(party, what=what, name=name, order=order, limit=limit, offset=offset)
    return Page([Change(*row) for row in rows], records.count(party, what=what, name=name))
