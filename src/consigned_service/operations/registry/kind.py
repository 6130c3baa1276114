"""What a kind of line is, and the columns that kinds have in common.

Every kind is the written form of one act: its columns are the fields of the act's lines. The acts
on one organization take its code from a column beside them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from consigned.measure.identity import OrganizationId
from consigned_service.operations.core.outcome import Outcome
from consigned_service.operations.core.upsert import Teller

ORGANIZATION = "organization"


class Telling(NamedTuple):
    """Under which organization lines are told, by whom, when, and from which source."""

    organization: OrganizationId
    by: str
    at: datetime
    source: str
    again: bool = False
    """Whether what looks like told under another source happened as well."""

    @property
    def by_whom(self) -> Teller:
        return Teller(self.by, self.at)


class Kind(NamedTuple):
    """A kind of line: its fields, what each column says, and the act that takes it."""

    name: str
    line: Any
    required: tuple[str, ...]
    columns: Mapping[str, str]
    act: Callable[[Sequence[Any], Telling], Outcome]
    is_of_organization: bool = True
    day: str = ""
    """The column with the day on which it happened."""
    whole: tuple[str, ...] = ()
    """Lines one after the other that are alike in these columns are told together."""


def on_organization(act: Callable[..., Outcome]) -> Callable[[Sequence[Any], Telling], Outcome]:
    return lambda lines, told: act(
        organization=told.organization, lines=lines, by=told.by, at=told.at
    )


QUANTITIES = frozenset(("quantity", "at_most", "counted", "from_quantity"))
"""Of the figures, the columns that say how much of an item: what is counted by the piece is whole
in each. What a paper of somebody else's bills is judged by what it answers, and a bill of materials
may take a part of a piece."""

LINES = frozenset(("line", "order_line", "ship_notice_line"))
"""The columns with the number of a line: a whole number from 1 on."""

DAYS = frozenset(
    (
        "ordered_on", "needed_on", "closed_on", "shipped_on", "expected_on", "expires_on",
        "received_on", "inspected_on", "happened_on", "happened_at", "stocked_on", "counted_on",
        "agreed_on", "until", "completed_on", "returned_on", "taken_apart_on", "starts_on",
        "ends_on", "first_closing_on", "return_by", "holds_from", "invoiced_on", "vouchered_on",
        "credited_on",
    )
)  # fmt: skip
"""The columns with a day: measure/period reads each of them."""

OF = {ORGANIZATION: "code of the organization"}
ITEM = "code of the item, or its GTIN"
QUANTITY = "how much, as 3 or 0.125"
UNIT = "unit of the quantity; empty: the item's own"
DAY = "as 2026-03-31"
LOT = "the maker's mark of a batch"
SERIAL = "the maker's mark of one piece"
TOLD_ONCE = "a number of its own, so that it is told once"
CUSTOMS = {
    "customs_status": "free, bonded or free-zone; empty: not told",
    "customs_document": "number of the customs document",
    "origin": "country of origin, as DE",
}

HOLD = OF | {
    "reference": TOLD_ONCE,
    "item": ITEM,
    "happened_on": DAY,
    "quantity": "how much; empty: everything that fits",
    "unit": UNIT,
    "place": "code of the place they lie at; empty: wherever",
    "consignor": "code of the party whose goods are meant; empty: anybody's",
    "lot": LOT,
    "serial": SERIAL,
}
REFERENCE = {"reference": TOLD_ONCE}
NAMED = {
    "lot": LOT,
    "serial": SERIAL,
    "receipt": "number of the goods receipt it came with",
    "line": "that receipt's line; empty: 1",
}
RECEIPT_MARK = OF | {
    "reference": TOLD_ONCE,
    "receipt": "number of the goods receipt",
    "happened_on": DAY,
    "line": "the receipt's line; empty: all of them",
    "because": "why, in words",
}
