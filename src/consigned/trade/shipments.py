"""Ship notices: what a consignor says is on its way, line by line of the orders it answers.

Goods announced are in transit: not yet in the consignee's custody, and nothing is owed. A notice
may announce more than was ordered; what is too much is refused at receipt, where it is counted.

Refuses: NotOnOrder, OtherItemOrdered, OtherConsignorOrdered, ShipsNothing.
"""

from dataclasses import dataclass
from typing import ClassVar

from consigned.measure.refusal import Refusal


@dataclass(eq=False)
class NotOnOrder(Refusal):
    order: str
    line: int
    organization: str
    code: ClassVar[str] = "not-on-order"
    remedy: ClassVar[str] = "Import the order first, or correct its number and line."

    def __str__(self) -> str:
        return f"{self.organization} has no line {self.line} on an order {self.order!r}"


@dataclass(eq=False)
class OtherItemOrdered(Refusal):
    order: str
    line: int
    ordered: str
    said: str
    code: ClassVar[str] = "other-item-ordered"

    def __str__(self) -> str:
        return f"line {self.line} of order {self.order} asks for {self.ordered}, not {self.said}"


@dataclass(eq=False)
class OtherConsignorOrdered(Refusal):
    order: str
    ordered_of: str
    said: str
    code: ClassVar[str] = "other-consignor-ordered"

    def __str__(self) -> str:
        return f"order {self.order} was placed with {self.ordered_of}, not with {self.said}"


@dataclass(eq=False)
class ShipsNothing(Refusal):
    item: str
    code: ClassVar[str] = "ships-nothing"
    remedy: ClassVar[str] = "Give a quantity above zero, or leave the line out."

    def __str__(self) -> str:
        return f"a ship notice line of {self.item} ships nothing"
