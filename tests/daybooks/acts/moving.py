"""Goods that move: stages of a plant, rules, holds, other organizations, pick rules, promises."""

from datetime import date

from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.inbound import receipts
from consigned_service.operations.inventory import interorganization as between
from consigned_service.operations.inventory import lots, quality, reservations
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import consumption_rules as rules
from consigned_service.operations.master_data import item_settings, parties
from consigned_service.queries.inventory import lots as lot_queries
from consigned_service.queries.inventory import title
from tests.daybooks import words
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
    "hold": [
        "put on hold {quantity} {unit} of {item}" + NAMED + "[ in {organization}][ as {reference}]"
    ],
    "let_go": [
        "let go {quantity} {unit} of {item}"
        + NAMED
        + "[ in {organization}][ as {reference}][ that {hold} keeps]"
    ],
    "send": [
        "send {quantity} {unit} of {item} from {sender} {source} to {receiver} {target}"
        "[ owned by {consignor}][ lot {lot}][ as {reference}]"
    ],
    "cancel_reservation": ["cancel the reservation of {item} for {reference}"],
    "recall": ["recall lot {lot}[ of {item}] because {because*}"],
    "end_recall": ["end the recall of lot {lot} because {because*}"],
    "trace": ["trace of lot {lot}[ of {item}][ seen by {viewer}]"],
    "use_for": [
        "use {quantity} {unit} of {item} for customer {customer}[ lot {lot}][ serial {serial}]"
        "[ in {organization}]",
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
        line = written(rules.RuleLine, code, party, verdict, **named)
        return self._register(rules.register_rules(lines=[line], told_by=RecordedBy(BY, at(day))))

    def end_rule(self, day: date, code: str) -> list[str]:
        from consigned_service.records.master_data.consumption_rules import rules as standing

        stands = standing([code])[code]
        line = written(rules.RuleLine, *stands[:11], active="no")
        return self._register(rules.register_rules(lines=[line], told_by=RecordedBy(BY, at(day))))

    def pick_by(
        self, day: date, organization: str, item: str, pick_order: str, owners: str
    ) -> list[str]:
        if item:
            setting = written(item_settings.ItemSettingLine, item, "", "", pick_order, owners)
            return self._register(
                item_settings.register_item_settings(
                    organization=self._in(organization), lines=[setting], by=BY, at=at(day)
                )
            )
        line = written(
            parties.OrganizationLine,
            organization,
            "",
            self.holders[organization],
            "USD",
            pick_order,
            owners,
        )
        return self._register(parties.register_organizations(lines=[line], by=BY, at=at(day)))

    def broad_first(self, day: date, organization: str, which: str) -> list[str]:
        line = written(
            parties.OrganizationLine,
            organization,
            "",
            self.holders[organization],
            "USD",
            rule_precedence=f"{which}-first",
        )
        return self._register(parties.register_organizations(lines=[line], by=BY, at=at(day)))

    def receive_perishable(
        self, day: date, receipt: str, quantity: str, unit: str, item: str, agreement: str,
        lot: str, expires_on: str, organization: str,
    ) -> list[str]:  # fmt: skip
        return self._receive(
            day, organization,
            written(receipts.ReceiptLine,
                receipt, "1", day.isoformat(), agreement=agreement, item=item,
                quantity=quantity, unit=unit, lot=lot, expires_on=expires_on,
            ),
        )  # fmt: skip

    def move_on_hold(
        self, day: date, quantity: str, unit: str, item: str, source: str, target: str
    ) -> list[str]:
        line = written(custody.TransferLine,
            self._reference(""), item, quantity, source, target, day.isoformat(), unit,
            condition="on-hold",
        )  # fmt: skip
        return self._news(
            custody.transfer_goods(
                organization=self._in(""), lines=[line], by=BY, at=at(day)
            ).or_raise()
        )

    def hold(self, day: date, **said: str) -> list[str]:
        return self._change(day, quality.hold_goods, quality.HoldLine, **said)

    def let_go(self, day: date, **said: str) -> list[str]:
        return self._change(day, quality.release_goods, quality.ReleaseLine, **said)

    def _change(
        self, day: date, act: object, of: type, quantity: str, unit: str, item: str,
        place: str,
        consignor: str, lot: str, serial: str, organization: str, reference: str, hold: str = "",
    ) -> list[str]:  # fmt: skip
        line = written(
            of, self._reference(reference), item, day.isoformat(),
            "" if quantity == "all" else quantity, unit, place, consignor, lot, serial,
            *([hold] if hold else []),
        )  # fmt: skip
        outcome = act(organization=self._in(organization), lines=[line], by=BY, at=at(day))
        return self._news(outcome.or_raise())

    def send(
        self, day: date, quantity: str, unit: str, item: str, sender: str, source: str,
        receiver: str, target: str, consignor: str, lot: str, reference: str,
    ) -> list[str]:  # fmt: skip
        line = written(between.BetweenLine,
            self._reference(reference), sender, item, quantity, source, receiver, target,
            day.isoformat(), unit, consignor, lot,
        )  # fmt: skip
        return self._news(between.transfer_between(lines=[line], by=BY, at=at(day)).or_raise())

    def cancel_reservation(self, day: date, item: str, reference: str) -> list[str]:
        line = written(reservations.CancellationLine, reference, item)
        outcome = reservations.cancel_reservations(
            organization=self._in(""), lines=[line], by=BY, at=at(day)
        ).or_raise()
        return ["told before, nothing changes"] if outcome.repeated else []

    def recall(self, day: date, lot: str, item: str, because: str) -> list[str]:
        return self._recall(lots.hold_lot, day, lot, item, because)

    def end_recall(self, day: date, lot: str, because: str) -> list[str]:
        return self._recall(lots.release_lot, day, lot, "", because)

    def _recall(self, act: object, day: date, lot: str, item: str, because: str) -> list[str]:
        party = self._viewer("").party_id
        changed = act(party=party, lot=lot, because=because, item=item, by=BY, at=at(day))
        told = [f"{one.quantity} of {one.item} in {one.organization}" for one in changed]
        return [*self._entries(), *self._waiting(), *told] or words.NOTHING_MOVES

    def trace(self, day: date, lot: str, item: str, viewer: str) -> list[str]:
        found = lot_queries.lot_trace(self._viewer(viewer), lot, today=day, item=item or None)
        steps = [
            f"{step.happened_on} {step.organization} {step.kind} {step.quantity} of {step.item}: "
            f"{step.source} > {step.target}"
            for step in found.steps
        ]
        gone = [
            f"gone from {one.organization}: {one.quantity} of {one.item} {one.how}"
            + (f" for {one.used_for}" if one.used_for else "")
            + (f" to {one.customer}" if one.customer else "")
            for one in found.went_to
        ]
        left = [
            f"left: {line.quantity} of {line.item} at {line.organization} {line.place}, "
            f"{words.whose(line.owner_name)}, {line.condition}"
            for line in found.left
        ]
        return [*steps, *gone, *left] or words.NOTHING

    def use_for(
        self, day: date, quantity: str, unit: str, item: str, customer: str, lot: str,
        serial: str, organization: str,
    ) -> list[str]:  # fmt: skip
        line = written(consumption.Reported,
            self._reference(""), item, quantity, day.isoformat(), unit, lot=lot, serial=serial,
            customer=customer,
        )  # fmt: skip
        outcome = consumption.record_consumption(
            organization=self._in(organization), lines=[line], source="till", by=BY, at=at(day)
        )
        return self._news(outcome.or_raise())

    def decided(self, day: date, item: str, viewer: str) -> list[str]:
        """The entries on which a consumption rule decided."""
        found = title.title_history(self._viewer(viewer), item)
        return [
            f"{row.happened_on} {row.kind} {row.quantity} of {row.item}: {row.source} > "
            f"{row.target}, by rule {row.rule}"
            for row in reversed(found.entries)
            if row.rule
        ] or ["nothing by a rule"]
