"""What was changed of masters, in the database: each field with what it was and what it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from consigned_service.records import models
from consigned_service.records.master_data.agreements import agreement_ids, party_ids
from consigned_service.records.master_data.item_pages import KNOWN
from consigned_service.records.master_data.party_pages import CONSIGNEES, CONSIGNORS
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where


class Master(NamedTuple):
    """Which master a change is of: its kind and name, and whose it is, for those who may read it.

    An organization's is its party's.
    """

    what: str
    name: str
    party: str = ""
    organization: int = 0
    item: str = ""
    agreement: str = ""


class Change(NamedTuple):
    """One field of a master: what it was, and what it became."""

    of: Master
    field: str
    was: str
    became: str


COLUMNS = (
    "what", "name", "field", "was", "became", "party_id", "item_id", "agreement_id",
    "recorded_by", "recorded_on", "recorded_at",
)  # fmt: skip


def add_changes(changes: Sequence[Change], *, by: str, at: datetime) -> None:
    """Keep changes, in the order in which they were told."""
    parties = party_ids({change.of.party for change in changes})
    holders = dict(
        models.Organization.objects.filter(
            pk__in={change.of.organization for change in changes}
        ).values_list("pk", "party_id")
    )
    items = dict(
        models.Item.objects.filter(
            code__in=bulk.writable({change.of.item for change in changes})
        ).values_list("code", "pk")
    )
    agreements = agreement_ids({change.of.agreement for change in changes})
    moment = connection.ops.adapt_datetimefield_value(at)
    bulk.insert(
        "master_change",
        COLUMNS,
        [
            (of.what, of.name[:200], field, was[:500], became[:500],
             parties.get(of.party) or holders.get(of.organization), items.get(of.item),
             agreements.get(of.agreement), by, at.date().isoformat(), moment)
            for of, field, was, became in changes
        ],
    )  # fmt: skip


# --- reading -----------------------------------------------------------------------------


class ToldChange(NamedTuple):
    what: str
    name: str
    field: str
    was: str
    became: str
    recorded_by: str
    recorded_at: datetime


CHANGES = Listing(
    ToldChange,
    {name: f"x.{name}" for name in ToldChange._fields}
    | {
        "recorded_by": "CASE WHEN x.party_id = {party} OR a.consignee_id = {party} "
        "THEN x.recorded_by WHEN a.id IS NOT NULL THEN h.name WHEN x.what = 'organization' "
        "THEN w.name WHEN EXISTS (SELECT 1 FROM organization o WHERE o.party_id = {party}) "
        "THEN x.recorded_by ELSE '' END"
    },
    "master_change x LEFT JOIN party w ON w.id = x.party_id "
    "LEFT JOIN agreement a ON a.id = x.agreement_id LEFT JOIN party h ON h.id = a.consignee_id",
    order={"recorded_at": "x.id"},
)
"""Who of a holder changed an organization or an agreement is told to the holder; to its consignors
the holder itself did. Who changed an item or a partner's name, those are told who keep goods."""

SEEN = (
    "x.party_id = %s OR x.agreement_id IN (SELECT a.id FROM agreement a "
    "WHERE a.consignor_id = %s OR a.consignee_id = %s) "
    f"OR (x.what = 'item' AND x.item_id IN (SELECT i.id FROM item i WHERE {KNOWN})) "
    "OR ((x.what IN ('party', 'site') OR (x.what = 'organization' AND x.field = 'name')) "
    f"AND x.party_id IN (SELECT w.id FROM party w WHERE {CONSIGNORS} OR {CONSIGNEES}))"
)
"""What somebody may read: of its own masters and agreements everything; of an item that it knows
and of its partners what they say to everybody."""


def _where(party: int, what: str | None, name: str | None) -> Where:
    return Where().also(SEEN, *[party] * (3 + 6 + 4)).equals(x__what=what, x__name=name)


def read(
    party: int,
    *,
    what: str | None = None,
    name: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[ToldChange]:
    """The changes that a party may read, the latest first."""
    where = _where(party, what, name)
    order = (*order, "-recorded_at")
    pieces = {"party": str(int(party))}
    return CHANGES.read(where, order=order, limit=limit, offset=offset, pieces=pieces)


def count(party: int, *, what: str | None = None, name: str | None = None) -> int:
    return CHANGES.count(_where(party, what, name))


def name_on(what: str, of: str, day: str) -> str:
    """The name that a master had on a day, in SQL: `of` is the table's alias, `day` an expression.

    A paper that was made says the names of its day.
    """
    return (
        f"COALESCE((SELECT x.was FROM master_change x WHERE x.what = '{what}' "
        f"AND x.name = {of}.code AND x.field = 'name' AND x.recorded_on > {day} "
        f"ORDER BY x.id LIMIT 1), {of}.name)"
    )


# --- for the audit -----------------------------------------------------------------------


def broken_histories() -> list[tuple[str, str, str, str, str]]:
    """Masters whose history does not hold together: what, name, field, what a change says that it
    became, and what the next one says that it was, or what it is. The end of an agreement, that is
    also amended, is looked at with its terms."""
    steps = bulk.fetch(
        "SELECT x.what, x.name, x.field, x.became, (SELECT y.was FROM master_change y "
        "WHERE y.what = x.what AND y.name = x.name AND y.field = x.field AND y.id > x.id "
        "ORDER BY y.id LIMIT 1) AS next FROM master_change x "
        "WHERE NOT (x.what = 'agreement' AND x.field = 'ends_on')",
        [],
    )
    found = [
        (what, name, field, became, later)
        for what, name, field, became, later in steps
        if later is not None and later != became
    ]
    last = {(what, name, field): became for what, name, field, became, later in steps
            if later is None}  # fmt: skip
    for table in ("party", "organization", "item"):
        codes = {name for what, name, field in last if (what, field) == (table, "name")}
        subquery, wanted = bulk.among(codes, "text")
        for code, name in bulk.fetch(
            f"SELECT code, name FROM {table} WHERE code IN ({subquery})", [wanted]
        ):
            if (became := last[table, code, "name"]) != name:
                found.append((table, code, "name", became, name))
    return found
