"""The title ledger in the database: opening a posting, reading shelves, writing what was decided.

A posting locks its organization's ledger row, takes the next numbers from it, and writes all its
facts in a handful of statements, however many lines they are. Organizations never wait for one
another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import starmap
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from consigned.measure.identity import (
    AgreementId,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
    PlaceNumber,
    PositionNumber,
    TotalNumber,
)
from consigned.measure.money import Price
from consigned.settlement.costs import OwnedCost
from consigned.settlement.journals import JournalEntry, without_stock_of_others
from consigned.settlement.totals import TotalKey
from consigned.title.layer import Layer
from consigned.title.position import Condition, Place, Position, Zone
from consigned.title.post import Book, Slot
from consigned.title.seal import entry_text, facts_text, seal_entry, seal_posting
from consigned.trade.consumption import Issued, days_out
from consigned.trade.parties import Organization
from consigned.trade.shelf import Holding
from consigned_service.records import bulk, models
from consigned_service.records.bulk import Column

LedgerRow = models.Ledger

POSTING = (
    "organization_id", "number", "cause", "reference", "recorded_at", "recorded_on",
    "recorded_by", "first_entry", "end_entry", "seal",
)  # fmt: skip
ENTRY = (
    "organization_id", "number", "kind", "layer", "quantity", "source", "target", "happened_on",
    "cause", "document", "line", "posting", "seal",
)  # fmt: skip
FACTS: Mapping[str, tuple[str, ...]] = {
    "place": (
        "organization_id", "number", "posting", "code", "name", "zone", "is_owned", "is_nettable",
    ),
    "position": (
        "organization_id", "number", "posting", "item_id", "owner_id", "place", "condition",
    ),
    "layer": (
        "organization_id", "number", "posting", "item_id", "supplier_id", "received_on",
        "ownership", "agreement", "order_line", "receipt", "receipt_line", "shipped_on",
        "expires_on", "lot", "serial", "price", "currency", "per", "customs_status",
        "customs_document", "origin", "from_organization", "from_layer", "quantity",
    ),
    "goods_receipt": (
        "organization_id", "number", "posting", "reference", "supplier_id", "ship_notice",
        "received_on",
    ),
    "idempotency_key": ("organization_id", "reference", "posting", "source", "document"),
    "consumption": (
        "organization_id", "number", "posting", "source", "reference", "kind", "item_id",
        "quantity", "said", "happened_on", "happened_at", "place", "consignor", "lot", "serial",
        "price", "per", "currency", "customer", "reservation",
    ),
    "running_total": (
        "organization_id", "number", "posting", "agreement", "closes_on", "item_id",
        "happened_on", "kind", "price", "currency", "per", "price_source", "alone", "tax",
    ),
    "charge": ("organization_id", "entry", "posting", "total", "quantity"),
    "journal": (
        "organization_id", "number", "posting", "book", "debit", "credit", "amount", "currency",
        "happened_on", "agreement",
    ),
    "waiting_exception": (
        "organization_id", "number", "posting", "consumption", "entry", "item_id", "quantity",
        "reason", "sentence", "opened_on",
    ),
    "exception_resolution": ("organization_id", "exception", "posting", "resolved_on"),
    "extension": (
        "organization_id", "number", "posting", "layer", "deadline", "until", "consent",
    ),
    "work_order_use": (
        "organization_id", "consumption", "posting", "work_order", "account", "production",
    ),
    "cost_entry": (
        "organization_id", "number", "posting", "layer", "happened_on", "quantity", "cost",
        "currency", "averaged",
    ),
    "standard_cost": (
        "organization_id", "number", "posting", "item_id", "cost", "per", "holds_from", "because",
    ),
    "production": (
        "organization_id", "number", "posting", "reference", "work_order", "item_id", "quantity",
        "happened_on", "layer", "cost", "currency",
    ),
    "component_issued": (
        "organization_id", "number", "posting", "consumption", "work_order", "item_id", "layer",
        "owner_id", "quantity", "cost", "currency", "transfer",
    ),
    "component_used": (
        "organization_id", "number", "posting", "component", "production", "quantity", "cost",
    ),
    "component_returned": (
        "organization_id", "number", "posting", "component", "used", "reference", "quantity",
        "cost", "owner_id", "because", "happened_on",
    ),
    "arrived_goods": (
        "organization_id", "number", "posting", "receipt", "line", "layer", "quantity", "said",
        "is_inspected",
    ),
    "shipped_goods": ("organization_id", "layer", "posting", "ship_notice", "line"),
    "inspection": (
        "organization_id", "number", "posting", "reference", "receipt", "line", "outcome",
        "quantity", "because", "inspected_on",
    ),
    "count_sheet": (
        "organization_id", "number", "posting", "reference", "agreement", "consignor", "place",
        "method", "drawn_on",
    ),
    "count_sheet_line": (
        "organization_id", "number", "posting", "sheet", "line", "item_id", "lot", "serial",
        "booked",
    ),
    "stock_count": (
        "organization_id", "number", "posting", "reference", "recount", "side", "counted_by",
        "item_id", "owner", "place", "lot", "serial", "counted", "said", "counted_on", "reason",
    ),
    "count_difference": (
        "organization_id", "number", "posting", "stock_count", "owner", "agreement", "booked",
        "counted",
    ),
    "count_settlement": (
        "organization_id", "number", "posting", "difference", "reason", "quantity", "share",
        "consumption", "happened_on",
    ),
    "rule_applied": ("organization_id", "entry", "posting", "rule"),
    "disposition": (
        "organization_id", "number", "posting", "reference", "outcome", "reason", "item_id",
        "owner", "agreement", "place", "quantity", "share", "consumption", "happened_on",
    ),
    "goods_return": (
        "organization_id", "number", "posting", "reference", "direction", "layer", "quantity",
        "is_owned", "happened_on", "because", "reopens_order", "customer",
    ),
    "reversal": ("organization_id", "entry", "posting", "reverses", "quantity"),
    "debit_request": (
        "organization_id", "number", "posting", "goods_return", "agreement", "advice_line",
        "layer", "item_id", "quantity", "price", "per", "currency", "amount", "happened_on",
        "because",
    ),
    "sale": ("organization_id", "consumption", "posting", "price", "currency", "per"),
    "price_correction": (
        "organization_id", "number", "posting", "price_change", "total", "used_on", "quantity",
    ),
    "told_line": ("organization_id", "line", "posting", "reference"),
    "charge_rate": (
        "organization_id", "entry", "posting", "kind", "currency", "own_currency", "holds_from",
        "rate",
    ),
}  # fmt: skip
"""What a posting writes beside its entries, table by table, and seals in this order. Each row is
numbered within its organization by its second column and names its posting."""

WRITTEN_BEFORE = frozenset({"running_total", "idempotency_key", "component_issued"})
"""Facts that stand in the database when the posting closes: a key is claimed first, and a total or
a component is written with what is left of it, and sealed by what never changes of it."""

TOTAL_KEY = (
    Column("agreement"), Column("closes_on", "date"), Column("item_id"),
    Column("happened_on", "date"), Column("kind", "text"), Column("price"), Column("per"),
    Column("price_source", "text"), Column("alone"), Column("tax", "text"),
)  # fmt: skip
TOTAL = (
    *TOTAL_KEY, Column("organization_id"), Column("number"), Column("currency", "text"),
    Column("quantity"), Column("posting"),
)  # fmt: skip


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
        organization, posting, days = self.organization.id, self.number, _Days()
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
    )
    return OpenPosting(
        organization=organization,
        ledger=ledger,
        number=ledger.next_posting,
        cause=cause,
        reference=reference,
        recorded_at=recorded_at,
        recorded_on=recorded_at.date(),
        recorded_by=recorded_by,
        places=places,
        book=book,
        handed_on=read_handed_on(organization.party),
    )


def close_posting(posting: OpenPosting) -> bool:
    """Write a posting and its seal; one that holds no fact is not written at all."""
    book, ledger = posting.book, posting.ledger
    organization = posting.organization.id
    posting.add("position", starmap(_position_row(posting), book.new_positions.items()))
    posting.add("layer", map(_layer_row(posting), book.new_layers))
    if not book.entries and not any(posting.facts.values()):
        return False
    first = ledger.next_entry
    texts = list(map(entry_text, book.entries))
    days, opened = _Days(), posting.number
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
    Column("is_outer", "boolean"),
)  # fmt: skip
BALANCE_KEY = ("organization_id", "position", "layer")


def _write_balances(book: Book) -> None:
    """Carry the balances along: inside the walls as they now stand, outside by the change."""
    organization, balances, is_outer = book.organization, book.balances, book.is_outer
    kept, gone = [], []
    for slot, change in book.changes.items():
        position, layer = slot
        if is_outer(position):
            kept.append((organization, position, layer, change, True))
        elif quantity := balances[slot]:
            kept.append((organization, position, layer, quantity, False))
        elif change:
            gone.append(slot)
    bulk.upsert(
        "balance",
        BALANCE,
        kept,
        key=BALANCE_KEY,
        update="quantity = excluded.quantity + "
        "CASE WHEN excluded.is_outer THEN balance.quantity ELSE 0 END",
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
        "SELECT id, code, party_id, currency, pick_order, closed_through, owner_order, "
        "one_consignor_per_item, allows_transfer_to_owned, rule_precedence, stages_receipts, "
        "rate_kind, cost_method, payables_unit FROM organization WHERE id = %s",
        [organization_id],
    )
    return Organization(*row)


def read_handed_on(consignee: PartyId) -> frozenset[AgreementId]:
    """The agreements of a party whose consignors only hold the goods that they consign to it."""
    return frozenset(
        AgreementId(pk)
        for (pk,) in bulk.fetch(
            # in the words of the index, or it is not used
            "SELECT id FROM agreement WHERE consignee_id = %s AND NOT (supplied_from = '')",
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


_UNRESTRICTED = Condition.UNRESTRICTED.value
HOLDING = (
    "p.item_id, p.owner_id, p.place, p.condition, b.position, b.layer, b.quantity, "
    "l.received_on, l.ownership, l.agreement, l.order_line, l.price, l.currency, l.per, "
    "l.lot, l.serial, l.expires_on"
)


def _read_holdings(
    book: Book, items: Iterable[ItemId], lying: str, places: Iterable[PlaceNumber]
) -> list[tuple[Any, ...]]:
    """What of some items lies "IN" or "NOT IN" some places, each looked up from the one before.

    The places choose among the positions, not among the balances: an outer place has a balance
    of every layer that ever went there.
    """
    then, numbers = bulk.then(), list(places)
    return bulk.look_up(
        items,
        "bigint",
        HOLDING,
        f"position p {then} balance b "
        "ON b.organization_id = p.organization_id AND b.position = p.number "
        f"{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer",
        "p.organization_id = %s AND p.item_id = w.value AND b.quantity > 0 "
        f"AND p.place {lying} ({', '.join(['%s'] * len(numbers))})",
        [book.organization, *numbers],
    )


@dataclass
class OnHand:
    """The goods of some items inside the walls: what may be picked, and all there is by layer."""

    pickable: list[Holding] = field(default_factory=list)
    consigned: dict[LayerNumber, int] = field(default_factory=dict)
    """What of each layer is still its consignor's, wherever it stands inside the walls."""
    values: dict[LayerNumber, Price] = field(default_factory=dict)
    """The price each layer was received at."""


def read_on_hand(
    book: Book,
    items: Iterable[ItemId],
    *,
    places: Sequence[Place],
    ours: int,
    conditions: frozenset[str] = frozenset({_UNRESTRICTED}),
) -> OnHand:
    """Bring all goods of some items inside the walls into the book, ready to be picked from.

    Goods in other conditions than unrestricted are picked only by who asks for them.
    """
    nettable = {place.number for place in places if place.is_nettable and not place.is_outer}
    on_hand = OnHand()
    balances, consigned, values = book.balances, on_hand.consigned, on_hand.values
    last = None
    for (item, owner, place, condition, position, layer, quantity, received_on, ownership,
         agreement, order_line, price, currency, per, lot, serial,
         expires_on) in _read_holdings(book, items, "NOT IN", book.outer_places):  # fmt: skip
        if position != last:
            book.know(position, Position(item, owner, place, condition))
            last = position
        balances[position, layer] = quantity
        value = None
        if price is not None:
            values[layer] = value = Price(price, currency, per)
        if owner != ours:
            consigned[layer] = consigned.get(layer, 0) + quantity
        if place in nettable and condition in conditions:
            on_hand.pickable.append(
                Holding(
                    item, owner, place, position, layer, received_on, quantity, ownership,
                    agreement, value if order_line is not None else None, lot, serial,
                    expires_on,
                )
            )  # fmt: skip
    return on_hand


def read_issued(
    book: Book, items: Iterable[ItemId], *, outer_places: Iterable[PlaceNumber], since: date
) -> dict[ItemId, list[Issued]]:
    """What of some items went out through the given places and is still out, newest first; what
    went after the day `since` is told apart by its day. What went out as a component is not among
    it: that comes back through production."""
    out: list[Holding] = []
    newest_first = sorted(
        _read_holdings(book, items, "IN", outer_places), key=itemgetter(5), reverse=True
    )
    for (item, owner, place, _, position, layer, quantity, received_on, ownership,
         agreement, _, price, currency, per, lot, serial, expires_on) in newest_first:  # fmt: skip
        value = Price(price, currency, per) if price is not None else None
        out.append(
            Holding(
                item, owner, place, position, layer, received_on, quantity, ownership,
                agreement, value, lot, serial, expires_on,
            )
        )  # fmt: skip
    layers = {holding.layer for holding in out}
    moved = _moved_since(book, layers, since)
    components = _components_out(book, layers)
    for holding in out:
        for went_on, quantity in components.get((holding.place, holding.layer, holding.owner), ()):
            holding.left -= quantity
            if went_on > since:
                moved[holding.position, holding.layer][went_on] -= quantity
    issued: dict[ItemId, list[Issued]] = {}
    for holding in out:
        days = sorted(moved[holding.position, holding.layer].items())
        issued.setdefault(holding.item, []).extend(days_out(holding, days))
    return issued


def _moved_since(
    book: Book, layers: Iterable[LayerNumber], since: date
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
        [book.organization, wanted, since, book.organization, since],
    ):
        moved[target, layer][happened_on] += quantity
        moved[source, layer][happened_on] -= quantity
    return moved


def _components_out(
    book: Book, layers: Iterable[LayerNumber]
) -> dict[tuple[PlaceNumber, LayerNumber, PartyId], list[tuple[date, int]]]:
    """What of some layers went into production and did not come back, by the day it went."""
    subquery, wanted = bulk.among(layers)
    out: dict[tuple[PlaceNumber, LayerNumber, PartyId], list[tuple[date, int]]] = defaultdict(list)
    for place, layer, owner, went_on, quantity in bulk.fetch(
        "SELECT pl.number, c.layer, CASE WHEN c.transfer IS NULL THEN c.owner_id "
        "ELSE o.party_id END, u.happened_on, c.quantity - COALESCE((SELECT SUM(r.quantity) "
        "FROM component_returned r WHERE r.organization_id = c.organization_id "
        "AND r.component = c.number), 0) FROM component_issued c "
        "JOIN organization o ON o.id = c.organization_id "
        "JOIN place pl ON pl.organization_id = c.organization_id AND pl.zone = 'production' "
        "JOIN consumption u ON u.organization_id = c.organization_id AND u.number = c.consumption "
        f"WHERE c.organization_id = %s AND c.layer IN ({subquery})",
        [book.organization, wanted],
    ):
        out[place, layer, owner].append((went_on, int(quantity)))
    return out


def suppliers_of(
    organization: OrganizationId, layers: Iterable[LayerNumber]
) -> dict[LayerNumber, PartyId]:
    """From whom the goods of some layers came."""
    subquery, wanted = bulk.among(layers)
    return dict(
        bulk.fetch(
            "SELECT number, supplier_id FROM layer "
            f"WHERE organization_id = %s AND number IN ({subquery})",
            [organization, wanted],
        )
    )


# --- running totals ------------------------------------------------------------------------


def add_to_totals(
    posting: OpenPosting, totals: Mapping[TotalKey, int]
) -> dict[TotalKey, tuple[TotalNumber, int]]:
    """Add quantities to running totals; answers each total's number and what it now counts."""
    first = posting.take_numbers("total", len(totals))
    days = _Days()
    organization, opened_by = posting.organization.id, posting.number
    keys = list(totals)
    rows = [
        (
            agreement, days[closes_on], item, days[happened_on], str(kind), price, per, source,
            alone, tax, organization, number, currency, quantity, opened_by,
        )
        for number, (key, quantity) in enumerate(totals.items(), start=first)
        for (agreement, closes_on, item, happened_on, kind, (price, currency, per), source, alone,
             tax) in (key,)
    ]  # fmt: skip
    counted: dict[TotalKey, tuple[TotalNumber, int]] = {}
    opened, standing = [], []
    for number, quantity in bulk.upsert(
        "running_total",
        TOTAL,
        rows,
        key=("organization_id", *(column.name for column in TOTAL_KEY)),
        update="quantity = running_total.quantity + excluded.quantity",
        returning=("number", "quantity"),
    ):
        if number < first:
            standing.append((number, quantity))
            continue
        counted[keys[number - first]] = (TotalNumber(number), quantity)
        (agreement, closing, item, day, kind, price, per, source, alone, tax, _, _, currency,
         *_) = rows[number - first]  # fmt: skip
        opened.append(
            (organization, number, opened_by, agreement, closing, item, day, kind, price, currency,
             per, source, alone, tax)
        )  # fmt: skip
    posting.add("running_total", opened)
    if standing:
        keyed = {row[: len(TOTAL_KEY)]: key for row, key in zip(rows, keys, strict=True)}
        _recognize(organization, standing, keyed, counted)
    return counted


def _recognize(
    organization: OrganizationId,
    standing: Sequence[tuple[int, int]],
    keyed: Mapping[tuple[Any, ...], TotalKey],
    counted: dict[TotalKey, tuple[TotalNumber, int]],
) -> None:
    """Tell which totals the numbers of those that stood before are of."""
    quantities = dict(standing)
    for number, agreement, closes_on, item, happened_on, *rest in bulk.look_up(
        quantities,
        "bigint",
        ", ".join(["t.number", *(f"t.{column.name}" for column in TOTAL_KEY)]),
        "running_total t",
        "t.organization_id = %s AND t.number = w.value",
        [organization],
    ):
        key = keyed[agreement, str(closes_on), item, str(happened_on), *rest]
        counted[key] = (TotalNumber(number), quantities[number])


class _Days(dict[date, str]):
    """Days as they are written, each written once."""

    def __missing__(self, day: date) -> str:
        self[day] = text = day.isoformat()
        return text


# --- own costs -------------------------------------------------------------------------------


def read_owned_costs(
    organization: OrganizationId, layers: Iterable[LayerNumber]
) -> dict[LayerNumber, OwnedCost]:
    """What our own goods of some layers cost."""
    return _owned_costs(Q(layer__in=list(layers)), organization)


def read_owned_costs_of_items(
    organization: OrganizationId, items: Iterable[ItemId], layers: Iterable[LayerNumber]
) -> dict[LayerNumber, OwnedCost]:
    """What all our own goods of some items cost that are here, and those of some layers."""
    here = Q(item__in=list(items), quantity__gt=0)
    return _owned_costs(here | Q(layer__in=list(layers)), organization)


def _owned_costs(which: Q, organization: OrganizationId) -> dict[LayerNumber, OwnedCost]:
    rows = models.OwnedCost.objects.filter(which, organization_id=organization).order_by("layer")
    return {
        LayerNumber(layer): OwnedCost(LayerNumber(layer), ItemId(item), quantity, cost, currency)
        for layer, item, quantity, cost, currency in rows.values_list(
            "layer", "item_id", "quantity", "cost", "currency"
        )
    }


def read_standard_costs(organization: Organization, items: Iterable[ItemId]) -> dict[ItemId, Price]:
    """What an organization says last that some items cost."""
    rows = models.StandardCost.objects.filter(
        organization_id=organization.id, item__in=list(items)
    ).order_by("number")
    return {
        ItemId(item): Price(cost, organization.currency, per)
        for item, cost, per in rows.values_list("item_id", "cost", "per")
    }


def write_owned_costs(organization: OrganizationId, costs: Iterable[OwnedCost]) -> None:
    bulk.upsert(
        "owned_cost",
        (Column("organization_id"), Column("layer"), Column("item_id"), Column("quantity"),
         Column("cost"), Column("currency", "text")),
        [(organization, c.layer, c.item, c.quantity, c.cost, c.currency) for c in costs],
        key=("organization_id", "layer"),
        update="quantity = excluded.quantity, cost = excluded.cost",
    )  # fmt: skip


def charged_unit_costs(
    organization: OrganizationId, layers: Iterable[LayerNumber]
) -> dict[LayerNumber, Price]:
    """What the title of each layer's goods was last charged at, for goods that come back."""
    subquery, wanted = bulk.among(layers)
    prices: dict[LayerNumber, Price] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.layer, t.price, t.currency, t.per FROM title_entry e "
            "JOIN charge c ON c.organization_id = e.organization_id AND c.entry = e.number "
            "JOIN running_total t ON t.organization_id = c.organization_id AND t.number = c.total "
            f"WHERE e.organization_id = %s AND e.layer IN ({subquery}) ORDER BY e.layer, e.number",
            [organization, wanted],
        )
        for layer, price, currency, per in cursor.fetchall():
            prices[layer] = Price(price, currency, per)
    return prices


# --- idempotency ---------------------------------------------------------------------------


def own_source(cause: str) -> str:
    """The source that an act of our own keeps its references under. No feed is called so,
    because the name of a feed does not begin with a space."""
    return f" {cause}"


def claim(posting: OpenPosting, source: str, documents: Sequence[tuple[str, int]]) -> set[str]:
    """Claim references for their documents; answers those that were not told before."""
    organization, opened = posting.organization.id, posting.number
    rows = [
        (organization, reference, opened, source, document) for reference, document in documents
    ]
    written = bulk.insert_new(
        "idempotency_key", KEY, rows, key=("organization_id", "source", "reference")
    )
    fresh = {reference for reference, _ in documents}
    if written < len(rows):
        standing = standing_keys(organization, source, fresh)
        fresh = {reference for reference, document in documents if standing[reference] == document}
        rows = [row for row in rows if row[1] in fresh]
    posting.add("idempotency_key", rows)
    return fresh


def standing_keys(
    organization: OrganizationId, source: str, references: Iterable[str]
) -> dict[str, int]:
    """The documents that some references were claimed for before."""
    return dict(
        bulk.look_up(
            references,
            "text",
            "k.reference, k.document",
            "idempotency_key k",
            "k.organization_id = %s AND k.source = %s AND k.reference = w.value",
            [organization, source],
        )
    )


def keep_told(posting: OpenPosting, lines: Iterable[tuple[int, str]]) -> None:
    """Keep the references that lines of a posting were told under, where no paper has them."""
    posting.add(
        "told_line",
        [(posting.organization.id, line, posting.number, reference) for line, reference in lines],
    )


KEY = (
    Column("organization_id"), Column("reference", "text"), Column("posting"),
    Column("source", "text"), Column("document"),
)  # fmt: skip
