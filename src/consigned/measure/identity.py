"""Names for the numbers that pick one thing out, so that two kinds of number never mix.

Inside an organization's ledger things are numbered from 1 without gaps; a number is shown to
people with a prefix that says what it names: `ent_12` is entry 12, `lay_5` is layer 5.
"""

from typing import NewType

PartyId = NewType("PartyId", int)
OrganizationId = NewType("OrganizationId", int)
ItemId = NewType("ItemId", int)
AgreementId = NewType("AgreementId", int)

PlaceNumber = NewType("PlaceNumber", int)
PositionNumber = NewType("PositionNumber", int)
LayerNumber = NewType("LayerNumber", int)
ReceiptNumber = NewType("ReceiptNumber", int)
ArrivalNumber = NewType("ArrivalNumber", int)
EntryNumber = NewType("EntryNumber", int)
PostingNumber = NewType("PostingNumber", int)
ConsumptionNumber = NewType("ConsumptionNumber", int)
TotalNumber = NewType("TotalNumber", int)


def label(prefix: str, number: int) -> str:
    """A number as people see it: `label("ent", 12)` is `ent_12`."""
    return f"{prefix}_{number}"
