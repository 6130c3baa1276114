"""Items: what is traded, how it is counted, and whose it is by designation.

Quantities of an item already stand in its unit, and its designation decided how they came in; so
both stand once told. A name, a GTIN or a warning may be told anew, and further units added.

Refuses: Differs, NotUnits, GtinOfAnother; what a field may not say.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, NamedTuple

from consigned.master_data.items import CountedBy, Tracking, counted_in
from consigned.measure.gs1 import check_gtin
from consigned.measure.quantity import parse_micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.title.layer import Ownership
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import (
    Differs,
    Result,
)
from consigned_service.operations.core.upsert import (
    RecordedBy,
    Told,
    leave_unsaid,
    read_lines,
    settle_fields,
    tell,
)
from consigned_service.records.master_data import items as item_records
from consigned_service.records.master_data.changes import Master
from consigned_service.records.master_data.items import ItemRow


@dataclass(eq=False)
class NotUnits(Refusal):
    said: str
    why: str
    code: ClassVar[str] = "not-units"
    remedy: ClassVar[str] = "Write how many of the item's own unit one holds, as in CS=12 PAL=480."

    def __str__(self) -> str:
        return f"units {self.said[:40]!r}: {self.why}"


@dataclass(eq=False)
class GtinOfAnother(Refusal):
    item: str
    gtin: str
    owner: str
    code: ClassVar[str] = "gtin-of-another"
    remedy: ClassVar[str] = "One GTIN is one item: use the one there is, or correct the number."

    def __str__(self) -> str:
        return f"item {self.item} has GTIN {self.gtin}, and that is the one of item {self.owner}"


class ItemLine(NamedTuple):
    """An item."""

    code: Annotated[
        str, fields.Text("short name of the item; where a GTIN is written alike, the code wins", 60)
    ]
    name: Annotated[str, fields.NAME]
    unit: Annotated[str, fields.UNIT, "the unit it is counted in, as EA or KG"]
    ownership: Annotated[
        Ownership | None, fields.Choice(Ownership, "consigned (if empty), owned or non-owned")
    ] = None
    gtin: Annotated[
        str,
        fields.Text(
            "its Global Trade Item Number, 8, 12, 13 or 14 digits; with and without leading"
            " zeros it is the same, and one item's"
        ),
    ] = ""
    units: Annotated[
        str, fields.Text("other units and how many of its own each holds, as CS=12 PAL=480", 500)
    ] = ""
    counted_by: Annotated[
        CountedBy | None,
        fields.Choice(
            CountedBy,
            "how a quantity is determined: piece, in whole numbers, container or weight; "
            "empty: weight where the unit is one of weight, volume, length or area, as KG, "
            "LTR or M, otherwise piece",
        ),
    ] = None
    tracking: Annotated[
        Tracking | None,
        fields.Choice(
            Tracking,
            "none (if empty), lot where each receipt names one, or serial where each piece "
            "has its own",
        ),
    ] = None
    hazardous: Annotated[bool | None, fields.YES_OR_NO, "yes where the goods are dangerous"] = None
    approved: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "no while the item's designation may still change; empty: yes",
    ] = None


def register_items(*, lines: Sequence[ItemLine], told_by: RecordedBy | None = None) -> Result:
    """Register items, many at once."""
    outcome = Result()
    tell(
        _one_item_each(read_lines(lines, _read_item, outcome), outcome),
        outcome,
        key=lambda row: row.code,
        add=item_records.add_items,
        standing=item_records.items,
        settle=_settle,
        correct=item_records.correct_items,
        complete=_complete,
        master=lambda row: Master("item", row.code, item=row.code),
        show={"units": _shown_units},
        told_by=told_by,
    )
    return outcome


def _one_item_each(told: Sequence[Told[ItemRow]], outcome: Result) -> list[Told[ItemRow]]:
    """The lines without those whose GTIN is another item's, of before or of this batch."""
    owners = item_records.codes_by_gtin(line.value.gtin for line in told)
    kept = []
    for line in told:
        code, gtin = line.value.code, line.value.gtin
        if gtin and owners.setdefault(gtin, code) != code:
            outcome.refuse(line.at, GtinOfAnother(code, gtin, owners[gtin]))
        else:
            kept.append(line)
    return kept


def _read_item(line: ItemLine) -> ItemRow:
    return ItemRow(
        line.code,
        line.name,
        line.unit,
        str(line.ownership or ""),
        check_gtin(line.gtin),
        str(line.counted_by or ""),
        str(line.tracking or ""),
        line.hazardous,
        line.approved,
        tuple(sorted(_read_units(line.unit, line.units))),
    )


def _complete(said: ItemRow) -> ItemRow:
    """A new item, with what its line leaves unsaid."""
    usual = said._replace(
        name=said.code,
        ownership=Ownership.CONSIGNED.value,
        counted_by=counted_in(said.unit).value,
        tracking=Tracking.NONE.value,
        is_hazardous=False,
        is_approved=True,
    )
    return leave_unsaid(usual, said)


def _read_units(own: str, said: str) -> Iterator[tuple[str, int]]:
    seen = {own}
    for pair in said.split():
        unit, sign, held = pair.partition("=")
        if not (unit and sign and held) or len(unit) > 12:
            raise NotUnits(said, f"{pair!r} does not say how many one holds")
        if unit in seen:
            raise NotUnits(said, f"{unit} is said twice or is the item's own unit")
        seen.add(unit)
        micros = parse_micros(held)
        if micros <= 0:
            raise NotUnits(said, f"one {unit} must hold something")
        yield unit, micros


def _shown_units(units: Iterable[tuple[str, int]]) -> str:
    return " ".join(f"{unit}={show_micros(micros)}" for unit, micros in units)


INSTEAD = {
    "ownership": "Change its designation (designations), with a reason.",
    "is_approved": "Approve it (approvals), with a reason.",
    **dict.fromkeys(
        ("unit", "counted_by", "tracking"),
        "Quantities stand in it: tell a new item, under a code of its own.",
    ),
}
"""What changes of an item that its register does not."""
CHANGEABLE = {"name", "gtin", "units", "is_hazardous"}


def _settle(stands: ItemRow, said: ItemRow) -> ItemRow:
    said = leave_unsaid(stands, said)
    settled = settle_fields("item", said.code, stands, said, may_change=CHANGEABLE, instead=INSTEAD)
    held = dict(stands.units)
    for unit, micros in said.units:
        if held.setdefault(unit, micros) != micros:
            raise Differs("item", said.code, unit, show_micros(held[unit]), show_micros(micros))
    return settled._replace(units=tuple(sorted(held.items())))
