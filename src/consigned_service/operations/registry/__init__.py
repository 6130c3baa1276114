"""The kinds of lines that can be brought in from files, and what each column says.

They stand in the modules below by subject, in the order in which a newcomer meets them.
"""

from consigned_service.operations.registry import (
    arriving,
    counting,
    masters,
    moving,
    producing,
    returning,
    terms,
    using,
)
from consigned_service.operations.registry.kind import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *masters.KINDS,
        *terms.KINDS,
        *arriving.KINDS,
        *moving.KINDS,
        *using.KINDS,
        *returning.KINDS,
        *counting.KINDS,
        *producing.KINDS,
    )
}
