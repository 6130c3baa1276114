"""Counts: sheets to count by, differences to be explained, usage by count, and shrinkage.

The holder sees its own counts and sheets, an owner those of its goods. Who counts by a blind sheet
is told neither what the book says nor what the other party counted, until its own count is told.
Shrinkage is what is missing and was neither sold nor never there (checklist L20-L24).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from consigned.counting.losses import ALL, Bearer, Reason, consignee_share
from consigned.master_data.agreements import CountMethod, PriceList, UsageBasis
from consigned.measure.identity import AgreementId, ItemId
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS, Micros, Quantity, divide_half_even, show_micros
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.viewers import Viewer, organization_held_by
from consigned_service.records.counting import count_pages
from consigned_service.records.counting.count_pages import (
    Asked,
    Available,
    Borne,
    Count,
    Difference,
    Flow,
)
from consigned_service.records.master_data import agreements as agreement_records


class SheetHead(NamedTuple):
    """A sheet, and how many of its lines each side has counted."""

    number: str
    organization: str
    agreement: str
    consignor: str
    consignor_name: str
    place: str
    method: CountMethod
    drawn_on: date
    lines: int
    counted_by_consignee: int
    counted_by_consignor: int


class SheetLine(NamedTuple):
    """A thing to be counted."""

    line: int
    item: str
    item_name: str
    unit: str
    lot: str | None
    serial: str | None
    booked: Quantity | None
    """What the book said when the sheet was drawn up; None where its counter is not told."""
    by_consignee: Quantity | None
    by_consignor: Quantity | None


class Sheet(NamedTuple):
    head: SheetHead
    side: Bearer
    """For which side the viewer counts."""
    lines: list[SheetLine]


def count_sheets(viewer: Viewer, organization: str | None = None) -> list[SheetHead]:
    """The sheets that the viewer may count by, the oldest first."""
    return [_sheet(viewer, row).head for row in count_pages.sheets(
        viewer.party_id, organization=organization
    )]  # fmt: skip


def count_sheet(viewer: Viewer, number: str) -> Sheet | None:
    """One sheet with its lines; a blind one hides what its counter may not know yet."""
    row = next(iter(count_pages.sheets(viewer.party_id, reference=number)), None)
    return _sheet(viewer, row) if row else None


def _sheet(viewer: Viewer, row: count_pages.Sheet) -> Sheet:
    side = Bearer.CONSIGNOR if row.consignor_id == viewer.party_id else Bearer.CONSIGNEE
    counted: dict[tuple[object, ...], dict[str, Count]] = defaultdict(dict)
    for count in count_pages.counts_for(row.organization_id, [row.reference]):
        counted[count.item_id, count.lot, count.serial][count.side] = count
    method = CountMethod(row.method)
    lines = []
    for line in count_pages.sheet_lines(row.organization_id, row.number):
        told = counted.get((line.item_id, line.lot, line.serial), {})
        is_hidden = method.is_blind and side not in told
        figures = {
            one: Quantity(Micros(count.counted), line.unit)
            for one, count in told.items()
            if not is_hidden
        }
        lines.append(
            SheetLine(
                line.line, line.item, line.item_name, line.unit, line.lot, line.serial,
                None if is_hidden else Quantity(Micros(line.booked), line.unit),
                figures.get(Bearer.CONSIGNEE), figures.get(Bearer.CONSIGNOR),
            )
        )  # fmt: skip
    times = {one: sum(one in told for told in counted.values()) for one in Bearer}
    head = SheetHead(
        row.reference, row.organization, row.agreement, row.consignor, row.consignor_name,
        row.place, method, row.drawn_on, row.lines, times[Bearer.CONSIGNEE],
        times[Bearer.CONSIGNOR],
    )  # fmt: skip
    return Sheet(head, side, lines)


def is_counted(viewer: Viewer, organization: str, count_number: str) -> bool:
    """Whether anything was counted under a number in an organization of the viewer's own."""
    found = organization_held_by(viewer, organization)
    return found is not None and bool(count_pages.counts_for(found, [count_number]))


# --- differences -------------------------------------------------------------------------


class Answer(NamedTuple):
    """What it would mean if missing goods had gone for a reason (checklist L23)."""

    reason: Reason
    consignee_percent: int
    consignee_pays: Amount | None
    """What the consignee would owe for it; None where there is no price on that day."""


class OpenDifference(NamedTuple):
    """Goods of which the book and a count say different things, and nobody has said why."""

    organization: str
    number: int
    count_number: str
    counted_by_party: Bearer
    counted_by: str | None
    """Of the consignee's people its own side alone is told."""
    counted_on: date
    item: str
    item_name: str
    owner: str
    owner_name: str
    agreement: str | None
    place: str | None
    lot: str | None
    serial: str | None
    booked: Quantity
    counted: Quantity
    still_open: Quantity
    """Below zero so much is missing, above zero so much is too much."""
    other_side_counted: Quantity | None
    """What the other party counted for the same count, where it is something else."""
    answers: list[Answer]
    """What was it? Sold, broken, stolen, never shipped …, and who would bear it."""


def open_differences(
    viewer: Viewer, organization: str | None = None, *, item: str | None = None
) -> list[OpenDifference]:
    """The differences that wait for somebody to say why, each with what the answers would mean."""
    found = [
        row
        for row in count_pages.differences(Asked(viewer.party_id, organization, item=item))
        if row.explained != row.counted - row.booked
    ]
    terms = agreement_records.read_terms(
        {row.agreement_id for row in found if row.agreement_id}, {row.item_id for row in found}
    )
    others: dict[tuple[int, str], list[Count]] = {}
    for organization_id in {row.organization_id for row in found}:
        references = {r.reference for r in found if r.organization_id == organization_id}
        for count in count_pages.counts_for(organization_id, references):
            others.setdefault((organization_id, count.reference), []).append(count)
    answered = []
    for row in found:
        prices = terms.prices.get((AgreementId(row.agreement_id or 0), ItemId(row.item_id)))
        agreement = terms.agreements.get(AgreementId(row.agreement_id or 0))
        agreed = agreement.on(row.counted_on).loss_bearers if agreement else ""
        is_own = row.owner_id == row.holder_id
        answers = [] if is_own else _answers(row, agreed, prices)
        answered.append(_open(viewer, row, _other_side(row, others), answers))
    return answered


def _answers(row: Difference, agreed: str, prices: PriceList | None) -> list[Answer]:
    missing = row.booked - row.counted + row.explained
    price = prices.price_on(row.counted_on) if prices else None
    answers = []
    for reason in Reason if missing > 0 else ():
        share = consignee_share(agreed, reason)
        pays = divide_half_even(missing * share, ALL)
        amount = Amount(price.extend(pays), price.currency) if price else None
        answers.append(Answer(reason, share, amount))
    return answers


def _other_side(row: Difference, others: dict[tuple[int, str], list[Count]]) -> Quantity | None:
    theirs = [
        count
        for count in others.get((row.organization_id, row.reference), ())
        if count.side != row.side
        and (count.item_id, count.lot, count.serial) == (row.item_id, row.lot, row.serial)
        and count.owner in (None, row.owner_id)
    ]
    if not theirs or theirs[-1].counted == row.counted:
        return None
    return Quantity(Micros(theirs[-1].counted), row.unit)


def _open(
    viewer: Viewer, row: Difference, other: Quantity | None, answers: list[Answer]
) -> OpenDifference:
    is_told_who = row.side == Bearer.CONSIGNOR or row.holder_id == viewer.party_id
    still_open = row.counted - row.booked - row.explained
    booked, counted, left = (
        Quantity(Micros(figure), row.unit) for figure in (row.booked, row.counted, still_open)
    )
    return OpenDifference(
        row.organization, row.number, row.reference, Bearer(row.side),
        row.counted_by if is_told_who else None, row.counted_on, row.item, row.item_name,
        row.owner, row.owner_name, row.agreement, row.place, row.lot, row.serial,
        booked, counted, left, other, answers,
    )  # fmt: skip


# --- usage by count ----------------------------------------------------------------------


class CountUsage(NamedTuple):
    """What was used of an item between two counts: opening + received - returned - counted."""

    organization: str
    item: str
    counted_on: date
    opening: Quantity
    """What the count before found; nothing before the first."""
    received: Quantity
    returned: Quantity
    counted: Quantity
    used: Quantity
    lost: Quantity
    """Of what was used: lost at the consignor's risk, and not owed for."""


def count_usage(viewer: Viewer, agreement: str, *, item: str | None = None) -> list[CountUsage]:
    """What was used under an agreement by its counts, count by count (checklist L11)."""
    party = viewer.party_id
    flows: dict[tuple[int, int], list[Flow]] = defaultdict(list)
    for flow in count_pages.flows(party, agreement):
        if item in (None, flow.item):
            flows[flow.organization_id, flow.item_id].append(flow)
    days: dict[tuple[int, int], dict[date, int]] = defaultdict(dict)
    counted = count_pages.differences(Asked(party, agreement=agreement, item=item))
    for row in (one for one in counted if not one.replaced):
        days[row.organization_id, row.item_id].setdefault(row.counted_on, 0)
    for row, still_open in _open_once(counted):
        days[row.organization_id, row.item_id][row.counted_on] += still_open
    return [
        usage for key, moved in flows.items() for usage in _usages(moved, sorted(days[key].items()))
    ]


def _usages(flows: Sequence[Flow], counts: Iterable[tuple[date, int]]) -> Iterable[CountUsage]:
    """Each count closes what came and went since the one before."""
    opening, since = 0, date.min
    for day, still_open in counts:
        between = [flow for flow in flows if since < flow.happened_on <= day]
        received = sum(flow.received for flow in between)
        returned = sum(flow.returned for flow in between)
        counted = still_open + sum(flow.net for flow in flows if flow.happened_on <= day)
        unit = flows[0].unit
        used = opening + received - returned - counted
        lost = sum(flow.lost for flow in between)
        figures = (opening, received, returned, counted, used, lost)
        yield CountUsage(
            flows[0].organization, flows[0].item, day,
            *(Quantity(Micros(figure), unit) for figure in figures),
        )  # fmt: skip
        opening, since = counted, day


def _open_once(rows: Iterable[Difference]) -> list[tuple[Difference, int]]:
    """What differs still and by how much. Of what both parties counted for one count and nobody
    decided, what the consignee counted."""
    alike: dict[tuple[object, ...], list[tuple[Difference, int]]] = defaultdict(list)
    for row in rows:
        if still_open := row.counted - row.booked - row.explained:
            key = (row.organization_id, row.reference, row.item_id, row.owner_id,
                   row.agreement_id, row.place, row.lot, row.serial)  # fmt: skip
            alike[key].append((row, still_open))
    return [
        ([one for one in told if one[0].side == Bearer.CONSIGNEE] or told)[-1]
        for told in alike.values()
    ]


# --- shrinkage ---------------------------------------------------------------------------


class Shrinkage(NamedTuple):
    """What the counts of a period found missing of one item under one agreement."""

    organization: str
    agreement: str
    item: str
    opening: Quantity
    """On hand when the period began."""
    received: Quantity
    """In the period, without what turned out never to have come."""
    missing: Quantity
    """By the counts of the period, without what turned out to be sold or never to have come; what
    is missing still when it is counted again is missing once."""
    percent: str | None
    """missing / (opening + received) x 100, exact to six decimals; None where nothing was there."""
    warns_at: str | None
    is_warning: bool


def shrinkage(
    viewer: Viewer,
    *,
    first: date | None = None,
    last: date | None = None,
    agreement: str | None = None,
    organization: str | None = None,
) -> list[Shrinkage]:
    """Shrinkage by agreement and item in a period, with a warning where it is too much.

    Items that nobody counted in the period are not listed.
    """
    asked = Asked(viewer.party_id, organization, agreement, None, first, last)
    found = [
        row
        for row in count_pages.differences(asked)
        if row.agreement is not None and row.owner_id != row.holder_id
    ]
    missing: dict[tuple[str | None, str, str], int] = defaultdict(int)
    for row in found:
        missing[row.agreement, row.organization, row.item] -= (
            row.explained - row.replaced - row.used
        )
    for row, still_open in _open_once(found):
        missing[row.agreement, row.organization, row.item] -= still_open
    warns_at = {
        row.number: row.shrinkage_warning_percent
        for row in count_pages.terms(viewer.party_id, agreement)
    }
    return [
        _shrinkage(row, missing[row.agreement, row.organization, row.item], warns_at)
        for row in count_pages.available(asked)
        if (row.agreement, row.organization, row.item) in missing
    ]


def _shrinkage(row: Available, missing: int, warns: Mapping[str, int | None]) -> Shrinkage:
    available, warns_at = row.opening + row.received, warns.get(row.agreement)
    percent = None
    if available > 0:
        percent = show_micros(divide_half_even(missing * 100 * MICROS, available))
    return Shrinkage(
        row.organization,
        row.agreement,
        row.item,
        opening=Quantity(Micros(row.opening), row.unit),
        received=Quantity(Micros(row.received), row.unit),
        missing=Quantity(Micros(missing), row.unit),
        percent=percent,
        warns_at=None if warns_at is None else show_micros(warns_at),
        is_warning=warns_at is not None and missing * 100 * MICROS > warns_at * available,
    )


class ShrinkageCost(NamedTuple):
    """What counted losses cost one party, for one reason."""

    organization: str
    agreement: str
    item: str
    reason: Reason
    borne_by: Bearer
    quantity: Quantity
    cost: Amount | None
    """What the consignee is charged, or what the consignor's goods came in at; None without a
    price."""


def shrinkage_cost(
    viewer: Viewer,
    *,
    first: date | None = None,
    last: date | None = None,
    agreement: str | None = None,
    organization: str | None = None,
) -> list[ShrinkageCost]:
    """The cost of counted losses by reason and by who bears it (checklist L22)."""
    asked = Asked(viewer.party_id, organization, agreement, None, first, last)
    sums: dict[tuple[str, ...], tuple[int, int | None, str]] = {}
    units: dict[str, str] = {}
    for row in count_pages.borne(asked):
        bearer = Bearer.CONSIGNEE if row.is_consignees else Bearer.CONSIGNOR
        key = (row.organization, row.agreement or "", row.item, row.reason, bearer)
        quantity, cost, currency = sums.get(key, (0, 0, row.currency or ""))
        amount = _cost(row)
        total = None if cost is None or amount is None else cost + amount
        sums[key] = (quantity + row.quantity, total, currency)
        units[row.item] = row.unit
    return [
        ShrinkageCost(
            code, agreed, item, Reason(reason), Bearer(bearer),
            Quantity(Micros(quantity), units[item]),
            None if cost is None else Amount(cost, currency),
        )
        for (code, agreed, item, reason, bearer), (quantity, cost, currency) in sorted(
            sums.items()
        )
        if quantity
    ]  # fmt: skip


def _cost(row: Borne) -> int | None:
    if row.price is None or row.currency is None or row.per is None:
        return None
    return Price(row.price, row.currency, row.per).extend(row.quantity)


# --- what is agreed ----------------------------------------------------------------------


class Liability(NamedTuple):
    """What an agreement says of losses: who bears them, and what may be billed (E18)."""

    agreement: str
    consignor_name: str
    consignee_name: str
    consignee_percent: dict[Reason, int]
    """The consignee's share of each loss; it may be billed that much of the price."""
    liability: str
    usage_basis: UsageBasis
    count_method: CountMethod | None
    count_every_days: int | None
    count_share_percent: int | None
    shrinkage_warning_percent: str | None


def liability(viewer: Viewer, agreement: str | None = None) -> list[Liability]:
    """Who bears which loss under the viewer's agreements, and how their goods are counted."""
    return [
        Liability(
            row.number,
            row.consignor,
            row.consignee,
            {reason: consignee_share(row.loss_bearers, reason) for reason in Reason},
            row.liability,
            UsageBasis(row.usage_basis),
            CountMethod(row.count_method) if row.count_method else None,
            row.count_every_days,
            row.count_share_percent,
            None
            if row.shrinkage_warning_percent is None
            else show_micros(row.shrinkage_warning_percent),
        )
        for row in count_pages.terms(viewer.party_id, agreement)
    ]
