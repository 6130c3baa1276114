"""The words for what the ledger knows by code."""

from collections.abc import Mapping

from consigned.settlement.agreement_terms import SOURCES
from consigned.settlement.agreement_terms import WORDS as AGREED

KINDS: Mapping[str, str] = {
    "shipped": "Shipped",
    "received": "Received",
    "put-away": "Put away",
    "moved": "Moved",
    "held": "Held",
    "released": "Released",
    "rejected": "Rejected",
    "issued": "Issued",
    "voided": "Voided",
    "returned-by-customer": "Returned by customer",
    "returned-from-production": "Returned from production",
    "returned-to-supplier": "Returned to supplier",
    "produced": "Produced",
    "lost": "Lost",
    "found": "Found",
    "sent": "Sent",
    "arrived": "Arrived",
    "renewed": "Renewed",
    "purchased": "Purchased",
    "transferred-to-owned": "Title passed",
    "transferred-to-consigned": "Title passed back",
    "sold-back": "Sold back",
}
USES: Mapping[str, str] = {
    "sale": "Sale",
    "issue": "Issue",
    "express-issue": "Express issue",
    "sample": "Sample",
    "scrap": "Scrap",
    "adjustment": "Adjustment",
    "count": "Count",
    "production": "Production",
    "backflush": "Backflush",
    "kit": "Kit",
    "work-order": "Work order",
    "transfer-to-owned": "Transfer to owned",
}
CAUSES: Mapping[str, str] = {
    "ship-notice": "Ship notice",
    "receipt": "Receipt",
    "inspection": "Inspection",
    "quality": "Hold or release",
    "putaway": "Putaway of receipt",
    "transfer": "Transfer",
    "consumption": "Consumption",
    "production": "Production",
    "return": "Return",
    "aging": "Aging",
    "count": "Count",
    "disposition": "Disposition",
    "renewal": "Renewal",
}
STATES: Mapping[str, str] = {
    "open": "Awaits invoice",
    "invoice-staged": "Invoice to release",
    "invoiced-held": "Invoice held",
    "invoice-disputed": "Invoice disputed",
    "settled": "To be paid",
    "paid": "Paid",
    "reported": "Reported",
    "settled-elsewhere": "Settled elsewhere",
    "cancelled": "Cancelled",
}
STANDINGS: Mapping[str, str] = {
    "staged": "To be released",
    "held": "Held",
    "disputed": "Disputed",
    "accepted": "Accepted",
    "rejected": "Sent back",
    "paid": "Paid",
}
DEBITS: Mapping[str, str] = {
    "open": "Asked back",
    "credit-staged": "Credit to be released",
    "credit-held": "Credit held",
    "credit-disputed": "Credit disputed",
    "credited": "Credited",
    "netted": "Netted",
    "reported": "Reported",
}
OWNERSHIPS: Mapping[str, str] = {
    "consigned": "Consigned",
    "owned": "Owned",
    "non-owned": "Non-owned",
}
PRICE_SOURCES: Mapping[str, str] = {
    **SOURCES,
    "price-correction": "Price changed for days gone by",
}
REASONS: Mapping[str, str] = {
    "price-missing": "No price",
    "rate-missing": "No rate of exchange",
    "tax-code-missing": "No tax code",
    "tax-rate-missing": "No rate of the tax code",
    "no-agreement": "No agreement",
    "agreement-not-in-force": "Agreement not in force",
    "not-enough-on-hand": "Not enough on hand",
    "not-enough-issued": "Returned more than issued",
    "currency-differs": "Currency differs",
}
ENDINGS: Mapping[str, str] = {
    "taken-up": "Taken up",
    "waits-anew": "Waits anew",
    "went-back": "Went back",
    "voided": "Voided",
    "closed": "Closed",
    "replaced": "Corrected",
}
TERMS: Mapping[str, str] = {
    **AGREED,
    "unrestricted": "Unrestricted",
    "on-hold": "On quality hold",
    "blocked": "Blocked",
}
ALL = {**TERMS, **PRICE_SOURCES, **OWNERSHIPS, **STANDINGS, **USES, **KINDS}


def say(code: str, words: Mapping[str, str] = ALL) -> str:
    """The words for a code; a code we have no words for is said as it is written. What follows
    the code says the particulars."""
    head, _, particulars = code.partition(" ")
    if particulars and head in words:
        return f"{words[head]}: {particulars}"
    return words.get(code) or code.replace("-", " ").capitalize()


AGES: Mapping[str, str] = {
    "0-30": "0–30 days",
    "31-60": "31–60 days",
    "61-90": "61–90 days",
    "91-180": "91–180 days",
    ">180": "over 180 days",
}
