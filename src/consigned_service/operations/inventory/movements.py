"""Moving goods inside the walls, whatever act does it: the agreements, the places and the holder's
own rules decide whose they are then, and what a rule decided is kept with the entry."""

from collections.abc import Sequence

from consigned.inventory import transfers as trade
from consigned.inventory.stock import Holding
from consigned.inventory.transfers import Move, Moved
from consigned.title.entry import Cause, EntryKind
from consigned_service.operations.inventory import picking as shelving
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import consumption_rules as rule_records


def move_goods(
    posting: OpenPosting,
    goods: Sequence[Holding],
    moves: Sequence[Move],
    *,
    kind: EntryKind,
    cause: Cause,
) -> Moved:
    """Move goods that lie ready in the posting's book; what became ours is still to be settled."""
    if not moves:
        return Moved()
    organization = posting.organization
    agreements = agreement_records.read_agreements(
        {holding.agreement for holding in goods if holding.agreement}
    )
    moved = trade.move(
        posting.book,
        shelving.shelves(organization, goods, {move.item for move in moves}),
        moves,
        ours=organization.party,
        title_rule_of=lambda holding: trade.title_rule(agreements, holding),
        waits_of=lambda holding: trade.waits_for_quality(agreements, holding),
        rules=rule_records.read_rules(organization),
        kind=kind,
        cause=cause,
        allows_transfer_to_owned=organization.allows_transfer_to_owned,
    )
    rule_records.keep_rules(posting, moved.applied)
    return moved
