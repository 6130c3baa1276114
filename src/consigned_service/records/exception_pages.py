"""What waits: open exceptions with the sentence that says why."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned_service.records.reading import Listing, Where


class WaitingException(NamedTuple):
    organization_id: int
    organization: str
    organization_name: str
    holder_id: int
    number: int
    opened_on: date
    item: str
    item_name: str
    unit: str
    quantity: int
    reason: str
    sentence: str
    consumption: int | None
    source: str | None
    reference: str | None
    happened_on: date | None
    entry: int | None
    agreement: str | None
    owner: str | None


EXCEPTIONS = Listing(
    WaitingException,
    {
        "organization_id": "o.id",
        "organization": "o.code",
        "organization_name": "o.name",
        "holder_id": "o.party_id",
        "number": "x.number",
        "opened_on": "x.opened_on",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "quantity": "x.quantity",
        "reason": "x.reason",
        "sentence": "x.sentence",
        "consumption": "x.consumption",
        "source": "u.source",
        "reference": "u.reference",
        "happened_on": "COALESCE(u.happened_on, e.happened_on)",
        "entry": "x.entry",
        "agreement": "a.number",
        "owner": "w.name",
    },
    "waiting_exception x JOIN organization o ON o.id = x.organization_id "
    "JOIN item i ON i.id = x.item_id "
    "LEFT JOIN consumption u ON u.organization_id = x.organization_id AND u.number = x.consumption "
    "LEFT JOIN title_entry e ON e.organization_id = x.organization_id AND e.number = x.entry "
    "LEFT JOIN position sp ON sp.organization_id = e.organization_id AND sp.number = e.source "
    "LEFT JOIN party w ON w.id = sp.owner_id "
    "LEFT JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
    "LEFT JOIN agreement a ON a.id = l.agreement",
)
OPEN = (
    "NOT EXISTS (SELECT 1 FROM exception_resolution z "
    "WHERE z.organization_id = x.organization_id AND z.exception = x.number)"
)


class Asked(NamedTuple):
    """Which exceptions are asked for; None asks nothing."""

    party: int
    organization: str | None = None
    reason: str | None = None
    item: str | None = None
    consumption: int | None = None


def _where(asked: Asked) -> Where:
    where = Where().also("o.party_id = %s OR sp.owner_id = %s", asked.party, asked.party)
    where.equals(
        o__code=asked.organization,
        x__reason=asked.reason,
        i__code=asked.item,
        x__consumption=asked.consumption,
    )
    return where.also(OPEN)


def read(
    asked: Asked, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[WaitingException]:
    order = (*order, "opened_on", "organization", "number")
    return EXCEPTIONS.read(_where(asked), order=order, limit=limit, offset=offset)


def count(asked: Asked) -> int:
    return EXCEPTIONS.count(_where(asked))


class ByReason(NamedTuple):
    reason: str
    times: int


def count_by_reason(asked: Asked) -> list[ByReason]:
    listing = Listing(
        ByReason, {"reason": "x.reason", "times": "COUNT(*)"}, EXCEPTIONS.tables, group="1"
    )
    return listing.read(_where(asked), order=("-times", "reason"))
