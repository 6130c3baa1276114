"""Items and their units in the database, as they are written and told again."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from consigned_service.records import models
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column


class ItemRow(NamedTuple):
    """An item; what is empty or None is not said."""

    code: str
    name: str
    unit: str
    ownership: str
    gtin: str
    counted_by: str
    tracking: str
    is_hazardous: bool | None
    is_approved: bool | None
    units: tuple[tuple[str, int], ...]
    """Other units, each with the millionths of the own unit that one of it holds."""


def add_items(rows: Sequence[ItemRow]) -> set[str]:
    """Insert the items that are not there yet, with their units; answers their codes."""
    added = bulk.upsert(
        "item",
        (Column("code", "text"), Column("name", "text"), Column("unit", "text"),
         Column("ownership", "text"), Column("gtin", "text"), Column("counted_by", "text"),
         Column("tracking", "text"), Column("is_hazardous", "boolean"),
         Column("is_approved", "boolean")),
        [row[:9] for row in rows],
        key=("code",),
        update=None,
        returning=("id", "code"),
    )  # fmt: skip
    ids = {code: pk for pk, code in added}
    _add_units((ids[row.code], row) for row in rows if row.code in ids)
    return set(ids)


def items(codes: Iterable[str]) -> dict[str, ItemRow]:
    rows = models.Item.objects.filter(code__in=set(codes)).prefetch_related("units")
    return {
        row.code: ItemRow(
            row.code, row.name, row.unit, row.ownership, row.gtin, row.counted_by, row.tracking,
            row.is_hazardous, row.is_approved,
            tuple(sorted((unit.unit, unit.micros) for unit in row.units.all())),
        )
        for row in rows
    }  # fmt: skip


def codes_by_gtin(gtins: Iterable[str]) -> dict[str, str]:
    """The codes of the items that have some GTINs."""
    wanted = {gtin for gtin in gtins if gtin}
    rows = models.Item.objects.filter(gtin__in=wanted).order_by("-pk") if wanted else ()
    return {row.gtin: row.code for row in rows}


def correct_items(rows: Sequence[ItemRow]) -> None:
    """Correct names, GTINs and warnings, and add units that were not known."""
    said = {row.code: row for row in rows}
    found = list(models.Item.objects.filter(code__in=said))
    for item in found:
        item.name, item.gtin = said[item.code].name, said[item.code].gtin
        item.is_hazardous = bool(said[item.code].is_hazardous)
    models.Item.objects.bulk_update(found, ["name", "gtin", "is_hazardous"], batch_size=1000)
    _add_units((item.pk, said[item.code]) for item in found)


def _add_units(rows: Iterable[tuple[int, ItemRow]]) -> None:
    bulk.upsert(
        "item_unit",
        (Column("item_id"), Column("unit", "text"), Column("micros")),
        [(item, unit, micros) for item, row in rows for unit, micros in row.units],
        key=("item_id", "unit"),
        update=None,
    )
