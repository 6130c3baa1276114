"""Lines of a file that say the same as an earlier line of it.

They are looked for once a line turns out to be told before, in two readings of the file. The first
marks what it sees in a field of bits, the second keeps the lines whose mark stood already: memory
is an eighth of the file's size and what is there twice, however long the file is.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterator
from typing import NamedTuple


class Said(NamedTuple):
    """A line: its place, counted from the header on, its number in the file, and a number for what
    it says."""

    place: int
    number: int
    says: int


class EarlierLines:
    def __init__(self, read: Callable[[], Iterator[Said]], *, size: int) -> None:
        bits = max(size, 1024)
        seen, twice = bytearray(bits // 8 + 1), set()
        for _, _, says in read():
            byte, bit = divmod(says % bits, 8)
            if seen[byte] >> bit & 1:
                twice.add(says)
            seen[byte] |= 1 << bit
        self._alike: dict[int, list[Said]] = defaultdict(list)
        self._says: dict[int, int] = {}
        for line in read():
            if line.says in twice:
                self._alike[line.says].append(line)
                self._says[line.place] = line.says

    def first(self, place: int, refused: Container[int]) -> int | None:
        """The number of the first line that says the same as the one at a place, and stands before
        it; one that was refused told nothing."""
        if place not in self._says:
            return None
        for earlier in self._alike[self._says[place]]:
            if earlier.place >= place:
                break
            if earlier.place not in refused:
                return earlier.number
        return None
