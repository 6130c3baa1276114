"""Where each transfer of title stands on its way to an advice (checklist P58).

to be advised  →  advised
waiting for a price or an agreement: every run tries it again, and it is to be advised then
never: it went back before an advice could tell it, and nothing is owed for it

Beside it, whether it is vouchered here: T to be, V by an accepted invoice, E not while it waits, N
never, where nothing is owed for it or where it is settled elsewhere (`report-only`).
"""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Annotated, NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.quantity import Quantity
from consigned.settlement.vouchers import Vouchered
from consigned_service.queries.consumption.exceptions import OPEN
from consigned_service.queries.core.figures import Page, total
from consigned_service.queries.core.question import Filter, OfAgreement, OfOrganization, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.settlement.advices import METHOD
from consigned_service.records.sql.select import Listing, Where


class SettlingState(StrEnum):
    TO_BE_ADVISED = "to-be-advised"
    ADVISED = "advised"
    WAITING = "waiting"
    NEVER = "never"


class SettlingTransfer(NamedTuple):
    """A transfer of title and its state; what went back to its owner counts below zero."""

    organization: str
    entry: int
    happened_on: date
    item: str
    item_name: str
    quantity: Quantity
    owner: str
    owner_name: str
    agreement: str | None
    state: SettlingState
    vouchered: Vouchered
    exception: int | None
    reason: str | None
    sentence: str | None
    """What it waits for, and what can be done."""
    advice: str | None
    advice_line: int | None


STATE = (
    "CASE WHEN x.number IS NOT NULL THEN 'waiting' "
    "WHEN c.entry IS NULL THEN 'never' "
    "WHEN t.told_on IS NULL THEN 'to-be-advised' "
    "WHEN t.advice_line IS NOT NULL OR EXISTS (SELECT 1 FROM price_correction pc "
    "WHERE pc.organization_id = t.organization_id AND pc.total = t.number) THEN 'advised' "
    "ELSE 'never' END"
)
VOUCHERED = (
    f"CASE WHEN {METHOD} = '{SettlementMethod.REPORT_ONLY}' OR {STATE} = '{SettlingState.NEVER}' "
    f"THEN '{Vouchered.NEVER}' WHEN x.number IS NOT NULL THEN '{Vouchered.ERROR}' "
    f"WHEN s.id IS NOT NULL THEN '{Vouchered.DONE}' ELSE '{Vouchered.TO_BE}' END"
)
OWNER = (
    "(SELECT po.owner_id FROM position po WHERE po.organization_id = e.organization_id "
    "AND po.number = CASE WHEN e.kind = 'transferred-to-owned' THEN e.source ELSE e.target END)"
)
ENTRIES = "organization o {then} title_entry e ON e.organization_id = o.id "
UNDER = (
    "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
    "LEFT JOIN agreement a ON a.id = l.agreement "
)
TRANSFERS = Listing(
    SettlingTransfer,
    {
        "organization": "o.code",
        "entry": "e.number",
        "happened_on": "e.happened_on",
        "item": "i.code",
        "item_name": "i.name",
        "quantity": (
            "CASE WHEN e.kind = 'transferred-to-owned' THEN e.quantity ELSE -e.quantity END",
            "i.unit",
        ),
        "owner": "w.code",
        "owner_name": "w.name",
        "agreement": "a.number",
        "state": STATE,
        "vouchered": VOUCHERED,
        "exception": "x.number",
        "reason": "x.reason",
        "sentence": "x.sentence",
        "advice": "ad.number",
        "advice_line": "al.line",
    },
    f"{ENTRIES} {UNDER} JOIN item i ON i.id = l.item_id JOIN party w ON w.id = {OWNER} "
    "LEFT JOIN charge c ON c.organization_id = e.organization_id AND c.entry = e.number "
    "LEFT JOIN running_total t ON t.organization_id = c.organization_id AND t.number = c.total "
    "LEFT JOIN advice_line al ON al.id = t.advice_line LEFT JOIN advice ad ON ad.id = al.advice_id "
    "LEFT JOIN settlement s ON s.advice_id = ad.id "
    "LEFT JOIN open_exception x ON x.organization_id = e.organization_id "
    f"AND x.entry = e.number AND {OPEN}",
)


def transfers_to_settle(
    viewer: Viewer,
    *,
    organization: OfOrganization = None,
    agreement: OfAgreement = None,
    state: Annotated[SettlingState | None, Filter("only in this state")] = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[SettlingTransfer]:
    """The transfers of title between the viewer and its partners with where each stands, the last
    first."""
    party = viewer.party_id
    where = Where().also("e.kind IN ('transferred-to-owned', 'transferred-to-consigned')")
    where.also(f"o.party_id = %s OR {OWNER} = %s", party, party)
    where.equals(o__code=organization, a__number=agreement)
    if state is not None:
        where.also(f"{STATE} = %s", state)
    order = ("-organization", "-entry")
    found = TRANSFERS.read(where, order=order, limit=limit, offset=offset)
    counted = TRANSFERS
    if state is None:
        counted = replace(TRANSFERS, tables=f"{ENTRIES} {UNDER if agreement else ''}")
    return Page(found, total(counted, where, len(found), limit, offset))


SETTLING_LIST = Question(
    "settling",
    "Show where each transfer of title stands: to be advised, advised, waiting, or never to be."
    "\n\nWhat waits has its reason, and is tried again by every run of the advices. Vouchered: T to"
    "\nbe, V by an accepted invoice, E not while it waits, N never, as what is settled elsewhere.",
    transfers_to_settle, "transfer of title",
    (
        "organization", ("Entry", lambda row: f"ent_{row.entry}"), ("On", "happened_on"), "item",
        "quantity", "owner", "agreement", "state", "vouchered",
        ("Advice", lambda row: row.advice and f"{row.advice}/{row.advice_line}"),
        ("Waits for", "sentence"),
    ),
    rows="transfers of title",
)  # fmt: skip
