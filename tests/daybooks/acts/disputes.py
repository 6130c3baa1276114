"""Invoices that differ: tolerated, disputed with evidence, accepted as they were billed; and what
payments pay."""

from datetime import date
from typing import Any

from consigned_service.operations.master_data.parties import party_named
from consigned_service.operations.settlement import invoices
from consigned_service.queries.settlement import payments
from consigned_service.queries.settlement.invoices import invoice
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "dispute": ["dispute {number} of {consignor} because {because*}; evidence {evidence*}"],
    "accept": ["accept {number} of {consignor}[ in {year}] because[ {because*}]"],
    "remittances": ["remittances[ of {number}][ seen by {viewer}]"],
    "invoice_seen": ["invoice of {consignor} numbered {number}[ in {year}][ seen by {viewer}]"],
}


class Acts:
    def dispute(
        self: Any, day: date, number: str, consignor: str, because: str, evidence: str
    ) -> list[str]:
        invoices.dispute_invoice(
            consignor=party_named(consignor), number=number, by=BY, at=at(day), because=because,
            evidence=evidence,
        )  # fmt: skip
        return []

    def accept(
        self: Any, day: date, number: str, consignor: str, year: str, because: str
    ) -> list[str]:
        invoices.accept_invoice(
            consignor=party_named(consignor), number=number, by=BY, at=at(day), because=because,
            year=int(year) if year else None,
        )  # fmt: skip
        return []

    def remittances(self: Any, day: date, number: str, viewer: str) -> list[str]:
        said = []
        for one in payments.remittances(self._viewer(viewer), payment=number or None).rows:
            said.append(
                f"{one.payment} of {one.paid_on}, {one.consignee_name} to {one.consignor_name}: "
                f"{one.amount}"
            )
            said += [
                f"  {paid.invoice} of {paid.invoiced_on} for {paid.advice} under {paid.agreement}, "
                f"due on {paid.due_on}: {paid.amount}"
                for paid in one.invoices
            ]
            said += [
                f"  less {netted.credit_note} of {netted.credited_on} for {netted.debit_memo} "
                f"against {netted.invoice}: {netted.amount}"
                for netted in one.credit_notes
            ]
        return said or words.NOTHING

    def invoice_seen(
        self: Any, day: date, consignor: str, number: str, year: str, viewer: str
    ) -> list[str]:
        found = invoice(
            self._viewer(viewer), number, consignor=consignor, year=int(year) if year else None
        )
        if found is None:
            return words.NOTHING
        said = []
        for line in found.lines:
            said.append(
                f"{line.line}: {line.quantity} of {line.item} at {line.price}: {line.amount}"
            )
            said.append(
                f"  advised {line.advised_quantity} at {line.advised_price}: {line.advised_amount}"
            )
        for one in found.decisions:
            said.append(f"{one.decided_on} {one.standing}" + ":" * bool(one.because))
            said += [f"  {sentence}" for sentence in one.because.splitlines()]
            said += [f"  evidence: {one.evidence}"] * bool(one.evidence)
        return said
