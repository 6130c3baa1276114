"""Goods on consignment with what their agreement says of time, and more time that was agreed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from consigned.inventory.aging import Deadline, Extensions, Terms
from consigned.measure.identity import LayerNumber, OrganizationId
from consigned.title.layer import Ownership
from consigned_service.records.inventory import holdings
from consigned_service.records.inventory.holdings import Visibility
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data.amendments import is_amended, read_amendments
from consigned_service.records.sql import bulk
from consigned_service.records.sql import select as reading
from consigned_service.records.sql.select import Listing, Where

Layer = tuple[int, int]
"""A layer anywhere: its organization and its number there."""


class Aging(NamedTuple):
    """What is left on consignment of one layer, and what was agreed for it."""

    organization_id: int
    organization: str
    layer: int
    item_id: int
    item: str
    item_name: str
    unit: str
    owner: str
    owner_name: str
    holder_name: str
    agreement_id: int
    agreement: str
    receipt: str | None
    receipt_line: int | None
    lot: str | None
    received_on: date
    shipped_on: date | None
    expires_on: date | None
    quantity: int
    usable: int
    """What of it is unrestricted."""
    price: int | None
    currency: str | None
    per: int | None
    from_organization: int | None
    from_layer: int | None
    aging_days: int | None
    aging_onset: str
    aged_outcome: str
    display_days: int | None
    return_by: date | None
    end_of_term: str
    grace_days: int

    @property
    def terms(self) -> Terms:
        return Terms(
            self.aging_days, self.aging_onset, self.aged_outcome, self.display_days,
            self.return_by, self.end_of_term, self.grace_days,
        )  # fmt: skip

    @property
    def key(self) -> Layer:
        return self.organization_id, self.layer


_COLUMNS = {
    "organization_id": "o.id",
    "organization": "o.code",
    "layer": "l.number",
    "item_id": "l.item_id",
    "item": "i.code",
    "item_name": "i.name",
    "unit": "i.unit",
    "owner": "w.code",
    "owner_name": "w.name",
    "holder_name": "h.name",
    "agreement_id": "a.id",
    "agreement": "a.number",
    "receipt": "g.reference",
    "receipt_line": "l.receipt_line",
    "lot": "l.lot",
    "received_on": "l.received_on",
    "shipped_on": "l.shipped_on",
    "expires_on": "l.expires_on",
    "quantity": "SUM(b.quantity)",
    "usable": "SUM(CASE WHEN p.condition = 'unrestricted' THEN b.quantity ELSE 0 END)",
    "price": "l.price",
    "currency": "l.currency",
    "per": "l.per",
    "from_organization": "l.from_organization",
    "from_layer": "l.from_layer",
    "aging_days": "a.aging_days",
    "aging_onset": "a.aging_onset",
    "aged_outcome": "a.aged_outcome",
    "display_days": "a.display_days",
    "return_by": "a.return_by",
    "end_of_term": "a.end_of_term",
    "grace_days": "a.grace_days",
}
AGING = Listing(
    Aging,
    _COLUMNS,
    holdings.TABLES + "JOIN item i ON i.id = p.item_id JOIN party w ON w.id = p.owner_id "
    "JOIN party h ON h.id = o.party_id JOIN agreement a ON a.id = l.agreement "
    "LEFT JOIN goods_receipt g ON g.organization_id = l.organization_id AND g.number = l.receipt",
    group=", ".join(
        column for name, column in _COLUMNS.items() if name not in ("quantity", "usable")
    ),
)
TIME = tuple(Terms._fields)
"""The terms that say how long goods may lie."""
AGREED = (
    "a.aging_days IS NOT NULL OR a.display_days IS NOT NULL OR a.return_by IS NOT NULL "
    f"OR {is_amended(TIME)}"
)
"""Goods whose agreement sets an end of time, or may have come to set one."""
ANY_END = f"{AGREED} OR l.expires_on IS NOT NULL"
BY_ITSELF = (
    f"({AGREED}) AND (a.aged_outcome = 'automatic' OR a.end_of_term IN "
    f"('roll-over', 'convert', 'donate', 'destroy') OR {is_amended(TIME)})"
)
"""Goods with which a run may have something to do."""


def read(sight: Visibility, ends: str = AGREED, *, on: date) -> list[Aging]:
    """What a party may see on consignment that comes to an end, oldest first, by the terms that
    hold on a day."""
    where = holdings.seen(sight._replace(ownership=Ownership.CONSIGNED)).also(ends)
    items = f"SELECT l.item_id FROM agreement a JOIN layer l ON l.agreement = a.id WHERE {ends}"
    where.also(f"p.item_id {bulk.one_of(items)}")
    rows = AGING.read(
        where, order=("received_on", "organization", "layer"), pieces=holdings.standing()
    )
    return [
        row for row in _as_on(rows, on)
        if row.terms.sets_an_end or (row.expires_on and ends == ANY_END)
    ]  # fmt: skip


def _as_on(rows: Sequence[Aging], on: date) -> list[Aging]:
    """Goods with the terms of their agreements as they stand on a day."""
    amendments = read_amendments({row.agreement_id for row in rows})
    return [
        row._replace(**{term: value for term, value in changed.items() if term in TIME})
        if (changed := amendments.on(row.agreement_id, on))
        else row
        for row in rows
    ]


def of_layers(
    organization: OrganizationId, layers: Iterable[LayerNumber], *, on: date
) -> dict[int, Aging]:
    """What is left on consignment of some layers of one organization, by the terms of a day."""
    subquery, wanted = bulk.among(layers)
    where = Where().also("o.id = %s", organization).also(f"l.number IN ({subquery})", wanted)
    where.also(
        "p.item_id IN (SELECT item_id FROM layer WHERE organization_id = %s "
        f"AND number IN ({subquery}))", organization, wanted,
    )  # fmt: skip
    where.also("p.owner_id <> o.party_id AND l.ownership = 'consigned'")
    where.also(f"pl.zone NOT IN ({holdings.OUTER})")
    rows = _as_on(AGING.read(where, pieces=holdings.standing()), on)
    return {row.layer: row for row in rows}


EXTENSIONS = (
    "WITH RECURSIVE came AS ("
    "SELECT number AS layer, organization_id, number, from_organization, from_layer, 0 AS hops "
    "FROM layer WHERE organization_id = %s AND number IN ({layers}) UNION ALL "
    "SELECT c.layer, l.organization_id, l.number, l.from_organization, l.from_layer, c.hops + 1 "
    "FROM came c JOIN layer l ON l.organization_id = c.from_organization "
    "AND l.number = c.from_layer) "
    "SELECT c.layer, e.deadline, e.until FROM came c JOIN extension e "
    "ON e.organization_id = c.organization_id AND e.layer = c.number "
    "ORDER BY c.hops DESC, e.number"
)


class _Extended(NamedTuple):
    layer: int
    deadline: str
    until: date


def extensions(rows: Iterable[Aging]) -> dict[Layer, Extensions]:
    """Until when more time was agreed, by layer; goods that came from another organization keep
    what was agreed for them there."""
    by_organization: dict[int, list[int]] = {}
    for row in rows:
        by_organization.setdefault(row.organization_id, []).append(row.layer)
    found: dict[Layer, Extensions] = defaultdict(Extensions)
    for organization, layers in by_organization.items():
        subquery, wanted = bulk.among(layers)
        for layer, deadline, until in reading.rows(
            _Extended, EXTENSIONS.format(layers=subquery), [organization, wanted]
        ):
            key = (organization, layer)
            found[key] = found[key]._replace(**{deadline: until})
    return found


class NewExtension(NamedTuple):
    layer: int
    deadline: Deadline
    until: date
    consent: str


def add_extensions(posting: OpenPosting, extended: Sequence[NewExtension]) -> None:
    first = posting.take_numbers("extension", len(extended))
    organization, opened = posting.organization.id, posting.number
    posting.add(
        "extension",
        (
            (organization, number, opened, more.layer, more.deadline.value,
             more.until.isoformat(), more.consent)
            for number, more in enumerate(extended, start=first)
        ),
    )  # fmt: skip
