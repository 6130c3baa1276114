"""Who takes part in a programme beside its two parties, and as what (checklist E13, E14).

A programme of three is two programmes of two that are linked. A warehouse may keep the goods for
either party and never owns them; a distributor holds a maker's goods and consigns them on; and the
papers of each pair name the third.
"""

from enum import StrEnum


class Role(StrEnum):
    SUPPLIER = "supplier"
    OEM = "oem"
    CONTRACT_MANUFACTURER = "contract-manufacturer"
    SERVICE_PROVIDER = "service-provider"
    BUYER = "buyer"
    END_CUSTOMER = "end-customer"
    DISTRIBUTOR = "distributor"
    RESELLER = "reseller"
    VAR = "value-added-reseller"
    RETAILER = "retailer"
    THIRD_PARTY_LOGISTICS = "third-party-logistics"
    FOURTH_PARTY_LOGISTICS = "fourth-party-logistics"
    FORWARDER = "forwarder"
    CARRIER = "carrier"
    INVENTORY_MANAGER = "inventory-manager"
    THIRD_PARTY_WAREHOUSE = "third-party-warehouse"
    CUSTOMS = "customs"
    MARKETPLACE = "marketplace"
    CONSOLIDATOR = "consolidator"
    BROKER = "broker"
    FLOOR_PLAN_FINANCER = "floor-plan-financer"


KEEPERS = frozenset(
    {
        Role.THIRD_PARTY_WAREHOUSE,
        Role.THIRD_PARTY_LOGISTICS,
        Role.FOURTH_PARTY_LOGISTICS,
        Role.INVENTORY_MANAGER,
    }
)
"""Roles that keep the goods of an organization: they see what lies there, without values, and
report what happens to it; they own none of it."""
