"""The reports of the console: what each is asked with, how it is shown, and its rows for CSV."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from consigned.master_data.parties import UnknownOrganization
from consigned_service.interfaces.console.options import today
from consigned_service.interfaces.tables.text import Columns, counted, show, show_facts, show_table
from consigned_service.queries.accounting import books, reports
from consigned_service.queries.accounting import period_close as closing
from consigned_service.queries.accounting.books import (
    AccountBalance,
    JournalLine,
    Statement,
    StatementRow,
    TrialBalance,
)
from consigned_service.queries.accounting.period_close import OpenMatter
from consigned_service.queries.accounting.reports import (
    ConsignedInventory,
    ConsumedItem,
    ConsumedLine,
    InventoryInvestment,
    Investment,
    SettlementLine,
    SettlementReport,
    ToBeInvoiced,
)
from consigned_service.queries.core.figures import Amount, sum_amounts
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.settlement import payables as owed
from consigned_service.queries.settlement.payables import Owed


class Report(NamedTuple):
    """A report: what it is asked with, how it is asked, shown, and told row by row."""

    takes: tuple[str, ...]
    ask: Callable[[Viewer, Namespace], Any]
    show: Callable[[Any], None]
    shape: type
    rows: Callable[[Any], Iterable[tuple]]
    needs: tuple[str, ...] = ()
    summary: "Report | None" = None
    """What is shown of the same answer where only the sums are wanted."""


# --- the books ---------------------------------------------------------------------------


def _show_trial_balance(found: TrialBalance) -> None:
    show_table(
        found.accounts,
        {
            "Number": lambda one: one.number,
            "Account": lambda one: one.name,
            "Class": lambda one: one.of,
            "Debited": lambda one: one.debited,
            "Credited": lambda one: one.credited,
            "Debit": lambda one: one.debit,
            "Credit": lambda one: one.credit,
        },
    )
    for both in found.sums:
        show(f"Debits {both.debit}, credits {both.credit}.")


def _show_journals(found: Iterable[JournalLine]) -> None:
    listed = list(found)
    show_table(
        listed,
        {
            "Day": lambda line: line.happened_on,
            "Journal": lambda line: f"{line.organization}/{line.journal}",
            "Debit": lambda line: f"{line.debit_number} {line.debit_name}".strip(),
            "Credit": lambda line: f"{line.credit_number} {line.credit_name}".strip(),
            "Amount": lambda line: line.amount,
            "Cause": lambda line: line.cause,
            "Posting": lambda line: line.posting,
            "Agreement": lambda line: line.agreement,
            "Partner": lambda line: line.partner,
        },
    )
    show(f"{counted(len(listed), 'entry', 'entries')}.")


STATEMENT: Columns = {
    "Day": lambda line: line.happened_on,
    "What": lambda line: line.what,
    "Number": lambda line: line.number,
    "Settles": lambda line: line.about,
    "Agreement": lambda line: line.agreement,
    "Amount": lambda line: line.amount,
    "Charged": lambda line: line.charged,
    "Paid": lambda line: line.paid,
    "Balance": lambda line: line.balance,
}


def _show_statements(found: list[Statement]) -> None:
    for one in found:
        show_facts(
            {
                "Consignor": one.consignor_name,
                "Consignee": one.consignee_name,
                "Days": f"{one.first or 'the first'} to {one.last}",
                "Opening balance": one.opening,
                "Closing balance": one.closing,
            }
        )
        show_table(one.lines, STATEMENT)
        show(f"Charged {one.charged}, paid {one.paid}.")
    if not found:
        show("Nothing was advised between the two.")


# --- consigned goods -----------------------------------------------------------------------


def _consigned(viewer: Viewer, arguments: Namespace) -> ConsignedInventory:
    return reports.consigned_inventory(
        viewer, arguments.asked_from, arguments.asked_to, item=arguments.item,
        supplier=arguments.supplier, organization=arguments.organization,
    )  # fmt: skip


def _show_consigned(found: ConsignedInventory) -> None:
    show_table(
        found.lines,
        {
            "Supplier": lambda line: line.supplier_name,
            "Item": lambda line: line.item,
            "Used on": lambda line: line.happened_on,
            "Organization": lambda line: line.organization,
            "Agreement": lambda line: line.agreement,
            "Kind": lambda line: line.kind,
            "Quantity": lambda line: line.quantity,
            "Price": lambda line: line.price,
            "Amount": lambda line: line.amount,
            "Advice": lambda line: line.advice,
            "Vouchered": lambda line: line.vouchered,
        },
    )
    _show_items(found)


def _show_items(found: ConsignedInventory) -> None:
    show_table(
        found.items,
        {
            "Supplier": lambda item: item.supplier_name,
            "Item": lambda item: item.item,
            "Name": lambda item: item.item_name,
            "Received": lambda item: item.received,
            "Consumed": lambda item: item.consumed,
            "Amount": lambda item: item.amount,
            "Received in all": lambda item: item.received_in_all,
            "Consumed in all": lambda item: item.consumed_in_all,
        },
    )
    show(f"Consumed: {_sums(found.amount)}.")


def _show_settlement(found: SettlementReport) -> None:
    elsewhere: Columns = {
        "Settled elsewhere": lambda line: line.settled_elsewhere,
        "Open elsewhere": lambda line: line.open_elsewhere,
    }
    is_elsewhere = bool(found.settled_elsewhere or found.open_elsewhere)
    show_table(
        found.lines,
        {
            "Supplier": lambda line: line.supplier_name,
            "Agreement": lambda line: line.agreement,
            "Organization": lambda line: line.organization,
            "Item": lambda line: line.item,
            "State": lambda line: line.state,
            "Settled": lambda line: line.is_settled,
            "Vouchered": lambda line: line.vouchered,
            "Quantity": lambda line: line.quantity,
            "Amount": lambda line: line.amount,
            **(elsewhere if is_elsewhere else {}),
        },
    )
    show(f"Settled {_sums(found.settled)}; unsettled {_sums(found.unsettled)}.")
    if is_elsewhere:
        show(
            f"Settled elsewhere {_sums(found.settled_elsewhere)}; open there "
            f"{_sums(found.open_elsewhere)}."
        )


OWED: Columns = {
    "Agreement": lambda row: row.agreement,
    "Consignor": lambda row: row.consignor_name,
    "Consignee": lambda row: row.consignee_name,
    "Organization": lambda row: row.organization,
    "Running": lambda row: row.running,
    "Advised": lambda row: row.advised,
    "Invoiced": lambda row: row.invoiced,
    "Credited": lambda row: row.credited,
    "Asked back": lambda row: row.asked_back,
    "Together": lambda row: row.total,
}


def owed_columns(rows: Sequence[Owed]) -> Columns:
    """What is owed under one agreement in one organization; `consigned owed` shows it, too."""
    if not any(row.elsewhere.minor for row in rows):
        return OWED
    return {**OWED, "Open elsewhere": lambda row: row.elsewhere}


def _show_owed(found: list[Owed]) -> None:
    show_table(found, owed_columns(found))
    show(f"Together: {_sums(sum_amounts(row.total for row in found))}.")


def _show_investment(found: InventoryInvestment) -> None:
    show_table(
        found.lines,
        {
            "Item": lambda line: line.item,
            "Name": lambda line: line.item_name,
            "Organization": lambda line: line.organization,
            "Ours": lambda line: line.owned,
            "Value": lambda line: line.value,
            "Average cost": lambda line: line.average,
            "Of others": lambda line: line.of_others,
            "Came in at": lambda line: line.of_others_value,
        },
    )
    show(
        f"Our inventory is worth {_sums(found.value)}; goods of others, in no sum of ours, came "
        f"in at {_sums(found.of_others_value)}."
    )


def _closing(viewer: Viewer, arguments: Namespace) -> list[OpenMatter]:
    found = closing.closing(viewer, arguments.organization, arguments.asked_to)
    if found is None:
        raise UnknownOrganization(arguments.organization)
    return found


def _show_closing(found: list[OpenMatter]) -> None:
    show_table(
        found,
        {
            "What": lambda matter: matter.what,
            "Which": lambda matter: matter.name,
            "Since": lambda matter: matter.since,
            "Why": lambda matter: matter.sentence,
            "What to do": lambda matter: matter.remedy,
        },
    )
    show(f"Open before the close: {counted(len(found), 'matter')}.")


def _sums(amounts: list[Amount]) -> str:
    return ", ".join(map(str, amounts)) or "nothing"


def _show_to_be_invoiced(found: list[ToBeInvoiced]) -> None:
    show_table(
        found,
        {
            "Received on": lambda one: one.received_on,
            "Organization": lambda one: one.organization,
            "Supplier": lambda one: one.supplier_name,
            "Receipt": lambda one: f"{one.receipt}/{one.receipt_line}",
            "Item": lambda one: one.item,
            "Received": lambda one: one.received,
            "Invoiced": lambda one: one.invoiced,
            "Accrued": lambda one: one.accrued,
        },
    )
    worth = ", ".join(map(str, sum_amounts(one.accrued for one in found))) or "nothing"
    show(f"{counted(len(found), 'line')} not invoiced; {worth} is accrued for them.")


REPORTS: dict[str, Report] = {
    "received-not-invoiced": Report(
        ("organization", "supplier"),
        lambda viewer, asked: reports.received_not_invoiced(
            viewer, organization=asked.organization, supplier=asked.supplier
        ),
        _show_to_be_invoiced,
        ToBeInvoiced,
        lambda found: found,
    ),
    "trial-balance": Report(
        ("as-of", "organization", "functional-currency"),
        lambda viewer, asked: books.trial_balance(
            viewer,
            asked.asked_as_of,
            organization=asked.organization,
            in_own_currency=bool(asked.functional_currency),
        ),
        _show_trial_balance,
        AccountBalance,
        lambda found: found.accounts,
    ),
    "journals": Report(
        ("from", "to", "organization", "functional-currency"),
        lambda viewer, asked: list(
            books.journals(
                viewer,
                asked.asked_from,
                asked.asked_to,
                organization=asked.organization,
                in_own_currency=bool(asked.functional_currency),
            )
        ),
        _show_journals,
        JournalLine,
        lambda found: found,
    ),
    "statement": Report(
        ("from", "to", "partner"),
        lambda viewer, asked: books.statements(
            viewer, asked.partner, asked.asked_to or today(viewer), asked.asked_from
        ),
        _show_statements,
        StatementRow,
        lambda found: [row for one in found for row in one.rows()],
        needs=("partner",),
    ),
    "consigned-inventory": Report(
        ("from", "to", "item", "supplier", "organization"),
        _consigned,
        _show_consigned,
        ConsumedLine,
        lambda found: found.lines,
        summary=Report((), _consigned, _show_items, ConsumedItem, lambda found: found.items),
    ),
    "owed": Report(
        ("as-of", "agreement"),
        lambda viewer, asked: owed.owed(viewer, asked.asked_as_of, agreement=asked.agreement),
        _show_owed,
        Owed,
        lambda found: found,
    ),
    "settlement": Report(
        ("item", "supplier", "organization", "agreement"),
        lambda viewer, asked: reports.settled_and_unsettled(
            viewer,
            item=asked.item,
            supplier=asked.supplier,
            organization=asked.organization,
            agreement=asked.agreement,
        ),
        _show_settlement,
        SettlementLine,
        lambda found: found.lines,
    ),
    "stock-value": Report(
        ("as-of", "item", "organization"),
        lambda viewer, asked: reports.inventory_investment(
            viewer,
            asked.asked_as_of,
            today=today(viewer),
            item=asked.item,
            organization=asked.organization,
        ),
        _show_investment,
        Investment,
        lambda found: found.lines,
    ),
    "closing": Report(
        ("to", "organization"),
        _closing,
        _show_closing,
        OpenMatter,
        lambda found: found,
        needs=("organization", "to"),
    ),
}
