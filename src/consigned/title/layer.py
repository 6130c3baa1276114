"""A layer is the goods of one receipt line, kept together until they are gone.

First-in-first-out, aging, 'which order was this' and the price at receipt are all read from it,
so the same item consigned by three suppliers under five orders is told apart on one shelf
(checklist E37).
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from consigned.measure.identity import (
    AgreementId,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
)
from consigned.measure.money import Price


class Ownership(StrEnum):
    """How goods came in: bought, held for somebody without settlement, or on consignment.

    Also what an item is designated as (checklist P02).
    """

    OWNED = "owned"
    NON_OWNED = "non-owned"
    CONSIGNED = "consigned"


class Layer(NamedTuple):
    """What was received together: one item, from one party, on one day, under one order line."""

    number: LayerNumber
    item: ItemId
    supplier: PartyId
    received_on: date
    ownership: Ownership = Ownership.CONSIGNED
    agreement: AgreementId | None = None
    order_line: int | None = None
    receipt: int | None = None
    receipt_line: int | None = None
    shipped_on: date | None = None
    expires_on: date | None = None
    lot: str | None = None
    serial: str | None = None
    price: Price | None = None
    customs_status: str | None = None
    customs_document: str | None = None
    origin: str | None = None
    from_organization: OrganizationId | None = None
    from_layer: LayerNumber | None = None
    """What goods from another organization were there (checklist X19); of goods that passed to
    another agreement, what they were here before."""
