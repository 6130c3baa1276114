"""Advices as people read them: what each comes to, what it is made of, and where it stands."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from consigned.consumption.exceptions import Ending
from consigned.master_data.agreements import SettlementMethod
from consigned_service.records.master_data.changes import name_on
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.settlement.vouchers import NOTHING_LEFT
from consigned_service.records.sql.select import Listing, Where


class Advice(NamedTuple):
    id: int
    number: str
    agreement: str
    consignor: str
    consignor_name: str
    consignee_id: int
    consignee: str
    consignee_name: str
    organization: str | None
    item: str | None
    happened_on: date | None
    starts_on: date
    closes_on: date
    made_on: date
    summary_level: str
    settlement_method: str
    currency: str
    amount: int
    state: str
    invoice: str | None
    payment: str | None
    consignor_site: str | None
    bill_to: str
    by_kind: bool
    shows_lots: bool
    told_by: str | None
    told_to: str | None
    told_at: datetime | None
    tax_amount: int
    cancelled_on: date | None
    cancelled_because: str | None


WAITS = (
    "EXISTS (SELECT 1 FROM invoice v JOIN invoice_decision d ON d.invoice_id = v.id "
    "WHERE v.advice_id = ad.id AND d.standing = '{standing}' AND NOT EXISTS ("
    "SELECT 1 FROM invoice_decision x WHERE x.invoice_id = v.id "
    "AND x.standing IN ('accepted', 'rejected')))"
)
STATE = (
    f"CASE WHEN NOT ({STANDS.format(advice='ad')}) THEN 'cancelled' "
    "WHEN pl.id IS NOT NULL THEN 'paid' WHEN s.id IS NOT NULL THEN 'settled' "
    f"WHEN {WAITS.format(standing='disputed')} THEN 'invoice-disputed' "
    f"WHEN {WAITS.format(standing='held')} THEN 'invoiced-held' "
    f"WHEN {WAITS.format(standing='staged')} THEN 'invoice-staged' "
    f"WHEN ad.settlement_method = '{SettlementMethod.REPORT_ONLY}' AND {NOTHING_LEFT} "
    f"THEN 'settled-elsewhere' WHEN ad.settlement_method = '{SettlementMethod.REPORT_ONLY}' "
    "THEN 'reported' ELSE 'open' END"
)
ADVICES = Listing(
    Advice,
    {
        "id": "ad.id",
        "number": "ad.number",
        "agreement": "a.number",
        "consignor": "w.code",
        "consignor_name": name_on("party", "w", "ad.made_on"),
        "consignee_id": "ad.consignee_id",
        "consignee": "h.code",
        "consignee_name": name_on("party", "h", "ad.made_on"),
        "organization": "o.code",
        "item": "i.code",
        "happened_on": "ad.happened_on",
        "starts_on": "ad.starts_on",
        "closes_on": "ad.closes_on",
        "made_on": "ad.made_on",
        "summary_level": "ad.summary_level",
        "settlement_method": "ad.settlement_method",
        "currency": "ad.currency",
        "amount": "ad.amount",
        "state": STATE,
        "invoice": "v.number",
        "payment": "pay.number",
        "consignor_site": "st.code",
        "bill_to": "COALESCE(NULLIF(ad.bill_to, ''), h.code)",
        "by_kind": "ad.by_kind",
        "shows_lots": "ad.shows_lots",
        "told_by": "ac.way",
        "told_to": "ac.told_to",
        "told_at": "ac.told_at",
        "tax_amount": "ad.tax_amount",
        "cancelled_on": "can.cancelled_on",
        "cancelled_because": "can.because",
    },
    "advice ad JOIN agreement a ON a.id = ad.agreement_id "
    "JOIN party w ON w.id = ad.consignor_id JOIN party h ON h.id = ad.consignee_id "
    "LEFT JOIN organization o ON o.id = ad.organization_id "
    "LEFT JOIN item i ON i.id = ad.item_id "
    "LEFT JOIN settlement s ON s.advice_id = ad.id "
    "LEFT JOIN invoice v ON v.id = s.invoice_id "
    "LEFT JOIN payment_line pl ON pl.invoice_id = s.invoice_id "
    "LEFT JOIN payment pay ON pay.id = pl.payment_id "
    "LEFT JOIN site st ON st.id = ad.consignor_site_id "
    "LEFT JOIN advice_communication ac ON ac.advice_id = ad.id "
    "LEFT JOIN advice_cancellation can ON can.advice_id = ad.id",
)


class Asked(NamedTuple):
    """Which advices are asked for; None asks nothing."""

    party: int
    number: str | None = None
    consignor: str | None = None
    consignee: str | None = None
    agreement: str | None = None
    organization: str | None = None
    states: tuple[str, ...] = ()
    site: str | None = None


def _where(asked: Asked) -> Where:
    where = Where().also("ad.consignor_id = %s OR ad.consignee_id = %s", asked.party, asked.party)
    where.equals(
        ad__number=asked.number,
        w__code=asked.consignor,
        h__code=asked.consignee,
        a__number=asked.agreement,
        st__code=asked.site,
    )
    if asked.organization is not None:
        where.also(
            "EXISTS (SELECT 1 FROM advice_line al JOIN organization lo "
            "ON lo.id = al.organization_id WHERE al.advice_id = ad.id AND lo.code = %s)",
            asked.organization,
        )
    if asked.states:
        marks = ", ".join(["%s"] * len(asked.states))
        where.also(f"{STATE} IN ({marks})", *asked.states)
    return where


def read(
    asked: Asked, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[Advice]:
    order = (*order, "-closes_on", "-id")
    return ADVICES.read(_where(asked), order=order, limit=limit, offset=offset)


def count(asked: Asked) -> int:
    return ADVICES.count(_where(asked))


class AdviceLine(NamedTuple):
    id: int
    advice: str
    line: int
    organization_id: int
    organization: str
    organization_name: str
    item: str
    item_name: str
    unit: str
    happened_on: date | None
    quantity: int
    price: int
    per: int
    currency: str
    amount: int
    kind: str
    use_kind: str
    tax: str
    tax_amount: int


LINES = Listing(
    AdviceLine,
    {
        "id": "al.id",
        "advice": "ad.number",
        "line": "al.line",
        "organization_id": "o.id",
        "organization": "o.code",
        "organization_name": name_on("organization", "o", "ad.made_on"),
        "item": "i.code",
        "item_name": name_on("item", "i", "ad.made_on"),
        "unit": "i.unit",
        "happened_on": "al.happened_on",
        "quantity": "al.quantity",
        "price": "al.price",
        "per": "al.per",
        "currency": "ad.currency",
        "amount": "al.amount",
        "kind": "al.kind",
        "use_kind": "al.use_kind",
        "tax": "al.tax",
        "tax_amount": "al.tax_amount",
    },
    "advice_line al JOIN advice ad ON ad.id = al.advice_id "
    "JOIN organization o ON o.id = al.organization_id JOIN item i ON i.id = al.item_id",
)


def read_lines(
    party: int,
    advice: str,
    *,
    line: int | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[AdviceLine]:
    where = _line_where(party, advice).equals(al__line=line)
    return LINES.read(where, order=(*order, "line"), limit=limit, offset=offset)


def count_lines(party: int, advice: str) -> int:
    return LINES.count(_line_where(party, advice))


def _line_where(party: int, advice: str) -> Where:
    where = Where().also("ad.consignor_id = %s OR ad.consignee_id = %s", party, party)
    return where.also("ad.number = %s", advice)


class Transaction(NamedTuple):
    """A transfer of title that an advice tells, and how far its line has come with it; or what a
    change of price put into the line, which names the change and no entry."""

    line: int
    organization: str
    entry: int | None
    price_change: str | None
    item: str
    item_name: str
    unit: str
    kind: str
    happened_on: date
    consumed: int
    so_far: int
    ordered_in: str | None
    unit_holds: int | None
    price: int
    per: int
    currency: str
    price_source: str
    is_settled: bool
    receipt: str | None
    receipt_line: int | None
    order: str | None
    order_line: int | None
    lot: str | None
    serial: str | None
    own_currency: str | None
    """The organization's, where the agreement has another one."""
    rate: int | None
    rate_on: date | None
    rate_kind: str | None
    tax: str
    is_corrected: bool
    """Whether it waited as an exception before."""


WAITED = (
    "CASE WHEN g.cause = 'resubmission' OR EXISTS (SELECT 1 FROM waiting_exception x "
    "WHERE x.organization_id = e.organization_id AND x.entry = e.number) "
    "OR e.cause = 'consumption' AND EXISTS (SELECT 1 FROM exception_resolution z "
    "WHERE z.organization_id = e.organization_id AND z.consumption = e.document "
    f"AND z.how = '{Ending.REPLACED}') THEN 1 ELSE 0 END"
)
TOLD = {
    "line": "al.line",
    "organization": "o.code",
    "entry": "c.entry",
    "price_change": "NULL",
    "item": "i.code",
    "item_name": name_on("item", "i", "ad.made_on"),
    "unit": "i.unit",
    "kind": "t.kind",
    "happened_on": "e.happened_on",
    "consumed": "c.quantity",
    "so_far": "SUM(c.quantity) OVER (PARTITION BY al.id ORDER BY c.entry)",
    "ordered_in": "NULLIF(ol.unit, '')",
    "unit_holds": "iu.micros",
    "price": "t.price",
    "per": "t.per",
    "currency": "t.currency",
    "price_source": "t.price_source",
    "is_settled": "CASE WHEN s.id IS NOT NULL THEN 1 ELSE 0 END",
    "receipt": "r.reference",
    "receipt_line": "l.receipt_line",
    "order": "co.number",
    "order_line": "ol.line",
    "lot": "CASE WHEN ad.shows_lots THEN l.lot END",
    "serial": "CASE WHEN ad.shows_lots THEN l.serial END",
    "own_currency": "cr.own_currency",
    "rate": "cr.rate",
    "rate_on": "cr.holds_from",
    "rate_kind": "cr.kind",
    "tax": "t.tax",
    "is_corrected": WAITED,
}
TELLING = (
    "advice ad {then} advice_line al ON al.advice_id = ad.id "
    "{then} running_total t ON t.advice_line = al.id AND t.organization_id = al.organization_id "
)
OF_CHARGES = (
    TELLING + "{then} charge c ON c.organization_id = t.organization_id AND c.total = t.number "
)
OF_CORRECTIONS = (
    TELLING
    + "{then} price_correction c ON c.organization_id = t.organization_id AND c.total = t.number "
)
ORDERED_IN = (
    "{then} title_entry e ON e.organization_id = c.organization_id AND e.number = c.entry "
    "{then} layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
    "JOIN item i ON i.id = l.item_id LEFT JOIN order_line ol ON ol.id = l.order_line "
    "LEFT JOIN item_unit iu ON iu.item_id = l.item_id AND iu.unit = ol.unit "
)
SETTLED = (
    "JOIN organization o ON o.id = t.organization_id LEFT JOIN settlement s ON s.advice_id = ad.id"
)
TRANSACTIONS = Listing(
    Transaction,
    TOLD,
    f"{OF_CHARGES} {ORDERED_IN} "
    "JOIN posting g ON g.organization_id = e.organization_id AND g.number = e.posting "
    "LEFT JOIN goods_receipt r "
    "ON r.organization_id = l.organization_id AND r.number = l.receipt "
    "LEFT JOIN charge_rate cr ON cr.organization_id = c.organization_id AND cr.entry = c.entry "
    f"LEFT JOIN consigned_order co ON co.id = ol.order_id {SETTLED}",
)
NOT_OF_A_CORRECTION = (
    "entry", "ordered_in", "unit_holds", "receipt", "receipt_line", "order", "order_line", "lot",
    "serial", "own_currency", "rate", "rate_on", "rate_kind",
)  # fmt: skip
CORRECTIONS = Listing(
    Transaction,
    TOLD
    | dict.fromkeys(NOT_OF_A_CORRECTION, "NULL")
    | {
        "is_corrected": "0",
        "price_change": "pc.reference",
        "happened_on": "c.used_on",
        "so_far": "al.quantity - SUM(c.quantity) OVER (PARTITION BY al.id "
        "ORDER BY c.number DESC) + c.quantity",
    },
    f"{OF_CORRECTIONS} JOIN item i ON i.id = t.item_id "
    f"JOIN price_change pc ON pc.id = c.price_change {SETTLED}",
    order={"so_far": "c.number"},
)
"""They come after the transfers of their line."""


def read_transactions(
    party: int,
    advice: str,
    *,
    line: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[Transaction], int]:
    """What an advice tells, its transfers of title first; answers also how much there is of it."""
    where = _line_where(party, advice).equals(al__line=line)
    transfers = Listing(Transaction, TOLD, OF_CHARGES).count(where)
    corrections = Listing(Transaction, TOLD, OF_CORRECTIONS).count(where)
    found = TRANSACTIONS.read(where, order=("line", "entry"), limit=limit, offset=offset)
    left = None if limit is None else limit - len(found)
    if corrections and left != 0:
        after = max(0, offset - transfers)
        order = ("line", "so_far")
        found += CORRECTIONS.read(where, order=order, limit=left, offset=after)
    return found, transfers + corrections


class AsOrdered(NamedTuple):
    """What a line consumed of goods that were ordered in one unit, in the item's own."""

    line: int
    unit: str
    unit_holds: int
    consumed: int


AS_ORDERED = Listing(
    AsOrdered,
    {
        "line": "al.line",
        "unit": "COALESCE(NULLIF(ol.unit, ''), i.unit)",
        "unit_holds": "COALESCE(iu.micros, 1000000)",
        "consumed": "SUM(c.quantity)",
    },
    f"{OF_CHARGES} {ORDERED_IN}",
    group="1, 2, 3",
)


def read_as_ordered(party: int, advice: str, lines: Sequence[int]) -> list[AsOrdered]:
    """What some lines consumed, by the unit it was ordered in; of items that have several."""
    if not lines:
        return []
    where = _line_where(party, advice)
    where.also(f"al.line IN ({', '.join(['%s'] * len(lines))})", *lines)
    where.also("EXISTS (SELECT 1 FROM item_unit u WHERE u.item_id = al.item_id)")
    return AS_ORDERED.read(where, order=("line", "unit"))


class OfLot(NamedTuple):
    """What a line consumed of one lot, or of one piece with a serial number."""

    line: int
    lot: str | None
    serial: str | None
    unit: str
    consumed: int


OF_LOTS = Listing(
    OfLot,
    {
        "line": "al.line",
        "lot": "l.lot",
        "serial": "l.serial",
        "unit": "i.unit",
        "consumed": "SUM(c.quantity)",
    },
    f"{OF_CHARGES} {ORDERED_IN}",
    group="1, 2, 3, 4 HAVING SUM(c.quantity) <> 0",
)


def read_lots(party: int, advice: str, lines: Sequence[int]) -> list[OfLot]:
    """What some lines consumed of each lot and serial number, where the advice tells them."""
    if not lines:
        return []
    where = _line_where(party, advice)
    where.also(f"al.line IN ({', '.join(['%s'] * len(lines))})", *lines)
    where.also("ad.shows_lots AND (l.lot IS NOT NULL OR l.serial IS NOT NULL)")
    return OF_LOTS.read(where, order=("line", "lot", "serial"))


class Invoice(NamedTuple):
    number: str
    invoiced_on: date
    due_on: date
    currency: str
    amount: int
    is_self_billed: bool
    standing: str | None
    decided_on: date | None
    because: str | None
    payment: str | None
    paid_on: date | None


INVOICES = Listing(
    Invoice,
    {
        "number": "v.number",
        "invoiced_on": "v.invoiced_on",
        "due_on": "v.due_on",
        "currency": "v.currency",
        "amount": "v.amount",
        "is_self_billed": "v.is_self_billed",
        "standing": "d.standing",
        "decided_on": "d.decided_on",
        "because": "d.because",
        "payment": "pay.number",
        "paid_on": "pay.paid_on",
    },
    "invoice v LEFT JOIN invoice_decision d ON d.invoice_id = v.id "
    "AND d.id = (SELECT MAX(x.id) FROM invoice_decision x WHERE x.invoice_id = v.id) "
    "LEFT JOIN payment_line pl ON pl.invoice_id = v.id "
    "LEFT JOIN payment pay ON pay.id = pl.payment_id",
)


def read_invoices(advice: Advice) -> list[Invoice]:
    """The invoices that answer an advice; it was read for somebody who may see it."""
    where = Where().also("v.advice_id = %s", advice.id)
    return INVOICES.read(where, order=("invoiced_on", "number"))
