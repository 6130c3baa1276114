"""Writes the databases of the present version for the versions to come."""

import os
from importlib.metadata import version

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")
    django.setup()
    from tests import releases
    from tests.support.databases import PostgreSQL, SQLite, point_django_at
    from tests.support.postgres import postgres, temporary_folder

    number = version("consigned")
    with temporary_folder() as folder, postgres() as server:
        for databases in (SQLite(folder), PostgreSQL(server)):
            point_django_at(databases.fresh().url)
            releases.build()
            releases.write(releases.HERE / number / databases.vendor, number)


main()
