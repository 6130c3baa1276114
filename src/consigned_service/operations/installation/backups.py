"""A backup: the whole database as it was at one moment, in a folder of its own, with its proof.

A backup is written aside, synced, and named only when it is whole, so that a folder with a manifest
is a backup and any other is none. It can be made while others work. A restored database holds its
letters and runs until it is declared the one that counts: a copy never writes to
suppliers.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from consigned.measure.refusal import Refusal
from consigned_service.operations.audit.audit import Audited, audit
from consigned_service.records.installation import copies, holding, schema

MANIFEST = "manifest.json"
FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
NAME = re.compile(r"consigned-\d{8}T\d{6}Z")
ASIDE = ".unfinished-"
FORMAT = 1


@dataclass(eq=False)
class CannotBackUp(Refusal):
    """Nothing was written that passes for a backup."""

    because: str
    code: ClassVar[str] = "backup-impossible"
    remedy: ClassVar[str] = "Nothing was left behind; mend it and run the command again."

    def __str__(self) -> str:
        return f"the database could not be copied: {self.because}"


@dataclass(eq=False)
class NoBackup(Refusal):
    """The folder holds no backup, or one that is damaged."""

    folder: str
    because: str
    code: ClassVar[str] = "not-a-backup"
    remedy: ClassVar[str] = "Name the folder of a backup that is whole."

    def __str__(self) -> str:
        return f"{self.folder} is no backup that can be restored: {self.because}"


@dataclass(eq=False)
class NotEmpty(Refusal):
    """Restoring would mix two histories."""

    code: ClassVar[str] = "database-not-empty"
    remedy: ClassVar[str] = "Name an empty one with --database."

    def __str__(self) -> str:
        return "a backup is restored into an empty database, and this one has tables"


@dataclass(eq=False)
class NotRestored(Refusal):
    """What was restored is not what was backed up."""

    because: str
    code: ClassVar[str] = "restored-otherwise"
    remedy: ClassVar[str] = "Do not use this database; restore another backup into an empty one."

    def __str__(self) -> str:
        return f"what was restored is not what was backed up: {self.because}"


class Backup(NamedTuple):
    """A backup that is whole."""

    folder: Path
    made_at: str
    version: str
    database: str
    bytes: int
    sha256: str
    heads: dict[str, tuple[int, str]]
    """The last posting of each organization, and its seal."""
    secret_key: str
    """A fingerprint of the key that signs sessions; the key itself is stored elsewhere."""


def back_up(
    folder: Path, *, version: str, secret_key: str, at: datetime, keep: str = ""
) -> tuple[Backup, list[Path]]:
    """Back the database up into a new folder within one, and delete older backups that a rule such
    as 7d4w12m does not keep; answers the backup, and what was deleted."""
    rule = read_rule(keep) if keep else None
    name = f"consigned-{at:%Y%m%dT%H%M%SZ}"
    aside, target = folder / f"{ASIDE}{name}", folder / name
    try:
        if target.exists():
            raise CannotBackUp(f"{target} exists already")
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        aside.mkdir(mode=0o700)
        file = aside / FILES[copies.kind()]
        heads = copies.copy_to(file)
        _write_manifest(aside, file, heads, version=version, secret_key=secret_key, at=at)
        for path in (file, aside / MANIFEST, aside):
            _sync(path)
        aside.rename(target)
        _sync(folder)
    except (OSError, copies.CannotCopy) as wrong:
        shutil.rmtree(aside, ignore_errors=True)
        raise CannotBackUp(getattr(wrong, "strerror", None) or str(wrong)) from wrong
    return read_backup(target), _thin_out(folder, rule) if rule else []


def _clear(folder: Path) -> None:
    """Take away what a backup left that was killed."""
    for left in folder.glob(f"{ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)


def _write_manifest(
    aside: Path, file: Path, heads: copies.Heads, *, version: str, secret_key: str, at: datetime
) -> None:
    file.chmod(0o600)
    manifest = {
        "format": FORMAT,
        "made_at": at.isoformat(timespec="seconds"),
        "version": version,
        "database": copies.kind(),
        "file": file.name,
        "bytes": file.stat().st_size,
        "sha256": _hash(file),
        "organizations": {
            code: {"posting": posting, "seal": seal} for code, (posting, seal) in heads.items()
        },
        "secret_key": fingerprint(secret_key),
    }
    (aside / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def fingerprint(secret: str) -> str:
    """A secret's fingerprint, from which nobody finds the secret."""
    return hashlib.sha256(f"consigned backup {secret}".encode()).hexdigest()[:16]


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Let a file or folder reach the disk before what depends on it."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def read_backup(folder: Path) -> Backup:
    """The backup in a folder. Refuses what is none, or not whole."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        backup = _backup(folder, manifest)
    except OSError as wrong:
        because = (wrong.strerror or str(wrong)).lower()
        raise NoBackup(str(folder), f"{MANIFEST} cannot be read: {because}") from wrong
    except (ValueError, KeyError, TypeError) as wrong:
        raise NoBackup(str(folder), f"{MANIFEST} is not what a backup has") from wrong
    return backup


def _backup(folder: Path, manifest: dict[str, Any]) -> Backup:
    if manifest["format"] != FORMAT:
        raise NoBackup(str(folder), f"it is of format {manifest['format']}")
    return Backup(
        folder, str(manifest["made_at"]), str(manifest["version"]), str(manifest["database"]),
        int(manifest["bytes"]), str(manifest["sha256"]),
        {
            str(code): (int(head["posting"]), str(head["seal"]))
            for code, head in manifest["organizations"].items()
        },
        str(manifest["secret_key"]),
    )  # fmt: skip


def restore(
    folder: Path, *, at: datetime, by: str, progress: Callable[[str], None] = lambda step: None
) -> tuple[Backup, Audited]:
    """Put a backup into an empty database, bring it up to this version, audit it, and hold its
    letters and runs until they are resumed. Refuses a damaged backup and a database with tables."""
    backup = read_backup(folder)
    if backup.database != copies.kind():
        raise NoBackup(str(folder), f"it is of {backup.database}, and this is {copies.kind()}")
    file = folder / FILES[backup.database]
    progress("checking the file")
    try:
        is_whole = file.stat().st_size == backup.bytes and _hash(file) == backup.sha256
    except OSError as wrong:
        raise NoBackup(str(folder), f"{file.name} cannot be read") from wrong
    if not is_whole:
        raise NoBackup(str(folder), f"{file.name} was changed after it was made")
    if not schema.is_empty():
        raise NotEmpty
    progress("restoring")
    try:
        copies.copy_from(file)
    except (OSError, copies.CannotCopy) as wrong:
        raise NotRestored(str(wrong)) from wrong
    schema.migrate()
    holding.hold(f"restored from the backup of {backup.made_at}", at=at, by=by)
    progress("auditing")
    return backup, _checked(backup)


def _checked(backup: Backup) -> Audited:
    if found := schema.differences():
        raise NotRestored(found[0])
    restored = copies.heads()
    for organization, head in backup.heads.items():
        if restored.get(organization) != head:
            raise NotRestored(f"the last posting of {organization} is another one")
    audited = audit()
    if audited.breaches:
        first = audited.breaches[0]
        raise NotRestored(f"{first.law}: {first.where}, {first.sentence}")
    return audited


# --- which older ones are deleted -------------------------------------------------------------


class KeepRule(NamedTuple):
    """How many days, weeks and months have a backup each."""

    days: int = 0
    weeks: int = 0
    months: int = 0


@dataclass(eq=False)
class NoKeepRule(Refusal):
    """It would be guessed which backups to delete."""

    rule: str
    code: ClassVar[str] = "not-a-rule"
    remedy: ClassVar[str] = "Write days, weeks and months, as 7d4w12m."

    def __str__(self) -> str:
        return f"{self.rule!r} does not say which backups to keep"


def read_rule(text: str) -> KeepRule:
    """7d4w12m: the last one of each of seven days, four weeks and twelve months."""
    found = re.fullmatch(r"(?:(\d{1,4})d)?(?:(\d{1,4})w)?(?:(\d{1,4})m)?", text)
    if not found or not any(int(number or 0) for number in found.groups()):
        raise NoKeepRule(text)
    return KeepRule(*(int(number or 0) for number in found.groups()))


def spared_by(rule: KeepRule, names: Iterable[str]) -> set[str]:
    """Which of some backups a rule keeps: the newest one, and the newest of each day, week and
    month that has any."""
    newest_first = sorted(names, reverse=True)
    spared = set(newest_first[:1])
    for number, form in ((rule.days, "%Y%j"), (rule.weeks, "%G%V"), (rule.months, "%Y%m")):
        periods: dict[str, str] = {}
        for name in newest_first:
            made = datetime.strptime(f"{name}+0000", "consigned-%Y%m%dT%H%M%SZ%z")
            periods.setdefault(made.strftime(form), name)
        spared.update(list(periods.values())[:number])
    return spared


def _thin_out(folder: Path, rule: KeepRule) -> list[Path]:
    backups = {
        path.name: path
        for path in folder.iterdir()
        if NAME.fullmatch(path.name) and (path / MANIFEST).is_file()
    }
    deleted = [backups[name] for name in sorted(backups.keys() - spared_by(rule, backups))]
    for path in deleted:
        shutil.rmtree(path)
    return deleted
