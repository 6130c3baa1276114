"""Ship notices in the database: what was announced, and the order lines that it may answer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.identity import AgreementId, ItemId, OrganizationId, PartyId
from consigned.measure.money import Price
from consigned_service.records import models
from consigned_service.records.sql import bulk


class NoticeKey(NamedTuple):
    """A consignor's own number of a ship notice."""

    consignor: PartyId
    number: str


class NoticeHead(NamedTuple):
    organization: OrganizationId
    shipped_on: date
    expected_on: date | None


class NoticeRow(NamedTuple):
    """A line of a ship notice, the quantity in the item's own unit."""

    notice: NoticeKey
    line: int
    order_line: int
    quantity: int
    lot: str
    serial: str
    expires_on: date | None
    customs_status: str
    customs_document: str
    origin: str

    @property
    def key(self) -> tuple[NoticeKey, int]:
        return self.notice, self.line


class Ordered(NamedTuple):
    """An order line, as far as a shipment must agree with it."""

    id: int
    order: str
    line: int
    consignor: PartyId
    item: ItemId
    ownership: str
    agreement: AgreementId | None
    price: Price | None
    closed_on: date | None


def ordered(
    organization: OrganizationId, keys: Collection[tuple[str, int]]
) -> dict[tuple[str, int], Ordered]:
    named, numbers = bulk.among({order for order, _ in keys}, "text")
    rows = bulk.fetch(
        "SELECT l.id, d.number, l.line, d.consignor_id, l.item_id, l.ownership, d.agreement_id, "
        f"c.closed_on, l.price, l.currency, l.per FROM purchase_order d {bulk.then()} "
        "order_line l ON l.order_id = d.id "
        "LEFT JOIN order_line_closing c ON c.order_line_id = l.id "
        f"WHERE d.organization_id = %s AND d.number IN ({named})",
        [organization, numbers],
    )
    found = (Ordered(*(*row[:7], _price(*row[8:]), row[7])) for row in rows)
    return {(one.order, one.line): one for one in found if (one.order, one.line) in keys}


def _price(micros: int | None, currency: str, per: int) -> Price | None:
    return None if micros is None else Price(micros, currency, per)


def heads(keys: Iterable[NoticeKey]) -> dict[NoticeKey, NoticeHead]:
    return {
        NoticeKey(PartyId(row.consignor_id), row.number): NoticeHead(
            OrganizationId(row.organization_id), row.shipped_on, row.expected_on
        )
        for row in _notices(keys)
    }


def lines(keys: Collection[tuple[NoticeKey, int]]) -> dict[tuple[NoticeKey, int], NoticeRow]:
    rows = models.ShipNoticeLine.objects.select_related("notice").filter(
        notice__consignor_id__in={key.consignor for key, _ in keys},
        notice__number__in={key.number for key, _ in keys},
        line__in={line for _, line in keys},
    )
    found = map(_notice_row, rows)
    return {row.key: row for row in found}


def add(
    added: Mapping[NoticeKey, NoticeHead],
    expected: Mapping[NoticeKey, date],
    rows: Sequence[NoticeRow],
) -> dict[NoticeKey, int]:
    """Write new notices, arrivals expected on another day, and new lines; answers the numbers of
    the notices."""
    models.ShipNotice.objects.bulk_create(
        models.ShipNotice(
            organization_id=head.organization,
            consignor_id=key.consignor,
            number=key.number,
            shipped_on=head.shipped_on,
            expected_on=head.expected_on,
        )
        for key, head in added.items()
    )
    notices = _notices({*expected, *(row.notice for row in rows)})
    ids = {NoticeKey(PartyId(notice.consignor_id), notice.number): notice for notice in notices}
    for key, day in expected.items():
        ids[key].expected_on = day
    models.ShipNotice.objects.bulk_update([ids[key] for key in expected], ["expected_on"])
    bulk.insert(
        "ship_notice_line",
        ("notice_id", "line", "order_line_id", "quantity", "lot", "serial", "expires_on",
         "customs_status", "customs_document", "origin"),
        [
            (ids[row.notice].pk, row.line, row.order_line, row.quantity, row.lot, row.serial,
             row.expires_on.isoformat() if row.expires_on else None, row.customs_status,
             row.customs_document, row.origin)
            for row in rows
        ],
    )  # fmt: skip
    return {key: notice.pk for key, notice in ids.items()}


def _notices(keys: Iterable[NoticeKey]) -> list[models.ShipNotice]:
    wanted = set(keys)
    rows = models.ShipNotice.objects.filter(
        consignor_id__in={key.consignor for key in wanted},
        number__in={key.number for key in wanted},
    )
    return [row for row in rows if NoticeKey(PartyId(row.consignor_id), row.number) in wanted]


def _notice_row(row: models.ShipNoticeLine) -> NoticeRow:
    return NoticeRow(
        NoticeKey(PartyId(row.notice.consignor_id), row.notice.number), row.line,
        row.order_line_id, row.quantity, row.lot, row.serial, row.expires_on, row.customs_status,
        row.customs_document, row.origin,
    )  # fmt: skip
