"""The kinds of lines that can be brought in from files, and what each column says.

Every kind is the written form of one act: its columns are the fields of the act's lines. The acts
on one organization take its code from a column beside them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from consigned.measure.identity import OrganizationId
from consigned.trade.losses import Reason
from consigned_service.operations import (
    accounts,
    aging,
    agreements,
    between,
    bills,
    consumption,
    counts,
    custody,
    designations,
    differences,
    dispositions,
    inspections,
    invoices,
    item_settings,
    items,
    orders,
    parties,
    price_changes,
    production,
    programmes,
    putaway,
    quality,
    rates,
    receipts,
    reservations,
    returns,
    roles,
    rules,
    shipments,
)
from consigned_service.operations.lines import Outcome

ORGANIZATION = "organization"


class Telling(NamedTuple):
    """Under which organization lines are told, by whom, when, and from which source."""

    organization: OrganizationId
    by: str
    at: datetime
    source: str


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


def _on_organization(act: Callable[..., Outcome]) -> Callable[[Sequence[Any], Telling], Outcome]:
    return lambda lines, told: act(
        organization=told.organization, lines=lines, by=told.by, at=told.at
    )


OF = {ORGANIZATION: "code of the organization"}
ITEM = "code of the item"
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

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "parties",
            parties.PartyLine,
            ("code", "name"),
            {
                "code": "short name of the firm, used in every other file",
                "name": "its full name",
            },
            lambda lines, told: parties.register_parties(lines=lines),
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
            lambda lines, told: parties.register_sites(lines=lines),
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
            lambda lines, told: accounts.register_accounts(lines=lines),
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
            _on_organization(parties.register_places),
        ),
        Kind(
            "items",
            items.ItemLine,
            ("code", "name", "unit"),
            {
                "code": ITEM,
                "name": "its full name",
                "unit": "the unit it is counted in, as EA or KG",
                "ownership": "consigned (if empty), owned or non-owned",
                "gtin": "its Global Trade Item Number, 8 to 14 digits",
                "units": "other units and how many of its own each holds, as CS=12 PAL=480",
                "counted_by": "how a quantity is determined: piece (if empty), container or "
                "weight",
                "tracking": "none (if empty), lot where each receipt names one, or serial where "
                "each piece has its own",
                "hazardous": "yes where the goods are dangerous",
                "approved": "no while the item's designation may still change; empty: yes",
            },
            lambda lines, told: items.register_items(lines=lines),
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
            _on_organization(item_settings.register_item_settings),
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
                "item": "code of the item whose designation is settled",
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
            _on_organization(designations.assign_consignor),
        ),
        Kind(
            "agreements",
            agreements.AgreementLine,
            ("number", "consignor", "consignee", "currency", "starts_on", "frequency"),
            {
                "number": "number of the agreement",
                "consignor": "code of the party that owns the goods until they are used",
                "consignee": "code of the party that holds and uses them",
                "currency": "currency it is settled in, as USD",
                "starts_on": "first day on which it holds, " + DAY,
                "ends_on": "first day on which it no longer holds; a later one told anew extends "
                "it",
                "title_rule": "when goods become the consignee's: on-use (if empty), "
                "on-shipment, on-ship-notice, on-receipt, on-putaway, on-withdrawal, "
                "on-floor-issue, on-completion or never",
                "frequency": "how often an advice is due: daily, weekly or monthly",
                "first_closing_on": "last day of the first cycle, " + DAY
                + "; a daily agreement needs none",
                "summary_level": "what one advice holds: organization-item (if empty), "
                "organization-item-day, organization or all-organizations",
                "settlement_method": "who bills: supplier-invoice (if empty), "
                "self-bill-automatic, self-bill-staged, report-only or pay-on-use",
                "price_sources": "where a price may come from, in order, among transaction, "
                "agreement and order-line; empty: agreement order-line",
                "payment_days": "days from invoice to payment; empty: 30",
                "aging_days": "days after which unused goods become the consignee's; empty: never",
                "aging_onset": "from when those days count: receipt (if empty) or shipment",
                "consignor_site": "code of the consignor's site the goods come from",
                "aged_outcome": "how aged goods become the consignee's: by-hand (if empty) or "
                "automatic",
                "display_days": "days that goods may be on display; empty: no limit",
                "return_by": "last day on which unsold goods may go back, " + DAY,
                "end_of_term": "what becomes of unsold goods at the end of their term: return, "
                "roll-over, convert, donate or destroy",
                "grace_days": "days after the end before that happens; empty: none",
                "rotation_percent": "how much of unsold stock may be exchanged for fresh goods",
                "rotation_every_days": "how often that may be asked for",
                "covers_transit": "yes where goods on the way count as consigned already",
                "holds_for_quality": "yes where title passes only once quality is passed",
                "over_receipt_percent": "how much more than ordered may be received; empty: "
                "nothing more",
                "under_receipt_percent": "how much less than ordered still closes the line",
                "supplied_from": "organization of the consignor's that the goods come out of, "
                "where it holds them for somebody else; what is used is passed on there",
                "supplied_from_place": "the place in it; empty: any",
                "loss_bearers": "who bears which loss, as broken=consignee stolen=50 "
                "miscount=consignor: a party's part in it or the consignee's share in percent; "
                "what is not named is borne as unknown is, and that by the consignee",
                "liability": "what the owner may bill the holder for, in the contract's words",
                "usage_basis": "what says how much was used: reported (if empty) or counted",
                "count_method": "how goods are counted: full, cycle, blind or blind-cycle; empty: "
                "by no plan",
                "count_every_days": "days from one count to the next",
                "count_share_percent": "for a cycle: which share of the items is counted each "
                "time; empty: 25",
                "shrinkage_warning_percent": "from which shrinkage on a warning is given, as 1.5",
                "price_terms": "how prices are made, as discount=10% or share=60% fee=3%; empty: "
                "as the price of the item says",
                "bill_to": "organization of the consignee's that is billed; empty: the consignee",
                "invoice_tolerance": "by how much a line of an invoice may differ from the "
                "advice's, as quantity=2% price=1% amount=5.00; empty: by nothing",
                "advice_by": "how the consignor is told of its advices: portal (if empty), print, "
                "email or fax",
                "advice_to": "the mail address for email, or one that faxes what it gets",
            },
            lambda lines, told: agreements.register_agreements(lines=lines),
            is_of_organization=False,
            day="starts_on",
        ),
        Kind(
            "roles",
            roles.RoleLine,
            ("party", "role"),
            {
                "party": "code of the party",
                "role": "what part it takes: " + ", ".join(roles.Role),
                "agreement": "number of the agreement under which it does; empty: in general",
                "organization": "code of the organization at which it does; a warehouse or a "
                "logistics provider named so keeps its goods",
            },
            lambda lines, told: roles.register_roles(lines=lines),
            is_of_organization=False,
        ),
        Kind(
            "prices",
            agreements.PriceLine,
            ("agreement", "item", "starts_on"),
            {
                "agreement": "number of the agreement",
                "item": ITEM,
                "starts_on": "first day of the price, " + DAY,
                "price": "price of one unit in the agreement's currency, as 4.99; empty only "
                "where its terms share the price of the sale",
                "ends_on": "first day on which it no longer holds",
                "unit": "the unit the price is for; empty: the item's own",
                "from_quantity": "how much one use must take to have this price, in the item's "
                "own unit; empty: any quantity",
                "price_terms": "how the price is made, as discount=10% or share=60% minimum=2.00; "
                "empty: as the agreement says",
            },
            lambda lines, told: agreements.register_prices(lines=lines),
            is_of_organization=False,
            day="starts_on",
        ),
        Kind(
            "price-changes",
            price_changes.PriceChangeLine,
            ("agreement", "reference", "item", "starts_on", "price"),
            {
                "agreement": "number of the agreement",
                "reference": "number of the change under the agreement, so that it is done once",
                "item": ITEM,
                "starts_on": "first day gone by on which the price is to hold, " + DAY,
                "price": "what one unit is settled at, in the agreement's currency, as 4.99",
                "ends_on": "first day on which it no longer holds; empty: until a price that "
                "starts later",
                "unit": "the unit the price is for; empty: the item's own",
            },
            lambda lines, told: price_changes.change_prices_retroactively(
                lines=lines, by=told.by, at=told.at
            ),
            is_of_organization=False,
            day="starts_on",
        ),
        Kind(
            "orders",
            orders.OrderLine,
            ("organization", "order", "line", "ordered_on", "consignor", "item", "quantity"),
            OF
            | {
                "order": "number of the order within the organization",
                "line": "number of the line within the order",
                "ordered_on": DAY,
                "consignor": "code of the party the goods are ordered from",
                "item": ITEM,
                "quantity": QUANTITY,
                "agreement": "number of the agreement; empty: the one in force between the two",
                "unit": UNIT,
                "ownership": "owned where an item that is consigned here is to be bought; empty: "
                "consigned from its consignor, owned from others, or as the item is designated",
                "price": "price of one unit; empty: the agreement's on the day of the order",
                "currency": "currency of the price; empty: the agreement's",
                "needed_on": DAY,
                "blanket": "yes where goods are received against it again and again until it is "
                "closed",
                "at_most": "how much may come in all; empty: as the agreement tolerates, on a "
                "blanket line any quantity",
            },
            lambda lines, told: orders.place_orders(
                organization=told.organization, lines=lines, at=told.at
            ),
            day="ordered_on",
        ),
        Kind(
            "order-closings",
            orders.ClosingLine,
            ("organization", "order", "line", "closed_on"),
            OF
            | {
                "order": "number of the order",
                "line": "the order's line that is to be expected no longer",
                "closed_on": DAY,
                "because": "why, in words",
            },
            _on_organization(orders.close_order_lines),
            day="closed_on",
        ),
        Kind(
            "ship-notices",
            shipments.ShipNoticeLine,
            ("organization", "ship_notice", "line", "shipped_on", "order", "order_line",
             "quantity"),
            OF
            | {
                "ship_notice": "the consignor's number of the ship notice",
                "line": "number of the line within the notice",
                "shipped_on": DAY,
                "order": "number of the order that is answered",
                "order_line": "the order's line",
                "quantity": QUANTITY,
                "consignor": "code of the party that ships; empty: the order's",
                "item": "code of the item; empty: the order line's",
                "expected_on": "day of arrival, " + DAY,
                "unit": UNIT,
                "lot": LOT,
                "serial": SERIAL,
                "expires_on": "last day on which the goods may be used, " + DAY,
            }
            | CUSTOMS,
            _on_organization(shipments.record_ship_notices),
            day="shipped_on",
        ),
        Kind(
            "receipts",
            receipts.ReceiptLine,
            ("organization", "receipt", "line", "received_on"),
            OF
            | {
                "receipt": "number of the goods receipt within the organization",
                "line": "number of the line within the receipt",
                "received_on": DAY,
                "ship_notice": "number of the ship notice it answers, if any",
                "ship_notice_line": "the notice's line; empty: the same as the receipt's",
                "order": "number of the order it answers, where there is no ship notice",
                "order_line": "the order's line; empty: the same as the receipt's",
                "agreement": "number of the agreement, where there is neither; empty: the one in "
                "force with the consignor",
                "item": "code of the item; empty: as announced",
                "quantity": "how much came; empty: as announced",
                "unit": UNIT,
                "lot": LOT,
                "serial": SERIAL + "; of an item tracked by serial one for each piece, with ; "
                "between",
                "expires_on": "last day on which the goods may be used, " + DAY,
                "place": "code of the place the goods are put away to; empty: the usual one",
                "consignor": "code of the party they come from, where no paper says it",
                "ownership": "consigned, owned or non-owned, where there is no order; empty: as "
                "the item is designated",
                "price": "what one unit came in at, where there is no order; empty: the "
                "agreement's price of the day",
                "currency": "currency of that price; empty: the agreement's",
                "weight": "what the quantity actually weighs, in the item's own unit; empty: as "
                "the units say",
                "inspected": "yes where the goods are inspected first, no where not; empty: as "
                "the organization keeps the item",
            }
            | CUSTOMS,
            _on_organization(receipts.record_receipts),
            day="received_on",
        ),
        Kind(
            "inspections",
            inspections.InspectionLine,
            ("organization", "reference", "receipt", "line", "quantity", "outcome",
             "inspected_on"),
            OF
            | {
                "reference": TOLD_ONCE,
                "receipt": "number of the goods receipt",
                "line": "the receipt's line",
                "quantity": QUANTITY,
                "outcome": "accept, reject, hold (it waits on), or reinspect (it waits again)",
                "inspected_on": DAY,
                "unit": UNIT,
                "place": "code of the place accepted goods are put away to; empty: the usual one",
                "because": "why, in words",
            },
            _on_organization(inspections.record_inspections),
            day="inspected_on",
        ),
        Kind(
            "receipt-holds",
            inspections.ReceiptHoldLine,
            ("organization", "reference", "receipt", "happened_on"),
            RECEIPT_MARK,
            _on_organization(inspections.hold_receipts),
            day="happened_on",
        ),
        Kind(
            "receipt-releases",
            inspections.ReceiptHoldLine,
            ("organization", "reference", "receipt", "happened_on"),
            RECEIPT_MARK,
            _on_organization(inspections.release_receipts),
            day="happened_on",
        ),
        Kind(
            "initial-stock",
            programmes.ProgrammeLine,
            ("organization", "programme", "line", "stocked_on", "agreement", "item", "quantity"),
            OF
            | {
                "programme": "a number of its own for the start of a programme",
                "line": "number of the line within it",
                "stocked_on": "day on which the store is taken over, " + DAY,
                "agreement": "number of the agreement the goods lie there under",
                "item": ITEM,
                "quantity": QUANTITY,
                "received_on": "day the goods came, from which they age, " + DAY + "; empty: the "
                "day of stocking",
                "unit": UNIT,
                "place": "code of the place they lie at; empty: the consigned store",
                "lot": LOT,
                "serial": SERIAL + "; of an item tracked by serial one for each piece, with ; "
                "between",
                "expires_on": "last day on which the goods may be used, " + DAY,
                "price": "value of one unit; empty: the agreement's price of the day they came",
                "currency": "currency of that price; empty: the agreement's",
                "weight": "what the quantity actually weighs, in the item's own unit; empty: as "
                "the units say",
            }
            | CUSTOMS,
            _on_organization(programmes.stock_programme),
            day="stocked_on",
        ),
        Kind(
            "putaways",
            putaway.PutawayLine,
            ("organization", "reference", "receipt", "line", "quantity", "to_place",
             "happened_on"),
            OF
            | {
                "reference": TOLD_ONCE,
                "receipt": "number of the goods receipt",
                "line": "the receipt's line",
                "quantity": QUANTITY,
                "to_place": "code of the place the goods are put away to",
                "happened_on": DAY,
                "unit": UNIT,
            },
            _on_organization(putaway.put_away),
            day="happened_on",
        ),
        Kind(
            "transfers",
            custody.TransferLine,
            ("organization", "reference", "item", "quantity", "from_place", "to_place",
             "happened_on"),
            OF
            | {
                "reference": TOLD_ONCE,
                "item": ITEM,
                "quantity": QUANTITY,
                "from_place": "code of the place the goods leave",
                "to_place": "code of the place they go to; where it is owned they become ours",
                "happened_on": DAY,
                "unit": UNIT,
                "consignor": "code of the party whose goods are meant; empty: by pick order",
                "lot": LOT,
                "serial": SERIAL,
                "condition": "in which the goods are: unrestricted (if empty), on-hold or blocked",
            },
            _on_organization(custody.transfer_goods),
            day="happened_on",
        ),
        Kind(
            "transfers-between",
            between.BetweenLine,
            ("reference", "from_organization", "item", "quantity", "from_place",
             "to_organization", "to_place", "happened_on"),
            {
                "reference": TOLD_ONCE,
                "from_organization": "code of the organization the goods leave",
                "item": ITEM,
                "quantity": QUANTITY,
                "from_place": "code of the place they leave",
                "to_organization": "code of the organization they go to",
                "to_place": "code of the place they go to there",
                "happened_on": DAY,
                "unit": UNIT,
                "consignor": "code of the party whose goods are meant; empty: by pick order",
                "lot": LOT,
                "serial": SERIAL,
            },
            lambda lines, told: between.transfer_between(lines=lines, by=told.by, at=told.at),
            is_of_organization=False,
            day="happened_on",
        ),
        Kind(
            "holds",
            quality.HoldLine,
            ("organization", "reference", "item", "happened_on"),
            HOLD,
            _on_organization(quality.hold_goods),
            day="happened_on",
        ),
        Kind(
            "releases",
            quality.HoldLine,
            ("organization", "reference", "item", "happened_on"),
            HOLD,
            _on_organization(quality.release_goods),
            day="happened_on",
        ),
        Kind(
            "consumption-rules",
            rules.RuleLine,
            ("rule", "party", "verdict"),
            {
                "rule": "a short name of the rule, one of its own",
                "party": "code of the party whose rule it is; it holds in its organizations",
                "verdict": "what becomes of goods that the rule fits: consume or keep",
                "kind": "transfer, putaway or transfer-between-organizations; empty: any",
                "organization": "code of the organization the goods are in; empty: any",
                "owner": "code of the party whose goods they are; empty: anybody's",
                "item": "code of the item; empty: any",
                "from_place": "code of the place they leave; empty: any",
                "from_zone": "zone of the place they leave; empty: any",
                "to_place": "code of the place they go to; empty: any",
                "to_zone": "zone of the place they go to; empty: any",
                "active": "no once the rule is to decide no more; empty: yes",
            },
            lambda lines, told: rules.register_rules(lines=lines),
            is_of_organization=False,
        ),
        Kind(
            "aged-purchases",
            aging.AgedLine,
            ("organization", "reference", "happened_on"),
            OF
            | {
                "reference": TOLD_ONCE,
                "happened_on": "day on which the goods become ours, " + DAY,
                "receipt": "reference of their receipt",
                "line": "its line; empty: 1",
                "layer": "or the number of their layer as consigned aging shows it",
                "quantity": "how much; empty: all that is left on consignment",
                "unit": UNIT,
            },
            _on_organization(aging.buy_aged),
            day="happened_on",
        ),
        Kind(
            "extensions",
            aging.ExtensionLine,
            ("organization", "reference", "agreed_on", "consent"),
            OF
            | {
                "reference": TOLD_ONCE,
                "agreed_on": "day on which both agreed, " + DAY,
                "consent": "who of the consignor agreed, and how",
                "receipt": "reference of the goods' receipt",
                "line": "its line; empty: 1",
                "layer": "or the number of their layer as consigned aging shows it",
                "deadline": "which end is moved: aging (if empty) or term",
                "days": "by so many days",
                "until": "or until this day, " + DAY,
            },
            _on_organization(aging.extend),
            day="agreed_on",
        ),
        Kind(
            "reservations",
            reservations.ReservationLine,
            ("organization", "reference", "item", "quantity"),
            OF
            | {
                "reference": "number of the customer's order that the goods are promised to",
                "item": ITEM,
                "quantity": QUANTITY,
                "unit": UNIT,
                "consignor": "code of the party whose goods are promised; empty: whosever",
                "lot": LOT + "; empty: any",
                "serial": SERIAL + "; empty: any",
            },
            _on_organization(reservations.reserve_many),
        ),
        Kind(
            "transfers-to-consigned",
            returns.ToConsignedLine,
            ("organization", "reference", "item", "quantity", "happened_on"),
            OF
            | REFERENCE
            | {
                "item": ITEM,
                "quantity": "how much becomes its consignor's again, as 3 or 0.125",
                "happened_on": DAY,
                "unit": UNIT,
                "place": "code of the place where it lies; empty: wherever it lies",
                "consignor": "code of the party whose it becomes; empty: of the oldest transfers",
            }
            | NAMED
            | {
                "to_place": "code of the place it goes to; empty: it stays, or leaves an owned "
                "place for the consignor's store",
                "because": "why, in words",
            },
            _on_organization(returns.transfer_to_consigned),
            day="happened_on",
        ),
        Kind(
            "returns",
            returns.ReturnLine,
            ("organization", "reference", "item", "quantity", "happened_on"),
            OF
            | REFERENCE
            | {
                "item": ITEM,
                "quantity": "how much goes back to the supplier, as 3 or 0.125",
                "happened_on": DAY,
                "unit": UNIT,
                "place": "code of the place it leaves, as the dock; empty: wherever it lies",
                "consignor": "code of the party it goes back to; empty: of the oldest receipts",
            }
            | NAMED
            | {
                "condition": "unrestricted, on-hold or blocked; empty: any",
                "owned": "yes for goods that became ours alone, no for those that did not; empty: "
                "the supplier's first",
                "and_transfer": "yes where goods that are ours and on no advice are to become "
                "consigned again on their way",
                "replacement": "yes where as much is to come again on the same order line",
                "because": "why, in words",
            },
            _on_organization(returns.return_to_supplier),
            day="happened_on",
        ),
        Kind(
            "receipt-reversals",
            returns.ReceiptReversalLine,
            ("organization", "reference", "receipt", "line", "happened_on", "because"),
            OF
            | REFERENCE
            | {
                "receipt": "number of the goods receipt that was recorded by mistake",
                "line": "the receipt's line",
                "happened_on": DAY,
                "because": "why, in words",
                "quantity": "how much of it; empty: all of it",
                "unit": UNIT,
            },
            _on_organization(returns.reverse_receipts),
            day="happened_on",
        ),
        Kind(
            "customer-returns",
            returns.CustomerReturnLine,
            ("organization", "reference", "item", "quantity", "happened_on"),
            OF
            | REFERENCE
            | {
                "item": ITEM,
                "quantity": "how much comes back, as 3 or 0.125",
                "happened_on": DAY,
                "unit": UNIT,
                "kind": "what it was used for: sale (if empty), "
                + ", ".join(kind for kind in returns.trade.BROUGHT_BACK if kind != "sale"),
                "place": "code of the place it goes to; empty: the consignor's store",
                "condition": "on-hold where it is to be inspected, blocked, or unrestricted (if "
                "empty)",
                "consignor": "code of the party whose goods they were; empty: what went out last",
            }
            | NAMED
            | {
                "customer": "who brought it back",
                "as_issued": "yes where goods become their first owner's again; empty: ours",
                "because": "why, in words",
            },
            _on_organization(returns.take_back),
            day="happened_on",
        ),
        Kind(
            "reservation-cancellations",
            reservations.CancellationLine,
            ("organization", "reference", "item"),
            OF | {"reference": "the reservation's reference", "item": ITEM},
            _on_organization(reservations.cancel_reservations),
        ),
        Kind(
            "consumption",
            consumption.Reported,
            ("reference", "organization", "item", "quantity", "happened_at"),
            {"reference": "a number of the line in the system it comes from, so that it is told "
             "once"}
            | OF
            | {
                "item": ITEM,
                "quantity": QUANTITY + "; below zero it is a return",
                "happened_at": "day or time of use, as 2026-03-31 or 2026-03-31T08:15",
                "unit": UNIT,
                "kind": "sale (if empty) or one of the other kinds of use: "
                + ", ".join(kind for kind in consumption.UseKind if kind != "sale"),
                "place": "code of the place it was taken from; empty: wherever it lies",
                "consignor": "code of the party whose goods were used; empty: by pick order",
                "lot": LOT,
                "serial": SERIAL,
                "price": "price of one unit of the item, where the agreement takes it from here",
                "currency": "currency of that price, and of the sale's",
                "customer": "who it went to",
                "reservation": "reference of the reservation it was picked for",
                "work_order": "number of the production order, work order or kit it was used for",
                "account": "account that bears the cost, where a work-order names its own",
                "sale_price": "what one unit was sold for, where its consignor gets a share of it",
            },
            lambda lines, told: consumption.record_consumption(
                organization=told.organization, lines=lines, source=told.source, by=told.by,
                at=told.at, wait_for_missing=True,
            ),
            day="happened_at",
        ),
        Kind(
            "invoices",
            invoices.InvoiceLine,
            ("consignor", "invoice", "advice", "invoiced_on", "currency", "line", "item",
             "quantity", "price", "amount"),
            {
                "consignor": "code of the party that bills",
                "invoice": "the consignor's number of the invoice; its lines stand together",
                "advice": "number of the one advice that it answers",
                "invoiced_on": DAY,
                "currency": "as USD",
                "line": "number of the advice's line that is billed",
                "item": ITEM,
                "quantity": "how much is billed, in the unit of the advice",
                "price": "price as on the advice, as 4.99",
                "amount": "what the line comes to, as 12.50",
                "per": "how many units the price is for, as 100; empty: as many as on the advice",
            },
            lambda lines, told: invoices.record_invoice_lines(lines=lines, by=told.by, at=told.at),
            is_of_organization=False,
            day="invoiced_on",
            whole=("consignor", "invoice"),
        ),
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
            _on_organization(counts.record_counts),
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
            _on_organization(dispositions.dispose_of),
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
            _on_organization(differences.settle_differences),
        ),
        Kind(
            "bills",
            bills.BillLine,
            ("organization", "product", "component", "quantity_per"),
            OF
            | {
                "product": "code of the item that is made",
                "component": "code of an item that it is made of",
                "quantity_per": "how much of it one unit of the product takes; 0 takes it off the "
                "bill",
                "unit": UNIT,
                "scrap_percent": "how much more is spoilt as a rule, as 2.5; empty: nothing",
            },
            lambda lines, told: bills.register_bills(
                organization=told.organization, lines=lines
            ),
        ),
        Kind(
            "production",
            production.CompletionLine,
            ("organization", "reference", "product", "quantity", "completed_on"),
            OF
            | {
                "reference": "a number of its own, so that it is told once",
                "product": "code of the item that was completed",
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
            },
            lambda lines, told: production.record_production(
                organization=told.organization, lines=lines, by=told.by, at=told.at,
                wait_for_missing=True,
            ),
            day="completed_on",
        ),
        Kind(
            "production-returns",
            production.ComponentReturnLine,
            ("organization", "reference", "work_order", "item", "quantity", "returned_on"),
            OF
            | {
                "reference": "a number of its own, so that it is told once",
                "work_order": "number of the production order or kit that they were issued to",
                "item": "code of the component that was not needed",
                "quantity": QUANTITY,
                "returned_on": DAY,
                "unit": UNIT,
                "place": "code of the place it goes to; empty: the consigned store",
                "lot": LOT,
                "serial": SERIAL,
            },
            _on_organization(production.return_from_production),
            day="returned_on",
        ),
        Kind(
            "taken-apart",
            production.TakeApartLine,
            ("organization", "reference", "product", "quantity", "taken_apart_on"),
            OF
            | {
                "reference": "a number of its own, so that it is told once",
                "product": "code of the item that was taken apart",
                "quantity": QUANTITY,
                "taken_apart_on": DAY,
                "unit": UNIT,
                "place": "code of the place it was taken from; empty: wherever it lies",
                "lot": LOT,
                "serial": SERIAL,
                "components_to": "code of the place the components go to; empty: the consigned "
                "store",
            },
            _on_organization(production.take_apart),
            day="taken_apart_on",
        ),
    )
}  # fmt: skip
