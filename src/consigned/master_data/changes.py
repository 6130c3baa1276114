"""Masters change in some fields, and each change is recorded: here is of which masters."""

from enum import StrEnum


class MasterKind(StrEnum):
    """The kinds of masters of which some fields may be recorded again otherwise."""

    PARTY = "party"
    SITE = "site"
    ORGANIZATION = "organization"
    ITEM = "item"
    ITEM_SETTING = "item-setting"
    AGREEMENT = "agreement"
    PRICE = "price"
    RULE = "rule"
    ACCOUNT = "account"
    BILL = "bill"
