"""What the laws read of one ledger, each thing once, when a law first asks for it."""

from functools import cached_property

from consigned.measure.identity import (
    EntryNumber,
    OrganizationId,
    PartyId,
    PlaceNumber,
    PositionNumber,
    TotalNumber,
)
from consigned.settlement.laws import Counted, KeptTotal, Reversed, Transferred
from consigned.title.past import Slot
from consigned.title.position import Position
from consigned_service.records.audit import facts as audit_records
from consigned_service.records.audit.facts import KeptAgreement, KeptLedger, OwnedGoods
from consigned_service.records.settlement.advices import BilledTax

Booked = dict[tuple[int, int | None, str, str], int]
"""Debits less credits by book, agreement, currency and account."""


class Facts:
    def __init__(self, organization: OrganizationId, party: PartyId) -> None:
        self.organization = organization
        self.party = party

    @cached_property
    def ledger(self) -> KeptLedger | None:
        """The ledger's own row; None where it is missing."""
        return audit_records.ledger(self.organization)

    @cached_property
    def highest(self) -> dict[str, int]:
        """The highest number in use of each kind of fact."""
        return audit_records.highest(self.organization)

    @cached_property
    def positions(self) -> dict[PositionNumber, Position]:
        return audit_records.positions(self.organization)

    @cached_property
    def balances(self) -> dict[Slot, int]:
        return audit_records.balances(self.organization)

    @cached_property
    def outer_places(self) -> frozenset[PlaceNumber]:
        return audit_records.outer_places(self.organization)

    @cached_property
    def transfers(self) -> dict[EntryNumber, Transferred]:
        return audit_records.transfers(self.organization)

    @cached_property
    def charges(self) -> dict[EntryNumber, Counted]:
        return audit_records.charges(self.organization)

    @cached_property
    def reversals(self) -> dict[EntryNumber, Reversed]:
        return audit_records.reversals(self.organization)

    @cached_property
    def totals(self) -> dict[TotalNumber, KeptTotal]:
        return audit_records.totals(self.organization)

    @cached_property
    def booked(self) -> Booked:
        return audit_records.booked(self.organization)

    @cached_property
    def owed(self) -> dict[tuple[int, str], dict[str, int]]:
        """What is owed and what is asked back, by agreement and currency."""
        owed = audit_records.owed(self.organization)
        for key, amounts in audit_records.asked_back(self.organization).items():
            owed.setdefault(key, {}).update(amounts)
        return owed

    @cached_property
    def billed_tax(self) -> dict[tuple[int, str], BilledTax]:
        return audit_records.billed_tax(self.organization)

    @cached_property
    def consigned_values(self) -> dict[tuple[int, str, bool], int]:
        return audit_records.consigned_values(self.organization, self.party)

    @cached_property
    def owned_goods(self) -> OwnedGoods:
        return audit_records.owned_goods(self.organization, self.party)

    @cached_property
    def agreements(self) -> dict[int, KeptAgreement]:
        return audit_records.agreements()

    @cached_property
    def codes(self) -> dict[int, str]:
        return audit_records.party_codes()
