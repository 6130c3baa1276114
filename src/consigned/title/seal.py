"""Seals prove to both parties that the book was not rewritten.

Each entry carries a check sum of its own content, so that an altered entry can be named. Each
posting carries a SHA-256 over the seal before it, its own head, its entries and every other fact
that it wrote, so that no posting can be altered, left out or slipped in.

The sealed text is plain: an entry is its fields joined by '|', none of which can hold one; the
head and the other facts, which hold what people wrote, are compact JSON arrays in UTF-8. So no two
postings have the same text, and anybody can compute it again in any language.
"""

from collections.abc import Iterable
from hashlib import sha256
from zlib import crc32

from consigned.title.entry import Entry

FIRST = "0" * 64
"""What the first posting of an organization follows."""

_ENTRY_TEXT = "|".join(["%s"] * len(Entry._fields))


def entry_text(entry: Entry) -> bytes:
    return (_ENTRY_TEXT % entry).encode()


def seal_entry(text: bytes) -> int:
    """The check sum of one entry (CRC-32): it names what was altered; the posting's seal proves."""
    return crc32(text)


def facts_text(name: str, rows: bytes) -> bytes:
    """Facts of one kind as sealed text: the name, then the rows as one compact JSON array."""
    return name.encode() + b":" + rows


def seal_posting(before: str, head: str, entries: Iterable[bytes], facts: Iterable[bytes]) -> str:
    """The seal of a posting: it covers what went before and everything the posting wrote."""
    return sha256(b"\n".join([before.encode(), head.encode(), *entries, *facts])).hexdigest()
