"""Which price a use would have and why: what the agreement's sources say, in its order (0050).

The same rule answers that settles a use, so what is told here is what is charged. A source that
comes after the one that gave the price is told too, because people ask why it did not count.
"""

from collections import defaultdict
from datetime import date
from typing import Annotated, NamedTuple

from consigned.accounting.prices import try_sources
from consigned.inventory.title_transfers import Sale, Use, UseKind
from consigned.master_data.agreements import Agreement, ItemNotAgreed, Terms, UnknownAgreement
from consigned.master_data.items import Item
from consigned.measure.identity import AgreementId, ConsumptionNumber, ItemId
from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.settlement.price_changes import is_changed_with, is_same_price, stands
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.question import Filter, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.settlement import price_changes
from consigned_service.records.sql.select import Listing, Where


class Sold(NamedTuple):
    """Goods of one layer and day that were sold at one price and settled at one, in lines that said
    one quantity."""

    agreement_id: int
    agreement: str
    consignee_id: int
    item_id: int
    item: str
    unit: str
    used_on: date
    received_on: date
    currency: str
    sold: int
    sold_per: int
    settled: int
    settled_per: int
    told: int
    """What each line said, which is what a scale of prices looks at."""
    quantity: int


SOLD = Listing(
    Sold,
    {
        "agreement_id": "a.id",
        "agreement": "a.number",
        "consignee_id": "a.consignee_id",
        "item_id": "i.id",
        "item": "i.code",
        "unit": "i.unit",
        "used_on": "c.happened_on",
        "received_on": "l.received_on",
        "currency": "t.currency",
        "sold": "s.price",
        "sold_per": "s.per",
        "settled": "t.price",
        "settled_per": "t.per",
        "told": "c.quantity",
        "quantity": "SUM(ch.quantity)",
    },
    "sale s "
    "JOIN consumption c ON c.organization_id = s.organization_id AND c.number = s.consumption "
    "JOIN title_entry e ON e.organization_id = c.organization_id AND e.posting >= c.posting "
    "AND e.document = c.number AND e.cause = 'consumption' AND e.kind = 'transferred-to-owned' "
    "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
    "JOIN charge ch ON ch.organization_id = e.organization_id AND ch.entry = e.number "
    "JOIN running_total t ON t.organization_id = ch.organization_id AND t.number = ch.total "
    "JOIN agreement a ON a.id = t.agreement JOIN item i ON i.id = c.item_id",
    group="1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14",
)


def _read_sold(consignee: int, starts_on: date | None, ends_on: date | None) -> list[Sold]:
    """What a party sold of the goods of others, where the sale said its price."""
    where = Where().also("a.consignee_id = %s", consignee)
    if starts_on:
        where.also("c.happened_on >= %s", starts_on)
    if ends_on:
        where.also("c.happened_on < %s", ends_on)
    return SOLD.read(where, order=("used_on", "agreement", "item", "received_on"))


class TriedSource(NamedTuple):
    """One source of prices, in the order in which the agreement names them."""

    source: str
    price: Price | None
    because: str
    """The terms that made the price, or why there is none."""
    applies: bool


class PriceAnswer(NamedTuple):
    """What one unit would be settled at; None where it would wait for a price."""

    agreement: str
    item: str
    on: date
    price: Price | None
    rule: str
    """The source and the terms that made the price."""
    tried: list[TriedSource]


NOTHING_SAID = {
    "transaction": "no price is said with the use",
    "agreement": "no price of the item holds on that day for that quantity",
    "order-line": "no order line is named",
}


def price_of_use(
    viewer: Viewer,
    agreement: str,
    item: str,
    *,
    on: date,
    quantity: int,
    said: int | None = None,
    order_price: int | None = None,
    sold_at: int | None = None,
) -> PriceAnswer:
    """Which price a use of so much of an item would have on a day, and what was tried for it.

    `said` is a price that would be said with the use, `order_price` that of the order line the
    goods came under, `sold_at` what they would be sold for; all in the agreement's currency.
    """
    agreed, goods = _between(viewer, agreement, item)
    terms = agreement_records.read_terms([agreed.id], [goods.id])
    agreed.check_in_force(on)
    agreed = agreed.on(on)
    use = Use(
        ConsumptionNumber(0), UseKind.SALE.value, goods.id, quantity, on, price=said,
        sale=None if sold_at is None else Sale(sold_at, None),
    )  # fmt: skip
    ordered = None if order_price is None else Price(order_price, agreed.currency)
    tried: list[TriedSource] = []
    price, rule = None, ""
    for source, made, because in try_sources(agreed, use, ordered, terms):
        if made is None:
            why = because or NOTHING_SAID[source]
            tried.append(TriedSource(str(source), None, why, applies=False))
            continue
        is_first = price is None
        tried.append(TriedSource(str(source), made.price, made.because, applies=is_first))
        if is_first:
            price, rule = made.price, f"{source} {made.because}".strip()
    return PriceAnswer(agreed.number, goods.code, on, price, rule, tried)


class Effect(NamedTuple):
    """What a change of price makes of goods that were used at one price in one organization."""

    organization: str
    settled: str
    """recharged, where no advice told them yet; otherwise next-advice."""
    quantity: Quantity
    price: Price
    """What they are settled at now."""
    amount: Amount
    amount_after: Amount
    difference: Amount
    """What the consignee owes more, or less (below zero)."""


def effect_of_change(
    viewer: Viewer,
    agreement: str,
    item: str,
    *,
    price: Price,
    starts_on: date,
    ends_on: date | None = None,
) -> list[Effect]:
    """What it would change to settle an item at another price on days gone by; nothing is done."""
    agreed, goods = _between(viewer, agreement, item)
    effects = []
    for organization in agreement_records.organizations_of(agreed.consignee):
        about = ledger.read_organization(organization)
        sums: dict[tuple[bool, Price], int] = defaultdict(int)
        for one in price_changes.read_used(organization, agreed.id, goods.id, starts_on, ends_on):
            if is_changed_with(one.key.source) and not is_same_price(one.key.price, price):
                sums[stands(one, about.closed_through), one.key.price] += one.quantity
        effects += [
            _effect(about.code, settled_next, was, price, Quantity(Micros(quantity), goods.unit))
            for (settled_next, was), quantity in sorted(sums.items())
            if quantity
        ]
    return effects


def _effect(
    organization: str, settled_next: bool, was: Price, price: Price, quantity: Quantity
) -> Effect:
    before, after = was.extend(quantity.micros), price.extend(quantity.micros)
    currency = price.currency
    return Effect(
        organization, "next-advice" if settled_next else "recharged", quantity, was,
        Amount(before, currency), Amount(after, currency), Amount(after - before, currency),
    )  # fmt: skip


def _between(viewer: Viewer, agreement: str, item: str) -> tuple[Agreement, Item]:
    """An agreement that the viewer is a party to, and an item that it covers.

    An item of others is refused in the same words as one that does not exist.
    """
    ids = agreement_records.agreement_ids([agreement]).values()
    agreed = next(iter(agreement_records.read_agreements(ids).values()), None)
    if agreed is None or viewer.party_id not in (agreed.consignor, agreed.consignee):
        raise UnknownAgreement(agreement)
    goods = agreement_records.items_by_code([item]).get(item)
    if goods is None or not agreement_records.read_covered([agreed.id], [goods.id]):
        raise ItemNotAgreed(agreement, item)
    return agreed, goods


class Margin(NamedTuple):
    """What the consignee kept of a sale of consigned goods, and what a markdown took from it."""

    agreement: str
    item: str
    used_on: date
    lay_days: int
    """How long the goods had been here."""
    quantity: Quantity
    regular: Amount
    sold: Amount
    settled: Amount
    """What the consignor is owed; it need not fall with the sale's price (checklist L25)."""
    settled_at_regular: Amount
    """What it would be owed, had they sold at their regular price."""

    @property
    def margin(self) -> Amount:
        return Amount(self.sold.minor - self.settled.minor, self.sold.currency)

    @property
    def margin_at_regular(self) -> Amount:
        """What it would have been, had they sold at their regular price."""
        return Amount(self.regular.minor - self.settled_at_regular.minor, self.sold.currency)

    @property
    def lost(self) -> Amount:
        return Amount(self.margin_at_regular.minor - self.margin.minor, self.sold.currency)


def margins(
    viewer: Viewer,
    *,
    starts_on: Annotated[
        date | None, Filter("only of uses from this day on", called="since")
    ] = None,
    ends_on: Annotated[date | None, Filter("only of uses before this day", called="until")] = None,
) -> list[Margin]:
    """What the viewer kept of what it sold of others' goods, and what markdowns took from that; of
    sales that said their price, and goods that have a regular one."""
    rows = _read_sold(viewer.party_id, starts_on, ends_on)
    terms = agreement_records.read_terms(
        {row.agreement_id for row in rows}, {row.item_id for row in rows}
    )
    found = (_margin(row, terms) for row in rows)
    return [one for one in found if one]


MARGIN_LIST = Question(
    "margins",
    "Show what markdowns took from the margin: the sale's price falls, the settlement price need "
    "not.\n\nOf goods whose sale had a price, and whose agreement says what they regularly sell "
    "for.",
    margins, "line",
    (
        "agreement", "item", "used_on", ("Days old", "lay_days"), "quantity", "regular",
        ("Sold for", "sold"), ("Settled at", "settled"), "margin", "lost",
    ),
    lead="Lost to markdowns",
    sums="lost",
)  # fmt: skip


def _margin(row: Sold, terms: Terms) -> Margin | None:
    agreement = terms.agreements[AgreementId(row.agreement_id)]
    agreed = terms.price_in_force(agreement, ItemId(row.item_id), row.used_on, row.told)
    if agreed is None or agreed.terms.regular is None:
        return None
    regular = Price(agreed.terms.regular, row.currency, agreed.per)
    made = agreed.made(regular)

    def amount(price: Price) -> Amount:
        return Amount(price.extend(row.quantity), row.currency)

    settled = amount(Price(row.settled, row.currency, row.settled_per))
    return Margin(
        row.agreement, row.item, row.used_on, (row.used_on - row.received_on).days,
        Quantity(Micros(row.quantity), row.unit), amount(regular),
        amount(Price(row.sold, row.currency, row.sold_per)), settled,
        amount(made.price) if made else settled,
    )  # fmt: skip
