"""Promises: goods reserved for a customer's order, consigned ones as well as our own.

What is promised is on hand and not available (checklist P07); only picking for the order may take
it (P08). A promise may leave open which goods, or name their owner, lot or serial; then others may
not take so many of those that too few are left of them.

    8 of Acme's and 4 of ours are there      12 on hand
    5 of Acme's are promised                 7 available, of Acme's at most 3
    5 more are promised, whosever            2 available
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple, Protocol

from consigned.measure.identity import PartyId


class Scope(NamedTuple):
    """Which goods are meant; what is not named is left open."""

    owner: PartyId | None = None
    lot: str | None = None
    serial: str | None = None

    def fits(self, owner: PartyId, lot: str | None, serial: str | None) -> bool:
        return (
            self.owner in (None, owner)
            and self.lot in (None, lot)
            and self.serial in (None, serial)
        )

    def lies_within(self, other: "Scope") -> bool:
        """Whether everything this scope means, the other means too."""
        return all(
            theirs is None or ours == theirs for ours, theirs in zip(self, other, strict=True)
        )

    def crosses(self, other: "Scope") -> bool:
        """Whether the two may mean the same goods, and each of them others too."""
        meet = all(
            None in (ours, theirs) or ours == theirs
            for ours, theirs in zip(self, other, strict=True)
        )
        return meet and not self.lies_within(other) and not other.lies_within(self)


ANY = Scope()


@dataclass
class Promise:
    """How much is still promised to one order, and of which goods."""

    quantity: int
    scope: Scope = ANY


class Goods(NamedTuple):
    """So many alike of what lies there: whose, of which lot, with which serial."""

    owner: PartyId
    lot: str | None
    serial: str | None
    left: int


class Lying(Protocol):
    """Goods that lie there."""

    @property
    def owner(self) -> PartyId: ...
    @property
    def lot(self) -> str | None: ...
    @property
    def serial(self) -> str | None: ...
    @property
    def left(self) -> int: ...


Scopes = tuple[Scope, ...]
"""Goods that any of some scopes means."""


class Free:
    """How much of some goods is not promised to others, and of which of them.

    Of what each scope means, as much as is promised within it must be left; and so of what two
    scopes mean together that cross, for one piece cannot serve both.
    """

    def __init__(
        self, goods: Sequence[Lying], promises: Iterable[Promise], *, asked: Scope = ANY
    ) -> None:
        promised = [promise for promise in promises if promise.quantity > 0]
        scopes = list(dict.fromkeys([ANY, asked, *(promise.scope for promise in promised)]))
        together = [pair for pair in combinations(scopes, 2) if pair[0].crosses(pair[1])]
        self._left = {
            meant: sum(h.left for h in goods if _fit(meant, h))
            - sum(p.quantity for p in promised if _lies_within(p.scope, meant))
            for meant in (*((scope,) for scope in scopes), *together)
        }

    def take(self, holding: Lying, wanted: int) -> int:
        """As much of a holding as is free, up to what is wanted."""
        fitting = [meant for meant in self._left if _fit(meant, holding)]
        taken = max(0, min(wanted, *(self._left[meant] for meant in fitting)))
        for meant in fitting:
            self._left[meant] -= taken
        return taken

    def beside(self, goods: Iterable[Lying]) -> "Free":
        """The same, with goods that lie apart from these and are free."""
        for holding in goods:
            for meant in self._left:
                if _fit(meant, holding):
                    self._left[meant] += holding.left
        return self

    def least(self, scope: Scope) -> int:
        """How much of what a scope means is free, whatever promises around it leave of it."""
        return min(left for meant, left in self._left.items() if _lies_within(scope, meant))


def _fit(meant: Scopes, goods: Lying) -> bool:
    return any(scope.fits(goods.owner, goods.lot, goods.serial) for scope in meant)


def _lies_within(scope: Scope, meant: Scopes) -> bool:
    return any(scope.lies_within(wider) for wider in meant)


def available(goods: Sequence[Lying], promises: Iterable[Promise], scope: Scope) -> int:
    """How much of what a scope means may still be promised."""
    return Free(goods, promises, asked=scope).least(scope)
