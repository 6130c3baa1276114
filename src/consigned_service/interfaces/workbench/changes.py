"""What was changed of a master, as a part of its page."""

from consigned_service.interfaces.workbench import tables
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.master_data import changes as queries

SHOWN = 100
"""The latest changes on a page; the command line shows them all."""


class ChangesTable(tables.ListTable):
    caption = "Changes"

    recorded_at = tables.MomentColumn(verbose_name="Changed at")
    field = tables.WordColumn(verbose_name="What")
    was = tables.TextColumn(verbose_name="Was")
    became = tables.TextColumn(verbose_name="Is")
    recorded_by = tables.TextColumn(verbose_name="By")


def table(viewer: Viewer, what: str, name: str) -> ChangesTable:
    """The changes of one master, the latest first."""
    filled = tables.fixed(ChangesTable, queries.latest(viewer, what, name, SHOWN))
    assert isinstance(filled, ChangesTable)
    return filled
