"""Why goods are on hold: each reason that stands, since when, by whom, and how much it keeps.

To the maker of the goods the reasons are told, and not who of the holder's people gave them.
"""

from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.inventory import hold_pages


class Reason(NamedTuple):
    organization: str
    kind: str
    """What told it: hold, receipt, customer-return …, or recall."""
    reference: str
    because: str
    item: str
    maker: str
    lot: str | None
    place: str | None
    quantity: Quantity | None
    """How much it keeps still; None for a recall, which keeps all there is of its lot."""
    since: str
    by: str | None


def standing(viewer: Viewer, *, item: str | None = None, lot: str | None = None) -> list[Reason]:
    """The reasons that stand, as far as the viewer may see them: recalls first."""
    party = viewer.party_id
    return [
        Reason(
            row.organization, row.kind, row.reference, row.because, row.item, row.maker, row.lot,
            row.place,
            None if row.quantity is None else Quantity(Micros(row.quantity), row.unit),
            row.since, row.by if row.holder_id == party else None,
        )
        for row in hold_pages.read(party, item=item, lot=lot)
    ]  # fmt: skip
