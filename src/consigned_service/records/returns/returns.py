"""What a return needs of the ledger: the transfers of title that still stand, what waits for a
price, what was asked back before; and the documents of what went back."""

from collections.abc import Collection, Iterable, Mapping
from operator import itemgetter
from typing import NamedTuple

from consigned.accounting.accruals import TotalKey
from consigned.inventory.title_transfers import UseKind
from consigned.master_data.agreements import PriceSource
from consigned.measure.identity import (
    AgreementId,
    EntryNumber,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
)
from consigned.measure.money import Price
from consigned.returns.lines import Passed
from consigned.settlement.price_changes import RECHARGED, is_changed_with
from consigned.title.position import Zone
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import as_day


class Recharged(NamedTuple):
    """A price change that took goods from one total into another, before any advice told them."""

    posting: int
    change: int
    total: int
    key: TotalKey
    advice_line: int | None


class Standing(NamedTuple):
    """A transfer of title that still stands, and where it was charged, if it has a price.

    `total` is the one that its charge names. Where price changes have charged the goods anew, they
    count by `key` and stand on the advice line of the last of them.
    """

    passed: Passed
    total: int | None
    key: TotalKey | None
    advice_line: int | None
    account: str | None
    """What bore the use, where a work order named it."""
    recharged: tuple[Recharged, ...] = ()


STANDING = (
    "e.number, e.posting, e.layer, e.happened_on, "
    "e.quantity - COALESCE((SELECT SUM(r.quantity) FROM reversal r "
    "WHERE r.organization_id = e.organization_id AND r.reverses = e.number), 0), "
    "u.kind, c.total, t.agreement, t.closes_on, t.item_id, t.happened_on, t.kind, t.price, "
    "t.currency, t.per, t.price_source, t.alone, t.tax, t.told_on, t.advice_line, wo.account"
)
CHARGED = (
    "LEFT JOIN charge c ON c.organization_id = e.organization_id AND c.entry = e.number "
    "LEFT JOIN running_total t ON t.organization_id = c.organization_id AND t.number = c.total"
)
USED = (
    "LEFT JOIN consumption u ON e.cause = 'consumption' "
    "AND u.organization_id = e.organization_id AND u.number = e.document "
    "LEFT JOIN work_order_issue wo ON wo.organization_id = u.organization_id "
    "AND wo.consumption = u.number"
)


def standing(
    organization: OrganizationId, layers: Iterable[LayerNumber]
) -> dict[EntryNumber, Standing]:
    """The transfers of title of some layers' goods to us that were not wholly turned back."""
    found: dict[EntryNumber, Standing] = {}
    postings: dict[EntryNumber, int] = {}
    for (entry, posting, layer, happened_on, left, used_for, total, agreement, closes_on, item, on,
         kind, price, currency, per, source, alone, tax, told_on, advice_line,
         account) in bulk.look_up(
        set(layers),
        "bigint",
        STANDING,
        f"title_entry e {CHARGED} {USED}",
        "e.organization_id = %s AND e.layer = w.value AND e.kind = 'transferred-to-owned'",
        [organization],
    ):  # fmt: skip
        if left <= 0:
            continue
        key = None
        if total is not None:
            key = TotalKey(
                AgreementId(agreement), as_day(closes_on), ItemId(item), as_day(on), kind,
                Price(price, currency, per), source, alone, tax,
            )  # fmt: skip
        passed = Passed(
            EntryNumber(entry), LayerNumber(layer),
            kind or used_for or UseKind.TRANSFER_TO_OWNED.value, as_day(happened_on), int(left),
            told_on is not None,
        )  # fmt: skip
        found[passed.entry] = Standing(passed, total, key, advice_line, account)
        postings[passed.entry] = posting
    return _as_corrected(organization, _as_recharged(organization, found, postings), postings)


def _as_recharged(
    organization: OrganizationId,
    stands: dict[EntryNumber, Standing],
    postings: Mapping[EntryNumber, int],
) -> dict[EntryNumber, Standing]:
    """The same, with what price changes have charged anew since each transfer."""
    recharged = _recharged(
        organization, {one.total for one in stands.values() if one.total is not None}
    )
    if not recharged:
        return stands
    for entry, one in stands.items():
        at, since, path = one.total, postings[entry], []
        while step := next((r for r in recharged.get(at or 0, ()) if r.posting > since), None):
            at, since = step.total, step.posting
            path.append(step)
        if path:
            stands[entry] = one._replace(
                key=path[-1].key, advice_line=path[-1].advice_line, recharged=tuple(path)
            )
    return stands


def _as_corrected(
    organization: OrganizationId,
    stands: dict[EntryNumber, Standing],
    postings: Mapping[EntryNumber, int],
) -> dict[EntryNumber, Standing]:
    """The same, at the prices that what advices have told was corrected to since."""
    told = {
        entry: one.key
        for entry, one in stands.items()
        if one.passed.is_told and one.key and is_changed_with(one.key.source)
    }
    if not told:
        return stands
    changes = bulk.look_up(
        {key.agreement for key in told.values()},
        "bigint",
        "p.agreement_id, p.item_id, p.starts_on, p.ends_on, p.price, p.per, MIN(c.posting)",
        f"price_change p {bulk.then()} price_correction c ON c.price_change = p.id",
        "p.agreement_id = w.value AND c.organization_id = %s "
        "GROUP BY p.id, p.agreement_id, p.item_id, p.starts_on, p.ends_on, p.price, p.per "
        "ORDER BY p.id",
        [organization],
    )
    for agreement, item, starts_on, ends_on, price, per, posting in changes:
        for entry, key in told.items():
            if (
                (key.agreement, key.item) == (agreement, item)
                and as_day(starts_on) <= key.happened_on
                and (ends_on is None or key.happened_on < as_day(ends_on))
                and postings[entry] < posting
            ):
                corrected = key._replace(price=Price(price, key.price.currency, per))
                stands[entry] = stands[entry]._replace(key=corrected)
    return stands


def _recharged(organization: OrganizationId, totals: Iterable[int]) -> dict[int, list[Recharged]]:
    """What price changes took out of some totals, and on out of where it went, oldest first."""
    found: dict[int, list[Recharged]] = {}
    wanted, then = set(totals), bulk.then()
    while wanted:
        rows = bulk.look_up(
            wanted,
            "bigint",
            "o.total, o.posting, o.price_change, n.number, n.agreement, n.closes_on, n.item_id, "
            "n.happened_on, n.kind, n.price, n.currency, n.per, n.price_source, n.alone, "
            "n.tax, n.advice_line",
            f"price_correction o {then} price_change p ON p.id = o.price_change "
            f"{then} running_total f ON f.organization_id = o.organization_id "
            f"AND f.number = o.total {then} running_total n "
            "ON n.organization_id = f.organization_id AND n.agreement = f.agreement "
            "AND n.closes_on = f.closes_on AND n.item_id = f.item_id "
            "AND n.happened_on = f.happened_on AND n.kind = f.kind AND n.price = p.price "
            "AND n.per = p.per AND n.alone = f.alone AND n.tax = f.tax AND n.number <> f.number "
            f"AND n.price_source = '{PriceSource.AGREEMENT} {RECHARGED}=' || p.reference",
            "o.organization_id = %s AND o.total = w.value AND o.quantity < 0",
            [organization],
        )
        for (total, posting, change, number, agreement, closes_on, item, on, kind, price, currency,
             per, source, alone, tax, line) in sorted(rows, key=itemgetter(0, 1)):  # fmt: skip
            key = TotalKey(
                AgreementId(agreement), as_day(closes_on), ItemId(item), as_day(on), kind,
                Price(price, currency, per), source, alone, tax,
            )  # fmt: skip
            found.setdefault(total, []).append(Recharged(posting, change, number, key, line))
        wanted = {row[3] for row in rows} - found.keys()
    return found


def outside(
    organization: OrganizationId, layers: Iterable[LayerNumber], ours: PartyId
) -> dict[tuple[LayerNumber, Zone], int]:
    """What of some layers' goods went out as ours and did not come back, by the zone it is in."""
    then = bulk.then()
    rows = bulk.look_up(
        set(layers),
        "bigint",
        "l.number, pl.zone, b.quantity",
        f"layer l {then} position p ON p.organization_id = l.organization_id "
        f"AND p.item_id = l.item_id {then} place pl ON pl.organization_id = p.organization_id "
        f"AND pl.number = p.place {then} balance b ON b.organization_id = p.organization_id "
        "AND b.position = p.number AND b.layer = l.number",
        "l.organization_id = %s AND l.number = w.value AND p.owner_id = %s AND b.is_outer "
        "AND b.quantity > 0",
        [organization, ours],
    )
    sums: dict[tuple[LayerNumber, Zone], int] = {}
    for layer, zone, quantity in rows:
        slot = (LayerNumber(layer), Zone(zone))
        sums[slot] = sums.get(slot, 0) + quantity
    return sums


def advices_telling(
    organization: OrganizationId, entries: Collection[EntryNumber]
) -> tuple[str, ...]:
    """The advices that tell some transfers of title."""
    rows = bulk.look_up(
        entries,
        "bigint",
        "a.number",
        "charge c JOIN running_total t ON t.organization_id = c.organization_id "
        "AND t.number = c.total JOIN advice_line l ON l.id = t.advice_line "
        "JOIN advice a ON a.id = l.advice_id",
        "c.organization_id = %s AND c.entry = w.value",
        [organization],
    )
    return tuple(sorted({number for (number,) in rows}))


class WaitingForPrice(NamedTuple):
    """An open exception of a transfer of title that has no price yet."""

    number: int
    consumption: int | None
    entry: EntryNumber
    item: ItemId
    quantity: int
    reason: str
    sentence: str
    opened_on: str


def waiting_for_price(
    organization: OrganizationId, entries: Iterable[EntryNumber]
) -> list[WaitingForPrice]:
    """The open exceptions of some transfers of title."""
    subquery, wanted = bulk.among(set(entries))
    rows = bulk.fetch(
        "SELECT w.number, w.consumption, w.entry, w.item_id, w.quantity, w.reason, w.sentence, "
        "w.opened_on FROM open_exception w "
        f"WHERE w.organization_id = %s AND w.entry IN ({subquery}) AND NOT EXISTS ("
        "SELECT 1 FROM exception_resolution r WHERE r.organization_id = w.organization_id "
        "AND r.exception = w.number) ORDER BY w.number",
        [organization, wanted],
    )
    return [
        WaitingForPrice(
            number, consumption, EntryNumber(entry), ItemId(item), quantity, reason, sentence,
            as_day(opened_on).isoformat(),
        )
        for number, consumption, entry, item, quantity, reason, sentence, opened_on in rows
    ]  # fmt: skip


class RequestedCredit(NamedTuple):
    """How much was sold back before: of each advice line, and of each layer."""

    of_line: dict[int, int]
    of_layer: dict[LayerNumber, int]


def asked_back(
    organization: OrganizationId, lines: Iterable[int], layers: Iterable[LayerNumber]
) -> RequestedCredit:
    """What the debit requests so far ask for."""

    def sums(column: str, values: Iterable[int]) -> dict[int, int]:
        subquery, wanted = bulk.among(set(values))
        rows = bulk.fetch(
            f"SELECT {column}, SUM(quantity) FROM debit_request "
            "WHERE organization_id = %s AND layer IS NOT NULL "
            f"AND {column} IN ({subquery}) GROUP BY {column}",
            [organization, wanted],
        )
        return {value: int(quantity) for value, quantity in rows}

    of_layer = {LayerNumber(n): quantity for n, quantity in sums("layer", layers).items()}
    return RequestedCredit(sums("advice_line", lines), of_layer)


def quantities_received(
    organization: OrganizationId, receipts: Iterable[int]
) -> dict[tuple[int, int], int]:
    """How much came with each line of some receipts."""
    rows = bulk.look_up(
        set(receipts),
        "bigint",
        "a.receipt, a.line, a.quantity",
        "goods_receipt_line a",
        "a.organization_id = %s AND a.receipt = w.value",
        [organization],
    )
    sums: dict[tuple[int, int], int] = {}
    for receipt, line, quantity in rows:
        sums[receipt, line] = sums.get((receipt, line), 0) + quantity
    return sums


def reopened(organization: OrganizationId, order_lines: Iterable[int]) -> dict[int, int]:
    """What went back of some order lines and is to come again, so that it may be received."""
    rows = bulk.look_up(
        set(order_lines),
        "bigint",
        "l.order_line, g.quantity",
        f"layer l {bulk.then()} goods_return g "
        "ON g.organization_id = l.organization_id AND g.layer = l.number",
        "l.organization_id = %s AND l.order_line = w.value AND g.reopens_order",
        [organization],
    )
    sums: dict[int, int] = {}
    for order_line, quantity in rows:
        sums[order_line] = sums.get(order_line, 0) + quantity
    return sums
