"""Consumption advices (checklist O01): the list, one advice, and what each line is made of.

advice  →  line  →  running totals, one a day, use and price  →  transfers of title
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

from consigned.accounting.accruals import growth
from consigned.consumption.exceptions import Ending
from consigned.master_data.agreements import SettlementMethod
from consigned.master_data.exchange_rates import convert, show_rate
from consigned.master_data.taxes import read_tax
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS, Micros, Quantity, divide_half_even
from consigned_service.queries.core.figures import Amount, Page, page, total
from consigned_service.queries.core.names import name_on
from consigned_service.queries.core.question import (
    Filter,
    OfAgreement,
    OfConsignee,
    OfConsignor,
    OfOrganization,
    Question,
)
from consigned_service.queries.core.viewers import Viewer, who_of_it
from consigned_service.queries.inventory.title import Entry, TitleEntry
from consigned_service.queries.master_data.roles import PartyRole, third_parties
from consigned_service.queries.settlement.payables import RunningTotal, Total
from consigned_service.records.master_data.amendments import term_on
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.sql.select import Listing, Where

NOTHING_LEFT = (
    "ad.amount - COALESCE((SELECT SUM(bm.amount) FROM debit_memo bm WHERE bm.advice_id = ad.id), 0)"
    " = COALESCE((SELECT SUM(rv.amount) FROM voucher rv WHERE rv.advice_id = ad.id), 0)"
)
METHOD_TO_BE = term_on("settlement_method", "t.closes_on")
"""Who will start the bill of a running total t under its agreement a, once it is advised."""
METHOD = f"COALESCE(ad.settlement_method, {METHOD_TO_BE})"
"""Who starts the bill of it, as its advice ad says, where one tells it."""


# --- as people read them ---------------------------------------------------------------------


class VoucherOnAdvice(NamedTuple):
    """What another system made of an advice that is settled there, without tax."""

    number: str
    vouchered_on: date
    amount: Amount
    recorded_on: date
    recorded_by: str
    """To the consignor, the consignee itself."""


VOUCHERS = Listing(
    VoucherOnAdvice,
    {
        "number": "v.number",
        "vouchered_on": "v.vouchered_on",
        "amount": ("v.amount", "ad.currency"),
        "recorded_on": "v.recorded_on",
        "recorded_by": "v.recorded_by",
    },
    "voucher v JOIN advice ad ON ad.id = v.advice_id",
    order={"id": "v.id"},
)


class AdviceState(StrEnum):
    """Where an advice stands on its way to payment."""

    OPEN = "open"
    """No invoice answers it yet."""
    STAGED = "invoice-staged"
    """A self-billed invoice waits for a person to release it."""
    HELD = "invoiced-held"
    DISPUTED = "invoice-disputed"
    """An invoice answers it and differs."""
    SETTLED = "settled"
    """An accepted invoice settles it; it is to be paid."""
    PAID = "paid"
    REPORTED = "reported"
    """The agreement settles elsewhere, and vouchers made there are not recorded for all of it."""
    SETTLED_ELSEWHERE = "settled-elsewhere"
    """Vouchers made elsewhere are recorded for all of it that did not go back."""
    CANCELLED = "cancelled"
    """It was taken back before anybody had invoiced it; a later one tells what it had told."""


class AdviceHead(NamedTuple):
    number: str
    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    """The legal entity that owes."""
    consignee_name: str
    organization: str | None
    """None where one advice covers all organizations."""
    item: str | None
    happened_on: date | None
    starts_on: date
    """The first day of its cycle."""
    closes_on: date
    """The last day of its cycle."""
    made_on: date
    summary_level: str
    settlement_method: str
    amount: Amount
    """Without tax."""
    state: AdviceState
    invoice: str | None
    """The invoice that settles it."""
    payment: str | None
    consignor_site: str | None
    """The consignor's site whose agreement it is, where the agreement names one."""
    bill_to: str
    """Whom the invoice goes to: the organization that the agreement names, or the consignee."""
    by_kind: bool
    """Whether each kind of use has lines of its own."""
    shows_lots: bool
    """Whether lots and serials are told."""
    tax_amount: Amount
    """The tax of its lines, each rounded once."""
    amount_with_tax: Amount
    told_by: str | None = None
    """How it reached the consignor: portal, print, email or fax; None where it was not sent yet."""
    told_to: str | None = None
    told_at: datetime | None = None
    cancelled_on: date | None = None
    """Where it was cancelled before its invoice came."""
    cancelled_because: str | None = None


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
    AdviceHead,
    {
        "number": "ad.number",
        "agreement": "a.number",
        "consignor": "w.code",
        "consignor_name": name_on("party", "w", "ad.made_on"),
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
        "amount": ("ad.amount", "ad.currency"),
        "state": STATE,
        "invoice": "v.number",
        "payment": "pay.number",
        "consignor_site": "st.code",
        "bill_to": "COALESCE(NULLIF(ad.bill_to, ''), h.code)",
        "by_kind": "ad.by_kind",
        "shows_lots": "ad.shows_lots",
        "tax_amount": ("ad.tax_amount", "ad.currency"),
        "amount_with_tax": ("ad.amount + ad.tax_amount", "ad.currency"),
        "told_by": "ac.way",
        "told_to": "ac.told_to",
        "told_at": "ac.told_at",
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
    order={"id": "ad.id"},
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


class AdviceLineRow(NamedTuple):
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
    AdviceLineRow,
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


def _read_lines(
    party: int,
    advice: str,
    *,
    line: int | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[AdviceLineRow]:
    where = _line_where(party, advice).equals(al__line=line)
    return LINES.read(where, order=(*order, "line"), limit=limit, offset=offset)


def _count_lines(party: int, advice: str) -> int:
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
    functional_currency: str | None
    """The organization's, where the agreement has another one."""
    rate: int | None
    rate_on: date | None
    exchange_rate_type: str | None
    tax: str
    is_corrected: bool
    """Whether it waited as an exception before."""


WAITED = (
    "CASE WHEN g.cause = 'resubmission' OR EXISTS (SELECT 1 FROM open_exception x "
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
    "functional_currency": "cr.functional_currency",
    "rate": "cr.rate",
    "rate_on": "cr.valid_from",
    "exchange_rate_type": "cr.kind",
    "tax": "t.tax",
    "is_corrected": WAITED,
}
TELLING = (
    "advice ad {then} advice_line al ON al.advice_id = ad.id "
    "{then} running_total t ON t.advice_line = al.id "
    "AND t.organization_id + 0 = al.organization_id "
)
"""The totals of a line are found by their line: a bare `t.organization_id =` would have SQLite go
through all totals of the organization."""
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
    f"LEFT JOIN purchase_order co ON co.id = ol.order_id {SETTLED}",
)
NOT_OF_A_CORRECTION = (
    "entry", "ordered_in", "unit_holds", "receipt", "receipt_line", "order", "order_line", "lot",
    "serial", "functional_currency", "rate", "rate_on", "exchange_rate_type",
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


def _read_transactions(
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


def _read_as_ordered(party: int, advice: str, lines: Sequence[int]) -> list[AsOrdered]:
    """What some lines consumed, by the unit it was ordered in; of items that have several."""
    if not lines:
        return []
    where = _line_where(party, advice)
    where.also(f"al.line IN ({', '.join(['%s'] * len(lines))})", *lines)
    where.also("EXISTS (SELECT 1 FROM item_unit u WHERE u.item_id = al.item_id)")
    return AS_ORDERED.read(where, order=("line", "unit"))


class OfLotRow(NamedTuple):
    """What a line consumed of one lot, or of one piece with a serial number."""

    line: int
    lot: str | None
    serial: str | None
    unit: str
    consumed: int


OF_LOTS = Listing(
    OfLotRow,
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


def _read_lots(party: int, advice: str, lines: Sequence[int]) -> list[OfLotRow]:
    """What some lines consumed of each lot and serial number, where the advice tells them."""
    if not lines:
        return []
    where = _line_where(party, advice)
    where.also(f"al.line IN ({', '.join(['%s'] * len(lines))})", *lines)
    where.also("ad.shows_lots AND (l.lot IS NOT NULL OR l.serial IS NOT NULL)")
    return OF_LOTS.read(where, order=("line", "lot", "serial"))


class InvoiceOnAdvice(NamedTuple):
    number: str
    invoiced_on: date
    due_on: date
    amount: Amount
    is_self_billed: bool
    standing: str | None
    decided_on: date | None
    because: str
    payment: str | None
    paid_on: date | None


INVOICES = Listing(
    InvoiceOnAdvice,
    {
        "number": "v.number",
        "invoiced_on": "v.invoiced_on",
        "due_on": "v.due_on",
        "amount": ("v.amount", "v.currency"),
        "is_self_billed": "v.is_self_billed",
        "standing": "d.standing",
        "decided_on": "d.decided_on",
        "because": "COALESCE(d.because, '')",
        "payment": "pay.number",
        "paid_on": "pay.paid_on",
    },
    "invoice v LEFT JOIN invoice_decision d ON d.invoice_id = v.id "
    "AND d.id = (SELECT MAX(x.id) FROM invoice_decision x WHERE x.invoice_id = v.id) "
    "LEFT JOIN payment_line pl ON pl.invoice_id = v.id "
    "LEFT JOIN payment pay ON pay.id = pl.payment_id",
)


def _read_invoices(advice: int) -> list[InvoiceOnAdvice]:
    """The invoices that answer an advice; it was read for somebody who may see it."""
    where = Where().also("v.advice_id = %s", advice)
    return INVOICES.read(where, order=("invoiced_on", "number"))


UNSETTLED = (AdviceState.OPEN, AdviceState.STAGED, AdviceState.HELD)
"""Owed, and no accepted invoice yet."""


class OfLot(NamedTuple):
    """So much of one lot, or one piece."""

    lot: str | None
    serial: str | None
    quantity: Quantity

    def __str__(self) -> str:
        named = " ".join(part for part in (self.lot, self.serial) if part)
        return named if self.serial else f"{named}: {self.quantity}"


class AdviceLine(NamedTuple):
    advice: str
    line: int
    organization: str
    organization_name: str
    item: str
    item_name: str
    happened_on: date | None
    quantity: Quantity
    price: Price
    """Without tax."""
    amount: Amount
    """Without tax."""
    kind: str
    """consumption, or price-correction of what was told before."""
    use_kind: str
    """The kind of use, where the advice tells the kinds apart."""
    as_ordered: list[Quantity]
    """The quantity in the units the goods were ordered in, where the item has several (O55)."""
    lots: list[OfLot]
    """What it holds of each lot and piece, where the advice tells them (checklist O07)."""
    tax: str
    """The tax that comes on top of its price, as `V19 19%`; empty where it is not taxed (X13)."""
    price_with_tax: Price
    tax_amount: Amount
    amount_with_tax: Amount


class AdviceTransaction(NamedTuple):
    """One transfer of title that an advice tells (checklist O58); what went back counts below
    zero. A change of price has the reference of the change, and no entry."""

    line: int
    organization: str
    entry: int | None
    """The transfer of title; none for a change of price."""
    price_change: str | None
    item: str
    item_name: str
    kind: str
    """What the goods were used for."""
    happened_on: date
    consumed: Quantity
    """Below zero: what went back."""
    consumed_as_ordered: Quantity
    """In the unit the goods were ordered in."""
    price: Price
    """Without tax."""
    price_source: str
    amount: Amount
    """Its part of the line's amount: the parts of a line come to the line, to the cent."""
    billed: Quantity
    """Nothing until an accepted invoice settles it."""
    billed_amount: Amount
    """Nothing, until an accepted invoice settles the advice."""
    receipt: str | None
    receipt_line: int | None
    order: str | None
    order_line: int | None
    lot: str | None
    serial: str | None
    rate: str | None
    """What one unit of the agreement's currency was worth in the organization's own, on the day of
    consumption; None where they are the same, or the organization keeps no rates (X12)."""
    rate_on: date | None
    """The day from which that rate held."""
    exchange_rate_type: str | None
    own_amount: Amount | None
    """The amount in the organization's currency, at that rate."""
    tax: str
    """The tax that comes on top of its price; empty where it is not taxed."""
    price_with_tax: Price
    tax_amount: Amount
    """Its part of the line's tax: the parts of a line come to the line, to the cent."""
    internal_number: str | None
    """Of what waited as an exception and was corrected: the consignee's own number of it, which
    the consignor is not told (checklist O48)."""


class Advice(NamedTuple):
    head: AdviceHead
    lines: Page[AdviceLine]
    invoices: list[InvoiceOnAdvice]
    vouchers: list[VoucherOnAdvice]
    third_parties: list[PartyRole]
    """Whom it names beside its two parties (checklist E14)."""


class AdviceLineEntries(NamedTuple):
    advice: AdviceHead
    line: AdviceLine
    totals: list[RunningTotal]
    entries: list[TitleEntry]
    after: int | None
    """What to give as `after` for the next entries; None where there are none."""


LATEST = ("-closes_on", "-id")


def advices(
    viewer: Viewer,
    *,
    consignor: OfConsignor = None,
    consignee: OfConsignee = None,
    agreement: OfAgreement = None,
    organization: OfOrganization = None,
    site: Annotated[str | None, Filter("only of goods from this site of the consignor's")] = None,
    state: Annotated[
        AdviceState | Collection[AdviceState] | None, Filter("only in this state")
    ] = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[AdviceHead]:
    """The advices between the viewer and its partners, the last closed first; of one state, or of
    any of several."""
    states = (state,) if isinstance(state, str) else tuple(state or ())
    asked = Asked(
        viewer.party_id, None, consignor, consignee, agreement, organization, states, site
    )
    return page(ADVICES, _where(asked), order=(*order, *LATEST), limit=limit, offset=offset)


ADVICE_LIST = Question(
    "advices",
    "List consumption advices: of whom, of which cycle, what they come to, and where each stands.",
    advices, "advice",
    (
        ("Advice", "number"), "agreement", "consignor", "consignee",
        ("Organization", lambda row: row.organization or "all"),
        ("Item", lambda row: row.item or "all"), ("From", "starts_on"), ("Through", "closes_on"),
        "made_on", "amount", ("With tax", "amount_with_tax"), "state", "invoice",
    ),
    lead="Listed",
)  # fmt: skip


def advice(
    viewer: Viewer,
    number: str,
    *,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Advice | None:
    """One advice with its lines and invoices; None where the viewer is no party to it."""
    found = _read(viewer, number)
    if found is None:
        return None
    head, id, consignee = found
    party = viewer.party_id
    lines = _read_lines(party, number, order=order, limit=limit, offset=offset)
    count = total(LINES, _line_where(party, number), len(lines), limit, offset)
    shown = [one.line for one in lines]
    units = _as_ordered(_read_as_ordered(party, number, shown))
    lots = _of_lots(_read_lots(party, number, shown))
    vouchers = VOUCHERS.read(Where().also("v.advice_id = %s", id), order=("vouchered_on", "id"))
    return Advice(
        head,
        Page(
            [_line(line, units.get(line.line, []), lots.get(line.line, [])) for line in lines],
            count,
        ),
        _read_invoices(id),
        [
            one._replace(
                recorded_by=who_of_it(viewer, one.recorded_by, consignee, head.consignee_name)
            )
            for one in vouchers
        ],
        third_parties(viewer, [head.agreement]),
    )


def advice_transactions(
    viewer: Viewer,
    number: str,
    *,
    line: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[AdviceTransaction] | None:
    """Every transfer of title that an advice tells, or one of its lines, with what it comes to;
    None where the viewer is no party to it."""
    found = _read(viewer, number)
    if found is None:
        return None
    internal = f"{number}-C" if found[2] == viewer.party_id else None
    rows, count = _read_transactions(viewer.party_id, number, line=line, limit=limit, offset=offset)
    return Page([_transaction(row, internal) for row in rows], count)


def advice_line_entries(
    viewer: Viewer,
    number: str,
    line: int,
    *,
    total: int | None = None,
    after: int = 0,
    limit: int = 100,
) -> AdviceLineEntries | None:
    """What an advice line is made of: its running totals, and the transfers of title that count
    in them, in the order they were made; of one total where it is named."""
    found = _read(viewer, number)
    lines = _read_lines(viewer.party_id, number, line=line) if found else []
    if found is None or not lines:
        return None
    head = found[0]
    totals = Total.of_advice_line(lines[0].organization_id, lines[0].id)
    wanted = [one.number for one in totals if total in (None, one.number)]
    read = Entry.of_totals(
        viewer.party_id, lines[0].organization_id, wanted, after=after, limit=limit + 1
    )
    return AdviceLineEntries(
        advice=head,
        line=_line(lines[0], [], []),
        totals=[RunningTotal.told(one) for one in totals],
        entries=[_without_lots(TitleEntry.told_to(viewer, row), head) for row in read[:limit]],
        after=read[limit - 1].number if len(read) > limit else None,
    )


def _without_lots(entry: TitleEntry, head: AdviceHead) -> TitleEntry:
    """An entry as the advice tells it (checklist O07)."""
    return entry if head.shows_lots else entry._replace(lot=None, serial=None)


def _read(viewer: Viewer, number: str) -> tuple[AdviceHead, int, int] | None:
    """An advice that the viewer may see, its own number in the database and its consignee's."""
    where = _where(Asked(viewer.party_id, number))
    for head, (id, consignee) in ADVICES.read_beside(("ad.id", "ad.consignee_id"), where, limit=1):
        return head, id, consignee
    return None


def _of_lots(rows: list[OfLotRow]) -> dict[int, list[OfLot]]:
    lots: dict[int, list[OfLot]] = {}
    for row in rows:
        quantity = Quantity(Micros(int(row.consumed)), row.unit)
        lots.setdefault(row.line, []).append(OfLot(row.lot, row.serial, quantity))
    return lots


def _as_ordered(rows: list[AsOrdered]) -> dict[int, list[Quantity]]:
    units: dict[int, list[Quantity]] = {}
    for row in rows:
        units.setdefault(row.line, []).append(_in_unit(row.consumed, row.unit, row.unit_holds))
    return units


def _in_unit(own: int, unit: str, holds: int) -> Quantity:
    """So much of the item's own unit in another one, to the millionth."""
    return Quantity(Micros(divide_half_even(own * MICROS, holds)), unit)


def _transaction(row: Transaction, internal: str | None) -> AdviceTransaction:
    price = Price(row.price, row.currency, row.per)
    amount = Amount(growth(price, row.so_far - row.consumed, row.so_far), row.currency)
    tax = read_tax(row.tax)
    tax_so_far = tax.of(price.extend(row.so_far))
    tax_before = tax.of(price.extend(row.so_far - row.consumed))
    consumed = Quantity(Micros(row.consumed), row.unit)
    as_ordered = consumed
    if row.ordered_in and row.unit_holds:
        as_ordered = _in_unit(row.consumed, row.ordered_in, row.unit_holds)
    return AdviceTransaction(
        line=row.line,
        organization=row.organization,
        entry=row.entry,
        price_change=row.price_change,
        item=row.item,
        item_name=row.item_name,
        kind=row.kind,
        happened_on=row.happened_on,
        consumed=consumed,
        consumed_as_ordered=as_ordered,
        price=price,
        price_source=row.price_source,
        amount=amount,
        billed=consumed if row.is_settled else Quantity(Micros(0), row.unit),
        billed_amount=amount if row.is_settled else Amount(0, row.currency),
        receipt=row.receipt,
        receipt_line=row.receipt_line,
        order=row.order,
        order_line=row.order_line,
        lot=row.lot,
        serial=row.serial,
        rate=show_rate(row.rate) if row.rate else None,
        rate_on=row.rate_on,
        exchange_rate_type=row.exchange_rate_type,
        own_amount=_in_own_currency(amount, row.rate, row.functional_currency),
        tax=row.tax,
        price_with_tax=tax.on_top_of(price),
        tax_amount=Amount(tax_so_far - tax_before, row.currency),
        internal_number=internal if row.is_corrected else None,
    )


def _in_own_currency(
    amount: Amount, rate: int | None, functional_currency: str | None
) -> Amount | None:
    if not rate or not functional_currency:
        return None
    return Amount(
        convert(amount.minor, amount.currency, rate, functional_currency), functional_currency
    )


def _line(row: AdviceLineRow, as_ordered: list[Quantity], lots: list[OfLot]) -> AdviceLine:
    price = Price(row.price, row.currency, row.per)
    return AdviceLine(
        advice=row.advice,
        line=row.line,
        organization=row.organization,
        organization_name=row.organization_name,
        item=row.item,
        item_name=row.item_name,
        happened_on=row.happened_on,
        quantity=Quantity(Micros(row.quantity), row.unit),
        price=price,
        amount=Amount(row.amount, row.currency),
        kind=row.kind,
        use_kind=row.use_kind,
        as_ordered=as_ordered,
        lots=lots,
        tax=row.tax,
        price_with_tax=read_tax(row.tax).on_top_of(price),
        tax_amount=Amount(row.tax_amount, row.currency),
        amount_with_tax=Amount(row.amount + row.tax_amount, row.currency),
    )
