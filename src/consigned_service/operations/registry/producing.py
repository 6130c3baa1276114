"""Goods that become others, and others again."""

from consigned_service.operations.master_data import bills_of_material as bills
from consigned_service.operations.production import completions as production
from consigned_service.operations.production import disassembly as taking_apart
from consigned_service.operations.production import unused_components as production_returns
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
        "bills",
        bills.BillLine,
        ("organization", "product", "component", "quantity_per"),
        OF
        | {
            "product": ITEM + ", that is made",
            "component": ITEM + ", that it is made of",
            "quantity_per": "how much of it one unit of the product takes; 0 takes it off the "
            "bill",
            "unit": UNIT,
            "scrap_percent": "how much more is spoilt as a rule, as 2.5; empty: nothing",
        },
        lambda lines, told: bills.register_bills(
            organization=told.organization, lines=lines, told_by=told.by_whom
        ),
    ),
    Kind(
        "production",
        production.CompletionLine,
        ("organization", "reference", "product", "quantity", "completed_on"),
        OF
        | {
            "reference": "a number of its own, so that it is told once",
            "product": ITEM + ", that was completed",
            "quantity": QUANTITY,
            "completed_on": DAY,
            "work_order": "number of the production order whose components it takes first; "
            "empty: the reference",
            "unit": UNIT,
            "place": "code of the place the product is put; empty: the first for finished "
            "goods, or the stockroom",
            "components_from": "code of the place its components are taken from; empty: "
            "wherever they lie",
            "lot": LOT,
            "serial": SERIAL,
            "expires_on": "last day on which the product may be used, " + DAY,
            "passed": "yes where the product has passed its test, for which the title of its "
            "components may wait",
        },
        lambda lines, told: production.record_production(
            organization=told.organization, lines=lines, by=told.by, at=told.at,
            wait_for_missing=True,
        ),
        day="completed_on",
    ),
    Kind(
        "production-returns",
        production_returns.ComponentReturnLine,
        ("organization", "reference", "work_order", "item", "quantity", "returned_on"),
        OF
        | {
            "reference": "a number of its own, so that it is told once",
            "work_order": "number of the production order or kit that they were issued to",
            "item": ITEM + ", the component that was not needed",
            "quantity": QUANTITY,
            "returned_on": DAY,
            "unit": UNIT,
            "place": "code of the place it goes to; empty: the consigned store",
            "lot": LOT,
            "serial": SERIAL,
        },
        on_organization(production_returns.return_from_production),
        day="returned_on",
    ),
    Kind(
        "taken-apart",
        taking_apart.TakeApartLine,
        ("organization", "reference", "product", "quantity", "taken_apart_on"),
        OF
        | {
            "reference": "a number of its own, so that it is told once",
            "product": ITEM + ", that was taken apart",
            "quantity": QUANTITY,
            "taken_apart_on": DAY,
            "unit": UNIT,
            "place": "code of the place it was taken from; empty: wherever it lies",
            "lot": LOT,
            "serial": SERIAL,
            "components_to": "code of the place the components go to; empty: the consigned "
            "store",
        },
        on_organization(taking_apart.take_apart),
        day="taken_apart_on",
    ),
)  # fmt: skip
