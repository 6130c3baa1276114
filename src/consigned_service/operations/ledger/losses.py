"""Goods that are gone, and goods that are found: what it does to the ledger and to both books.

The consignee's share of a loss is consumption like any other: a line of its own, charged, advised
and settled. The consignor's share leaves both books without a debt.
"""

from collections.abc import Iterable, Sequence

from consigned.counting import losses as trade
from consigned.counting.losses import Find, Loss
from consigned.inventory.title_transfers import Use
from consigned.title.position import Place
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.ledger.consumption_lines import Read, keep
from consigned_service.records.inventory.stock import OnHand
from consigned_service.records.ledger.idempotency import Claim, claim, own_source
from consigned_service.records.ledger.posting import OpenPosting


def settle_losses(
    posting: OpenPosting,
    places: Sequence[Place],
    losses: Sequence[Loss],
    finds: Sequence[Find],
    on_hand: OnHand,
) -> int:
    """Post losses and finds and book them for both parties; answers what waits for a price."""
    outer = {place.zone: place.number for place in places if place.is_outer}
    gone = trade.lose(
        posting.book, losses, finds, ours=posting.organization.party, outer=outer
    )  # fmt: skip
    for holding, _, _ in gone.lost:
        on_hand.consigned.setdefault(holding.layer, 0)
    waiting = charges.settle(posting, gone.transfers, on_hand, gone.own_issues)
    charges.write_off(posting, gone.lost, on_hand)
    charges.take_back_receipt(posting, gone.gone_back, on_hand)
    charges.queue(posting, waiting)
    _keep_uses(posting, (loss.use for loss in losses))
    return len(waiting)


def _keep_uses(posting: OpenPosting, uses: Iterable[Use]) -> None:
    """What the consignee bears is kept as a line of consumption, under a reference of ours."""
    borne = [use for use in uses if use.quantity]
    source = own_source("loss")
    claim(posting, source, [Claim(str(use.number), 0, use.number) for use in borne])
    keep(
        posting,
        source,
        [Read(0, str(use.number), use, None, use.happened_on.isoformat(), None) for use in borne],
    )
