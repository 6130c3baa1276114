"""Title history: every entry of an item, newest first, in words.

Each entry says from whom and where to whom and where, for which document, who recorded it and
when, and what it counts in where it passed title. People of the holder are named to the holder's
side only; to an owner the holder itself is the one who did it.
"""

from datetime import date, datetime
from typing import NamedTuple

from consigned.measure.identity import label
from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.title.entry import TITLE_KINDS
from consigned.title.layer import Ownership
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.inventory import title_pages
from consigned_service.records.inventory.title_pages import Entry, Key


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
    happened_at: str | None
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
            happened_at=row.happened_at,
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
    read = title_pages.read_of_item(
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
    row = title_pages.read_one(viewer.party_id, organization, number)
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
