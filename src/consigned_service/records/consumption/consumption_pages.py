"""Lines of consumption as they were reported."""

from datetime import date, datetime
from typing import NamedTuple

from consigned_service.records.sql.select import Listing, Where


class Consumption(NamedTuple):
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
    happened_at: str
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
    Consumption,
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
        "happened_at": "u.happened_at",
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


def read_one(organization: str, number: int) -> Consumption | None:
    """One line; whoever asks decides what of it may be told to whom."""
    where = Where().also("o.code = %s AND u.number = %s", organization, number)
    return next(iter(CONSUMPTIONS.read(where)), None)


def read_voids(organization_id: int, source: str, reference: str) -> list[Consumption]:
    """The lines that void a use, in the order in which they were told."""
    where = Where().also(
        "u.organization_id = %s AND u.voids_source = %s AND u.voids = %s",
        organization_id, source, reference,
    )  # fmt: skip
    return CONSUMPTIONS.read(where, order=("number",))
