"""Amendments of agreements in the database: which term changed from which day on, and to what.

Terms are kept here as a file says them, so that one table serves all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from consigned.master_data.amendments import END
from consigned.measure.identity import AgreementId
from consigned_service.records import models
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import as_day

DAYS = frozenset({"first_closing_on", "return_by", END})
TEXTS = frozenset(
    {
        "frequency", "closing_days", "summary_level", "settlement_method", "bill_to",
        "invoice_tolerance", "price_sources", "aging_onset", "aged_outcome", "end_of_term",
        "loss_responsibility", "liability", "count_method",
    }
)  # fmt: skip
ANSWERS = frozenset({"taxed"})


class Amended(NamedTuple):
    """A term that is another one from a day on."""

    starts_on: date
    term: str
    value: Any


def written(value: object) -> str:
    """A term as a file says it; nothing, where the agreement says nothing of it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def read_value(term: str, said: str) -> Any:
    """A term as the agreement's own column holds it."""
    if term in TEXTS:
        return said
    if term in ANSWERS:
        return said == "yes"
    if not said:
        return None
    return date.fromisoformat(said) if term in DAYS else int(said)


class Amendments:
    """The amendments of some agreements, in the order in which they hold."""

    def __init__(self, of: Mapping[AgreementId, Sequence[Amended]]) -> None:
        self._of = of

    def of(self, agreement: AgreementId | int) -> Sequence[Amended]:
        return self._of.get(AgreementId(agreement), ())

    def on(self, agreement: AgreementId | int, day: date) -> dict[str, Any]:
        """The terms of an agreement that are amended by a day, as they are then."""
        return {one.term: one.value for one in self.of(agreement) if one.starts_on <= day}


NONE = Amendments({})


def read_amendments(agreements: Iterable[int]) -> Amendments:
    """The amendments of some agreements."""
    subquery, wanted = bulk.among(set(agreements))
    found: dict[AgreementId, list[Amended]] = defaultdict(list)
    for agreement, starts_on, term, became in bulk.fetch(
        "SELECT agreement_id, starts_on, term, became FROM agreement_amendment "
        f"WHERE agreement_id IN ({subquery}) AND term <> '{END}' "
        "ORDER BY agreement_id, starts_on, id",
        [wanted],
    ):
        found[AgreementId(agreement)].append(Amended(starts_on, term, read_value(term, became)))
    return Amendments(found)


def is_amended(terms: Iterable[str], agreement: str = "a") -> str:
    """A condition that any of some terms of an agreement is ever amended; `agreement` is the
    table's alias."""
    named = ", ".join(f"'{term}'" for term in terms)
    return (
        f"EXISTS (SELECT 1 FROM agreement_amendment am WHERE am.agreement_id = {agreement}.id "
        f"AND am.term IN ({named}))"
    )


def term_on(term: str, day: str, agreement: str = "a") -> str:
    """A term as a file says it, as it is on a day, in SQL."""
    column = f"{agreement}.{term}"
    stands = f"CASE WHEN {column} THEN 'yes' ELSE 'no' END" if term in ANSWERS else column
    return (
        "COALESCE((SELECT am.became FROM agreement_amendment am "
        f"WHERE am.agreement_id = {agreement}.id AND am.term = '{term}' "
        f"AND am.starts_on <= {day} ORDER BY am.starts_on DESC, am.id DESC LIMIT 1), {stands})"
    )


class AmendmentRow(NamedTuple):
    """One term of an amendment as it is kept."""

    agreement: str
    reference: str
    starts_on: date
    term: str
    was: str
    became: str
    consent: str
    because: str


def standing(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[AmendmentRow]]:
    """What was told under some numbers of their agreements before."""
    wanted = set(keys)
    rows = models.AgreementAmendment.objects.select_related("agreement").filter(
        agreement__number__in=bulk.writable(agreement for agreement, _ in wanted),
        reference__in=bulk.writable(reference for _, reference in wanted),
    )
    found: dict[tuple[str, str], list[AmendmentRow]] = defaultdict(list)
    for row in rows.order_by("pk"):
        key = (row.agreement.number, row.reference)
        if key in wanted:
            found[key].append(
                AmendmentRow(
                    *key, row.starts_on, row.term, row.was, row.became, row.consent, row.because
                )
            )
    return found


def of_term(term: str, agreements: Iterable[str]) -> list[AmendmentRow]:
    """The amendments of one term of some agreements, in the order in which they were told."""
    rows = models.AgreementAmendment.objects.select_related("agreement").filter(
        term=term, agreement__number__in=bulk.writable(agreements)
    )
    return [
        AmendmentRow(
            row.agreement.number, row.reference, row.starts_on, row.term, row.was, row.became,
            row.consent, row.because,
        )
        for row in rows.order_by("pk")
    ]  # fmt: skip


COLUMNS = (
    "agreement_id", "reference", "starts_on", "term", "was", "became", "consent", "because",
    "recorded_by", "recorded_on", "recorded_at",
)  # fmt: skip


def add(
    rows: Sequence[AmendmentRow], ids: Mapping[str, int], *, by: str, on: date, at: datetime
) -> None:
    """Keep amendments that were told on a day, in their order."""
    moment = connection.ops.adapt_datetimefield_value(at)
    bulk.insert(
        "agreement_amendment",
        COLUMNS,
        [
            (
                ids[row.agreement],
                row.reference,
                row.starts_on.isoformat(),
                *row[3:],
                by,
                on.isoformat(),
                moment,
            )
            for row in rows
        ],
    )


class Last(NamedTuple):
    """The last days on which anything is told under an agreement."""

    closing: date | None
    used: date | None
    received: date | None


def last_days(organizations: Iterable[int], agreement: int) -> Last:
    """The last day on which a cycle closes in which anything is told or advised, on which goods
    were used, and on which goods came, under an agreement in some organizations."""
    held, ids = bulk.among(sorted(organizations))
    closing, used = bulk.fetch(
        "SELECT MAX(t.closes_on), MAX(t.happened_on) FROM running_total t "
        f"WHERE t.organization_id IN ({held}) AND t.agreement = %s",
        [ids, agreement],
    )[0]
    (advised,) = bulk.fetch(
        "SELECT MAX(closed_through) FROM billing_calendar WHERE agreement_id = %s", [agreement]
    )[0]
    (received,) = bulk.fetch(
        f"SELECT MAX(l.received_on) FROM layer l WHERE l.organization_id IN ({held}) "
        "AND l.agreement = %s",
        [ids, agreement],
    )[0]
    return Last(
        max(filter(None, (_day(closing), _day(advised))), default=None), _day(used),
        _day(received),
    )  # fmt: skip


def _day(said: date | str | None) -> date | None:
    return None if said is None else as_day(said)
