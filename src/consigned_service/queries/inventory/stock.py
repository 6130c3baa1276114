"""Stock: what lies where, whose it is, since when, and what it is worth at its receipt price.

The holder sees what it holds, its own and others' (checklist E29); the owner sees its goods on
its books but elsewhere, never as available (E30, E31). An age is counted from the day of receipt.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.title.layer import Ownership
from consigned.title.position import Condition
from consigned_service.queries.core.figures import Amount, Page
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.inventory import holdings
from consigned_service.records.inventory.holdings import Alike, Holding, Sight


class Age(StrEnum):
    """How long goods have lain, in days."""

    MONTH = "0-30"
    TWO_MONTHS = "31-60"
    QUARTER = "61-90"
    HALF_YEAR = "91-180"
    OLDER = ">180"

    @classmethod
    def of(cls, days: int) -> "Age":
        for age, last in ((cls.MONTH, 30), (cls.TWO_MONTHS, 60), (cls.QUARTER, 90)):
            if days <= last:
                return age
        return cls.HALF_YEAR if days <= 180 else cls.OLDER


FIRST_AND_LAST_DAY: dict[Age, tuple[int | None, int | None]] = {
    Age.MONTH: (None, 30),
    Age.TWO_MONTHS: (31, 60),
    Age.QUARTER: (61, 90),
    Age.HALF_YEAR: (91, 180),
    Age.OLDER: (181, None),
}


class StockLine(NamedTuple):
    """What is left of one receipt at one place, in one condition."""

    item: str
    item_name: str
    owner: str
    owner_name: str
    holder: str
    holder_name: str
    organization: str
    organization_name: str
    place: str
    condition: str
    order: str | None
    order_line: int | None
    agreement: str | None
    layer: int
    received_on: date
    age_days: int
    expires_on: date | None
    lot: str | None
    serial: str | None
    is_hazardous: bool
    customs_status: str | None
    customs_document: str | None
    origin: str | None
    quantity: Quantity
    value: Amount | None
    """At the price it was received at, a share of what its layer comes to, rounded once for the
    whole of it; None where it was received without one."""
    ownership: Ownership
    """Owned by its holder, consigned to it, or non-owned."""
    is_available: bool
    """Whether the viewer may use or promise it: unrestricted, in a nettable place of its own."""


def on_hand(
    viewer: Viewer,
    item: str | None = None,
    owner: str | None = None,
    organization: str | None = None,
    as_of: date | None = None,
    *,
    today: date,
    holder: str | None = None,
    place: str | None = None,
    order_number: str | None = None,
    agreement: str | None = None,
    ownership: Ownership | None = None,
    age: Age | None = None,
    elsewhere: bool | None = None,
    expires_through: date | None = None,
    lot: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[StockLine]:
    """Stock on hand line by line, now or at the end of the day `as_of` (checklist E29, E37).

    Parties, items and organizations are named by code. `order` names fields of the line, each
    with `-` before it to sort downwards. `elsewhere` asks for the viewer's goods in others' hands
    only, or (False) for what lies in its own organizations only.
    """
    sight = _aged(
        Sight(
            viewer.party_id, item, owner, holder, organization, place, order_number, agreement,
            ownership, SIDES[elsewhere], expires_through=expires_through, lot=lot,
        ),
        age,
        as_of or today,
    )  # fmt: skip
    return _page(sight, as_of, today, order, limit, offset)


def off_site(
    viewer: Viewer,
    *,
    today: date,
    holder: str | None = None,
    item: str | None = None,
    organization: str | None = None,
    age: Age | None = None,
    as_of: date | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[StockLine]:
    """The viewer's goods on its books but in others' hands, by customer, organization, place and
    order (checklist E30). None of them is available, nor may be allocated (E31)."""
    sight = Sight(viewer.party_id, item, None, holder, organization, own_side="off-site")
    return _page(_aged(sight, age, as_of or today), as_of, today, order, limit, offset)


class Held(NamedTuple):
    """What lies of one owner with one holder, of one age, in one currency."""

    owner: str
    owner_name: str
    holder: str
    holder_name: str
    age: Age
    value: Amount | None
    """None for goods received without a price."""
    lines: int


def held_by_consignor(viewer: Viewer, today: date) -> list[Held]:
    """What the viewer holds that is consigned to it, by consignor and age."""
    return _by_age(Sight(viewer.party_id, ownership=Ownership.CONSIGNED, own_side="held"), today)


def off_site_by_holder(viewer: Viewer, today: date) -> list[Held]:
    """What others hold that the viewer consigned to them, by holder and age."""
    return _by_age(
        Sight(viewer.party_id, ownership=Ownership.CONSIGNED, own_side="off-site"), today
    )


def _page(
    sight: Sight,
    as_of: date | None,
    today: date,
    order: Sequence[str],
    limit: int | None,
    offset: int,
) -> Page[StockLine]:
    order = [_SORTED.get(name, name) for name in order]
    rows = holdings.read(sight, as_of=as_of, order=order, limit=limit, offset=offset)
    is_whole = limit is None or (offset == 0 and len(rows) < limit)
    count = offset + len(rows) if is_whole else rows[0].total if rows else None
    if count is None:
        count = holdings.count(sight, as_of=as_of)
    return Page([_line(row, sight.party, as_of or today) for row in rows], count)


SIDES = {None: None, True: "off-site", False: "held"}
_SORTED = {"age_days": "-received_on", "-age_days": "received_on"}


def _aged(sight: Sight, age: Age | None, day: date) -> Sight:
    if age is None:
        return sight
    first, last = FIRST_AND_LAST_DAY[age]
    return sight._replace(
        received_from=None if last is None else date.fromordinal(day.toordinal() - last),
        received_through=None if first is None else date.fromordinal(day.toordinal() - first),
    )


def _line(row: Holding, party: int, day: date) -> StockLine:
    return StockLine(
        item=row.item,
        item_name=row.item_name,
        owner=row.owner,
        owner_name=row.owner_name,
        holder=row.holder,
        holder_name=row.holder_name,
        organization=row.organization,
        organization_name=row.organization_name,
        place=row.place,
        condition=row.condition,
        order=row.order,
        order_line=row.order_line,
        agreement=row.agreement,
        layer=row.layer,
        received_on=row.received_on,
        age_days=max(0, (day - row.received_on).days),
        expires_on=row.expires_on,
        lot=row.lot,
        serial=row.serial,
        is_hazardous=bool(row.is_hazardous),
        customs_status=row.customs_status,
        customs_document=row.customs_document,
        origin=row.origin,
        quantity=Quantity(Micros(row.quantity), row.unit),
        value=_share(row),
        ownership=Ownership.OWNED if row.is_holders else Ownership(row.ownership),
        is_available=row.holder_id == party
        and row.is_nettable
        and row.condition == Condition.UNRESTRICTED,
    )


def _share(row: Holding) -> Amount | None:
    """A row's share of its layer's value: the shares of all rows come to the rounded whole."""
    whole = _value(row.before + row.quantity, row.price, row.currency, row.per)
    before = _value(row.before, row.price, row.currency, row.per)
    return Amount(whole.minor - before.minor, whole.currency) if whole and before else None


def _value(
    quantity: int, price: int | None, currency: str | None, per: int | None
) -> Amount | None:
    if price is None or currency is None or per is None:
        return None
    return Amount(Price(price, currency, per).extend(quantity), currency)


def _by_age(sight: Sight, today: date) -> list[Held]:
    return _gather(holdings.read_alike(sight), today)


def _gather(alike: Iterable[Alike], today: date) -> list[Held]:
    sums: dict[tuple[str, str, Age, str | None], Held] = {}
    for row in alike:
        age = Age.of((today - row.received_on).days)
        each = _value(row.quantity, row.price, row.currency, row.per)
        key = (row.owner, row.holder, age, each and each.currency)
        so_far = sums.get(key)
        value = each and Amount(
            each.minor * row.times + (so_far.value.minor if so_far and so_far.value else 0),
            each.currency,
        )
        sums[key] = Held(
            row.owner, row.owner_name, row.holder, row.holder_name, age, value,
            row.lines + (so_far.lines if so_far else 0),
        )  # fmt: skip
    ages = list(Age)
    return sorted(
        sums.values(),
        key=lambda held: (held.owner_name, held.owner, held.holder_name, ages.index(held.age)),
    )
