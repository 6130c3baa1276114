"""Production in the database: bills of materials, what is in process, and what is in products."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from consigned.accounting.work_in_progress import Part
from consigned.measure.identity import (
    AgreementId,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
)
from consigned.measure.money import Price
from consigned.production.completions import BillLine
from consigned_service.records import models
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column
from consigned_service.records.sql.select import as_day

# --- bills of materials ------------------------------------------------------------------


class BillRow(NamedTuple):
    """How much of a component one unit of a product takes, as an organization says."""

    product: str
    component: str
    quantity_per: int
    scrap_percent: int

    @property
    def key(self) -> tuple[str, str]:
        return self.product, self.component


def add_bill_lines(organization: OrganizationId, rows: Sequence[BillRow]) -> set[tuple[str, str]]:
    """Insert the lines that are not there yet; answers their products and components."""
    ids = _item_ids(code for row in rows for code in row.key)
    codes = {pk: code for code, pk in ids.items()}
    added = bulk.upsert(
        "bill_line",
        (Column("organization_id"), Column("product_id"), Column("component_id"),
         Column("quantity_per"), Column("scrap_percent")),
        [
            (organization, ids[row.product], ids[row.component], row.quantity_per,
             row.scrap_percent)
            for row in rows
        ],
        key=("organization_id", "product_id", "component_id"),
        update=None,
        returning=("product_id", "component_id"),
    )  # fmt: skip
    return {(codes[product], codes[component]) for product, component in added}


def bill_lines(
    organization: OrganizationId, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], BillRow]:
    wanted = set(keys)
    rows = {
        row.key: row
        for row in (_row(line) for line in _lines_of(organization, {key[0] for key in wanted}))
    }
    return {key: row for key, row in rows.items() if key in wanted}


def correct_bill_lines(organization: OrganizationId, rows: Sequence[BillRow]) -> None:
    said = {row.key: row for row in rows}
    found = _lines_of(organization, {row.product for row in rows})
    changed = []
    for line in found:
        if row := said.get((line.product.code, line.component.code)):
            line.quantity_per, line.scrap_percent = row.quantity_per, row.scrap_percent
            changed.append(line)
    models.BillLine._default_manager.bulk_update(
        changed, ["quantity_per", "scrap_percent"], batch_size=1000
    )


def read_bills(
    organization: OrganizationId, products: Iterable[ItemId]
) -> dict[ItemId, list[BillLine]]:
    """What some products are made of; a component of which nothing is taken is left out."""
    subquery, wanted = bulk.among(set(products))
    bills: dict[ItemId, list[BillLine]] = defaultdict(list)
    for product, *line in bulk.fetch(
        "SELECT b.product_id, b.component_id, b.quantity_per, b.scrap_percent, "
        "i.counted_by = 'piece' OR i.tracking = 'serial' "
        "FROM bill_line b JOIN item i ON i.id = b.component_id "
        f"WHERE b.organization_id = %s AND b.quantity_per > 0 AND b.product_id IN ({subquery}) "
        "ORDER BY b.id",
        [organization, wanted],
    ):
        bills[product].append(BillLine(*line))
    return bills


def _lines_of(organization: OrganizationId, products: Iterable[str]) -> list[models.BillLine]:
    rows = models.BillLine._default_manager.select_related("product", "component")
    return list(
        rows.filter(organization_id=organization, product__code__in=bulk.writable(products))
    )


def _row(line: models.BillLine) -> BillRow:
    return BillRow(line.product.code, line.component.code, line.quantity_per, line.scrap_percent)


def _item_ids(codes: Iterable[str]) -> dict[str, int]:
    rows = models.Item.objects.filter(code__in=bulk.writable(codes))
    return dict(rows.values_list("code", "pk"))


# --- what is in process ------------------------------------------------------------------

PART = (
    Column("organization_id"), Column("number"), Column("posting"), Column("consumption"),
    Column("work_order", "text"), Column("item_id"), Column("layer"), Column("owner_id"),
    Column("quantity"), Column("cost"), Column("currency", "text"), Column("transfer"),
    Column("quantity_left"), Column("cost_left"),
)  # fmt: skip
_PART = (
    "c.number, c.consumption, c.work_order, c.item_id, c.layer, c.owner_id, c.quantity_left, "
    "c.cost_left, c.currency, c.transfer, l.lot, l.serial"
)


def add_parts(posting: OpenPosting, parts: Sequence[Part]) -> None:
    """Keep what went into production; each part gets its number."""
    if not parts:
        return
    organization = posting.organization.id
    first = posting.take_numbers("component", len(parts))
    rows = []
    for number, part in enumerate(parts, start=first):
        part.number = number
        rows.append(
            (organization, number, posting.number, part.consumption, part.work_order, part.item,
             part.layer, part.owner, part.quantity_left, part.cost_left, part.currency,
             part.transfer)
        )  # fmt: skip
    posting.add("component_issued", rows)
    bulk.insert(
        "component_issued", [column.name for column in PART],
        [(*row, part.quantity_left, part.cost_left)
         for row, part in zip(rows, parts, strict=True)],
    )  # fmt: skip


def write_left(posting: OpenPosting, parts: Iterable[Part]) -> None:
    """Keep what is left of parts in process."""
    rows = [(part.quantity_left, part.cost_left, part.number) for part in parts]
    if not rows:
        return
    organization = posting.organization.id
    source, parameters = bulk.rows_from(
        (Column("quantity_left"), Column("cost_left"), Column("number")), rows
    )
    bulk.execute(
        f"WITH told(quantity_left, cost_left, number) AS ({source}) "
        "UPDATE component_issued SET "
        "quantity_left = (SELECT t.quantity_left FROM told t WHERE t.number = "
        "component_issued.number), "
        "cost_left = (SELECT t.cost_left FROM told t WHERE t.number = component_issued.number) "
        "WHERE organization_id = %s AND number IN (SELECT number FROM told)",
        [*parameters, organization],
    )


def read_in_process(organization: OrganizationId, work_orders: Iterable[str]) -> list[Part]:
    """What is in process for some orders, the oldest first."""
    return [
        Part(*row)
        for row in sorted(
            bulk.look_up(
                set(work_orders), "text", _PART,
                f"component_issued c {bulk.then()} layer l "
                "ON l.organization_id = c.organization_id AND l.number = c.layer",
                "c.organization_id = %s AND c.work_order = w.value "
                "AND (c.quantity_left > 0 OR c.cost_left <> 0)",
                [organization],
            )
        )
    ]  # fmt: skip


class LayerOf(NamedTuple):
    """What a layer says of the goods that come back into it."""

    received_on: date
    agreement: AgreementId | None
    price: Price | None


def read_layers(
    organization: OrganizationId, layers: Iterable[LayerNumber]
) -> dict[LayerNumber, LayerOf]:
    """Where the goods of some layers came from, and at which price."""
    return {
        number: LayerOf(
            as_day(received_on),
            agreement, Price(price, currency, per) if price is not None else None,
        )
        for number, received_on, agreement, price, currency, per in bulk.look_up(
            set(layers),
            "bigint",
            "l.number, l.received_on, l.agreement, l.price, l.currency, l.per",
            "layer l",
            "l.organization_id = %s AND l.number = w.value",
            [organization],
        )
    }  # fmt: skip


class Late(NamedTuple):
    """A component that has a price only now: what is in process of it, and in which products."""

    transfer: int
    work_order: str
    item: ItemId
    layer: LayerNumber
    owner: PartyId
    quantity_left: int
    products: "list[tuple[Completion, int]]"


def read_late(organization: OrganizationId, transfers: Iterable[int]) -> list[Late]:
    """What became of the components that some transfers of title made ours."""
    subquery, wanted = bulk.among(transfers)
    found = {
        component: Late(transfer, order, item, layer, owner, left, [])
        for component, transfer, order, item, layer, owner, left in bulk.fetch(
            "SELECT number, transfer, work_order, item_id, layer, owner_id, quantity_left "
            f"FROM component_issued WHERE organization_id = %s AND transfer IN ({subquery}) "
            "ORDER BY number",
            [organization, wanted],
        )
    }
    subquery, wanted = bulk.among(found)
    for component, quantity, *product in bulk.fetch(
        "SELECT u.component, u.quantity, p.number, p.item_id, p.layer, p.happened_on, p.currency "
        "FROM component_used u JOIN production p ON p.organization_id = u.organization_id "
        "AND p.number = u.production "
        f"WHERE u.organization_id = %s AND u.component IN ({subquery}) ORDER BY u.number",
        [organization, wanted],
    ):
        found[component].products.append((Completion(*product), quantity))
    return list(found.values())


# --- what is in products -----------------------------------------------------------------


class Made(NamedTuple):
    """A product's layer that was completed here: how much, and what was taken apart again."""

    production: int
    layer: LayerNumber
    quantity: int
    taken_apart: int


class InProduct(NamedTuple):
    """So much of a component that went into a product, and whose it was before."""

    used: int
    production: int
    component: int
    item: ItemId
    layer: LayerNumber
    owner: PartyId
    transfer: int | None
    quantity: int
    cost: int
    currency: str


def read_made(organization: OrganizationId, layers: Iterable[LayerNumber]) -> list[Made]:
    """The layers among some that were completed here."""
    subquery, wanted = bulk.among(set(layers))
    return [
        Made(number, layer, quantity, int(taken_apart))
        for number, layer, quantity, taken_apart in bulk.fetch(
            "SELECT p.number, p.layer, p.quantity, COALESCE((SELECT SUM(e.quantity) "
            "FROM title_entry e WHERE e.organization_id = p.organization_id AND e.layer = p.layer "
            "AND e.kind = 'issued' AND e.cause = 'production'), 0) FROM production p "
            f"WHERE p.organization_id = %s AND p.layer IN ({subquery})",
            [organization, wanted],
        )
    ]


def read_in_products(
    organization: OrganizationId, productions: Iterable[int]
) -> dict[int, list[InProduct]]:
    """What some products were made of, by the number of their completion."""
    subquery, wanted = bulk.among(set(productions))
    found: dict[int, list[InProduct]] = defaultdict(list)
    for row in bulk.fetch(
        "SELECT u.number, u.production, u.component, c.item_id, c.layer, c.owner_id, c.transfer, "
        "u.quantity, u.cost, c.currency FROM component_used u JOIN component_issued c "
        "ON c.organization_id = u.organization_id AND c.number = u.component "
        f"WHERE u.organization_id = %s AND u.production IN ({subquery}) ORDER BY u.number",
        [organization, wanted],
    ):
        found[row[1]].append(InProduct(*row))
    return found


class Completion(NamedTuple):
    """A completion as it is kept."""

    number: int
    item: ItemId
    layer: LayerNumber
    happened_on: date
    currency: str


def productions_of(
    organization: OrganizationId, consumptions: Iterable[int]
) -> dict[int, Completion]:
    """For which completion some uses were, by their numbers."""
    subquery, wanted = bulk.among(set(consumptions))
    return {
        row[0]: Completion(*row[1:])
        for row in bulk.fetch(
            "SELECT o.consumption, p.number, p.item_id, p.layer, p.happened_on, p.currency "
            "FROM work_order_issue o JOIN production p ON p.organization_id = o.organization_id "
            f"AND p.number = o.production WHERE o.organization_id = %s "
            f"AND o.consumption IN ({subquery})",
            [organization, wanted],
        )
    }
