"""The title ledger in the database: opening a posting, and writing what was decided.

A posting locks its organization's ledger row, takes the next numbers from it, and writes all its
facts in a handful of statements, however many lines they are. Organizations never wait for one
another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from itertools import starmap
from operator import itemgetter
from typing import Any, ClassVar

from django.db import connection, transaction

from consigned.accounting.journals import JournalEntry, without_stock_of_others
from consigned.master_data.parties import Organization
from consigned.measure.identity import (
    AgreementId,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.measure.refusal import Refusal
from consigned.title.layer import Layer
from consigned.title.past import Slot
from consigned.title.position import Place, Position, Zone
from consigned.title.post import Book
from consigned.title.seal import entry_text, facts_text, seal_entry, seal_posting
from consigned_service.records import models
from consigned_service.records.ledger import holds
from consigned_service.records.ledger.days import zone_of
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column

LedgerRow = models.Ledger


@dataclass(eq=False)
class TooLargeToKeep(Refusal):
    cause: str
    code: ClassVar[str] = "too-large-to-keep"
    remedy: ClassVar[str] = "Correct the quantity or the price."

    def __str__(self) -> str:
        return f"the figures of this {self.cause} come to more than the books can hold"


POSTING = (
    "organization_id", "number", "cause", "reference", "recorded_at", "recorded_on",
    "recorded_by", "first_entry", "end_entry", "seal",
)  # fmt: skip
ENTRY = (
    "organization_id", "number", "kind", "layer", "quantity", "source", "target", "happened_on",
    "cause", "document", "line", "posting", "seal",
)  # fmt: skip
FACTS: Mapping[str, tuple[str, ...]] = {
    table._meta.db_table: models.sealed_columns(table) for table in models.SEALED
}
"""What a posting writes beside its entries, table by table, and seals in this order. Each row is
numbered within its organization by its second column and names its posting."""

WRITTEN_BEFORE = frozenset({"running_total", "idempotency_key", "component_issued"})
"""Facts that stand in the database when the posting closes: a key is claimed first, and a total or
a component is written with what is left of it, and sealed by what never changes of it."""


@dataclass
class OpenPosting:
    """A posting being made under the organization's lock: its numbers, and the facts so far."""

    organization: Organization
    ledger: models.Ledger
    number: int
    cause: str
    reference: str
    recorded_at: datetime
    recorded_on: date
    recorded_by: str
    places: list[Place]
    book: Book
    handed_on: frozenset[AgreementId]
    facts: dict[str, list[bulk.Row]] = field(default_factory=dict)
    named_holds: dict[int, str] = field(default_factory=dict)
    """Of lines that release: the reference of the hold that each ends first."""
    reasons: dict[int, str] = field(default_factory=dict)
    """Of lines that hold: why, in words."""

    def take_numbers(self, counter: str, how_many: int) -> int:
        """The first of the next numbers of a kind; they are gap-free within the organization."""
        name = f"next_{counter}"
        first: int = getattr(self.ledger, name)
        setattr(self.ledger, name, first + how_many)
        return first

    def add(self, table: str, rows: Iterable[bulk.Row]) -> None:
        """Add facts that the posting writes and seals; columns as `FACTS` names them."""
        self.facts.setdefault(table, []).extend(rows)

    def add_journals(self, entries: Iterable[JournalEntry]) -> None:
        """Book entries; what falls on a day that is closed, on the first one that is open."""
        if self.handed_on:
            entries = without_stock_of_others(entries, self.handed_on)
        booked = list(entries)
        if self.organization.closed_through:
            open_day = self.organization.open_day
            booked = [e._replace(happened_on=open_day(e.happened_on)) for e in booked]
        first = self.take_numbers("journal", len(booked))
        organization, posting, days = self.organization.id, self.number, Days()
        self.add(
            "journal",
            (
                (organization, number, posting, book, str(debit), str(credit), amount, currency,
                 days[on], agreement)
                for number, (book, debit, credit, amount, currency, on, agreement)
                in enumerate(booked, start=first)
            ),
        )  # fmt: skip


@contextmanager
def writing(
    organizations: Iterable[OrganizationId],
) -> Iterator[dict[OrganizationId, models.Ledger]]:
    """One transaction that alone writes these organizations' ledgers, locked in sorted order."""
    with transaction.atomic():
        ids = sorted(set(organizations))
        rows = models.Ledger.objects.filter(organization_id__in=ids).order_by("organization_id")
        if bulk.is_postgres():
            rows = rows.select_for_update()
        yield {OrganizationId(row.organization_id): row for row in rows}


@contextmanager
def posting(
    organization_id: OrganizationId,
    *,
    cause: str,
    reference: str = "",
    recorded_at: datetime,
    recorded_by: str,
) -> Iterator[OpenPosting]:
    """One posting to one organization's ledger, in one transaction, all or none."""
    with writing([organization_id]) as ledgers:
        opened = open_posting(
            ledgers[organization_id],
            cause=cause,
            reference=reference,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
        )
        yield opened
        close_posting(opened)


def open_posting(
    ledger: models.Ledger, *, cause: str, reference: str, recorded_at: datetime, recorded_by: str
) -> OpenPosting:
    """Begin a posting under a lock that is held already."""
    organization = read_organization(OrganizationId(ledger.organization_id))
    places = read_places(organization.id)
    book = Book(
        organization=organization.id,
        outer_places=frozenset(place.number for place in places if place.is_outer),
        next_entry=ledger.next_entry,
        next_layer=ledger.next_layer,
        next_position=ledger.next_position,
        moved_after=partial(moved_after, organization.id),
    )
    return OpenPosting(
        organization=organization,
        ledger=ledger,
        number=ledger.next_posting,
        cause=cause,
        reference=reference,
        recorded_at=recorded_at,
        recorded_on=organization.day_of(recorded_at),
        recorded_by=recorded_by,
        places=places,
        book=book,
        handed_on=read_handed_on(organization.party),
    )


def close_posting(posting: OpenPosting) -> bool:
    """Write a posting and its seal; one that holds no fact is not written at all."""
    try:
        return _write_posting(posting)
    except Exception as wrong:
        if bulk.is_out_of_range(wrong):
            raise TooLargeToKeep(posting.cause) from wrong
        raise


def _write_posting(posting: OpenPosting) -> bool:
    book, ledger = posting.book, posting.ledger
    organization = posting.organization.id
    holds.keep(posting, read_positions)
    posting.add("position", starmap(_position_row(posting), book.new_positions.items()))
    posting.add("layer", map(_layer_row(posting), book.new_layers))
    if not book.entries and not any(posting.facts.values()):
        return False
    first = ledger.next_entry
    texts = list(map(entry_text, book.entries))
    days, opened = Days(), posting.number
    entry_rows = [
        (organization, number, kind, layer, quantity, source, target, days[on], cause, document,
         line, opened, seal)
        for (number, kind, layer, quantity, source, target, on, cause, document, line), seal
        in zip(book.entries, map(seal_entry, texts), strict=True)
    ]  # fmt: skip
    head = sealed_head(
        organization,
        posting.number,
        posting.cause,
        posting.reference,
        posting.recorded_at,
        posting.recorded_on,
        posting.recorded_by,
        first,
        book.next_entry,
    )
    for rows in posting.facts.values():
        rows.sort(key=itemgetter(1))
    facts = [
        facts_text(table, bulk.as_json(posting.facts[table]))
        for table in FACTS
        if posting.facts.get(table)
    ]
    ledger.seal = seal_posting(ledger.seal, head, texts, facts)
    ledger.next_posting += 1
    ledger.next_entry = book.next_entry
    ledger.next_layer = book.next_layer
    ledger.next_position = book.next_position
    row = (
        organization, posting.number, posting.cause, posting.reference,
        connection.ops.adapt_datetimefield_value(posting.recorded_at),
        posting.recorded_on.isoformat(), posting.recorded_by, first, book.next_entry, ledger.seal,
    )  # fmt: skip
    bulk.insert("posting", POSTING, [row])
    bulk.insert("title_entry", ENTRY, entry_rows)
    for table, columns in FACTS.items():
        if table not in WRITTEN_BEFORE:
            bulk.insert(table, columns, posting.facts.get(table, ()))
    _write_balances(book)
    ledger.save()
    return True


def sealed_head(
    organization: int,
    number: int,
    cause: str,
    reference: str,
    recorded_at: datetime,
    recorded_on: date,
    recorded_by: str,
    first_entry: int,
    end_entry: int,
) -> str:
    """The head of a posting as its seal covers it, one JSON array, so that no field can be taken
    for a part of its neighbour; the instant is told in UTC."""
    at = recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    head = (
        organization, number, cause, reference, at, recorded_on.isoformat(), recorded_by,
        first_entry, end_entry,
    )  # fmt: skip
    return bulk.as_json(head).decode()


def _position_row(posting: OpenPosting) -> Any:
    organization, number = posting.organization.id, posting.number

    def row(position: PositionNumber, where: Position) -> bulk.Row:
        return (
            organization, position, number, where.item, where.owner, where.place,
            str(where.condition),
        )  # fmt: skip

    return row


def _layer_row(posting: OpenPosting) -> Any:
    organization, number = posting.organization.id, posting.number
    received: dict[LayerNumber, int] = {}
    for entry in posting.book.entries:
        received.setdefault(entry.layer, entry.quantity)

    def row(layer: Layer) -> bulk.Row:
        price = layer.price
        return (
            organization, layer.number, number, layer.item, layer.supplier,
            layer.received_on.isoformat(), str(layer.ownership), layer.agreement,
            layer.order_line, layer.receipt, layer.receipt_line,
            layer.shipped_on and layer.shipped_on.isoformat(),
            layer.expires_on and layer.expires_on.isoformat(),
            layer.lot, layer.serial, price and price.micros, price and price.currency,
            price and price.per, layer.customs_status, layer.customs_document, layer.origin,
            layer.from_organization, layer.from_layer, received[layer.number],
        )  # fmt: skip

    return row


BALANCE = (
    Column("organization_id"), Column("position"), Column("layer"), Column("quantity"),
    Column("is_outer", "boolean"), Column("came_on", "date"),
)  # fmt: skip
BALANCE_KEY = ("organization_id", "position", "layer")


def _write_balances(book: Book) -> None:
    """Carry the balances along: inside the walls as they now stand, outside by the change."""
    organization, balances, is_outer = book.organization, book.balances, book.is_outer
    kept: list[bulk.Row] = []
    gone: list[bulk.Row] = []
    days = Days()
    for slot, change in book.changes.items():
        position, layer = slot
        if not change:
            continue
        if is_outer(position):
            kept.append((organization, position, layer, change, True, None))
        elif quantity := balances[slot]:
            came_on = days[book.came_on[slot]]
            kept.append((organization, position, layer, quantity, False, came_on))
        else:
            gone.append(slot)
    bulk.upsert(
        "balance",
        BALANCE,
        kept,
        key=BALANCE_KEY,
        update="quantity = excluded.quantity + "
        "CASE WHEN excluded.is_outer THEN balance.quantity ELSE 0 END, "
        "came_on = excluded.came_on",
    )
    _remove_balances(organization, gone)


def _remove_balances(organization: OrganizationId, gone: Sequence[bulk.Row]) -> None:
    if not gone:
        return
    with connection.cursor() as cursor:
        if bulk.is_postgres():
            source, parameters = bulk.rows_from(BALANCE[1:3], gone)
            # Each row is looked up by its key and deleted by its place in the table, which nobody
            # else can change under our lock: a join would read all balances that ever were.
            cursor.execute(
                "DELETE FROM balance WHERE organization_id = %s AND ctid = ANY(ARRAY("
                f"SELECT standing.ctid FROM ({source}) AS gone(position, layer) CROSS JOIN LATERAL "
                "(SELECT ctid FROM balance b WHERE b.organization_id = %s "
                "AND b.position = gone.position AND b.layer = gone.layer OFFSET 0) AS standing))",
                [organization, *parameters, organization],
            )
        else:
            cursor.executemany(
                "DELETE FROM balance "
                f"WHERE organization_id = {organization:d} AND position = %s AND layer = %s",
                gone,
            )


# --- reading -----------------------------------------------------------------------------


def read_organization(organization_id: OrganizationId) -> Organization:
    (row,) = bulk.fetch(
        "SELECT id, code, party_id, currency, pick_order, closed_through, owner_sequence, "
        "one_consignor_per_item, allows_transfer_to_owned, rule_precedence, two_step_receiving, "
        "exchange_rate_type, cost_method, payables_unit, time_zone FROM organization WHERE id = %s",
        [organization_id],
    )
    *settled, time_zone = row
    about = Organization(*settled)
    return about._replace(zone=zone_of(time_zone), names_zone=bool(time_zone))


def read_handed_on(consignee: PartyId) -> frozenset[AgreementId]:
    """The agreements of a party whose consignors only hold the goods that they consign to it."""
    return frozenset(
        AgreementId(pk)
        for (pk,) in bulk.fetch(
            # in the words of the index, or it is not used
            "SELECT id FROM agreement WHERE consignee_id = %s AND NOT (sourced_from = '')",
            [consignee],
        )
    )


def read_places(organization_id: OrganizationId) -> list[Place]:
    """The places of an organization, in the order in which they were made."""
    return [
        Place(number, code, Zone(zone), is_owned, is_nettable)
        for number, code, zone, is_owned, is_nettable in bulk.fetch(
            "SELECT number, code, zone, is_owned, is_nettable FROM place "
            "WHERE organization_id = %s ORDER BY number",
            [organization_id],
        )
    ]


def moved_after(
    organization: OrganizationId, layers: Iterable[LayerNumber], since: date
) -> dict[Slot, Counter[date]]:
    """What of some layers came to each position after a day, less what left it, day by day.

    Nothing is recorded more than a day before it happens, so that only the entries of the last
    postings need be looked at.
    """
    subquery, wanted = bulk.among(layers)
    moved: dict[Slot, Counter[date]] = defaultdict(Counter)
    for layer, source, target, quantity, happened_on in bulk.fetch(
        "SELECT layer, source, target, quantity, happened_on FROM title_entry "
        f"WHERE organization_id = %s AND layer IN ({subquery}) AND happened_on > %s "
        "AND number >= COALESCE((SELECT end_entry FROM posting WHERE organization_id = %s "
        "AND recorded_on < %s ORDER BY number DESC LIMIT 1), 0)",
        [organization, wanted, since, organization, since],
    ):
        moved[target, layer][happened_on] += quantity
        moved[source, layer][happened_on] -= quantity
    return moved


def read_positions(book: Book, items: Iterable[ItemId]) -> None:
    """Bring all positions of some items into the book."""
    _know(book, items, "")


def read_ways_out(
    book: Book, items: Iterable[ItemId], *, ours: PartyId, outside: Iterable[PlaceNumber]
) -> None:
    """Bring the positions into the book where goods go that are used: our own, and those at the
    outer places given. Where the goods lie now comes with what is on hand."""
    places = list(outside)
    marks = ", ".join(["%s"] * len(places))
    _know(book, items, f"AND (p.owner_id = %s OR p.place IN ({marks}))", ours, *places)


def _know(book: Book, items: Iterable[ItemId], chosen: str, *parameters: Any) -> None:
    know = book.know
    for number, *where in bulk.look_up(
        items,
        "bigint",
        "p.number, p.item_id, p.owner_id, p.place, p.condition",
        "position p",
        f"p.organization_id = %s AND p.item_id = w.value {chosen}",
        [book.organization, *parameters],
    ):
        know(number, Position._make(where))


class Days(dict[date, str]):
    """Days as they are written, each written once."""

    def __missing__(self, day: date) -> str:
        self[day] = text = day.isoformat()
        return text
