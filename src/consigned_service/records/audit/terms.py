"""What of the terms does not hold together, for the audit: prices that were withdrawn, agreements
that were amended, and cycles that totals close with."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from consigned.master_data.amendments import END
from consigned.measure.identity import AgreementId, OrganizationId
from consigned_service.records.master_data.agreements import read_agreements
from consigned_service.records.master_data.amendments import term_on, written
from consigned_service.records.sql import bulk

Check = tuple[str, str]
"""What is wrong with what a statement finds, and the statement: it answers an agreement, what of
its terms, and a day."""


def misdated_withdrawals() -> Iterator[tuple[str, str]]:
    """Prices that are marked as withdrawn and were not, or too late, and the reverse: which, and
    why."""
    return _found_by(
        (
            "it is kept as withdrawn, and no withdrawal says so",
            "SELECT g.number, i.code, p.starts_on FROM agreement_price p "
            "JOIN agreement g ON g.id = p.agreement_id JOIN item i ON i.id = p.item_id "
            "WHERE p.withdrawal <> 0 AND NOT EXISTS (SELECT 1 FROM price_withdrawal w "
            "WHERE w.id = p.withdrawal AND w.agreement_id = p.agreement_id "
            "AND w.item_id = p.item_id AND w.starts_on = p.starts_on "
            "AND w.from_quantity = p.from_quantity)",
        ),
        (
            "it was withdrawn, and is not kept so",
            "SELECT g.number, i.code, w.starts_on FROM price_withdrawal w "
            "JOIN agreement g ON g.id = w.agreement_id JOIN item i ON i.id = w.item_id "
            "WHERE NOT EXISTS (SELECT 1 FROM agreement_price p WHERE p.withdrawal = w.id)",
        ),
        (
            "it was withdrawn when it held already",
            "SELECT g.number, i.code, w.starts_on FROM price_withdrawal w "
            "JOIN agreement g ON g.id = w.agreement_id JOIN item i ON i.id = w.item_id "
            "WHERE w.starts_on <= w.recorded_on",
        ),
    )


def misamended() -> Iterator[tuple[str, str]]:
    """Terms that are not as they were agreed on their day: which, and why."""
    yield from _found_by(*_amended())
    for agreement, became in _misended():
        yield f"{agreement} {END} {became}", "the agreement has another end than it was given"


def _found_by(*checks: Check) -> Iterator[tuple[str, str]]:
    for why, sql in checks:
        for agreement, what, on in bulk.fetch(sql, []):
            yield f"{agreement} {what} {on}", why


def _amended() -> Iterator[Check]:
    """An amendment begins at what stood, and what an advice was made by is what was agreed."""
    earlier = (
        "SELECT {what} FROM agreement_amendment y WHERE y.agreement_id = x.agreement_id "
        "AND y.term = x.term AND (y.starts_on < x.starts_on OR (y.starts_on = x.starts_on "
        "AND y.id < x.id)) ORDER BY y.starts_on DESC, y.id DESC LIMIT 1"
    )
    yield (
        "it does not begin at what the one before it says",
        "SELECT g.number, x.term, x.starts_on FROM agreement_amendment x "
        "JOIN agreement g ON g.id = x.agreement_id "
        f"WHERE x.term <> '{END}' AND x.was <> COALESCE(({earlier.format(what='y.became')}), "
        "x.was)",
    )
    yield (
        "it was recorded when the day had gone by",
        "SELECT g.number, x.term, x.starts_on FROM agreement_amendment x "
        "JOIN agreement g ON g.id = x.agreement_id "
        f"WHERE x.term <> '{END}' AND x.starts_on < x.recorded_on",
    )
    for term in ("summary_level", "settlement_method", "bill_to"):
        yield (
            f"its {term.replace('_', ' ')} is not the agreement's on the day its cycle closed",
            "SELECT g.number, ad.number, ad.closes_on FROM advice ad "
            "JOIN agreement g ON g.id = ad.agreement_id "
            f"WHERE ad.{term} <> {term_on(term, 'ad.closes_on', 'g')}",
        )


def _misended() -> Iterator[tuple[str, str]]:
    """Agreements that were extended or ended early, and then had another end: the agreement, and
    the end that it was given."""
    rows = bulk.fetch(
        "SELECT g.number, x.was, x.became, g.ends_on FROM (SELECT agreement_id, recorded_at, was, "
        f"became FROM agreement_amendment WHERE term = '{END}' UNION ALL "
        "SELECT agreement_id, recorded_at, was, became FROM master_change "
        f"WHERE what = 'agreement' AND field = '{END}') x "
        "JOIN agreement g ON g.id = x.agreement_id ORDER BY g.id, x.recorded_at",
        [],
    )
    for agreement, told in groupby(rows, lambda row: row[0]):
        steps = list(told)
        *_, (_, _, _, stands) = steps
        then = [was for _, was, _, _ in steps[1:]]
        for (_, _, became, _), found in zip(steps, [*then, written(stands)], strict=True):
            if became != found:
                yield agreement, became


def miscycled_totals(organization: OrganizationId) -> Iterator[tuple[int, str, date, date]]:
    """Running totals that close on a day on which no cycle of their agreement closes: the first
    of such a day, its agreement, the day, and when the cycle closes in which that day falls."""
    rows = bulk.fetch(
        "SELECT MIN(number), agreement, closes_on FROM running_total WHERE organization_id = %s "
        "AND alone = 0 GROUP BY agreement, closes_on",
        [organization],
    )
    agreements = read_agreements(agreement for _, agreement, _ in rows)
    for number, id, closes_on in rows:
        agreement = agreements.get(AgreementId(id))
        if agreement and (cycle := agreement.cycle_of(closes_on)).closes_on != closes_on:
            yield number, agreement.number, closes_on, cycle.closes_on
