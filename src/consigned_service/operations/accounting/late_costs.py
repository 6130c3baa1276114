"""What a component costs may be known only after the product is made: then it goes on to the
product, or to what was sold of it."""

from collections.abc import Sequence

from consigned.accounting import journals
from consigned.accounting.work_in_progress import Part, Taken, spread
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting.accruals import Share
from consigned_service.operations.accounting.costs import Kept
from consigned_service.operations.accounting.work_in_progress import book_out_of_process, keep_used
from consigned_service.records.accounting.costs import read_owned_costs
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.production import production as production_records
from consigned_service.records.production.production import Completion


def pass_on(posting: OpenPosting, parts: Sequence[Part]) -> None:
    """Components that were missing when their product was completed are used now: put them, and
    what they cost, into the product."""
    products = production_records.productions_of(
        posting.organization.id, {part.consumption for part in parts}
    )
    late = [part for part in parts if part.consumption in products]
    if not late:
        return
    used = [(products[part.consumption], part.take(part.quantity_left)) for part in late]
    keep_used(posting, [(product.number, taken) for product, taken in used])
    _add_cost(posting, [(p, taken.cost, taken.part.currency) for p, taken in used])


def pass_on_prices(posting: OpenPosting, shares: Sequence[Share]) -> None:
    """Components that had no price when they were used have one now: put what they cost into the
    products that they are in; what is in process still takes its part along."""
    late: dict[int, Share] = {
        share.transfer.entry: share
        for share in shares
        if share.transfer.use.kind in journals.IN_PROCESS
    }
    if not late:
        return
    organization = posting.organization.id
    used = production_records.read_late(organization, late)
    parts = [
        Part(0, share.transfer.use.number, found.work_order, found.item, found.layer, found.owner,
             0, share.amount, share.currency)
        for share, found in ((late[found.transfer], found) for found in used)
    ]  # fmt: skip
    production_records.add_parts(posting, parts)
    went: list[tuple[int, Taken]] = []
    costs: list[tuple[Completion, int, str]] = []
    for found, part in zip(used, parts, strict=True):
        weights = [found.quantity_left, *(quantity for _, quantity in found.products)]
        for (product, _), cost in zip(
            found.products, spread(part.cost_left, weights)[1:], strict=True
        ):
            went.append((product.number, Taken(part, 0, cost)))
            costs.append((product, cost, part.currency))
    for _, taken in went:
        taken.part.cost_left -= taken.cost
    keep_used(posting, went)
    _add_cost(posting, costs)


def _add_cost(posting: OpenPosting, costs: Sequence[tuple[Completion, int, str]]) -> None:
    """Add to what products cost; where none of one is left, to what was sold."""
    owned = read_owned_costs(posting.organization.id, {p.layer for p, _, _ in costs})
    kept = []
    for product, cost, currency in costs:
        standing = owned.get(product.layer)
        if standing and standing.quantity and standing.currency == currency:
            kept.append(
                Kept(product.layer, product.item, 0, cost, currency, product.happened_on, 0)
            )
        else:
            posting.add_journals(
                journals.late_cost(posting.organization.party, cost, currency, product.happened_on)
            )
    own_costs.cost_own_goods(posting, (), kept)
    book_out_of_process(posting, kept)
