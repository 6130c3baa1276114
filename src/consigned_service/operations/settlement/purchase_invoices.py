"""Recording invoices for goods that were bought, so that the accrual of receipts is cleared.

They are paid elsewhere. A line is told once under its supplier, the year of the invoice, its number
and the receipt line that it bills.

Refuses: NothingBought, MoreThanBought (from purchases); UnknownParty, UnknownItem; OtherCurrency;
what a field may not say.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, NamedTuple

from consigned.accounting import journals
from consigned.master_data.items import Item
from consigned.master_data.parties import UnknownParty
from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.money import in_minor
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.measure.refusal import Refusal
from consigned.settlement.purchases import Bought, MoreThanBought, NothingBought
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.settlement import purchases as records


@dataclass(eq=False)
class OtherCurrency(Refusal):
    said: str
    received_in: str
    code: ClassVar[str] = "other-currency"
    remedy: ClassVar[str] = "Record what the invoice comes to in the currency of the receipt."

    def __str__(self) -> str:
        return f"the goods were received at a price in {self.received_in}, not in {self.said}"


class PurchaseInvoiceLine(NamedTuple):
    """A line of an invoice for bought goods."""

    supplier: Annotated[str, fields.PARTY, "code of the party that the goods were bought of"]
    invoice: Annotated[str, fields.Code("invoice", "the supplier's number of the invoice", 60)]
    invoiced_on: Annotated[Moment, fields.HAPPENED_ON]
    receipt: Annotated[str, fields.RECEIPT, "number of the receipt that it bills"]
    line: Annotated[int, fields.LINE, "the receipt's line"]
    amount: Annotated[Decimal, fields.AMOUNT, "what is billed for it without tax, as 12.50"]
    currency: Annotated[str, fields.CURRENCY]
    quantity: Annotated[
        Micros | None, fields.SHARE, "how much of it is billed; empty: what is not invoiced yet"
    ] = None
    unit: Annotated[str, fields.UNIT] = ""

    @property
    def reference(self) -> str:
        """What the line is told under: a supplier may number anew each year."""
        year = self.invoiced_on.day.year
        return f"{self.supplier}/{year}/{self.invoice}/{self.receipt}/{self.line}"


class Billing(NamedTuple):
    """So much of a receipt line is billed, and what was accrued for it."""

    bought: Bought
    invoice: str
    invoiced_on: date
    quantity: int
    accrued: int
    amount: int


def record_purchase_invoices(
    *,
    organization: OrganizationId,
    lines: Sequence[PurchaseInvoiceLine],
    by: str,
    at: datetime,
) -> Result:
    """Hold invoices for bought goods against the receipt lines that they bill, many at once.

    What was accrued at receipt is cleared, and what the invoice differs by is a price difference.
    Refuses what no receipt brought, and more than it brought.
    """
    outcome = Result()
    with ledger.posting(
        organization, cause="purchase-invoice", recorded_at=at, recorded_by=by
    ) as posting:
        bought = records.read_bought(organization, {line.receipt for line in lines})
        suppliers = agreement_records.party_ids({line.supplier for line in lines})
        items = agreement_records.items_by_code({one.item_code for one in bought.values()})
        billed: dict[int, int] = defaultdict(int)

        def read(_: int, line: PurchaseInvoiceLine) -> Billing:
            return _read(posting, line, suppliers, bought, items, billed)

        new = tell_once(posting, enumerate(lines), read, outcome, day="invoiced_on")
        _keep(posting, new)
        outcome.new = len(new)
    return outcome


def _read(
    posting: OpenPosting,
    line: PurchaseInvoiceLine,
    suppliers: Mapping[str, PartyId],
    receipts: Mapping[tuple[str, int, PartyId], Bought],
    items: Mapping[str, Item],
    billed: dict[int, int],
) -> Billing:
    code, receipt, place = line.supplier, line.receipt, line.line
    supplier = suppliers.get(code)
    if supplier is None:
        raise UnknownParty(code)
    found = receipts.get((receipt, place, supplier))
    if found is None:
        raise NothingBought(receipt, place, code)
    found = found._replace(invoiced=found.invoiced + billed[found.layer])
    if line.currency != found.price.currency:
        raise OtherCurrency(line.currency, found.price.currency)
    quantity = found.quantity - found.invoiced
    if line.quantity is not None:
        quantity = items[found.item_code].in_own_unit(line.quantity, line.unit)
    if not 0 < quantity <= found.quantity - found.invoiced:
        raise MoreThanBought(receipt, place, found.unit, found.quantity, found.invoiced, quantity)
    amount = in_minor(line.amount, line.currency)
    billed[found.layer] += quantity
    return Billing(
        found, line.invoice, posting.organization.day_here(line.invoiced_on), quantity,
        found.accrued(quantity), amount,
    )  # fmt: skip


def _keep(posting: OpenPosting, billings: Sequence[Billing]) -> None:
    organization = posting.organization
    first = posting.take_numbers("purchase_invoice", len(billings))
    posting.add(
        "purchase_invoice",
        [
            (organization.id, number, posting.number, one.bought.supplier, one.invoice,
             one.invoiced_on.isoformat(), one.bought.layer, one.quantity, one.accrued, one.amount,
             one.bought.price.currency)
            for number, one in enumerate(billings, start=first)
        ],
    )  # fmt: skip
    for one in billings:
        posting.add_journals(
            journals.purchase_invoiced(
                organization.party, one.accrued, one.amount, one.bought.price.currency,
                one.invoiced_on,
            )
        )  # fmt: skip
