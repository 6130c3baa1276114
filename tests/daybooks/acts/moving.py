"""Goods that move: stages of a plant, rules, holds, other organizations, pick rules, promises."""

from datetime import date

from consigned_service.operations import (
    custody,
    item_settings,
    parties,
    quality,
    receipts,
    rules,
)
from tests.daybooks.acts import BY, at

NAMED = "[ at {place}][ owned by {consignor}][ lot {lot}][ serial {serial}]"

SENTENCES = {
    "rule": ["rule {code} of {party}: {verdict}[ {conditions*}]"],
    "end_rule": ["rule {code} ends"],
    "pick_by": ["{organization} picks[ {item}] by {pick_order}[: {owners*}]"],
    "broad_first": ["{organization} lets {which} rules go first"],
    "receive_perishable": [
        "receive {receipt}: {quantity} {unit} of {item} under {agreement} lot {lot} "
        "good until {expires_on}[ in {organization}]"
    ],
    "move_on_hold": ["move {quantity} {unit} of {item} on hold from {source} to {target}"],
    "hold": ["hold {quantity} {unit} of {item}" + NAMED + "[ in {organization}][ as {reference}]"],
    "let_go": [
        "let go {quantity} {unit} of {item}" + NAMED + "[ in {organization}][ as {reference}]"
    ],
    "decided": ["what decided[ on {item}][ seen by {viewer}]"],
}


class Acts:
    def rule(self, day: date, code: str, party: str, verdict: str, conditions: str) -> list[str]:
        """Conditions as in 'transaction transfer, owner acme, to place LINE'."""
        named: dict[str, str] = {}
        for condition in filter(None, conditions.split(", ")):
            *name, value = condition.split()
            named["_".join(name)] = value
        line = rules.RuleLine(code, party, verdict, **named)
        return self._register(rules.register_rules(lines=[line]))

    def end_rule(self, day: date, code: str) -> list[str]:
        from consigned_service.records.rules import rules as standing

        stands = standing([code])[code]
        line = rules.RuleLine(*stands[:11], active="no")
        return self._register(rules.register_rules(lines=[line]))

    def pick_by(
        self, day: date, organization: str, item: str, pick_order: str, owners: str
    ) -> list[str]:
        if item:
            setting = item_settings.ItemSettingLine(item, "", "", pick_order, owners)
            return self._register(
                item_settings.register_item_settings(
                    organization=self._in(organization), lines=[setting], by=BY, at=at(day)
                )
            )
        line = parties.OrganizationLine(
            organization, "", self.holders[organization], "USD", pick_order, owners
        )
        return self._register(parties.register_organizations(lines=[line], by=BY, at=at(day)))

    def broad_first(self, day: date, organization: str, which: str) -> list[str]:
        line = parties.OrganizationLine(
            organization, "", self.holders[organization], "USD", rule_precedence=f"{which}-first"
        )
        return self._register(parties.register_organizations(lines=[line], by=BY, at=at(day)))

    def receive_perishable(
        self, day: date, receipt: str, quantity: str, unit: str, item: str, agreement: str,
        lot: str, expires_on: str, organization: str,
    ) -> list[str]:  # fmt: skip
        return self._receive(
            day, organization,
            receipts.ReceiptLine(
                receipt, "1", day.isoformat(), agreement=agreement, item=item,
                quantity=quantity, unit=unit, lot=lot, expires_on=expires_on,
            ),
        )  # fmt: skip

    def move_on_hold(
        self, day: date, quantity: str, unit: str, item: str, source: str, target: str
    ) -> list[str]:
        line = custody.TransferLine(
            self._reference(""), item, quantity, source, target, day.isoformat(), unit,
            condition="on-hold",
        )  # fmt: skip
        return self._news(
            custody.transfer_goods(
                organization=self._in(""), lines=[line], by=BY, at=at(day)
            ).or_raise()
        )

    def hold(self, day: date, **said: str) -> list[str]:
        return self._change(day, quality.hold_goods, **said)

    def let_go(self, day: date, **said: str) -> list[str]:
        return self._change(day, quality.release_goods, **said)

    def _change(
        self, day: date, act: object, quantity: str, unit: str, item: str, place: str,
        consignor: str, lot: str, serial: str, organization: str, reference: str,
    ) -> list[str]:  # fmt: skip
        line = quality.HoldLine(
            self._reference(reference), item, day.isoformat(),
            "" if quantity == "all" else quantity, unit, place, consignor, lot, serial,
        )  # fmt: skip
        outcome = act(organization=self._in(organization), lines=[line], by=BY, at=at(day))
        return self._news(outcome.or_raise())

    def decided(self, day: date, item: str, viewer: str) -> list[str]:
        """The entries on which a consumption rule decided."""
        from consigned_service.queries import title

        found = title.title_history(self._viewer(viewer), item)
        return [
            f"{row.happened_on} {row.kind} {row.quantity} of {row.item}: {row.source} > "
            f"{row.target}, by rule {row.rule}"
            for row in reversed(found.entries)
            if row.rule
        ] or ["nothing by a rule"]
