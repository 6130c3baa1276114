"""Goods that are counted, lost or damaged."""

from consigned.counting.losses import Reason
from consigned_service.operations.counting import counts, differences, dispositions
from consigned_service.operations.registry.kind import (
    DAY,
    ITEM,
    LOT,
    OF,
    QUANTITY,
    SERIAL,
    UNIT,
    Kind,
    on_organization,
)

KINDS = (
    Kind(
        "counts",
        counts.CountLine,
        ("organization", "count_number", "item", "counted", "counted_on"),
        OF
        | {
            "count_number": "number of the count sheet, or a name of its own for a count "
            "without one",
            "item": ITEM,
            "counted": "how much lies there, as 3 or 0.125",
            "counted_on": "day of the count, of which the evening is meant, " + DAY,
            "consignor": "code of the party whose goods were counted; empty: as the sheet "
            "says, otherwise all owners' together",
            "place": "code of the place that was counted; empty: as the sheet says, otherwise "
            "all places",
            "lot": LOT,
            "serial": SERIAL,
            "unit": UNIT,
            "counted_by_party": "which side counted: consignee (if empty) or consignor",
            "counted_by": "who counted, by name",
            "recount": "empty for the first count, 1 for the first recount, and so on",
            "reason": "why there is less or more, where it is known: " + ", ".join(Reason),
        },
        on_organization(counts.record_counts),
        day="counted_on",
    ),
    Kind(
        "dispositions",
        dispositions.DispositionLine,
        ("organization", "reference", "item", "quantity", "outcome", "happened_on"),
        OF
        | {
            "reference": "a number of its own, so that it is told once",
            "item": ITEM,
            "quantity": QUANTITY,
            "outcome": "what becomes of damaged goods: block sets them apart; then scrap, "
            "return or keep",
            "happened_on": DAY,
            "reason": "why they are damaged: broken (if empty) or another reason of a loss; "
            "it decides who bears what is scrapped",
            "consignor": "code of the party whose goods are meant; empty: by pick order",
            "place": "code of the place where they lie; empty: wherever",
            "lot": LOT,
            "serial": SERIAL,
            "unit": UNIT,
        },
        on_organization(dispositions.dispose_of),
        day="happened_on",
    ),
    Kind(
        "count-reasons",
        differences.SettlingLine,
        ("organization", "difference", "reason"),
        OF
        | {
            "difference": "number of the counted difference, as 12",
            "reason": "why there is less or more: " + ", ".join(Reason),
            "quantity": "how much of it, as 3 or 0.125; empty: all that is still open",
            "unit": UNIT,
        },
        on_organization(differences.settle_differences),
    ),
)  # fmt: skip
