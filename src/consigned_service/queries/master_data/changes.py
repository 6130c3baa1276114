"""What was changed of masters, as the viewer may read it: what was, what is, by whom and when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

from consigned.master_data.changes import MasterKind
from consigned_service.queries.core.figures import Page, page
from consigned_service.queries.core.question import Filter, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.master_data.items import KNOWN
from consigned_service.queries.master_data.parties import CONSIGNEES, CONSIGNORS
from consigned_service.records.sql.select import Listing, Where


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


CHANGES = Listing(
    Change,
    {name: f"x.{name}" for name in Change._fields}
    | {
        "recorded_by": "CASE WHEN x.party_id = {party} OR a.consignee_id = {party} "
        "THEN x.recorded_by WHEN a.id IS NOT NULL THEN h.name WHEN x.what = 'organization' "
        "THEN w.name WHEN EXISTS (SELECT 1 FROM organization o WHERE o.party_id = {party}) "
        "THEN x.recorded_by ELSE '' END"
    },
    "master_change x LEFT JOIN party w ON w.id = x.party_id "
    "LEFT JOIN agreement a ON a.id = x.agreement_id LEFT JOIN party h ON h.id = a.consignee_id",
    order={"recorded_at": "x.id"},
)
"""Who of a holder changed an organization or an agreement is told to the holder; to its consignors
the holder itself did. Who changed an item or a partner's name, those are told who keep goods."""
SEEN = (
    "x.party_id = %s OR x.agreement_id IN (SELECT a.id FROM agreement a "
    "WHERE a.consignor_id = %s OR a.consignee_id = %s) "
    f"OR (x.what = 'item' AND x.item_id IN (SELECT i.id FROM item i WHERE {KNOWN})) "
    "OR ((x.what IN ('party', 'site') OR (x.what = 'organization' AND x.field = 'name')) "
    f"AND x.party_id IN (SELECT w.id FROM party w WHERE {CONSIGNORS} OR {CONSIGNEES}))"
)
"""What somebody may read: of its own masters and agreements everything; of an item that it knows
and of its partners what they say to everybody."""


def latest(viewer: Viewer, what: str, name: str, most: int) -> list[Change]:
    """The latest changes of one master."""
    where, pieces = _seen(viewer, what, name)
    return CHANGES.read(where, order=("-recorded_at",), limit=most, pieces=pieces)


def changes(
    viewer: Viewer,
    *,
    what: Annotated[MasterKind | None, Filter("only of such masters")] = None,
    name: Annotated[str | None, Filter("only of the one that is called so", "NAME")] = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[Change]:
    """The changes of the viewer's own masters and agreements, of the items that it knows and of
    its partners' names, the latest first."""
    where, pieces = _seen(viewer, what, name)
    order = (*order, "-recorded_at")
    return page(CHANGES, where, order=order, limit=limit, offset=offset, pieces=pieces)


CHANGE_LIST = Question(
    "changes",
    "Show what was changed of masters: what was and what is, by whom and when, the latest first."
    "\n\nMasters are recorded again by consigned import, as are names, addresses and settings. What"
    "\nothers stand on, such as the unit of an item, is not changed.",
    changes, "change",
    (
        ("Recorded at", lambda row: f"{row.recorded_at:%Y-%m-%d %H:%M %Z}"), ("Of", "what"), "name",
        ("What", "field"), ("Before", "was"), ("After", "became"), ("By", "recorded_by"),
    ),
)  # fmt: skip


def _seen(viewer: Viewer, what: str | None, name: str | None) -> tuple[Where, dict[str, str]]:
    party = viewer.party_id
    where = Where().also(SEEN, *[party] * (3 + 6 + 4)).equals(x__what=what, x__name=name)
    return where, {"party": str(int(party))}
