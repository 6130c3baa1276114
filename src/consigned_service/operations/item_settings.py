"""What an organization says of an item: whose it is by designation there, who consigns it, which
goods go first.

The item's own designation is the default of every organization; an organization may say otherwise
for itself (checklist P12).

Refuses: UnknownItem, UnknownParty, Differs; what a field may not say.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from consigned.measure.identity import OrganizationId
from consigned.title.layer import Ownership
from consigned.trade.items import Item, UnknownItem
from consigned.trade.parties import UnknownParty
from consigned.trade.shelf import PickOrder
from consigned_service.operations.lines import Outcome, one_of, required, yes_or_no
from consigned_service.operations.parties import known_owners
from consigned_service.operations.register import read_lines, settle_fields, tell
from consigned_service.records import agreements as agreement_records
from consigned_service.records import item_settings as setting_records
from consigned_service.records.item_settings import ItemSettingRow


class ItemSettingLine(NamedTuple):
    """What an organization says of an item, as written."""

    item: str
    ownership: str = ""
    consignor: str = ""
    pick_order: str = ""
    owner_order: str = ""
    approved: str = ""
    inspected: str = ""


def register_item_settings(
    *, organization: OrganizationId, lines: Sequence[ItemSettingLine]
) -> Outcome:
    """Say how one organization keeps some items, many at once; which goods go first may be told
    anew."""
    outcome = Outcome()
    items = agreement_records.items_by_code(line.item.strip() for line in lines)
    parties = agreement_records.party_ids(
        code for line in lines for code in (line.consignor.strip(), *line.owner_order.split())
    )
    tell(
        read_lines(lines, partial(_read, items, parties), outcome),
        outcome,
        key=lambda row: row.item,
        add=partial(setting_records.add_item_settings, organization),
        standing=partial(setting_records.item_settings, organization),
        settle=lambda stands, said: settle_fields(
            "setting of", said.item, stands, said,
            may_change={"pick_order", "owner_order", "is_approved", "is_inspected"},
        ),
        correct=partial(setting_records.correct_item_settings, organization),
    )  # fmt: skip
    return outcome


def _read(
    items: Mapping[str, Item], parties: Mapping[str, object], line: ItemSettingLine
) -> ItemSettingRow:
    code = required(line.item, "item", 60)
    if code not in items:
        raise UnknownItem(code)
    consignor = line.consignor.strip()
    if consignor and consignor not in parties:
        raise UnknownParty(consignor)
    return ItemSettingRow(
        code,
        str(one_of(line.ownership, Ownership, "ownership")) if line.ownership.strip() else "",
        consignor,
        str(one_of(line.pick_order, PickOrder, "pick_order")) if line.pick_order.strip() else "",
        known_owners(line.owner_order, parties),
        yes_or_no(line.approved, "approved", default=False),
        yes_or_no(line.inspected, "inspected", default=False),
    )
