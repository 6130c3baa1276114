"""What items are designated as, their approval, and who consigns them: for the company and in each
organization, every change with its reason.

A change of the company's designation is the default of organizations that do not keep the item
yet; those that do go on as before.

Refuses: UnknownItem, UnknownOrganization, UnknownParty, UnknownSite, what a field may not say, and
what `trade.designation` refuses.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, NamedTuple, TypeVar

from consigned.master_data.designation import (
    Decided,
    Kept,
    check_assignment,
    check_designation,
)
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.ownership import ItemHere, with_site
from consigned.master_data.parties import Organization, UnknownOrganization, UnknownParty
from consigned.measure.identity import ItemId, OrganizationId, PartyId
from consigned.measure.refusal import Refusal
from consigned.title.layer import Ownership
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.master_data.agreements import UnknownSite
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import designations as records
from consigned_service.records.master_data import parties as party_records
from consigned_service.records.master_data.designations import Change, Setting
from consigned_service.records.settlement import designation_obstacles

Line = TypeVar("Line", "DesignationLine", "ApprovalLine", "AssignmentLine")


class DesignationLine(NamedTuple):
    """A new designation of an item; without an organization it is the company's."""

    item: Annotated[str, fields.ITEM]
    ownership: Annotated[Ownership, fields.Choice(Ownership, "consigned, owned or non-owned")]
    because: Annotated[str, fields.BECAUSE]
    organization: Annotated[
        str,
        fields.ORGANIZATION,
        "code of the organization; empty: for all that do not keep the item yet",
    ] = ""


class ApprovalLine(NamedTuple):
    """An item that is approved; without an organization everywhere."""

    item: Annotated[str, fields.ITEM, "code of the item, or its GTIN, whose designation is settled"]
    organization: Annotated[
        str, fields.ORGANIZATION, "code of the organization; empty: everywhere"
    ] = ""
    because: Annotated[str, fields.BECAUSE] = ""


class AssignmentLine(NamedTuple):
    """The one consignor of an item, and the site its goods come from."""

    item: Annotated[str, fields.ITEM]
    consignor: Annotated[str, fields.CONSIGNOR, "code of the one party that consigns the item here"]
    site: Annotated[
        str, fields.Code("site", "code of its site that the goods come from; empty: any", 40)
    ] = ""
    because: Annotated[str, fields.BECAUSE] = ""


def change_designation(*, lines: Sequence[DesignationLine], by: str, at: datetime) -> Result:
    """Change what items are designated as, many at once (checklist P09, P10, P12)."""

    def act(desk: Desk, line: DesignationLine) -> bool:
        organization = desk.organization(line.organization)
        return desk.designate(line.item, organization, line.ownership, line.because)

    organizations = {line.organization for line in lines}
    return _do(lines, act, organizations=organizations, by=by, at=at)


def approve_items(*, lines: Sequence[ApprovalLine], by: str, at: datetime) -> Result:
    """Approve items, many at once: their designation is settled and changes no longer at will."""

    def act(desk: Desk, line: ApprovalLine) -> bool:
        return desk.approve(line.item, desk.organization(line.organization), line.because)

    organizations = {line.organization for line in lines}
    return _do(lines, act, organizations=organizations, by=by, at=at)


def assign_consignor(
    *, organization: OrganizationId, lines: Sequence[AssignmentLine], by: str, at: datetime
) -> Result:
    """Say who consigns items to an organization, many at once (checklist P14, P15)."""
    code = ledger.read_organization(organization).code

    def act(desk: Desk, line: AssignmentLine) -> bool:
        return desk.assign(line.item, code, line.consignor, line.site, line.because)

    consignors = {(line.consignor, line.site) for line in lines}
    return _do(lines, act, organizations={code}, by=by, at=at, consignors=consignors)


def _do(
    lines: Sequence[Line],
    act: Callable[["Desk", Line], bool],
    *,
    organizations: Collection[str],
    by: str,
    at: datetime,
    consignors: Collection[tuple[str, str]] = (),
) -> Result:
    """Do each line by itself; what cannot be done is refused in its place."""
    outcome = Result()
    items = {line.item for line in lines}
    with desk_of(organizations, items, consignors, by=by, at=at) as desk:
        for index, line in enumerate(lines):
            try:
                is_new = act(desk, line)
            except Refusal as refusal:
                outcome.refuse(index, refusal)
                continue
            if is_new:
                outcome.new += 1
            else:
                outcome.repeat(index)
    return outcome


@contextmanager
def desk_of(
    organizations: Collection[str],
    items: Collection[str],
    consignors: Collection[tuple[str, str]] = (),
    *,
    by: str,
    at: datetime,
) -> Iterator["Desk"]:
    """A desk for some items, under the locks of their organizations, and perhaps for consignors
    with their sites. An empty code of an organization is the company, which any may follow. What
    was decided at the desk is written at the end."""
    ids = agreement_records.organization_ids({code for code in organizations if code})
    is_companys = "" in organizations
    with ledger.writing(records.every_organization() if is_companys else ids.values()):
        desk = Desk(ids, items, consignors, is_companys=is_companys)
        yield desk
        desk.write(by=by, at=at)


class Desk:
    """Where items are designated, approved and assigned: what stands, what is decided, and why."""

    def __init__(
        self,
        organizations: Mapping[str, OrganizationId],
        items: Collection[str],
        consignors: Collection[tuple[str, str]],
        *,
        is_companys: bool,
    ) -> None:
        self._organizations = {
            code: ledger.read_organization(pk) for code, pk in organizations.items()
        }
        said = agreement_records.items_by_code(items)
        self._items = said | {item.code: item for item in said.values()}
        ids = {item.id for item in self._items.values()}
        keepers = designation_obstacles.keepers(ids) if is_companys else set()
        self._keepers: dict[ItemId, list[OrganizationId]] = defaultdict(list)
        for organization, item in sorted(keepers):
            self._keepers[item].append(organization)
        named = {(pk, item) for pk in organizations.values() for item in ids}
        self._settings = records.settings(keepers | named)
        self._parties = agreement_records.party_ids({party for party, _ in consignors})
        self._sites = party_records.site_ids({pair for pair in consignors if pair[1]})
        self._codes = records.codes(self._settings.values())
        self._kept: dict[OrganizationId, dict[ItemId, Kept]] = {}
        self._said_of_items: set[str] = set()
        self._said: set[tuple[OrganizationId, ItemId]] = set()
        self._changes: list[Change] = []

    def organization(self, code: str) -> str:
        if code and code not in self._organizations:
            raise UnknownOrganization(code)
        return code

    def designate(self, item_code: str, code: str, said: Ownership, because: str) -> bool:
        """Designate an item, in one organization or for the company; answers whether it is new."""
        item = self._item(item_code)
        if not code:
            return self._designate_for_company(item, said, because)
        organization = self._organizations[code]
        setting = self._setting(organization, item)
        if setting.ownership == said:
            return False
        here = self._here(organization, item)
        is_approved = self.is_approved(item.code, code)
        if said is not here.designation:
            kept = self._kept_in(organization, item)
            check_designation(item, here, kept, said, is_approved=is_approved)
        self._say(organization.id, item, setting._replace(ownership=str(said)))
        self._note(item, organization.id, Decided.DESIGNATION, here.designation, said, because)
        return True

    def is_approved(self, item_code: str, code: str) -> bool:
        """Whether an item's designation is settled in an organization."""
        item = self._item(item_code)
        return item.is_approved or self._setting(self._organizations[code], item).is_approved

    def approve(self, item_code: str, code: str, because: str) -> bool:
        """Approve an item, in one organization or everywhere; answers whether it is new."""
        item = self._item(item_code)
        if item.is_approved:
            return False
        if not code:
            self._items[item.code] = item._replace(is_approved=True)
            self._said_of_items.add(item.code)
            self._note(item, None, Decided.APPROVAL, "no", "yes", because)
            return True
        organization = self._organizations[code]
        setting = self._setting(organization, item)
        if setting.is_approved:
            return False
        self._say(organization.id, item, setting._replace(is_approved=True))
        self._note(item, organization.id, Decided.APPROVAL, "no", "yes", because)
        return True

    def assign(
        self, item_code: str, code: str, consignor_code: str, site_code: str, because: str
    ) -> bool:
        """Assign the consignor of an item in one organization; answers whether it is new."""
        item, organization = self._item(item_code), self._organizations[code]
        consignor, site = self._consignor(consignor_code, site_code)
        setting = self._setting(organization, item)
        if (setting.consignor, setting.site) == (consignor, site):
            return False
        here = self._here(organization, item)
        kept = self._kept_in(organization, item)
        after = with_site(consignor_code, site_code)
        check_assignment(item, here, kept, consignor, after)
        self._say(organization.id, item, setting._replace(consignor=consignor, site=site))
        self._codes[consignor, site] = consignor_code, site_code
        self._note(item, organization.id, Decided.CONSIGNOR, here.assigned, after, because)
        return True

    def write(self, *, by: str, at: datetime) -> None:
        items = [self._items[code] for code in sorted(self._said_of_items)]
        records.write_items([(item.id, str(item.ownership), item.is_approved) for item in items])
        records.write_settings((*pair, self._settings[pair]) for pair in sorted(self._said))
        records.add_changes(self._changes, by=by, at=at)

    def _designate_for_company(self, item: Item, said: Ownership, because: str) -> bool:
        """The default changes; organizations that keep the item keep it as it was (§3.1 b 6)."""
        if item.ownership is said:
            return False
        for organization in self._keepers[item.id]:
            setting = self._settings.get((organization, item.id), Setting())
            if not setting.ownership:
                self._say(organization, item, setting._replace(ownership=str(item.ownership)))
        self._items[item.code] = item._replace(ownership=said)
        self._said_of_items.add(item.code)
        self._note(item, None, Decided.DESIGNATION, item.ownership, said, because)
        return True

    def _item(self, code: str) -> Item:
        if code not in self._items:
            raise UnknownItem(code)
        return self._items[code]

    def _setting(self, organization: Organization, item: Item) -> Setting:
        return self._settings.get((organization.id, item.id), Setting())

    def _here(self, organization: Organization, item: Item) -> ItemHere:
        setting = self._setting(organization, item)
        consignor, site = self._codes.get((setting.consignor, setting.site), ("", ""))
        return ItemHere(
            item.code,
            organization.code,
            Ownership(setting.ownership) if setting.ownership else item.ownership,
            organization.one_consignor_per_item,
            setting.consignor,
            consignor,
            setting.site,
            site,
        )

    def _consignor(self, code: str, site: str) -> tuple[PartyId, int | None]:
        if code not in self._parties:
            raise UnknownParty(code)
        if site and (code, site) not in self._sites:
            raise UnknownSite(code, site)
        return self._parties[code], self._sites[code, site] if site else None

    def _kept_in(self, organization: Organization, item: Item) -> Kept:
        """What there is of an item, read for all items of the batch when it is first asked for."""
        if organization.id not in self._kept:
            ids = {one.id for one in self._items.values()}
            self._kept[organization.id] = designation_obstacles.kept(organization.id, ids)
        return self._kept[organization.id][item.id]

    def _say(self, organization: OrganizationId, item: Item, setting: Setting) -> None:
        self._settings[organization, item.id] = setting
        self._said.add((organization, item.id))

    def _note(
        self, item: Item, organization: OrganizationId | None, what: Decided, before: str,
        after: str, because: str,
    ) -> None:  # fmt: skip
        self._changes.append(Change(item.id, organization, what, str(before), str(after), because))
