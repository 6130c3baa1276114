"""The table of the cache that all worker processes share, so that attempts to sign in are counted
once and not once in each process. It is of the database cache's own shape."""

from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "shared_memory"


def create(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", TABLE, database=editor.connection.alias, verbosity=0)


def drop(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    initial = True
    operations = [migrations.RunPython(create, drop)]
