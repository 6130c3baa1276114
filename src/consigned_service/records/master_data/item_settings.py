"""What organizations say of items, as it is written, told again, and read by the acts."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from consigned.master_data.items import ItemSetting
from consigned.measure.identity import ItemId, OrganizationId, PartyId
from consigned_service.records import models
from consigned_service.records.master_data.agreements import OWNERSHIPS, party_ids
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column


class ItemSettingRow(NamedTuple):
    """A setting; what is empty or None is not said."""

    item: str
    ownership: str
    consignor: str
    pick_order: str
    owner_sequence: str
    is_approved: bool | None
    is_inspected: bool | None


def read_item_settings(
    organization: OrganizationId, items: Iterable[ItemId]
) -> dict[ItemId, ItemSetting]:
    """What an organization says of some items, for those of which it says anything."""
    subquery, wanted = bulk.among(set(items))
    return {
        item: ItemSetting(
            OWNERSHIPS.get(ownership), PartyId(consignor) if consignor else None, pick_order,
            owner_sequence, bool(is_approved), consignor_code or "", site, site_code or "",
            bool(is_inspected),
        )
        for (item, ownership, consignor, pick_order, owner_sequence, is_approved, consignor_code,
             site, site_code, is_inspected) in bulk.fetch(
            "SELECT s.item_id, s.ownership, s.consignor_id, s.pick_order, s.owner_sequence, "
            "s.is_approved, p.code, s.consignor_site_id, t.code, s.is_inspected "
            "FROM item_setting s "
            "LEFT JOIN party p ON p.id = s.consignor_id "
            "LEFT JOIN site t ON t.id = s.consignor_site_id "
            f"WHERE s.organization_id = %s AND s.item_id IN ({subquery})",
            [organization, wanted],
        )
    }  # fmt: skip


def add_item_settings(organization: OrganizationId, rows: Sequence[ItemSettingRow]) -> set[str]:
    """Insert the settings that are not there yet; answers the codes of their items."""
    items = _item_ids(row.item for row in rows)
    codes = {pk: code for code, pk in items.items()}
    consignors = party_ids({row.consignor for row in rows if row.consignor})
    added = bulk.upsert(
        "item_setting",
        (Column("organization_id"), Column("item_id"), Column("ownership", "text"),
         Column("consignor_id"), Column("pick_order", "text"), Column("owner_sequence", "text"),
         Column("is_approved", "boolean"), Column("is_inspected", "boolean")),
        [
            (organization, items[row.item], row.ownership, consignors.get(row.consignor),
             row.pick_order, row.owner_sequence, row.is_approved, row.is_inspected)
            for row in rows
        ],
        key=("organization_id", "item_id"),
        update=None,
        returning=("item_id",),
    )  # fmt: skip
    return {codes[item] for (item,) in added}


def item_settings(organization: OrganizationId, codes: Iterable[str]) -> dict[str, ItemSettingRow]:
    return {row.item.code: _row(row) for row in _found(organization, codes)}


def correct_item_settings(organization: OrganizationId, rows: Sequence[ItemSettingRow]) -> None:
    said = {row.item: row for row in rows}
    consignors = party_ids({row.consignor for row in rows if row.consignor})
    found = _found(organization, said)
    for setting in found:
        row = said[setting.item.code]
        setting.ownership, setting.consignor_id = row.ownership, consignors.get(row.consignor)
        setting.pick_order, setting.owner_sequence = row.pick_order, row.owner_sequence
        setting.is_approved = bool(row.is_approved)
        setting.is_inspected = bool(row.is_inspected)
    models.ItemSetting.objects.bulk_update(
        found,
        ["ownership", "consignor", "pick_order", "owner_sequence", "is_approved", "is_inspected"],
        batch_size=1000,
    )  # fmt: skip


def _found(organization: OrganizationId, codes: Iterable[str]) -> list[models.ItemSetting]:
    rows = models.ItemSetting.objects.select_related("item", "consignor")
    return list(rows.filter(organization_id=organization, item__code__in=bulk.writable(codes)))


def _row(row: models.ItemSetting) -> ItemSettingRow:
    consignor = row.consignor.code if row.consignor else ""
    return ItemSettingRow(
        row.item.code, row.ownership, consignor, row.pick_order, row.owner_sequence,
        row.is_approved,
        row.is_inspected,
    )  # fmt: skip


def _item_ids(codes: Iterable[str]) -> dict[str, int]:
    rows = models.Item.objects.filter(code__in=bulk.writable(codes))
    return dict(rows.values_list("code", "pk"))
