"""Transfers between organizations: two postings in one transaction, many lines at once.

What leaves is consumed unless a rule keeps it consigned (decision 0052); what it cost goes with it.
Between organizations of one party the cost moves from one inventory to the other; for another
party's it is owed, from the one to the other, at cost. What is kept leaves both parties' books
here and enters them there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

from consigned.accounting import journals
from consigned.accounting.costs import CostChanges
from consigned.accounting.journals import Account, Parties, journal
from consigned.inbound.receipts import NothingReceived
from consigned.inventory import interorganization as trade
from consigned.inventory.interorganization import (
    Departed,
    Part,
    Receiver,
    SameOrganization,
    Sending,
)
from consigned.inventory.transfers import title_rule
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.parties import (
    UnknownOrganization,
    UnknownParty,
    UnknownPlace,
    default_place,
)
from consigned.measure.identity import EntryNumber, LayerNumber, OrganizationId, PartyId
from consigned.measure.money import exact_price
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.measure.refusal import Refusal
from consigned.title.layer import Layer, Ownership
from consigned.title.position import Place, Zone
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting.accruals import Share
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inventory import makers, reservations
from consigned_service.operations.inventory import picking as shelving
from consigned_service.operations.inventory.shortages import missing
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.ledger.recoveries import Leaving, before_leaving
from consigned_service.records.inventory import interorganization as between_records
from consigned_service.records.inventory.stock import read_on_hand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.idempotency import keep_told
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import consumption_rules as rule_records


class BetweenLine(NamedTuple):
    """A line of a transfer between two organizations."""

    reference: Annotated[str, fields.REFERENCE]
    from_organization: Annotated[
        str, fields.ORGANIZATION, "code of the organization the goods leave"
    ]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[Micros, fields.QUANTITY]
    from_place: Annotated[str, fields.PLACE, "code of the place they leave"]
    to_organization: Annotated[str, fields.ORGANIZATION, "code of the organization they go to"]
    to_place: Annotated[str, fields.PLACE, "code of the place they go to there"]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    unit: Annotated[str, fields.UNIT] = ""
    consignor: Annotated[str, fields.CONSIGNOR] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""


Road = tuple[OrganizationId, OrganizationId]


class Cost(NamedTuple):
    """What a part of ours cost where it left."""

    amount: int
    currency: str


def transfer_between(*, lines: Sequence[BetweenLine], by: str, at: datetime) -> Result:
    """Send goods from organizations to others, many lines at once, all or none.

    Consigned goods are consumed and charged where they leave, unless a consumption rule keeps them
    consigned (checklist O31, P40, X19). Refuses more than the place holds beside what is promised,
    and to give another party what is not ours.
    """
    outcome = Result()
    roads = _roads(lines, outcome)
    with ledger.writing({end for road in roads for end in road}) as ledgers:
        codes = between_records.held_by(ledgers)
        for road, chosen in roads.items():
            leaving, coming = (
                ledger.open_posting(
                    ledgers[end], cause=cause, reference="", recorded_at=at, recorded_by=by
                )
                for end, cause in zip(road, ("transfer-out", "transfer-in"), strict=True)
            )
            _transfer(leaving, coming, codes, [(nth, lines[nth]) for nth in chosen], outcome)
            for end, posting in zip(road, (leaving, coming), strict=True):
                postings.close(ledgers[end], posting)
    return outcome


def _roads(lines: Sequence[BetweenLine], outcome: Result) -> dict[Road, list[int]]:
    """The lines of each pair of organizations, in the order in which they are told."""
    named = {line.from_organization for line in lines}
    ids = agreement_records.organization_ids(named | {ln.to_organization for ln in lines})
    roads: dict[Road, list[int]] = {}
    for nth, line in enumerate(lines):
        try:
            source, target = line.from_organization, line.to_organization
            for code in (source, target):
                if code not in ids:
                    raise UnknownOrganization(code)
            if source == target:
                raise SameOrganization(source)
            roads.setdefault((ids[source], ids[target]), []).append(nth)
        except Refusal as refusal:
            outcome.refuse(nth, refusal)
    return roads


def _transfer(
    leaving: OpenPosting,
    coming: OpenPosting,
    codes: Mapping[OrganizationId, tuple[str, str]],
    lines: Sequence[tuple[int, BetweenLine]],
    outcome: Result,
) -> None:
    sendings = _read(leaving, coming, lines, outcome)
    if not sendings:
        return
    sender, receiver = (
        Receiver(posting.organization.id, codes[posting.organization.id][0],
                 posting.organization.party, codes[posting.organization.id][1])
        for posting in (leaving, coming)
    )  # fmt: skip
    gone, costs = _send(leaving, receiver, sendings)
    layers = between_records.read_layers(
        leaving.organization.id, {part.holding.layer for part in gone.parts}
    )
    arriving = [
        (part, trade.as_it_arrives(
            layers[part.holding.layer], part, sender=sender, receiver=receiver,
            cost=exact_price(cost.amount, cost.currency, part.quantity) if cost.amount else None,
        ))
        for part, cost in zip(gone.parts, costs, strict=True)
    ]  # fmt: skip
    _arrive(coming, sender.party, arriving, costs)
    outcome.new += len(sendings)


def _read(
    leaving: OpenPosting,
    coming: OpenPosting,
    lines: Sequence[tuple[int, BetweenLine]],
    outcome: Result,
) -> list[Sending]:
    items = agreement_records.items_by_code({line.item for _, line in lines})
    parties = agreement_records.party_ids({line.consignor for _, line in lines})

    def read(index: int, line: BetweenLine) -> Sending:
        sending = _sending(leaving, coming, items, parties, index + 1, line)
        coming.organization.check_day(sending.happened_on, today=coming.recorded_on)
        return sending

    new = tell_once(leaving, lines, read, outcome, day="happened_on", is_paperless=True)
    told_as = {index + 1: line.reference for index, line in lines}
    keep_told(coming, [(one.line, told_as[one.line]) for one in new])
    return new


def _sending(
    leaving: OpenPosting,
    coming: OpenPosting,
    items: Mapping[str, Item],
    parties: Mapping[str, PartyId],
    nth: int,
    line: BetweenLine,
) -> Sending:
    item = items.get(line.item)
    if item is None:
        raise UnknownItem(line.item)
    if line.consignor not in ("", *parties):
        raise UnknownParty(line.consignor)
    quantity = item.quantity(line.quantity, line.unit, serial=line.serial)
    if quantity <= 0:
        raise NothingReceived(item.code)
    return Sending(
        leaving.number, nth, item.id, quantity, _place(leaving, line.from_place),
        _place(coming, line.to_place), coming.organization.day_here(line.happened_on),
        parties.get(line.consignor), line.lot or None, line.serial or None, item.show(quantity),
    )  # fmt: skip


def _place(posting: OpenPosting, code: str) -> Place:
    for place in posting.places:
        if place.code == code and not place.is_outer:
            return place
    raise UnknownPlace(code, posting.organization.code)


# --- where they leave ------------------------------------------------------------------------


def _send(
    posting: OpenPosting, receiver: Receiver, sendings: Sequence[Sending]
) -> tuple[Departed, list[Cost]]:
    """Let goods leave, settle what became ours by it, and take what ours cost off the books."""
    organization = posting.organization
    makers.check(
        organization.id, ((s.item, s.lot, s.serial) for s in sendings if s.consignor is None)
    )
    items = {sending.item for sending in sendings}
    sources = {sending.source.number for sending in sendings}
    ledger.read_positions(posting.book, items)
    on_hand = read_on_hand(
        posting.book, items, ours=organization.party,
        places=[p._replace(is_nettable=p.is_nettable or p.number in sources)
                for p in posting.places],
    )  # fmt: skip
    before_leaving(
        posting, on_hand,
        [
            Leaving(sending.item, sending.quantity, sending.happened_on, sending.source.number,
                    sending.consignor, sending.lot, sending.serial)
            for sending in sendings
        ],
    )  # fmt: skip
    agreements = agreement_records.read_agreements(
        {holding.agreement for holding in on_hand.pickable if holding.agreement}
    )
    gone = trade.send(
        posting.book,
        shelving.shelves(organization, on_hand.pickable, items),
        sendings,
        ours=organization.party,
        receiver=receiver,
        elsewhere=default_place(posting.places, Zone.ELSEWHERE).number,
        title_rule_of=lambda holding: title_rule(agreements, holding),
        rules=rule_records.read_rules(organization),
        reserved=reservations.promised(organization.id, items),
        allows_transfer_to_owned=organization.allows_transfer_to_owned,
    )
    if gone.shortages:
        raise missing(posting, posting.places, gone.shortages)[0]
    rule_records.keep_rules(posting, gone.applied)
    shares = charges.settle_leaving(posting, gone.transfers, on_hand)
    charges.send_consigned(
        posting,
        [
            (part.holding, part.quantity, part.sending.happened_on)
            for part in gone.parts
            if part.owner != organization.party and part.holding.ownership == Ownership.CONSIGNED
        ],
        on_hand,
    )
    return gone, _take_costs(posting, gone.parts, shares)


def _take_costs(
    posting: OpenPosting, parts: Sequence[Part], shares: Mapping[EntryNumber, Share]
) -> list[Cost]:
    """What each part cost us; it leaves the inventory here. What became ours only now cost what it
    was charged at, and others' goods cost us nothing."""
    organization = posting.organization
    ours = {
        part.holding.layer: part.holding.item
        for part in parts
        if part.owner == organization.party and part.transfer is None
    }
    changes = own_costs.open_costs(posting, ours)
    costs = []
    for part in parts:
        layer, on = part.holding.layer, part.sending.happened_on
        if part.transfer is not None:
            _, amount, currency, _ = shares[part.transfer]
        else:
            is_ours = part.owner == organization.party
            amount = changes.take(layer, part.quantity, on) if is_ours else 0
            currency = changes.currency(layer, organization.currency)
        cost = Cost(amount, currency)
        posting.add_journals(
            journal(organization.party, Account.BETWEEN_ORGANIZATIONS, Account.INVENTORY, *cost, on)
        )
        costs.append(cost)
    own_costs.keep_costs(posting, changes)
    return costs


# --- where they arrive -----------------------------------------------------------------------


def _arrive(
    posting: OpenPosting,
    sender: PartyId,
    arriving: Sequence[tuple[Part, Layer]],
    costs: Sequence[Cost],
) -> None:
    """Let goods arrive and take them onto the books: ours at what they cost, others' as theirs."""
    party = posting.organization.party
    ledger.read_positions(posting.book, {part.sending.item for part, _ in arriving})
    opened = trade.arrive(
        posting.book,
        arriving,
        sender=sender,
        ours=party,
        elsewhere=default_place(posting.places, Zone.ELSEWHERE).number,
        document=posting.number,
    )
    changes = own_costs.open_costs(
        posting, {n: part.sending.item for n, (part, _) in zip(opened, arriving, strict=True)}
    )
    for (part, layer), number, cost in zip(arriving, opened, costs, strict=True):
        on = part.sending.happened_on
        if part.owner == sender:
            _take_in(changes, number, part, cost)
            posting.add_journals(
                journal(party, Account.INVENTORY, Account.BETWEEN_ORGANIZATIONS, *cost, on)
            )
        elif layer.price and layer.ownership is Ownership.CONSIGNED:
            parties = Parties(party, part.owner, layer.agreement)
            value = layer.price.extend(part.quantity)
            posting.add_journals(
                journals.consigned_received(parties, value, layer.price.currency, on)
            )
    own_costs.keep_costs(posting, changes)


def _take_in(changes: CostChanges, layer: LayerNumber, part: Part, cost: Cost) -> None:
    averaged = part.quantity if cost.amount else 0
    changes.add(
        layer, part.sending.item, part.quantity, cost.amount, cost.currency,
        part.sending.happened_on, averaged,
    )  # fmt: skip
