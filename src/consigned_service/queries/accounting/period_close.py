"""What somebody should see to before the books of an organization are closed through a day, and
who closed them through which.

Nothing here keeps anybody from closing: what comes late falls into the first day that is open.
"""

from datetime import date
from typing import NamedTuple

from consigned.settlement.invoices import Standing
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.counting.counts import open_differences
from consigned_service.records.accounting import report_pages
from consigned_service.records.accounting.report_pages import Closed, Waiting
from consigned_service.records.master_data import parties as party_records


class OpenMatter(NamedTuple):
    """Something open from no later than the day, and what would settle it."""

    what: str
    name: str
    since: date
    sentence: str
    remedy: str


def closing(viewer: Viewer, organization: str, through: date) -> list[OpenMatter] | None:
    """What is open at one of the viewer's organizations before its books close; None where it is
    not the viewer's."""
    id = party_records.organization_ids_of(viewer.party_id).get(organization)
    if id is None:
        return None
    matters = [_matter(row) for row in report_pages.read_waiting(id, through)]
    for difference in open_differences(viewer, organization):
        if difference.counted_on <= through:
            matters.append(
                OpenMatter(
                    "count", difference.count_number, difference.counted_on,
                    f"{difference.still_open} of {difference.item} of {difference.owner_name} "
                    "differ from the book",
                    "Say why: consigned import count-reasons.",
                )
            )  # fmt: skip
    return matters


def closings(viewer: Viewer, organization: str) -> list[Closed]:
    """Through which days the books of one of the viewer's organizations were closed, by whom and
    when, the latest first."""
    id = party_records.organization_ids_of(viewer.party_id).get(organization)
    return [] if id is None else report_pages.read_closed(id)


def _matter(row: Waiting) -> OpenMatter:
    match row.what:
        case "exception":
            said = f"{row.times:,} of what was reported waits: {row.name}"
            remedy = "See consigned exceptions; then consigned exceptions --resubmit."
        case "cycle":
            said = f"a cycle with {row.about} closed on {row.since} and is not advised"
            remedy = "Make it: consigned run advices."
        case Standing.STAGED:
            said = f"the invoice we wrote for {row.about} waits for somebody's release"
            remedy = "Release or reject it: consigned release, consigned reject."
        case _:
            said = f"an invoice of {row.about} differs from its advice and is {row.what}"
            remedy = "Dispute, accept or reject it: consigned dispute, release, reject."
    return OpenMatter(row.what, row.name, row.since, said, remedy)
