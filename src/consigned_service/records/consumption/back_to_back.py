"""What was used under agreements whose goods came out of another programme, and how far it was
passed on to that one."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.identity import PartyId
from consigned_service.records.sql import bulk
from consigned_service.records.sql import select as reading
from consigned_service.records.sql.bulk import Column


class Link(NamedTuple):
    """An agreement under which a party consigns on what it holds, at one holder's organization."""

    agreement_id: int
    agreement: str
    supplier_organization_id: int
    sourced_from_place: str
    customer: str
    organization_id: int
    organization: str
    through_entry: int


class Passed(NamedTuple):
    """A transfer of title under such an agreement; below zero it went back."""

    entry: int
    item: str
    unit: str
    quantity: int
    happened_on: date
    voided: int | None
    """The transfer of title that it takes back because the use never happened."""


PASSES = (
    "(e.kind IN ('transferred-to-owned', 'transferred-to-consigned') "
    "OR (e.kind = 'sold-back' AND e.cause = 'consumption'))"
)
"""What is passed on: title that passed, and that went back; of what was sold back, the voids."""


def links_of(consignor: PartyId) -> list[Link]:
    return reading.rows(
        Link,
        "SELECT a.id, a.number, s.id, a.sourced_from_place, h.code, o.id, o.code, "
        "COALESCE(d.through_entry, 0) FROM agreement a JOIN party h ON h.id = a.consignee_id "
        "JOIN organization s ON s.code = a.sourced_from "
        "JOIN organization o ON o.party_id = h.id LEFT JOIN back_to_back_progress d "
        "ON d.agreement_id = a.id AND d.organization_id = o.id "
        "WHERE a.consignor_id = %s ORDER BY a.number, o.code",
        [consignor],
    )


def not_passed_on(link: Link, *, through: int, limit: int) -> list[Passed]:
    """The next transfers of title under an agreement, in the order of their entries."""
    return reading.rows(
        Passed,
        "SELECT e.number, i.code, i.unit, CASE e.kind WHEN 'transferred-to-owned' "
        "THEN e.quantity ELSE -e.quantity END, e.happened_on, "
        "CASE WHEN u.voids IS NOT NULL THEN r.reverses END FROM title_entry e "
        "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
        "JOIN item i ON i.id = l.item_id "
        "LEFT JOIN reversal r ON r.organization_id = e.organization_id AND r.entry = e.number "
        "LEFT JOIN consumption u ON e.cause = 'consumption' "
        "AND u.organization_id = e.organization_id AND u.number = e.document "
        f"WHERE e.organization_id = %s AND e.number > %s AND {PASSES} "
        "AND l.agreement = %s ORDER BY e.number LIMIT %s",
        [link.organization_id, through, link.agreement_id, limit],
    )


def keep_passed_on(link: Link, through: int) -> None:
    bulk.upsert(
        "back_to_back_progress",
        (Column("agreement_id"), Column("organization_id"), Column("through_entry")),
        [(link.agreement_id, link.organization_id, through)],
        key=("agreement_id", "organization_id"),
        update="through_entry = excluded.through_entry "
        "WHERE excluded.through_entry > back_to_back_progress.through_entry",
    )


class Untrue(NamedTuple):
    agreement: str
    organization: str
    used: int
    back_to_back_progress: int


def misreported() -> Sequence[Untrue]:
    """Where what was passed on is not what was used under an agreement up to there."""
    used = (
        "(SELECT COALESCE(SUM(CASE e.kind WHEN 'transferred-to-owned' THEN e.quantity "
        "ELSE -e.quantity END), 0) FROM title_entry e JOIN layer l "
        "ON l.organization_id = e.organization_id AND l.number = e.layer "
        "WHERE e.organization_id = d.organization_id AND e.number <= d.through_entry "
        f"AND {PASSES} AND l.agreement = d.agreement_id)"
    )
    told = (
        "(SELECT COALESCE(SUM(c.quantity), 0) FROM consumption c "
        "JOIN organization u ON u.id = c.organization_id AND u.code = a.sourced_from "
        "WHERE c.source = 'passed on' AND SUBSTR(c.reference, 1, LENGTH(a.number || '/' || o.code "
        "|| '/')) = a.number || '/' || o.code || '/')"
    )
    return reading.rows(
        Untrue,
        f"SELECT * FROM (SELECT a.number AS agreement, o.code AS organization, {used} AS used, "
        f"{told} AS told FROM back_to_back_progress d JOIN agreement a ON a.id = d.agreement_id "
        "JOIN organization o ON o.id = d.organization_id) AS kept WHERE used <> told",
        [],
    )
