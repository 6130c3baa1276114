"""What waits as a file that can be corrected and sent back: the columns of consumption, filled as
the lines were told, and why each waits. What they correct stands in the last column but one, so
that each corrected line takes the place of what waits, once.
"""

from collections.abc import Iterable, Iterator

from consigned_service.interfaces.files.formula_guard import harmless
from consigned_service.operations.registry import OPERATIONS
from consigned_service.queries.consumption.exceptions import LineToCorrect

BECAUSE = "refused_because"
"""The column of a file of refused lines, or of what waits, that says why; it is passed over when
the file is sent again. No kind of line has one of this name."""


def rows_to_correct(lines: Iterable[LineToCorrect]) -> Iterator[list[str]]:
    """A header, and a row for each line."""
    columns = list(OPERATIONS["consumption"].columns)
    yield [*columns, BECAUSE]
    for line in lines:
        said = line._asdict()
        yield [harmless(said[name]) for name in columns] + [harmless(line.sentence)]
