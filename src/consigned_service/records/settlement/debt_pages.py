"""What is owed, from the running totals and the advices that are not paid: nothing is folded."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.settlement.vouchers import IN_AND_OUT
from consigned_service.records.sql.select import Listing, Where


class Untold(NamedTuple):
    """So many running totals alike, of one agreement and organization, that no advice tells yet."""

    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    consignee_id: int
    organization: str
    organization_name: str
    currency: str
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
PARTIES = "JOIN party w ON w.id = a.consignor_id JOIN party h ON h.id = a.consignee_id"
UNTOLD = Listing(
    Untold,
    {
        **BETWEEN,
        "currency": "t.currency",
        "price": "t.price",
        "per": "t.per",
        "quantity": "t.quantity",
        "times": "COUNT(*)",
    },
    "running_total t JOIN organization o ON o.id = t.organization_id "
    f"JOIN agreement a ON a.id = t.agreement {PARTIES}",
    group="1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12",
)


def read_untold(party: int, on: date | None = None, agreement: str | None = None) -> list[Untold]:
    """Totals that no advice tells now, or that none told by the end of a day gone by."""
    where = _between(party, agreement).also("t.quantity <> 0")
    if on is None:
        where.also("t.told_on IS NULL")
    else:
        where.also("t.happened_on <= %s AND (t.told_on IS NULL OR t.told_on > %s)", on, on)
    return UNTOLD.read(where)


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
        "currency": "ad.currency",
        "is_settled": "CASE WHEN {settled} THEN 1 ELSE 0 END",
        "amount": "SUM(CASE WHEN {settled} THEN COALESCE(bl.amount + bl.tax_amount, al.amount) "
        "ELSE al.amount END)",
    },
    "advice ad JOIN agreement a ON a.id = ad.agreement_id "
    f"{PARTIES} JOIN advice_line al ON al.advice_id = ad.id "
    "JOIN organization o ON o.id = al.organization_id "
    "LEFT JOIN settlement s ON s.advice_id = ad.id "
    "LEFT JOIN invoice_line bl ON bl.invoice_id = s.invoice_id AND bl.line = al.line "
    "LEFT JOIN payment_line pl ON pl.invoice_id = s.invoice_id "
    "LEFT JOIN payment pay ON pay.id = pl.payment_id",
    group="1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
)
DECIDED = (
    "EXISTS (SELECT 1 FROM invoice_decision d WHERE d.invoice_id = s.invoice_id "
    "AND d.standing = 'accepted' AND d.decided_on <= '{on}')"
)


def read_advised(party: int, on: date | None = None, agreement: str | None = None) -> list[Advised]:
    """Advices not paid now, or by the end of a day, apart by whether an invoice settles them."""
    where = _between(party, agreement)
    where.also("ad.settlement_method <> %s", SettlementMethod.REPORT_ONLY)
    where.also(STANDS.format(advice="ad"))
    if on is None:
        where.also("pl.id IS NULL")
        settled = "s.id IS NOT NULL"
    else:
        where.also("ad.made_on <= %s AND (pl.id IS NULL OR pay.paid_on > %s)", on, on)
        settled = DECIDED.format(on=on.isoformat())
    return ADVISED.read(where, pieces={"settled": settled})


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


THEIRS = "IN (SELECT x.id FROM agreement x WHERE x.consignor_id = %s OR x.consignee_id = %s)"


def read_elsewhere(
    party: int, on: date | None = None, agreement: str | None = None
) -> list[Elsewhere]:
    """What is open elsewhere now, or was by the end of a day."""
    where = _between(party, agreement)
    if on is not None:
        where.also("moved.happened_on <= %s", on)
    return ELSEWHERE.read(where, pieces={"among": THEIRS}, before=[party, party] * 3)


class AskedBack(NamedTuple):
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
    AskedBack,
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
    "LEFT JOIN memo_credit mc ON mc.debit_memo_id = ml.debit_memo_id "
    "LEFT JOIN credit_note_line cl ON cl.credit_note_id = mc.credit_note_id AND cl.line = ml.line "
    "LEFT JOIN payment_credit pc ON pc.credit_note_id = mc.credit_note_id "
    "LEFT JOIN payment pay ON pay.id = pc.payment_id",
    group="1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
)
CREDITED = (
    "EXISTS (SELECT 1 FROM credit_note_decision x WHERE x.credit_note_id = mc.credit_note_id "
    "AND x.standing = 'accepted' AND x.decided_on <= '{on}')"
)


def read_asked_back(
    party: int, on: date | None = None, agreement: str | None = None
) -> list[AskedBack]:
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


def read_totals(
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


def count_totals(party: int, agreement: str, organization: str) -> int:
    return TOTALS.count(_untold(party, agreement, organization))


def read_total(party: int, organization: str, number: int) -> Total | None:
    where = _between(party, None).also("o.code = %s AND t.number = %s", organization, number)
    return next(iter(TOTALS.read(where)), None)


def read_totals_of_line(organization_id: int, line_id: int) -> list[Total]:
    """What an advice line is the sum of; the line was read for somebody who may see it."""
    where = Where().also("t.advice_line = %s AND t.organization_id = %s", line_id, organization_id)
    return TOTALS.read(where, order=("happened_on", "kind", "number"))
