"""Invoices for goods that were bought: what each clears of what is accrued for goods received.

    received R-7/1    20 EA bought at 3.00     goods received, accrued   60.00
    invoice 4711      12 EA for 37.20          accrued 36.00, price differences 1.20

Bought goods are owed for at receipt (checklist L18). Their invoices are paid elsewhere; here each
is held against the receipt line that it bills, so that the accrual ends with what is still to be
invoiced. The parts of a line come to the line, to the cent.

Refuses: NothingBought, MoreThanBought.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from consigned.measure.identity import LayerNumber, PartyId
from consigned.measure.money import Price
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal


@dataclass(eq=False)
class NothingBought(Refusal):
    receipt: str
    line: int
    supplier: str
    code: ClassVar[str] = "nothing-bought"
    remedy: ClassVar[str] = (
        "Name the receipt line that the invoice bills; what is consigned is billed by its advice."
    )

    def __str__(self) -> str:
        return (
            f"line {self.line} of receipt {self.receipt} brought nothing bought of {self.supplier}"
        )


@dataclass(eq=False)
class MoreThanBought(Refusal):
    receipt: str
    line: int
    unit: str
    bought: int
    invoiced: int
    asked: int
    code: ClassVar[str] = "more-than-bought"
    remedy: ClassVar[str] = "Correct the quantity, or receive what came beside it."

    def __str__(self) -> str:
        unit = self.unit
        return (
            f"line {self.line} of receipt {self.receipt} brought {show_micros(self.bought)} "
            f"{unit}, of which {show_micros(self.invoiced)} {unit} are invoiced; "
            f"{show_micros(self.asked)} {unit} billed"
        )


class Bought(NamedTuple):
    """What one receipt line brought that was bought and did not go back, and how much of it is
    invoiced."""

    layer: LayerNumber
    supplier: PartyId
    item_code: str
    unit: str
    quantity: int
    invoiced: int
    price: Price

    def accrued(self, quantity: int) -> int:
        """What is accrued for the next so much of it."""
        return self.price.extend(self.invoiced + quantity) - self.price.extend(self.invoiced)
