"""The mark of ownership: one shape and one colour for each, and always the word beside it.

consigned    a diamond with an open half: it lies here and is somebody else's
owned        a full square
non-owned    a dashed ring: somebody else's, and never settled
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from consigned_service.interfaces.workbench.labels import OWNERSHIPS, say

SHAPES = {
    "consigned": SafeString(
        '<path d="M8 1.6 14.4 8 8 14.4 1.6 8Z" fill="none" stroke="currentColor" '
        'stroke-width="1.8" stroke-linejoin="round"/>'
        '<path d="M8 4.6 11.4 8 8 11.4Z" fill="currentColor"/>'
    ),
    "owned": SafeString(
        '<rect x="2.5" y="2.5" width="11" height="11" rx="2" fill="currentColor"/>'
    ),
    "non-owned": SafeString(
        '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8" '
        'stroke-dasharray="3.2 2.6"/>'
    ),
}


def mark(ownership: str) -> SafeString:
    """The mark and the word for an ownership."""
    return format_html(
        '<span class="mark {}"><svg viewBox="0 0 16 16" width="14" height="14" '
        'aria-hidden="true">{}</svg>{}</span>',
        ownership, SHAPES.get(ownership, ""), say(ownership, OWNERSHIPS),
    )  # fmt: skip


PASSED = format_html(
    '<svg viewBox="0 0 34 16" width="30" height="14" aria-hidden="true"><g class="was">{}</g>'
    '<path d="M16.5 8h3" stroke="currentColor" stroke-width="1.5"/>'
    '<g class="is" transform="translate(19 0)">{}</g></svg>',
    SHAPES["consigned"], SHAPES["owned"],
)  # fmt: skip
"""Title passed: what was consigned is owned."""
