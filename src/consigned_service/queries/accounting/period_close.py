"""What somebody should see to before the books of an organization are closed through a day, and
who closed them through which.

Nothing here keeps anybody from closing: what comes late falls into the first day that is open.
"""

from datetime import date, datetime
from typing import NamedTuple

from consigned.settlement.invoices import Standing
from consigned_service.queries.consumption.exceptions import OPEN
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.counting.counts import open_differences
from consigned_service.records.master_data import parties as party_records
from consigned_service.records.sql.select import Listing, Where

# --- what waits at a close ---------------------------------------------------------------------


class Waiting(NamedTuple):
    """Something in an organization's ledger that somebody should see to before its books close."""

    what: str
    name: str
    since: date
    about: str
    times: int


EXCEPTIONS = Listing(
    Waiting,
    {
        "what": "'exception'",
        "name": "x.reason",
        "since": "MIN(COALESCE(u.happened_on, e.happened_on, x.opened_on))",
        "about": "''",
        "times": "COUNT(*)",
    },
    "open_exception x JOIN organization o ON o.id = x.organization_id "
    "LEFT JOIN consumption u ON u.organization_id = x.organization_id AND u.number = x.consumption "
    "LEFT JOIN title_entry e ON e.organization_id = x.organization_id AND e.number = x.entry",
    group="x.reason",
)
CYCLES = Listing(
    Waiting,
    {
        "what": "'cycle'",
        "name": "a.number",
        "since": "t.closes_on",
        "about": "w.name",
        "times": "COUNT(*)",
    },
    "running_total t JOIN organization o ON o.id = t.organization_id "
    "JOIN agreement a ON a.id = t.agreement JOIN party w ON w.id = a.consignor_id",
    group="a.number, t.closes_on, w.name",
)
INVOICES = Listing(
    Waiting,
    {
        "what": "d.standing",
        "name": "v.number",
        "since": "v.invoiced_on",
        "about": "w.name",
        "times": "1",
    },
    "invoice v JOIN party w ON w.id = v.consignor_id "
    "JOIN invoice_decision d ON d.invoice_id = v.id "
    "AND d.id = (SELECT MAX(x.id) FROM invoice_decision x WHERE x.invoice_id = v.id)",
)


def _read_waiting(organization: int, through: date) -> list[Waiting]:
    """Open exceptions, untold totals of cycles that have closed, and invoices that nobody decided,
    all from no later than a day."""
    exceptions = (
        Where()
        .also("o.id = %s", organization)
        .also("COALESCE(u.happened_on, e.happened_on, x.opened_on) <= %s", through)
        .also(OPEN)
    )
    cycles = (
        Where()
        .also("t.organization_id = %s", organization)
        .also("t.told_on IS NULL AND t.quantity <> 0 AND t.closes_on <= %s", through)
    )
    invoices = (
        Where()
        .also("d.standing IN ('staged', 'held', 'disputed') AND v.invoiced_on <= %s", through)
        .also(
            "EXISTS (SELECT 1 FROM advice_line al WHERE al.advice_id = v.advice_id "
            "AND al.organization_id = %s)",
            organization,
        )
    )
    return [
        *EXCEPTIONS.read(exceptions, order=("since", "name")),
        *CYCLES.read(cycles, order=("since", "name")),
        *INVOICES.read(invoices, order=("since", "name")),
    ]


# --- closed periods ----------------------------------------------------------------------------


class Closed(NamedTuple):
    """Through which day books were closed, by whom and when."""

    closed_through: date
    closed_by: str
    closed_at: datetime


CLOSED = Listing(
    Closed,
    {"closed_through": "c.closed_through", "closed_by": "g.recorded_by",
     "closed_at": "g.recorded_at"},
    "period_close c JOIN posting g ON g.organization_id = c.organization_id "
    "AND g.number = c.posting",
)  # fmt: skip


def _read_closed(organization: int) -> list[Closed]:
    where = Where().also("c.organization_id = %s", organization)
    return CLOSED.read(where, order=["-closed_through"])


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
    matters = [_matter(row) for row in _read_waiting(id, through)]
    for difference in open_differences(viewer, organization).rows:
        if difference.counted_on <= through:
            matters.append(
                OpenMatter(
                    "count", difference.count_number, difference.counted_on,
                    f"{difference.still_open} of {difference.item} of {difference.owner_name} "
                    "differ from the book",
                    "Say why: consigned import count-adjustments.",
                )
            )  # fmt: skip
    return matters


def closings(viewer: Viewer, organization: str) -> list[Closed]:
    """Through which days the books of one of the viewer's organizations were closed, by whom and
    when, the latest first."""
    id = party_records.organization_ids_of(viewer.party_id).get(organization)
    return [] if id is None else _read_closed(id)


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
