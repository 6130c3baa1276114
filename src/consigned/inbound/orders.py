"""Orders that fill the shelf: a consigned line asks for goods and creates no debt.

A consigned line needs an agreement that is in force on the day of the order. Where none is named
it is the one between the two parties; a line of goods to be bought needs none. Its item need not
have a price yet: what is used before it has one waits for it.

An order line says how much may come at most and from how much on it is complete, as the agreement
tolerates more or less (checklist P63):

    100 EA ordered, 10 % more and 5 % less let through      at most 110, complete with 95
    a blanket line                                          without limit, or as it says; it is
                                                            complete only when it is closed

Refuses: UnknownOrder, OrdersNothing, LessThanOrdered, OrderLineClosed, NoAgreementInForce,
SeveralAgreements, NotBetween; AgreementNotInForce (from agreements).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.master_data.agreements import Agreement
from consigned.measure.identity import AgreementId, ItemId, PartyId
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal


@dataclass(eq=False)
class UnknownOrder(Refusal):
    number: str
    code: ClassVar[str] = "unknown-order"
    remedy: ClassVar[str] = "Those that there are are listed by consigned orders."

    def __str__(self) -> str:
        return f"there is no order {self.number!r}"


@dataclass(eq=False)
class OrdersNothing(Refusal):
    item: str
    code: ClassVar[str] = "orders-nothing"
    remedy: ClassVar[str] = "Give a quantity above zero, or leave the line out."

    def __str__(self) -> str:
        return f"an order line of {self.item} asks for nothing"


@dataclass(eq=False)
class NoAgreementInForce(Refusal):
    consignor: str
    item: str
    ordered_on: date
    code: ClassVar[str] = "no-agreement-in-force"
    remedy: ClassVar[str] = "Import the agreement first, or order the goods as owned."

    def __str__(self) -> str:
        return (
            f"no agreement with {self.consignor} is in force on {self.ordered_on} that {self.item} "
            "could come under"
        )


@dataclass(eq=False)
class SeveralAgreements(Refusal):
    item: str
    ordered_on: date
    agreements: tuple[str, ...]
    code: ClassVar[str] = "several-agreements"
    remedy: ClassVar[str] = "Name the one that is meant."

    def __str__(self) -> str:
        return f"{self.item} could come under {' or '.join(self.agreements)} on {self.ordered_on}"


@dataclass(eq=False)
class LessThanOrdered(Refusal):
    item: str
    ordered: int
    maximum_quantity: int
    unit: str
    code: ClassVar[str] = "less-than-ordered"
    remedy: ClassVar[str] = "Let in at least what is ordered, or leave the limit away."

    def __str__(self) -> str:
        return (
            f"an order of {show_micros(self.ordered)} {self.unit} of {self.item} lets in "
            f"{show_micros(self.maximum_quantity)} {self.unit} at the most"
        )


@dataclass(eq=False)
class OrderLineClosed(Refusal):
    order: str
    line: int
    closed_on: date
    code: ClassVar[str] = "order-line-closed"
    remedy: ClassVar[str] = "Order the goods anew, or receive them under the agreement."

    def __str__(self) -> str:
        return f"line {self.line} of order {self.order} was closed on {self.closed_on}"


@dataclass(eq=False)
class NotBetween(Refusal):
    agreement: str
    consignor: str
    consignee: str
    code: ClassVar[str] = "agreement-parties-differ"
    remedy: ClassVar[str] = "Name an agreement of these two."

    def __str__(self) -> str:
        return f"agreement {self.agreement} is not between {self.consignor} and {self.consignee}"


class Tolerance(NamedTuple):
    """How much of a line may come at most (None: without limit), and with how much it is complete
    (None: never by itself)."""

    maximum_quantity: int | None
    complete_at: int | None


def tolerance(quantity: int, agreement: Agreement | None, on: date) -> Tolerance:
    """What of a quantity that was ordered on a day may come, as its agreement tolerates then."""
    agreement = agreement.on(on) if agreement else None
    over = agreement.over_receipt_percent if agreement else None
    under = agreement.under_receipt_percent if agreement else None
    return Tolerance(
        quantity + quantity * (over or 0) // 100, quantity - quantity * (under or 0) // 100
    )


class Agreed:
    """The agreements that goods may come under, and which items each has a price for."""

    def __init__(
        self, agreements: Iterable[Agreement], priced: Collection[tuple[AgreementId, ItemId]]
    ) -> None:
        self._by_number = {agreement.number: agreement for agreement in agreements}
        self._priced = priced

    def named(self, number: str) -> Agreement | None:
        return self._by_number.get(number)

    def is_agreed(self, consignor: PartyId, consignee: PartyId) -> bool:
        """Whether one party consigns to another at all, be it in force or not."""
        return any(
            (agreement.consignor, agreement.consignee) == (consignor, consignee)
            for agreement in self._by_number.values()
        )

    def the_one(
        self,
        consignor: PartyId,
        consignee: PartyId,
        item: ItemId,
        day: date,
        *,
        paid_by: str,
        consignor_code: str,
        item_code: str,
    ) -> Agreement:
        """The agreement that goods come under where none is named: the one in force, or of several
        the one that has a price of the item, and of these the one that is billed to the
        organization that pays (checklist P13)."""
        found = [
            agreement
            for agreement in self._by_number.values()
            if (agreement.consignor, agreement.consignee) == (consignor, consignee)
            and agreement.period.holds(day)
        ]
        if not found:
            raise NoAgreementInForce(consignor_code, item_code, day)
        found = [one for one in found if (one.id, item) in self._priced] or found
        found = [agreement for agreement in found if agreement.on(day).bill_to == paid_by] or found
        if len(found) > 1:
            numbers = tuple(agreement.number for agreement in found)
            raise SeveralAgreements(item_code, day, numbers)
        return found[0]
