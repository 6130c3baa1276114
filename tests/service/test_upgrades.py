"""A database of another version: brought up to date with its figures, or refused in words."""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import override_settings

from consigned_service.operations.installation import upgrades
from consigned_service.records.installation import schema
from tests import releases
from tests.service import world as worlds
from tests.service.console import Console
from tests.support.databases import Database, point_django_at

MIGRATIONS = Path(__file__).parents[2] / "src/consigned_service/records/migrations"
NEXT = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0002_append_only")]
    operations = [migrations.RunSQL(
        "CREATE INDEX pretended ON title_entry (document)", "DROP INDEX pretended"
    )]
"""


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This version with one step more, as the next release may have it."""
    package = tmp_path / "next_release_migrations"
    shutil.copytree(MIGRATIONS, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "0003_pretended.py").write_text(NEXT)
    monkeypatch.syspath_prepend(tmp_path)
    with override_settings(MIGRATION_MODULES={"records": package.name}):
        schema.known_steps.cache_clear()
        yield
    schema.known_steps.cache_clear()


def as_this_version(do: Callable[[], Any]) -> Any:
    with override_settings(MIGRATION_MODULES={}):
        schema.known_steps.cache_clear()
        answer = do()
    schema.known_steps.cache_clear()
    return answer


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


OTHERWISE = [  # what was changed                        what init answers
    ("ALTER TABLE voucher DROP COLUMN amount",           "voucher has no column amount"),
    ("ALTER TABLE advice ADD COLUMN colour varchar(9)",  "advice has a column colour"),
    ("DROP TABLE reservation",                           "there is no table reservation"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "sentence"), OTHERWISE)
def test_a_database_that_was_changed_by_hand_is_not_called_ready(
    database: Database, console: Console, statement: str, sentence: str
) -> None:
    assert console("init").code == 0
    sql(statement)
    said = console("init", "--json")
    assert (said.code, said.answer["refused"]) == (1, "unfit-database")
    assert sentence in said.err


def test_a_database_without_its_guards_is_not_called_ready(
    database: Database, console: Console
) -> None:
    guard = {
        "sqlite": "title_entry_stands_update",
        "postgresql": "title_entry_stands ON title_entry",
    }
    sql(f"DROP TRIGGER {guard[database.vendor]}")
    said = console("init")
    assert said.code == 1
    assert "nothing keeps the rows of title_entry from being changed" in said.err


def test_a_column_of_another_type_is_found(database: Database, console: Console) -> None:
    if database.vendor == "postgresql":
        sql("ALTER TABLE voucher ALTER COLUMN amount TYPE integer")
    else:
        sql("ALTER TABLE voucher DROP COLUMN amount")
        sql("ALTER TABLE voucher ADD COLUMN amount integer NOT NULL DEFAULT 0")
    said = console("init")
    assert "the column amount of voucher is integer and never empty" in said.err
    assert "should be bigint and never empty" in said.err


def test_an_older_program_refuses_what_a_newer_one_made(
    database: Database, console: Console
) -> None:
    sql(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('records', '0009_of_the_future', CURRENT_TIMESTAMP)"
    )
    for words in (("init",), ("stock", "--as", "northwind"), ("upgrade", "backups")):
        said = console(*words)
        assert said.code == 1
        assert "made by a newer version: records 0009_of_the_future is not known" in said.err


def test_an_upgrade_backs_up_makes_the_steps_and_changes_no_figure(
    database: Database, console: Console, next_release: None
) -> None:
    worlds.build()
    said = console("stock", "--as", "northwind")
    assert (said.code, "is not prepared for this version" in said.err) == (2, True)
    before = as_this_version(releases.figures)
    said = console("upgrade", "backups", "--check", "--json")
    assert (said.code, said.answer["steps"]) == (0, ["records 0003_pretended"])
    assert not (console.folder / "backups").exists()
    said = console("upgrade", "backups", "--json")
    assert (said.code, said.answer["steps"], said.answer["breaches"]) == (0, 1, [])
    assert (console.folder / said.answer["backup"] / "manifest.json").is_file()
    assert releases.figures() == before
    said = console("upgrade", "backups", "--check", "--json")
    assert (said.code, said.answer["steps"]) == (0, [])


def test_what_is_in_the_way_of_an_upgrade_is_named(
    database: Database, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.imports("parties", "code,name\nacme,Acme\n")
    sql("UPDATE import SET is_finished = false")
    monkeypatch.setattr(upgrades, "_free", lambda folder: 7)
    said = console("upgrade", "backups")
    assert said.code == 1
    assert "a file is being imported: parties.csv" in said.err
    assert "has 7 bytes free" in said.err
    assert not (console.folder / "backups").exists()


# --- databases of earlier releases ---------------------------------------------------------------


def upgraded(folder: Path, into: Database) -> object:
    """Restore a release's database, which brings it up to date, and ask it anew."""
    console = Console(folder)
    said = console.apart("restore", str(releases.folder_of(folder)), "--json", database=into.url)
    assert said.code == 0, said.err
    point_django_at(into.url)
    return releases.figures()


def test_a_pretended_release_is_restored_by_its_successor_with_equal_figures(
    database: Database, blank: Database, tmp_path: Path, next_release: None
) -> None:
    """The way that every release goes from the first on."""
    as_this_version(releases.build)
    as_this_version(partial(releases.write, tmp_path / "kept", "0.0.9"))
    folder = releases.folder_of(tmp_path / "kept")
    expected = json.loads((folder / "figures.json").read_text())
    assert len(expected["seals"]) > 50
    point_django_at(blank.url)
    said = Console(tmp_path)("restore", str(folder), "--json")
    assert said.code == 0, said.err
    assert json.loads(json.dumps(releases.figures())) == expected


def test_the_database_of_each_release_is_brought_up_to_date_with_equal_figures(
    database: Database, blank: Database
) -> None:
    for manifest in sorted(releases.HERE.glob("*/*/*/manifest.json")):
        folder = manifest.parent
        if json.loads(manifest.read_text())["database"] == database.vendor:
            expected = json.loads((folder / "figures.json").read_text())
            assert json.loads(json.dumps(upgraded(folder.parent, blank))) == expected
            blank.reset()


def test_the_last_release_has_its_database_here() -> None:
    """Once a version is released, its database must be among them."""
    changes = (Path(__file__).parents[2] / "CHANGELOG.md").read_text()
    numbers = [line.split("]")[0][4:] for line in changes.splitlines() if line.startswith("## [")]
    unreleased = [n for n in numbers if f"## [{n}] - unreleased" in changes]
    for number in set(numbers) - set(unreleased) - {"Unreleased"}:
        assert {path.name for path in (releases.HERE / number).iterdir()} == {
            "sqlite", "postgresql",
        }, f"python -m tests.releases writes the database of {number}"  # fmt: skip
