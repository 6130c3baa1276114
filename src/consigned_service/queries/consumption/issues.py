"""One line of consumption as it was reported, with every entry it caused.

To the owner of the goods only its own part is told: how much of its goods were used and at which
price they are settled. Who the goods were sold to, the price that was said, and what else the
line took stay with the holder.
"""

from datetime import date, datetime
from typing import NamedTuple

from consigned.accounting.prices import GOES_BACK, is_taken
from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.consumption.exceptions import Waiting, exceptions_of
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.title import Entry, TitleEntry
from consigned_service.records.sql.select import Listing, Where


class ConsumptionRow(NamedTuple):
    organization_id: int
    organization: str
    organization_name: str
    holder_id: int
    number: int
    source: str
    reference: str
    kind: str
    item: str
    item_name: str
    unit: str
    quantity: int
    said: str | None
    happened_on: date
    occurred_at: str
    place: str | None
    consignor: str | None
    lot: str | None
    serial: str | None
    price: int | None
    per: int
    currency: str | None
    customer: str | None
    reservation: str | None
    voids_source: str | None
    voids: str | None
    because: str | None
    posting: int
    recorded_at: datetime
    recorded_by: str


CONSUMPTIONS = Listing(
    ConsumptionRow,
    {
        "organization_id": "o.id",
        "organization": "o.code",
        "organization_name": "o.name",
        "holder_id": "o.party_id",
        "number": "u.number",
        "source": "u.source",
        "reference": "u.reference",
        "kind": "u.kind",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "quantity": "u.quantity",
        "said": "u.said",
        "happened_on": "u.happened_on",
        "occurred_at": "u.occurred_at",
        "place": "pl.code",
        "consignor": "w.code",
        "lot": "u.lot",
        "serial": "u.serial",
        "price": "u.price",
        "per": "u.per",
        "currency": "u.currency",
        "customer": "u.customer",
        "reservation": "u.reservation",
        "voids_source": "u.voids_source",
        "voids": "u.voids",
        "because": "u.because",
        "posting": "g.number",
        "recorded_at": "g.recorded_at",
        "recorded_by": "g.recorded_by",
    },
    "consumption u "
    "JOIN organization o ON o.id = u.organization_id "
    "JOIN item i ON i.id = u.item_id "
    "JOIN posting g ON g.organization_id = u.organization_id AND g.number = u.posting "
    "LEFT JOIN place pl ON pl.organization_id = u.organization_id AND pl.number = u.place "
    "LEFT JOIN party w ON w.id = u.consignor",
)


def _read_one(organization: str, number: int) -> ConsumptionRow | None:
    """One line; whoever asks decides what of it may be told to whom."""
    where = Where().also("o.code = %s AND u.number = %s", organization, number)
    return next(iter(CONSUMPTIONS.read(where)), None)


def _read_voids(organization_id: int, source: str, reference: str) -> list[ConsumptionRow]:
    """The lines that void a use, in the order in which they were told."""
    where = Where().also(
        "u.organization_id = %s AND u.voids_source = %s AND u.voids = %s",
        organization_id, source, reference,
    )  # fmt: skip
    return CONSUMPTIONS.read(where, order=("number",))


class Void(NamedTuple):
    """A line that takes a use back, as far as it was told."""

    number: int
    reference: str
    """Its source and reference."""
    quantity: Quantity
    happened_on: date
    because: str | None


class Consumption(NamedTuple):
    organization: str
    organization_name: str
    number: int
    source: str
    reference: str
    kind: str
    item: str
    item_name: str
    quantity: Quantity
    """What was reported; to the owner of the goods, what was taken of its goods."""
    is_whole: bool
    """False where the viewer sees only its part of the line."""
    said: str | None
    happened_on: date
    occurred_at: str
    place: str | None
    consignor: str | None
    lot: str | None
    serial: str | None
    price: Price | None
    """The price sent with the consumption, if any."""
    not_taken: list[str]
    """What settles the use instead of that price, where it was not taken."""
    customer: str | None
    reservation: str | None
    voids: str | None
    """The source and reference of the use that it takes back, if it is a void."""
    because: str | None
    voided_by: list[Void]
    """The lines that take it back."""
    posting: int
    recorded_at: datetime
    recorded_by: str
    entries: list[TitleEntry]
    waiting: list[Waiting]
    ended: list[Waiting]
    """What waited of it, and how that ended."""


def consumption(viewer: Viewer, organization_code: str, number: int) -> Consumption | None:
    """A line of consumption; None where it took nothing that the viewer may see."""
    row = _read_one(organization_code, number)
    if row is None:
        return None
    read = Entry.of_consumption(viewer.party_id, row.organization_id, number)
    is_holders_side = row.holder_id == viewer.party_id
    if not is_holders_side and not read:
        return None
    entries = [TitleEntry.told_to(viewer, entry) for entry in read]
    waiting = exceptions_of(viewer, organization_code, number)
    ended = exceptions_of(viewer, organization_code, number, ended=True)
    quantity = row.quantity if is_holders_side else _taken(read, viewer)
    told = Consumption(
        organization=row.organization,
        organization_name=row.organization_name,
        number=row.number,
        source=row.source,
        reference=row.reference,
        kind=row.kind,
        item=row.item,
        item_name=row.item_name,
        quantity=Quantity(Micros(quantity), row.unit),
        is_whole=is_holders_side,
        said=row.said,
        happened_on=row.happened_on,
        occurred_at=row.occurred_at,
        place=row.place,
        consignor=row.consignor,
        lot=row.lot,
        serial=row.serial,
        price=_sent(row, entries),
        not_taken=_not_taken(row, entries, waiting),
        customer=row.customer,
        reservation=row.reservation,
        voids=f"{row.voids_source} {row.voids}" if row.voids else None,
        because=row.because,
        voided_by=[
            Void(
                one.number,
                f"{one.source} {one.reference}",
                Quantity(Micros(-one.quantity), one.unit),
                one.happened_on,
                one.because,
            )
            for one in _read_voids(row.organization_id, row.source, row.reference)
        ],
        posting=row.posting,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        entries=entries,
        waiting=waiting,
        ended=ended,
    )
    return told if is_holders_side else _part(told)


def _sent(row: ConsumptionRow, entries: list[TitleEntry]) -> Price | None:
    """The price that was sent; without a currency of its own, in the one that it settles in."""
    if row.price is None:
        return None
    charged = next((one.charged.price.currency for one in entries if one.charged), "")
    return Price(row.price, row.currency or charged, row.per)


def _not_taken(row: ConsumptionRow, entries: list[TitleEntry], waiting: list[Waiting]) -> list[str]:
    """By which rules something else settles a use than the price that was sent with it."""
    if row.price is None:
        return []
    if row.quantity < 0:
        return [GOES_BACK]
    charged = [(entry.agreement, entry.charged) for entry in entries if entry.charged]
    if not charged and not waiting:
        return ["nothing was charged for it"]
    instead = {
        f"agreement {agreement}: {one.price} ({one.price_source})": None
        for agreement, one in charged
        if not is_taken(one.price_source)
    }
    return list(instead)


def _taken(entries: list[Entry], viewer: Viewer) -> int:
    """What left the viewer's ownership or, of goods that stay its own, its place."""
    return sum(entry.quantity for entry in entries if entry.source_owner_id == viewer.party_id)


def _part(told: Consumption) -> Consumption:
    return told._replace(
        said=None,
        place=None,
        consignor=None,
        lot=None,
        serial=None,
        price=None,
        not_taken=[],
        customer=None,
        reservation=None,
        because=None,
        voided_by=[],
        recorded_by="",
    )
