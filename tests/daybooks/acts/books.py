"""The books and the reports: trial balance, journals, statements, what is open at a close."""

from datetime import date
from typing import Any

from consigned_service.operations.core.lines import written
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.master_data import accounts
from consigned_service.queries.accounting import books, reports
from consigned_service.queries.accounting import period_close as closing
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "calls": ['{party} calls {account} {number}[ "{name}"]'],
    "trial_balance": ["trial balance of {party}[ in {organization}][ as of {as_of}]"],
    "journals": ["journals of {party}[ from {first}][ to {last}]"],
    "statement": ["statement of {party} with {partner}[ from {first}][ to {last}]"],
    "consigned_inventory": [
        "consigned inventory[ of {item}][ from {supplier}][ since {first}][ until {last}]"
        "[ seen by {viewer}]"
    ],
    "settled": ["settled and unsettled[ seen by {viewer}]"],
    "investment": ["inventory[ as of {as_of}][ seen by {viewer}]"],
    "closing": ["open before {organization} closes through {through}"],
}


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


class Acts:
    def calls(self: Any, day: date, party: str, account: str, number: str, name: str) -> list[str]:
        line = written(accounts.AccountLine, party, account, number, name)
        return self._register(
            accounts.register_accounts(lines=[line], told_by=RecordedBy(BY, at(day)))
        )

    def trial_balance(self: Any, day: date, party: str, organization: str, as_of: str) -> list[str]:
        found = books.trial_balance(
            self._viewer(party), _day(as_of), organization=organization or None
        )
        return [
            *(
                f"{one.number} {one.name}".strip()
                + (f" debit {one.debit}" if one.debit else "")
                + (f" credit {one.credit}" if one.credit else "")
                + ("" if one.debit or one.credit else " even")
                for one in found.accounts
            ),
            *(f"debits {both.debit}, credits {both.credit}" for both in found.sums),
        ] or words.NOTHING

    def journals(self: Any, day: date, party: str, first: str, last: str) -> list[str]:
        return [
            f"{line.happened_on} {line.debit_name} / {line.credit_name} {line.amount}: "
            f"{line.cause}, posting {line.posting} of {line.organization}"
            + (f", with {line.partner} under {line.agreement}" if line.agreement else "")
            for line in books.journals(self._viewer(party), _day(first), _day(last))
        ] or words.NOTHING

    def statement(
        self: Any, day: date, party: str, partner: str, first: str, last: str
    ) -> list[str]:
        said = []
        for one in books.statements(self._viewer(party), partner, _day(last) or day, _day(first)):
            said.append(f"{one.consignee_name} to {one.consignor_name}: {one.opening}")
            said += [
                f"  {line.happened_on} {line.what} {line.number}"
                + (f" for {line.about}" if line.about else "")
                + f" {line.amount}: {line.balance}"
                for line in one.lines
            ]
            said.append(f"  charged {one.charged}, paid {one.paid}: {one.closing}")
        return said or words.NOTHING

    def consigned_inventory(
        self: Any, day: date, item: str, supplier: str, first: str, last: str, viewer: str
    ) -> list[str]:
        found = reports.consigned_inventory(
            self._viewer(viewer), _day(first), _day(last), item=item or None,
            supplier=supplier or None,
        )  # fmt: skip
        return [
            *(
                f"{line.happened_on} {line.quantity} of {line.item} of {line.supplier_name}, "
                f"{line.kind}, at {line.price}: {line.amount}"
                + (f", told in {line.advice}" if line.advice else "")
                + f", {line.vouchered}"
                for line in found.lines
            ),
            *(
                f"{one.item} of {one.supplier_name}: {one.received} received, {one.consumed} "
                f"consumed; in all {one.received_in_all} and {one.consumed_in_all}"
                for one in found.items
            ),
        ] or words.NOTHING

    def settled(self: Any, day: date, viewer: str) -> list[str]:
        found = reports.settled_and_unsettled(self._viewer(viewer))
        return [
            *(
                f"{line.quantity} of {line.item} under {line.agreement}, {line.state}, "
                f"{line.vouchered}: {line.amount}"
                + (
                    f", {line.settled_elsewhere} settled elsewhere"
                    * bool(line.settled_elsewhere[0])
                )
                + (f", {line.open_elsewhere} open elsewhere" * bool(line.open_elsewhere[0]))
                for line in found.lines
            ),
            f"settled {_sums(found.settled)}, unsettled {_sums(found.unsettled)}",
            *[
                f"settled elsewhere {_sums(found.settled_elsewhere)}, open there "
                f"{_sums(found.open_elsewhere)}"
            ]
            * bool(found.settled_elsewhere or found.open_elsewhere),
        ]

    def investment(self: Any, day: date, as_of: str, viewer: str) -> list[str]:
        found = reports.inventory_investment(self._viewer(viewer), _day(as_of), today=day)
        return [
            *(
                f"{line.owned} of {line.item} ours, worth {line.value or 'nothing'}; "
                f"{line.of_others} of others, come in at {_sums(line.of_others_value)}"
                for line in found.lines
            ),
            f"worth {_sums(found.value)}",
        ]

    def closing(self: Any, day: date, organization: str, through: str) -> list[str]:
        viewer = self._viewer(self.holders[organization])
        found = closing.closing(viewer, organization, date.fromisoformat(through))
        return [
            f"{one.what} {one.name} since {one.since}: {one.sentence}" for one in found or ()
        ] or words.NOTHING


def _sums(amounts: list) -> str:
    return ", ".join(map(str, amounts)) or "nothing"
