"""Which agreements the consignee bills itself under, and the numbers of those invoices."""

from collections.abc import Iterable
from datetime import date, timedelta

from consigned.master_data.agreements import SettlementMethod
from consigned.settlement.invoices import (
    Standing,
)
from consigned_service.records.settlement.advices import NewInvoice, SavedAdvice

SELF_BILLED = {
    SettlementMethod.SELF_BILL_AUTOMATIC: Standing.ACCEPTED,
    SettlementMethod.SELF_BILL_STAGED: Standing.STAGED,
    SettlementMethod.PAY_ON_USE: Standing.ACCEPTED,
}
"""Where a self-billed invoice stands when it is written."""


def self_billed(advices: Iterable[SavedAdvice], *, on: date) -> list[NewInvoice]:
    """The invoices that we write of advices; what is paid on use is due at once."""
    written = []
    for advice in advices:
        method = SettlementMethod(advice.settlement_method)
        if method in SELF_BILLED:
            days = 0 if method is SettlementMethod.PAY_ON_USE else advice.payment_days
            written.append(
                NewInvoice(
                    advice=advice,
                    number=f"SB-{advice.number}",
                    invoiced_on=on,
                    due_on=on + timedelta(days=days),
                    currency=advice.currency,
                    lines=advice.lines,
                    is_self_billed=True,
                    standing=SELF_BILLED[method],
                )
            )
    return written
