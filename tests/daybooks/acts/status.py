"""Whose goods are by designation, what lines may be, and where goods may be put away."""

from datetime import date

from consigned.title.layer import Ownership
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.inbound import receipts
from consigned_service.operations.master_data import designations, item_settings, items, parties
from consigned_service.queries.inbound import putaway
from consigned_service.queries.inventory import stock as stock_queries
from consigned_service.queries.master_data import changes as change_queries
from consigned_service.queries.master_data import designations as designation_queries
from consigned_service.queries.settlement import advices as advice_queries
from consigned_service.records import models
from tests.daybooks import words
from tests.daybooks.acts import BY, at

WHERE = "[ into {place}][ on {on}][ in {organization}]"

SENTENCES = {
    "takes_one_consignor": ["{organization} takes {how_many*} goods of each item"],
    "transfers_to_owned": [
        "{organization} allows {some} transfers to owned places",
        "{organization} allows transfers to owned places",
    ],
    "keep": ["{organization} keeps {item} as {ownership}"],
    "receive_as": [
        "receive {receipt}[ line {line}]: {quantity} {unit} of {item} under {agreement} "
        "as {ownership}[ at {price}]" + WHERE,
        "receive {receipt}[ line {line}]: {quantity} {unit} of {item} from {consignor}"
        "[ as {ownership}][ at {price}]" + WHERE,
        "receive {receipt}[ line {line}]: {quantity} {unit} on {order}[ line {order_line}] "
        "as {ownership}" + WHERE,
    ],
    "offered": [
        "places offered for {receipt}[ line {line}][ seen by {viewer}]",
        "places offered for item {item}[ as {ownership}][ in {organization}]",
    ],
    "status_on_hand": ["on hand with status[ of {item}]"],
    "new_item": ["new item {item} in {unit}[, {ownership}], not approved yet"],
    "designate": ["designate {item} as {ownership}[ in {organization}] because {because*}"],
    "approve": ["approve {item}[ in {organization}]"],
    "assign": ["assign {item} to {consignor}[ at {site}][ in {organization}]"],
    "designation": ["designation of {item}[ seen by {viewer}]"],
    "paid_by": ["what comes to {organization} is paid by {unit}"],
    "site": ["site {code} of {party}"],
    "rename": ['{what} {name} is called "{called}" from now on'],
    "names_on": ["names on {advice}"],
    "changes": ["changes[ of {what} {name}][ seen by {viewer}]"],
}


class Acts:
    def takes_one_consignor(self, day: date, organization: str, how_many: str) -> list[str]:
        takes_one = {"one consignor's": "yes", "several consignors'": "no"}[how_many]
        return self._settle(day, organization, one_consignor_per_item=takes_one)

    def transfers_to_owned(self, day: date, organization: str, some: str = "") -> list[str]:
        allowed = "no" if some == "no" else "yes"
        return self._settle(day, organization, allows_transfer_to_owned=allowed)

    def _settle(self, day: date, code: str, **settings: str) -> list[str]:
        stands = models.Organization.objects.select_related("party").get(code=code)
        line = written(
            parties.OrganizationLine, code, "", stands.party.code, stands.currency, **settings
        )
        parties.register_organizations(lines=[line], by=BY, at=at(day)).or_raise()
        return []

    def paid_by(self, day: date, organization: str, unit: str) -> list[str]:
        return self._settle(day, organization, payables_unit=unit)

    def keep(self, day: date, organization: str, item: str, ownership: str) -> list[str]:
        line = written(item_settings.ItemSettingLine, item, ownership)
        item_settings.register_item_settings(
            organization=self._in(organization), lines=[line], by=BY, at=at(day)
        ).or_raise()
        return []

    def new_item(self, day: date, item: str, unit: str, ownership: str) -> list[str]:
        line = written(items.ItemLine, item, "", unit, ownership, approved="no")
        items.register_items(lines=[line]).or_raise()
        return []

    def site(self, day: date, code: str, party: str) -> list[str]:
        parties.register_sites(lines=[written(parties.SiteLine, party, code)]).or_raise()
        return []

    def designate(
        self, day: date, item: str, ownership: str, organization: str, because: str
    ) -> list[str]:
        line = written(designations.DesignationLine, item, ownership, because, organization)
        done = designations.change_designation(lines=[line], by=BY, at=at(day)).or_raise()
        return words.NOTHING_CHANGES if done.repeated else []

    def approve(self, day: date, item: str, organization: str) -> list[str]:
        line = written(designations.ApprovalLine, item, organization)
        done = designations.approve_items(lines=[line], by=BY, at=at(day)).or_raise()
        return words.NOTHING_CHANGES if done.repeated else []

    def assign(
        self, day: date, item: str, consignor: str, site: str, organization: str
    ) -> list[str]:
        line = written(designations.AssignmentLine, item, consignor, site)
        done = designations.assign_consignor(
            organization=self._in(organization), lines=[line], by=BY, at=at(day)
        ).or_raise()
        return words.NOTHING_CHANGES if done.repeated else []

    def designation(self, day: date, item: str, viewer: str) -> list[str]:
        found = designation_queries.designation(self._viewer(viewer), item)
        if found is None:
            return words.NOTHING
        return [
            f"{found.item} is {found.designation}",
            *(
                f"at {at_one.organization}: {at_one.designation}"
                + (f", from {at_one.consignor}" if at_one.consignor else "")
                + (f" at {at_one.consignor_site}" if at_one.consignor_site else "")
                + ("" if at_one.is_approved else ", not approved yet")
                for at_one in found.organizations
            ),
            *(
                f"{change.recorded_at:%Y-%m-%d} {change.organization or 'company'}: "
                f"{change.what} {change.before or 'nobody'} > {change.after} "
                f"by {change.recorded_by}"
                + (f" because {change.because}" if change.because else "")
                for change in found.changes
            ),
        ]

    def receive_as(
        self, day: date, receipt: str, line: str, quantity: str, unit: str, place: str, on: str,
        organization: str, order: str = "", **said: str,
    ) -> list[str]:  # fmt: skip
        if order:
            said |= {"order": order, "order_line": said.get("order_line") or "1"}
        return self._receive(
            day, organization or self.ordered_in.get(order, ""),
            written(receipts.ReceiptLine,
                receipt, line or "1", on or day.isoformat(), quantity=quantity, unit=unit,
                place=place, **said,
            ),
        )  # fmt: skip

    def offered(
        self, day: date, receipt: str = "", line: str = "", viewer: str = "", item: str = "",
        ownership: str = "", organization: str = "",
    ) -> list[str]:  # fmt: skip
        code = organization or self._first()
        if receipt:
            found = putaway.places_for_receipt(self._viewer(viewer), code, receipt, int(line or 1))
        else:
            found = putaway.places_for_item(
                self._viewer(viewer), code, item, Ownership(ownership) if ownership else None
            )
        if found is None:
            return words.NOTHING
        places = (f"{p.place}, as usual" if p.is_usual else p.place for p in found.places)
        return [f"{found.item} is {found.ownership}: {'; '.join(places)}"]

    def status_on_hand(self, day: date, item: str) -> list[str]:
        page = stock_queries.on_hand(self._viewer(""), item or None, today=day)
        return [
            f"{words.amount(row.quantity.micros, row.quantity.unit, row.item)} "
            f"({self._layer(row.organization, row.layer)}) at "
            f"{self._place(row.organization, row.place)}: {row.ownership}"
            for row in page.rows
        ] or words.NOTHING

    def rename(self, day: date, what: str, name: str, called: str) -> list[str]:
        told_by = RecordedBy(BY, at(day))
        if what == "party":
            line = written(parties.PartyLine, name, called)
            outcome = parties.register_parties(lines=[line], told_by=told_by)
        elif what == "item":
            stands = models.Item.objects.get(code=name)
            item = written(items.ItemLine, name, called, stands.unit)
            outcome = items.register_items(lines=[item], told_by=told_by)
        else:
            organization = models.Organization.objects.select_related("party").get(code=name)
            said = written(
                parties.OrganizationLine,
                name,
                called,
                organization.party.code,
                organization.currency,
            )
            outcome = parties.register_organizations(lines=[said], by=BY, at=at(day))
        outcome.or_raise()
        return ["changed"] if outcome.changed else words.NOTHING_CHANGES

    def changes(self, day: date, what: str, name: str, viewer: str) -> list[str]:
        found = change_queries.changes(self._viewer(viewer), what=what or None, name=name or None)
        return [
            f"{one.field} of {one.what} {one.name} was {one.was or 'nothing'}, is {one.became}: "
            f"{one.recorded_by or 'somebody'} on {one.recorded_at:%Y-%m-%d}"
            for one in found.rows
        ] or words.NOTHING

    def names_on(self, day: date, advice: str) -> list[str]:
        found = advice_queries.advice(self._viewer(""), advice)
        assert found
        return [
            f"{found.head.consignor_name} to {found.head.consignee_name}",
            *(f"{line.item_name} at {line.organization_name}" for line in found.lines.rows),
        ]
