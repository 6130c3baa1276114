"""What our own goods cost us, layer by layer.

Goods we bought, or that became ours and stayed on the shelf, are kept at what was paid for them.
Using a part of a layer takes its share of the layer's cost; the last part takes what is left, so
that no cent remains behind. Consigned goods used at once never come here: their cost is the price
they are settled at, not an average (checklist P52).
"""

from dataclasses import dataclass

from consigned.measure.identity import LayerNumber
from consigned.measure.quantity import divide_half_even


@dataclass
class OwnedCost:
    """The quantity of a layer that is ours and inside the walls, and what it cost."""

    layer: LayerNumber
    quantity: int
    cost: int
    currency: str

    def add(self, quantity: int, cost: int) -> None:
        self.quantity += quantity
        self.cost += cost

    def take(self, quantity: int) -> int:
        """The cost of a part that leaves; nothing is left behind by the last part."""
        part = divide_half_even(self.cost * quantity, self.quantity) if self.quantity else 0
        self.quantity -= quantity
        self.cost -= part
        return part
