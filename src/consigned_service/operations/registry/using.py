"""Goods that are used, the invoices and vouchers for them, and what is credited of those."""

from consigned_service.operations.consumption import corrections
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.master_data import consumption_rules as rules
from consigned_service.operations.registry.kind import (
    DAY,
    ITEM,
    LOT,
    OF,
    QUANTITY,
    SERIAL,
    TOLD_ONCE,
    UNIT,
    Kind,
    on_organization,
)
from consigned_service.operations.settlement import credit_notes as credits
from consigned_service.operations.settlement import debit_memos as debits
from consigned_service.operations.settlement import invoices, purchase_invoices, vouchers

KINDS = (
    Kind(
        "consumption-rules",
        rules.RuleLine,
        ("rule", "party", "verdict"),
        {
            "rule": "a short name of the rule, one of its own",
            "party": "code of the party whose rule it is; it holds in its organizations",
            "verdict": "what becomes of goods that the rule fits: consume or keep",
            "kind": "transfer, putaway or transfer-between-organizations; empty: any",
            "organization": "code of the organization the goods are in; empty: any",
            "owner": "code of the party whose goods they are; empty: anybody's",
            "item": ITEM + "; empty: any",
            "from_place": "code of the place they leave; empty: any",
            "from_zone": "zone of the place they leave; empty: any",
            "to_place": "code of the place they go to; empty: any",
            "to_zone": "zone of the place they go to; empty: any",
            "active": "no once the rule is to decide no more; empty: yes",
        },
        lambda lines, told: rules.register_rules(
            lines=lines, told_by=told.by_whom
        ),
        is_of_organization=False,
    ),
    Kind(
        "consumption",
        consumption.Reported,
        ("reference", "organization", "item", "quantity", "happened_at"),
        {"reference": "a number of the line in the system it comes from, so that it is told "
         "once"}
        | OF
        | {
            "item": ITEM,
            "quantity": QUANTITY + "; below zero it is a return",
            "happened_at": "day or time of use, as 2026-03-31 or 2026-03-31T08:15",
            "unit": UNIT,
            "kind": "sale (if empty) or one of the other kinds of use: "
            + ", ".join(kind for kind in consumption.UseKind if kind != "sale"),
            "place": "code of the place it was taken from; empty: wherever it lies",
            "consignor": "code of the party whose goods were used; empty: by pick order",
            "lot": LOT,
            "serial": SERIAL,
            "price": "price of one of the unit that is said, as of a box where it is BX, "
            "where the agreement takes it from here (price_sources); elsewhere it is noted as not "
            "taken",
            "currency": "currency of that price, and of the sale's",
            "customer": "who it went to",
            "reservation": "reference of the reservation it was picked for",
            "work_order": "number of the production order, work order or kit it was used for",
            "account": "account that bears the cost, where a work-order names its own",
            "sale_price": "what one of the unit that is said was sold for, where its consignor "
            "gets a share of it",
            "voids": "reference of the use that never happened; the quantity, below zero, is how "
            "much of it",
            "voids_source": "the system that reported that use; empty: the same",
            "because": "why, in words, where a use is voided or a line corrected",
            "corrects": "number of the exception in whose place the line stands; what waited of it "
            "waits no more",
        },
        lambda lines, told: consumption.record_consumption(
            organization=told.organization, lines=lines, source=told.source, by=told.by,
            at=told.at, wait_for_missing=True, again=told.again,
        ),
        day="happened_at",
    ),
    Kind(
        "exceptions-closed",
        corrections.ClosingLine,
        ("organization", "exception", "because"),
        OF
        | {
            "exception": "number of the exception",
            "because": "why nothing of it is to be posted, in words",
        },
        on_organization(corrections.close_exceptions),
    ),
    Kind(
        "invoices",
        invoices.InvoiceLine,
        ("consignor", "invoice", "advice", "invoiced_on", "currency", "line", "item",
         "quantity", "price", "amount"),
        {
            "consignor": "code of the party that bills",
            "invoice": "the consignor's number of the invoice, one of its own in its year; its "
            "lines stand together",
            "advice": "number of the one advice that it answers",
            "invoiced_on": DAY,
            "currency": "as USD",
            "line": "number of the advice's line that is billed",
            "item": ITEM,
            "quantity": "how much is billed, in the unit of the advice",
            "price": "price as on the advice, as 4.99",
            "amount": "what the line comes to without tax, as 12.50",
            "per": "how many units the price is for, as 100; empty: as many as on the advice",
            "tax_amount": "the tax on top of the amount, as 2.38; empty: none",
        },
        lambda lines, told: invoices.record_invoice_lines(lines=lines, by=told.by, at=told.at),
        is_of_organization=False,
        day="invoiced_on",
        whole=("consignor", "invoice"),
    ),
    Kind(
        "vouchers",
        vouchers.VoucherLine,
        ("advice", "voucher", "vouchered_on", "amount", "currency"),
        {
            "advice": "number of the advice, of an agreement that is settled by report-only",
            "voucher": "number of the voucher in the system where it was made; one of its own "
            "under the advice",
            "vouchered_on": DAY,
            "amount": "what it settles of the advice without tax, as 12.50; below zero it takes "
            "back, or settles an advice that comes to less than nothing",
            "currency": "as on the advice",
        },
        lambda lines, told: vouchers.record_vouchers(lines=lines, by=told.by, at=told.at),
        is_of_organization=False,
        day="vouchered_on",
    ),
    Kind(
        "purchase-invoices",
        purchase_invoices.PurchaseInvoiceLine,
        ("organization", "supplier", "invoice", "invoiced_on", "receipt", "line", "amount",
         "currency"),
        OF
        | {
            "supplier": "code of the party that the goods were bought of",
            "invoice": "the supplier's number of the invoice",
            "invoiced_on": DAY,
            "receipt": "number of the receipt that it bills",
            "line": "the receipt's line",
            "amount": "what is billed for it without tax, as 12.50",
            "currency": "as USD",
            "quantity": "how much of it is billed; empty: what is not invoiced yet",
            "unit": UNIT,
        },
        on_organization(purchase_invoices.record_purchase_invoices),
        day="invoiced_on",
    ),
    Kind(
        "debit-requests",
        debits.DebitRequestLine,
        ("organization", "reference", "consignor", "invoice", "line", "happened_on", "because"),
        OF
        | {
            "reference": TOLD_ONCE,
            "consignor": "code of the party that billed too much",
            "invoice": "the consignor's number of the accepted invoice, paid or not",
            "line": "the invoice's line",
            "happened_on": DAY,
            "because": "why, in words",
            "quantity": "how much was billed too much, in the unit of the advice; or",
            "amount": "by how much the line is too much, without tax, as 12.50",
            "year": "the invoice's year, where the consignor gave its number in several",
        },
        on_organization(debits.request_debits),
        day="happened_on",
    ),
    Kind(
        "credit-notes",
        credits.CreditNoteLine,
        ("consignor", "credit_note", "credited_on", "currency", "line", "item", "quantity",
         "price", "amount"),
        {
            "consignor": "code of the party that credits",
            "credit_note": "the consignor's number of it, one of its own in its year; its lines "
            "stand together",
            "credited_on": DAY,
            "currency": "as USD",
            "line": "number of the debit memo's line that is credited",
            "item": ITEM,
            "quantity": "how much is credited, in the unit of the debit memo",
            "price": "price as on the debit memo, as 4.99",
            "amount": "what the line comes to, as 12.50",
            "debit_memo": "number of the one debit memo that it answers",
            "invoice": "the consignor's number of the invoice that it is against; enough where "
            "one debit memo of it is open",
            "per": "how many units the price is for, as 100; empty: as many as on the memo",
            "tax_amount": "the tax on the amount, as 2.38; empty: none",
        },
        lambda lines, told: credits.record_credit_note_lines(
            lines=lines, by=told.by, at=told.at
        ),
        is_of_organization=False,
        day="credited_on",
        whole=("consignor", "credit_note"),
    ),
)  # fmt: skip
