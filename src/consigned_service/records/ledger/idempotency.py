"""What was told under which reference, so that it is told once."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from consigned.measure.identity import OrganizationId
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column


class Claim(NamedTuple):
    """A reference, a number for what is said under it, and the number of the document that it
    became, if that has one of its own."""

    reference: str
    fingerprint: int
    document: int | None = None


def own_source(cause: str) -> str:
    """The source that an act of our own keeps its references under. No feed is called so,
    because the name of a feed does not begin with a space."""
    return f" {cause}"


RECEIPTS = own_source("receipt")
"""Receipt lines, those of the initial stock of a programme among them: a receipt line is one thing
in its organization, whichever way it came. Each becomes its first arrival, which is no layer."""


def claim(posting: OpenPosting, source: str, claims: Sequence[Claim]) -> dict[str, int]:
    """Claim references; answers what those say that were claimed before, and stay so."""
    organization, opened = posting.organization.id, posting.number
    rows = [
        (organization, reference, opened, source, document, fingerprint)
        for reference, fingerprint, document in claims
    ]
    written = bulk.insert_new(
        "idempotency_key", KEY, rows, key=("organization_id", "source", "reference")
    )
    before: dict[str, int] = {}
    if written < len(rows):
        before = standing(organization, source, {row[1] for row in rows}, but=opened)
        rows = [row for row in rows if row[1] not in before]
    posting.add("idempotency_key", rows)
    return before


def standing(
    organization: OrganizationId, source: str, references: Iterable[str], *, but: int = 0
) -> dict[str, int]:
    """What was said before under some references, but in one posting."""
    return dict(
        bulk.look_up(
            references,
            "text",
            "k.reference, k.fingerprint",
            "idempotency_key k",
            "k.organization_id = %s AND k.source = %s AND k.reference = w.value "
            "AND k.posting <> %s",
            [organization, source, but],
        )
    )


def keep_told(posting: OpenPosting, lines: Iterable[tuple[int, str]]) -> None:
    """Keep the references that lines of a posting were told under, where no paper has them."""
    posting.add(
        "entry_reference",
        [(posting.organization.id, line, posting.number, reference) for line, reference in lines],
    )


KEY = (
    Column("organization_id"), Column("reference", "text"), Column("posting"),
    Column("source", "text"), Column("document"), Column("fingerprint"),
)  # fmt: skip
