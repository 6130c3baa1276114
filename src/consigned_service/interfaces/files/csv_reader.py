"""Reading a CSV file of any size line by line, in bounded memory, and saying where it is wrong.

The file is UTF-8 (a byte order mark is welcome), separated by commas, semicolons or tabs, with a
header that names the columns in any order. Lines that begin with # before the header are
comments, and so is the `sep=;` of a spreadsheet; after it every line is one record, so that a quote
that never closes spoils one line and not the rest. Lines in which every field is empty are passed
over, and so are columns without a name at the end, as long as nothing stands in them. A column
called `refused_because` is passed over: a file of refused lines can be corrected and sent again as
it is.

Refuses the file: NotAFile, NotCsv, WrongHeader. Refuses a line: LineTooLong, InvalidEncoding,
NulByte,
QuoteNotClosed, WrongFieldCount, NoSuchColumn.
"""

import csv
import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO, ClassVar, NamedTuple

from consigned.measure.refusal import Refusal
from consigned_service.interfaces.files.corrections import BECAUSE

LONGEST_LINE = 65_536
BLOCK = 1 << 20
SEPARATORS = ",;\t"
XLSX = b"PK\x03\x04"
NEAR = 0.75
"""How like a column's name another must be to be suggested in its place."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
UTF_8_MARK = b"\xef\xbb\xbf"


@dataclass(eq=False)
class NotAFile(Refusal):
    name: str
    why: str
    code: ClassVar[str] = "not-a-file"

    def __str__(self) -> str:
        return f"{self.name} cannot be read: {self.why}"


@dataclass(eq=False)
class NotCsv(Refusal):
    file: str
    line: int
    why: str
    code: ClassVar[str] = "not-csv"
    remedy: ClassVar[str] = "Save it as CSV in UTF-8 and import that."

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.why}"


@dataclass(eq=False)
class WrongHeader(Refusal):
    file: str
    line: int
    wrong: tuple[str, ...]
    code: ClassVar[str] = "wrong-header"
    remedy: ClassVar[str] = "The header that fits is printed by the same command with --template."

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: the header {'; it '.join(self.wrong)}"


@dataclass(eq=False)
class LineTooLong(Refusal):
    most: int
    code: ClassVar[str] = "line-too-long"
    remedy: ClassVar[str] = "Shorten it; each line of the file is one record."

    def __str__(self) -> str:
        return f"the line is longer than {self.most} bytes; only its beginning is copied here"


@dataclass(eq=False)
class InvalidEncoding(Refusal):
    name: str
    byte: int
    offset: int
    code: ClassVar[str] = "invalid-encoding"
    remedy: ClassVar[str] = "Save the file in UTF-8."

    def __str__(self) -> str:
        return f"byte 0x{self.byte:02X}, byte {self.offset} of the file, is not UTF-8"


@dataclass(eq=False)
class NulByte(Refusal):
    name: str
    offset: int
    code: ClassVar[str] = "nul-byte"
    remedy: ClassVar[str] = "Take it out, or save the file as text anew."

    def __str__(self) -> str:
        return f"byte {self.offset} of the file is NUL, which no text holds"


@dataclass(eq=False)
class QuoteNotClosed(Refusal):
    name: str
    code: ClassVar[str] = "quote-not-closed"
    remedy: ClassVar[str] = "Write the whole record in one line, and a quote within quotes twice."

    def __str__(self) -> str:
        return "a quote that is opened in this line is not closed in it"


@dataclass(eq=False)
class WrongFieldCount(Refusal):
    found: int
    expected: int
    code: ClassVar[str] = "wrong-field-count"
    remedy: ClassVar[str] = "Put a field that holds the separator between quotes."

    def __str__(self) -> str:
        fields = "field" if self.found == 1 else "fields"
        return f"the line has {self.found} {fields}, and the header {self.expected}"


@dataclass(eq=False)
class NoSuchColumn(Refusal):
    said: str
    column: int
    code: ClassVar[str] = "no-such-column"
    remedy: ClassVar[str] = "Name the column in the header, or empty the field."

    def __str__(self) -> str:
        return f"{self.said[:40]!r} stands in column {self.column}, which has no name"


class Record(NamedTuple):
    """A line of the file, its fields in the order of the header."""

    line: int
    fields: list[str]
    written: list[str] | None = None
    """The fields as the file has them, where they were understood otherwise."""


class Unreadable(NamedTuple):
    """A line that is no record, as much of it as can be shown, and why."""

    line: int
    fields: list[str]
    refusal: Refusal


class Header(NamedTuple):
    line: int
    names: list[str]
    separator: str

    @property
    def columns(self) -> list[str]:
        return [_plain(name) for name in self.names]

    @property
    def named(self) -> int:
        """How many columns there are up to the last one with a name."""
        return max((at for at, name in enumerate(self.names, start=1) if name), default=0)


class CsvFile:
    """An open CSV file whose header fits."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.file = file
        self.name = name
        self.header = Header(0, [], ",")
        self._start = 0

    def read_header(self, *, known: Collection[str], required: Collection[str]) -> Header:
        """The header; refused where it lacks a column or has one that is not known."""
        self._refuse_other_formats()
        for number, offset, raw in self._lines(0, 0):
            if raw is None:
                why = f"the line is longer than {LONGEST_LINE} bytes, which no header is"
                raise NotCsv(self.name, number, why)
            text = self._text_of_header(raw)
            if text is None:
                raise NotCsv(self.name, number, "the line is not UTF-8 text")
            if not text.strip() or text.lstrip().startswith(("#", '"#')) or _is_separator(text):
                continue
            if "\r" in text:
                raise NotCsv(self.name, number, "its lines end with CR alone, not with LF or CR LF")
            separator = max(SEPARATORS, key=text.count)
            names = next(csv.reader([text], delimiter=separator))
            self.header = Header(number, [name.strip() for name in names], separator)
            self._start = offset + len(raw)
            named = self.header.columns[: self.header.named]
            wrong = tuple(_wrong_with(named, known, required))
            if wrong:
                raise WrongHeader(self.name, number, wrong)
            return self.header
        raise NotCsv(self.name, 1, "the file is empty: it has no header")

    def fingerprint(self, *about: str, advance: Callable[[int], None]) -> str:
        """What the file's content, read for this purpose, is known by."""
        digest = hashlib.sha256("\0".join((*about, "")).encode())
        self.file.seek(0)
        while block := self.file.read(BLOCK):
            digest.update(block)
            advance(len(block))
        return digest.hexdigest()

    def records(self, advance: Callable[[int], None]) -> Iterator[Record | Unreadable]:
        """The lines after the header; blank ones are passed over."""
        separator, expected = self.header.separator, len(self.header.names)
        named, blank = self.header.named, b" \t\r\n\x1a" + separator.encode()
        at = self._start
        for number, offset, raw in self._lines(self._start, self.header.line):
            if raw is None:
                yield Unreadable(number, [self._beginning(offset)], LineTooLong(LONGEST_LINE))
            elif raw.strip(blank):
                try:
                    fields = self._fields(raw, offset)
                except Refusal as refusal:
                    yield Unreadable(number, [_shown(raw)], refusal)
                else:
                    if len(fields) == expected == named:
                        yield Record(number, fields)
                    elif len(fields) in (expected, named):
                        yield _without_nameless(number, fields, named)
                    else:
                        yield Unreadable(
                            number,
                            _squeezed(fields, expected, separator),
                            WrongFieldCount(len(fields), expected),
                        )
            advance(offset - at)
            at = offset

    def _lines(self, start: int, number: int) -> Iterator[tuple[int, int, bytes | None]]:
        """Number, offset and content of each line from an offset on; no content if too long."""
        offset = start
        self.file.seek(offset)
        while raw := self.file.readline(LONGEST_LINE + 1):
            number += 1
            if len(raw) <= LONGEST_LINE or raw.endswith(b"\n"):
                yield number, offset, raw
                offset += len(raw)
            else:
                yield number, offset, None
                offset = self._end_of_line(offset + len(raw))
                self.file.seek(offset)

    def _end_of_line(self, offset: int) -> int:
        self.file.seek(offset)
        while block := self.file.read(BLOCK):
            found = block.find(b"\n")
            if found >= 0:
                return offset + found + 1
            offset += len(block)
        return offset

    def _fields(self, raw: bytes, offset: int) -> list[str]:
        if b"\0" in raw:
            place = raw.index(b"\0")
            raise NulByte(self._column(raw[:place]), offset + place)
        try:
            text = raw.decode().rstrip("\r\n")
        except UnicodeDecodeError as wrong:
            byte = raw[wrong.start]
            raise InvalidEncoding(
                self._column(raw[: wrong.start]), byte, offset + wrong.start
            ) from None
        if '"' not in text:
            return text.split(self.header.separator)
        try:
            return next(csv.reader([text], delimiter=self.header.separator, strict=True))
        except csv.Error:
            opened = text.rindex('"')
            raise QuoteNotClosed(self._column(text[:opened].encode())) from None

    def _column(self, before: bytes) -> str:
        """The column that a place in a line lies in, by what comes before it."""
        text = before.decode(errors="replace") + "x"
        try:
            index = len(next(csv.reader([text], delimiter=self.header.separator))) - 1
        except csv.Error:
            index = text.count(self.header.separator)
        columns = self.header.columns
        return columns[index] if index < len(columns) else ""

    def _beginning(self, offset: int) -> str:
        self.file.seek(offset)
        return _shown(self.file.read(200)) + "…"

    def _refuse_other_formats(self) -> None:
        self.file.seek(0)
        beginning = self.file.read(4)
        if beginning.startswith(XLSX):
            raise NotCsv(self.name, 1, "it is a spreadsheet or an archive, not a CSV file")
        if beginning.startswith(UTF_16):
            raise NotCsv(self.name, 1, "the text is UTF-16, not UTF-8")

    def _text_of_header(self, raw: bytes) -> str | None:
        if b"\0" in raw:
            return None
        try:
            return raw.removeprefix(UTF_8_MARK).decode().rstrip("\r\n")
        except UnicodeDecodeError:
            return None


def open_csv(path: Path) -> CsvFile:
    """Open a file that can be read more than once."""
    try:
        if path.exists() and not path.is_file():
            raise NotAFile(str(path), "it is no ordinary file")
        return CsvFile(path.open("rb"), path.name)
    except OSError as wrong:
        raise NotAFile(str(path), (wrong.strerror or str(wrong)).lower()) from None


def _is_separator(text: str) -> bool:
    """What a spreadsheet writes above the header, to tell itself the separator."""
    return text.strip().lower().strip('"') in {f"sep={sign}" for sign in SEPARATORS}


def _without_nameless(number: int, fields: list[str], named: int) -> Record | Unreadable:
    """A line whose last columns have no name: what stands in one of them is not passed over."""
    for column, said in enumerate(fields[named:], start=named + 1):
        if said.strip():
            return Unreadable(number, fields, NoSuchColumn(said.strip(), column))
    return Record(number, fields)


def _wrong_with(
    columns: Sequence[str], known: Collection[str], required: Collection[str]
) -> Iterator[str]:
    missing = [name for name in required if name not in columns]
    if missing and len(columns) == 1:
        yield "has one column only; columns are separated by commas, semicolons or tabs"
    if missing:
        yield f"lacks {_listed(missing)}"
    for name in dict.fromkeys(columns):
        if not name:
            yield f"leaves column {columns.index(name) + 1} without a name"
            continue
        if columns.count(name) > 1:
            yield f"names {name!r} twice"
        if name not in known and name != BECAUSE:
            near = get_close_matches(name, [k for k in known if k not in columns], 1, NEAR)
            yield f"has {name[:40]!r}, which is no column here" + (
                f" (is it {near[0]}?)" if near else ""
            )


def _listed(names: Sequence[str]) -> str:
    return f"the column {names[0]}" if len(names) == 1 else f"the columns {', '.join(names)}"


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _shown(raw: bytes) -> str:
    text = raw.decode(errors="backslashreplace").rstrip("\r\n")
    return text.replace("\0", "\\x00")


def _squeezed(fields: list[str], expected: int, separator: str) -> list[str]:
    """All of a line in as many fields as the header has."""
    if len(fields) <= expected:
        return fields
    return [*fields[: expected - 1], separator.join(fields[expected - 1 :])]
