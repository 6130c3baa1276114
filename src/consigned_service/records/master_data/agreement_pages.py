"""Agreements as people read them, with their prices and how far they are settled."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from consigned_service.records.sql.select import Listing, Where, containing


class Agreement(NamedTuple):
    id: int
    number: str
    consignor_id: int
    consignor: str
    consignor_name: str
    consignee_id: int
    consignee: str
    consignee_name: str
    currency: str
    starts_on: date
    ends_on: date | None
    title_rule: str
    frequency: str
    first_closing_on: date
    closing_days: str
    cycle_by: str
    advice_grace_days: int
    summary_level: str
    settlement_method: str
    price_sources: str
    payment_days: int
    aging_days: int | None
    aging_onset: str
    aged_outcome: str
    display_days: int | None
    return_by: date | None
    end_of_term: str
    grace_days: int
    rotation_percent: int | None
    rotation_every_days: int | None
    price_terms: str
    items: int
    consignor_site: str | None
    covers_transit: bool
    holds_for_quality: bool
    over_receipt_percent: int | None
    under_receipt_percent: int | None
    supplied_from: str
    supplied_from_place: str
    loss_bearers: str
    liability: str
    usage_basis: str
    count_method: str
    count_every_days: int | None
    count_share_percent: int | None
    shrinkage_warning_percent: int | None
    bill_to: str
    invoice_tolerance: str
    advice_by: str
    advice_to: str
    taxed: bool
    customer_returns: str


ITS_OWN = Agreement._fields[Agreement._fields.index("covers_transit") :]
"""Terms that are read from columns of their names."""
AGREEMENTS = Listing(
    Agreement,
    {
        "id": "a.id",
        "number": "a.number",
        "consignor_id": "a.consignor_id",
        "consignor": "w.code",
        "consignor_name": "w.name",
        "consignee_id": "a.consignee_id",
        "consignee": "h.code",
        "consignee_name": "h.name",
        "currency": "a.currency",
        "starts_on": "a.starts_on",
        "ends_on": "a.ends_on",
        "title_rule": "a.title_rule",
        "frequency": "a.frequency",
        "first_closing_on": "a.first_closing_on",
        "closing_days": "a.closing_days",
        "cycle_by": "a.cycle_by",
        "advice_grace_days": "a.advice_grace_days",
        "summary_level": "a.summary_level",
        "settlement_method": "a.settlement_method",
        "price_sources": "a.price_sources",
        "payment_days": "a.payment_days",
        "aging_days": "a.aging_days",
        "aging_onset": "a.aging_onset",
        "aged_outcome": "a.aged_outcome",
        "display_days": "a.display_days",
        "return_by": "a.return_by",
        "end_of_term": "a.end_of_term",
        "grace_days": "a.grace_days",
        "rotation_percent": "a.rotation_percent",
        "rotation_every_days": "a.rotation_every_days",
        "price_terms": "a.price_terms",
        "items": "(SELECT COUNT(*) FROM agreement_line gl WHERE gl.agreement_id = a.id)",
        "consignor_site": "st.code",
        **{name: f"a.{name}" for name in ITS_OWN},
    },
    "agreement a JOIN party w ON w.id = a.consignor_id JOIN party h ON h.id = a.consignee_id "
    "LEFT JOIN site st ON st.id = a.consignor_site_id",
)


def _seen(party: int) -> Where:
    return Where().also("a.consignor_id = %s OR a.consignee_id = %s", party, party)


def read(
    party: int,
    *,
    number: str | None = None,
    consignor: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[Agreement]:
    where = _seen(party).equals(a__number=number, w__code=consignor)
    return AGREEMENTS.read(where, order=(*order, "number"), limit=limit, offset=offset)


def count(party: int, *, consignor: str | None = None) -> int:
    return AGREEMENTS.count(_seen(party).equals(w__code=consignor))


class DatedPrice(NamedTuple):
    item: str
    item_name: str
    unit: str
    supplier_item: str | None
    starts_on: date
    ends_on: date | None
    price: int | None
    per: int
    currency: str
    from_quantity: int
    price_terms: str
    revision: int


PRICES = Listing(
    DatedPrice,
    {
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "supplier_item": "gl.supplier_item",
        "starts_on": "ap.starts_on",
        "ends_on": "ap.ends_on",
        "price": "ap.price",
        "per": "ap.per",
        "currency": "a.currency",
        "from_quantity": "ap.from_quantity",
        "price_terms": "ap.price_terms",
        "revision": "ap.revision",
    },
    "agreement_price ap JOIN agreement a ON a.id = ap.agreement_id "
    "JOIN item i ON i.id = ap.item_id "
    "LEFT JOIN agreement_line gl ON gl.agreement_id = a.id AND gl.item_id = ap.item_id",
)


def _price_where(party: int, agreement: str, search: str) -> Where:
    where = _seen(party).also("a.number = %s", agreement).also("ap.withdrawal = 0")
    if search:
        like = containing(search)
        where.also(
            "LOWER(i.code) LIKE %s ESCAPE '!' OR LOWER(i.name) LIKE %s ESCAPE '!'", like, like
        )
    return where


def read_prices(
    party: int,
    agreement: str,
    *,
    search: str = "",
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[DatedPrice]:
    where = _price_where(party, agreement, search)
    return PRICES.read(
        where,
        order=(*order, "item", "starts_on", "from_quantity", "revision"),
        limit=limit,
        offset=offset,
    )


def count_prices(party: int, agreement: str, *, search: str = "") -> int:
    return PRICES.count(_price_where(party, agreement, search))


class Closed(NamedTuple):
    """Through which day an agreement's advices are made, for one organization or (None) for all."""

    agreement: str
    organization: str | None
    closed_through: date


CLOSED = Listing(
    Closed,
    {"agreement": "a.number", "organization": "o.code", "closed_through": "c.closed_through"},
    "billing_calendar c JOIN agreement a ON a.id = c.agreement_id "
    "LEFT JOIN organization o ON o.id = c.organization_id",
)


def read_closed(party: int, agreement: str | None = None) -> list[Closed]:
    where = _seen(party).equals(a__number=agreement)
    return CLOSED.read(where, order=("agreement", "organization"))


class WithdrawnPrice(NamedTuple):
    reference: str
    item: str
    item_name: str
    unit: str
    starts_on: date
    from_quantity: int
    price: int | None
    per: int
    currency: str
    because: str
    recorded_by: str
    recorded_at: datetime


WITHDRAWN = Listing(
    WithdrawnPrice,
    {
        "reference": "pw.reference",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "starts_on": "pw.starts_on",
        "from_quantity": "pw.from_quantity",
        "price": "ap.price",
        "per": "ap.per",
        "currency": "a.currency",
        "because": "pw.because",
        "recorded_by": "pw.recorded_by",
        "recorded_at": "pw.recorded_at",
    },
    "price_withdrawal pw JOIN agreement a ON a.id = pw.agreement_id "
    "JOIN item i ON i.id = pw.item_id JOIN agreement_price ap ON ap.withdrawal = pw.id",
)


def read_withdrawn(party: int, agreement: str) -> list[WithdrawnPrice]:
    """The prices of an agreement that were withdrawn before their first day."""
    return WITHDRAWN.read(_seen(party).equals(a__number=agreement), order=("-recorded_at", "item"))
