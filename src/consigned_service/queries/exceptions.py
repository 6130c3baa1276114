"""Open exceptions: what was reported and waits, each with the sentence that says why.

The holder sees all of its own; an owner sees those of transfers of its own goods that could not be
charged, because it is owed for them (checklist O46).
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.figures import Page
from consigned_service.queries.viewers import Viewer
from consigned_service.records import exception_pages
from consigned_service.records.exception_pages import Asked, WaitingException


class OpenException(NamedTuple):
    organization: str
    organization_name: str
    number: int
    opened_on: date
    item: str
    item_name: str
    quantity: Quantity
    reason: str
    sentence: str
    consumption: int | None
    reference: str
    happened_on: date | None
    entry: int | None
    """The transfer of title that could not be charged; None where nothing could be posted."""
    agreement: str | None
    owner: str | None


class Reason(NamedTuple):
    reason: str
    times: int


def exceptions(
    viewer: Viewer,
    *,
    organization: str | None = None,
    reason: str | None = None,
    item: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[OpenException]:
    """The open exceptions that the viewer may see, the oldest first."""
    asked = Asked(viewer.party_id, organization, reason, item)
    rows = exception_pages.read(asked, order=order, limit=limit, offset=offset)
    return Page([_value(row) for row in rows], exception_pages.count(asked))


def exceptions_of(viewer: Viewer, organization: str, consumption: int) -> list[OpenException]:
    """The open exceptions of one line of consumption."""
    asked = Asked(viewer.party_id, organization, consumption=consumption)
    return [_value(row) for row in exception_pages.read(asked)]


def exception_reasons(viewer: Viewer) -> list[Reason]:
    """How many exceptions are open for each reason, the most frequent first."""
    counts = exception_pages.count_by_reason(Asked(viewer.party_id))
    return [Reason(row.reason, row.times) for row in counts]


def _value(row: WaitingException) -> OpenException:
    reference = f"{row.source} {row.reference}" if row.reference is not None else ""
    return OpenException(
        organization=row.organization,
        organization_name=row.organization_name,
        number=row.number,
        opened_on=row.opened_on,
        item=row.item,
        item_name=row.item_name,
        quantity=Quantity(Micros(row.quantity), row.unit),
        reason=row.reason,
        sentence=row.sentence,
        consumption=row.consumption,
        reference=reference,
        happened_on=row.happened_on,
        entry=row.entry,
        agreement=row.agreement,
        owner=row.owner,
    )
