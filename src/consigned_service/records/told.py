"""What was told under which reference, so that it is told once."""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, NewType, TypeVar

from consigned.measure.identity import ArrivalNumber, ConsumptionNumber, OrganizationId
from consigned_service.records import bulk
from consigned_service.records.bulk import Column
from consigned_service.records.ledger import OpenPosting

Said = NewType("Said", int)
"""A number made of what a line says, where its reference is claimed for nothing else."""

Kept = TypeVar("Kept", ArrivalNumber, ConsumptionNumber, Said)


class Source(NamedTuple, Generic[Kept]):
    """Whose references they are, and so what kind of number each is claimed for."""

    name: str


def own_source(cause: str) -> str:
    """The source that an act of our own keeps its references under. No feed is called so,
    because the name of a feed does not begin with a space."""
    return f" {cause}"


def of_feed(name: str) -> Source[ConsumptionNumber]:
    """The references of a feed, or of an act of our own that keeps uses: each names a use."""
    return Source(name)


def of_act(cause: str) -> Source[Said]:
    """The references of acts that have no paper of their own: each keeps what was said."""
    return Source(own_source(cause))


RECEIPTS: Source[ArrivalNumber] = Source(own_source("receipt"))
"""Receipt lines, those of the initial stock of a programme among them: a receipt line is one thing
in its organization, whichever way it came. Each names its first arrival, which is no layer."""


def claim(
    posting: OpenPosting, source: Source[Kept], documents: Sequence[tuple[str, Kept]]
) -> set[str]:
    """Claim references for their documents; answers those that were not told before."""
    organization, opened = posting.organization.id, posting.number
    rows = [
        (organization, reference, opened, source.name, document)
        for reference, document in documents
    ]
    written = bulk.insert_new(
        "idempotency_key", KEY, rows, key=("organization_id", "source", "reference")
    )
    fresh = {reference for reference, _ in documents}
    if written < len(rows):
        standing = standing_keys(organization, source, fresh)
        fresh = {reference for reference, document in documents if standing[reference] == document}
        rows = [row for row in rows if row[1] in fresh]
    posting.add("idempotency_key", rows)
    return fresh


def standing_keys(
    organization: OrganizationId, source: Source[Kept], references: Iterable[str]
) -> dict[str, Kept]:
    """What some references were claimed for before."""
    return dict(
        bulk.look_up(
            references,
            "text",
            "k.reference, k.document",
            "idempotency_key k",
            "k.organization_id = %s AND k.source = %s AND k.reference = w.value",
            [organization, source.name],
        )
    )


def keep_told(posting: OpenPosting, lines: Iterable[tuple[int, str]]) -> None:
    """Keep the references that lines of a posting were told under, where no paper has them."""
    posting.add(
        "told_line",
        [(posting.organization.id, line, posting.number, reference) for line, reference in lines],
    )


KEY = (
    Column("organization_id"), Column("reference", "text"), Column("posting"),
    Column("source", "text"), Column("document"),
)  # fmt: skip
