"""What lies on the shelves, row by row and in sums: balances, never a fold of all entries.

Only a question about a day gone by folds the entries up to that day. Every question names the
party whose sight bounds it: it sees what it owns, and what lies in its own organizations.
"""

from datetime import date
from typing import NamedTuple

from consigned.title.layer import Ownership
from consigned.title.position import OUTER_ZONES
from consigned_service.records.master_data.roles import KEEPING
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Where

OUTER = ", ".join(f"'{zone}'" for zone in sorted(OUTER_ZONES))


WHERE_IT_LIES = (
    "{then} position p ON p.organization_id = b.organization_id AND p.number = b.position "
    "{then} organization o ON o.id = p.organization_id "
    "{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
)
# What lies in the organizations of a party, by the index of what lies inside the walls: with every
# layer that was ever used up there are more balances of outer places.
HELD = (
    "SELECT hb.organization_id, hb.position, hb.layer, hb.quantity FROM organization ho "
    "{then} balance hb ON hb.organization_id = ho.id AND NOT hb.is_outer WHERE {whose}"
)
# Its goods in others' organizations, where there may be far more of others than of its own.
OFF_SITE = (
    "SELECT hb.organization_id, hb.position, hb.layer, hb.quantity FROM position hp "
    "{then} organization ho ON ho.id = hp.organization_id "
    "{then} balance hb ON hb.organization_id = hp.organization_id AND hb.position = hp.number "
    "AND NOT hb.is_outer WHERE hp.owner_id = {party} AND ho.party_id <> {party}"
)
# Of some items or one owner: from the positions, which are few, to what lies there.
NOW = (
    "organization o "
    "{then} position p ON p.organization_id = o.id "
    "{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
    "{then} balance b ON b.organization_id = p.organization_id AND {lying} "
)
LAYER = "{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
TABLES = "{lies} " + LAYER


APPOINTED = f"FROM appointment WHERE party_id = {{party}} AND role IN ({KEEPING})"
KEPT = f"o.id IN (SELECT organization {APPOINTED.format(party='%s')})"
TOLD_ONCE = (
    "o.party_id = %s OR (p.owner_id = %s AND NOT EXISTS (SELECT 1 FROM agreement ho "
    "WHERE ho.id = l.agreement AND NOT (ho.sourced_from = '')))"
)
"""What a party holds, and its goods in others' hands; of goods that it hands on for another party
(E14) only what its own organization says, so that they are not counted where they went, too."""
ORDERED = (
    "l.order_line IN (SELECT ol.id FROM order_line ol "
    "JOIN purchase_order co ON co.id = ol.order_id WHERE co.number = %s)"
)


class Visibility(NamedTuple):
    """What of the shelves is asked for; None asks nothing."""

    party: int
    item: str | None = None
    owner: str | None = None
    holder: str | None = None
    organization: str | None = None
    place: str | None = None
    order: str | None = None
    agreement: str | None = None
    ownership: str | None = None
    """consigned or non-owned: somebody else's in the holder's hands; owned: the holder's."""
    own_side: str | None = None
    """held: in the party's own organizations; off-site: the party's goods in others' hands;
    kept: in the organizations of others whose goods it keeps."""
    received_from: date | None = None
    received_through: date | None = None
    expires_through: date | None = None
    lot: str | None = None


def standing() -> dict[str, str]:
    """The balances as they are kept, of some items or one owner. To an equality SQLite would first
    make an index of its own over all of them, each time; a span of one number it looks up in the
    index that there is."""
    lying = "b.position = p.number"
    if not bulk.is_postgres():
        lying = "b.position BETWEEN p.number AND p.number"
    return {"lies": NOW.format(then=bulk.then(), lying=lying)}


def on_hand_within(sight: Visibility) -> dict[str, str]:
    """The balances as they are kept, found by what is asked for."""
    if sight.item is not None or sight.owner is not None:
        return standing()
    return {"lies": f"({balances_within(sight)}) b {WHERE_IT_LIES.format(then=bulk.then())}"}


def balances_within(sight: Visibility) -> str:
    """What lies inside the walls on the side that is asked for: organization, position, layer and
    quantity, in SQL. PostgreSQL is to find that first: for the first rows by item it would go
    through all items and positions in the hope to be done soon."""
    return f"{_balances(sight)}{' OFFSET 0' if bulk.is_postgres() else ''}"


def _balances(sight: Visibility) -> str:
    then, party = bulk.then(), int(sight.party)
    whose = f"ho.party_id = {party}"
    if sight.own_side == "kept":
        whose = f"ho.id IN (SELECT organization {APPOINTED.format(party=party)})"
    held = HELD.format(then=then, whose=whose)
    off_site = OFF_SITE.format(then=then, party=party)
    match sight.own_side:
        case "held" | "kept":
            return held
        case "off-site":
            return off_site
        case _:
            return f"{held} UNION ALL {off_site}"


def seen(sight: Visibility) -> Where:
    """What rows must keep so that a party sees what it may and what it asks for."""
    where = Where()
    match sight.own_side:
        case "held":
            where.also("o.party_id = %s", sight.party)
        case "off-site":
            where.also("p.owner_id = %s AND o.party_id <> %s", sight.party, sight.party)
        case "kept":
            where.also(KEPT, sight.party)
        case _ if any((sight.owner, sight.holder, sight.organization, sight.agreement)):
            where.also("o.party_id = %s OR p.owner_id = %s", sight.party, sight.party)
        case _:
            where.also(TOLD_ONCE, sight.party, sight.party)
    where.also(f"pl.zone NOT IN ({OUTER})")
    for asked, condition in (
        (sight.item, "p.item_id = (SELECT id FROM item WHERE code = %s)"),
        (sight.owner, "p.owner_id = (SELECT id FROM party WHERE code = %s)"),
        (sight.holder, "o.party_id = (SELECT id FROM party WHERE code = %s)"),
        (sight.organization, "o.code = %s"),
        (sight.place, "pl.code = %s"),
        (sight.order, ORDERED),
        (sight.agreement, "l.agreement = (SELECT id FROM agreement WHERE number = %s)"),
        (sight.lot, "l.lot = %s"),
        (sight.received_from, "l.received_on >= %s"),
        (sight.received_through, "l.received_on <= %s"),
        (sight.expires_through, "l.expires_on <= %s"),
    ):
        if asked is not None:
            where.also(condition, asked)
    if sight.ownership == Ownership.OWNED:
        where.also("p.owner_id = o.party_id")
    elif sight.ownership:
        where.also("p.owner_id <> o.party_id AND l.ownership = %s", sight.ownership)
    return where
