"""What of the terms does not hold together: prices that were withdrawn, for the audit."""

from collections.abc import Iterator

from consigned_service.records import bulk

WITHDRAWN = "a withdrawn price holds on no day"


def misagreed() -> Iterator[tuple[str, str, str]]:
    """Laws of the terms that do not hold: the law, what breaks it, and how."""
    checks = (
        (
            WITHDRAWN,
            "it is kept as withdrawn, and no withdrawal says so",
            "SELECT g.number, i.code, p.starts_on FROM agreement_price p "
            "JOIN agreement g ON g.id = p.agreement_id JOIN item i ON i.id = p.item_id "
            "WHERE p.withdrawal <> 0 AND NOT EXISTS (SELECT 1 FROM price_withdrawal w "
            "WHERE w.id = p.withdrawal AND w.agreement_id = p.agreement_id "
            "AND w.item_id = p.item_id AND w.starts_on = p.starts_on "
            "AND w.from_quantity = p.from_quantity)",
        ),
        (
            WITHDRAWN,
            "it was withdrawn, and is not kept so",
            "SELECT g.number, i.code, w.starts_on FROM price_withdrawal w "
            "JOIN agreement g ON g.id = w.agreement_id JOIN item i ON i.id = w.item_id "
            "WHERE NOT EXISTS (SELECT 1 FROM agreement_price p WHERE p.withdrawal = w.id)",
        ),
        (
            WITHDRAWN,
            "it was withdrawn when it held already",
            "SELECT g.number, i.code, w.starts_on FROM price_withdrawal w "
            "JOIN agreement g ON g.id = w.agreement_id JOIN item i ON i.id = w.item_id "
            f"WHERE w.starts_on <= {_day_of('w.recorded_at')}",
        ),
    )
    for law, why, sql in checks:
        for agreement, item, on in bulk.fetch(sql, []):
            yield law, f"{agreement} {item} {on}", why


def _day_of(moment: str) -> str:
    """The day of a moment in UTC, in the words of the database."""
    return f"({moment} AT TIME ZONE 'UTC')::date" if bulk.is_postgres() else f"DATE({moment})"
