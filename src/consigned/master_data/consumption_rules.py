"""Consumption rules: a holder's own say on whether moving goods makes them its own.

A rule names any of: the kind of transaction, the organization, the owner, the place or zone the
goods leave, the place or zone they go to, and the item; and says consume or keep (checklist O30,
O32). What it does not name it leaves open. Of the rules that fit, the one that names most decides
(decision 0057): more conditions before fewer, of as many the one that names more places rather than
zones, and of equals the one that was registered first. Where the broad ones go first, it is the
other way round; equals are still told apart by age.

    K-1  keep     transfers of Acme's goods                      2 conditions
    K-2  consume  transfers of Acme's goods to the place LINE-4  3 conditions: it decides there

Where none fits, the agreement's title rule and the place decide (custody), and a transfer between
organizations consumes (decision 0052). Goods that are used are consumed whatever a rule may say, so
a rule is about goods that move.

Refuses: UseIsConsumption, NotTheirOrganization.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.master_data.parties import RulePrecedence
from consigned.measure.identity import ItemId, OrganizationId, PartyId
from consigned.measure.refusal import Refusal
from consigned.title.position import Place


class Transaction(StrEnum):
    """The kinds of transactions that a rule may decide."""

    PUTAWAY = "putaway"
    TRANSFER = "transfer"
    TRANSFER_BETWEEN_ORGANIZATIONS = "transfer-between-organizations"


class Verdict(StrEnum):
    """What a rule says of the goods: they become the holder's, or stay whose they are."""

    CONSUME = "consume"
    KEEP = "keep"


@dataclass(eq=False)
class UseIsConsumption(Refusal):
    rule: str
    kind: str
    code: ClassVar[str] = "rule-on-consumption"
    remedy: ClassVar[str] = (
        "Make the rule one of transfers; goods that are never to become the holder's come under "
        "an agreement whose title rule is never."
    )

    def __str__(self) -> str:
        return f"rule {self.rule} is to decide a {self.kind}, and goods that are used are consumed"


@dataclass(eq=False)
class NotTheirOrganization(Refusal):
    organization: str
    party: str
    code: ClassVar[str] = "not-their-organization"
    remedy: ClassVar[str] = "Name an organization of the party whose rule it is, or none."

    def __str__(self) -> str:
        return f"{self.party} has no organization {self.organization!r}"


class Movement(NamedTuple):
    """What a rule is asked about: goods of one owner on their way from one place to another."""

    kind: Transaction
    organization: OrganizationId
    owner: PartyId
    item: ItemId
    source: Place
    target: Place


class Rule(NamedTuple):
    """A consumption rule. Nothing said of a condition leaves it open."""

    id: int
    code: str
    verdict: Verdict
    kind: Transaction | None = None
    organization: OrganizationId | None = None
    owner: PartyId | None = None
    item: ItemId | None = None
    from_place: str | None = None
    from_zone: str | None = None
    to_place: str | None = None
    to_zone: str | None = None

    def fits(self, movement: Movement) -> bool:
        """Whether everything that the rule names is so."""
        kind, organization, owner, item, source, target = movement
        return (
            self.kind in (None, kind)
            and self.organization in (None, organization)
            and self.owner in (None, owner)
            and self.item in (None, item)
            and self.from_place in (None, source.code)
            and self.from_zone in (None, source.zone)
            and self.to_place in (None, target.code)
            and self.to_zone in (None, target.zone)
        )

    @property
    def detail(self) -> tuple[int, int]:
        """How much the rule names: conditions, and of them places."""
        named = sum(condition is not None for condition in self[3:])
        return named, sum(place is not None for place in (self.from_place, self.to_place))


class Rules:
    """The rules of one holder, the one that decides first."""

    def __init__(self, rules: Iterable[Rule] = (), precedence: str = "") -> None:
        sign = 1 if precedence == RulePrecedence.BROAD_FIRST else -1
        self._rules = sorted(
            rules, key=lambda rule: (sign * rule.detail[0], sign * rule.detail[1], rule.id)
        )
        self._fired: dict[Movement, Rule | None] = {}

    def fired(self, movement: Movement) -> Rule | None:
        """The rule that decides a movement; None where no rule fits."""
        if not self._rules:
            return None
        if movement not in self._fired:
            self._fired[movement] = next(
                (rule for rule in self._rules if rule.fits(movement)), None
            )
        return self._fired[movement]


NO_RULES = Rules()
