"""What is owed, up to the moment (checklist L31): running, advised, invoiced, less credited.

Each running total is rounded once, by its own price; each advice line was rounded once when it
was made. What an agreement settles elsewhere (`report-only`) is owed here until it is advised; then
it is told beside, until a voucher made there is recorded for it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.figures import Amount, Page
from consigned_service.queries.core.question import Filter, OfAgreement, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.core.worth import amount, fits
from consigned_service.queries.inventory.title import Entry, TitleEntry
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.settlement.vouchers import IN_AND_OUT
from consigned_service.records.sql.select import Listing, Where


class NotAdvised(NamedTuple):
    """What running totals come to that no advice tells, of one agreement and organization; where
    the database cannot work it out, so many totals of one price and quantity."""

    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    consignee_id: int
    organization: str
    organization_name: str
    currency: str
    amount: int | None
    price: int
    per: int
    quantity: int
    times: int


BETWEEN = {
    "agreement": "a.number",
    "consignor": "w.code",
    "consignor_name": "w.name",
    "consignee": "h.code",
    "consignee_name": "h.name",
    "consignee_id": "a.consignee_id",
    "organization": "o.code",
    "organization_name": "o.name",
}
THEIRS = "IN (SELECT x.id FROM agreement x WHERE x.consignor_id = %s OR x.consignee_id = %s)"
PARTIES = "JOIN party w ON w.id = a.consignor_id JOIN party h ON h.id = a.consignee_id"
FITS = fits("r.quantity", "r.price")
APART = ", ".join(
    f"CASE WHEN {FITS} THEN 0 ELSE r.{column} END AS {column}"
    for column in ("price", "per", "quantity")
)
UNTOLD = Listing(
    NotAdvised,
    {
        **BETWEEN,
        "currency": "t.currency",
        "amount": "t.amount",
        "price": "t.price",
        "per": "t.per",
        "quantity": "t.quantity",
        "times": "t.times",
    },
    "(SELECT r.agreement + 0 AS agreement, r.organization_id, r.currency, "
    f"{APART}, COUNT(*) AS times, "
    f"SUM(CASE WHEN {FITS} THEN {amount('r.quantity', 'r.price', 'r.currency', 'r.per')} END) "
    "AS amount FROM running_total r WHERE {which} GROUP BY 1, 2, 3, 4, 5, 6) t "
    "JOIN organization o ON o.id = t.organization_id "
    f"JOIN agreement a ON a.id = t.agreement {PARTIES}",
)
"""Summed before anything is named: there are far more totals than agreements. To a bare agreement
SQLite would go through all totals in the order of their agreements, and not through the untold."""


def _read_untold(
    party: int, on: date | None = None, agreement: str | None = None
) -> list[NotAdvised]:
    """Totals that no advice tells now, or that none told by the end of a day gone by."""
    which = Where().also(f"r.agreement {THEIRS}", party, party).also("r.quantity <> 0")
    if agreement is not None:
        which.also("r.agreement = (SELECT x.id FROM agreement x WHERE x.number = %s)", agreement)
    if on is None:
        which.also("r.told_on IS NULL")
    else:
        which.also("r.happened_on <= %s AND (r.told_on IS NULL OR r.told_on > %s)", on, on)
    return UNTOLD.read(Where(), pieces={"which": str(which)}, before=which.parameters)


class Advised(NamedTuple):
    """What advices not paid come to for one agreement and organization; with tax, as far as an
    invoice settles them."""

    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    consignee_id: int
    organization: str
    organization_name: str
    currency: str
    is_settled: bool
    amount: int


ADVISED = Listing(
    Advised,
    {
        **BETWEEN,
        "currency": "t.currency",
        "is_settled": "t.is_settled",
        "amount": "t.amount",
    },
    "(SELECT ad.agreement_id, COALESCE(al.organization_id, ad.organization_id) AS organization_id, "
    "ad.currency, CASE WHEN {settled} THEN 1 ELSE 0 END AS is_settled, "
    "SUM(CASE WHEN al.id IS NULL THEN ad.amount "
    "WHEN {settled} THEN COALESCE(bl.amount + bl.tax_amount, al.amount) "
    "ELSE al.amount END) AS amount FROM advice ad "
    "LEFT JOIN settlement s ON s.advice_id = ad.id "
    "LEFT JOIN payment_line pl ON pl.invoice_id = s.invoice_id "
    "LEFT JOIN payment pay ON pay.id = pl.payment_id "
    "LEFT JOIN advice_line al ON al.advice_id = "
    "CASE WHEN ad.organization_id IS NULL OR {settled} THEN ad.id END "
    "LEFT JOIN invoice_line bl ON bl.invoice_id = s.invoice_id AND bl.line = al.line "
    "WHERE {which} GROUP BY 1, 2, 3, 4) t "
    "JOIN organization o ON o.id = t.organization_id "
    f"JOIN agreement a ON a.id = t.agreement_id {PARTIES}",
)
"""Of an advice of one organization that no invoice settles only the whole counts, and no line is
read."""
DECIDED = (
    "EXISTS (SELECT 1 FROM invoice_decision d WHERE d.invoice_id = s.invoice_id "
    "AND d.standing = 'accepted' AND d.decided_on <= '{on}')"
)


def _read_advised(
    party: int, on: date | None = None, agreement: str | None = None
) -> list[Advised]:
    """Advices not paid now, or by the end of a day, apart by whether an invoice settles them."""
    which = Where().also(f"ad.agreement_id {THEIRS}", party, party)
    if agreement is not None:
        which.also(
            "ad.agreement_id = (SELECT x.id FROM agreement x WHERE x.number = %s)", agreement
        )
    which.also("ad.settlement_method <> %s", SettlementMethod.REPORT_ONLY)
    which.also(STANDS.format(advice="ad"))
    if on is None:
        which.also("pl.id IS NULL")
        settled = "s.id IS NOT NULL"
    else:
        which.also("ad.made_on <= %s AND (pl.id IS NULL OR pay.paid_on > %s)", on, on)
        settled = DECIDED.format(on=on.isoformat())
    pieces = {"settled": settled, "which": str(which)}
    return ADVISED.read(Where(), pieces=pieces, before=which.parameters)


class Elsewhere(NamedTuple):
    """What is advised and settled elsewhere for one agreement and organization, less what went
    back and what vouchers made there are recorded for."""

    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    consignee_id: int
    organization: str
    organization_name: str
    currency: str
    amount: int


ELSEWHERE = Listing(
    Elsewhere,
    {**BETWEEN, "currency": "moved.currency", "amount": "SUM(moved.amount)"},
    f"{IN_AND_OUT} moved {{then}} agreement a ON a.id = moved.agreement_id {PARTIES} "
    "JOIN organization o ON o.id = moved.organization_id",
    group="1, 2, 3, 4, 5, 6, 7, 8, 9",
)


def _read_elsewhere(
    party: int, on: date | None = None, agreement: str | None = None
) -> list[Elsewhere]:
    """What is open elsewhere now, or was by the end of a day."""
    where = _between(party, agreement)
    if on is not None:
        where.also("moved.happened_on <= %s", on)
    return ELSEWHERE.read(where, pieces={"among": THEIRS}, before=[party, party] * 3)


class RequestedCredit(NamedTuple):
    """What is asked back under one agreement in one organization, and what of it is credited."""

    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    consignee_id: int
    organization: str
    organization_name: str
    currency: str
    is_credited: bool
    amount: int


ASKED_BACK = Listing(
    RequestedCredit,
    {
        **BETWEEN,
        "currency": "d.currency",
        "is_credited": "CASE WHEN {credited} THEN 1 ELSE 0 END",
        "amount": "SUM(CASE WHEN {credited} THEN COALESCE(cl.amount + cl.tax_amount, "
        "d.amount) ELSE d.amount END)",
    },
    "debit_request d JOIN organization o ON o.id = d.organization_id "
    f"JOIN agreement a ON a.id = d.agreement {PARTIES} "
    "LEFT JOIN debit_memo_line ml ON ml.organization_id = d.organization_id "
    "AND ml.request = d.number LEFT JOIN debit_memo m ON m.id = ml.debit_memo_id "
    "LEFT JOIN credit_settlement mc ON mc.debit_memo_id = ml.debit_memo_id "
    "LEFT JOIN credit_note_line cl ON cl.credit_note_id = mc.credit_note_id AND cl.line = ml.line "
    "LEFT JOIN payment_credit pc ON pc.credit_note_id = mc.credit_note_id "
    "LEFT JOIN payment pay ON pay.id = pc.payment_id",
    group="1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
)
CREDITED = (
    "EXISTS (SELECT 1 FROM credit_note_decision x WHERE x.credit_note_id = mc.credit_note_id "
    "AND x.standing = 'accepted' AND x.decided_on <= '{on}')"
)


def _read_asked_back(
    party: int, on: date | None = None, agreement: str | None = None
) -> list[RequestedCredit]:
    """What is asked back and not netted now, or by the end of a day, apart by whether a credit note
    credits it. What a memo told that is settled elsewhere is asked back here no longer."""
    where = _between(party, agreement)
    told = "m.id IS NULL OR m.settlement_method <> %s"
    if on is None:
        where.also("pc.id IS NULL").also(told, SettlementMethod.REPORT_ONLY)
        credited = "mc.id IS NOT NULL"
    else:
        where.also("d.happened_on <= %s AND (pc.id IS NULL OR pay.paid_on > %s)", on, on)
        where.also(f"{told} OR m.made_on > %s", SettlementMethod.REPORT_ONLY, on)
        credited = CREDITED.format(on=on.isoformat())
    return ASKED_BACK.read(where, pieces={"credited": credited})


def _between(party: int, agreement: str | None) -> Where:
    where = Where().also("a.consignor_id = %s OR a.consignee_id = %s", party, party)
    return where.equals(a__number=agreement)


class Total(NamedTuple):
    """One running total: what was used of one item, on one day, in one way, at one price."""

    organization: str
    organization_id: int
    number: int
    agreement: str
    item: str
    item_name: str
    unit: str
    closes_on: date
    happened_on: date
    kind: str
    price_source: str
    price: int
    per: int
    currency: str
    quantity: int
    told_on: date | None
    advice: str | None
    advice_line: int | None

    @classmethod
    def of_advice_line(cls, organization_id: int, line_id: int) -> list["Total"]:
        """What an advice line is the sum of; the line was read for somebody who may see it."""
        where = Where().also(
            "t.advice_line = %s AND t.organization_id = %s", line_id, organization_id
        )
        return TOTALS.read(where, order=("happened_on", "kind", "number"))


TOTALS = Listing(
    Total,
    {
        "organization": "o.code",
        "organization_id": "o.id",
        "number": "t.number",
        "agreement": "a.number",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "closes_on": "t.closes_on",
        "happened_on": "t.happened_on",
        "kind": "t.kind",
        "price_source": "t.price_source",
        "price": "t.price",
        "per": "t.per",
        "currency": "t.currency",
        "quantity": "t.quantity",
        "told_on": "t.told_on",
        "advice": "ad.number",
        "advice_line": "al.line",
    },
    "running_total t JOIN organization o ON o.id = t.organization_id "
    "JOIN agreement a ON a.id = t.agreement JOIN item i ON i.id = t.item_id "
    "LEFT JOIN advice_line al ON al.id = t.advice_line LEFT JOIN advice ad ON ad.id = al.advice_id",
)


def _untold(party: int, agreement: str, organization: str) -> Where:
    where = _between(party, agreement).also("o.code = %s", organization)
    return where.also("t.told_on IS NULL AND t.quantity <> 0")


def _read_totals(
    party: int,
    agreement: str,
    organization: str,
    *,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[Total]:
    """The running totals of an agreement and organization that no advice tells yet."""
    order = (*order, "-happened_on", "item", "number")
    where = _untold(party, agreement, organization)
    return TOTALS.read(where, order=order, limit=limit, offset=offset)


def _count_totals(party: int, agreement: str, organization: str) -> int:
    return TOTALS.count(_untold(party, agreement, organization))


def _read_total(party: int, organization: str, number: int) -> Total | None:
    where = _between(party, None).also("o.code = %s AND t.number = %s", organization, number)
    return next(iter(TOTALS.read(where)), None)


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


def owed(
    viewer: Viewer,
    on: Annotated[date | None, Filter("at the end of this day")] = None,
    *,
    agreement: OfAgreement = None,
) -> list[Owed]:
    """What is owed now, or at the end of the day `on`, by agreement and organization."""
    party = viewer.party_id
    books: dict[tuple[str, str, str], Owed] = {}
    for untold in _read_untold(party, on, agreement):
        minor = untold.amount
        if minor is None:
            price = Price(untold.price, untold.currency, untold.per)
            minor = price.extend(untold.quantity) * untold.times
        _add(books, viewer, untold, "running", minor)
    for advised in _read_advised(party, on, agreement):
        column = "invoiced" if advised.is_settled else "advised"
        _add(books, viewer, advised, column, advised.amount)
    for told in _read_elsewhere(party, on, agreement):
        if told.amount:
            _add(books, viewer, told, "elsewhere", told.amount)
    for asked in _read_asked_back(party, on, agreement):
        column = "credited" if asked.is_credited else "asked_back"
        _add(books, viewer, asked, column, asked.amount)
    return sorted(
        books.values(), key=lambda row: (row.consignor_name, row.agreement, row.organization)
    )


OWED_LIST = Question(
    "owed",
    "List what is owed, by agreement and organization.",
    owed, "agreement",
    (

    ),
)  # fmt: skip


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
    rows = _read_totals(party, agreement, organization, order=order, limit=limit, offset=offset)
    total = _count_totals(party, agreement, organization)
    return Page([RunningTotal.told(row) for row in rows], total)


def running_total(
    viewer: Viewer, organization: str, number: int, *, after: int = 0, limit: int = 100
) -> TotalEntries | None:
    """One running total with the transfers of title that count in it, in the order they were
    made; None where the viewer is no party to its agreement."""
    row = _read_total(viewer.party_id, organization, number)
    if row is None:
        return None
    read = Entry.of_totals(
        viewer.party_id, row.organization_id, [number], after=after, limit=limit + 1
    )
    entries = [TitleEntry.told_to(viewer, entry) for entry in read[:limit]]
    return TotalEntries(
        RunningTotal.told(row), entries, entries[-1].number if len(read) > limit else None
    )


def _add(
    books: dict[tuple[str, str, str], Owed],
    viewer: Viewer,
    row: NotAdvised | Advised | Elsewhere | RequestedCredit,
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
