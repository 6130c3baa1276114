"""Lines of consumption as they were told, whatever act tells them, and how they are kept."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from consigned.inventory.title_transfers import Use
from consigned.measure.identity import ConsumptionNumber
from consigned_service.records.ledger.posting import OpenPosting


class Read(NamedTuple):
    """A reported line as it was understood, not yet numbered."""

    nth: int
    reference: str
    use: Use
    said: str | None
    occurred_at: str
    customer: str | None
    fingerprint: int = 0
    corrects: int | None = None
    """The exception in whose place it stands."""


def keep(
    posting: OpenPosting,
    source: str,
    told: Iterable[Read],
    productions: Mapping[ConsumptionNumber, int] = MappingProxyType({}),
) -> None:
    """Keep lines of consumption as they were told, and which completions some of them were for."""
    told = list(told)
    organization, opened = posting.organization.id, posting.number
    posting.add(
        "consumption",
        [
            (organization, number, opened, source, reference, kind, item, quantity, said,
             on.isoformat(), at, place, consignor, lot, serial, price, per, currency, customer,
             reservation, line.use.voids_source, line.use.voids, line.use.because)
            for line in told
            for _, reference, (number, kind, item, quantity, on, place, consignor, lot, serial,
                               price, currency, reservation, per, *_), said, at, customer, *_
            in (line,)
        ],
    )  # fmt: skip
    posting.add(
        "work_order_issue",
        [
            (organization, line.use.number, opened, line.use.work_order, line.use.account,
             productions.get(line.use.number))
            for line in told
            if line.use.work_order or line.use.account
        ],
    )  # fmt: skip
    posting.add(
        "sale",
        [(organization, line.use.number, opened, *line.use.sale) for line in told if line.use.sale],
    )
