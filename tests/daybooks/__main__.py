"""python -m tests.daybooks [--accept] [STORY…]

Replays the day books on SQLite and shows what differs; with --accept the answers are written anew.
"""

import argparse
import difflib
import os
import sys

import django

from tests.support.databases import NOWHERE, SQLite, point_django_at
from tests.support.postgres import temporary_folder


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.daybooks", description=__doc__)
    asked.add_argument("--accept", action="store_true", help="write the answers anew")
    asked.add_argument("story", nargs="*", help="the first figures of a name: 05; default all")
    chosen = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")
    os.environ["DATABASE_URL"] = NOWHERE
    django.setup()
    from tests.daybooks.book import FOLDER, STORIES, replay
    from tests.daybooks.service import Service

    different = 0
    with temporary_folder() as folder:
        databases = SQLite(folder)
        for story in STORIES:
            if chosen.story and not story.name.startswith(tuple(chosen.story)):
                continue
            text = story.read_text(encoding="utf-8")
            fresh = databases.fresh()
            point_django_at(fresh.url)
            told = replay(text, Service())
            point_django_at(NOWHERE)
            databases.discard(fresh)
            different += told != text
            name = str(story.relative_to(FOLDER.parents[1]))
            sys.stdout.writelines(
                difflib.unified_diff(
                    text.splitlines(True), told.splitlines(True), name, f"{name}, as it is told"
                )
            )
            if chosen.accept:
                story.write_text(told, encoding="utf-8")
    return 1 if different and not chosen.accept else 0


sys.exit(main())
