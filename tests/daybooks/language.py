"""The sentences of a day book. `[…]` may be left out, `{…}` is one word, `{…*}` is the rest."""

import re
from functools import cache
from typing import NamedTuple

from tests.daybooks import acts

USE = (
    "{quantity} {unit} of {item}[ from {place}][ owned by {consignor}][ for {kind}]"
    "[ at {price} {currency}][ lot {lot}][ serial {serial}][ picked for {reservation}][ on {on}]"
    "[ in {organization}][ as {reference}][ to order {work_order}][ charged to {account}]"
    "[ sold at {sale_price}]"
)
WHERE = (
    "[ into {place}][ lot {lot}][ serial {serial}][ best before {expires_on}][ on {on}]"
    "[ in {organization}]"
)

SENTENCES = {
    # who there is, what is traded, what was agreed
    "party": ['party {code}[ "{name}"]'],
    "organization": ['organization {code}[ "{name}"] of {party} in {currency}[, {pick_order}]'],
    "place": ["place {code} in {organization}: {zone}[, {owned}]"],
    "item": ['item {code}[ "{name}"] in {unit}[, {ownership}][, units {units*}]'],
    "agreement": ["agreement {number}: {consignor} to {consignee} in {currency}, {terms*}"],
    "price": [
        "price of {item} under {agreement} is {price}[ per {unit}] from {starts_on}"
        "[ until {ends_on}]"
    ],
    "extend": ["extend {agreement} until {ends_on}"],
    # goods arrive
    "order": [
        "order {order}[ line {line}]: {quantity} {unit} of {item} from {consignor}"
        "[ under {agreement}][ at {price}][ as {ownership}][ needed on {needed_on}]"
        "[ in {organization}]"
    ],
    "ship": [
        "ship {notice}[ line {line}]: {quantity} {unit} on {order}[ line {order_line}]"
        "[ lot {lot}][ expected on {expected_on}]"
    ],
    "receive": [
        "receive {receipt}[ line {line}]: {quantity} {unit} of {item} under {agreement}" + WHERE,
    ],
    "receive_ordered": [
        "receive {receipt}[ line {line}]: {quantity} {unit} on {order}[ line {order_line}]" + WHERE,
    ],
    "receive_announced": [
        "receive {receipt}: as announced in {notice}[ by {consignor}]"
        "[, line {line} {quantity} {unit}]"
        "[ into {place}]"
    ],
    "put_away": ["put away {receipt}[ line {line}]: {quantity} {unit} to {place}"],
    # goods are used
    "use": ["use " + USE],
    "till": ["till sells " + USE],
    "take_back": ["return " + USE],
    "move": [
        "move {quantity} {unit} of {item} from {source} to {target}[ owned by {consignor}]"
        "[ lot {lot}][ on {on}][ in {organization}][ as {reference}]"
    ],
    "reserve": [
        "reserve {quantity} {unit} of {item}[ owned by {consignor}][ lot {lot}][ serial {serial}]"
        " for {reference}[ in {organization}]"
    ],
    "resubmit": ["resubmit[ in {organization}]"],
    "close": ["close books[ of {organization}] through {through}"],
    # what was used is settled
    "advise": ["advise"],
    "invoice": ["invoice {number} of {consignor} on {advice}[ in {currency}]: {lines*}"],
    "reject": ["reject {number} of {consignor} because {because*}"],
    "release": ["release {number} of {consignor}"],
    "pay": ["pay"],
    # questions
    "on_hand": ["on hand[ of {item}][ as of {as_of}][ seen by {viewer}]"],
    "elsewhere": ["goods elsewhere seen by {viewer}"],
    "held": ["goods of others held by {viewer}"],
    "figures": ["figures of {item}[ seen by {viewer}]"],
    "progress": ["progress of {order}[ seen by {viewer}]"],
    "history": ["history of {item} seen by {viewer}"],
    "owed": ["owed[ seen by {viewer}]"],
    "advices": ["advices[ seen by {viewer}]"],
    "exceptions": ["exceptions[ seen by {viewer}]"],
    "next_closing": ["next closing of {agreement}"],
    "books": ["books of {party}"],
    "accounts": ["accounts of {party}"],
} | acts.sentences()


class Sentence(NamedTuple):
    verb: str
    words: dict[str, str]
    """What stands in the places of the sentence; what was left out is empty."""


class NotASentence(Exception):
    """The line is no sentence of the language."""


def understand(line: str) -> Sentence:
    """The sentence that says most of a line in words of its own, and leaves least to its places."""
    fitting = [
        (sum(len(said or "") for said in found.groups()), verb, found.groupdict())
        for verb, patterns in SENTENCES.items()
        for pattern in patterns
        if (found := _compiled(pattern).fullmatch(line))
    ]
    if not fitting:
        raise NotASentence(f"no day book says {line!r}; the sentences are in {__file__}")
    _, verb, words = min(fitting, key=lambda one: one[0])
    return Sentence(verb, {name: said or "" for name, said in words.items()})


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    said = re.escape(pattern).replace(r"\ ", " ")
    said = said.replace(r"\[", "(?:").replace(r"\]", ")?")
    said = re.sub(r'"\\\{(\w+)\\\}"', r'"(?P<\1>[^"]*)"', said)
    said = re.sub(r"\\\{(\w+)\\\*\\\}", r"(?P<\1>.+)", said)
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^\\s:,\"]+)", said))
