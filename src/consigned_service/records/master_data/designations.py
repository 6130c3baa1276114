"""Designations, approvals and assignments of items in the database, what stands in their way, and
every change with its reason."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from consigned.measure.identity import ItemId, OrganizationId, PartyId
from consigned_service.records import models
from consigned_service.records.sql.select import Listing, Where


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


# --- what there is -----------------------------------------------------------------------


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
    "designation_change c LEFT JOIN organization o ON o.id = c.organization_id",
    {"recorded_at": "c.id"},
)


def changes(party: int, item: int) -> list[Told]:
    """The changes of an item that a party may see: the company's, and in its organizations."""
    where = Where().also("c.item_id = %s", item)
    where.also("c.organization_id IS NULL OR o.party_id = %s", party)
    return CHANGES.read(where, order=("recorded_at",))
