"""Withdrawing a price before its first day, so that it holds on no day and another may take its
place.

Nobody has used it yet, so nothing else changes. A price that holds already is changed for days
gone by (`price_changes`), or followed by a later one.

Refuses: UnknownAgreement, UnknownItem, NoSuchPrice, PriceHolds, Differs; what a field may not say.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated, ClassVar, NamedTuple

from consigned.master_data.agreements import UnknownAgreement
from consigned.master_data.items import Item, UnknownItem
from consigned.measure.quantity import Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import read_lines, settle_fields
from consigned_service.operations.master_data.agreements import from_quantity
from consigned_service.records.ledger.days import latest_day
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import price_withdrawals as records
from consigned_service.records.master_data.agreements import PriceKey, PriceRow
from consigned_service.records.master_data.price_withdrawals import WithdrawalRow
from consigned_service.records.sql.transaction import together


@dataclass(eq=False)
class NoSuchPrice(Refusal):
    agreement: str
    item: str
    starts_on: date
    from_quantity: str
    code: ClassVar[str] = "no-such-price"
    remedy: ClassVar[str] = "Name its first day, and its from_quantity where it has one."

    def __str__(self) -> str:
        scale = "" if self.from_quantity == "0" else f" for {self.from_quantity} or more"
        return (
            f"agreement {self.agreement} has no price of {self.item} from {self.starts_on}{scale}"
        )


@dataclass(eq=False)
class PriceHolds(Refusal):
    agreement: str
    item: str
    starts_on: date
    today: date
    code: ClassVar[str] = "price-holds"
    remedy: ClassVar[str] = (
        "Change it for days gone by (price-changes), or import a price with a later start."
    )

    def __str__(self) -> str:
        return (
            f"the price of {self.item} under {self.agreement} has held since {self.starts_on}, and "
            f"today is {self.today}; it can be withdrawn before its first day only"
        )


class PriceWithdrawalLine(NamedTuple):
    """A price that is to hold on no day."""

    agreement: Annotated[str, fields.AGREEMENT]
    reference: Annotated[
        str,
        fields.ACT_NUMBER,
        "number of the withdrawal under the agreement, so that it is done once",
    ]
    item: Annotated[str, fields.ITEM]
    starts_on: Annotated[
        date, fields.DAY, "first day of the price, which is still to come, as 2026-03-31"
    ]
    because: Annotated[str, fields.BECAUSE]
    from_quantity: Annotated[
        Micros | None, fields.QUANTITY, "from how much on it was to hold; empty: any quantity"
    ] = None


def withdraw_prices(*, lines: Sequence[PriceWithdrawalLine], by: str, at: datetime) -> Result:
    """Withdraw prices whose first day is to come, many at once; a number tells each once.

    Refuses a price that holds already, and one that nobody told.
    """
    outcome = Result()
    agreements = agreement_records.agreement_ids(line.agreement for line in lines)
    items = agreement_records.items_by_code(line.item for line in lines)
    told = read_lines(lines, partial(_read, agreements, items), outcome)
    with together():
        standing = records.withdrawals(line.value.key for line in told)
        prices = agreement_records.prices(line.value.price for line in told)
        new: list[WithdrawalRow] = []
        today = latest_day(at)
        for index, said in told:
            try:
                if said.key in standing:
                    _check_same(standing[said.key], said)
                    outcome.repeat(index)
                    continue
                _check_to_come(prices, said, today=today)
            except Refusal as refusal:
                outcome.refuse(index, refusal)
                continue
            standing[said.key] = said
            del prices[said.price]
            new.append(said)
        outcome.new += len(new)
        records.add_withdrawals(new, by=by, on=today, at=at)
    return outcome


def _read(
    agreements: Container[str], items: Mapping[str, Item], line: PriceWithdrawalLine
) -> WithdrawalRow:
    if line.agreement not in agreements:
        raise UnknownAgreement(line.agreement)
    item = items.get(line.item)
    if item is None:
        raise UnknownItem(line.item)
    return WithdrawalRow(
        line.agreement,
        line.reference,
        item.code,
        line.starts_on,
        from_quantity(item, line.from_quantity),
        line.because,
    )


def _check_same(stands: WithdrawalRow, said: WithdrawalRow) -> None:
    number = f"{said.reference} of {said.agreement}"
    settle_fields("price withdrawal", number, stands, said, show={"from_quantity": show_micros})


def _check_to_come(
    prices: Mapping[PriceKey, PriceRow], said: WithdrawalRow, *, today: date
) -> None:
    if said.price not in prices:
        raise NoSuchPrice(
            said.agreement, said.item, said.starts_on, show_micros(said.from_quantity)
        )
    if said.starts_on <= today:
        raise PriceHolds(said.agreement, said.item, said.starts_on, today)
