"""What is done about goods that lie: counted in one month, looked through for what is too old in
the next.

A count finds what chance has broken, stolen or miscounted; most differences are told with their
reason, and the others wait for the next Monday. Of goods that have lain too long some are bought,
some get more time, some go back to their supplier, and some are left for another month; what
agreements have done by themselves is done by the weekly run. Of what became ours and nobody asks
for any more, some goes back, too.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from consigned.counting.losses import Reason
from consigned.measure.identity import OrganizationId
from consigned.measure.quantity import MICROS, show_micros
from consigned.title.layer import Ownership
from consigned_demo.chance import chance, falls
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.counting import counts, differences
from consigned_service.operations.counting.counts import CountLine
from consigned_service.operations.counting.differences import SettlingLine
from consigned_service.operations.inventory import aging
from consigned_service.operations.inventory.aging import AgedLine, ExtensionLine
from consigned_service.operations.returns import returns
from consigned_service.operations.returns.returns import ReturnLine
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.counting import counts as count_queries
from consigned_service.queries.inventory import aging as aging_queries
from consigned_service.queries.inventory import stock
from consigned_service.queries.inventory.aging import AgingLine

BY = "demo"
SATURDAY, MONDAY = 5, 0
FIRST_WEEK = 7
COUNTED = 40
"""So many items are counted in a store each time, next to one another on the shelf."""
DIFFERS, REASON_KNOWN = 0.15, 0.7
BOUGHT, GIVEN_TIME, SENT_BACK = 0.25, 0.35, 0.1
LONG = 60
"""What has been ours for so many days was told by an advice, whatever its cycle is."""
UNSOLD_SENT_BACK = 0.3
MORE_DAYS = 45
MISSING = (Reason.BROKEN, Reason.STOLEN, Reason.SAMPLE, Reason.MISCOUNT, Reason.UNKNOWN)


class Shop(NamedTuple):
    """One store, as what lies in it is looked after."""

    grocer: Viewer
    organization: OrganizationId
    code: str
    last_sold: Mapping[str, date]
    never_bought: Container[str]
    """The items that only ever come on consignment."""
    seed: int

    def sells(self, item: str, day: date) -> bool:
        """Whether anybody still asks for an item."""
        return self.last_sold.get(item, date.min) > day


def is_first(weekday: int, day: date) -> bool:
    """Whether a day is the first of its weekday in the month."""
    return day.weekday() == weekday and day.day <= FIRST_WEEK


def count_shelf(shop: Shop, day: date, at: datetime) -> Result:
    """The count of one store, on the first Saturday of an odd month: a stretch of its shelf."""
    number = f"COUNT-{day:%Y-%m}"
    if (
        not is_first(SATURDAY, day)
        or day.month % 2 == 0
        or count_queries.is_counted(shop.grocer, shop.code, number)
    ):
        return Result()
    lines = list(_counted(shop, number, day))
    return counts.record_counts(organization=shop.organization, lines=lines, by=BY, at=at)


def _counted(shop: Shop, number: str, day: date) -> Iterator[CountLine]:
    grocer, code, seed = shop.grocer, shop.code, shop.seed
    chosen = chance(seed, "count", code, number)
    page = stock.on_hand(
        grocer, organization=code, ownership=Ownership.CONSIGNED, place="STORE", today=day, limit=0
    )
    stretch = stock.on_hand(
        grocer, organization=code, ownership=Ownership.CONSIGNED, place="STORE", today=day,
        limit=4 * COUNTED, offset=chosen.randrange(max(1, page.total - 4 * COUNTED)),
    )  # fmt: skip
    booked: dict[tuple[str, str], int] = {}
    for line in stretch.rows:
        key = (line.item, line.owner)
        booked[key] = booked.get(key, 0) + line.quantity.micros
    whole = list(booked)[1:-1][:COUNTED]  # the first and the last may be cut by the stretch's ends
    for item, owner in whole:
        found, reason = booked[item, owner], ""
        if falls(DIFFERS, seed, "differs", number, item) and found >= MICROS:
            found -= MICROS
            if falls(REASON_KNOWN, seed, "known", number, item):
                reason = chance(seed, "why", number, item).choice(MISSING)
        yield written(CountLine,
            number, item, show_micros(found), day.isoformat(), consignor=owner, place="STORE",
            reason=reason,
        )  # fmt: skip


def explain_differences(shop: Shop, day: date, at: datetime) -> Result:
    """On Mondays somebody says why what was counted differs."""
    if day.weekday() != MONDAY:
        return Result()
    lines = [
        written(
            SettlingLine,
            str(one.number),
            chance(shop.seed, "explained", shop.code, one.number).choice(MISSING),
        )
        for one in count_queries.open_differences(shop.grocer, shop.code).rows
    ]
    if not lines:
        return Result()
    return differences.settle_differences(organization=shop.organization, lines=lines, by=BY, at=at)


def look_through_aged(shop: Shop, day: date, at: datetime) -> Result:
    """On the first Monday of an even month a person goes through what has lain too long."""
    if not is_first(MONDAY, day) or day.month % 2:
        return Result()
    listed = aging_queries.aging(shop.grocer, today=day, organization=shop.code)
    aged = [one for one in listed if one.days_left is not None and one.days_left <= 0]
    bought, given_time, sent_back = [], [], []
    for one in aged:
        falls_to = chance(shop.seed, "aged", shop.code, one.layer, day.month).random()
        if falls_to < BOUGHT:
            bought.append(_bought(one, day))
        elif falls_to < BOUGHT + GIVEN_TIME:
            given_time.append(_given_time(one, day))
        elif falls_to < BOUGHT + GIVEN_TIME + SENT_BACK and not shop.sells(one.item, day):
            sent_back.append(_sent_back(one, day))
    organization, outcome = shop.organization, Result()
    if bought:
        outcome = aging.buy_aged(organization=organization, lines=bought, by=BY, at=at)
    if given_time and not outcome.refused:
        outcome = aging.extend(organization=organization, lines=given_time, by=BY, at=at)
    if sent_back and not outcome.refused:
        outcome = returns.return_to_supplier(
            organization=organization, lines=sent_back, by=BY, at=at
        )
    return outcome


def send_back_unsold(shop: Shop, day: date, at: datetime) -> Result:
    """On the second Monday some of what became ours long ago and nobody asks for goes back: an
    advice has told it, so that its consignor is asked to credit it."""
    if day.weekday() != MONDAY or not FIRST_WEEK < day.day <= 2 * FIRST_WEEK:
        return Result()
    lying = stock.on_hand(
        shop.grocer, organization=shop.code, ownership=Ownership.OWNED, place="STOCK", today=day
    ).rows
    unsold: Counter[str] = Counter()
    for one in lying:
        if one.age_days > LONG and one.item in shop.never_bought and not shop.sells(one.item, day):
            unsold[one.item] += one.quantity.micros
    lines = [
        written(ReturnLine,
            f"UNSOLD-{item}-{day:%m}", item, show_micros(quantity), day.isoformat(), place="STOCK",
            owned="yes", with_title_transfer="yes", because="nobody asks for it",
        )
        for item, quantity in unsold.items()
        if falls(UNSOLD_SENT_BACK, shop.seed, "unsold", shop.code, item, day.month)
    ]  # fmt: skip
    if not lines:
        return Result()
    return returns.return_to_supplier(organization=shop.organization, lines=lines, by=BY, at=at)


def _bought(one: AgingLine, day: date) -> AgedLine:
    return written(AgedLine, f"BUY-{one.layer}-{day:%m}", day.isoformat(), layer=str(one.layer))


def _sent_back(one: AgingLine, day: date) -> ReturnLine:
    receipt, _, line = one.receipt.rpartition("/")
    return written(ReturnLine,
        f"BACK-{one.layer}-{day:%m}", one.item, show_micros(one.quantity.micros), day.isoformat(),
        receipt=receipt, line=line, owned="no", because="it has lain too long",
    )  # fmt: skip


def _given_time(one: AgingLine, day: date) -> ExtensionLine:
    return written(ExtensionLine,
        f"MORE-{one.layer}-{day:%m}", day.isoformat(), f"the field manager of {one.owner_name}",
        layer=str(one.layer), days=str(MORE_DAYS),
    )  # fmt: skip


ACTS = (count_shelf, explain_differences, look_through_aged, send_back_unsold)
"""What is done day by day, each act on its own days."""
