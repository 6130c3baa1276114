"""That nothing is missing, altered or slipped in: numbers without gaps, and seals."""

from collections.abc import Iterable, Iterator

from consigned.measure.identity import label
from consigned.title import laws as title_laws
from consigned.title.laws import Broken, law
from consigned.title.seal import FIRST, entry_text, facts_text, seal_entry, seal_posting
from consigned_service.operations.audit.laws.facts import Facts
from consigned_service.records.audit import facts as audit_records
from consigned_service.records.audit.facts import KeptPosting, PostedEntry
from consigned_service.records.ledger.posting import FACTS
from consigned_service.records.sql.bulk import Row, as_json


@law(
    "no fact is missing",
    "Postings, layers, receipts, journals and all else that is numbered are numbered without gaps, "
    "up to the last number that the ledger gave.",
)
def no_fact_is_missing(facts: Facts) -> Iterator[Broken]:
    kept = facts.ledger
    if kept is None:
        yield "ledger", "its row, with its counters, is not there"
    else:
        for kind, highest in facts.highest.items():
            if kept.next_of[kind] != highest + 1:
                yield (
                    f"{kind} {highest}",
                    f"it is the last one found; the ledger says that {kept.next_of[kind]} is next",
                )
    number, entry = 1, 1
    for posting in audit_records.postings(facts.organization):
        if (posting.number, posting.first_entry) != (number, entry):
            found = label("pst", posting.number)
            yield label("pst", number), f"the next posting found is {found}"
        number, entry = posting.number + 1, posting.end_entry


@title_laws.entries_are_numbered_without_gaps.checked_by
def no_entry_is_missing(facts: Facts) -> Iterator[Broken]:
    entries = (posted.entry for posted in audit_records.entries(facts.organization))
    return title_laws.entries_are_numbered_without_gaps.check(entries)


@title_laws.each_entry_tells_one_story.checked_by
def title_and_custody_move_apart(facts: Facts) -> Iterator[Broken]:
    entries = (posted.entry for posted in audit_records.entries(facts.organization))
    return title_laws.each_entry_tells_one_story.check(entries, facts.positions)


@law(
    "the seal holds",
    "No fact was altered, left out or slipped in after it was posted: each posting's seal covers "
    "what went before and everything it wrote, and each entry has a seal of its own.",
)
def the_seal_holds(facts: Facts) -> Iterator[Broken]:
    organization = facts.organization
    entries = audit_records.entries(organization)
    waiting: PostedEntry | None = next(entries, None)
    streams = {table: _Stream(audit_records.facts(organization, table)) for table in FACTS}
    before, last = FIRST, 0
    for posting in audit_records.postings(organization):
        batch = []
        while waiting and waiting.posting <= posting.number:
            batch.append(waiting)
            waiting = next(entries, None)
        yield from _entry_seals(batch)
        if _seal(before, posting, batch, streams) != posting.seal:
            yield (
                label("pst", posting.number),
                "its seal does not fit what it holds and what went before",
            )
        before, last = posting.seal, posting.number
    for table, stream in streams.items():
        if stream.posting is not None:
            yield table, "it holds rows of no posting"
    if waiting:
        yield label("ent", waiting.entry.number), "it is of no posting"
    if facts.ledger and facts.ledger.seal != before:
        yield label("pst", last), "it is not the last one sealed"


class _Stream:
    """The rows of one table, taken posting by posting."""

    def __init__(self, groups: Iterator[tuple[int, list[Row]]]) -> None:
        self._groups = groups
        self.posting: int | None = None
        self.rows: list[Row] = []
        self._next()

    def _next(self) -> None:
        self.posting, self.rows = next(self._groups, (None, []))

    def take(self, posting: int) -> list[Row]:
        """The rows of a posting; rows of postings before it were taken by none and break it."""
        taken: list[Row] = []
        while self.posting is not None and self.posting <= posting:
            taken += self.rows
            self._next()
        return taken


def _entry_seals(batch: Iterable[PostedEntry]) -> Iterator[Broken]:
    for posted in batch:
        if seal_entry(entry_text(posted.entry)) != posted.seal:
            yield label("ent", posted.entry.number), "it was altered after it was sealed"


def _seal(
    before: str, posting: KeptPosting, batch: Iterable[PostedEntry], streams: dict[str, _Stream]
) -> str:
    written = {table: stream.take(posting.number) for table, stream in streams.items()}
    return seal_posting(
        before,
        posting.head,
        (entry_text(posted.entry) for posted in batch),
        (facts_text(table, as_json(rows)) for table, rows in written.items() if rows),
    )


LAWS = (no_fact_is_missing, no_entry_is_missing, title_and_custody_move_apart, the_seal_holds)
