"""Bring in a CSV file: masters, documents or consumption, of any size.

The good lines are posted; the refused ones go to FILE.refused.csv with the reason, to be corrected
and sent again. Whatever stops the import, the same command goes on from there, and a file sent
twice is told once.
"""

import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from consigned.measure.refusal import Refusal
from consigned_service.interfaces.console.earlier_lines import EarlierLines, Said
from consigned_service.interfaces.console.exit_codes import DONE, MISUSED, PARTLY, STOPPED, say
from consigned_service.interfaces.console.options import now, operator_name
from consigned_service.interfaces.files.csv_reader import (
    CsvFile,
    NotAFile,
    Record,
    Unreadable,
    open_csv,
)
from consigned_service.interfaces.files.decimals import COMMA, POINT, with_points
from consigned_service.interfaces.files.refused import RefusedLines, RefusedRecord
from consigned_service.interfaces.tables.text import answer, counted, show
from consigned_service.operations.core.batch import Written
from consigned_service.operations.core.lines import fingerprint, read_line
from consigned_service.operations.core.operation import ORGANIZATION, Operation
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.exchange import imports
from consigned_service.operations.registry import OPERATIONS

Whole = Callable[[Sequence[str]], tuple[str, ...]]
Rest = Iterator[tuple[int, Record | Unreadable]]

CHUNK = 10_000
LARGEST_CHUNK = 100_000
SHOWN = 10
HELD = {"invoices": "held invoice", "credit-notes": "held credit note"}
"""What of the papers that come in waits for a decision."""
"""So many refused lines are told at once; all of them are in the file. So many notes, too."""

FIELD_OF = {
    "unknown-unit": "unit",
    "unknown-place": "place",
    "unknown-item": "item",
    "over-receipt": "quantity",
    "nothing-received": "quantity",
    "orders-nothing": "quantity",
    "ships-nothing": "quantity",
    "not-enough-on-hand": "quantity",
    "invalid-quantity": "quantity",
    "other-item-ordered": "item",
    "other-consignor-ordered": "consignor",
    "not-on-order": "order_line",
    "reference-reused": "reference",
    "possible-duplicate": "reference",
    "nothing-goes-back": "quantity",
    "already-advised": "quantity",
    "transfer-first": "quantity",
    "owned-location": "place",
}
"""The column at fault, where the refusal does not name it itself."""
ABOUT_THE_DAY = {"period-closed", "not-yet", "agreement-not-in-force", "invalid-date"}


def options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "kind", metavar="KIND", choices=list(OPERATIONS), help=", ".join(OPERATIONS)
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="a CSV file in UTF-8")
    parser.add_argument(
        "--template", action="store_true", help="print a file to fill in, and what each column says"
    )
    parser.add_argument(
        "--organization", metavar="CODE", default="", help="where a line does not name one"
    )
    parser.add_argument(
        "--source", metavar="NAME", default="import",
        help="the system whose references the lines of consumption carry (import)",
    )  # fmt: skip
    parser.add_argument(
        "--again", action="store_true",
        help="take a use that was told under another source too, where it looks the same",
    )  # fmt: skip
    parser.add_argument(
        "--decimal", choices=(POINT, COMMA),
        help="how figures are written: 1234.5 (point) or 1.234,5 (comma); where it is not said, "
        "1234.5, and in files with semicolons or tabs 1.234 is refused",
    )  # fmt: skip
    parser.add_argument(
        "--refused", metavar="FILE", help="where refused lines go (FILE.refused.csv)"
    )
    parser.add_argument(
        "--chunk", metavar="LINES", type=_chunk_size, default=CHUNK,
        help="how many lines are posted together, all or none (10000)",
    )  # fmt: skip


def run(arguments: Namespace) -> int:
    operation = OPERATIONS[arguments.kind]
    if arguments.template:
        print_template(operation)
        return DONE
    if not arguments.file:
        say("consigned import: name a FILE, or ask for --template")
        return MISUSED
    path = Path(arguments.file)
    csv_file = open_csv(path)
    with csv_file.file:
        required = set(operation.required)
        if arguments.organization:
            required.discard(ORGANIZATION)
        csv_file.read_header(
            known=operation.columns,
            required=[c for c in operation.required if c in required],
        )
        return _Import(operation, csv_file, path, arguments).run()


def print_template(operation: Operation) -> None:
    """A file of the kind without lines, which can be imported as it is."""
    for name, column in operation.columns.items():
        needed = "" if column.is_required else " (optional)"
        print(f"# {name}{needed}: {column.says}")
    print(",".join(operation.columns))


class _Wrong(NamedTuple):
    """A line that was refused: its place among the lines and its number in the file."""

    place: int
    number: int
    fields: list[str]
    refusal: Refusal
    field: str = ""


@dataclass
class _Chunk:
    """Some lines of the file, those that can be told and those that cannot be read."""

    start: int
    told: list[tuple[int, Record]] = field(default_factory=list)
    unreadable: list[tuple[int, Unreadable]] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.start + len(self.told) + len(self.unreadable)

    def wrong(self, outcome: Result) -> list[_Wrong]:
        """The lines that were refused, in the order of the file."""
        found = [_Wrong(place, bad.line, bad.fields, bad.refusal) for place, bad in self.unreadable]
        for line in outcome.refused:
            place, record = self.told[line.index]
            fields = record.written or record.fields
            found.append(_Wrong(place, record.line, fields, line.refusal, line.field))
        return sorted(found, key=itemgetter(0))


class _Import:
    def __init__(
        self, operation: Operation, file: CsvFile, path: Path, arguments: Namespace
    ) -> None:
        self.operation = operation
        self.file = file
        self.path = path
        self.arguments = arguments
        self.columns = file.header.columns
        self.figures = {name for name, field in operation.columns.items() if field.type.is_figure}
        self.pick = _picker(self.columns, operation.line._fields)
        self.organization = (
            self.columns.index(ORGANIZATION) if ORGANIZATION in self.columns else None
        )
        self.refused_path = Path(arguments.refused or _refused_name(path))
        self.earlier: EarlierLines | None = None
        self.refused_at: set[int] = set()
        self.shown = 0
        self.notes: list[str] = []
        self.noted = 0

    def run(self) -> int:
        size = self.path.stat().st_size
        quiet = self.arguments.json or not sys.stderr.isatty()
        with Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
            TimeRemainingColumn(), console=Console(file=sys.stderr), disable=quiet,
        ) as bar:  # fmt: skip
            reading = bar.add_task("Reading", total=size)
            fingerprint = self.file.fingerprint(
                self.operation.name,
                self.arguments.source,
                self.arguments.organization,
                *filter(None, [self.arguments.decimal]),
                advance=lambda read: bar.advance(reading, read),
            )
            bar.remove_task(reading)
            posting = bar.add_task("Posting", total=size)
            progress, refused = self._begin(fingerprint)
            records = with_points(
                self.file.records(lambda read: bar.advance(posting, read)),
                self.columns,
                self.figures,
                separator=self.file.header.separator,
                decimal=self.arguments.decimal,
            )
            try:
                for chunk in _chunks(records, progress.done, self.arguments.chunk, self._whole()):
                    progress = self._tell(progress, chunk, refused)
            except KeyboardInterrupt:
                say(f"Stopped; the same command goes on with {self.file.name} from there")
                return STOPPED
            progress = imports.finish(progress, name=self.file.name)
            refused_file = refused.finish()
        return self._account(progress, refused_file)

    def _begin(self, fingerprint: str) -> tuple[imports.Progress, RefusedLines]:
        """Go on where this import ended, or start it from the beginning."""
        progress = imports.begin(self.operation, name=self.file.name, fingerprint=fingerprint)
        refused = RefusedLines(self.refused_path, self.file.header, fingerprint=fingerprint)
        try:
            if progress.is_finished:
                self._tell_operator(
                    f"{self.file.name} was imported before; its lines are told again"
                )
            elif progress.done and refused.take_up(done=progress.done, refused=progress.refused):
                done = counted(progress.done, "line")
                self._tell_operator(f"{self.file.name} goes on after {done}")
                return progress, refused
            refused.start()
        except OSError as wrong:
            raise NotAFile(str(self.refused_path.parent), _reason(wrong)) from None
        if progress.done or progress.is_finished:
            progress = imports.start_over(progress, name=self.file.name)
        return progress, refused

    def _whole(self) -> Whole | None:
        """What lines have in common that are told together; None where each stands alone."""
        places = [self.columns.index(name) for name in self.operation.whole if name in self.columns]
        if not places:
            return None
        return lambda fields: tuple(fields[at].strip() for at in places if at < len(fields))

    def _tell(
        self, progress: imports.Progress, chunk: _Chunk, refused: RefusedLines
    ) -> imports.Progress:
        lines = [self._line(record) for _, record in chunk.told]
        wrong: list[_Wrong] = []

        def first_of(outcome: Result) -> dict[int, int]:
            """The numbers of earlier lines that say the same as the repeated ones."""
            if self.earlier is None:
                self.earlier = EarlierLines(self._said, size=self.path.stat().st_size)
                self.refused_at = refused.places()
            places = [place for place, _ in chunk.told]
            not_told = self.refused_at | {places[line.index] for line in outcome.refused}
            found = {at: self.earlier.first(places[at], not_told) for at in outcome.again}
            return {at: number for at, number in found.items() if number}

        def keep(outcome: Result) -> None:
            """Put the refused lines down first: an import that was stopped finds them all."""
            wrong.extend(chunk.wrong(outcome))
            self.refused_at.update(line.place for line in wrong)
            if wrong:
                refused.add(
                    RefusedRecord(line.place, line.fields, self._reason(line)) for line in wrong
                )

        progress, outcome = imports.bring_in(
            self.operation,
            progress,
            lines,
            name=self.file.name,
            unreadable=len(chunk.unreadable),
            source=self.arguments.source,
            by=operator_name(),
            at=now(),
            keep=keep,
            first_of=first_of,
            again=self.arguments.again,
        )
        self._show(wrong)
        self.notes += outcome.notes[: max(0, SHOWN - self.noted)]
        self.noted += len(outcome.notes)
        return progress

    def _said(self) -> Iterator[Said]:
        """What each line says, in a reading of its own."""
        file = open_csv(self.path)
        with file.file:
            file.read_header(known=self.columns, required=())
            records = with_points(
                file.records(lambda _: None),
                self.columns,
                self.figures,
                separator=file.header.separator,
                decimal=self.arguments.decimal,
            )
            for place, record in enumerate(records):
                if isinstance(record, Record) and (says := self._says(record)) is not None:
                    yield Said(place, record.line, says)

    def _says(self, record: Record) -> int | None:
        """A number for what a line says; none where it is wrong."""
        organization, fields = self._line(record)
        try:
            return hash((organization, fingerprint(read_line(self.operation.line, fields), ())))
        except Refusal:
            return None

    def _line(self, record: Record) -> Written:
        fields = record.fields
        organization = "" if self.organization is None else fields[self.organization].strip()
        return Written(organization or self.arguments.organization, self.pick([*fields, ""]))

    # --- what was refused ----------------------------------------------------------------

    def _reason(self, line: _Wrong) -> str:
        column = line.field or self._column(line.fields, line.refusal)
        where = f"line {line.number}, field {column}" if column else f"line {line.number}"
        return f"{where}: {line.refusal.sentence()}"

    def _column(self, fields: Sequence[str], refusal: Refusal) -> str:
        """The column that a refusal is about, if it is about one."""
        said = str(getattr(refusal, "said", "")).strip()
        candidates = [
            self.operation.day if refusal.code in ABOUT_THE_DAY and not said else "",
            str(getattr(refusal, "name", "")).replace(" ", "_"),
            *(name for name, value in zip(self.columns, fields, strict=False)
              if said and value.strip() == said and FIELD_OF.get(refusal.code, name) == name),
            *(name for name, value in zip(self.columns, fields, strict=False)
              if said and value.strip() == said),
            FIELD_OF.get(refusal.code, ""),
        ]  # fmt: skip
        return next((name for name in candidates if name and name in self.operation.columns), "")

    def _show(self, wrong: Sequence[_Wrong]) -> None:
        for line in wrong[: max(0, SHOWN - self.shown)]:
            say(f"{self.file.name}, {self._reason(line)}")
        self.shown += len(wrong)

    # --- what came of it -----------------------------------------------------------------

    def _account(self, progress: imports.Progress, refused_file: Path | None) -> int:
        if self.shown > SHOWN and refused_file:
            say(f"{self.shown - SHOWN} more lines were refused; all are in {refused_file}")
        if self.arguments.json:
            answer(
                {
                    "kind": self.operation.name,
                    "file": str(self.path),
                    "lines": progress.done,
                    "new": progress.new,
                    "changed": progress.changed,
                    "repeated": progress.repeated,
                    "refused": progress.refused,
                    "waiting": progress.waiting,
                    "refused_file": str(refused_file) if refused_file else None,
                    "notes": self.notes,
                }
            )
        else:
            show(
                f"{self.file.name}: {counted(progress.done, 'line')} read, {progress.new:,} new, "
                + (f"{progress.changed:,} changed, " if progress.changed else "")
                + f"{progress.repeated:,} repeated, {progress.refused:,} refused"
                + (
                    f"; waiting: {counted(progress.waiting, self._what_waits())}"
                    if progress.waiting
                    else ""
                )
                + "."
            )
            for note in self.notes:
                show(f"Note: {note}.")
            if self.noted > SHOWN:
                show(f"{counted(self.noted - SHOWN, 'more note')} like these.")
            if refused_file:
                show(f"The refused lines are in {refused_file}: correct them and import that.")
        return PARTLY if progress.refused else DONE

    def _what_waits(self) -> str:
        return HELD.get(self.operation.name, "exception")

    def _tell_operator(self, sentence: str) -> None:
        if not self.arguments.json:
            say(sentence)


def _refused_name(path: Path) -> Path:
    """FILE.refused.csv, also for what was refused of a file of refused lines."""
    stem = re.sub(r"\.refused(-\d+)?$", "", path.with_suffix("").name)
    return path.with_name(f"{stem}.refused.csv")


def _picker(columns: Sequence[str], fields: Sequence[str]) -> itemgetter:
    """Takes an act's fields, in its order, out of a record with one empty field at its end."""
    return itemgetter(*(columns.index(name) if name in columns else -1 for name in fields))


def _chunk_size(said: str) -> int:
    size = int(said)
    if not 0 < size <= LARGEST_CHUNK:
        raise ValueError(said)
    return size


def _chunks(
    records: Iterator[Record | Unreadable], done: int, size: int, whole: Whole | None = None
) -> Iterator[_Chunk]:
    """The records that are not done yet, so many at a time; what is `whole` is not cut apart."""
    rest: Rest = enumerate(records)
    for _ in islice(rest, done):
        pass
    while some := list(islice(rest, size)):
        if whole:
            rest = _fill_up(some, rest, whole)
        chunk = _Chunk(some[0][0])
        for place, record in some:
            if isinstance(record, Record):
                chunk.told.append((place, record))
            else:
                chunk.unreadable.append((place, record))
        yield chunk


def _fill_up(some: list[tuple[int, Record | Unreadable]], rest: Rest, whole: Whole) -> Rest:
    """Take what belongs to the last record from the rest; answers what remains of it."""
    last = whole(some[-1][1].fields)
    for one in rest:
        if whole(one[1].fields) != last:
            return chain([one], rest)
        some.append(one)
    return rest


def _reason(wrong: OSError) -> str:
    return (wrong.strerror or str(wrong)).lower()
