"""What was changed of masters, in the database: each field with what it was and what it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from consigned_service.records import models
from consigned_service.records.master_data.agreements import agreement_ids, party_ids
from consigned_service.records.sql import bulk


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
