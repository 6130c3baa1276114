"""Altering what must not be altered, as somebody with the administrator's password would."""

from django.db import connection


def take_the_guards_away() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            )
            for trigger, table in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {trigger} ON {table}")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (trigger,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {trigger}")
