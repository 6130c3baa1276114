"""Going back: title to the consignor, goods to the supplier, what customers bring back."""

from datetime import date

from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.returns import returns
from consigned_service.queries.returns import returns as return_queries
from tests.daybooks import words
from tests.daybooks.acts import BY, at

NAMED = "[ owned by {consignor}][ lot {lot}][ serial {serial}][ of receipt {receipt}[ line {line}]]"
WHEN = "[ on {on}][ in {organization}][ as {reference}]"

SENTENCES = {
    "turn_back": [
        "transfer to consigned {quantity} {unit} of {item}[ from {place}]" + NAMED
        + "[ to {target}]" + WHEN
    ],
    "send_back": [
        "send back {quantity} {unit} of {item}[ from {place}]" + NAMED + "[ which are {condition}]"
        "[ being {whose}]" + WHEN + "[, {how}]"
    ],
    "customer_brings": [
        "customer brings back {quantity} {unit} of {item}[ issued for {kind}]" + NAMED
        + "[ into {place}][ to be {condition}]" + WHEN + "[, {how}]"
    ],
    "reverse_receipt": [
        "take back receipt {receipt}[ line {line}][: {quantity} {unit}]"
        + WHEN
        + " because {because*}"
    ],
    "void": [
        "void {quantity} {unit} of {item} of {voids}[ by {source}][ lot {lot}]" + WHEN
        + "[ because {because*}]"
    ],
    "till_voids": ["till voids {quantity} {unit} of {item} of {voids}[ by {source}]" + WHEN],
    "returns": ["returns[ seen by {viewer}]"],
    "debit_requests": ["debit requests[ seen by {viewer}]"],
}  # fmt: skip

WHOSE = {"": "", "ours": "yes", "theirs": "no"}


class Acts:
    def turn_back(
        self, day: date, place: str, target: str, organization: str, on: str, reference: str,
        **said: str,
    ) -> list[str]:  # fmt: skip
        line = written(returns.ToConsignedLine,
            self._reference(reference), happened_on=on or day.isoformat(), place=place,
            to_place=target, **said,
        )  # fmt: skip
        outcome = returns.transfer_to_consigned(
            organization=self._in(organization), lines=[line], by=BY, at=at(day)
        )
        return self._news(outcome.or_raise())

    def send_back(
        self, day: date, whose: str, how: str, organization: str, on: str, reference: str,
        **said: str,
    ) -> list[str]:  # fmt: skip
        line = written(returns.ReturnLine,
            self._reference(reference), happened_on=on or day.isoformat(), owned=WHOSE[whose],
            with_title_transfer="yes" if how == "transferred-first" else "",
            replacement="yes" if how == "to-be-replaced" else "", **said,
        )  # fmt: skip
        outcome = returns.return_to_supplier(
            organization=self._in(organization), lines=[line], by=BY, at=at(day)
        )
        return self._news(outcome.or_raise())

    def customer_brings(
        self, day: date, how: str, organization: str, on: str, reference: str, **said: str
    ) -> list[str]:
        line = written(returns.CustomerReturnLine,
            self._reference(reference), happened_on=on or day.isoformat(),
            to_original_owner={"": "", "as-issued": "yes", "as-ours": "no"}[how],
            customer="Mrs Miller",
            **said,
        )  # fmt: skip
        outcome = returns.take_back(
            organization=self._in(organization), lines=[line], by=BY, at=at(day)
        )
        return self._news(outcome.or_raise())

    def reverse_receipt(
        self, day: date, line: str, organization: str, on: str, reference: str, **said: str
    ) -> list[str]:
        said_line = written(
            returns.ReceiptReversalLine,
            self._reference(reference),
            line=line or "1",
            happened_on=on or day.isoformat(),
            **said,
        )
        outcome = returns.reverse_receipts(
            organization=self._in(organization), lines=[said_line], by=BY, at=at(day)
        )
        return self._news(outcome.or_raise())

    def void(self, day: date, **said: str) -> list[str]:
        return self._void(day, "desk", queue_shortages=False, **said)

    def till_voids(self, day: date, **said: str) -> list[str]:
        return self._void(day, "till", queue_shortages=True, **said)

    def _void(
        self, day: date, told_by: str, quantity: str, organization: str, on: str, reference: str,
        queue_shortages: bool, **said: str,
    ) -> list[str]:  # fmt: skip
        voids_source = said.pop("source")
        line = written(consumption.Reported,
            self._reference(reference), quantity=f"-{quantity}", occurred_at=on or day.isoformat(),
            voids_source=voids_source, **said,
        )  # fmt: skip
        outcome = consumption.record_consumption(
            organization=self._in(organization),
            lines=[line],
            source=told_by,
            by=BY,
            at=at(day),
            queue_shortages=queue_shortages,
        )
        return self._news(outcome.or_raise())

    def returns(self, day: date, viewer: str) -> list[str]:
        page = return_queries.returns(self._viewer(viewer))
        return [
            f"{row.happened_on} {row.direction}: {row.quantity} of {row.item} "
            f"({words.layer(row.receipt or '', row.receipt_line or 1)})"
            + (f" lot {row.lot}" if row.lot else "")
            + f", {words.whose(row.supplier_name)}"
            + (", as ours" if row.was_ours else "")
            + (", to be replaced" if row.to_be_replaced else "")
            + (f", from {row.customer}" if row.customer else "")
            + (f": {row.because}" if row.because else "")
            for row in reversed(page.rows)
        ] or words.NOTHING

    def debit_requests(self, day: date, viewer: str) -> list[str]:
        page = return_queries.debit_requests(self._viewer(viewer))
        return [
            f"{row.happened_on} {row.quantity} of {row.item} under {row.agreement} at "
            f"{row.price}: {row.amount}, told by {row.advice} line {row.advice_line}"
            + (f", settled by {row.invoice}" if row.invoice else ", not invoiced yet")
            + (f", waiting for {row.waits_for}" if row.waits_for else "")
            + (f", asked on {row.debit_memo}" if row.debit_memo else "")
            + (f", credited by {row.credit_note}" if row.credit_note else "")
            for row in page.rows
        ] or words.NOTHING
