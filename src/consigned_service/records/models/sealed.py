"""What is sealed of the ledger: the tables of facts, and the columns of each.

A posting seals the rows that it wrote into these tables, one table after the other, each row by its
columns in the order in which the model has its fields; those that are `unsealed` are left out.
"""

from consigned_service.records.models.ledger import (
    Charge,
    ChargeRate,
    ComponentIssued,
    ComponentReturned,
    ComponentUsed,
    Consumption,
    CostEntry,
    CountDifference,
    CountSettlement,
    CountSheet,
    CountSheetLine,
    DebitRequest,
    Disposition,
    EntryReference,
    Extension,
    GoodsHold,
    GoodsReceipt,
    GoodsReceiptLine,
    GoodsReturn,
    HoldEnd,
    HotTable,
    Inspection,
    Journal,
    Key,
    Layer,
    LedgerTable,
    PeriodClose,
    Place,
    Position,
    PriceCorrection,
    Production,
    PurchaseInvoice,
    Recall,
    RecallEnd,
    Renewal,
    Resolution,
    Reversal,
    RuleApplied,
    Sale,
    ShippedGoods,
    StandardCost,
    StockCount,
    ToldAfterCount,
    Total,
    WaitingException,
    WorkOrderUse,
)

SEALED = (
    Place, Position, Layer, GoodsReceipt, Key, Consumption, Total, Charge, Journal,
    WaitingException, Resolution, Extension, WorkOrderUse, CostEntry, StandardCost, Production,
    ComponentIssued, ComponentUsed, ComponentReturned, GoodsReceiptLine, ShippedGoods, Inspection,
    CountSheet, CountSheetLine, StockCount, CountDifference, CountSettlement, RuleApplied,
    Disposition, GoodsReturn, Reversal, DebitRequest, Sale, PriceCorrection, EntryReference,
    ChargeRate, ToldAfterCount, PeriodClose, PurchaseInvoice, GoodsHold, HoldEnd, Recall,
    RecallEnd, Renewal,
)  # fmt: skip
"""In the order of the seal; one that comes to be later stands at the end."""


def sealed_columns(table: type[LedgerTable | HotTable]) -> tuple[str, ...]:
    """The columns of a table in the order of the seal."""
    return tuple(
        field.attname
        for field in table._meta.concrete_fields
        if field.name not in table.unsealed and not field.primary_key
    )
