"""What is owed, from the running totals and the advices that are not paid: nothing is folded."""

from datetime import date
from typing import NamedTuple

from consigned.trade.agreements import SettlementMethod
from consigned_service.records.reading import Listing, Where


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
    """What advices not paid come to for one agreement and organization."""

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
        "amount": "SUM(al.amount)",
    },
    "advice ad JOIN agreement a ON a.id = ad.agreement_id "
    f"{PARTIES} JOIN advice_line al ON al.advice_id = ad.id "
    "JOIN organization o ON o.id = al.organization_id "
    "LEFT JOIN settlement s ON s.advice_id = ad.id "
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
    if on is None:
        where.also("pl.id IS NULL")
        settled = "s.id IS NOT NULL"
    else:
        where.also("ad.made_on <= %s AND (pl.id IS NULL OR pay.paid_on > %s)", on, on)
        settled = DECIDED.format(on=on.isoformat())
    return ADVISED.read(where, pieces={"settled": settled})


def _between(party: int, agreement: str | None) -> Where:
    where = Where().also("a.consignor_id = %s OR a.consignee_id = %s", party, party)
    return where.equals(a__number=agreement)
