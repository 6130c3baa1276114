"""What the database knows of its own tables, from which it plans how to answer."""

from consigned_service.records.sql import bulk


def take_stock_of_tables() -> None:
    """Let the database count its tables anew, after more was written at once than it could follow.

    PostgreSQL does so by itself from time to time; a year that is told in a minute is faster.
    """
    bulk.analyze()
