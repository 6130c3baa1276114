"""Advices as people read them: what each comes to, what it is made of, and where it stands."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned_service.records.reading import Listing, Where


class Advice(NamedTuple):
    id: int
    number: str
    agreement: str
    consignor: str
    consignor_name: str
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


WAITS = (
    "EXISTS (SELECT 1 FROM invoice v JOIN invoice_decision d ON d.invoice_id = v.id "
    "WHERE v.advice_id = ad.id AND d.standing = '{standing}' AND NOT EXISTS ("
    "SELECT 1 FROM invoice_decision x WHERE x.invoice_id = v.id "
    "AND x.standing IN ('accepted', 'rejected')))"
)
STATE = (
    "CASE WHEN pl.id IS NOT NULL THEN 'paid' WHEN s.id IS NOT NULL THEN 'settled' "
    f"WHEN {WAITS.format(standing='held')} THEN 'invoiced-held' "
    f"WHEN {WAITS.format(standing='staged')} THEN 'invoice-staged' "
    "WHEN ad.settlement_method = 'report-only' THEN 'reported' ELSE 'open' END"
)
ADVICES = Listing(
    Advice,
    {
        "id": "ad.id",
        "number": "ad.number",
        "agreement": "a.number",
        "consignor": "w.code",
        "consignor_name": "w.name",
        "consignee": "h.code",
        "consignee_name": "h.name",
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
    },
    "advice ad JOIN agreement a ON a.id = ad.agreement_id "
    "JOIN party w ON w.id = ad.consignor_id JOIN party h ON h.id = ad.consignee_id "
    "LEFT JOIN organization o ON o.id = ad.organization_id "
    "LEFT JOIN item i ON i.id = ad.item_id "
    "LEFT JOIN settlement s ON s.advice_id = ad.id "
    "LEFT JOIN invoice v ON v.id = s.invoice_id "
    "LEFT JOIN payment_line pl ON pl.invoice_id = s.invoice_id "
    "LEFT JOIN payment pay ON pay.id = pl.payment_id",
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


def _where(asked: Asked) -> Where:
    where = Where().also("ad.consignor_id = %s OR ad.consignee_id = %s", asked.party, asked.party)
    where.equals(
        ad__number=asked.number,
        w__code=asked.consignor,
        h__code=asked.consignee,
        a__number=asked.agreement,
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


LINES = Listing(
    AdviceLine,
    {
        "id": "al.id",
        "advice": "ad.number",
        "line": "al.line",
        "organization_id": "o.id",
        "organization": "o.code",
        "organization_name": "o.name",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "happened_on": "al.happened_on",
        "quantity": "al.quantity",
        "price": "al.price",
        "per": "al.per",
        "currency": "ad.currency",
        "amount": "al.amount",
        "kind": "al.kind",
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
