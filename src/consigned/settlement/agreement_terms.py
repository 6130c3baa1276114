"""The terms of an agreement, as people read them: each with a title, and its value in words.

This is the one list of them: the agreement's page, its command and its history are made from it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from consigned.counting.losses import Reason, consignee_share
from consigned.measure.quantity import show_micros

WORDS: Mapping[str, str] = {
    "on-shipment": "When the consignor ships them",
    "on-ship-notice": "When the ship notice is recorded",
    "on-receipt": "When they are received at the dock",
    "on-putaway": "When they are put away from the dock",
    "on-floor-issue": "When they leave the stockroom for the shop floor",
    "on-completion": "When they leave the shop floor for finished goods",
    "never": "Never",
    "on-use": "When the goods are used",
    "on-withdrawal": "When they leave the consignor's store",
    "daily": "Daily",
    "weekly": "Weekly",
    "fortnightly": "Fortnightly",
    "twice-monthly": "Twice a month",
    "monthly": "Monthly",
    "quarterly": "Quarterly",
    "4-4-5": "By periods of 4, 4 and 5 weeks",
    "fixed-dates": "On fixed days of the year",
    "recorded": "Of the day on which it is recorded",
    "happened": "Of its own day, while that one is not advised",
    "organization-item-day": "One for each organization, item and day",
    "organization-item": "One for each organization and item",
    "organization": "One for each organization",
    "all-organizations": "One for all organizations",
    "supplier-invoice": "Supplier's invoice, matched to the advice",
    "self-bill-automatic": "Self-billed, released at once",
    "self-bill-staged": "Self-billed, released by a person",
    "report-only": "Reported only, settled elsewhere",
    "pay-on-use": "Paid on use, each use by itself",
    "receipt": "from receipt",
    "shipment": "from shipment",
    "by-hand": "Bought by a person's decision",
    "automatic": "Bought automatically",
    "return": "They go back",
    "roll-over": "They stay for another display period",
    "convert": "They become the consignee's",
    "donate": "They are given away",
    "destroy": "They are destroyed",
    "as-issued": "Its first owner's again until an advice tells the use",
    "owned": "The consignee's",
    "reported": "What is reported as used",
    "counted": "What is missing when it is counted",
    "full": "Everything each time",
    "cycle": "A share of the items each time",
    "blind": "Everything, by counters who are not told the book",
    "blind-cycle": "A share of the items, by counters who are not told the book",
    "portal": "On the portal",
    "print": "On paper",
    "email": "By mail",
    "fax": "By fax",
}
"""The words for what terms say by code."""

SOURCES: Mapping[str, str] = {
    "transaction": "Said with the consumption",
    "agreement": "Agreement price in force that day",
    "order-line": "Price of the order line",
}
"""Where prices come from, in words."""

NOT_AGREED = "Not agreed"


class Group(StrEnum):
    """What a term is about."""

    PARTIES = "Between whom"
    TITLE = "Title and goods"
    SETTLEMENT = "Advices and invoices"
    PRICES = "Prices and tax"
    TIME = "How long goods may lie"
    LOSSES = "Counting and losses"


class Term(NamedTuple):
    """One term: its column, what it is called, and how its value is said."""

    name: str
    title: str
    group: Group
    say: Callable[[Any], str] = str
    unsaid: str = NOT_AGREED
    """What stands where the agreement says nothing of it."""

    def value(self, value: Any) -> str:
        return self.unsaid if value in (None, "") else self.say(value)


def _word(code: str) -> str:
    return WORDS.get(code) or code


def _yes_or_no(value: object) -> str:
    return "Yes" if value else "No"


def _day(day: date | str) -> str:
    return str(day)


def _days(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"


def _percent(percent: int) -> str:
    return f"{percent} percent"


def _exact_percent(micros: int) -> str:
    return f"{show_micros(micros)} percent"


def _sources(said: str) -> str:
    return ", then ".join(SOURCES[source] for source in said.split())


def _bearers(said: str) -> str:
    """Whose each loss is; what is borne as an unknown one is not named."""
    others = consignee_share(said, Reason.UNKNOWN)
    named: dict[int, list[str]] = {}
    for reason in Reason:
        if (share := consignee_share(said, reason)) != others:
            named.setdefault(share, []).append(reason)
    parts = [f"{', '.join(reasons)} {_bearer(share)}" for share, reasons in named.items()]
    return "; ".join((*parts, f"all others {_bearer(others)}"))


def _bearer(share: int) -> str:
    named = {0: "the consignor's", 100: "the consignee's"}
    return named.get(share) or f"the consignee's by {share} percent"


_P, _T, _S, _M, _A, _L = Group

TERMS = (
    Term("consignor", "Consignor", _P),
    Term("consignor_site", "From its site", _P, unsaid="Any"),
    Term("consignee", "Consignee", _P),
    Term("number", "Number", _P),
    Term("starts_on", "In force from", _P, _day),
    Term("ends_on", "In force until, which is not in it", _P, _day, "No end"),
    Term("title_rule", "Title passes", _T, _word),
    Term("title_after_inspection", "Only once quality is passed", _T, _yes_or_no),
    Term("includes_in_transit", "Goods on the way are consigned already", _T, _yes_or_no),
    Term("over_receipt_percent", "More than ordered, up to", _T, _percent, "Nothing more"),
    Term("under_receipt_percent", "Less than ordered, up to", _T, _percent, "Nothing less"),
    Term("customer_returns", "What customers bring back is", _T, _word),
    Term("sourced_from", "Handed on from", _T, unsaid="The consignor's own goods"),
    Term("sourced_from_place", "Handed on from its place", _T, unsaid="Any"),
    Term("frequency", "Advised", _S, _word),
    Term("first_closing_on", "First cycle closes on", _S, _day),
    Term("closing_days", "Closing days", _S, unsaid="As the first closing gives them"),
    Term("cycle_by", "A use falls in the cycle", _S, _word),
    Term("advice_grace_days", "Advices are made after the cycle by", _S, _days),
    Term("summary_level", "Advices", _S, _word),
    Term("advice_channel", "Advices are told", _S, _word, WORDS["portal"]),
    Term("advice_address", "Advices are told to", _S, unsaid="No address"),
    Term("settlement_method", "Settled by", _S, _word),
    Term("bill_to", "Billed to", _S, unsaid="The consignee"),
    Term("invoice_tolerance", "A line of an invoice may differ by", _S, unsaid="Nothing"),
    Term("payment_days", "Paid after the invoice", _S, _days),
    Term("currency", "Currency", _M),
    Term("price_sources", "Price, the first that there is", _M, _sources),
    Term("price_terms", "Prices are made by", _M, unsaid="The price of the item"),
    Term("taxed", "Tax comes on top", _M, _yes_or_no),
    Term("aging_days", "The consignee's own after", _A, _days, "Never"),
    Term("aging_onset", "Those days count", _A, _word),
    Term("aged_outcome", "Aged goods", _A, _word),
    Term("display_days", "May be on display for", _A, _days, "No limit"),
    Term("return_by", "Last day to go back", _A, _day, "No limit"),
    Term("end_of_term", "What is unsold then", _A, _word, "A person decides"),
    Term("grace_days", "Days of grace before that", _A, _days),
    Term("rotation_percent", "Exchanged for fresh goods up to", _A, _percent),
    Term("rotation_every_days", "May be asked for every", _A, _days),
    Term("usage_basis", "Use is", _L, _word),
    Term("count_method", "Counted", _L, _word, "By no plan"),
    Term("count_every_days", "Counted every", _L, _days, "By no plan"),
    Term("cycle_count_percent", "Share of the items counted each time", _L, _percent, "All"),
    Term("shrinkage_warning_percent", "Shrinkage warns from", _L, _exact_percent, "No warning"),
    Term("loss_responsibility", "Losses are", _L, _bearers, _bearers("")),
    Term("liability", "The owner may bill the holder for", _L),
)  # fmt: skip
"""Every term of an agreement, in the order in which they are read."""
TERM = {term.name: term for term in TERMS}
