"""Every list that can be asked for as such, by the name that commands and addresses know it by.

Only the one that is asked for is loaded at the command line.
"""

from collections.abc import Mapping
from importlib import import_module

from consigned_service.queries.core.question import Question

HERE = "consigned_service.queries"
QUESTIONS: Mapping[str, str] = {
    "agreements": "settlement.agreements:AGREEMENT_LIST",
    "roles": "master_data.roles:ROLE_LIST",
    "changes": "master_data.changes:CHANGE_LIST",
    "items": "inventory.items:ITEM_LIST",
    "stock": "inventory.stock:STOCK_LIST",
    "elsewhere": "inventory.stock:OFF_SITE_LIST",
    "kept": "inventory.custodian_stock:KEPT_LIST",
    "aging": "inventory.aging:AGING_LIST",
    "expiring": "inventory.aging:EXPIRING_LIST",
    "holds": "inventory.holds:HOLD_LIST",
    "orders": "inbound.orders:ORDER_LIST",
    "arriving": "inbound.arriving:ARRIVING_LIST",
    "exceptions": "consumption.exceptions:EXCEPTION_LIST",
    "settling": "settlement.title_transfers:SETTLING_LIST",
    "returns": "returns.returns:RETURN_LIST",
    "debits": "returns.returns:DEBIT_REQUEST_LIST",
    "count-sheets": "counting.counts:COUNT_SHEET_LIST",
    "differences": "counting.counts:DIFFERENCE_LIST",
    "production": "production.completions:COMPLETION_LIST",
    "in-process": "production.completions:IN_PROCESS_LIST",
    "margins": "settlement.prices:MARGIN_LIST",
    "owed": "settlement.payables:OWED_LIST",
    "advices": "settlement.advices:ADVICE_LIST",
    "invoices": "settlement.invoices:INVOICE_LIST",
    "debit-memos": "settlement.debit_memos:DEBIT_MEMO_LIST",
    "credit-notes": "settlement.debit_memos:CREDIT_NOTE_LIST",
    "payments": "settlement.payments:PAYMENT_LIST",
    "runs": "installation.runs:RUN_LIST",
    "messages": "installation.runs:MESSAGE_LIST",
}


def question(name: str) -> Question:
    module, _, constant = QUESTIONS[name].partition(":")
    found: Question = getattr(import_module(f"{HERE}.{module}"), constant)
    return found
