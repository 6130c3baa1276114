"""A copy of everything that is whole, proves itself, and writes to nobody."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from consigned_service.operations.installation import backups
from consigned_service.operations.installation.backups import KeepRule, read_rule, spared_by
from consigned_service.records import models
from tests.service import shop
from tests.service import world as worlds
from tests.service.console import Console, Said
from tests.service.killed_copy import STEPS
from tests.support.databases import Database, point_django_at


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def backed_up(console: Console) -> Path:
    said = console("backup", "backups", "--json")
    assert said.code == 0, said.err
    return console.folder / said.answer["folder"]


def restored(console: Console, folder: Path, into: Database) -> Said:
    return console.apart("restore", str(folder), "--json", database=into.url)


def heads() -> set[tuple[int, int, str]]:
    return set(models.Posting.objects.values_list("organization_id", "number", "seal"))


def test_a_backup_made_during_an_import_is_restored_with_the_same_seals(
    database: Database, blank: Database, console: Console
) -> None:
    """Whole postings are in it, and nothing of one that was being written."""
    shop.open_shop("S1", shelf=3000)
    selling = shop.sell_in_process("S1", "till", 0, 3000, 20)
    for _ in range(5):
        selling.stdout.readline()
    folder = backed_up(console)
    selling.kill()
    selling.wait()
    manifest = json.loads((folder / "manifest.json").read_text())
    before = heads()
    said = restored(console, folder, blank)
    assert said.code == 0, said.err
    point_django_at(blank.url)
    copied = heads()
    assert copied <= before
    head = manifest["organizations"]["S1"]
    assert head["posting"] > 5
    assert max(copied, key=lambda one: one[1])[1:] == (head["posting"], head["seal"])


def test_a_restored_copy_sends_nothing_until_it_is_the_one_that_counts(
    database: Database, blank: Database, console: Console
) -> None:
    worlds.build()
    folder = backed_up(console)
    assert restored(console, folder, blank).code == 0
    send = ("run", "send-advices", "--as", "northwind")
    point_django_at(blank.url)
    said = console(*send)
    assert said.code == 1
    assert said.err.startswith("letters of this database are held: it was restored from the backup")
    assert not models.AdviceCommunication.objects.exists()
    assert console(*send, "--plan").code == 0
    assert console("resume", "--json").answer == {"was_held": True}
    assert console("resume").out == "Nothing was held.\n"
    said = console(*send)
    assert "held" not in said.err
    point_django_at(database.url)
    assert "held" not in console(*send).err


def test_a_changed_byte_is_found_before_anything_is_restored(
    database: Database, blank: Database, console: Console
) -> None:
    worlds.build()
    folder = backed_up(console)
    (file,) = folder.glob("database.*")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    said = restored(console, folder, blank)
    assert (said.code, said.answer["refused"]) == (1, "not-a-backup")
    assert "was changed after it was made" in said.err
    point_django_at(blank.url)
    assert connection.introspection.table_names() == []


def test_two_histories_are_never_mixed(database: Database, console: Console) -> None:
    worlds.build()
    folder = backed_up(console)
    said = restored(console, folder, database)
    assert (said.code, said.answer["refused"]) == (1, "database-not-empty")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 2}', "no json"])
def test_what_is_no_backup_is_refused(
    database: Database, blank: Database, console: Console, content: str
) -> None:
    folder = console.folder / "other"
    folder.mkdir()
    if content:
        (folder / "manifest.json").write_text(content)
    said = restored(console, folder, blank)
    assert (said.code, said.answer["refused"]) == (1, "not-a-backup"), said.err


OF_BACKUPS = ("copying", "copied", "syncing")


def killed(step: str, *words: str, folder: Path, database: Database) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.service.killed_copy", step, *words],
        env=Console(folder).surroundings(database.url), capture_output=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize("step", OF_BACKUPS)
def test_a_backup_that_was_killed_is_none(database: Database, console: Console, step: str) -> None:
    worlds.build()
    folder = console.folder / "backups"
    killed(step, "backup", str(folder), folder=console.folder, database=database)
    assert [path.name for path in folder.iterdir() if not path.name.startswith(".")] == []
    made = backed_up(console)
    assert [path.name for path in folder.iterdir()] == [made.name], "what was left is away"


@pytest.mark.parametrize("step", [step for step in STEPS if step not in OF_BACKUPS])
def test_a_restore_that_was_killed_leaves_nothing_or_a_copy_that_is_held(
    database: Database, blank: Database, console: Console, step: str
) -> None:
    worlds.build()
    folder = backed_up(console)
    killed(step, "restore", str(folder), folder=console.folder, database=blank)
    point_django_at(blank.url)
    if step == "restoring":
        assert connection.introspection.table_names() == []
        return
    said = console("run", "send-advices", "--as", "northwind", "--json")
    assert (said.code, said.answer["refused"]) == (1, "letters-held")


def test_the_secret_key_is_not_in_the_backup_and_another_one_is_noticed(
    database: Database, blank: Database, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds.build()
    monkeypatch.setenv("CONSIGNED_SECRET_KEY", "k" * 60)
    said = console.apart("backup", "backups", "--json")
    folder = console.folder / said.answer["folder"]
    assert all(b"k" * 60 not in path.read_bytes() for path in folder.iterdir())
    assert restored(console, folder, blank).answer["has_key"]
    monkeypatch.setenv("CONSIGNED_SECRET_KEY", "l" * 60)
    blank.reset()
    if blank.vendor == "sqlite":
        assert not restored(console, folder, blank).answer["has_key"]


# --- which older ones are deleted -------------------------------------------------------------


def named(at: datetime) -> str:
    return f"consigned-{at:%Y%m%dT%H%M%SZ}"


def test_the_newest_of_each_day_week_and_month_stays() -> None:
    start = datetime(2026, 1, 1, 4, tzinfo=UTC)
    names = [named(start + timedelta(hours=12 * n)) for n in range(2 * 400)]
    kept = sorted(spared_by(KeepRule(7, 4, 12), names), reverse=True)
    assert kept[0] == max(names)
    days = {name[:18] for name in kept}
    assert len(kept) == len(days), "one a day at most"
    assert {named(start + timedelta(days=399 - n, hours=12)) for n in range(7)} <= set(kept)
    assert len({name[10:16] for name in kept}) == 12 + 1 - 1
    assert len(kept) <= 7 + 4 + 12


def test_a_rule_says_days_weeks_or_months() -> None:
    assert read_rule("7d4w12m") == (7, 4, 12)
    assert read_rule("30d") == (30, 0, 0)
    for text in ("", "0d", "7", "12m7d", "d", "7days", "-1d", "99999d"):
        with pytest.raises(backups.NoKeepRule):
            read_rule(text)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_older_backups_are_thinned_out_and_nothing_else_is_touched(
    database: Database, console: Console
) -> None:
    folder = console.folder / "backups"
    folder.mkdir()
    for name in (named(datetime(2020, 1, 1, 4, n, tzinfo=UTC)) for n in range(3)):
        (folder / name).mkdir()
        (folder / name / "manifest.json").write_text("{}")
    (folder / "consigned-20200101T050000Z").mkdir()  # no manifest: not ours
    (folder / "photos").mkdir()
    said = console("backup", "backups", "--keep", "3d", "--json")
    assert len(said.answer["deleted"]) == 2
    left = {path.name for path in folder.iterdir()}
    assert {"photos", "consigned-20200101T050000Z", "consigned-20200101T040200Z"} < left
    assert len(left) == 4
