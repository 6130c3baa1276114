"""What is done about goods that lie: counted once a month, looked through for what is too old.

A count finds what chance has broken, stolen or miscounted; most differences are told with their
reason, and the others wait for the next Monday. Of goods that have lain too long some are bought,
some get more time, and some are left for another month; what agreements have done by themselves is
done by the weekly run.
"""

from collections.abc import Iterator
from datetime import date, datetime

from consigned.measure.identity import OrganizationId
from consigned.measure.quantity import MICROS, show_micros
from consigned.title.layer import Ownership
from consigned.trade.losses import Reason
from consigned_service.interfaces.console.demo.chance import chance, falls
from consigned_service.operations import aging, counts, differences
from consigned_service.operations.aging import AgedLine, ExtensionLine
from consigned_service.operations.counts import CountLine
from consigned_service.operations.differences import SettlingLine
from consigned_service.operations.lines import Outcome
from consigned_service.queries import aging as aging_queries
from consigned_service.queries import counts as count_queries
from consigned_service.queries import stock
from consigned_service.queries.aging import AgingLine
from consigned_service.queries.viewers import Viewer

BY = "demo"
SATURDAY, MONDAY = 5, 0
FIRST_WEEK = 7
COUNTED = 40
"""So many items are counted in a store each month, next to one another on the shelf."""
DIFFERS, REASON_KNOWN = 0.15, 0.7
BOUGHT, GIVEN_TIME = 0.25, 0.35
MORE_DAYS = 45
MISSING = (Reason.BROKEN, Reason.STOLEN, Reason.SAMPLE, Reason.MISCOUNT, Reason.UNKNOWN)


def count_shelf(
    grocer: Viewer, organization: OrganizationId, code: str, day: date, at: datetime, seed: int
) -> Outcome:
    """The monthly count of one store, on the first Saturday: a stretch of its shelf."""
    number = f"COUNT-{day:%Y-%m}"
    if (day.weekday(), day.day <= FIRST_WEEK) != (SATURDAY, True) or count_queries.is_counted(
        grocer, code, number
    ):
        return Outcome()
    lines = list(_counted(grocer, code, number, day, seed))
    return counts.record_counts(organization=organization, lines=lines, by=BY, at=at)


def _counted(grocer: Viewer, code: str, number: str, day: date, seed: int) -> Iterator[CountLine]:
    chosen = chance(seed, "count", code, number)
    page = stock.on_hand(
        grocer, organization=code, ownership=Ownership.CONSIGNED, place="STORE", today=day, limit=1
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
        yield CountLine(
            number, item, show_micros(found), day.isoformat(), consignor=owner, place="STORE",
            reason=reason,
        )  # fmt: skip


def explain_differences(
    grocer: Viewer, organization: OrganizationId, code: str, day: date, at: datetime, seed: int
) -> Outcome:
    """On Mondays somebody says why what was counted differs."""
    if day.weekday() != MONDAY:
        return Outcome()
    lines = [
        SettlingLine(str(one.number), chance(seed, "explained", code, one.number).choice(MISSING))
        for one in count_queries.open_differences(grocer, code)
    ]
    if not lines:
        return Outcome()
    return differences.settle_differences(organization=organization, lines=lines, by=BY, at=at)


def look_through_aged(
    grocer: Viewer, organization: OrganizationId, code: str, day: date, at: datetime, seed: int
) -> Outcome:
    """On the first Monday of a month a person goes through what has lain too long."""
    if day.weekday() != MONDAY or day.day > FIRST_WEEK:
        return Outcome()
    listed = aging_queries.aging(grocer, today=day, organization=code)
    aged = [one for one in listed if one.days_left is not None and one.days_left <= 0]
    bought, given_time = [], []
    for one in aged:
        falls_to = chance(seed, "aged", code, one.layer, day.month).random()
        if falls_to < BOUGHT:
            bought.append(_bought(one, day))
        elif falls_to < BOUGHT + GIVEN_TIME:
            given_time.append(_given_time(one, day))
    outcome = Outcome()
    if bought:
        outcome = aging.buy_aged(organization=organization, lines=bought, by=BY, at=at)
    if given_time and not outcome.refused:
        outcome = aging.extend(organization=organization, lines=given_time, by=BY, at=at)
    return outcome


def _bought(one: AgingLine, day: date) -> AgedLine:
    return AgedLine(f"BUY-{one.layer}-{day:%m}", day.isoformat(), layer=str(one.layer))


def _given_time(one: AgingLine, day: date) -> ExtensionLine:
    return ExtensionLine(
        f"MORE-{one.layer}-{day:%m}", day.isoformat(), f"the field manager of {one.owner_name}",
        layer=str(one.layer), days=str(MORE_DAYS),
    )  # fmt: skip
