"""The source speaks the field's words. Those of a dialect of its own are gone, or become fewer.

A word that is gone does not come back. One that is still in use may become rarer: whoever takes
some out lowers its bound here, and nobody raises one.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src"

GONE = {
    # the word of before    what is said instead
    "ActsForNobody": "KeyWithoutParty",
    "ArrivedGoods": "GoodsReceiptLine",
    "AskedBack": "RequestedCredit",
    "FollowsOrder": "FixedByOrder",
    "KeyNeeded": "AuthenticationRequired",
    "LetterNotTaken": "MailRejected",
    "LooksTheSame": "PossibleDuplicate",
    "NotADay": "InvalidDate",
    "NotAQuantity": "InvalidQuantity",
    "NotAWholeNumber": "InvalidNumber",
    "NotExpected": "NoSourceDocument",
    "NotMoney": "InvalidAmount",
    "NotOneOf": "InvalidChoice",
    "NotText": "InvalidText",
    "NotThatWay": "MethodNotAllowed",
    "NotUtf8": "InvalidEncoding",
    "NothingFits": "NothingMatches",
    "OnlyOurs": "OwnedLocation",
    "OnlyTheirs": "NotConsigned",
    "OuterZone": "ExternalZone",
    "OwnIssue": "OwnedIssue",
    "Sight": "Visibility",
    "StaysTheirs": "ConsignedInOwnedLocation",
    "Teller": "RecordedBy",
    "ToldLine": "EntryReference",
    "ToldOtherwise": "CountAlreadyRecorded",
    "ToldTwice": "RepeatedInRequest",
    "UnitDoesNotConvert": "UnknownUnit",
    "Untold": "NotAdvised",
    "WentBack": "ReturnedQuantity",
    "_Yard": "DispositionBatch",
    "acts-for-nobody": "key-without-party",
    "advice_by": "advice_channel",
    "advice_to": "advice_address",
    "aged-purchases": "aging-transfers",
    "and_transfer": "with_title_transfer",
    "as_issued": "to_original_owner",
    "at_most": "maximum_quantity",
    "closes-backwards": "close-date-not-later",
    "consent-missing": "consent-required",
    "consignor-stands": "consignor-locked",
    "count-reasons": "count-adjustments",
    "count_share_percent": "cycle_count_percent",
    "covers_transit": "includes_in_transit",
    "designation-stands": "designation-locked",
    "exceptions-closed": "exception-closings",
    "follows-order": "fixed-by-order",
    "happened_at": "occurred_at",
    "holds_for_quality": "title_after_inspection",
    "holds_from": "valid_from",
    "key-needed": "authentication-required",
    "letter-not-taken": "mail-rejected",
    "looks-the-same": "possible-duplicate",
    "loss_bearers": "loss_responsibility",
    "more-than-differs": "exceeds-difference",
    "never-had": "owner-never-stocked",
    "nobody-holds": "no-organization",
    "not-a-day": "invalid-date",
    "not-a-day-of-the-year": "invalid-day-of-year",
    "not-a-quantity": "invalid-quantity",
    "not-a-whole-number": "invalid-number",
    "not-between": "agreement-parties-differ",
    "not-bought": "price-only-for-owned",
    "not-expected": "no-source-document",
    "not-gone-by": "start-date-in-future",
    "not-money": "invalid-amount",
    "not-more-time": "extension-too-short",
    "not-one-of": "invalid-choice",
    "not-ours-to-give": "transfer-not-allowed",
    "not-set-apart": "not-enough-blocked",
    "not-text": "invalid-text",
    "not-that-way": "method-not-allowed",
    "not-utf-8": "invalid-encoding",
    "nothing-fits": "nothing-matches",
    "nothing-here": "not-found",
    "number-of-another-paper": "number-in-use",
    "one-owner-needed": "owner-required",
    "one-party": "same-party",
    "only-ours": "owned-location",
    "only-theirs": "not-consigned",
    "outer-zone": "external-zone",
    "own_currency": "functional_currency",
    "owner_order": "owner_sequence",
    "placed-before-inspection": "location-before-inspection",
    "production-returns": "component-returns",
    "rate_kind": "exchange_rate_type",
    "several-hold": "party-required",
    "share-without-turns": "percent-without-cycle-count",
    "stages_receipts": "two_step_receiving",
    "stays-theirs": "consigned-in-owned-location",
    "supplied_from": "sourced_from",
    "supplied_from_place": "sourced_from_place",
    "taken-apart": "disassemblies",
    "told-otherwise": "count-already-recorded",
    "told-twice": "repeated-in-request",
    "too-exact": "too-many-decimals",
    "transfers-between": "interorganization-transfers",
    "unit-does-not-convert": "unknown-unit",
    "use-is-consumption": "rule-on-consumption",
    "wait_for_missing": "queue_shortages",
}
AT_MOST = {
    "told": 941,
    "tell": 81,
    "said": 1480,
    "says": 353,
    "stands": 437,
    "standing": 444,
    "kept": 393,
    "anew": 47,
    "ours": 554,
    "lying": 256,
    "beside": 51,
    "papers": 30,
    "anybody": 21,
    "somebody": 40,
    "desk": 136,
}
INSTEAD = {
    "told": "recorded (an entry), received (input), advised (on an advice), sent (to a partner)",
    "tell": "record, report, send",
    "said": "given, entered, stated; value of raw input",
    "says": "states; content of what is compared",
    "stands": "existing, current",
    "standing": "existing; status of a document",
    "kept": "stored",
    "anew": "again",
    "ours": "owned; the holder's",
    "lying": "on_hand",
    "beside": "next to, or leave it out",
    "papers": "documents",
    "anybody": "any party",
    "somebody": "a user, a person",
    "desk": "batch, allocation",
}


@cache
def words() -> Counter[str]:
    found: Counter[str] = Counter()
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix in (".py", ".html") and "migrations" not in path.parts:
            found.update(re.findall(r"[A-Za-z]\w*(?:-\w+)*", path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("word", GONE)
def test_a_word_that_is_gone_stays_away(word: str) -> None:
    assert words()[word] == 0, f"{word}: say {GONE[word]}"


@pytest.mark.parametrize("word", AT_MOST)
def test_a_private_word_becomes_rarer(word: str) -> None:
    count = sum(n for one, n in words().items() if one.lower() == word)
    assert count <= AT_MOST[word], (
        f"{word} was {AT_MOST[word]} times in the source: say {INSTEAD[word]}"
    )
