"""Telling tax codes, and which agreement has which for what (checklist X13).

Nothing is edited: a rate holds until the next of its code, an agreement's code until its next. What
was used before keeps the tax that it was used at. What waited for a code is taken up by the next
advice run.

Refuses: NotATaxCode, UnknownTaxCode, NotTaxed, NotARate, Differs (from outcome), UnknownAgreement,
UnknownItem; what a field may not say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated, ClassVar, NamedTuple

from consigned.master_data.agreements import Agreement, UnknownAgreement
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.taxes import EVERY_ITEM, WHOLE, check_tax_code
from consigned.measure.quantity import Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import read_lines, settle_fields, tell
from consigned_service.operations.master_data.agreements import NotARate
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import taxes as records
from consigned_service.records.master_data.taxes import CodeRow, RateRow


@dataclass(eq=False)
class UnknownTaxCode(Refusal):
    said: str
    code: ClassVar[str] = "unknown-tax-code"
    remedy: ClassVar[str] = "Import the tax code with its rate first, or correct it."

    def __str__(self) -> str:
        return f"no tax code is {self.said!r}"


@dataclass(eq=False)
class NotTaxed(Refusal):
    agreement: str
    code: ClassVar[str] = "not-taxed"
    remedy: ClassVar[str] = "Only an agreement that says taxed=yes has tax codes."

    def __str__(self) -> str:
        return f"agreement {self.agreement} is not taxed"


class TaxCodeLine(NamedTuple):
    """A rate of a tax code; what is recovered of it, in percent."""

    code: Annotated[str, fields.Text("short name of the tax, as V19; agreements name it", 20)]
    name: Annotated[str, fields.Text("what it is", 200)]
    rate: Annotated[
        Micros, fields.SHARE, "what it comes to, in percent of the amount without it, as 19 or 5.5"
    ]
    valid_from: Annotated[
        date, fields.DAY, "the first day on which it does; it holds until the next one"
    ]
    recoverable: Annotated[
        Micros | None, fields.SHARE, "how much of it the consignee recovers, in percent; empty: all"
    ] = None


class TaxLine(NamedTuple):
    """Which tax code an agreement has for an item, or for all."""

    agreement: Annotated[str, fields.AGREEMENT, "number of the agreement, which is taxed"]
    tax_code: Annotated[str, fields.Code("tax-code", "the tax code that it has", 20)]
    item: Annotated[
        str,
        fields.ITEM,
        "code of the item, or its GTIN; empty: every item that has no tax code of its own",
    ] = ""
    starts_on: Annotated[
        date | None, fields.DAY, "first day on which it has it, as 2026-03-31; empty: its first day"
    ] = None


def register_tax_codes(*, lines: Sequence[TaxCodeLine], at: datetime) -> Result:
    """Tell tax codes with their rates, many at once; one that is known with another rate from the
    same day is refused."""
    outcome = Result()
    tell(
        read_lines(lines, _read_code, outcome),
        outcome,
        key=lambda row: row.key,
        add=partial(records.add_rates, told_at=at),
        standing=records.rates,
        settle=lambda stands, said: settle_fields(
            "tax code", f"{said.code} of {said.valid_from}", stands, said,
            show={"rate": show_micros, "recoverable": show_micros},
        ),
    )  # fmt: skip
    return outcome


def _read_code(line: TaxCodeLine) -> RateRow:
    return RateRow(
        check_tax_code(line.code),
        line.name,
        _percent(line.rate),
        WHOLE if line.recoverable is None else _percent(line.recoverable),
        line.valid_from,
    )


def _percent(percent: int) -> int:
    if not 0 <= percent <= WHOLE:
        raise NotARate(show_micros(percent))
    return percent


def register_taxes(*, lines: Sequence[TaxLine]) -> Result:
    """Say which tax codes agreements have, many at once; for an item, or for all that have no code
    of their own."""
    outcome = Result()
    agreements = agreement_records.agreements_by_number(line.agreement for line in lines)
    items = agreement_records.items_by_code(line.item for line in lines)
    known = records.known_codes(line.tax_code for line in lines)
    numbers = {agreement.id: agreement.number for agreement in agreements.values()}
    codes = {item.id: item.code for item in items.values()}
    tell(
        read_lines(lines, partial(_read_tax, agreements, items, known), outcome),
        outcome,
        key=lambda row: row.key,
        add=records.add_codes,
        standing=records.codes,
        settle=lambda stands, said: settle_fields(
            "tax of",
            f"{codes.get(said.item, 'all items')} under {numbers[said.agreement]} "
            f"from {said.starts_on}",
            stands, said,
        ),
    )  # fmt: skip
    return outcome


def _read_tax(
    agreements: Mapping[str, Agreement], items: Mapping[str, Item], known: set[str], line: TaxLine
) -> CodeRow:
    agreement = agreements.get(line.agreement)
    if agreement is None:
        raise UnknownAgreement(line.agreement)
    starts_on = line.starts_on or agreement.period.start
    if not agreement.on(starts_on).taxed:
        raise NotTaxed(agreement.number)
    item = items.get(line.item)
    if line.item and item is None:
        raise UnknownItem(line.item)
    code = check_tax_code(line.tax_code)
    if code not in known:
        raise UnknownTaxCode(code)
    return CodeRow(
        agreement.id,
        item.id if item else EVERY_ITEM,
        starts_on,
        code,
    )
