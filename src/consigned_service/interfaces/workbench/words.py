"""The words for what the ledger knows by code."""

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "received": "Received",
    "put-away": "Put away",
    "moved": "Moved",
    "issued": "Issued",
    "returned-by-customer": "Returned by customer",
    "purchased": "Purchased",
    "transferred-to-owned": "Title passed",
}
USES: Mapping[str, str] = {
    "sale": "Sale",
    "issue": "Issue",
    "express-issue": "Express issue",
    "adjustment": "Adjustment",
    "production": "Production",
    "work-order": "Work order",
    "transfer-to-owned": "Transfer to owned",
}
CAUSES: Mapping[str, str] = {
    "receipt": "Receipt",
    "putaway": "Putaway of receipt",
    "transfer": "Transfer",
    "consumption": "Consumption",
}
STATES: Mapping[str, str] = {
    "open": "Awaits invoice",
    "invoice-staged": "Invoice to release",
    "invoiced-held": "Invoice held",
    "settled": "To be paid",
    "paid": "Paid",
    "reported": "Reported",
}
STANDINGS: Mapping[str, str] = {
    "staged": "To be released",
    "held": "Held",
    "accepted": "Accepted",
    "rejected": "Sent back",
    "paid": "Paid",
}
OWNERSHIPS: Mapping[str, str] = {
    "consigned": "Consigned",
    "owned": "Owned",
    "non-owned": "Non-owned",
}
PRICE_SOURCES: Mapping[str, str] = {
    "transaction": "Said with the consumption",
    "agreement": "Agreement price in force that day",
    "order-line": "Price of the order line",
}
REASONS: Mapping[str, str] = {
    "price-missing": "No price",
    "no-agreement": "No agreement",
    "agreement-not-in-force": "Agreement not in force",
    "not-enough-on-hand": "Not enough on hand",
    "not-enough-issued": "Returned more than issued",
    "currency-differs": "Currency differs",
}
TERMS: Mapping[str, str] = {
    "on-use": "When the goods are used",
    "on-withdrawal": "When they leave the consignor's store",
    "daily": "Daily",
    "weekly": "Weekly",
    "monthly": "Monthly",
    "organization-item-day": "One for each organization, item and day",
    "organization-item": "One for each organization and item",
    "organization": "One for each organization",
    "all-organizations": "One for all organizations",
    "supplier-invoice": "Supplier's invoice, matched to the advice",
    "self-bill-automatic": "Self-billed, released at once",
    "self-bill-staged": "Self-billed, released by a person",
    "report-only": "Reported only, settled elsewhere",
    "receipt": "from receipt",
    "shipment": "from shipment",
    "unrestricted": "Unrestricted",
    "on-hold": "On quality hold",
    "blocked": "Blocked",
}
ALL = {**TERMS, **PRICE_SOURCES, **OWNERSHIPS, **STANDINGS, **USES, **KINDS}


def say(code: str, words: Mapping[str, str] = ALL) -> str:
    """The words for a code; a code we have no words for is said as it is written."""
    return words.get(code) or code.replace("-", " ").capitalize()


AGES: Mapping[str, str] = {
    "0-30": "0–30 days",
    "31-60": "31–60 days",
    "61-90": "61–90 days",
    "91-180": "91–180 days",
    ">180": "over 180 days",
}
