"""Orders that fill the shelf, placed line by line; a consigned line creates no debt.

A line is known by its order and its line number. What an order line does not say is taken from
the item and the agreement on the day of the order, once: telling the line again later compares
only what it says. The lines of one order may come in several batches.

Refuses: UnknownParty, UnknownItem, UnknownAgreement, UnknownUnit, CurrencyDiffers, NotYet,
Differs, and what `trade.orders`, `trade.status` and `trade.agreements` refuse.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, NamedTuple

from consigned.accounting.prices import CurrencyDiffers
from consigned.inbound.orders import (
    Agreed,
    LessThanOrdered,
    NotBetween,
    OrderLineClosed,
    OrdersNothing,
    Tolerance,
    tolerance,
)
from consigned.inbound.shipments import NotOnOrder
from consigned.master_data.agreements import Agreement, PriceSource, UnknownAgreement
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.ownership import check_site, decide_ownership
from consigned.master_data.parties import Organization, UnknownParty
from consigned.measure.identity import AgreementId, ItemId, OrganizationId, PartyId
from consigned.measure.money import Price
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.title.layer import Ownership
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import (
    Differs,
    Result,
)
from consigned_service.operations.core.upsert import settle_fields
from consigned_service.operations.master_data.item_policies import items_here
from consigned_service.records.inbound import orders as order_records
from consigned_service.records.inbound.orders import Closing, OrderHead, OrderRow
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.master_data import agreements as agreement_records


class OrderLine(NamedTuple):
    """A line of an order; what is empty follows from the item and the agreement."""

    order: Annotated[str, fields.Code("order", "number of the order within the organization", 60)]
    line: Annotated[int, fields.LINE, "number of the line within the order"]
    ordered_on: Annotated[Moment, fields.HAPPENED_ON]
    consignor: Annotated[str, fields.CONSIGNOR, "code of the party the goods are ordered from"]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[Micros, fields.QUANTITY]
    agreement: Annotated[
        str, fields.AGREEMENT, "number of the agreement; empty: the one in force between the two"
    ] = ""
    unit: Annotated[str, fields.UNIT] = ""
    ownership: Annotated[
        Ownership | None,
        fields.Choice(
            Ownership,
            "owned where an item that is consigned here is to be bought; empty: consigned "
            "from its consignor, owned from others, or as the item is designated",
        ),
    ] = None
    price: Annotated[
        int | None,
        fields.PRICE,
        "price of one unit; empty: the agreement's on the day of the order",
    ] = None
    currency: Annotated[str, fields.CURRENCY, "currency of the price; empty: the agreement's"] = ""
    needed_on: Annotated[date | None, fields.DAY] = None
    blanket: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "yes where goods are received against it again and again until it is closed",
    ] = None
    maximum_quantity: Annotated[
        Micros | None,
        fields.QUANTITY,
        "how much may come in all; empty: as the agreement tolerates, on a blanket line"
        " any quantity",
    ] = None


class Said(NamedTuple):
    """What a line says, as it was understood."""

    order: str
    line: int
    ordered_on: date
    consignor: PartyId
    item: Item
    quantity: int
    agreement: Agreement | None
    ownership: Ownership | None
    price: int | None
    per: int
    currency: str
    needed_on: date | None
    is_blanket: bool | None
    maximum_quantity: int | None
    unit: str


@dataclass
class Placed:
    """The orders and lines that stand, those of this batch among them."""

    heads: dict[str, OrderHead]
    lines: dict[tuple[str, int], OrderRow]
    added: dict[str, OrderHead] = field(default_factory=dict)
    agreed: dict[str, AgreementId] = field(default_factory=dict)
    rows: list[OrderRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def place_orders(
    *, organization: OrganizationId, lines: Sequence[OrderLine], at: datetime
) -> Result:
    """Place orders of one organization, many lines at once."""
    outcome = Result()
    with ledger.writing([organization]):
        here = ledger.read_organization(organization)
        reader = _Reader(here, lines, today=here.day_of(at))
        read = []
        for index, line in enumerate(lines):
            try:
                read.append((index, reader.read(line)))
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        placed = Placed(
            order_records.heads(organization, {said.order for _, said in read}),
            order_records.lines(organization, {(said.order, said.line) for _, said in read}),
        )
        for index, said in read:
            try:
                if (said.order, said.line) in placed.lines:
                    reader.compare(placed, said)
                    outcome.repeat(index)
                else:
                    reader.place(placed, said)
                    outcome.new += 1
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        if placed.rows:
            order_records.add(organization, placed.added, placed.agreed, placed.rows)
        outcome.notes = placed.notes
    return outcome


class _Reader:
    """Reads order lines against the master data that the batch names."""

    def __init__(
        self, organization: Organization, lines: Sequence[OrderLine], *, today: date
    ) -> None:
        self.organization = organization
        self.today = today
        self.parties = agreement_records.party_ids({line.consignor for line in lines})
        self.codes = agreement_records.party_codes({organization.party, *self.parties.values()})
        self.items = agreement_records.items_by_code({line.item for line in lines})
        self.here = items_here(organization, self.items.values())
        items = {item.id for item in self.items.values()}
        between = agreement_records.read_agreements_with(organization.party, self.parties.values())
        named = agreement_records.agreement_ids(
            {line.agreement for line in lines if line.agreement}
        )
        agreements = {agreement.id: agreement for agreement in between}
        agreements |= agreement_records.read_agreements(named.values())
        self.agreements = agreements
        self.agreed = Agreed(agreements.values(), agreement_records.read_covered(agreements, items))
        self.terms = agreement_records.read_terms(agreements, items)

    def read(self, line: OrderLine) -> Said:
        item = self.items.get(line.item)
        if item is None:
            raise UnknownItem(line.item)
        consignor = self.parties.get(line.consignor)
        if consignor is None:
            raise UnknownParty(line.consignor)
        unit, maximum_quantity = line.unit, None
        quantity = item.quantity(line.quantity, unit)
        if quantity <= 0:
            raise OrdersNothing(item.code)
        if line.maximum_quantity is not None:
            maximum_quantity = item.quantity(line.maximum_quantity, unit)
        if maximum_quantity is not None and maximum_quantity < quantity:
            raise LessThanOrdered(item.code, quantity, maximum_quantity, item.unit)
        return Said(
            order=line.order,
            line=line.line,
            ordered_on=self._day(line.ordered_on),
            consignor=consignor,
            item=item,
            quantity=quantity,
            agreement=self._named(line.agreement),
            ownership=line.ownership,
            price=line.price,
            per=item.one(unit),
            currency=line.currency,
            needed_on=line.needed_on,
            is_blanket=line.blanket,
            maximum_quantity=maximum_quantity,
            unit="" if unit == item.unit else unit,
        )

    def place(self, placed: Placed, said: Said) -> None:
        """A line that is not there yet: complete it and put it with its order."""
        head = placed.heads.get(said.order)
        if head:
            self._check_head(head, said)
        ownership = self._status(head, said)
        agreement = said.agreement
        if ownership is Ownership.CONSIGNED:
            agreement = self._agreement(head, said)
        price = self._price(said, agreement, ownership)
        if head is None:
            head = OrderHead(said.consignor, said.ordered_on, agreement and agreement.id)
            placed.added[said.order] = placed.heads[said.order] = head
        elif agreement and head.agreement is None:
            placed.heads[said.order] = head = head._replace(agreement=agreement.id)
            if said.order in placed.added:
                placed.added[said.order] = head
            else:
                placed.agreed[said.order] = agreement.id
        elif agreement and head.agreement != agreement.id:
            stands = self._number(head)
            raise Differs("order", said.order, "agreement", stands, agreement.number)
        row = OrderRow(
            said.order, said.line, said.item.id, said.quantity, str(ownership),
            price, said.needed_on, *_tolerance(said, agreement), said.unit,
        )  # fmt: skip
        placed.lines[row.key] = row
        placed.rows.append(row)
        if said.price is not None and (because := _settles_nothing(agreement, ownership, said)):
            placed.notes.append(f"{said.order} line {said.line}: price {price} {because}")

    def compare(self, placed: Placed, said: Said) -> None:
        """A line that is there: whatever this one says must agree with it."""
        head, row = placed.heads[said.order], placed.lines[said.order, said.line]
        self._check_head(head, said)
        if said.agreement and said.agreement.id != head.agreement:
            stands = self._number(head)
            raise Differs("order", said.order, "agreement", stands, said.agreement.number)
        price = row.price
        if said.price is not None:
            currency = said.currency or (price.currency if price else "")
            price = Price(said.price, currency, said.per)
        told = row._replace(
            item=said.item.id, quantity=said.quantity, price=price,
            ownership=str(said.ownership or row.ownership),
            needed_on=said.needed_on or row.needed_on,
            maximum_quantity=row.maximum_quantity if said.maximum_quantity is None else
            said.maximum_quantity,
        )  # fmt: skip
        if said.is_blanket not in (None, row.complete_at is None):
            raise Differs(
                "order line",
                f"{said.order}/{said.line}",
                "blanket",
                "no" if said.is_blanket else "yes",
                "yes" if said.is_blanket else "no",
            )
        show = {"item": self._item_code, "quantity": show_micros}
        name = f"{said.order}/{said.line}"
        settle_fields("order line", name, row, told, show=show)

    def _day(self, ordered_on: Moment) -> date:
        day = self.organization.day_here(ordered_on)
        self.organization.check_not_to_come(day, today=self.today)
        return day

    def _named(self, number: str) -> Agreement | None:
        if not number:
            return None
        agreement = self.agreed.named(number)
        if agreement is None:
            raise UnknownAgreement(number)
        return agreement

    def _check_head(self, head: OrderHead, said: Said) -> None:
        stands = OrderHead(head.consignor, head.ordered_on, None)
        told = OrderHead(said.consignor, said.ordered_on, None)
        settle_fields("order", said.order, stands, told, show={"consignor": self._party_code})

    def _status(self, head: OrderHead | None, said: Said) -> Ownership:
        """What the line is, by the item's designation here and by who supplies it (P20-P23)."""
        consignee = self.organization.party
        return decide_ownership(
            self.here[said.item.id],
            supplier=said.consignor,
            supplier_code=self.codes[said.consignor],
            is_agreed=said.agreement is not None
            or (head is not None and head.agreement is not None)
            or self.agreed.is_agreed(said.consignor, consignee),
            said=said.ownership,
        )

    def _agreement(self, head: OrderHead | None, said: Said) -> Agreement:
        """The agreement a consigned line comes under: the one named, the order's, or the one
        there is."""
        consignor = self.codes[said.consignor]
        agreement = said.agreement
        if agreement is None and head and head.agreement:
            agreement = self.agreements[head.agreement]
        if agreement is None:
            agreement = self.agreed.the_one(
                said.consignor, self.organization.party, said.item.id, said.ordered_on,
                paid_by=self.organization.pays, consignor_code=consignor, item_code=said.item.code,
            )  # fmt: skip
        parties = (agreement.consignor, agreement.consignee)
        if parties != (said.consignor, self.organization.party):
            consignee = self.codes[self.organization.party]
            raise NotBetween(agreement.number, consignor, consignee)
        agreement.check_in_force(said.ordered_on)
        here = self.here[said.item.id]
        check_site(here, site=agreement.consignor_site, agreement=agreement.number)
        return agreement

    def _price(self, said: Said, agreement: Agreement | None, ownership: Ownership) -> Price | None:
        """The price said with the line, or the agreement's on the day of the order."""
        if said.price is None:
            prices = self.terms.prices.get((agreement.id, said.item.id)) if agreement else None
            return prices.price_on(said.ordered_on) if prices else None
        currency = agreement.currency if agreement else self.organization.currency
        if agreement and ownership is Ownership.CONSIGNED and said.currency not in ("", currency):
            raise CurrencyDiffers(agreement.number, currency, said.currency)
        return Price(said.price, said.currency or currency, said.per)

    def _number(self, head: OrderHead) -> str:
        if head.agreement is None:
            return "nothing"
        agreement = self.agreements.get(head.agreement)
        return agreement.number if agreement else "another"

    def _party_code(self, party: PartyId) -> str:
        if party not in self.codes:
            self.codes |= agreement_records.party_codes([party])
        return self.codes[party]

    def _item_code(self, item: ItemId) -> str:
        known = {found.id: code for code, found in self.items.items()}
        if item in known:
            return known[item]
        return agreement_records.items_by_id([item])[item].code


def _settles_nothing(agreement: Agreement | None, ownership: Ownership, said: Said) -> str | None:
    """Why no use is settled by an order line's price, if none is; the goods are noted at it."""
    if ownership is Ownership.NON_OWNED:
        return "settles nothing: the goods are nobody's to buy"
    if ownership is Ownership.CONSIGNED and agreement:
        sources = agreement.on(said.ordered_on).price_sources
        if PriceSource.ORDER_LINE not in sources:
            return (
                f"settles no use: agreement {agreement.number} takes its prices from "
                f"{', '.join(sources)}"
            )
    return None


def _tolerance(said: Said, agreement: Agreement | None) -> Tolerance:
    """How much may come: of a blanket line as it says, else as the agreement tolerates."""
    if said.is_blanket:
        return Tolerance(said.maximum_quantity, None)
    tolerated = tolerance(said.quantity, agreement, said.ordered_on)
    return (
        tolerated
        if said.maximum_quantity is None
        else tolerated._replace(maximum_quantity=said.maximum_quantity)
    )


class ClosingLine(NamedTuple):
    """An order line that is to be expected no longer."""

    order: Annotated[str, fields.Code("order", "number of the order", 60)]
    line: Annotated[int, fields.LINE, "the order's line that is to be expected no longer"]
    closed_on: Annotated[Moment, fields.HAPPENED_ON]
    because: Annotated[str, fields.BECAUSE] = ""


def close_order_lines(
    *, organization: OrganizationId, lines: Sequence[ClosingLine], by: str, at: datetime
) -> Result:
    """Close order lines by hand, many at once: what has not come is on order no longer.

    A blanket line ends so; a short delivery need not wait for ever. What comes later is refused.
    """
    outcome = Result()
    with ledger.writing([organization]):
        here = ledger.read_organization(organization)
        known = order_records.closings(organization, {line.order for line in lines})
        new: dict[int, Closing] = {}
        for index, line in enumerate(lines):
            try:
                key = (line.order, line.line)
                if key not in known:
                    raise NotOnOrder(*key, here.code)
                standing = known[key]
                closing = _closing(line, standing, by, here, at)
                stands = new.get(standing.order_line, standing)
                if stands.closed_on is None:
                    new[standing.order_line] = closing
                    outcome.new += 1
                elif stands.closed_on == closing.closed_on:
                    outcome.repeat(index)
                else:
                    raise OrderLineClosed(*key, stands.closed_on)
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        order_records.close(new.values())
    return outcome


def _closing(
    line: ClosingLine, standing: Closing, by: str, here: Organization, at: datetime
) -> Closing:
    closed_on = here.day_here(line.closed_on)
    here.check_not_to_come(closed_on, today=here.day_of(at))
    return standing._replace(closed_on=closed_on, closed_by=by, because=line.because)
