"""Goods and title that go back."""

from consigned.returns.lines import BROUGHT_BACK
from consigned_service.operations.registry.kind import (
    DAY,
    ITEM,
    NAMED,
    OF,
    REFERENCE,
    UNIT,
    Kind,
    on_organization,
)
from consigned_service.operations.returns import returns

KINDS = (
    Kind(
        "transfers-to-consigned",
        returns.ToConsignedLine,
        ("organization", "reference", "item", "quantity", "happened_on"),
        OF
        | REFERENCE
        | {
            "item": ITEM,
            "quantity": "how much becomes its consignor's again, as 3 or 0.125",
            "happened_on": DAY,
            "unit": UNIT,
            "place": "code of the place where it lies; empty: wherever it lies",
            "consignor": "code of the party whose it becomes; empty: of the oldest transfers",
        }
        | NAMED
        | {
            "to_place": "code of the place it goes to; empty: it stays, or leaves an owned "
            "place for the consignor's store",
            "because": "why, in words",
        },
        on_organization(returns.transfer_to_consigned),
        day="happened_on",
    ),
    Kind(
        "returns",
        returns.ReturnLine,
        ("organization", "reference", "item", "quantity", "happened_on"),
        OF
        | REFERENCE
        | {
            "item": ITEM,
            "quantity": "how much goes back to the supplier, as 3 or 0.125",
            "happened_on": DAY,
            "unit": UNIT,
            "place": "code of the place it leaves, as the dock; empty: wherever it lies",
            "consignor": "code of the party it goes back to; empty: of the oldest receipts",
        }
        | NAMED
        | {
            "condition": "unrestricted, on-hold or blocked; empty: any",
            "owned": "yes for goods that became ours alone, no for those that did not; empty: "
            "the supplier's first",
            "and_transfer": "yes where goods that are ours and on no advice are to become "
            "consigned again on their way",
            "replacement": "yes where as much is to come again on the same order line",
            "because": "why, in words",
        },
        on_organization(returns.return_to_supplier),
        day="happened_on",
    ),
    Kind(
        "receipt-reversals",
        returns.ReceiptReversalLine,
        ("organization", "reference", "receipt", "line", "happened_on", "because"),
        OF
        | REFERENCE
        | {
            "receipt": "number of the goods receipt that was recorded by mistake",
            "line": "the receipt's line",
            "happened_on": DAY,
            "because": "why, in words",
            "quantity": "how much of it; empty: all of it",
            "unit": UNIT,
        },
        on_organization(returns.reverse_receipts),
        day="happened_on",
    ),
    Kind(
        "customer-returns",
        returns.CustomerReturnLine,
        ("organization", "reference", "item", "quantity", "happened_on"),
        OF
        | REFERENCE
        | {
            "item": ITEM,
            "quantity": "how much comes back, as 3 or 0.125",
            "happened_on": DAY,
            "unit": UNIT,
            "kind": "what it was used for: sale (if empty), "
            + ", ".join(kind for kind in BROUGHT_BACK if kind != "sale"),
            "place": "code of the place it goes to; empty: the consignor's store",
            "condition": "on-hold where it is to be inspected, blocked, or unrestricted (if "
            "empty)",
            "consignor": "code of the party whose goods they were; empty: what went out last",
        }
        | NAMED
        | {
            "customer": "who brought it back",
            "as_issued": "yes where goods become their first owner's again, no where they are "
            "ours; empty: as the agreement says (customer_returns)",
            "because": "why, in words",
        },
        on_organization(returns.take_back),
        day="happened_on",
    ),
)  # fmt: skip
