"""Title history: every entry of an item, newest first, in words.

Each entry says from whom and where to whom and where, for which document, who recorded it and
when, and what it counts in where it passed title. People of the holder are named to the holder's
side only; to an owner the holder itself is the one who did it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from consigned.measure.identity import label
from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.title.entry import TITLE_KINDS
from consigned.title.layer import Ownership
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where, rows


class Entry(NamedTuple):
    """One entry with both its ends, its cause, its posting and the charge it counts in."""

    organization_id: int
    organization: str
    organization_name: str
    holder_id: int
    holder_name: str
    number: int
    kind: str
    item: str
    item_name: str
    unit: str
    layer: int
    layer_ownership: str
    received_on: date
    lot: str | None
    serial: str | None
    order: str | None
    order_line: int | None
    agreement: str | None
    quantity: int
    source_owner_id: int
    source_owner: str
    source_place: str
    source_condition: str
    target_owner_id: int
    target_owner: str
    target_place: str
    target_condition: str
    happened_on: date
    cause: str
    document: int
    line: int
    told_as: str | None
    """The reference it was told under, where no paper has it."""
    receipt_reference: str | None
    return_reference: str | None
    notice_reference: str | None
    disposition_reference: str | None
    renewal_reference: str | None
    """Of what takes one back, that of the renewal."""
    consumption_source: str | None
    consumption_reference: str | None
    occurred_at: str | None
    posting: int
    recorded_at: datetime
    recorded_by: str
    seal: int
    posting_seal: str
    total: int | None
    charged_kind: str | None
    price: int | None
    currency: str | None
    per: int | None
    price_source: str | None
    charged_quantity: int | None
    advice: str | None
    advice_line: int | None
    rule: str | None
    used_for: str | None
    customer: str | None

    @classmethod
    def of_lot(cls, party: int, lot: str, *, item: str | None, limit: int) -> list["Entry"]:
        """The entries of the goods of a lot, the oldest first, the first so many."""
        where = _seen(party).also("l.lot = %s", lot)
        if item is not None:
            where.also("l.item_id = (SELECT id FROM item WHERE code = %s)", item)
        oldest = ("happened_on", "organization_id", "number")
        return _read_keyed(party, KEYS.read(where, order=oldest, limit=limit), oldest)

    @classmethod
    def of_consumption(cls, party: int, organization_id: int, number: int) -> list["Entry"]:
        """The entries of one consumption: in its posting, and in those that ended its waiting."""
        where = _seen(party).also(
            "e.organization_id = %s AND e.cause = 'consumption' AND e.document = %s",
            organization_id,
            number,
        )
        spans = _spans_of_consumption(organization_id, number)
        among = " OR ".join(["e.number >= %s AND e.number < %s"] * len(spans)) or "false"
        where.also(among, *[end for span in spans for end in span])
        return ENTRIES.read(where, order=("number",))

    @classmethod
    def of_totals(
        cls, party: int, organization_id: int, totals: Iterable[int], *, after: int, limit: int
    ) -> list["Entry"]:
        """The transfers of title that count in some running totals, in the order they were made."""
        subquery, wanted = bulk.among(totals)
        where = Where().also("t.organization_id = %s", organization_id)
        where.also(f"t.number IN ({subquery})", wanted).also("c.entry + 0 > %s", after)
        keys = CHARGED.read(where, order=("number",), limit=limit)
        return _read_keyed(party, keys, ("number",))


TABLES = (
    "title_entry e "
    "JOIN organization o ON o.id = e.organization_id "
    "JOIN party h ON h.id = o.party_id "
    "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
    "JOIN item i ON i.id = l.item_id "
    "JOIN position sp ON sp.organization_id = e.organization_id AND sp.number = e.source "
    "JOIN party so ON so.id = sp.owner_id "
    "JOIN place sl ON sl.organization_id = sp.organization_id AND sl.number = sp.place "
    "JOIN position tp ON tp.organization_id = e.organization_id AND tp.number = e.target "
    "JOIN party ta ON ta.id = tp.owner_id "
    "JOIN place tl ON tl.organization_id = tp.organization_id AND tl.number = tp.place "
    "JOIN posting g ON g.organization_id = e.organization_id AND g.number = e.posting "
    "LEFT JOIN order_line ol ON ol.id = l.order_line "
    "LEFT JOIN purchase_order co ON co.id = ol.order_id "
    "LEFT JOIN agreement a ON a.id = l.agreement "
    "LEFT JOIN entry_reference td ON td.organization_id = e.organization_id "
    "AND td.posting = e.posting AND td.line = e.line AND e.document = e.posting "
    "AND e.cause IN ('transfer', 'quality', 'aging', 'production') "
    "LEFT JOIN ship_notice sn ON sn.id = e.document AND e.cause = 'ship-notice' "
    "LEFT JOIN disposition dp ON dp.organization_id = e.organization_id "
    "AND dp.number = e.document AND e.cause = 'disposition' "
    "LEFT JOIN renewal rn ON rn.organization_id = e.organization_id "
    "AND rn.number = e.document AND e.cause = 'renewal' "
    "LEFT JOIN renewal rb ON rb.organization_id = rn.organization_id "
    "AND rb.number = rn.takes_back "
    "LEFT JOIN goods_return b ON b.organization_id = e.organization_id "
    "AND b.number = e.document AND e.cause = 'return' "
    "LEFT JOIN goods_receipt r ON r.organization_id = e.organization_id "
    "AND r.number = e.document AND e.cause IN ('receipt', 'putaway', 'inspection') "
    "LEFT JOIN consumption u ON u.organization_id = e.organization_id "
    "AND u.number = e.document AND e.cause = 'consumption' "
    "LEFT JOIN charge c ON c.organization_id = e.organization_id AND c.entry = e.number "
    "LEFT JOIN running_total t ON t.organization_id = c.organization_id AND t.number = c.total "
    "LEFT JOIN advice_line al ON al.id = t.advice_line "
    "LEFT JOIN advice ad ON ad.id = al.advice_id "
    "LEFT JOIN rule_applied ra ON ra.organization_id = e.organization_id AND ra.entry = e.number "
    "LEFT JOIN consumption_rule cr ON cr.id = ra.rule"
)
ENTRIES = Listing(
    Entry,
    {
        "organization_id": "o.id",
        "organization": "o.code",
        "organization_name": "o.name",
        "holder_id": "o.party_id",
        "holder_name": "h.name",
        "number": "e.number",
        "kind": "e.kind",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "layer": "l.number",
        "layer_ownership": "l.ownership",
        "received_on": "l.received_on",
        "lot": "l.lot",
        "serial": "l.serial",
        "order": "co.number",
        "order_line": "ol.line",
        "agreement": "a.number",
        "quantity": "e.quantity",
        "source_owner_id": "sp.owner_id",
        "source_owner": "so.name",
        "source_place": "sl.code",
        "source_condition": "sp.condition",
        "target_owner_id": "tp.owner_id",
        "target_owner": "ta.name",
        "target_place": "tl.code",
        "target_condition": "tp.condition",
        "happened_on": "e.happened_on",
        "cause": "e.cause",
        "document": "e.document",
        "line": "e.line",
        "told_as": "td.reference",
        "receipt_reference": "r.reference",
        "return_reference": "b.reference",
        "notice_reference": "sn.number",
        "disposition_reference": "dp.reference",
        "renewal_reference": "COALESCE(rb.reference, rn.reference)",
        "consumption_source": "u.source",
        "consumption_reference": "u.reference",
        "occurred_at": "u.occurred_at",
        "posting": "g.number",
        "recorded_at": "g.recorded_at",
        "recorded_by": "g.recorded_by",
        "seal": "e.seal",
        "posting_seal": "g.seal",
        "total": "t.number",
        "charged_kind": "t.kind",
        "price": "t.price",
        "currency": "t.currency",
        "per": "t.per",
        "price_source": "t.price_source",
        "charged_quantity": "c.quantity",
        "advice": "ad.number",
        "advice_line": "al.line",
        "rule": "cr.code",
        "used_for": "u.kind",
        "customer": "u.customer",
    },
    TABLES,
)


class Key(NamedTuple):
    """Where an entry stands when the newest come first."""

    happened_on: date
    organization_id: int
    number: int


KEYS = Listing(
    Key,
    {
        "happened_on": "e.happened_on",
        "organization_id": "e.organization_id",
        "number": "e.number",
    },
    "organization o "
    "{then} layer l ON l.organization_id = o.id "
    "{then} title_entry e ON e.organization_id = l.organization_id AND e.layer = l.number "
    "{then} position sp ON sp.organization_id = e.organization_id AND sp.number = e.source "
    "{then} position tp ON tp.organization_id = e.organization_id AND tp.number = e.target",
)
CHARGED = Listing(
    Key,
    KEYS.columns,
    "running_total t "
    "{then} charge c ON c.organization_id = t.organization_id AND c.total = t.number "
    "{then} title_entry e ON e.organization_id = c.organization_id AND e.number = c.entry",
)


def _seen(party: int) -> Where:
    return Where().also(
        "o.party_id = %s OR sp.owner_id = %s OR tp.owner_id = %s", party, party, party
    )


def _read_of_item(
    party: int,
    item: str,
    *,
    organization: str | None = None,
    layer: int | None = None,
    limit: int,
    before: Key | None = None,
) -> list[Entry]:
    """Entries of an item, newest first: first which they are, then what they say."""
    where = _seen(party).also("l.item_id = (SELECT id FROM item WHERE code = %s)", item)
    if organization is not None:
        where.also("o.code = %s", organization)
    if layer is not None:
        where.also("l.number = %s", layer)
    if before:
        where.also("(e.happened_on, e.organization_id, e.number) < (%s, %s, %s)", *before)
    newest = ("-happened_on", "-organization_id", "-number")
    keys = KEYS.read(where, order=newest, limit=limit)
    return _read_keyed(party, keys, newest)


def _read_one(party: int, organization: str, number: int) -> Entry | None:
    where = _seen(party).also("o.code = %s AND e.number = %s", organization, number)
    return next(iter(ENTRIES.read(where)), None)


class Span(NamedTuple):
    first_entry: int
    end_entry: int


def _spans_of_consumption(organization_id: int, number: int) -> list[Span]:
    return rows(
        Span,
        "SELECT g.first_entry, g.end_entry FROM posting g WHERE g.organization_id = %s "
        "AND g.number IN ("
        "SELECT u.posting FROM consumption u WHERE u.organization_id = %s AND u.number = %s UNION "
        "SELECT z.posting FROM open_exception x JOIN exception_resolution z "
        "ON z.organization_id = x.organization_id AND z.exception = x.number "
        "WHERE x.organization_id = %s AND x.consumption = %s)",
        [organization_id, organization_id, number, organization_id, number],
    )


def _read_keyed(party: int, keys: list[Key], order: tuple[str, ...]) -> list[Entry]:
    """The entries with these keys, a page of them at the most."""
    if not keys:
        return []
    where = _seen(party)
    by_organization: dict[int, list[int]] = {}
    for key in keys:
        by_organization.setdefault(key.organization_id, []).append(key.number)
    alternatives, values = [], []
    for organization_id, numbers in by_organization.items():
        marks = ", ".join(["%s"] * len(numbers))
        alternatives.append(f"e.organization_id = %s AND e.number IN ({marks})")
        values += [organization_id, *numbers]
    where.also(" OR ".join(alternatives), *values)
    return ENTRIES.read(where, order=order)


class At(NamedTuple):
    """One end of an entry: whose the goods are, where, and in which condition."""

    owner: str
    place: str
    condition: str
    ownership: Ownership | None
    """Owned where they are the holder's; None where they are bought goods on their way to it."""

    def __str__(self) -> str:
        condition = "" if self.condition == "unrestricted" else f", {self.condition}"
        return f"{self.owner} at {self.place}{condition}"


class Charged(NamedTuple):
    """What a transfer of title counts in: its price, its running total, and the advice."""

    total: int
    kind: str
    price: Price
    price_source: str
    value: Amount
    """What this transfer alone comes to; the advice rounds once for its whole line."""
    advice: str | None
    advice_line: int | None


class TitleEntry(NamedTuple):
    organization: str
    organization_name: str
    number: int
    kind: str
    item: str
    item_name: str
    quantity: Quantity
    source: At
    target: At
    passes_title: bool
    happened_on: date
    occurred_at: str | None
    """The instant a consumption was reported with, as it was written."""
    cause: str
    document: int
    document_line: int
    reference: str
    """What is behind it as people know it: the number of its paper, or what it was told as."""
    layer: int
    received_on: date
    lot: str | None
    serial: str | None
    order: str | None
    order_line: int | None
    agreement: str | None
    posting: int
    recorded_at: datetime
    recorded_by: str
    seal: str
    posting_seal: str
    charged: Charged | None
    rule: str | None
    """The holder's consumption rule that decided; the holder's side alone is told."""
    used_for: str | None
    """The kind of use behind it."""
    customer: str | None
    """Who the goods went to; the holder's side alone is told."""

    @classmethod
    def told_to(cls, viewer: Viewer, row: Entry) -> "TitleEntry":
        """An entry as a viewer may read it, who may see the entry."""
        is_holders_side = row.holder_id == viewer.party_id
        return cls(
            organization=row.organization,
            organization_name=row.organization_name,
            number=row.number,
            kind=row.kind,
            item=row.item,
            item_name=row.item_name,
            quantity=Quantity(Micros(row.quantity), row.unit),
            source=At(
                row.source_owner, row.source_place, row.source_condition,
                _ownership(row, row.source_owner_id),
            ),
            target=At(
                row.target_owner, row.target_place, row.target_condition,
                _ownership(row, row.target_owner_id),
            ),
            passes_title=row.kind in TITLE_KINDS,
            happened_on=row.happened_on,
            occurred_at=row.occurred_at,
            cause=row.cause,
            document=row.document,
            document_line=row.line,
            reference=_reference(row),
            layer=row.layer,
            received_on=row.received_on,
            lot=row.lot,
            serial=row.serial,
            order=row.order,
            order_line=row.order_line,
            agreement=row.agreement,
            posting=row.posting,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by if is_holders_side else row.holder_name,
            seal=f"{row.seal:016x}",
            posting_seal=row.posting_seal,
            charged=_charged(row),
            rule=row.rule if is_holders_side else None,
            used_for=row.used_for,
            customer=row.customer if is_holders_side else None,
        )  # fmt: skip

    @property
    def label(self) -> str:
        return label("ent", self.number)


class History(NamedTuple):
    entries: list[TitleEntry]
    before: str | None
    """What to give as `before` for older entries; None where there are none."""


def title_history(
    viewer: Viewer,
    item_code: str,
    limit: int = 50,
    before: str | None = None,
    *,
    organization: str | None = None,
    layer: int | None = None,
) -> History:
    """The entries of an item that touch what the viewer may see, newest first."""
    read = _read_of_item(
        viewer.party_id,
        item_code,
        organization=organization,
        layer=layer,
        limit=limit + 1,
        before=_key(before),
    )
    last = read[limit - 1] if len(read) > limit else None
    cursor = last and f"{last.happened_on}.{last.organization_id}.{last.number}"
    return History([TitleEntry.told_to(viewer, row) for row in read[:limit]], cursor)


def title_entry(viewer: Viewer, organization: str, number: int) -> TitleEntry | None:
    """One entry of an organization's ledger; None where the viewer may not see it."""
    row = _read_one(viewer.party_id, organization, number)
    return TitleEntry.told_to(viewer, row) if row else None


def _key(cursor: str | None) -> Key | None:
    if not cursor:
        return None
    try:
        day, organization_id, number = cursor.split(".")
        return Key(date.fromisoformat(day), int(organization_id), int(number))
    except ValueError:
        return None


def _ownership(row: Entry, owner_id: int) -> Ownership | None:
    if owner_id == row.holder_id:
        return Ownership.OWNED
    ownership = Ownership(row.layer_ownership)
    return None if ownership is Ownership.OWNED else ownership


def _reference(row: Entry) -> str:
    if row.consumption_reference is not None:
        return f"{row.consumption_source} {row.consumption_reference}"
    said = (
        row.told_as, row.receipt_reference, row.return_reference, row.notice_reference,
        row.disposition_reference, row.renewal_reference,
    )  # fmt: skip
    return next(filter(None, said), "")


def _charged(row: Entry) -> Charged | None:
    if row.total is None or row.price is None or row.per is None or row.currency is None:
        return None
    price = Price(row.price, row.currency, row.per)
    return Charged(
        total=row.total,
        kind=row.charged_kind or "",
        price=price,
        price_source=row.price_source or "",
        value=Amount(price.extend(row.charged_quantity or 0), row.currency),
        advice=row.advice,
        advice_line=row.advice_line,
    )
