"""What is sealed of the ledger: the tables of facts, and the columns of each.

A posting seals the rows that it wrote into these tables, one table after the other, each row by its
columns in the order in which the model has its fields; those that are `unsealed` are left out.
"""

from consigned_service.records.models import ledger
from consigned_service.records.models.ledger import HotTable, LedgerTable

SEALED = (
    ledger.Place, ledger.Position, ledger.Layer, ledger.GoodsReceipt, ledger.Key,
    ledger.Consumption, ledger.Total, ledger.Charge, ledger.Journal, ledger.WaitingException,
    ledger.Resolution, ledger.Extension, ledger.WorkOrderUse, ledger.CostEntry,
    ledger.StandardCost, ledger.Production, ledger.ComponentIssued, ledger.ComponentUsed,
    ledger.ComponentReturned, ledger.GoodsReceiptLine, ledger.ShippedGoods, ledger.Inspection,
    ledger.CountSheet, ledger.CountSheetLine, ledger.StockCount, ledger.CountDifference,
    ledger.CountSettlement, ledger.RuleApplied, ledger.Disposition, ledger.GoodsReturn,
    ledger.Reversal, ledger.DebitRequest, ledger.Sale, ledger.PriceCorrection,
    ledger.EntryReference, ledger.ChargeRate, ledger.ToldAfterCount, ledger.PeriodClose,
    ledger.PurchaseInvoice, ledger.GoodsHold, ledger.HoldEnd, ledger.Recall, ledger.RecallEnd,
    ledger.Renewal,
)  # fmt: skip
"""In the order of the seal; one that comes to be later stands at the end."""


def sealed_columns(table: type[LedgerTable | HotTable]) -> tuple[str, ...]:
    """The columns of a table in the order of the seal."""
    return tuple(
        field.attname
        for field in table._meta.concrete_fields
        if field.name not in table.unsealed and not field.primary_key
    )
