"""Transfers of title, and how far each has come on its way to an advice."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned_service.records.consumption.exception_pages import OPEN
from consigned_service.records.settlement.vouchers import METHOD
from consigned_service.records.sql.select import Listing, Where


class Settling(NamedTuple):
    """A transfer of title with what it counts in, or waits for."""

    organization: str
    entry: int
    happened_on: date
    item: str
    item_name: str
    unit: str
    quantity: int
    owner: str
    owner_name: str
    agreement: str | None
    state: str
    exception: int | None
    reason: str | None
    sentence: str | None
    advice: str | None
    advice_line: int | None
    is_settled: bool
    settlement_method: str | None


STATE = (
    "CASE WHEN x.number IS NOT NULL THEN 'waiting' "
    "WHEN c.entry IS NULL THEN 'never' "
    "WHEN t.told_on IS NULL THEN 'to-be-advised' "
    "WHEN t.advice_line IS NOT NULL OR EXISTS (SELECT 1 FROM price_correction pc "
    "WHERE pc.organization_id = t.organization_id AND pc.total = t.number) THEN 'advised' "
    "ELSE 'never' END"
)
OWNER = "CASE WHEN e.kind = 'transferred-to-owned' THEN sp.owner_id ELSE tp.owner_id END"
TRANSFERS = Listing(
    Settling,
    {
        "organization": "o.code",
        "entry": "e.number",
        "happened_on": "e.happened_on",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "quantity": "CASE WHEN e.kind = 'transferred-to-owned' THEN e.quantity "
        "ELSE -e.quantity END",
        "owner": "w.code",
        "owner_name": "w.name",
        "agreement": "a.number",
        "state": STATE,
        "exception": "x.number",
        "reason": "x.reason",
        "sentence": "x.sentence",
        "advice": "ad.number",
        "advice_line": "al.line",
        "is_settled": "CASE WHEN s.id IS NOT NULL THEN 1 ELSE 0 END",
        "settlement_method": METHOD,
    },
    "organization o {then} title_entry e ON e.organization_id = o.id "
    "JOIN position sp ON sp.organization_id = e.organization_id AND sp.number = e.source "
    "JOIN position tp ON tp.organization_id = e.organization_id AND tp.number = e.target "
    f"JOIN party w ON w.id = {OWNER} "
    "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
    "JOIN item i ON i.id = l.item_id LEFT JOIN agreement a ON a.id = l.agreement "
    "LEFT JOIN charge c ON c.organization_id = e.organization_id AND c.entry = e.number "
    "LEFT JOIN running_total t ON t.organization_id = c.organization_id AND t.number = c.total "
    "LEFT JOIN advice_line al ON al.id = t.advice_line LEFT JOIN advice ad ON ad.id = al.advice_id "
    "LEFT JOIN settlement s ON s.advice_id = ad.id "
    "LEFT JOIN waiting_exception x ON x.organization_id = e.organization_id "
    f"AND x.entry = e.number AND {OPEN}",
)


class Asked(NamedTuple):
    """Which transfers are asked for; None asks nothing."""

    party: int
    organization: str | None = None
    agreement: str | None = None
    state: str | None = None


def read(asked: Asked, *, order: Sequence[str], limit: int, offset: int) -> list[Settling]:
    where = Where().also("e.kind IN ('transferred-to-owned', 'transferred-to-consigned')")
    where.also("o.party_id = %s OR w.id = %s", asked.party, asked.party)
    where.equals(o__code=asked.organization, a__number=asked.agreement)
    if asked.state is not None:
        where.also(f"{STATE} = %s", asked.state)
    return TRANSFERS.read(where, order=order, limit=limit, offset=offset)
