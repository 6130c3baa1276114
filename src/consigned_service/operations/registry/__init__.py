"""Every operation that lines are recorded by, in the order in which a newcomer meets them.

From this list come the kinds of files, the addresses for programs, the forms, and the reference.
"""

from consigned_service.operations.accounting import standard_costs
from consigned_service.operations.consumption import corrections, issues
from consigned_service.operations.core.operation import Operation
from consigned_service.operations.counting import counts, differences, dispositions
from consigned_service.operations.inbound import (
    initial_stock,
    inspections,
    orders,
    putaway,
    receipts,
    shipments,
)
from consigned_service.operations.inventory import (
    aging,
    interorganization,
    quality,
    renewals,
    reservations,
    transfers,
)
from consigned_service.operations.master_data import (
    accounts,
    agreements,
    amendments,
    bills_of_material,
    consumption_rules,
    designations,
    exchange_rates,
    item_settings,
    items,
    parties,
    price_withdrawals,
    roles,
    taxes,
)
from consigned_service.operations.production import completions, disassembly, unused_components
from consigned_service.operations.returns import returns
from consigned_service.operations.settlement import (
    credit_notes,
    debit_memos,
    invoices,
    price_changes,
    purchase_invoices,
    vouchers,
)

_MASTERS = (
    Operation("parties", "Register parties", parties.register_parties, of=None, right="masters"),
    Operation("sites", "Register sites", parties.register_sites, of="party", right="masters"),
    Operation(
        "accounts", "Name accounts", accounts.register_accounts, of="party", right="masters"
    ),
    Operation(
        "exchange-rates", "Enter exchange rates", exchange_rates.register_exchange_rates,
        of=None, right="masters",
    ),
    Operation(
        "tax-codes", "Register tax codes", taxes.register_tax_codes, of=None, right="masters"
    ),
    Operation(
        "organizations", "Register organizations", parties.register_organizations,
        of=None, right="masters",
    ),
    Operation("places", "Register places", parties.register_places, right="masters"),
    Operation("items", "Register items", items.register_items, of=None, right="masters"),
    Operation(
        "item-settings", "Set how items are kept", item_settings.register_item_settings,
        right="masters",
    ),
    Operation(
        "standard-costs", "Set standard costs", standard_costs.set_standard_costs, right="masters"
    ),
    Operation(
        "designations", "Change designations", designations.change_designation,
        of=None, right="designations",
    ),
    Operation(
        "approvals", "Approve items", designations.approve_items, of=None, right="designations"
    ),
    Operation(
        "assignments", "Assign items to consignors", designations.assign_consignor,
        right="designations",
    ),
)  # fmt: skip

_TERMS = (
    Operation(
        "agreements", "Register agreements", agreements.register_agreements,
        of=None, right="terms",
    ),
    Operation(
        "amendments", "Amend agreements", amendments.amend_agreements,
        of=None, right="terms",
    ),
    Operation(
        "agreement-ends", "End agreements", amendments.end_agreements,
        of=None, right="terms",
    ),
    Operation("roles", "Assign roles", roles.register_roles, of=None, right="terms"),
    Operation("prices", "Enter prices", agreements.register_prices, of=None, right="terms"),
    Operation(
        "price-withdrawals", "Withdraw prices", price_withdrawals.withdraw_prices,
        of=None, right="terms",
    ),
    Operation("taxes", "Assign tax codes", taxes.register_taxes, of=None, right="terms"),
    Operation(
        "price-changes", "Change prices retroactively", price_changes.change_prices_retroactively,
        of=None, right="price-changes",
    ),
)  # fmt: skip

_INBOUND = (
    Operation("orders", "Place orders", orders.place_orders, right="orders"),
    Operation("order-closings", "Close order lines", orders.close_order_lines, right="orders"),
    Operation(
        "ship-notices", "Record ship notices", shipments.record_ship_notices, right="announce"
    ),
    Operation("receipts", "Receive goods", receipts.record_receipts, right="receive"),
    Operation("inspections", "Record inspections", inspections.record_inspections, right="quality"),
    Operation("receipt-holds", "Hold receipts", inspections.hold_receipts, right="quality"),
    Operation(
        "receipt-releases", "Release receipts", inspections.release_receipts, right="quality"
    ),
    Operation(
        "initial-stock", "Take over initial stock", initial_stock.stock_programme, right="start"
    ),
    Operation("putaways", "Put goods away", putaway.put_away, right="receive"),
)

_INVENTORY = (
    Operation("transfers", "Transfer goods", transfers.transfer_goods, right="move"),
    Operation(
        "interorganization-transfers", "Transfer goods between organizations",
        interorganization.transfer_between, of="from_organization to_organization", right="move",
    ),
    Operation("holds", "Hold goods", quality.hold_goods, right="quality"),
    Operation("releases", "Release goods", quality.release_goods, right="quality"),
    Operation("aging-transfers", "Buy aged goods", aging.buy_aged, right="aging"),
    Operation("extensions", "Extend deadlines", aging.extend, right="aging"),
    Operation("renewals", "Renew agreements of goods", renewals.renew_goods, right="terms"),
    Operation("reservations", "Reserve goods", reservations.reserve_many, right="use"),
    Operation(
        "reservation-cancellations", "Cancel reservations", reservations.cancel_reservations,
        right="use",
    ),
)  # fmt: skip

_CONSUMPTION = (
    Operation(
        "consumption-rules", "Set consumption rules", consumption_rules.register_rules,
        of="party", right="masters",
    ),
    Operation("consumption", "Report consumption", issues.record_consumption, right="use"),
    Operation(
        "exception-closings", "Close exceptions", corrections.close_exceptions, right="resolve"
    ),
)  # fmt: skip

_SETTLEMENT = (
    Operation(
        "invoices", "Enter invoices", invoices.record_invoice_lines,
        of="consignor", right="enter-invoices", whole=("consignor", "invoice"),
    ),
    Operation(
        "vouchers", "Record vouchers", vouchers.record_vouchers,
        of="advice", right="enter-invoices",
    ),
    Operation(
        "purchase-invoices", "Enter purchase invoices", purchase_invoices.record_purchase_invoices,
        right="enter-invoices",
    ),
    Operation("debit-requests", "Request debit memos", debit_memos.request_debits, right="debits"),
    Operation(
        "credit-notes", "Enter credit notes", credit_notes.record_credit_note_lines,
        of="consignor", right="enter-invoices", whole=("consignor", "credit_note"),
    ),
)  # fmt: skip

_RETURNS = (
    Operation(
        "transfers-to-consigned", "Transfer to consigned", returns.transfer_to_consigned,
        right="use",
    ),
    Operation(
        "returns", "Return goods to the supplier", returns.return_to_supplier, right="return"
    ),
    Operation(
        "receipt-reversals", "Reverse receipts", returns.reverse_receipts, right="receive"
    ),
    Operation(
        "customer-returns", "Take back goods from customers", returns.take_back, right="use"
    ),
)  # fmt: skip

_COUNTING = (
    Operation("counts", "Record counts", counts.record_counts, right="count"),
    Operation(
        "dispositions", "Dispose of damaged goods", dispositions.dispose_of, right="losses"
    ),
    Operation(
        "count-adjustments", "Explain counted differences", differences.settle_differences,
        right="losses",
    ),
)  # fmt: skip

_PRODUCTION = (
    Operation(
        "bills", "Enter bills of material", bills_of_material.register_bills, right="masters"
    ),
    Operation("production", "Record completions", completions.record_production, right="use"),
    Operation(
        "component-returns", "Return unused components",
        unused_components.return_from_production, right="use",
    ),
    Operation("disassemblies", "Disassemble products", disassembly.take_apart, right="use"),
)  # fmt: skip

SUBJECTS: dict[str, tuple[Operation, ...]] = {
    "Master data": _MASTERS,
    "Terms": _TERMS,
    "Inbound": _INBOUND,
    "Inventory": _INVENTORY,
    "Consumption": _CONSUMPTION,
    "Settlement": _SETTLEMENT,
    "Returns": _RETURNS,
    "Counting": _COUNTING,
    "Production": _PRODUCTION,
}

OPERATIONS: dict[str, Operation] = {
    operation.name: operation for operations in SUBJECTS.values() for operation in operations
}
