"""What the parties agreed on: agreements, who is in which role, prices."""

from consigned.master_data.amendments import AMENDABLE
from consigned.measure.period import Frequency
from consigned_service.operations.master_data import (
    agreements,
    amendments,
    price_withdrawals,
    roles,
    taxes,
)
from consigned_service.operations.registry.kind import DAY, ITEM, Kind
from consigned_service.operations.settlement import price_changes

KINDS = (
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
            "frequency": "how often an advice is due: " + ", ".join(Frequency),
            "first_closing_on": "last day of the first cycle, " + DAY
            + "; daily and fixed-dates need none",
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
            "advice's, as quantity=2% price=1% amount=5.00 tax=0.02; empty: by nothing",
            "advice_by": "how the consignor is told of its advices: portal (if empty), print, "
            "email or fax",
            "advice_to": "the mail address for email, or one that faxes what it gets",
            "taxed": "yes where tax comes on top of its prices; what is used of an item without "
            "a tax code then waits",
            "closing_days": "for fixed-dates: the days of each year on which a cycle closes, as "
            "03-31 12-24; for 4-4-5: the one near which the year ends, as 01-31; empty: it "
            "never has a 53rd week",
            "customer_returns": "whose goods are that customers bring back: as-issued (if empty), "
            "their first owner's again while no advice tells the use and ours after that; or owned",
            "cycle_by": "which day says in which cycle a use falls: recorded (if empty), or "
            "happened: its own day, while the advice of that cycle is not made",
            "advice_grace_days": "days after a cycle is over before its advice is made; empty: "
            "none",
        },
        lambda lines, told: agreements.register_agreements(
            lines=lines, told_by=told.by_whom
        ),
        is_of_organization=False,
        day="starts_on",
    ),
    Kind(
        "amendments",
        amendments.AmendmentLine,
        ("agreement", "reference", "starts_on", "consent"),
        {
            "agreement": "number of the agreement",
            "reference": "number of the amendment under the agreement, so that it is told once",
            "starts_on": "first day on which the columns below hold, " + DAY + "; terms of "
            "advices and invoices change with the first day of a billing cycle",
            "consent": "the other party's consent, in words that both will recognise",
            "because": "why, in words",
            **dict.fromkeys(
                AMENDABLE, "as in a file of agreements; empty: as it is; none: not agreed any more"
            ),
        },
        lambda lines, told: amendments.amend_agreements(lines=lines, by=told.by, at=told.at),
        is_of_organization=False,
        day="starts_on",
    ),
    Kind(
        "agreement-ends",
        amendments.AgreementEndLine,
        ("agreement", "reference", "ends_on", "consent"),
        {
            "agreement": "number of the agreement",
            "reference": "number of the act under the agreement, so that it is told once",
            "ends_on": "first day on which it no longer holds, " + DAY + "; it is earlier than "
            "the end that there is, and after what was used and received under it",
            "consent": "the other party's consent, in words that both will recognise",
            "because": "why, in words",
        },
        lambda lines, told: amendments.end_agreements(lines=lines, by=told.by, at=told.at),
        is_of_organization=False,
        day="ends_on",
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
        lambda lines, told: agreements.register_prices(
            lines=lines, told_by=told.by_whom
        ),
        is_of_organization=False,
        day="starts_on",
    ),
    Kind(
        "price-withdrawals",
        price_withdrawals.PriceWithdrawalLine,
        ("agreement", "reference", "item", "starts_on", "because"),
        {
            "agreement": "number of the agreement",
            "reference": "number of the withdrawal under the agreement, so that it is done once",
            "item": ITEM,
            "starts_on": "first day of the price, which is still to come, " + DAY,
            "because": "why, in words",
            "from_quantity": "from how much on it was to hold; empty: any quantity",
        },
        lambda lines, told: price_withdrawals.withdraw_prices(
            lines=lines, by=told.by, at=told.at
        ),
        is_of_organization=False,
        day="starts_on",
    ),
    Kind(
        "taxes",
        taxes.TaxLine,
        ("agreement", "tax_code"),
        {
            "agreement": "number of the agreement, which is taxed",
            "tax_code": "the tax code that it has",
            "item": ITEM + "; empty: every item that has no tax code of its own",
            "starts_on": "first day on which it has it, " + DAY + "; empty: its first day",
        },
        lambda lines, told: taxes.register_taxes(lines=lines),
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
)  # fmt: skip
