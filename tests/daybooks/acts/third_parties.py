"""Roles of third parties, goods that are kept for others, and use that is passed on."""

from datetime import date

from consigned.measure.quantity import show_micros
from consigned_service.operations.consumption import back_to_back as passing_on
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data import roles
from consigned_service.operations.master_data.parties import UnknownOrganization
from consigned_service.queries.core.viewers import organization_held_by
from consigned_service.queries.inbound import orders as order_queries
from consigned_service.queries.inventory import custodian_stock as kept_queries
from consigned_service.queries.master_data import roles as role_queries
from consigned_service.queries.settlement import advices as advice_queries
from consigned_service.records import models
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "role": ["role of {party} is {role}[ under {agreement}][ at {organization}]"],
    "custodian": ["custodian of {organization} is {party}"],
    "roles": ["roles seen by {viewer}"],
    "third_parties": ["third parties of {paper} seen by {viewer}"],
    "kept": ["goods kept by {viewer}"],
    "reports_use": ["{party} reports use of {quantity} {unit} of {item} in {organization}"],
    "pass_on": ["pass on use of {party}"],
    "uses": ["uses of {organization}"],
}


class Acts:
    def role(
        self, day: date, party: str, role: str, agreement: str, organization: str
    ) -> list[str]:
        line = written(roles.RoleLine, party, role, agreement, organization)
        return self._register(roles.register_roles(lines=[line]))

    def custodian(self, day: date, organization: str, party: str) -> list[str]:
        return self.role(day, party, "third-party-warehouse", "", organization)

    def roles(self, day: date, viewer: str) -> list[str]:
        return _roles(role_queries.roles(self._viewer(viewer))) or words.NOTHING

    def third_parties(self, day: date, paper: str, viewer: str) -> list[str]:
        """Of an order or of an advice: whom it names beside its two parties."""
        seen_by = self._viewer(viewer)
        found = (
            order_queries.order(seen_by, self.ordered_in[paper], paper)
            if paper in self.ordered_in
            else advice_queries.advice(seen_by, paper)
        )
        return _roles(found.third_parties) if found else words.NOTHING

    def kept(self, day: date, viewer: str) -> list[str]:
        return [
            f"{line.quantity} of {line.item} ({self._layer(line.organization, line.layer)}), "
            f"{words.whose(line.owner_name)}, at {line.organization} {line.place}"
            for line in kept_queries.kept(self._viewer(viewer)).rows
        ] or words.NOTHING

    def reports_use(
        self, day: date, party: str, quantity: str, unit: str, item: str, organization: str
    ) -> list[str]:
        """As its program would by the API."""
        found = organization_held_by(self._viewer(party), organization)
        if found is None:
            raise UnknownOrganization(organization)
        line = written(
            consumption.Reported, self._reference(""), item, quantity, day.isoformat(), unit=unit
        )
        outcome = consumption.record_consumption(
            organization=found, lines=[line], source=party, by=party, at=at(day)
        )
        return self._news(outcome.or_raise())

    def pass_on(self, day: date, party: str) -> list[str]:
        passed = passing_on.pass_on_use(
            consignor=models.Party.objects.get(code=party).pk, by=BY, at=at(day)
        )
        said = f"{passed.lines} passed on, {passed.waiting} of them waiting"
        return [*self._entries(), *self._waiting(), said]

    def uses(self, day: date, organization: str) -> list[str]:
        rows = models.Consumption.objects.filter(organization_id=self._in(organization))
        return [
            f"{row.source} {row.reference}: {show_micros(row.quantity)} of {row.item.code} "
            f"for {row.customer}"
            for row in rows.select_related("item").order_by("number")
        ]


def _roles(found: list[role_queries.PartyRole]) -> list[str]:
    return [
        f"{one.party_name} is {one.role}"
        + (f" under {one.agreement}" if one.agreement else "")
        + (f" at {one.organization}" if one.organization else "")
        for one in found
    ]
