"""Who trades and what in: parties, organizations, places, items and how they are kept."""

from consigned_service.operations.accounting import standard_costs
from consigned_service.operations.master_data import (
    accounts,
    designations,
    item_settings,
    items,
    parties,
    taxes,
)
from consigned_service.operations.master_data import exchange_rates as rates
from consigned_service.operations.registry.kind import ITEM, OF, TOLD_ONCE, Kind, on_organization

KINDS = (
    Kind(
        "parties",
        parties.PartyLine,
        ("code", "name"),
        {
            "code": "short name of the firm, used in every other file",
            "name": "its full name",
        },
        lambda lines, told: parties.register_parties(
            lines=lines, told_by=told.by_whom
        ),
        is_of_organization=False,
    ),
    Kind(
        "sites",
        parties.SiteLine,
        ("party", "code"),
        {
            "party": "code of the party whose address it is",
            "code": "short name of the site, one of its own within the party",
            "name": "its full name",
            "gln": "its Global Location Number, 13 digits",
        },
        lambda lines, told: parties.register_sites(
            lines=lines, told_by=told.by_whom
        ),
        is_of_organization=False,
    ),
    Kind(
        "accounts",
        accounts.AccountLine,
        ("party", "account", "number"),
        {
            "party": "code of the party in whose books it is",
            "account": "the account as the product calls it, as cost-of-goods-sold",
            "number": "its number in the party's own chart of accounts",
            "name": "its name there; empty: as the product calls it",
        },
        lambda lines, told: accounts.register_accounts(
            lines=lines, told_by=told.by_whom
        ),
        is_of_organization=False,
    ),
    Kind(
        "exchange-rates",
        rates.ExchangeRateLine,
        ("kind", "currency", "own_currency", "holds_from", "rate"),
        {
            "kind": "whose rate it is, as ecb; organizations name the kind that they keep",
            "currency": "the currency that is worth so much, as EUR",
            "own_currency": "the currency that it is worth it in, as USD",
            "holds_from": "the first day on which it holds; it holds until the next one",
            "rate": "what one unit of the currency is worth, as 1.0834",
        },
        lambda lines, told: rates.register_exchange_rates(lines=lines, at=told.at),
        is_of_organization=False,
    ),
    Kind(
        "tax-codes",
        taxes.TaxCodeLine,
        ("code", "name", "rate", "holds_from"),
        {
            "code": "short name of the tax, as V19; agreements name it",
            "name": "what it is",
            "rate": "what it comes to, in percent of the amount without it, as 19 or 5.5",
            "holds_from": "the first day on which it does; it holds until the next one",
            "recoverable": "how much of it the consignee recovers, in percent; empty: all",
        },
        lambda lines, told: taxes.register_tax_codes(lines=lines, at=told.at),
        is_of_organization=False,
    ),
    Kind(
        "organizations",
        parties.OrganizationLine,
        ("code", "name", "party", "currency"),
        {
            "code": "short name of the store, warehouse or plant with books of its own",
            "name": "its full name",
            "party": "code of the party whose it is",
            "currency": "currency of its books, as USD",
            "pick_order": "which goods are used first: own-first (if empty), "
            "consigned-first, oldest-first, first-expiring-first or named-owners",
            "owner_order": "for named-owners: codes of parties, the first one's goods first",
            "one_consignor_per_item": "yes where only one party may consign an item",
            "allows_transfer_to_owned": "no where consigned goods may not be moved to an "
            "owned place",
            "rule_precedence": "which of two matching consumption rules wins: "
            "specific-first (if empty) or broad-first",
            "stages_receipts": "yes where received goods wait at the dock until they are put "
            "away",
            "rate_kind": "the kind of exchange rate that is kept where an agreement has "
            "another currency; empty: none is kept",
            "time_zone": "whose day it is here, by its name in the IANA database, as "
            "America/Los_Angeles; empty: the installation's",
            "payables_unit": "code of the organization that pays for what is received here; where "
            "several agreements could be meant, the one that is billed to it is; empty: itself",
            "cost_method": "what its own goods leave at: fifo (if empty), average or standard",
        },
        lambda lines, told: parties.register_organizations(
            lines=lines, by=told.by, at=told.at
        ),
        is_of_organization=False,
    ),
    Kind(
        "places",
        parties.PlaceLine,
        ("organization", "code"),
        OF
        | {
            "code": "short name of the place within the organization",
            "name": "its full name",
            "zone": "consigned-store (if empty), stockroom, shop-floor, finished-goods, dock, "
            "inspection, quarantine or in-transit",
            "owned": "yes where only our own goods lie, so that goods put there become ours",
            "nettable": "no where goods may not be picked from",
        },
        on_organization(parties.register_places),
    ),
    Kind(
        "items",
        items.ItemLine,
        ("code", "name", "unit"),
        {
            "code": "short name of the item; where a GTIN is written alike, the code wins",
            "name": "its full name",
            "unit": "the unit it is counted in, as EA or KG",
            "ownership": "consigned (if empty), owned or non-owned",
            "gtin": "its Global Trade Item Number, 8, 12, 13 or 14 digits; with and without "
            "leading zeros it is the same, and one item's",
            "units": "other units and how many of its own each holds, as CS=12 PAL=480",
            "counted_by": "how a quantity is determined: piece, in whole numbers, container or "
            "weight; empty: weight where the unit is one of weight, volume, length or area, as "
            "KG, LTR or M, otherwise piece",
            "tracking": "none (if empty), lot where each receipt names one, or serial where "
            "each piece has its own",
            "hazardous": "yes where the goods are dangerous",
            "approved": "no while the item's designation may still change; empty: yes",
        },
        lambda lines, told: items.register_items(
            lines=lines, told_by=told.by_whom
        ),
        is_of_organization=False,
    ),
    Kind(
        "item-settings",
        item_settings.ItemSettingLine,
        ("organization", "item"),
        OF
        | {
            "item": ITEM,
            "ownership": "consigned, owned or non-owned here; empty: as the item says",
            "consignor": "code of the one party that consigns it here; empty: any",
            "pick_order": "which goods are used first; empty: as the organization says",
            "owner_order": "for named-owners: codes of parties, the first one's goods first",
            "approved": "yes once its designation is settled",
            "inspected": "yes where what comes of it is inspected before it is put away",
        },
        on_organization(item_settings.register_item_settings),
    ),
    Kind(
        "standard-costs",
        standard_costs.StandardCostLine,
        ("organization", "reference", "item", "cost", "because"),
        OF
        | {
            "reference": TOLD_ONCE,
            "item": ITEM,
            "cost": "what its own goods of the item are kept at from now on, in its own currency",
            "because": "why, in words",
            "unit": "unit that the cost is of; empty: the item's own",
        },
        on_organization(standard_costs.set_standard_costs),
    ),
    Kind(
        "designations",
        designations.DesignationLine,
        ("item", "ownership", "because"),
        {
            "item": ITEM,
            "ownership": "consigned, owned or non-owned",
            "because": "why, in words",
            "organization": "code of the organization; empty: for all that do not keep the "
            "item yet",
        },
        lambda lines, told: designations.change_designation(
            lines=lines, by=told.by, at=told.at
        ),
        is_of_organization=False,
    ),
    Kind(
        "approvals",
        designations.ApprovalLine,
        ("item",),
        {
            "item": ITEM + ", whose designation is settled",
            "organization": "code of the organization; empty: everywhere",
            "because": "why, in words",
        },
        lambda lines, told: designations.approve_items(lines=lines, by=told.by, at=told.at),
        is_of_organization=False,
    ),
    Kind(
        "assignments",
        designations.AssignmentLine,
        ("organization", "item", "consignor"),
        OF
        | {
            "item": ITEM,
            "consignor": "code of the one party that consigns the item here",
            "site": "code of its site that the goods come from; empty: any",
            "because": "why, in words",
        },
        on_organization(designations.assign_consignor),
    ),
)  # fmt: skip
