"""What is owed, up to the moment (checklist L31): running, advised, invoiced, less credited.

Each running total is rounded once, by its own price; each advice line was rounded once when it
was made. What an agreement settles elsewhere (`report-only`) is owed here until it is advised; then
it is told beside, until a voucher made there is recorded for it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.figures import Amount, Page
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.title import TitleEntry
from consigned_service.records.inventory import title_pages
from consigned_service.records.settlement import debt_pages
from consigned_service.records.settlement.debt_pages import (
    Advised,
    AskedBack,
    Elsewhere,
    Total,
    Untold,
)


class Owed(NamedTuple):
    """What one consignee owes one consignor under one agreement, for one organization."""

    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    organization: str
    organization_name: str
    is_ours_to_pay: bool
    """True where the viewer is the consignee, False where it is the consignor."""
    running: Amount
    """Used, and not yet on an advice."""
    advised: Amount
    """On an advice that no invoice settles yet."""
    invoiced: Amount
    """Settled by an invoice that is not paid yet."""

    credited: Amount
    """Credited by the consignor, and not netted by a payment yet: less to pay."""
    asked_back: Amount
    """Asked back for what went back, and not credited yet; it counts once it is."""
    elsewhere: Amount
    """Advised and settled elsewhere (`report-only`), and no voucher made there is recorded for it;
    it is not owed through here, and does not count."""

    @property
    def total(self) -> Amount:
        sums = self.running.minor + self.advised.minor + self.invoiced.minor
        return Amount(sums - self.credited.minor, self.running.currency)


class RunningTotal(NamedTuple):
    """What was used of one item, on one day, in one way, at one price."""

    organization: str
    number: int
    agreement: str
    item: str
    item_name: str
    happened_on: date
    closes_on: date
    """When the cycle closes whose advice tells it."""
    kind: str
    price_source: str
    quantity: Quantity
    price: Price
    amount: Amount
    advice: str | None
    advice_line: int | None

    @classmethod
    def told(cls, row: Total) -> "RunningTotal":
        price = Price(row.price, row.currency, row.per)
        return cls(
            organization=row.organization,
            number=row.number,
            agreement=row.agreement,
            item=row.item,
            item_name=row.item_name,
            happened_on=row.happened_on,
            closes_on=row.closes_on,
            kind=row.kind,
            price_source=row.price_source,
            quantity=Quantity(Micros(row.quantity), row.unit),
            price=price,
            amount=Amount(price.extend(row.quantity), row.currency),
            advice=row.advice,
            advice_line=row.advice_line,
        )


class TotalEntries(NamedTuple):
    """A running total and the transfers of title that count in it."""

    total: RunningTotal
    entries: list[TitleEntry]
    after: int | None
    """What to give as `after` for the next entries; None where there are none."""


def owed(viewer: Viewer, on: date | None = None, *, agreement: str | None = None) -> list[Owed]:
    """What is owed now, or at the end of the day `on`, by agreement and organization."""
    party = viewer.party_id
    books: dict[tuple[str, str, str], Owed] = {}
    for untold in debt_pages.read_untold(party, on, agreement):
        price = Price(untold.price, untold.currency, untold.per)
        amount = price.extend(untold.quantity) * untold.times
        _add(books, viewer, untold, "running", amount)
    for advised in debt_pages.read_advised(party, on, agreement):
        column = "invoiced" if advised.is_settled else "advised"
        _add(books, viewer, advised, column, advised.amount)
    for told in debt_pages.read_elsewhere(party, on, agreement):
        if told.amount:
            _add(books, viewer, told, "elsewhere", told.amount)
    for asked in debt_pages.read_asked_back(party, on, agreement):
        column = "credited" if asked.is_credited else "asked_back"
        _add(books, viewer, asked, column, asked.amount)
    return sorted(
        books.values(), key=lambda row: (row.consignor_name, row.agreement, row.organization)
    )


def running_totals(
    viewer: Viewer,
    agreement: str,
    organization: str,
    *,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[RunningTotal]:
    """What the running amount of an agreement and organization is the sum of, last day first."""
    party = viewer.party_id
    rows = debt_pages.read_totals(
        party, agreement, organization, order=order, limit=limit, offset=offset
    )
    total = debt_pages.count_totals(party, agreement, organization)
    return Page([RunningTotal.told(row) for row in rows], total)


def running_total(
    viewer: Viewer, organization: str, number: int, *, after: int = 0, limit: int = 100
) -> TotalEntries | None:
    """One running total with the transfers of title that count in it, in the order they were
    made; None where the viewer is no party to its agreement."""
    row = debt_pages.read_total(viewer.party_id, organization, number)
    if row is None:
        return None
    read = title_pages.read_of_totals(
        viewer.party_id, row.organization_id, [number], after=after, limit=limit + 1
    )
    entries = [TitleEntry.told_to(viewer, entry) for entry in read[:limit]]
    return TotalEntries(
        RunningTotal.told(row), entries, entries[-1].number if len(read) > limit else None
    )


def _add(
    books: dict[tuple[str, str, str], Owed],
    viewer: Viewer,
    row: Untold | Advised | Elsewhere | AskedBack,
    column: str,
    minor: int,
) -> None:
    key = (row.agreement, row.organization, row.currency)
    nothing = Amount(0, row.currency)
    owed = books.get(key) or Owed(
        row.agreement, row.consignor, row.consignor_name, row.consignee, row.consignee_name,
        row.organization, row.organization_name, row.consignee_id == viewer.party_id,
        nothing, nothing, nothing, nothing, nothing, nothing,
    )  # fmt: skip
    so_far: Amount = getattr(owed, column)
    change: dict[str, Any] = {column: Amount(so_far.minor + minor, row.currency)}
    books[key] = owed._replace(**change)
