"""The file of refused lines: the same header and one column more, why it was refused.

While an import runs its refused lines are kept beside it in a part file, so that an import that
was stopped goes on with them. The file itself is put in place whole, at the end. A file that
stands already is never overwritten, because somebody may be correcting it.

Refuses: NotWritten.
"""

import csv
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from filecmp import cmp
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from consigned.measure.refusal import Refusal
from consigned_service.interfaces.files.corrections import BECAUSE
from consigned_service.interfaces.files.csv_reader import Header


@dataclass(eq=False)
class NotWritten(Refusal):
    name: str
    why: str
    code: ClassVar[str] = "not-written"
    remedy: ClassVar[str] = "Make room, and give the same command again: it goes on from there."

    def __str__(self) -> str:
        return f"the refused lines cannot be written to {self.name}: {self.why}"


class RefusedRecord(NamedTuple):
    """Which line of the file it is, counted from the header on, its fields, and why."""

    place: int
    fields: list[str]
    reason: str


class RefusedLines:
    def __init__(self, path: Path, header: Header, *, fingerprint: str) -> None:
        self.path = path
        self.header = header
        self.fingerprint = fingerprint
        self._part = path.with_name(f".{path.name}.part")

    def take_up(self, *, done: int, refused: int) -> bool:
        """Go on with what an import that was stopped has kept; False where that is not whole."""
        kept = [record for record in self._read() if record.place < done]
        if len(kept) != refused:
            return False
        self._write_part(kept)
        return True

    def start(self) -> None:
        self._write_part(())

    def places(self) -> set[int]:
        """Where the lines stand that were refused so far."""
        return {record.place for record in self._read()}

    def add(self, records: Iterable[RefusedRecord]) -> None:
        with self._writing(), self._part.open("a", encoding="utf-8") as file:
            file.writelines(map(_line, records))
            file.flush()
            os.fsync(file.fileno())

    def finish(self) -> Path | None:
        """Put the file in place, if any line was refused; answers where it is."""
        columns = self.header.columns
        keep = [index for index, name in enumerate(columns) if name != BECAUSE]
        fresh = self.path.with_name(f".{self.path.name}.new")
        count = 0
        with self._writing(), fresh.open("w", encoding="utf-8", newline="") as file:
            write = csv.writer(file, delimiter=self.header.separator, lineterminator="\n").writerow
            write([*(self.header.names[index] for index in keep), BECAUSE])
            for _, fields, reason in self._read():
                padded = fields + [""] * (len(columns) - len(fields))
                write([*(padded[index] for index in keep), reason])
                count += 1
            file.flush()
            os.fsync(file.fileno())
        target = self._free_name(fresh) if count else None
        if target:
            fresh.replace(target)
        else:
            fresh.unlink()
        self._part.unlink(missing_ok=True)
        return target

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as wrong:
            raise NotWritten(str(self.path), (wrong.strerror or str(wrong)).lower()) from None

    def _free_name(self, fresh: Path) -> Path:
        """The first name that is free, or that holds the very same already."""
        number, target = 1, self.path
        while target.exists() and not cmp(target, fresh, shallow=False):
            number += 1
            target = self.path.with_name(f"{self.path.stem}-{number}{self.path.suffix}")
        return target

    def _write_part(self, records: Iterable[RefusedRecord]) -> None:
        fresh = self._part.with_name(f"{self._part.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(f"{json.dumps(self.fingerprint)}\n")
            file.writelines(map(_line, records))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._part)

    def _read(self) -> Iterator[RefusedRecord]:
        """What the part file of this very import holds, up to a line cut off by a stop."""
        lines = self._lines()
        if next(lines, None) == self.fingerprint:
            for said in lines:
                yield RefusedRecord(*said)

    def _lines(self) -> Iterator[Any]:
        if not self._part.exists():
            return
        with self._part.open(encoding="utf-8") as file:
            for line in file:
                try:
                    yield json.loads(line)
                except ValueError:
                    return


def _line(record: RefusedRecord) -> str:
    return f"{json.dumps(record, ensure_ascii=False)}\n"
