"""What an organization says of an item: whose it is by designation there, who consigns it, which
goods go first.

The item's own designation is the default of every organization; an organization may say otherwise
for itself (checklist P12).

Refuses: UnknownItem, UnknownParty, Differs; what a field may not say, and what
`trade.designation` refuses.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, NamedTuple

from consigned.inventory.stock import PickOrder
from consigned.master_data.items import Item, UnknownItem
from consigned.measure.identity import OrganizationId
from consigned.measure.refusal import Refusal
from consigned.title.layer import Ownership
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import (
    Differs,
    Result,
)
from consigned_service.operations.core.upsert import (
    RecordedBy,
    leave_unsaid,
    read_lines,
    settle_fields,
    tell,
)
from consigned_service.operations.master_data.designations import Desk, desk_of
from consigned_service.operations.master_data.parties import known_owners
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import item_settings as setting_records
from consigned_service.records.master_data.changes import Master
from consigned_service.records.master_data.item_settings import ItemSettingRow


class ItemSettingLine(NamedTuple):
    """What an organization says of an item."""

    item: Annotated[str, fields.ITEM]
    ownership: Annotated[
        Ownership | None,
        fields.Choice(Ownership, "consigned, owned or non-owned here; empty: as the item says"),
    ] = None
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the one party that consigns it here; empty: any"
    ] = ""
    pick_order: Annotated[
        PickOrder | None,
        fields.Choice(PickOrder, "which goods are used first; empty: as the organization says"),
    ] = None
    owner_sequence: Annotated[
        str, fields.Text("for named-owners: codes of parties, the first one's goods first", 500)
    ] = ""
    approved: Annotated[bool | None, fields.YES_OR_NO, "yes once its designation is settled"] = None
    inspected: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "yes where what comes of it is inspected before it is put away",
    ] = None


def register_item_settings(
    *, organization: OrganizationId, lines: Sequence[ItemSettingLine], by: str, at: datetime
) -> Result:
    """Say how one organization keeps some items, many at once.

    Which goods go first may be told anew at will; another ownership or consignor only as a change
    of designation or an assignment would be let through. What a line leaves unsaid stays.
    """
    outcome = Result()
    code = ledger.read_organization(organization).code
    items = agreement_records.items_by_code(line.item for line in lines)
    owners = agreement_records.party_ids(
        code for line in lines for code in line.owner_sequence.split()
    )
    consignors = {(line.consignor, "") for line in lines if line.consignor}
    named = {item.code for item in items.values()}
    with desk_of({code}, named, consignors, by=by, at=at) as desk:
        told = []
        for line in read_lines(lines, partial(_read, items, owners), outcome):
            try:
                _decide(desk, code, line.value)
            except Refusal as refusal:
                outcome.refuse(line.at, refusal)
                continue
            told.append(line._replace(value=_plain(line.value)))
        tell(
            told,
            outcome,
            key=lambda row: row.item,
            add=partial(setting_records.add_item_settings, organization),
            standing=partial(setting_records.item_settings, organization),
            settle=lambda stands, said: settle_fields(
                "setting of", said.item, stands, said, may_change=ItemSettingRow._fields
            ),
            correct=partial(setting_records.correct_item_settings, organization),
            complete=_complete,
            master=lambda row: Master(
                "item-setting", f"{code} {row.item}", organization=organization, item=row.item
            ),
            told_by=RecordedBy(by, at),
        )
    return outcome


def _decide(desk: Desk, code: str, said: ItemSettingRow) -> None:
    """Whose the item's goods are here is decided by the rules for changing it."""
    if said.is_approved is False and desk.is_approved(said.item, code):
        raise Differs("setting of", said.item, "approved", "yes", "no")
    if said.ownership:
        desk.designate(said.item, code, Ownership(said.ownership), BY_SETTING)
    if said.consignor:
        desk.assign(said.item, code, said.consignor, "", BY_SETTING)
    if said.is_approved:
        desk.approve(said.item, code, BY_SETTING)


BY_SETTING = "item settings"
"""The reason of what was decided by settings, which give none."""


def _plain(said: ItemSettingRow) -> ItemSettingRow:
    """What is left of a setting once it is decided whose the item's goods are."""
    return said._replace(ownership="", consignor="", is_approved=None)


def _complete(said: ItemSettingRow) -> ItemSettingRow:
    return leave_unsaid(said._replace(is_approved=False, is_inspected=False), said)


def _read(
    items: Mapping[str, Item], owners: Mapping[str, object], line: ItemSettingLine
) -> ItemSettingRow:
    item = items.get(line.item)
    if item is None:
        raise UnknownItem(line.item)
    return ItemSettingRow(
        item.code,
        str(line.ownership or ""),
        line.consignor,
        str(line.pick_order or ""),
        known_owners(line.owner_sequence, owners),
        line.approved,
        line.inspected,
    )
