"""A consumption advice as text: on a screen, on paper, or in a letter."""

import io
from contextlib import redirect_stdout

from consigned_service.interfaces.tables.text import show_facts, show_table
from consigned_service.queries.settlement.advices import Advice, AdviceHead


def advice_text(advice: Advice) -> str:
    """An advice in plain text, without blanks at the ends of lines."""
    with redirect_stdout(io.StringIO()) as text:
        show_advice(advice)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


def show_advice(advice: Advice) -> None:
    head = advice.head
    is_taxed = any(line.tax for line in advice.lines.rows)
    taxes = {
        "Tax": lambda line: line.tax,
        "Price with tax": lambda line: line.tax and line.price_with_tax,
        "Tax amount": lambda line: line.tax_amount,
        "With tax": lambda line: line.amount_with_tax,
    }
    lots = {"Lots": lambda line: line.lots} if any(one.lots for one in advice.lines.rows) else {}
    in_other_units = any(line.as_ordered for line in advice.lines.rows)
    show_facts(
        {
            "Advice": head.number,
            "Agreement": head.agreement,
            "Consignor": head.consignor_name,
            **({"From": head.consignor_site} if head.consignor_site else {}),
            "Consignee": head.consignee_name,
            "Bill to": head.bill_to,
            "Organization": head.organization or "all",
            "Cycle": f"{head.starts_on} to {head.closes_on}",
            "Made on": head.made_on,
            "Amount": head.amount,
            **({"Tax": head.tax_amount, "With tax": head.amount_with_tax} if is_taxed else {}),
            "State": head.state,
            **({"Cancelled": _cancelled(head)} if head.cancelled_on else {}),
            "Sent": _sent(head),
            **{role.role: role.party_name for role in advice.third_parties},
        }
    )
    show_table(
        advice.lines.rows,
        {
            "Line": lambda line: line.line,
            "Organization": lambda line: line.organization,
            "Item": lambda line: line.item,
            "Name": lambda line: line.item_name,
            "Used on": lambda line: line.happened_on,
            "Quantity": lambda line: line.quantity,
            "Price": lambda line: line.price,
            "Amount": lambda line: line.amount,
            **(taxes if is_taxed else {}),
            **({"As ordered": lambda line: line.as_ordered} if in_other_units else {}),
            **lots,
            "For": lambda line: line.use_kind or line.kind,
        },
    )
    if advice.invoices:
        show_table(
            advice.invoices,
            {
                "Invoice": lambda invoice: invoice.number,
                "Invoiced on": lambda invoice: invoice.invoiced_on,
                "Due on": lambda invoice: invoice.due_on,
                "Amount": lambda invoice: invoice.amount,
                "Standing": lambda invoice: invoice.standing,
                "Because": lambda invoice: invoice.because,
            },
        )
    if advice.vouchers:
        show_table(
            advice.vouchers,
            {
                "Voucher made elsewhere": lambda voucher: voucher.number,
                "Of": lambda voucher: voucher.vouchered_on,
                "Amount": lambda voucher: voucher.amount,
                "Recorded on": lambda voucher: voucher.recorded_on,
                "By": lambda voucher: voucher.recorded_by,
            },
        )


def _cancelled(head: AdviceHead) -> str:
    return f"on {head.cancelled_on}: {head.cancelled_because}"


def _sent(head: AdviceHead) -> str | None:
    """How it reached the consignor, if it did."""
    if head.told_by is None or head.told_at is None:
        return None
    return f"by {head.told_by} to {head.told_to} on {head.told_at.date()}"
