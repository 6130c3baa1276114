"""The names that masters had on a day, for papers that say them."""


def name_on(what: str, of: str, day: str) -> str:
    """The name that a master had on a day, in SQL: `of` is the table's alias, `day` an expression.

    A paper that was made says the names of its day.
    """
    return (
        f"COALESCE((SELECT x.was FROM master_change x WHERE x.what = '{what}' "
        f"AND x.name = {of}.code AND x.field = 'name' AND x.recorded_on > {day} "
        f"ORDER BY x.id LIMIT 1), {of}.name)"
    )
