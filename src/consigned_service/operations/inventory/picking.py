"""Laying goods out for picking: by the organization's pick rule, and the items' own where they
have one (decision 0063)."""

from collections.abc import Iterable

from consigned.inventory.stock import Holding, PickOrder, PickRule, Shelves
from consigned.master_data.parties import Organization
from consigned.measure.identity import ItemId, PartyId
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data.item_settings import read_item_settings


def shelves(
    organization: Organization, holdings: Iterable[Holding], items: Iterable[ItemId]
) -> Shelves:
    """The holdings of some items in the order in which this organization takes them."""
    said = {
        item: setting
        for item, setting in read_item_settings(organization.id, items).items()
        if setting.pick_order
    }
    rules = {item: (setting.pick_order, setting.owner_sequence) for item, setting in said.items()}
    known = _parties([*rules.values(), (organization.pick_order, organization.owner_sequence)])
    return Shelves(
        holdings,
        ours=organization.party,
        pick_order=organization.pick_order,
        owners=_owners(organization.owner_sequence, known),
        of_items={
            item: PickRule(order, _owners(owners or organization.owner_sequence, known))
            for item, (order, owners) in rules.items()
        },
    )


def _parties(rules: Iterable[tuple[str, str]]) -> dict[str, PartyId]:
    """The parties that pick rules name; none are read where no rule goes by owners."""
    rules = list(rules)
    if all(order != PickOrder.NAMED_OWNERS for order, _ in rules):
        return {}
    return agreement_records.party_ids({code for _, owners in rules for code in owners.split()})


def _owners(said: str, known: dict[str, PartyId]) -> tuple[PartyId, ...]:
    return tuple(known[code] for code in said.split() if code in known)
