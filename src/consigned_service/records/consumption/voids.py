"""What a void needs of the ledger: the uses it names, what they took, what of them waits, and
which of them an invoice bills."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from consigned.consumption.exceptions import Ending
from consigned.inventory.title_transfers import Use
from consigned.measure.identity import ItemId, OrganizationId
from consigned.returns.voids import Taken
from consigned.settlement.invoices import Standing as InvoiceStanding
from consigned_service.records.consumption.issues import uses_numbered
from consigned_service.records.sql import bulk

Named = tuple[str, str]
"""A use by the source that reported it, and its reference there."""


def uses_named(organization: OrganizationId, named: Iterable[Named]) -> dict[Named, Use]:
    """The lines of consumption that were told under some names."""
    by_source: dict[str, set[str]] = defaultdict(set)
    for source, reference in named:
        by_source[source].add(reference)
    numbers = {
        (source, reference): number
        for source, references in by_source.items()
        for reference, number in bulk.look_up(
            references,
            "text",
            "k.reference, k.document",
            "idempotency_key k",
            "k.organization_id = %s AND k.source = %s AND k.reference = w.value",
            [organization, source],
        )
    }
    uses = uses_numbered(organization, set(numbers.values())) if numbers else {}
    return {name: uses[number] for name, number in numbers.items() if number in uses}


def voids_of(organization: OrganizationId, named: Iterable[Named]) -> dict[Named, list[int]]:
    """The lines that void some uses."""
    wanted = set(named)
    found: dict[Named, list[int]] = defaultdict(list)
    for source, reference, number in bulk.look_up(
        {reference for _, reference in wanted},
        "text",
        "c.voids_source, c.voids, c.number",
        "consumption c",
        "c.organization_id = %s AND c.voids = w.value AND c.voids IS NOT NULL",
        [organization],
    ):
        if (source, reference) in wanted:
            found[source, reference].append(number)
    return found


def entries_of(organization: OrganizationId, consumptions: Iterable[int]) -> dict[int, list[Taken]]:
    """The entries of some lines of consumption, in order: in their postings, and in those that
    ended their waiting."""
    lines, wanted = bulk.among(set(consumptions))
    spans = bulk.fetch(
        "SELECT g.first_entry, g.end_entry FROM posting g WHERE g.organization_id = %s "
        "AND g.end_entry > g.first_entry AND g.number IN ("
        "SELECT u.posting FROM consumption u WHERE u.organization_id = %s "
        f"AND u.number IN ({lines}) "
        "UNION SELECT z.posting FROM open_exception x JOIN exception_resolution z "
        "ON z.organization_id = x.organization_id AND z.exception = x.number "
        f"WHERE x.organization_id = %s AND x.consumption IN ({lines})) ORDER BY 1",
        [organization, organization, wanted, organization, wanted],
    )
    found: dict[int, list[Taken]] = defaultdict(list)
    for first, end in spans:
        for document, *entry in bulk.fetch(
            "SELECT e.document, e.number, e.kind, e.layer, e.quantity, e.source, e.target, "
            "e.happened_on FROM title_entry e WHERE e.organization_id = %s AND e.number >= %s "
            f"AND e.number < %s AND e.cause = 'consumption' AND e.document IN ({lines}) "
            "ORDER BY e.number",
            [organization, first, end, wanted],
        ):
            found[document].append(Taken(*entry))
    return found


class Rest(NamedTuple):
    """What is missing of a use and waits."""

    number: int
    consumption: int
    item: ItemId
    quantity: int
    reason: str
    sentence: str
    opened_on: str


def open_rests(organization: OrganizationId, consumptions: Iterable[int]) -> dict[int, Rest]:
    """What waits of some lines because it is missing; there is one of each at the most."""
    rows = bulk.look_up(
        set(consumptions),
        "bigint",
        "x.number, x.consumption, x.item_id, x.quantity, x.reason, x.sentence, x.opened_on",
        "open_exception x",
        "x.organization_id = %s AND x.consumption = w.value AND x.entry IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM exception_resolution z WHERE z.organization_id = x.organization_id "
        "AND z.exception = x.number)",
        [organization],
    )
    return {row[1]: Rest._make((*row[:6], str(row[6]))) for row in rows}


def rests_ended(organization: OrganizationId, voids: Iterable[int]) -> dict[int, int]:
    """How much that waited some voids have ended."""
    rows = bulk.look_up(
        set(voids),
        "bigint",
        "z.consumption, z.quantity",
        "exception_resolution z",
        "z.organization_id = %s AND z.consumption = w.value AND z.consumption IS NOT NULL "
        "AND z.how = %s",
        [organization, Ending.VOIDED.value],
    )
    ended: dict[int, int] = defaultdict(int)
    for void, quantity in rows:
        ended[void] += quantity
    return ended


def invoiced_lines(lines: Iterable[int]) -> set[int]:
    """Those of some advice lines whose advice an invoice stands for."""
    rows = bulk.look_up(
        set(lines),
        "bigint",
        "l.id",
        f"advice_line l {bulk.then()} invoice i ON i.advice_id = l.advice_id",
        "l.id = w.value AND NOT EXISTS (SELECT 1 FROM invoice_decision d "
        f"WHERE d.invoice_id = i.id AND d.standing = '{InvoiceStanding.REJECTED}')",
        [],
    )
    return {id for (id,) in rows}


def waiting_for(organization: OrganizationId, named: Iterable[Named]) -> list[int]:
    """The open exceptions of voids that wait for some uses to be told."""
    wanted = set(named)
    rows = bulk.fetch(
        "SELECT x.number, c.voids_source, c.voids FROM open_exception x JOIN consumption c "
        "ON c.organization_id = x.organization_id AND c.number = x.consumption "
        "WHERE x.organization_id = %s AND x.reason = 'unknown-use' AND NOT EXISTS ("
        "SELECT 1 FROM exception_resolution z WHERE z.organization_id = x.organization_id "
        "AND z.exception = x.number)",
        [organization],
    )
    return [number for number, source, reference in rows if (source, reference) in wanted]
