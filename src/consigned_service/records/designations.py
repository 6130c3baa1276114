"""Designations, approvals and assignments of items in the database, what stands in their way, and
every change with its reason."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from consigned.master_data.designation import Kept, Lying, OpenLine, Unsettled
from consigned.measure.identity import ItemId, OrganizationId, PartyId
from consigned.title.layer import Ownership
from consigned.title.position import OUTER_ZONES, Place, Zone
from consigned_service.records import bulk, models
from consigned_service.records.cancellations import STANDS
from consigned_service.records.item_pages import IS_OPEN, ITEMS, RECEIVED, Item, read_one
from consigned_service.records.reading import Listing, Where

Row = TypeVar("Row")


class Setting(NamedTuple):
    """What an organization says of an item's ownership."""

    ownership: str = ""
    consignor: PartyId | None = None
    site: int | None = None
    is_approved: bool = False


class Change(NamedTuple):
    item: ItemId
    organization: OrganizationId | None
    what: str
    before: str
    after: str
    because: str


def every_organization() -> list[OrganizationId]:
    return [OrganizationId(pk) for pk in models.Organization.objects.values_list("pk", flat=True)]


def keepers(items: Collection[ItemId]) -> set[tuple[OrganizationId, ItemId]]:
    """The organizations that keep some items: with goods, order lines or settings of them."""
    subquery, wanted = bulk.among(items)
    rows = bulk.fetch(
        f"SELECT organization_id, item_id FROM position WHERE item_id IN ({subquery}) "
        "UNION SELECT d.organization_id, l.item_id FROM order_line l "
        f"JOIN consigned_order d ON d.id = l.order_id WHERE l.item_id IN ({subquery}) "
        f"UNION SELECT organization_id, item_id FROM item_setting WHERE item_id IN ({subquery})",
        [wanted, wanted, wanted],
    )
    return {(OrganizationId(organization), ItemId(item)) for organization, item in rows}


# --- what there is -----------------------------------------------------------------------


def kept(organization: OrganizationId, items: Collection[ItemId]) -> dict[ItemId, Kept]:
    """What an organization has of some items, in five statements however many they are."""
    if not items:
        return {}
    lying = _by_item(_lying(organization, items))
    lines = _by_item(_open_lines(organization, items))
    unsettled = _by_item(
        [
            *_waiting(organization, items),
            *_untold(organization, items),
            *_uninvoiced(organization, items),
        ]
    )
    return {
        item: Kept(lying.get(item, []), lines.get(item, []), unsettled.get(item, []))
        for item in items
    }


def _by_item(rows: Iterable[tuple[ItemId, Row]]) -> dict[ItemId, list[Row]]:
    found: dict[ItemId, list[Row]] = {}
    for item, row in rows:
        found.setdefault(item, []).append(row)
    return found


def _lying(organization: OrganizationId, items: Collection[ItemId]) -> list[tuple[ItemId, Lying]]:
    subquery, wanted = bulk.among(items)
    outer, zones = bulk.among(map(str, OUTER_ZONES), "text")
    then = bulk.then()
    rows = bulk.fetch(
        "SELECT p.item_id, pl.number, pl.code, pl.zone, pl.is_owned, pl.is_nettable, "
        "CASE WHEN p.owner_id = o.party_id THEN 'owned' ELSE l.ownership END, "
        "p.owner_id, w.code, SUM(b.quantity) "
        f"FROM organization o {then} position p ON p.organization_id = o.id "
        f"{then} place pl ON pl.organization_id = o.id AND pl.number = p.place "
        f"{then} balance b ON b.organization_id = o.id AND b.position = p.number "
        f"{then} layer l ON l.organization_id = o.id AND l.number = b.layer "
        f"{then} party w ON w.id = p.owner_id "
        f"WHERE o.id = %s AND p.item_id IN ({subquery}) AND pl.zone NOT IN ({outer}) "
        "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 2, 9",
        [organization, wanted, zones],
    )
    return [
        (
            item,
            Lying(
                Place(number, code, Zone(zone), bool(is_owned), bool(is_nettable)), int(quantity),
                Ownership(ownership), owner, owner_code,
            ),
        )
        for (item, number, code, zone, is_owned, is_nettable, ownership, owner, owner_code,
             quantity) in rows
    ]  # fmt: skip


def _open_lines(
    organization: OrganizationId, items: Collection[ItemId]
) -> list[tuple[ItemId, OpenLine]]:
    subquery, wanted = bulk.among(items)
    rows = bulk.fetch(
        f"SELECT ol.item_id, co.number, ol.line, ol.quantity - {RECEIVED} "
        "FROM order_line ol JOIN consigned_order co ON co.id = ol.order_id "
        f"WHERE ol.item_id IN ({subquery}) AND co.organization_id = %s AND {IS_OPEN} "
        "ORDER BY co.number, ol.line",
        [wanted, organization],
    )
    return [(item, OpenLine(order, line, int(left))) for item, order, line, left in rows]


def _waiting(
    organization: OrganizationId, items: Collection[ItemId]
) -> list[tuple[ItemId, Unsettled]]:
    subquery, wanted = bulk.among(items)
    rows = bulk.fetch(
        "SELECT w.item_id, SUM(w.quantity) FROM waiting_exception w "
        f"WHERE w.organization_id = %s AND w.item_id IN ({subquery}) AND NOT EXISTS ("
        "SELECT 1 FROM exception_resolution r WHERE r.organization_id = w.organization_id "
        "AND r.exception = w.number) GROUP BY w.item_id",
        [organization, wanted],
    )
    return [(item, Unsettled(int(quantity), "wait to be corrected")) for item, quantity in rows]


def _untold(
    organization: OrganizationId, items: Collection[ItemId]
) -> list[tuple[ItemId, Unsettled]]:
    subquery, wanted = bulk.among(items)
    rows = bulk.fetch(
        "SELECT t.item_id, SUM(t.quantity) FROM running_total t "
        f"WHERE t.organization_id = %s AND t.item_id IN ({subquery}) AND t.told_on IS NULL "
        "GROUP BY t.item_id HAVING SUM(t.quantity) <> 0",
        [organization, wanted],
    )
    return [(item, Unsettled(int(quantity), "are on no advice yet")) for item, quantity in rows]


def _uninvoiced(
    organization: OrganizationId, items: Collection[ItemId]
) -> list[tuple[ItemId, Unsettled]]:
    """What was advised and waits for its invoice; of what is only reported nothing waits."""
    subquery, wanted = bulk.among(items)
    rows = bulk.fetch(
        "SELECT l.item_id, a.number, SUM(l.quantity) FROM advice_line l "
        "JOIN advice a ON a.id = l.advice_id LEFT JOIN settlement s ON s.advice_id = a.id "
        f"WHERE l.organization_id = %s AND l.item_id IN ({subquery}) AND s.id IS NULL "
        f"AND a.settlement_method <> 'report-only' AND {STANDS.format(advice='a')} "
        "GROUP BY l.item_id, a.number ORDER BY a.number",
        [organization, wanted],
    )
    return [
        (item, Unsettled(int(quantity), f"are on advice {number} without an invoice"))
        for item, number, quantity in rows
    ]


# --- as it is kept -----------------------------------------------------------------------


def settings(
    pairs: Collection[tuple[OrganizationId, ItemId]],
) -> dict[tuple[OrganizationId, ItemId], Setting]:
    rows = models.ItemSetting.objects.filter(
        organization_id__in={organization for organization, _ in pairs},
        item_id__in={item for _, item in pairs},
    )
    return {
        (OrganizationId(row.organization_id), ItemId(row.item_id)): Setting(
            row.ownership, PartyId(row.consignor_id) if row.consignor_id else None,
            row.consignor_site_id, row.is_approved,
        )
        for row in rows
    }  # fmt: skip


Consignor = tuple[PartyId | None, int | None]


def codes(settings: Iterable[Setting]) -> dict[Consignor, tuple[str, str]]:
    """The codes of the consignors and sites that settings name."""
    named = {(setting.consignor, setting.site) for setting in settings if setting.consignor}
    parties = models.Party.objects.filter(pk__in={consignor for consignor, _ in named})
    sites = models.Site.objects.filter(pk__in={site for _, site in named if site})
    party_codes = dict(parties.values_list("pk", "code"))
    site_codes = dict(sites.values_list("pk", "code"))
    return {
        (consignor, site): (party_codes[consignor], site_codes[site] if site else "")
        for consignor, site in named
        if consignor
    }


def write_settings(rows: Iterable[tuple[OrganizationId, ItemId, Setting]]) -> None:
    models.ItemSetting.objects.bulk_create(
        [
            models.ItemSetting(
                organization_id=organization, item_id=item, ownership=said.ownership,
                consignor_id=said.consignor, consignor_site_id=said.site,
                is_approved=said.is_approved,
            )
            for organization, item, said in rows
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["organization", "item"],
        update_fields=["ownership", "consignor", "consignor_site", "is_approved"],
    )  # fmt: skip


def write_items(rows: Sequence[tuple[ItemId, str, bool]]) -> None:
    """Designations and approvals of the company."""
    said = {item: (ownership, is_approved) for item, ownership, is_approved in rows}
    found = list(models.Item.objects.filter(pk__in=said))
    for item in found:
        item.ownership, item.is_approved = said[ItemId(item.pk)]
    models.Item.objects.bulk_update(found, ["ownership", "is_approved"], batch_size=1000)


def add_changes(changes: Sequence[Change], *, by: str, at: datetime) -> None:
    models.ItemChange.objects.bulk_create(
        models.ItemChange(
            item_id=change.item, organization_id=change.organization, what=change.what,
            before=change.before, after=change.after, because=change.because, recorded_by=by,
            recorded_at=at,
        )
        for change in changes
    )  # fmt: skip


# --- as people ask for it ------------------------------------------------------------------


class Told(NamedTuple):
    """A change as it was told."""

    organization: str | None
    what: str
    before: str
    after: str
    because: str
    recorded_by: str
    recorded_at: datetime


CHANGES = Listing(
    Told,
    {
        "organization": "o.code",
        "what": "c.what",
        "before": "c.before",
        "after": "c.after",
        "because": "c.because",
        "recorded_by": "c.recorded_by",
        "recorded_at": "c.recorded_at",
    },
    "item_change c LEFT JOIN organization o ON o.id = c.organization_id",
    {"recorded_at": "c.id"},
)


def changes(party: int, item: int) -> list[Told]:
    """The changes of an item that a party may see: the company's, and in its organizations."""
    where = Where().also("c.item_id = %s", item)
    where.also("c.organization_id IS NULL OR o.party_id = %s", party)
    return CHANGES.read(where, order=("recorded_at",))


class AsKept(NamedTuple):
    """What an organization says of an item."""

    organization: str
    ownership: str
    is_approved: bool
    consignor: str | None
    consignor_site: str | None


AS_KEPT = Listing(
    AsKept,
    {
        "organization": "o.code",
        "ownership": "COALESCE(NULLIF(s.ownership, ''), i.ownership)",
        "is_approved": "CASE WHEN i.is_approved OR COALESCE(s.is_approved, FALSE) "
        "THEN 1 ELSE 0 END",
        "consignor": "p.code",
        "consignor_site": "t.code",
    },
    "item i JOIN organization o ON true "
    "LEFT JOIN item_setting s ON s.organization_id = o.id AND s.item_id = i.id "
    "LEFT JOIN party p ON p.id = s.consignor_id LEFT JOIN site t ON t.id = s.consignor_site_id",
)


def known_item(party: int, code: str) -> Item | None:
    """An item that a party trades, or of which one of its organizations says something."""
    if item := read_one(party, code):
        return item
    where = Where().also("i.code = %s", code)
    where.also(
        "i.id IN (SELECT s.item_id FROM item_setting s JOIN organization o "
        "ON o.id = s.organization_id WHERE o.party_id = %s)",
        party,
    )
    return next(iter(ITEMS.read(where)), None)


def as_kept(party: int, item: int) -> list[AsKept]:
    """An item as each organization of a party keeps it."""
    where = Where().equals(i__id=item, o__party_id=party)
    return AS_KEPT.read(where, order=("organization",))
