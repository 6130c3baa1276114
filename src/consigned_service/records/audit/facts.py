"""What an audit reads: every fact of one organization's ledger, in one unmoving picture of it."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date
from itertools import accumulate, groupby, starmap
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from consigned.accounting.journals import Account
from consigned.consumption.exceptions import Ending
from consigned.counting.counts import Scope
from consigned.counting.late_records import (
    CameBack,
    Fact,
    Line,
    Move,
    is_counted,
    left_as_own,
    order,
)
from consigned.counting.laws import RECOUNTED, KeptCount, KeptEvening, KeptSettlement
from consigned.master_data.agreements import SettlementMethod
from consigned.master_data.taxes import Tax, read_tax
from consigned.measure.gs1 import as_gtin
from consigned.measure.identity import (
    EntryNumber,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
    PlaceNumber,
    PositionNumber,
    TotalNumber,
)
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS
from consigned.settlement.laws import Counted, KeptLine, KeptTotal, Reversed, Transferred
from consigned.title.entry import Entry
from consigned.title.past import Slot
from consigned.title.position import OUTER_ZONES, Position, Zone
from consigned.title.replay import MovedOn
from consigned_service.records import models
from consigned_service.records.inventory.open_differences import STILL_OPEN
from consigned_service.records.ledger.holds import STANDS as STANDS_RECALLED
from consigned_service.records.ledger.idempotency import RECEIPTS, own_source
from consigned_service.records.ledger.posting import ENTRY, FACTS, POSTING, sealed_head
from consigned_service.records.master_data.amendments import term_on
from consigned_service.records.settlement.advices import BilledTax
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.settlement.vouchers import IN_AND_OUT
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import as_day


class PostedEntry(NamedTuple):
    """An entry as it stands, with the posting it came in and its short seal."""

    entry: Entry
    posting: int
    seal: int


class KeptPosting(NamedTuple):
    """A posting as it stands: the head that its seal covers, its range of entries, its seal."""

    number: int
    head: str
    first_entry: int
    end_entry: int
    seal: str


@contextmanager
def snapshot() -> Iterator[None]:
    """Read without anybody's writing coming between, and without making writers wait."""
    with connection.cursor() as cursor:
        if bulk.is_postgres():
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        else:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


@contextmanager
def apart() -> Iterator[None]:
    """Read something that the database may refuse to read: what comes after is read all the
    same."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT apart")
        try:
            yield
        except DatabaseError:
            cursor.execute("ROLLBACK TO SAVEPOINT apart")
            raise
        finally:
            cursor.execute("RELEASE SAVEPOINT apart")


def organizations() -> list[tuple[OrganizationId, str, PartyId]]:
    rows = models.Organization.objects.order_by("pk").values_list("pk", "code", "party_id")
    return [(OrganizationId(pk), code, PartyId(party)) for pk, code, party in rows]


_OUTER = ", ".join(f"'{zone}'" for zone in sorted(OUTER_ZONES))
"""The zones outside the walls, as a list of SQL."""


def _rows(sql: str, parameters: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(5_000):
            yield from rows


# --- the sealed facts ------------------------------------------------------------------------


def postings(organization: OrganizationId) -> Iterator[KeptPosting]:
    columns = ", ".join(POSTING)
    for row in _rows(
        f"SELECT {columns} FROM posting WHERE organization_id = %s ORDER BY number", [organization]
    ):
        (_, number, cause, reference, recorded_at, recorded_on, by, first, end, seal) = row
        if recorded_at.tzinfo is None:
            recorded_at = recorded_at.replace(tzinfo=UTC)
        head = sealed_head(
            organization, number, cause, reference, recorded_at, recorded_on, by, first, end
        )
        yield KeptPosting(number, head, first, end, seal)


def entries(organization: OrganizationId) -> Iterator[PostedEntry]:
    columns = ", ".join(ENTRY[1:])
    for *entry, posting, seal in _rows(
        f"SELECT {columns} FROM title_entry WHERE organization_id = %s ORDER BY number",
        [organization],
    ):
        yield PostedEntry(Entry(*entry), posting, seal)


def facts(organization: OrganizationId, table: str) -> Iterator[tuple[int, list[bulk.Row]]]:
    """The rows of one table as their postings sealed them, posting by posting."""
    columns = FACTS[table]
    place = columns.index("posting")
    # sorted here and not by the database, whose collation may order references otherwise
    rows = _rows(
        f"SELECT {', '.join(columns)} FROM {table} WHERE organization_id = %s ORDER BY posting",
        [organization],
    )
    for posting, group in groupby(rows, itemgetter(place)):
        yield posting, [tuple(map(_plain, row)) for row in sorted(group, key=itemgetter(1))]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# --- the title ledger ----------------------------------------------------------------------


NUMBERED = {
    "posting": "posting",
    "entry": "title_entry",
    "position": "position",
    "layer": "layer",
    "journal": "journal",
    "exception": "open_exception",
    "place": "place",
    "receipt": "goods_receipt",
    "extension": "extension",
    "return": "goods_return",
    "debit_request": "debit_request",
    "cost": "cost_entry",
    "standard_cost": "standard_cost",
    "price_correction": "price_correction",
    "production": "production",
    "component": "component_issued",
    "component_use": "component_used",
    "component_return": "component_returned",
    "arrival": "goods_receipt_line",
    "inspection": "inspection",
    "sheet": "count_sheet",
    "sheet_line": "count_sheet_line",
    "count": "stock_count",
    "difference": "count_difference",
    "count_settlement": "count_settlement",
    "told_after": "told_after_count",
    "disposition": "disposition",
    "period_close": "period_close",
    "purchase_invoice": "purchase_invoice",
    "hold": "goods_hold",
    "hold_end": "hold_end",
    "recall": "recall",
    "renewal": "renewal",
}
"""Kinds of facts that are numbered without gaps, and their tables."""


class KeptLedger(NamedTuple):
    """The next number of each kind, and the last seal, as the ledger's own row keeps them."""

    next_of: dict[str, int]
    seal: str


def ledger(organization: OrganizationId) -> KeptLedger | None:
    """The row of an organization's ledger; None where it is missing."""
    row = models.Ledger.objects.filter(pk=organization).first()
    if row is None:
        return None
    return KeptLedger({kind: getattr(row, f"next_{kind}") for kind in NUMBERED}, row.seal)


def highest(organization: OrganizationId) -> dict[str, int]:
    """The highest number in use of each kind."""
    found = {}
    for kind, table in NUMBERED.items():
        sql = f"SELECT COALESCE(MAX(number), 0) FROM {table} WHERE organization_id = %s"
        found[kind] = next(_rows(sql, [organization]))[0]
    return found


def positions(organization: OrganizationId) -> dict[PositionNumber, Position]:
    return {
        PositionNumber(number): Position(*where)
        for number, *where in _rows(
            "SELECT number, item_id, owner_id, place, condition FROM position "
            "WHERE organization_id = %s",
            [organization],
        )
    }


def outer_places(organization: OrganizationId) -> frozenset[PlaceNumber]:
    rows = models.Place.objects.filter(organization_id=organization, zone__in=OUTER_ZONES)
    return frozenset(map(PlaceNumber, rows.values_list("number", flat=True)))


def balances(organization: OrganizationId) -> dict[Slot, int]:
    return {
        (PositionNumber(position), LayerNumber(layer)): quantity
        for position, layer, quantity in _rows(
            "SELECT position, layer, quantity FROM balance WHERE organization_id = %s",
            [organization],
        )
    }


def came_on(organization: OrganizationId) -> dict[Slot, date]:
    """On which day goods last came to where they stand inside the walls, as balances keep it; those
    outside keep none."""
    return {
        (PositionNumber(position), LayerNumber(layer)): on
        for position, layer, on in _rows(
            "SELECT position, layer, came_on FROM balance "
            "WHERE organization_id = %s AND (NOT is_outer OR came_on IS NOT NULL)",
            [organization],
        )
    }


def moved_on_each_day(organization: OrganizationId) -> Iterator[MovedOn]:
    """What moved, position by position, layer by layer and day by day, as the database adds it
    up."""
    for position, layer, on, quantity in _rows(
        "SELECT position, layer, happened_on, SUM(quantity) FROM ("
        "SELECT target AS position, layer, happened_on, quantity FROM title_entry "
        "WHERE organization_id = %s UNION ALL "
        "SELECT source, layer, happened_on, -quantity FROM title_entry "
        "WHERE organization_id = %s) AS moved "
        "GROUP BY position, layer, happened_on ORDER BY position, layer, happened_on",
        [organization, organization],
    ):
        yield MovedOn(position, layer, on, int(quantity))


def misplaced_balances(
    organization: OrganizationId, outer: Iterable[PlaceNumber]
) -> Iterator[tuple[int, int]]:
    """Balances that say wrongly on which side of the walls they are."""
    subquery, places = bulk.among(outer)
    return _rows(
        "SELECT b.position, b.layer FROM balance b JOIN position p "
        "ON p.organization_id = b.organization_id AND p.number = b.position "
        f"WHERE b.organization_id = %s AND b.is_outer <> (p.place IN ({subquery}))",
        [organization, places],
    )


def misreceived_layers(organization: OrganizationId) -> Iterator[tuple[int, int, int]]:
    """Layers whose quantity is not what came with the entry that opened them."""
    return _rows(
        "SELECT number, quantity, came FROM (SELECT l.number, l.quantity, COALESCE((SELECT "
        "e.quantity FROM title_entry e WHERE e.organization_id = l.organization_id "
        "AND e.layer = l.number ORDER BY e.number LIMIT 1), 0) AS came FROM layer l "
        "WHERE l.organization_id = %s) AS opened WHERE quantity <> came",
        [organization],
    )


_CAME = (
    "goods_receipt_line p WHERE p.receipt = e.document AND p.line = e.line AND p.layer = e.layer"
)
PAPERS = {
    "consumption": "consumption p WHERE p.number = e.document AND p.item_id = l.item_id",
    "receipt": _CAME,
    "putaway": _CAME,
    "inspection": _CAME,
    "ship-notice": "in_transit_layer p WHERE p.ship_notice = e.document AND p.line = e.line "
    "AND p.layer = e.layer",
    "return": "goods_return p WHERE p.number = e.document AND p.layer = e.layer",
    "count": "count_settlement p WHERE p.number = e.document",
    "disposition": "disposition p WHERE p.number = e.document AND p.item_id = l.item_id",
    "renewal": "renewal p WHERE p.number = e.document AND e.layer IN (p.layer, p.becomes)",
}
"""Where the paper of an entry stands, by its cause, and how it tells of the entry's goods. A
product that was made has a paper; every other entry names its posting, and a line of it."""


def misnamed_papers(organization: OrganizationId) -> Iterator[tuple[int, str, int, int]]:
    """Entries whose paper does not stand, or tells of other goods: number, cause, document and
    line."""
    papers = {f"e.cause = '{cause}'": paper for cause, paper in PAPERS.items()}
    papers["e.kind = 'produced'"] = "production p WHERE p.number = e.document AND p.layer = e.layer"
    stands = " ".join(
        f"WHEN {which} THEN EXISTS "
        f"(SELECT 1 FROM {paper} AND p.organization_id = e.organization_id)"
        for which, paper in papers.items()
    )
    return _rows(
        "SELECT e.number, e.cause, e.document, e.line FROM title_entry e JOIN layer l "
        "ON l.organization_id = e.organization_id AND l.number = e.layer "
        "WHERE e.organization_id = %s "
        f"AND NOT CASE {stands} ELSE e.document = e.posting END ORDER BY e.number",
        [organization],
    )


def misfiled_receipts(organization: OrganizationId) -> Iterator[tuple[str]]:
    """References of receipt lines that are not kept for the first arrival of that very line."""
    return _rows(
        "SELECT k.reference FROM idempotency_key k LEFT JOIN goods_receipt_line a "
        "ON a.organization_id = k.organization_id AND a.number = k.document "
        "LEFT JOIN goods_receipt r ON r.organization_id = a.organization_id "
        "AND r.number = a.receipt WHERE k.organization_id = %s AND k.source = %s "
        "AND COALESCE(r.reference || '/' || a.line, '') <> k.reference",
        [organization, RECEIPTS],
    )


def misreceived_lines(organization: OrganizationId) -> Iterator[tuple[int, int, int, int, int]]:
    """What receipts say came, where it is not what was received: receipt, line, layer, said,
    received."""
    return _rows(
        "WITH said AS (SELECT receipt, line, layer, SUM(quantity) AS quantity FROM "
        "goods_receipt_line "
        "WHERE organization_id = %s GROUP BY receipt, line, layer), "
        "came AS (SELECT document, line, layer, SUM(quantity) AS quantity FROM title_entry "
        "WHERE organization_id = %s AND kind = 'received' AND cause = 'receipt' "
        "GROUP BY document, line, layer), "
        "told AS (SELECT receipt, line, layer, quantity AS said, 0 AS came FROM said UNION ALL "
        "SELECT document, line, layer, 0, quantity FROM came) "
        "SELECT receipt, line, layer, SUM(said), SUM(came) FROM told "
        "GROUP BY receipt, line, layer HAVING SUM(said) <> SUM(came)",
        [organization, organization],
    )


def misanswered_notices(organization: OrganizationId) -> Iterator[tuple[int, str, str]]:
    """Receipts of one consignor's goods that answer another one's ship notice: receipt, notice,
    whose it is."""
    return _rows(
        "SELECT r.number, n.number, w.code FROM goods_receipt r "
        "JOIN ship_notice n ON n.id = r.ship_notice JOIN party w ON w.id = n.consignor_id "
        "WHERE r.organization_id = %s AND n.consignor_id <> r.supplier_id ORDER BY r.number",
        [organization],
    )


def misrated_charges(organization: OrganizationId) -> Iterator[tuple[int, str, int, date, date]]:
    """Charges kept with a rate that was not in force on the day of consumption, of those told when
    they were recorded: entry, currency, rate, its day, day of consumption."""
    known = (
        "x.kind = k.kind AND x.currency = k.currency AND x.functional_currency = "
        "k.functional_currency "
        "AND x.told_at <= p.recorded_at"
    )
    return _rows(
        "SELECT k.entry, k.currency, k.rate, k.valid_from, t.happened_on FROM charge_rate k "
        "JOIN posting p ON p.organization_id = k.organization_id AND p.number = k.posting "
        "JOIN charge c ON c.organization_id = k.organization_id AND c.entry = k.entry "
        "JOIN running_total t ON t.organization_id = c.organization_id AND t.number = c.total "
        "WHERE k.organization_id = %s AND (k.valid_from > t.happened_on "
        "OR k.currency <> t.currency "
        f"OR NOT EXISTS (SELECT 1 FROM exchange_rate x WHERE {known} "
        "AND x.valid_from = k.valid_from AND x.rate = k.rate) "
        f"OR EXISTS (SELECT 1 FROM exchange_rate x WHERE {known} "
        "AND x.valid_from > k.valid_from AND x.valid_from <= t.happened_on))",
        [organization],
    )


def sent_and_arrived() -> tuple[
    dict[tuple[OrganizationId, LayerNumber], int], dict[tuple[OrganizationId, LayerNumber], int]
]:
    """What of each layer left for other organizations, and what of it arrived in them."""
    left = _rows(
        "SELECT organization_id, layer, SUM(quantity) FROM title_entry WHERE kind = 'sent' "
        "GROUP BY organization_id, layer",
        [],
    )
    came = _rows(
        "SELECT from_organization, from_layer, SUM(quantity) FROM layer "
        "WHERE from_organization <> organization_id GROUP BY from_organization, from_layer",
        [],
    )
    sent, arrived = (
        {(OrganizationId(o), LayerNumber(layer)): int(quantity) for o, layer, quantity in rows}
        for rows in (left, came)
    )
    return sent, arrived


def between_organizations() -> dict[str, int]:
    """Debits less credits of the account between organizations, by currency."""
    account = Account.BETWEEN_ORGANIZATIONS
    return {
        currency: int(amount)
        for currency, amount in _rows(
            "SELECT currency, SUM(CASE WHEN debit = %s THEN amount ELSE -amount END) "
            "FROM journal WHERE debit = %s OR credit = %s GROUP BY currency",
            [account, account, account],
        )
    }


# --- what was reported -----------------------------------------------------------------------


def unaccounted_consumption(
    organization: OrganizationId,
) -> Iterator[tuple[int, int, int, int, int]]:
    """Lines of consumption that are not posted, waiting, or ended with a word, in full: number,
    quantity, posted, waiting, ended."""
    return _rows(
        "WITH posted AS (SELECT document, SUM(CASE WHEN kind IN ('issued', 'returned-by-customer', "
        "'returned-from-production') THEN quantity ELSE 0 END) AS moved, "
        "SUM(CASE WHEN kind = 'transferred-to-owned' THEN quantity ELSE 0 END) AS kept, "
        "SUM(CASE WHEN kind = 'voided' THEN quantity ELSE 0 END) AS voided, "
        "SUM(CASE WHEN kind IN ('transferred-to-consigned', 'sold-back') THEN quantity ELSE 0 END) "
        "AS turned FROM title_entry WHERE organization_id = %s AND cause = 'consumption' "
        "GROUP BY document), "
        "waiting AS (SELECT w.consumption, SUM(CASE WHEN r.exception IS NULL THEN ABS(w.quantity) "
        "ELSE 0 END) AS quantity, SUM(COALESCE(r.quantity, 0)) AS ended "
        "FROM open_exception w LEFT JOIN exception_resolution r "
        "ON r.organization_id = w.organization_id AND r.exception = w.number "
        "WHERE w.organization_id = %s AND w.entry IS NULL GROUP BY w.consumption), "
        "rests AS (SELECT consumption, SUM(quantity) AS quantity FROM exception_resolution "
        "WHERE organization_id = %s AND how = 'voided' GROUP BY consumption), "
        "told AS (SELECT c.number, ABS(c.quantity) AS quantity, COALESCE(CASE "
        "WHEN c.voids IS NOT NULL THEN CASE WHEN p.voided > 0 THEN p.voided ELSE p.turned END "
        "WHEN c.kind = 'transfer-to-owned' THEN p.kept ELSE p.moved END, 0) AS posted, "
        "COALESCE(w.quantity, 0) AS waiting, "
        "COALESCE(w.ended, 0) + COALESCE(v.quantity, 0) AS ended "
        "FROM consumption c LEFT JOIN posted p ON p.document = c.number "
        "LEFT JOIN waiting w ON w.consumption = c.number "
        "LEFT JOIN rests v ON v.consumption = c.number WHERE c.organization_id = %s) "
        "SELECT number, quantity, posted, waiting, ended FROM told "
        "WHERE quantity <> posted + waiting + ended",
        [organization] * 4,
    )


def overvoided_consumption(organization: OrganizationId) -> Iterator[tuple[int, int, int]]:
    """Uses of which more was voided than they used, and lines that void what no use is: number,
    used, voided."""
    return _rows(
        "WITH posted AS (SELECT document, "
        "SUM(CASE WHEN kind = 'voided' THEN quantity ELSE 0 END) AS voided, "
        "SUM(CASE WHEN kind <> 'voided' THEN quantity ELSE 0 END) AS turned "
        "FROM title_entry WHERE organization_id = %s AND cause = 'consumption' "
        "AND kind IN ('voided', 'transferred-to-consigned', 'sold-back') GROUP BY document), "
        "rests AS (SELECT consumption, SUM(quantity) AS quantity FROM exception_resolution "
        "WHERE organization_id = %s AND how = 'voided' GROUP BY consumption), "
        "back AS (SELECT v.voids_source, v.voids, MIN(v.number) AS first, "
        "SUM(COALESCE(r.quantity, 0) + COALESCE(CASE WHEN p.voided > 0 THEN p.voided "
        "ELSE p.turned END, 0)) AS quantity FROM consumption v "
        "LEFT JOIN posted p ON p.document = v.number "
        "LEFT JOIN rests r ON r.consumption = v.number "
        "WHERE v.organization_id = %s AND v.voids IS NOT NULL GROUP BY v.voids_source, v.voids) "
        "SELECT COALESCE(u.number, b.first), COALESCE(u.quantity, 0), b.quantity FROM back b "
        "LEFT JOIN idempotency_key k ON k.organization_id = %s AND k.source = b.voids_source "
        "AND k.reference = b.voids LEFT JOIN consumption u ON u.organization_id = %s "
        "AND u.number = k.document "
        "WHERE b.quantity > CASE WHEN u.quantity > 0 THEN u.quantity ELSE 0 END",
        [organization] * 5,
    )


def mistaken_voids(organization: OrganizationId) -> Iterator[tuple[int, int]]:
    """Lines that void a use and take back goods of another layer than it took: line, layer."""
    return _rows(
        "SELECT DISTINCT v.number, e.layer FROM title_entry e JOIN consumption v "
        "ON v.organization_id = e.organization_id AND v.number = e.document "
        "AND v.voids IS NOT NULL LEFT JOIN idempotency_key k "
        "ON k.organization_id = v.organization_id AND k.source = v.voids_source "
        "AND k.reference = v.voids WHERE e.organization_id = %s AND e.cause = 'consumption' "
        "AND NOT EXISTS (SELECT 1 FROM title_entry o WHERE o.organization_id = e.organization_id "
        "AND o.layer = e.layer AND o.cause = 'consumption' AND o.document = k.document)",
        [organization],
    )


def keyless_consumption(organization: OrganizationId) -> Iterator[tuple[int]]:
    """Lines whose reference is not kept as told, or under another line's number."""
    return _rows(
        "SELECT c.number FROM consumption c WHERE c.organization_id = %s AND NOT EXISTS ("
        "SELECT 1 FROM idempotency_key k WHERE k.organization_id = c.organization_id "
        "AND k.source = c.source AND k.reference = c.reference AND k.document = c.number)",
        [organization],
    )


def counts(organization: OrganizationId) -> Iterator[KeptCount]:
    """Lines of counts, and what was found of each owner's goods in all."""
    return (
        KeptCount(number, counted, int(found))
        for number, counted, found in _rows(
            "SELECT c.number, c.counted, COALESCE((SELECT SUM(d.counted) FROM count_difference d "
            "WHERE d.organization_id = c.organization_id AND d.stock_count = c.number), 0) "
            "FROM stock_count c WHERE c.organization_id = %s",
            [organization],
        )
    )


def differences(organization: OrganizationId) -> dict[int, int]:
    """What each count differs by from the book as it is known now, by the difference's number."""
    return {
        number: int(whole)
        for number, whole in _rows(
            "SELECT d.number, d.counted - d.booked - COALESCE((SELECT SUM(t.quantity) "
            "FROM told_after_count t WHERE t.organization_id = d.organization_id "
            "AND t.difference = d.number), 0) FROM count_difference d WHERE d.organization_id = %s",
            [organization],
        )
    }


def evenings(organization: OrganizationId) -> Iterator[KeptEvening]:
    """The lines of counts that gave way to no other: what is kept of the book on their evening, and
    what all entries say of it, each use counted on its own day and the line's own settlements left
    out."""
    as_own = _left_as_own(organization)
    for one in _told_by_entries(organization):
        yield one._replace(known=one.known - as_own[one.number])


def _told_by_entries(organization: OrganizationId) -> Iterator[KeptEvening]:
    lines = [line for line in _counts(organization) if not line.gave_way]
    if not lines:
        return
    kept = {
        number: int(booked)
        for number, booked in _rows(
            "SELECT d.stock_count, SUM(d.booked + COALESCE((SELECT SUM(t.quantity) "
            "FROM told_after_count t WHERE t.organization_id = d.organization_id "
            "AND t.difference = d.number), 0)) FROM count_difference d "
            "WHERE d.organization_id = %s GROUP BY d.stock_count",
            [organization],
        )
    }
    of_item: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        of_item[line.scope.item].append(line)
    for item, moved in groupby(_moved(organization), key=itemgetter(0)):
        facts = [Fact(*row) for row in moved]
        yield from _evenings_of(of_item.pop(item, []), facts, kept)
    for untouched in of_item.values():
        yield from _evenings_of(untouched, [], kept)


def _evenings_of(
    lines: Iterable[Line], facts: Sequence[Fact], kept: Mapping[int, int]
) -> Iterator[KeptEvening]:
    """The evenings of one item; lines that count the same are worked out in one go."""
    alike: dict[tuple[Scope, bool], list[Line]] = defaultdict(list)
    for line in lines:
        alike[line.scope, line.is_on_the_way].append(line)
    for (scope, _), same in alike.items():
        inside = sorted(
            (fact for fact in facts if is_counted(fact, scope)), key=lambda fact: fact.on
        )
        days = [fact.on for fact in inside]
        sums = [0, *accumulate(fact.quantity for fact in inside)]
        own: dict[tuple[int, date], int] = defaultdict(int)
        for fact in inside:
            own[fact.line, fact.on] += fact.quantity
        of_line: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for (number, on), quantity in own.items():
            of_line[number].append((on, quantity))
        for line in same:
            known = sums[bisect_right(days, line.counted_on)]
            known -= sum(q for on, q in of_line[line.number] if on <= line.counted_on)
            yield KeptEvening(line.number, kept.get(line.number, 0), known)


def _moved(organization: OrganizationId) -> Iterator[tuple[Any, ...]]:
    """What came to and what left places inside the walls, of all items that were ever counted, as
    facts; item by item."""
    places = dict(
        _rows("SELECT number, zone FROM place WHERE organization_id = %s", [organization])
    )
    for (item, agreement, lot, serial, on, used_on, quantity, line, *ways) in _rows(
        "WITH own AS (SELECT z.number, z.consumption, d.stock_count FROM count_settlement z "
        "JOIN count_difference d ON d.organization_id = z.organization_id "
        "AND d.number = z.difference WHERE z.organization_id = %s) "
        "SELECT l.item_id, l.agreement, l.lot, l.serial, e.happened_on, u.happened_on, e.quantity, "
        "COALESCE(o.stock_count, p.stock_count, 0), s.owner_id, s.place, t.owner_id, t.place "
        "FROM title_entry e "
        "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
        "JOIN position s ON s.organization_id = e.organization_id AND s.number = e.source "
        "JOIN position t ON t.organization_id = e.organization_id AND t.number = e.target "
        "LEFT JOIN consumption u ON e.cause = 'consumption' "
        "AND u.organization_id = e.organization_id AND u.number = e.document "
        "LEFT JOIN own o ON e.cause = 'count' AND o.number = e.document "
        "LEFT JOIN own p ON e.cause = 'consumption' AND p.consumption = e.document "
        "WHERE e.organization_id = %s AND l.item_id IN (SELECT item_id FROM stock_count "
        "WHERE organization_id = %s) ORDER BY l.item_id",
        [organization] * 3,
    ):  # fmt: skip
        day = min(as_day(on), as_day(used_on)) if used_on else as_day(on)
        for owner, place, sign in ((*ways[:2], -1), (*ways[2:], 1)):
            if places[place] not in OUTER_ZONES:
                yield (
                    item, owner, agreement, place, lot, serial, day, sign * quantity, 0, line,
                    places[place] == Zone.IN_TRANSIT,
                )  # fmt: skip


def _left_as_own(organization: OrganizationId) -> Counter[int]:
    """By line of a count that names a consignor: what of its goods came back as the consignee's
    own, and left as such with the posting that it came back for."""
    came: dict[int, list[CameBack]] = defaultdict(list)
    for posting, line, on, position, layer, quantity in _rows(
        "SELECT z.posting, c.number, c.counted_on, w.number, e.layer, "
        "SUM(CASE e.target WHEN w.number THEN e.quantity ELSE -e.quantity END) "
        "FROM count_settlement z JOIN posting g ON g.organization_id = z.organization_id "
        "AND g.number = z.posting AND g.cause <> 'told-after-count' "
        "JOIN count_difference d ON d.organization_id = z.organization_id "
        "AND d.number = z.difference JOIN stock_count c "
        "ON c.organization_id = d.organization_id AND c.number = d.stock_count "
        "JOIN organization o ON o.id = z.organization_id AND o.party_id <> c.owner "
        "JOIN title_entry e ON e.organization_id = z.organization_id AND e.cause = 'count' "
        "AND e.document = z.number AND e.number >= g.first_entry AND e.number < g.end_entry "
        "JOIN position w ON w.organization_id = e.organization_id "
        "AND w.number IN (e.source, e.target) AND w.owner_id = o.party_id "
        "JOIN place p ON p.organization_id = w.organization_id AND p.number = w.place "
        f"AND p.zone NOT IN ({_OUTER}) WHERE z.organization_id = %s AND z.takes_back IS NOT NULL "
        "GROUP BY z.posting, c.number, c.counted_on, w.number, e.layer",
        [organization],
    ):
        came[posting].append(CameBack(line, as_day(on), (position, layer), int(quantity)))
    sums: Counter[int] = Counter()
    for posting, back in came.items():
        for one, quantity in left_as_own(back, _moves(organization, posting)):
            sums[one.line] += quantity
    return sums


def _moves(organization: OrganizationId, posting: int) -> list[Move]:
    """What a posting moved, each use counted on its own day, but for what it took back of what
    counts wrote off."""
    return [
        Move(
            (cause, document, line), min(as_day(on), as_day(used_on)) if used_on else as_day(on),
            (source, layer), (target, layer), quantity,
        )
        for cause, document, line, on, used_on, source, target, layer, quantity in _rows(
            "SELECT e.cause, e.document, e.line, e.happened_on, u.happened_on, e.source, e.target, "
            "e.layer, e.quantity FROM posting g JOIN title_entry e "
            "ON e.organization_id = g.organization_id AND e.number >= g.first_entry "
            "AND e.number < g.end_entry LEFT JOIN consumption u ON e.cause = 'consumption' "
            "AND u.organization_id = e.organization_id AND u.number = e.document "
            "WHERE g.organization_id = %s AND g.number = %s AND NOT EXISTS (SELECT 1 "
            "FROM count_settlement z WHERE z.organization_id = e.organization_id "
            "AND e.cause = 'count' AND z.number = e.document AND z.takes_back IS NOT NULL)",
            [organization, posting],
        )
    ]  # fmt: skip


def _counts(organization: OrganizationId) -> list[Line]:
    """The lines of counts, by their evening, and which of them gave way to others."""
    lines = {}
    for number, posting, reference, side, counted_on, is_on_the_way, decided_in, *scope in _rows(
        "SELECT c.number, c.posting, c.reference, c.side, c.counted_on, CASE WHEN EXISTS (SELECT 1 "
        "FROM place p WHERE p.organization_id = c.organization_id AND p.number = c.place "
        "AND p.zone = 'in-transit') THEN 1 ELSE 0 END, COALESCE((SELECT MAX(z.posting) "
        "FROM count_difference d JOIN count_settlement z ON z.organization_id = d.organization_id "
        "AND z.difference = d.number WHERE d.organization_id = c.organization_id "
        f"AND d.stock_count = c.number AND z.reason <> '{RECOUNTED}' AND z.takes_back IS NULL), 0)"
        ", c.item_id, c.owner, c.place, c.lot, c.serial "
        "FROM stock_count c WHERE c.organization_id = %s",
        [organization],
    ):
        lines[number] = Line(
            number, posting, reference, side, Scope(*scope), as_day(counted_on), reason=None,
            was_decided=decided_in > 0, decided_in=decided_in if decided_in > posting else 0,
            is_on_the_way=bool(is_on_the_way),
        )  # fmt: skip
    return order(lines.values())


def reopened_counts(organization: OrganizationId) -> Iterator[tuple[int, int]]:
    """Counts that gave way to others, and of which something is to be explained still: number, how
    much."""
    gave_way = {line.number for line in _counts(organization) if line.gave_way}
    rows = _rows(
        f"SELECT d.stock_count, {STILL_OPEN} FROM count_difference d WHERE d.organization_id = %s",
        [organization],
    )
    return ((number, int(left)) for number, left in rows if left and number in gave_way)


def counted_through(organization: OrganizationId) -> tuple[date | None, date | None]:
    """The last evening that was counted, as the ledger's row keeps it and as the counts say."""
    ((kept, said),) = _rows(
        "SELECT l.counted_through, (SELECT MAX(c.counted_on) FROM stock_count c "
        "WHERE c.organization_id = l.organization_id) FROM ledger l WHERE l.organization_id = %s",
        [organization],
    )
    return (as_day(kept) if kept else None), (as_day(said) if said else None)


def renewed_through(organization: OrganizationId) -> tuple[date | None, date | None]:
    """The last day on which goods were renewed, as the ledger's row keeps it and as they say."""
    ((kept, said),) = _rows(
        "SELECT l.renewed_through, (SELECT MAX(r.happened_on) FROM renewal r "
        "WHERE r.organization_id = l.organization_id AND r.takes_back IS NULL) "
        "FROM ledger l WHERE l.organization_id = %s",
        [organization],
    )
    return (as_day(kept) if kept else None), (as_day(said) if said else None)


def count_settlements(organization: OrganizationId) -> Iterator[KeptSettlement]:
    """What differences were settled as, and what the entries of each come to: below zero gone.

    Its entries are looked for in its own posting alone; those of title are told by others.
    """
    return (
        KeptSettlement(number, difference, reason, quantity, int(posted), takes_back)
        for number, difference, reason, quantity, posted, takes_back in _rows(
            "SELECT z.number, z.difference, z.reason, z.quantity, COALESCE((SELECT SUM("
            "CASE e.kind WHEN 'found' THEN e.quantity WHEN 'transferred-to-consigned' THEN 0 "
            "ELSE -e.quantity END) FROM title_entry e "
            "WHERE e.organization_id = z.organization_id AND e.number >= g.first_entry "
            "AND e.number < g.end_entry AND ((e.cause = 'count' AND e.document = z.number) OR "
            "(e.cause = 'consumption' AND e.document = z.consumption AND e.kind = 'issued'))), 0), "
            "z.takes_back "
            "FROM count_settlement z JOIN posting g ON g.organization_id = z.organization_id "
            "AND g.number = z.posting WHERE z.organization_id = %s",
            [organization],
        )
    )


def found_and_gone(organization: OrganizationId, difference: int) -> int:
    """How much of what a difference was found as stands because, when something was told last that
    changed the difference, nothing of that owner's lay any more where it was counted: no more than
    was told."""
    ((told,),) = _rows(
        "SELECT COALESCE(SUM(quantity), 0) FROM told_after_count "
        "WHERE organization_id = %s AND difference = %s AND quantity > 0",
        [organization, difference],
    )
    finds = _rows(
        "SELECT w.owner_id, SUM(CASE WHEN e.kind = 'found' THEN e.quantity ELSE -e.quantity END) "
        "FROM count_settlement z "
        "JOIN posting g ON g.organization_id = z.organization_id AND g.number = z.posting "
        "JOIN title_entry e ON e.organization_id = z.organization_id AND e.cause = 'count' "
        "AND e.document = z.number AND e.number >= g.first_entry AND e.number < g.end_entry "
        "JOIN position w ON w.organization_id = e.organization_id AND w.number = e.source "
        "LEFT JOIN count_settlement f ON f.organization_id = z.organization_id "
        "AND f.number = z.takes_back WHERE z.organization_id = %s AND z.difference = %s "
        "AND ((z.takes_back IS NULL AND z.quantity > 0) OR f.quantity > 0) GROUP BY w.owner_id",
        [organization, difference],
    )
    gone = [found for owner, found in finds if not _lay_then(organization, difference, owner)]
    return min(int(told), int(sum(gone)))


def written_off_and_brought_back(organization: OrganizationId, difference: int) -> int:
    """How much of what a difference was written off as came back by other acts than the count's
    own, such as a customer's return."""
    ((quantity,),) = _rows(
        "SELECT COALESCE(SUM(r.quantity), 0) FROM count_settlement z JOIN title_entry e "
        "ON e.organization_id = z.organization_id AND e.cause = 'consumption' "
        "AND e.document = z.consumption AND e.kind = 'transferred-to-owned' "
        "JOIN reversal r ON r.organization_id = e.organization_id AND r.reverses = e.number "
        "JOIN title_entry b ON b.organization_id = r.organization_id AND b.number = r.entry "
        "WHERE z.organization_id = %s AND z.difference = %s AND z.quantity < 0 "
        "AND b.cause <> 'count'",
        [organization, difference],
    )
    return int(quantity)


def _lay_then(organization: OrganizationId, difference: int, owner: int) -> int:
    """What lay there of an owner's goods, where a difference was counted, once the posting had
    ended that changed the difference last."""
    ((lay,),) = _rows(
        "SELECT COALESCE(SUM(CASE e.target WHEN w.number THEN e.quantity ELSE 0 END "
        "- CASE e.source WHEN w.number THEN e.quantity ELSE 0 END), 0) "
        "FROM count_difference d JOIN stock_count c "
        "ON c.organization_id = d.organization_id AND c.number = d.stock_count "
        "JOIN position w ON w.organization_id = d.organization_id AND w.item_id = c.item_id "
        "AND w.owner_id = %s AND (c.place IS NULL OR w.place = c.place) "
        "JOIN place p ON p.organization_id = w.organization_id AND p.number = w.place "
        f"AND p.zone NOT IN ({_OUTER}) AND (c.place IS NOT NULL OR p.zone <> 'in-transit') "
        "JOIN title_entry e ON e.organization_id = w.organization_id "
        "AND w.number IN (e.source, e.target) "
        "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
        "AND (c.lot IS NULL OR l.lot = c.lot) AND (c.serial IS NULL OR l.serial = c.serial) "
        "WHERE d.organization_id = %s AND d.number = %s AND e.number < (SELECT MAX(g.end_entry) "
        "FROM told_after_count t JOIN posting g ON g.organization_id = t.organization_id "
        "AND g.number = t.posting "
        "WHERE t.organization_id = d.organization_id AND t.difference = d.number)",
        [owner, organization, difference],
    )
    return int(lay)


def uncounted_entries(organization: OrganizationId) -> Iterator[tuple[int]]:
    """Entries that a count caused and no settlement of a difference knows of."""
    return _rows(
        "SELECT e.number FROM title_entry e WHERE e.organization_id = %s AND e.cause = 'count' "
        "AND NOT EXISTS (SELECT 1 FROM count_settlement z "
        "WHERE z.organization_id = e.organization_id AND z.number = e.document "
        "AND z.posting = e.posting)",
        [organization],
    )


# --- settlement --------------------------------------------------------------------------------


def transfers(organization: OrganizationId) -> dict[EntryNumber, Transferred]:
    """Transfers of title that are charged; those back to the consignor count below zero."""
    return {
        EntryNumber(entry): Transferred(*fact)
        for entry, *fact in _rows(
            "SELECT e.number, CASE e.kind WHEN 'transferred-to-owned' THEN e.quantity "
            "ELSE -e.quantity END, l.item_id, e.happened_on, u.happened_on FROM title_entry e "
            "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
            "LEFT JOIN consumption u ON e.cause = 'consumption' "
            "AND u.organization_id = e.organization_id AND u.number = e.document "
            "WHERE e.organization_id = %s "
            "AND e.kind IN ('transferred-to-owned', 'transferred-to-consigned')",
            [organization],
        )
    }


def charges(organization: OrganizationId) -> dict[EntryNumber, Counted]:
    return {
        EntryNumber(entry): Counted(*charge)
        for entry, *charge in _rows(
            "SELECT entry, total, quantity FROM charge WHERE organization_id = %s", [organization]
        )
    }


def reversals(organization: OrganizationId) -> dict[EntryNumber, Reversed]:
    """Which transfer of title each entry that goes back reverses, and how much of it."""
    return {
        EntryNumber(entry): Reversed(EntryNumber(reverses), quantity)
        for entry, reverses, quantity in _rows(
            "SELECT entry, reverses, quantity FROM reversal WHERE organization_id = %s",
            [organization],
        )
    }


def netted_later(organization: OrganizationId) -> set[EntryNumber]:
    """Reversals of what an advice had told that count in a later cycle, in a total that is like the
    one of their transfer: at its price, or at one that this was changed to."""
    return {
        EntryNumber(entry)
        for (entry,) in _rows(
            "SELECT r.entry FROM reversal r JOIN charge c ON c.organization_id = r.organization_id "
            "AND c.entry = r.entry JOIN running_total n ON n.organization_id = c.organization_id "
            "AND n.number = c.total JOIN charge d ON d.organization_id = r.organization_id "
            "AND d.entry = r.reverses JOIN running_total o "
            "ON o.organization_id = d.organization_id AND o.number = d.total "
            "WHERE r.organization_id = %s AND n.closes_on > o.closes_on "
            "AND n.agreement = o.agreement AND n.item_id = o.item_id AND n.kind = o.kind "
            "AND n.happened_on = o.happened_on AND n.tax = o.tax "
            "AND ((n.price = o.price AND n.per = o.per) OR EXISTS (SELECT 1 FROM price_change p "
            "WHERE p.agreement_id = o.agreement AND p.item_id = o.item_id AND p.price = n.price "
            "AND p.per = n.per AND p.starts_on <= o.happened_on "
            "AND (p.ends_on IS NULL OR p.ends_on > o.happened_on)))",
            [organization],
        )
    }


def asked_back(organization: OrganizationId) -> dict[tuple[int, str], dict[str, int]]:
    """What the debit requests ask for, by agreement and currency: all that is `requested`, and of
    that `asked` for and not credited, nor told as settled elsewhere; what credit notes come to that
    are `credited` and not netted by a payment, or `netted` by one; and by how much those differ."""
    found: dict[tuple[int, str], dict[str, int]] = {}
    reported = f"CASE WHEN m.settlement_method = '{SettlementMethod.REPORT_ONLY}' THEN 1 ELSE 0 END"
    for agreement, currency, is_reported, is_credited, is_netted, asked, credited, tax in _rows(
        f"SELECT d.agreement, d.currency, {reported}, CASE WHEN s.id IS NULL THEN 0 ELSE 1 END, "
        "CASE WHEN p.id IS NULL THEN 0 ELSE 1 END, SUM(d.amount), SUM(COALESCE(c.amount, 0)), "
        "SUM(COALESCE(c.tax_amount, 0)) "
        "FROM debit_request d LEFT JOIN debit_memo_line l "
        "ON l.organization_id = d.organization_id AND l.request = d.number "
        "LEFT JOIN debit_memo m ON m.id = l.debit_memo_id "
        "LEFT JOIN credit_settlement s ON s.debit_memo_id = l.debit_memo_id "
        "LEFT JOIN credit_note_line c ON c.credit_note_id = s.credit_note_id AND c.line = l.line "
        "LEFT JOIN payment_credit p ON p.credit_note_id = s.credit_note_id "
        f"WHERE d.organization_id = %s GROUP BY d.agreement, d.currency, {reported}, "
        "CASE WHEN s.id IS NULL THEN 0 ELSE 1 END, CASE WHEN p.id IS NULL THEN 0 ELSE 1 END",
        [organization],
    ):
        amounts = found.setdefault((agreement, currency), defaultdict(int))
        amounts["requested"] += int(asked)
        if is_credited:
            amounts["netted" if is_netted else "credited"] += int(credited) + int(tax)
            amounts["credits differ"] += int(credited) - int(asked)
        elif not is_reported:
            amounts["asked"] += int(asked)
    return found


def misreturned_goods(organization: OrganizationId) -> Iterator[tuple[int, int, int]]:
    """Documents of goods that left for the supplier, and of title alone that went back, that say
    another quantity than their entries: number, said, posted."""
    return _rows(
        "SELECT g.number, g.quantity, COALESCE(SUM(e.quantity), 0) FROM goods_return g "
        "LEFT JOIN title_entry e ON e.organization_id = g.organization_id AND e.layer = g.layer "
        "AND e.cause = 'return' AND e.document = g.number AND e.kind = CASE "
        "WHEN g.direction IN ('to-supplier', 'receipt-reversed') THEN 'returned-to-supplier' "
        "WHEN g.direction IN ('to-consigned', 'as-issued') THEN 'transferred-to-consigned' "
        "ELSE e.kind END WHERE g.organization_id = %s "
        "GROUP BY g.number, g.quantity HAVING g.quantity <> COALESCE(SUM(e.quantity), 0)",
        [organization],
    )


def misasked_voids(organization: OrganizationId) -> Iterator[tuple[int, int, int, int]]:
    """Lines that void what was invoiced, of a layer of which another quantity is asked back than
    went back to its consignor: line, layer, asked, went back."""
    return _rows(
        "SELECT consumption, layer, SUM(asked), SUM(went) FROM (SELECT consumption, layer, "
        "quantity AS asked, 0 AS went FROM debit_request WHERE organization_id = %s "
        "AND consumption IS NOT NULL UNION ALL SELECT document, layer, 0, quantity "
        "FROM title_entry WHERE organization_id = %s AND kind = 'sold-back' "
        "AND cause = 'consumption') AS of_layer GROUP BY consumption, layer "
        "HAVING SUM(asked) <> SUM(went) ORDER BY 1, 2",
        [organization, organization],
    )


def price_corrections(organization: OrganizationId) -> Iterator[Counted]:
    """What retroactive price changes put into totals, or took out of them."""
    return starmap(
        Counted,
        _rows(
            "SELECT total, quantity FROM price_correction WHERE organization_id = %s",
            [organization],
        ),
    )


def moved_by_price_changes(organization: OrganizationId) -> dict[tuple[int, date], int]:
    """What each change put into totals less what it took out, by the day of use."""
    return {
        (change, used_on): int(quantity)
        for change, used_on, quantity in _rows(
            "SELECT price_change, used_on, SUM(quantity) FROM price_correction "
            "WHERE organization_id = %s GROUP BY price_change, used_on",
            [organization],
        )
    }


def waiting_entries(organization: OrganizationId) -> list[EntryNumber]:
    """The transfers of title that wait for a price, in exceptions nobody has resolved."""
    return [
        EntryNumber(entry)
        for (entry,) in _rows(
            "SELECT w.entry FROM open_exception w WHERE w.organization_id = %s "
            "AND w.entry IS NOT NULL AND NOT EXISTS (SELECT 1 FROM exception_resolution r "
            "WHERE r.organization_id = w.organization_id AND r.exception = w.number)",
            [organization],
        )
    ]


def totals(organization: OrganizationId) -> dict[TotalNumber, KeptTotal]:
    return {
        TotalNumber(number): KeptTotal(
            ItemId(item), on, Price(price, currency, per), quantity, told is not None, line, tax
        )
        for number, item, on, price, currency, per, quantity, told, line, tax in _rows(
            "SELECT number, item_id, happened_on, price, currency, per, quantity, told_on, "
            "advice_line, tax FROM running_total WHERE organization_id = %s",
            [organization],
        )
    }


def advice_lines(organization: OrganizationId) -> dict[int, KeptLine]:
    return {
        line_id: KeptLine(
            f"{number}/{line}", ItemId(item), Price(price, currency, per), quantity, amount, tax,
            tax_amount,
        )
        for (line_id, number, line, item, price, currency, per, quantity, amount, tax,
             tax_amount) in _rows(
            "SELECT l.id, a.number, l.line, l.item_id, l.price, a.currency, l.per, l.quantity, "
            "l.amount, l.tax, l.tax_amount FROM advice_line l JOIN advice a ON a.id = l.advice_id "
            f"WHERE l.organization_id = %s AND {STANDS.format(advice='a')}",
            [organization],
        )
    }  # fmt: skip


def mistaxed_agreements(organization: OrganizationId) -> Iterator[tuple[str, str]]:
    """Agreements whose running totals keep a tax that was not told for their days, that keep none
    and are taxed, or that keep one and are not. What corrects a price counts by the day of use."""
    told = [
        (str(Tax(code, rate, recoverable)), valid_from)
        for code, rate, recoverable, valid_from in models.TaxRate.objects.values_list(
            "code", "rate", "recoverable", "valid_from"
        )
    ]
    used_on = "COALESCE(c.used_on, t.happened_on)"
    for agreement, taxed, tax, first in _rows(
        "SELECT number, taxed, tax, MIN(used_on) FROM (SELECT a.number, t.tax, "
        f"{used_on} AS used_on, "
        f"CASE WHEN {term_on('taxed', used_on)} = 'yes' THEN 1 ELSE 0 END AS taxed "
        "FROM running_total t JOIN agreement a ON a.id = t.agreement "
        "LEFT JOIN price_correction c ON c.organization_id = t.organization_id "
        "AND c.total = t.number "
        "WHERE t.organization_id = %s) AS used WHERE taxed = 1 OR tax <> '' "
        "GROUP BY number, taxed, tax",
        [organization],
    ):
        on = date.fromisoformat(str(first))
        if not taxed or not any(tax == one and valid_from <= on for one, valid_from in told):
            yield agreement, tax


def misdrawn_totals(organization: OrganizationId) -> Iterator[tuple[int, str]]:
    """Totals told on an advice of another agreement or another cycle."""
    return _rows(
        "SELECT t.number, a.number FROM running_total t JOIN advice_line l ON l.id = t.advice_line "
        "JOIN advice a ON a.id = l.advice_id WHERE t.organization_id = %s "
        "AND (a.agreement_id <> t.agreement OR a.closes_on <> t.closes_on "
        "OR l.organization_id <> t.organization_id OR t.told_on <> a.made_on)",
        [organization],
    )


def forgotten_totals(organization: OrganizationId) -> Iterator[tuple[int, str, date, date]]:
    """Totals that no advice tells although their cycle was closed by one, where something is left
    of them: number, agreement, closing day, through which day advices are made."""
    return _rows(
        "SELECT t.number, g.number, t.closes_on, MAX(c.closed_through) FROM running_total t "
        "JOIN billing_calendar c ON c.agreement_id = t.agreement "
        "AND c.organization_id IN (0, t.organization_id) AND c.closed_through >= t.closes_on "
        "JOIN agreement g ON g.id = t.agreement "
        "WHERE t.organization_id = %s AND t.told_on IS NULL AND t.quantity <> 0 "
        f"AND NOT ({term_on('settlement_method', 't.closes_on', 'g')} = 'pay-on-use' "
        "AND t.alone = 0) "
        # a use that is paid at once moves the calendar past a cycle that the next run tells
        "AND (t.alone <> 0 OR EXISTS (SELECT 1 FROM advice by_cycle "
        "WHERE by_cycle.agreement_id = t.agreement AND by_cycle.closes_on >= t.closes_on "
        "AND by_cycle.settlement_method <> 'pay-on-use')) "
        "AND NOT EXISTS (SELECT 1 FROM cancelled_running_total ct "
        "WHERE ct.organization_id = t.organization_id AND ct.total = t.number) "
        # what came into a cycle whose advice was cancelled is told when the cycle is told again
        "AND NOT EXISTS (SELECT 1 FROM advice_cancellation x JOIN advice ad ON ad.id = x.advice_id "
        "WHERE ad.agreement_id = t.agreement AND ad.closes_on = t.closes_on "
        "AND NOT EXISTS (SELECT 1 FROM advice later WHERE later.agreement_id = t.agreement "
        "AND later.closes_on = t.closes_on AND later.made_on > x.cancelled_on)) "
        "GROUP BY t.number, g.number, t.closes_on",
        [organization],
    )


def mixed_uses(organization: OrganizationId) -> Iterator[tuple[int, int, int]]:
    """Totals that count one use by itself, because it is paid at once, and yet count transfers of
    another one: number, the use's first transfer, and the other."""
    return _rows(
        "SELECT t.number, t.alone, MAX(c.entry) FROM running_total t "
        "JOIN title_entry f ON f.organization_id = t.organization_id AND f.number = t.alone "
        "JOIN charge c ON c.organization_id = t.organization_id AND c.total = t.number "
        "JOIN title_entry e ON e.organization_id = c.organization_id AND e.number = c.entry "
        "WHERE t.organization_id = %s AND t.alone <> 0 AND c.quantity > 0 "
        "AND (e.number < f.number OR e.cause <> f.cause OR e.document <> f.document) "
        "GROUP BY t.number, t.alone",
        [organization],
    )


def misattributed_prices(organization: OrganizationId) -> Iterator[tuple[int, str, int, str]]:
    """Totals that say they are at their agreement's price and are at one it never had on the day:
    number, agreement, price, currency."""
    return _rows(
        "SELECT t.number, g.number, t.price, t.currency FROM running_total t "
        "JOIN agreement g ON g.id = t.agreement "
        "WHERE t.organization_id = %s AND t.price_source = 'agreement' AND NOT EXISTS ("
        "SELECT 1 FROM agreement_price p WHERE p.agreement_id = t.agreement "
        "AND p.item_id = t.item_id AND p.starts_on <= t.happened_on "
        "AND (p.ends_on IS NULL OR p.ends_on > t.happened_on) "
        "AND p.withdrawal = 0 AND p.price = t.price AND p.per = t.per)",
        [organization],
    )


_REST = (
    "exception_resolution z JOIN open_exception x "
    "ON x.organization_id = z.organization_id AND x.number = z.exception "
    "JOIN consumption b ON b.organization_id = x.organization_id AND b.number = x.consumption "
    "JOIN consumption n ON n.organization_id = z.organization_id AND n.number = z.consumption "
    "AND n.item_id = b.item_id"
)
_STANDS_FOR = (
    "stands_for(line, rest_of, before) AS ("
    f"SELECT z.consumption, b.number, b.quantity - x.quantity FROM {_REST} "
    f"WHERE z.organization_id = %s AND z.how = '{Ending.REPLACED}' AND b.quantity > 0 UNION ALL "
    f"SELECT s.line, b.number, s.before + b.quantity - x.quantity FROM {_REST} "
    "JOIN stands_for s ON s.rest_of = z.consumption "
    f"WHERE z.organization_id = %s AND z.how = '{Ending.REPLACED}' AND b.quantity > 0)"
)
"""Lines that stand in the place of a rest, and how much its line had posted before."""


def mistiered_charges(organization: OrganizationId) -> Iterator[tuple[int, int, int, str]]:
    """Uses that are charged at a price of their agreement for more than their line said, or for
    less though it had another one for so much by then: the transfer, what the line said, price and
    currency. What waited of a line is charged as the line was told, and so is a line that stands in
    the place of what waited."""
    fits = (
        "SELECT 1 FROM agreement_price p WHERE p.agreement_id = t.agreement "
        "AND p.item_id = t.item_id AND p.starts_on <= t.happened_on AND p.withdrawal = 0 "
        "AND p.price = t.price AND p.per = t.per AND p.from_quantity <= told.quantity "
        "AND NOT EXISTS (SELECT 1 FROM agreement_price q WHERE q.agreement_id = p.agreement_id "
        "AND q.item_id = p.item_id AND q.starts_on = p.starts_on AND q.revision = p.revision "
        "AND q.withdrawal = 0 AND q.from_quantity > p.from_quantity "
        "AND q.from_quantity <= told.quantity AND (q.ends_on IS NULL OR q.ends_on > t.happened_on) "
        "AND (q.told_at IS NULL OR q.told_at <= g.recorded_at))"
    )
    return _rows(
        # worked out once: a planner without statistics would do it for every charge
        f"WITH RECURSIVE {_STANDS_FOR}, told AS MATERIALIZED (SELECT u.organization_id, u.number, "
        "u.quantity + COALESCE(MAX(s.before), 0) AS quantity FROM consumption u "
        "LEFT JOIN stands_for s ON s.line = u.number WHERE u.organization_id = %s "
        "GROUP BY u.organization_id, u.number, u.quantity) "
        "SELECT c.entry, told.quantity, t.price, t.currency FROM charge c JOIN posting g "
        "ON g.organization_id = c.organization_id AND g.number = c.posting "
        "JOIN running_total t ON t.organization_id = c.organization_id AND t.number = c.total "
        "JOIN title_entry e ON e.organization_id = c.organization_id AND e.number = c.entry "
        "JOIN told ON told.organization_id = c.organization_id AND told.number = e.document "
        "WHERE c.organization_id = %s AND c.quantity > 0 AND e.cause = 'consumption' "
        "AND (t.price_source = 'agreement' OR (t.price_source LIKE %s "
        f"AND t.price_source NOT LIKE %s)) AND NOT EXISTS ({fits}) ORDER BY c.entry",
        [*[organization] * 4, "agreement from-quantity=%", "agreement from-quantity=% %"],
    )


def booked(organization: OrganizationId) -> dict[tuple[int, int | None, str, str], int]:
    """Debits less credits by book, agreement, currency and account."""
    sums: dict[tuple[int, int | None, str, str], int] = {}
    for book, agreement, currency, debit, credit, amount in _rows(
        "SELECT book, agreement, currency, debit, credit, SUM(amount) FROM journal "
        "WHERE organization_id = %s GROUP BY book, agreement, currency, debit, credit",
        [organization],
    ):
        for account, signed in ((debit, int(amount)), (credit, -int(amount))):
            key = (book, agreement, currency, account)
            sums[key] = sums.get(key, 0) + signed
    return sums


def journals(organization: OrganizationId) -> Iterator[tuple[int, str, str, int]]:
    return _rows(
        "SELECT number, debit, credit, amount FROM journal WHERE organization_id = %s",
        [organization],
    )


def billed_tax(organization: OrganizationId) -> dict[tuple[int, str], BilledTax]:
    """The tax of invoices that settle an organization's advices, less that of the credit notes, by
    agreement and currency."""
    found: dict[tuple[int, str], BilledTax] = {}
    for agreement, currency, tax, billed in _rows(
        "SELECT a.agreement_id, a.currency, l.tax, v.tax_amount FROM settlement s "
        "JOIN advice a ON a.id = s.advice_id JOIN advice_line l ON l.advice_id = a.id "
        "JOIN invoice_line v ON v.invoice_id = s.invoice_id AND v.line = l.line "
        "WHERE l.organization_id = %s AND v.tax_amount <> 0 UNION ALL "
        "SELECT m.agreement_id, m.currency, l.tax, -c.tax_amount FROM credit_settlement s "
        "JOIN debit_memo m ON m.id = s.debit_memo_id "
        "JOIN debit_memo_line l ON l.debit_memo_id = m.id "
        "JOIN credit_note_line c ON c.credit_note_id = s.credit_note_id AND c.line = l.line "
        "WHERE l.organization_id = %s AND c.tax_amount <> 0",
        [organization, organization],
    ):
        so_far = found.get((agreement, currency), BilledTax(0, 0))
        found[agreement, currency] = BilledTax(
            so_far.tax + billed, so_far.recovered + read_tax(tax).recovered(billed)
        )
    return found


def owed(organization: OrganizationId) -> dict[tuple[int, str], dict[str, int]]:
    """What is owed by agreement and currency: what was charged, in its days' rounded amounts, and
    of that what was told; what no advice has told yet; what lines of advices come to, and by how
    much their invoices differ, all without tax; what is advised, settled and paid, with the tax
    that was billed; what is open `elsewhere`, and `vouchered` there."""
    found: dict[tuple[int, str], dict[str, int]] = {}

    def add(agreement: int, currency: str, name: str, amount: int) -> None:
        amounts = found.setdefault((agreement, currency), {})
        amounts[name] = amounts.get(name, 0) + amount

    for agreement, price, currency, per, quantity, is_told, alike in _rows(
        "SELECT agreement, price, currency, per, quantity, "
        "CASE WHEN told_on IS NULL THEN 0 ELSE 1 END, COUNT(*) FROM running_total "
        "WHERE organization_id = %s GROUP BY agreement, price, currency, per, quantity, "
        "CASE WHEN told_on IS NULL THEN 0 ELSE 1 END",
        [organization],
    ):
        amount = alike * Price(price, currency, per).extend(quantity)
        add(agreement, currency, "charged", amount)
        add(agreement, currency, "told" if is_told else "untold", amount)
    for agreement, currency, method, is_settled, is_paid, advised, amount, tax in _rows(
        "SELECT a.agreement_id, a.currency, a.settlement_method, "
        "CASE WHEN s.id IS NULL THEN 0 ELSE 1 END, "
        "CASE WHEN p.id IS NULL THEN 0 ELSE 1 END, SUM(l.amount), "
        "SUM(COALESCE(v.amount, l.amount)), SUM(COALESCE(v.tax_amount, 0)) "
        "FROM advice_line l "
        "JOIN advice a ON a.id = l.advice_id LEFT JOIN settlement s ON s.advice_id = a.id "
        "LEFT JOIN invoice_line v ON v.invoice_id = s.invoice_id AND v.line = l.line "
        "LEFT JOIN payment_line p ON p.invoice_id = s.invoice_id WHERE l.organization_id = %s "
        f"AND {STANDS.format(advice='a')} "
        "GROUP BY a.agreement_id, a.currency, a.settlement_method, "
        "CASE WHEN s.id IS NULL THEN 0 ELSE 1 END, CASE WHEN p.id IS NULL THEN 0 ELSE 1 END",
        [organization],
    ):
        name = "paid" if is_paid else "settled" if is_settled else "advised"
        if method != SettlementMethod.REPORT_ONLY:
            add(agreement, currency, name, int(amount) + int(tax))
        add(agreement, currency, "lines", int(advised))
        add(agreement, currency, "differs", int(amount) - int(advised))
    for agreement, currency, left in _rows(
        "SELECT e.agreement_id, e.currency, SUM(e.amount) FROM "
        f"{IN_AND_OUT.format(among='IS NOT NULL')} e WHERE e.organization_id = %s "
        "GROUP BY e.agreement_id, e.currency",
        [organization],
    ):
        add(agreement, currency, "elsewhere", int(left))
    for agreement, currency, amount in _rows(
        "SELECT a.agreement_id, a.currency, SUM(l.amount) FROM voucher v "
        "JOIN voucher_line l ON l.voucher_id = v.id JOIN advice a ON a.id = v.advice_id "
        "JOIN advice_line al ON al.advice_id = a.id AND al.line = l.line "
        "WHERE al.organization_id = %s GROUP BY a.agreement_id, a.currency",
        [organization],
    ):
        add(agreement, currency, "vouchered", int(amount))
    return found


class KeptAgreement(NamedTuple):
    """An agreement's number and parties, and whether it hands on what another one supplies."""

    number: str
    consignor: int
    consignee: int
    is_handed_on: bool


def agreements() -> dict[int, KeptAgreement]:
    rows = models.Agreement.objects.values_list(
        "pk", "number", "consignor_id", "consignee_id", "sourced_from"
    )
    return {
        pk: KeptAgreement(number, consignor, consignee, bool(sourced_from))
        for pk, number, consignor, consignee, sourced_from in rows
    }


def party_codes() -> dict[int, str]:
    return dict(models.Party.objects.values_list("pk", "code"))


def consigned_values(
    organization: OrganizationId, ours: PartyId
) -> dict[tuple[int, str, bool], int]:
    """What the consigned goods inside the walls came in at, by consignor, currency, and whether
    the consignor only hands them on."""
    values: dict[tuple[int, str, bool], int] = {}
    for owner, is_handed_on, price, currency, per, quantity in _rows(
        "SELECT p.owner_id, CASE WHEN COALESCE(a.sourced_from, '') = '' THEN 0 ELSE 1 END, "
        "l.price, l.currency, l.per, SUM(b.quantity) FROM balance b "
        "JOIN position p ON p.organization_id = b.organization_id AND p.number = b.position "
        "JOIN layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
        "LEFT JOIN agreement a ON a.id = l.agreement "
        "WHERE b.organization_id = %s AND NOT b.is_outer AND p.owner_id <> %s "
        "AND l.ownership = 'consigned' AND l.price IS NOT NULL "
        "GROUP BY p.owner_id, a.sourced_from, l.number, l.price, l.currency, l.per",
        [organization, ours],
    ):
        key = (owner, currency, bool(is_handed_on))
        value = Price(price, currency, per).extend(int(quantity))
        values[key] = values.get(key, 0) + value
    return values


class OwnedGoods(NamedTuple):
    """Our own goods inside the walls by layer: as they lie, as they are costed; and their cost by
    currency."""

    lying: dict[int, int]
    costed: dict[int, int]
    cost: dict[str, int]


def owned_goods(organization: OrganizationId, ours: PartyId) -> OwnedGoods:
    """Our own goods inside the walls, and what they cost."""
    lying = {
        layer: int(quantity)
        for layer, quantity in _rows(
            "SELECT b.layer, SUM(b.quantity) FROM balance b JOIN position p "
            "ON p.organization_id = b.organization_id AND p.number = b.position "
            "WHERE b.organization_id = %s AND NOT b.is_outer AND p.owner_id = %s GROUP BY b.layer",
            [organization, ours],
        )
    }
    costed: dict[int, int] = {}
    cost: dict[str, int] = {}
    for layer, quantity, amount, currency in _rows(
        "SELECT layer, quantity, cost, currency FROM inventory_cost WHERE organization_id = %s",
        [organization],
    ):
        cost[currency] = cost.get(currency, 0) + amount
        if quantity:
            costed[layer] = quantity
    return OwnedGoods(lying, costed, cost)


class CostedDay(NamedTuple):
    """What of a layer is ours on a day, how much of it is costed, and at how much."""

    layer: LayerNumber
    on: date
    lying: int
    costed: int
    cost: int


def owned_on_each_day(organization: OrganizationId, ours: PartyId) -> Iterator[CostedDay]:
    """What of each layer is ours inside the walls, day by day, as far as it is costed otherwise
    or below nothing."""
    inside = (
        "JOIN position p ON p.organization_id = e.organization_id AND p.number = e.{end} "
        "AND p.owner_id = %s JOIN place pl ON pl.organization_id = p.organization_id "
        f"AND pl.number = p.place AND pl.zone NOT IN ({_OUTER}) WHERE e.organization_id = %s"
    )
    return starmap(
        CostedDay,
        _rows(
            "WITH moved AS ("
            "SELECT e.layer, e.happened_on, e.quantity AS lying, 0 AS costed, 0 AS cost "
            f"FROM title_entry e {inside.format(end='target')} UNION ALL "
            "SELECT e.layer, e.happened_on, -e.quantity, 0, 0 "
            f"FROM title_entry e {inside.format(end='source')} UNION ALL "
            "SELECT layer, happened_on, 0, quantity, cost FROM cost_entry "
            "WHERE organization_id = %s), "
            "days AS (SELECT layer, happened_on, SUM(SUM(lying)) OVER sofar AS lying, "
            "SUM(SUM(costed)) OVER sofar AS costed, SUM(SUM(cost)) OVER sofar AS cost "
            "FROM moved GROUP BY layer, happened_on "
            "WINDOW sofar AS (PARTITION BY layer ORDER BY happened_on)) "
            "SELECT layer, happened_on, lying, costed, cost FROM days "
            "WHERE lying <> costed OR costed < 0 OR cost < 0 ORDER BY layer, happened_on",
            [ours, organization, ours, organization, organization],
        ),
    )


def inventory_on_each_day(
    organization: OrganizationId, ours: PartyId
) -> Iterator[tuple[str, date, int, int]]:
    """Days on which the inventory account is not the cost of our goods: currency, day, booked,
    cost."""
    return _rows(
        "WITH told AS (SELECT currency, happened_on, CASE WHEN debit = 'inventory' THEN amount "
        "ELSE -amount END AS booked, 0 AS cost FROM journal WHERE organization_id = %s "
        "AND book = %s AND 'inventory' IN (debit, credit) UNION ALL "
        "SELECT currency, happened_on, 0, cost FROM cost_entry WHERE organization_id = %s), "
        "days AS (SELECT currency, happened_on, SUM(SUM(booked)) OVER sofar AS booked, "
        "SUM(SUM(cost)) OVER sofar AS cost FROM told GROUP BY currency, happened_on "
        "WINDOW sofar AS (PARTITION BY currency ORDER BY happened_on)) "
        "SELECT currency, happened_on, booked, cost FROM days WHERE booked <> cost "
        "ORDER BY currency, happened_on",
        [organization, ours, organization],
    )


def named_accounts(organization: OrganizationId) -> set[str]:
    """The accounts that work orders named as their own."""
    return {
        account
        for (account,) in _rows(
            "SELECT DISTINCT account FROM work_order_issue "
            "WHERE organization_id = %s AND account IS NOT NULL",
            [organization],
        )
    }


def miscosted_layers(organization: OrganizationId) -> Iterator[tuple[int, int, int, int, int]]:
    """Layers whose own goods are kept otherwise than the changes of their cost come to: layer,
    quantity and cost as kept, quantity and cost as told."""
    return _rows(
        "SELECT layer, SUM(kept), SUM(kept_cost), SUM(told), SUM(told_cost) FROM ("
        "SELECT layer, item_id, currency, quantity AS kept, cost AS kept_cost, 0 AS told, "
        "0 AS told_cost, changed_on AS kept_on, NULL AS told_on FROM inventory_cost "
        "WHERE organization_id = %s UNION ALL "
        "SELECT c.layer, l.item_id, c.currency, 0, 0, c.quantity, c.cost, NULL, c.happened_on "
        "FROM cost_entry c "
        "JOIN layer l ON l.organization_id = c.organization_id AND l.number = c.layer "
        "WHERE c.organization_id = %s) AS costs GROUP BY layer, item_id, currency "
        "HAVING SUM(kept) <> SUM(told) OR SUM(kept_cost) <> SUM(told_cost) "
        "OR MAX(kept_on) <> MAX(told_on)",
        [organization, organization],
    )


def misprocessed_components(organization: OrganizationId) -> Iterator[tuple[int, int, int]]:
    """Components of which more or less is kept as in process than went in and did not go on:
    number, what is kept, and what should be."""
    return _rows(
        "SELECT number, quantity_left, went_in FROM ("
        "SELECT c.number, c.quantity_left, c.cost_left, c.quantity "
        "- COALESCE(u.quantity, 0) - COALESCE(r.quantity, 0) AS went_in, "
        "c.cost - COALESCE(u.cost, 0) - COALESCE(r.cost, 0) AS cost FROM component_issued c "
        "LEFT JOIN (SELECT component, SUM(quantity) AS quantity, SUM(cost) AS cost "
        "FROM component_used WHERE organization_id = %s GROUP BY component) u "
        "ON u.component = c.number "
        "LEFT JOIN (SELECT component, SUM(quantity) AS quantity, SUM(cost) AS cost "
        "FROM component_returned WHERE organization_id = %s AND used IS NULL GROUP BY component) r "
        "ON r.component = c.number WHERE c.organization_id = %s) AS parts "
        "WHERE quantity_left <> went_in OR cost_left <> cost",
        [organization] * 3,
    )


def purchases(organization: OrganizationId) -> tuple[dict[str, int], list[tuple[int, int, int]]]:
    """What purchase invoices cleared of the accrual, by currency; and the layers of which more is
    invoiced than was bought and kept: layer, bought, invoiced."""
    cleared = {
        currency: int(amount)
        for currency, amount in _rows(
            "SELECT currency, SUM(accrued) FROM purchase_invoice WHERE organization_id = %s "
            "GROUP BY currency HAVING SUM(accrued) <> 0",
            [organization],
        )
    }
    too_much = [
        (layer, int(bought), int(invoiced))
        for layer, bought, invoiced in _rows(
            "SELECT v.layer, MAX(CASE WHEN l.ownership = 'owned' THEN l.quantity ELSE 0 END), "
            "SUM(v.quantity) FROM purchase_invoice v LEFT JOIN layer l "
            "ON l.organization_id = v.organization_id AND l.number = v.layer "
            "AND l.supplier_id = v.supplier_id WHERE v.organization_id = %s GROUP BY v.layer "
            "HAVING SUM(v.quantity) > COALESCE("
            "MAX(CASE WHEN l.ownership = 'owned' THEN l.quantity ELSE 0 END), 0)",
            [organization],
        )
    ]
    return cleared, too_much


def booked_purchases(organization: OrganizationId) -> dict[str, int]:
    """What the books cleared of the accrual of receipts by purchase invoices, by currency."""
    return {
        currency: int(amount)
        for currency, amount in _rows(
            "SELECT currency, SUM(CASE WHEN debit = 'goods-received-accrual' THEN amount "
            "ELSE -amount END) FROM journal WHERE organization_id = %s "
            "AND 'purchases-payable' IN (debit, credit) "
            "AND 'goods-received-accrual' IN (debit, credit) GROUP BY currency",
            [organization],
        )
    }


def cost_in_process(organization: OrganizationId) -> dict[str, int]:
    """What the components that are in process cost, by currency."""
    return {
        currency: int(cost)
        for currency, cost in _rows(
            "SELECT currency, SUM(cost_left) FROM component_issued WHERE organization_id = %s "
            "GROUP BY currency",
            [organization],
        )
        if cost
    }


def theirs_in_owned_places(
    organization: OrganizationId, ours: PartyId
) -> list[tuple[str, LayerNumber, str, int]]:
    """What lies in an owned place and is not ours: place, layer, owner and how much."""
    then = bulk.then()
    return list(
        _rows(
            "SELECT pl.code, b.layer, w.code, b.quantity "
            f"FROM place pl {then} position p ON p.organization_id = pl.organization_id "
            f"AND p.place = pl.number {then} balance b "
            "ON b.organization_id = p.organization_id AND b.position = p.number "
            f"{then} party w ON w.id = p.owner_id "
            "WHERE pl.organization_id = %s AND pl.is_owned AND p.owner_id <> %s",
            [organization, ours],
        )
    )


def parts_of_pieces(organization: OrganizationId) -> list[tuple[str, str, int]]:
    """Where an item that is counted by the piece lies, was used or was counted in no whole number:
    the item, where or in which document, and how much. A share of a loss may split a piece, because
    there is no piece any more."""
    then = bulk.then()
    whole = "(i.counted_by = 'piece' OR i.tracking = 'serial')"
    lying = (
        "SELECT i.code, pl.code || ' ' || p.condition, SUM(b.quantity) "
        f"FROM item i {then} position p ON p.item_id = i.id "
        f"{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
        f"{then} balance b ON b.organization_id = p.organization_id AND b.position = p.number "
        f"WHERE p.organization_id = %s AND NOT b.is_outer AND {whole} "
        f"GROUP BY i.code, pl.code, p.condition HAVING SUM(b.quantity) %% {MICROS} <> 0"
    )
    told = (
        "SELECT i.code, '{prefix}_' || t.number, t.{column} "
        "FROM {table} t JOIN item i ON i.id = t.item_id "
        f"WHERE t.organization_id = %s AND t.{{column}} %% {MICROS} <> 0 AND {whole}"
    )
    uses = told.format(prefix="use", table="consumption", column="quantity")
    counts = told.format(prefix="cnt", table="stock_count", column="counted")
    return [
        (str(item), str(where), int(quantity))
        for statement, values in (
            (lying, [organization]),
            (f"{uses} AND t.source <> %s", [organization, own_source("loss")]),
            (counts, [organization]),
        )
        for item, where, quantity in _rows(statement, values)
    ]


def pieces_found_twice(organization: OrganizationId) -> list[tuple[str, str, int]]:
    """Pieces that lie here more than once: of one item and maker, with one serial."""
    then = bulk.then()
    return [
        (str(item), str(serial), int(quantity))
        for item, serial, quantity in _rows(
            "SELECT i.code, l.serial, SUM(b.quantity) "
            f"FROM item i {then} layer l ON l.item_id = i.id "
            f"{then} balance b ON b.organization_id = l.organization_id AND b.layer = l.number "
            "WHERE l.organization_id = %s AND i.tracking = 'serial' AND l.serial IS NOT NULL "
            "AND NOT b.is_outer "
            f"GROUP BY i.code, l.supplier_id, l.serial HAVING SUM(b.quantity) > {MICROS}",
            [organization],
        )
    ]


CAME_UNDER = "JOIN agreement a ON a.id = l.agreement LEFT JOIN order_line o ON o.id = l.order_line"
"""What came under an agreement; a line of its order may be bought all the same."""


def misowned_layers(
    organization: OrganizationId, ours: PartyId
) -> Iterator[tuple[LayerNumber, str, str]]:
    """Layers that came in otherwise than their agreement or order line says, and layers of others
    that were bought, or taken over though they are only held: layer, what it says, and why not.

    Goods from another organization keep the order line and the agreement that they came under;
    goods that passed to another agreement are of that one."""
    then = bulk.then()
    own_terms = (
        "COALESCE(l.from_organization, l.organization_id) = l.organization_id "
        "AND (a.consignor_id <> l.supplier_id OR "
    )
    checks = (
        ("it is under no agreement", "", "l.agreement IS NULL AND l.ownership = 'consigned'"),
        (
            "its agreement is not between its supplier and the holder",
            "JOIN agreement a ON a.id = l.agreement",
            own_terms + "a.consignee_id <> %s)",
        ),
        (
            "its agreement passes title",
            CAME_UNDER,
            "a.title_rule <> 'never' AND l.ownership <> 'consigned' AND NOT ({bought})",
        ),
        (
            "its agreement never passes title",
            CAME_UNDER,
            "a.title_rule = 'never' AND l.ownership <> 'non-owned' AND NOT ({bought})",
        ),
        (
            "its order line is consigned",
            "JOIN order_line o ON o.id = l.order_line",
            "o.ownership = 'consigned' AND l.ownership = 'owned'",
        ),
        (
            "it was bought where it came in",
            f"{then} title_entry e ON e.organization_id = l.organization_id AND e.layer = l.number "
            "AND e.kind = 'purchased'",
            "l.ownership <> 'owned'",
        ),
        (
            "its title passed by use or by its place",
            f"{then} title_entry e ON e.organization_id = l.organization_id AND e.layer = l.number "
            "AND e.kind = 'transferred-to-owned'",
            "l.ownership <> 'consigned'",
        ),
    )
    bought = "l.ownership <> 'consigned' AND COALESCE(o.ownership, 'consigned') <> 'consigned'"
    for why, others, wrong in checks:
        parameters = [organization, *([ours] if "%s" in wrong else [])]
        for layer, ownership in _rows(
            f"SELECT DISTINCT l.number, l.ownership FROM layer l {others} "
            f"WHERE l.organization_id = %s AND {wrong.format(bought=bought)} ORDER BY 1",
            parameters,
        ):
            yield layer, ownership, why


_SAME_GOODS = (
    "item_id", "supplier_id", "received_on", "shipped_on", "expires_on", "lot", "serial", "receipt",
    "receipt_line", "customs_status", "customs_document", "origin",
)  # fmt: skip
"""What goods keep that pass to another agreement."""


def mispassed(organization: OrganizationId) -> Iterator[tuple[int, str]]:
    """Renewals that do not pass goods on as they are: number, and what is wrong."""
    back = "r.takes_back IS NOT NULL"
    other_goods = " OR ".join(
        f"COALESCE(CAST(l.{name} AS text), '') <> COALESCE(CAST(m.{name} AS text), '')"
        for name in _SAME_GOODS
    )
    passed = (
        "SELECT COUNT(*) FROM title_entry e JOIN title_entry f "
        "ON f.organization_id = e.organization_id AND f.number = e.number + 1 "
        "AND f.source = e.target AND f.target = e.source AND f.quantity = e.quantity "
        "AND f.happened_on = e.happened_on AND f.kind = e.kind AND f.cause = e.cause "
        "AND f.document = e.document JOIN position p ON p.organization_id = e.organization_id "
        "AND p.number = e.source AND p.owner_id = a.consignor_id "
        "WHERE e.organization_id = r.organization_id AND e.kind = 'renewed' "
        "AND e.cause = 'renewal' AND e.document = r.number AND e.quantity = r.quantity "
        "AND e.happened_on = r.happened_on "
        f"AND e.layer = CASE WHEN {back} THEN r.becomes ELSE r.layer END "
        f"AND f.layer = CASE WHEN {back} THEN r.layer ELSE r.becomes END"
    )
    all_entries = (
        "SELECT COUNT(*) FROM title_entry e WHERE e.organization_id = r.organization_id "
        "AND e.cause = 'renewal' AND e.document = r.number"
    )
    before = (
        "SELECT 1 FROM renewal x WHERE x.organization_id = r.organization_id "
        "AND x.number = r.takes_back AND x.takes_back IS NULL AND x.layer = r.layer "
        "AND x.becomes = r.becomes AND x.happened_on <= r.happened_on"
    )
    taken = (
        "SELECT SUM(x.quantity) FROM renewal x WHERE x.organization_id = r.organization_id "
        "AND x.takes_back = r.number"
    )
    checks = (
        ("its agreements are not of the same two parties",
         "a.id = b.id OR a.consignor_id <> b.consignor_id OR a.consignee_id <> b.consignee_id"),
        ("its goods are not what they were", other_goods),
        ("its layers do not know of one another",
         "m.from_layer IS NULL OR m.from_layer <> l.number "
         "OR m.from_organization <> m.organization_id"),
        ("it is not what its layer came with",
         f"NOT ({back}) AND (m.quantity <> r.quantity OR m.posting <> r.posting)"),
        ("its goods did not pass, as whose they were, where they lay",
         f"({passed}) <> 1 OR ({all_entries}) <> 2"),
        ("nobody of the consignor agreed to it",
         f"NOT ({back}) AND (r.consent = '' OR r.agreed_on IS NULL)"),
        ("it takes back what did not pass", f"{back} AND NOT EXISTS ({before})"),
        ("more of it is taken back than passed", f"COALESCE(({taken}), 0) > r.quantity"),
    )  # fmt: skip
    for why, wrong in checks:
        for (number,) in _rows(
            "SELECT r.number FROM renewal r "
            "JOIN layer l ON l.organization_id = r.organization_id AND l.number = r.layer "
            "JOIN layer m ON m.organization_id = r.organization_id AND m.number = r.becomes "
            "JOIN agreement a ON a.id = l.agreement JOIN agreement b ON b.id = m.agreement "
            f"WHERE r.organization_id = %s AND ({wrong}) ORDER BY r.number",
            [organization],
        ):
            yield number, why


def unrenewed(organization: OrganizationId) -> Iterator[tuple[str, int, str]]:
    """Entries and layers of renewals that no renewal tells of, renewals of layers that are not
    there or are under no agreement, and what is charged by the agreement that goods passed to for a
    day before they did."""
    checks = (
        ("ent", "no renewal tells of it",
         "title_entry n WHERE (n.kind = 'renewed') <> (n.cause = 'renewal')"),
        ("lay", "no renewal tells of it",
         "layer n WHERE n.from_organization = n.organization_id AND NOT EXISTS ("
         "SELECT 1 FROM renewal r WHERE r.organization_id = n.organization_id "
         "AND r.becomes = n.number AND r.layer = n.from_layer AND r.takes_back IS NULL)"),
        ("rnw", "its layers are under no agreements",
         "renewal n WHERE (SELECT COUNT(*) FROM layer y JOIN agreement a "
         "ON a.id = y.agreement WHERE y.organization_id = n.organization_id "
         "AND y.number IN (n.layer, n.becomes)) <> 2"),
        ("ent", "it is charged for a day before its goods were renewed",
         "title_entry n JOIN renewal r ON r.organization_id = n.organization_id "
         "AND r.becomes = n.layer AND r.takes_back IS NULL JOIN charge c "
         "ON c.organization_id = n.organization_id AND c.entry = n.number "
         "JOIN running_total t ON t.organization_id = c.organization_id AND t.number = c.total "
         "WHERE n.kind = 'transferred-to-owned' AND t.happened_on < r.happened_on"),
    )  # fmt: skip
    for what, why, wrong in checks:
        for (number,) in _rows(
            f"SELECT n.number FROM {wrong} AND n.organization_id = %s ORDER BY n.number",
            [organization],
        ):
            yield what, number, why


def misheld(organization: OrganizationId) -> list[tuple[LayerNumber, int, int]]:
    """Layers of which other than what their holds say is on hold: layer, how much the holds keep,
    and how much is on hold. Of a recalled lot more may be."""
    then = bulk.then()
    lying = dict(
        _rows(
            f"SELECT b.layer, SUM(b.quantity) FROM position p {then} balance b "
            "ON b.organization_id = p.organization_id AND b.position = p.number "
            "WHERE p.organization_id = %s AND p.condition = 'on-hold' AND NOT b.is_outer "
            "GROUP BY b.layer",
            [organization],
        )
    )
    kept = dict(
        _rows(
            "SELECT h.layer, SUM(h.quantity - COALESCE((SELECT SUM(x.quantity) FROM hold_end x "
            "WHERE x.organization_id = h.organization_id AND x.hold = h.number), 0)) "
            "FROM goods_hold h WHERE h.organization_id = %s GROUP BY h.layer",
            [organization],
        )
    )
    layers = {layer for layer in lying.keys() | kept.keys() if lying.get(layer) != kept.get(layer)}
    recalled = set(_of_recalled_lots(organization))
    return sorted(
        (LayerNumber(layer), int(kept.get(layer) or 0), int(lying.get(layer) or 0))
        for layer in layers
        if int(kept.get(layer) or 0) > int(lying.get(layer) or 0)
        or (layer not in recalled and int(kept.get(layer) or 0) != int(lying.get(layer) or 0))
    )


def free_of_recalled_lots(organization: OrganizationId) -> list[tuple[LayerNumber, int]]:
    """Layers of lots that are recalled and of which something may be used."""
    then = bulk.then()
    subquery, wanted = bulk.among(_of_recalled_lots(organization))
    return [
        (LayerNumber(layer), int(quantity))
        for layer, quantity in _rows(
            f"SELECT b.layer, SUM(b.quantity) FROM position p {then} balance b "
            "ON b.organization_id = p.organization_id AND b.position = p.number "
            "WHERE p.organization_id = %s AND p.condition = 'unrestricted' AND NOT b.is_outer "
            f"AND b.layer IN ({subquery}) GROUP BY b.layer HAVING SUM(b.quantity) <> 0",
            [organization, wanted],
        )
    ]


def _of_recalled_lots(organization: OrganizationId) -> list[int]:
    return [
        layer
        for (layer,) in _rows(
            "SELECT DISTINCT l.number FROM recall r JOIN layer l "
            "ON l.organization_id = r.organization_id AND l.item_id = r.item_id "
            "AND l.supplier_id = r.supplier_id AND l.lot = r.lot "
            f"WHERE r.organization_id = %s AND {STANDS_RECALLED}",
            [organization],
        )
    ]


def shared_gtins() -> list[tuple[str, list[str]]]:
    """GTINs that several items have, however they are written."""
    found: dict[str, list[str]] = {}
    rows = models.Item.objects.exclude(gtin="").order_by("code").values_list("gtin", "code")
    for gtin, code in rows:
        found.setdefault(as_gtin(gtin) or gtin, []).append(code)
    return sorted((gtin, codes) for gtin, codes in found.items() if len(codes) > 1)


def components_taken_early(organization: OrganizationId) -> Iterator[tuple[int, str]]:
    """Components that became ours before the event that their agreement names: issued ahead of a
    completion, or into a product that was not told to have passed its test."""
    return _rows(
        "SELECT c.number, a.number FROM component_issued c "
        "JOIN layer l ON l.organization_id = c.organization_id AND l.number = c.layer "
        "JOIN agreement a ON a.id = l.agreement "
        "JOIN consumption u ON u.organization_id = c.organization_id AND u.number = c.consumption "
        "LEFT JOIN work_order_issue w ON w.organization_id = u.organization_id "
        "AND w.consumption = u.number "
        "LEFT JOIN production p ON p.organization_id = w.organization_id "
        "AND p.number = w.production "
        "WHERE c.organization_id = %s AND c.transfer IS NOT NULL AND a.title_rule <> 'never' AND ("
        "u.kind IN ('production', 'kit') AND (a.title_rule = 'on-completion' "
        "OR a.title_after_inspection) "
        "OR u.kind = 'backflush' AND a.title_after_inspection AND NOT COALESCE(p.has_passed, "
        "{no})) "
        "ORDER BY c.number".format(no="false" if bulk.is_postgres() else "0"),
        [organization],
    )


def misdesignated(
    organization: OrganizationId | None,
) -> Iterator[tuple[str, str, str, str]]:
    """Items whose designation or approval is not what its last change says, for the company or in
    an organization: item, what, what was said, and what stands."""
    last: dict[tuple[int, str], str] = {
        (item, what): after
        for item, what, after in _changes(organization)
        .order_by("pk")
        .values_list("item_id", "what", "after")
    }
    if not last:
        return
    codes = dict(models.Item.objects.values_list("pk", "code"))
    stands = _designations(organization)
    for (item, what), said in sorted(last.items()):
        now = stands.get((item, what), "nothing")
        if what in ("designation", "approval") and now != said:
            yield codes[item], what, said, now


def _changes(organization: OrganizationId | None) -> QuerySet[models.ItemChange]:
    changes = models.ItemChange.objects
    if organization is None:
        return changes.filter(organization__isnull=True)
    return changes.filter(organization_id=organization)


def _designations(organization: OrganizationId | None) -> dict[tuple[int, str], str]:
    rows = (
        models.Item.objects.values_list("pk", "ownership", "is_approved")
        if organization is None
        else models.ItemSetting.objects.filter(organization_id=organization).values_list(
            "item_id", "ownership", "is_approved"
        )
    )
    stands: dict[tuple[int, str], str] = {}
    for item, ownership, is_approved in rows:
        stands[item, "designation"] = ownership
        stands[item, "approval"] = "yes" if is_approved else "no"
    return stands


def misclosed(organization: OrganizationId) -> Iterator[tuple[date | None, date | None]]:
    """Through which day the books are said to be closed, where the last decision says another."""
    return _rows(
        "SELECT said, closed FROM (SELECT o.closed_through AS said, (SELECT MAX(c.closed_through) "
        "FROM period_close c WHERE c.organization_id = o.id) AS closed "
        "FROM organization o WHERE o.id = %s) AS both_days "
        "WHERE COALESCE(said, '0001-01-01') <> COALESCE(closed, '0001-01-01')",
        [organization],
    )


def posted_into_closed(organization: OrganizationId) -> Iterator[tuple[str, int, date, date]]:
    """Entries and journals of days that were closed when they were posted: which kind, number,
    day, and through which day the books were closed."""
    for what, table in (("ent", "title_entry"), ("jrn", "journal")):
        yield from _rows(
            f"SELECT '{what}', f.number, f.happened_on, MAX(c.closed_through) FROM period_close c "
            f"JOIN {table} f ON f.organization_id = c.organization_id AND f.posting > c.posting "
            "AND f.happened_on <= c.closed_through WHERE c.organization_id = %s "
            "GROUP BY f.number, f.happened_on",
            [organization],
        )


PAID_IN_ALL = (
    "p.amount + COALESCE((SELECT SUM(n.amount) FROM payment_credit n WHERE n.payment_id = p.id), 0)"
)
"""What a payment pays, with the credit notes that it nets."""


def misplaced_cycles() -> Iterator[tuple[str, str]]:
    """Advices that were made before their cycle was over, and cycles that overlap: which, and why.
    What is paid on use waits for no cycle."""
    for number, closes_on, made_on, recorded_on in _rows(
        "SELECT number, closes_on, made_on, recorded_on FROM advice "
        "WHERE settlement_method <> 'pay-on-use' AND (recorded_on <= closes_on "
        "OR made_on < closes_on OR made_on > recorded_on)",
        [],
    ):
        why = f"its cycle closed on {closes_on}; it was made on {recorded_on}, for {made_on}"
        yield f"advice {number}", why
    for number, starts_on, closed_before in _rows(
        "SELECT g.number, one.starts_on, one.closed_before FROM (SELECT agreement_id, starts_on, "
        "LAG(closes_on) OVER (PARTITION BY agreement_id ORDER BY starts_on, closes_on) "
        "AS closed_before FROM (SELECT DISTINCT agreement_id, starts_on, closes_on FROM advice "
        "WHERE settlement_method <> 'pay-on-use') AS cycle) AS one "
        "JOIN agreement g ON g.id = one.agreement_id WHERE one.closed_before >= one.starts_on",
        [],
    ):
        why = f"a cycle of it begins on {starts_on}, and one before it closed on {closed_before}"
        yield f"agreement {number}", why


def misdrawn_documents() -> Iterator[tuple[str, str]]:
    """Settlement documents that do not add up: which, and why."""
    checks = (
        (
            "advice",
            "an advice is the sum of its lines",
            "SELECT a.number FROM advice a LEFT JOIN advice_line l ON l.advice_id = a.id "
            "GROUP BY a.id, a.number, a.amount, a.tax_amount "
            "HAVING a.amount <> COALESCE(SUM(l.amount), 0) "
            "OR a.tax_amount <> COALESCE(SUM(l.tax_amount), 0)",
        ),
        (
            "advice",
            "its closing date is told in the billing calendar",
            "SELECT a.number FROM advice a WHERE NOT EXISTS (SELECT 1 FROM billing_calendar c "
            "WHERE c.agreement_id = a.agreement_id AND c.closed_through >= a.closes_on)",
        ),
        (
            "billing calendar",
            "it has moved on by advices, and by what netted to nothing, alone",
            "SELECT g.number FROM billing_calendar c JOIN agreement g ON g.id = c.agreement_id "
            "WHERE NOT EXISTS (SELECT 1 FROM advice a WHERE a.agreement_id = c.agreement_id "
            "AND a.closes_on = c.closed_through) AND NOT EXISTS (SELECT 1 FROM running_total t "
            "WHERE t.agreement = c.agreement_id AND t.closes_on = c.closed_through "
            "AND t.told_on IS NOT NULL AND c.organization_id IN (0, t.organization_id))",
        ),
        (
            "invoice",
            "an invoice that settles an advice is of that advice and answers each of its lines",
            "SELECT i.number FROM settlement s JOIN invoice i ON i.id = s.invoice_id "
            "JOIN advice a ON a.id = s.advice_id "
            "WHERE i.advice_id <> a.id OR i.currency <> a.currency "
            "OR i.consignor_id <> a.consignor_id OR i.consignee_id <> a.consignee_id OR EXISTS ("
            "SELECT 1 FROM advice_line l WHERE l.advice_id = a.id AND 1 <> (SELECT COUNT(*) "
            "FROM invoice_line v WHERE v.invoice_id = i.id AND v.line = l.line)) OR EXISTS ("
            "SELECT 1 FROM invoice_line v WHERE v.invoice_id = i.id AND NOT EXISTS (SELECT 1 "
            "FROM advice_line l WHERE l.advice_id = a.id AND l.line = v.line))",
        ),
        *(
            (
                paper,
                "its number is one of its year",
                f"SELECT number FROM {table} WHERE "
                f"CAST(year AS VARCHAR(4)) <> SUBSTR(CAST({on} AS VARCHAR(10)), 1, 4)",
            )
            for paper, table, on in (
                ("invoice", "invoice", "invoiced_on"),
                ("credit note", "credit_note", "credited_on"),
            )
        ),
        (
            "invoice",
            "an invoice that settles another amount than was advised says why",
            "SELECT i.number FROM settlement s JOIN invoice i ON i.id = s.invoice_id "
            "JOIN advice a ON a.id = s.advice_id JOIN invoice_decision d ON d.invoice_id = i.id "
            "AND d.standing = 'accepted' WHERE (i.amount <> a.amount + a.tax_amount "
            "OR i.tax_amount <> a.tax_amount) AND d.because = ''",
        ),
        (
            "invoice",
            "an invoice is accepted exactly if it settles its advice",
            "SELECT i.number FROM invoice i WHERE (EXISTS (SELECT 1 FROM settlement s "
            "WHERE s.invoice_id = i.id)) <> (EXISTS (SELECT 1 FROM invoice_decision d "
            "WHERE d.invoice_id = i.id AND d.standing = 'accepted'))",
        ),
        (
            "invoice",
            "its lines come to its amount",
            "SELECT i.number FROM invoice i JOIN settlement s ON s.invoice_id = i.id "
            "LEFT JOIN invoice_line l ON l.invoice_id = i.id "
            "GROUP BY i.id, i.number, i.amount, i.tax_amount "
            "HAVING i.amount <> COALESCE(SUM(l.amount + l.tax_amount), 0) "
            "OR i.tax_amount <> COALESCE(SUM(l.tax_amount), 0)",
        ),
        (
            "payment",
            "a payment is the sum of the accepted invoices it pays",
            "SELECT p.number FROM payment p LEFT JOIN payment_line l ON l.payment_id = p.id "
            "LEFT JOIN invoice i ON i.id = l.invoice_id LEFT JOIN settlement s "
            f"ON s.invoice_id = i.id GROUP BY p.id, p.number, p.amount HAVING {PAID_IN_ALL} <> "
            "COALESCE(SUM(CASE WHEN s.id IS NULL OR i.currency <> p.currency THEN 0 "
            f"ELSE i.amount END), 0) OR {PAID_IN_ALL} <> COALESCE(SUM(l.amount), 0)",
        ),
        (
            "payment",
            "it nets accepted credit notes of its parties and currency, and is not below nothing",
            "SELECT p.number FROM payment p WHERE p.amount < 0 OR EXISTS (SELECT 1 "
            "FROM payment_credit n JOIN credit_note c ON c.id = n.credit_note_id "
            "LEFT JOIN credit_settlement s ON s.credit_note_id = c.id WHERE n.payment_id = p.id "
            "AND (s.id IS NULL OR c.currency <> p.currency OR c.amount <> n.amount "
            "OR c.consignor_id <> p.consignor_id OR c.consignee_id <> p.consignee_id))",
        ),
        (
            "debit memo",
            "a debit memo is the sum of its lines, and each says what its request says",
            "SELECT m.number FROM debit_memo m LEFT JOIN debit_memo_line l "
            "ON l.debit_memo_id = m.id LEFT JOIN debit_request d "
            "ON d.organization_id = l.organization_id AND d.number = l.request "
            "AND d.agreement = m.agreement_id AND d.currency = m.currency "
            "AND d.item_id = l.item_id AND d.quantity = l.quantity AND d.price = l.price "
            "AND d.per = l.per GROUP BY m.id, m.number, m.amount, m.tax_amount "
            "HAVING m.amount <> COALESCE(SUM(l.amount), 0) "
            "OR m.tax_amount <> COALESCE(SUM(l.tax_amount), 0) "
            "OR m.amount <> COALESCE(SUM(d.amount), 0) OR COUNT(*) <> COUNT(d.number)",
        ),
        (
            "debit memo",
            "a debit memo is of one advice, and of the invoice that settles it",
            "SELECT m.number FROM debit_memo m LEFT JOIN settlement s ON s.advice_id = m.advice_id "
            "WHERE (m.advice_id IS NOT NULL AND m.settlement_method <> 'report-only' "
            "AND (s.invoice_id IS NULL OR m.invoice_id IS NULL OR s.invoice_id <> m.invoice_id)) "
            "OR EXISTS (SELECT 1 FROM debit_memo_line l JOIN debit_request d "
            "ON d.organization_id = l.organization_id AND d.number = l.request "
            "LEFT JOIN advice_line a ON a.id = d.advice_line WHERE l.debit_memo_id = m.id "
            "AND (COALESCE(a.advice_id, 0) <> COALESCE(m.advice_id, 0) "
            "OR COALESCE(a.line, 0) <> COALESCE(l.advice_line, 0)))",
        ),
        (
            "credit note",
            "a credit note is accepted exactly if it settles its debit memo",
            "SELECT c.number FROM credit_note c LEFT JOIN credit_settlement s "
            "ON s.credit_note_id = c.id WHERE (s.id IS NOT NULL AND s.debit_memo_id <> "
            "c.debit_memo_id) OR (s.id IS NOT NULL) <> (EXISTS (SELECT 1 "
            "FROM credit_note_decision d WHERE d.credit_note_id = c.id "
            "AND d.standing = 'accepted'))",
        ),
        (
            "credit note",
            "a debit memo is answered by one credit note that stands",
            "SELECT m.number FROM debit_memo m JOIN credit_note c ON c.debit_memo_id = m.id "
            "WHERE NOT EXISTS (SELECT 1 FROM credit_note_decision d WHERE d.credit_note_id = c.id "
            "AND d.standing = 'rejected') GROUP BY m.id, m.number HAVING COUNT(*) > 1",
        ),
        (
            "credit note",
            "one that settles a debit memo answers each of its lines, and its lines come to it",
            "SELECT c.number FROM credit_settlement s JOIN credit_note c ON c.id = "
            "s.credit_note_id "
            "JOIN debit_memo m ON m.id = s.debit_memo_id WHERE c.currency <> m.currency "
            "OR c.amount <> (SELECT COALESCE(SUM(v.amount + v.tax_amount), 0) "
            "FROM credit_note_line v WHERE v.credit_note_id = c.id) OR EXISTS (SELECT 1 "
            "FROM debit_memo_line l WHERE l.debit_memo_id = m.id AND 1 <> (SELECT COUNT(*) "
            "FROM credit_note_line v WHERE v.credit_note_id = c.id AND v.line = l.line)) "
            "OR EXISTS (SELECT 1 FROM credit_note_line v WHERE v.credit_note_id = c.id "
            "AND NOT EXISTS (SELECT 1 FROM debit_memo_line l WHERE l.debit_memo_id = m.id "
            "AND l.line = v.line))",
        ),
        (
            "credit note",
            "one that credits another amount than was asked says why",
            "SELECT c.number FROM credit_settlement s JOIN credit_note c ON c.id = "
            "s.credit_note_id "
            "JOIN debit_memo m ON m.id = s.debit_memo_id JOIN credit_note_decision d "
            "ON d.credit_note_id = c.id AND d.standing = 'accepted' "
            "WHERE (c.amount <> m.amount + m.tax_amount OR c.tax_amount <> m.tax_amount) "
            "AND d.because = ''",
        ),
        (
            "credit note",
            "it is netted exactly if a payment says so",
            "SELECT c.number FROM credit_note c WHERE (EXISTS (SELECT 1 FROM payment_credit n "
            "WHERE n.credit_note_id = c.id)) <> (EXISTS (SELECT 1 FROM credit_note_decision d "
            "WHERE d.credit_note_id = c.id AND d.standing = 'paid'))",
        ),
        (
            "credit note",
            "its number is of no invoice",
            "SELECT c.number FROM credit_note c JOIN invoice i "
            "ON i.consignor_id = c.consignor_id AND i.number = c.number",
        ),
        (
            "invoice",
            "it is paid once, in full, between its own parties",
            "SELECT i.number FROM payment_line l JOIN invoice i ON i.id = l.invoice_id "
            "JOIN payment p ON p.id = l.payment_id GROUP BY i.id, i.number HAVING COUNT(*) > 1 "
            "OR SUM(CASE WHEN l.amount = i.amount AND p.consignor_id = i.consignor_id "
            "AND p.consignee_id = i.consignee_id THEN 0 ELSE 1 END) > 0",
        ),
        (
            "invoice",
            "it is paid exactly if a payment says so",
            "SELECT i.number FROM invoice i WHERE (EXISTS (SELECT 1 FROM payment_line l "
            "WHERE l.invoice_id = i.id)) <> (EXISTS (SELECT 1 FROM invoice_decision d "
            "WHERE d.invoice_id = i.id AND d.standing = 'paid'))",
        ),
        (
            "advice",
            "one invoice at a time stands for it",
            "SELECT a.number FROM invoice i JOIN advice a ON a.id = i.advice_id "
            "WHERE NOT EXISTS (SELECT 1 FROM invoice_decision d WHERE d.invoice_id = i.id "
            "AND d.standing = 'rejected') GROUP BY a.id, a.number HAVING COUNT(*) > 1",
        ),
        (
            "voucher",
            "a voucher is of an advice that is settled elsewhere, and is the sum of its lines",
            "SELECT v.number FROM voucher v JOIN advice a ON a.id = v.advice_id "
            "LEFT JOIN voucher_line l ON l.voucher_id = v.id "
            "LEFT JOIN advice_line al ON al.advice_id = a.id AND al.line = l.line "
            "GROUP BY v.id, v.number, v.amount, a.settlement_method "
            f"HAVING a.settlement_method <> '{SettlementMethod.REPORT_ONLY}' "
            "OR v.amount <> COALESCE(SUM(l.amount), 0) OR COUNT(l.id) <> COUNT(al.id)",
        ),
        (
            "advice",
            "no more of it is vouchered elsewhere than it comes to",
            "SELECT t.number FROM (SELECT a.number, CASE WHEN EXISTS (SELECT 1 "
            "FROM advice_cancellation c WHERE c.advice_id = a.id) THEN 0 ELSE a.amount END "
            "AS advised, a.amount - COALESCE((SELECT SUM(m.amount) FROM debit_memo m "
            "WHERE m.advice_id = a.id), 0) AS kept, (SELECT SUM(v.amount) FROM voucher v "
            "WHERE v.advice_id = a.id) AS recorded FROM advice a "
            "WHERE EXISTS (SELECT 1 FROM voucher v WHERE v.advice_id = a.id)) t "
            "WHERE (t.recorded > 0 AND t.recorded > t.advised AND t.recorded > t.kept) "
            "OR (t.recorded < 0 AND t.recorded < t.advised AND t.recorded < t.kept)",
        ),
        (
            "advice",
            "one that was cancelled keeps what each of its lines had told",
            "SELECT a.number FROM advice_cancellation c JOIN advice a ON a.id = c.advice_id "
            "JOIN advice_line l ON l.advice_id = a.id WHERE l.quantity <> COALESCE((SELECT "
            "SUM(t.quantity) FROM cancelled_running_total t WHERE t.advice_line_id = l.id "
            "AND t.organization_id = l.organization_id), 0) GROUP BY a.id, a.number",
        ),
        (
            "advice",
            "one that was cancelled has no invoice, and tells nothing any more",
            "SELECT a.number FROM advice_cancellation c JOIN advice a ON a.id = c.advice_id "
            "WHERE EXISTS (SELECT 1 FROM settlement s WHERE s.advice_id = a.id) "
            "OR EXISTS (SELECT 1 FROM advice_line l JOIN running_total t ON t.advice_line = l.id "
            "WHERE l.advice_id = a.id)",
        ),
        (
            "advice line",
            "only what a cancelled one had told is kept so",
            "SELECT DISTINCT t.advice_line_id FROM cancelled_running_total t JOIN advice_line l "
            "ON l.id = t.advice_line_id WHERE NOT EXISTS (SELECT 1 FROM advice_cancellation c "
            "WHERE c.advice_id = l.advice_id) OR NOT EXISTS (SELECT 1 FROM running_total r "
            "WHERE r.organization_id = t.organization_id AND r.number = t.total "
            "AND r.item_id = l.item_id AND r.price = l.price AND r.per = l.per)",
        ),
        (
            "advice",
            "it is between the parties of its agreement",
            "SELECT a.number FROM advice a JOIN agreement g ON g.id = a.agreement_id "
            "WHERE a.consignor_id <> g.consignor_id OR a.consignee_id <> g.consignee_id",
        ),
        (
            "advice",
            # what comes off what was told before is told by the run, as a corrected price is, and
            # what was used before the agreement paid on use, though a changed price gave it
            # another total
            "what is paid on use is told by itself and billed at once",
            "SELECT a.number FROM advice a JOIN agreement g ON g.id = a.agreement_id "
            "JOIN advice_line l ON l.advice_id = a.id "
            "JOIN running_total t ON t.advice_line = l.id "
            "JOIN posting p ON p.organization_id = t.organization_id AND p.number = t.posting "
            "LEFT JOIN settlement s ON s.advice_id = a.id "
            "WHERE a.settlement_method = 'pay-on-use' GROUP BY a.id, a.number "
            "HAVING COUNT(s.id) = 0 OR MIN(t.alone) <> MAX(t.alone) "
            "OR MIN(CASE WHEN l.kind = 'consumption' AND t.quantity > 0 "
            "AND p.cause <> 'price-change' AND "
            f"{term_on('settlement_method', 'p.recorded_on', 'g')} = 'pay-on-use' "
            "THEN t.alone ELSE 1 END) = 0",
        ),
    )
    for what, rule, sql in checks:
        for (number,) in _rows(sql, []):
            yield f"{what} {number}", f"{rule}: it does not"
