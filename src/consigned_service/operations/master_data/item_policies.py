"""How an organization keeps items: as the item is designated, or as the organization says."""

from collections.abc import Iterable

from consigned.master_data.items import Item, ItemSetting
from consigned.master_data.ownership import ItemHere
from consigned.master_data.parties import Organization
from consigned.measure.identity import ItemId
from consigned_service.records.master_data import item_settings as setting_records

NOTHING_SAID = ItemSetting()


def items_here(organization: Organization, items: Iterable[Item]) -> dict[ItemId, ItemHere]:
    """Some items as an organization keeps them (checklist P12)."""
    by_id = {item.id: item for item in items}
    settings = setting_records.read_item_settings(organization.id, by_id)
    return {
        item.id: item_here(organization, item, settings.get(item.id, NOTHING_SAID))
        for item in by_id.values()
    }


def item_here(organization: Organization, item: Item, setting: ItemSetting) -> ItemHere:
    return ItemHere(
        item.code,
        organization.code,
        setting.ownership or item.ownership,
        organization.one_consignor_per_item,
        setting.consignor,
        setting.consignor_code,
        setting.consignor_site,
        setting.consignor_site_code,
    )
