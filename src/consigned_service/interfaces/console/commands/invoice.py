"""Show one invoice: its lines beside what was advised, and each decision about it."""

from argparse import ArgumentParser, Namespace

from consigned.settlement.invoices import UnknownInvoice
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, names_invoice
from consigned_service.interfaces.tables.text import answer, show_facts, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.invoices import Invoice, invoice


def options(parser: ArgumentParser) -> None:
    names_invoice(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    found = invoice(viewer, arguments.number, consignor=arguments.consignor, year=arguments.year)
    if found is None:
        raise UnknownInvoice(arguments.number)
    if arguments.json:
        answer(found)
    else:
        _show(found)
    return DONE


def _show(found: Invoice) -> None:
    head = found.head
    is_taxed = any(one.tax_amount.minor or one.advised_tax for one in found.lines)
    taxes = {
        "Tax": lambda line: line.tax_amount,
        "Taxed by": lambda line: line.advised_tax,
        "Advised tax": lambda line: line.advised_tax_amount,
    }
    facts = {
        "Invoice": head.number,
        "Consignor": head.consignor_name,
        "Consignee": head.consignee_name,
        "Advice": head.advice,
        "Agreement": head.agreement,
        "Invoiced on": head.invoiced_on,
        "Due on": head.due_on,
        "Amount": head.amount,
        **({"Of it tax": head.tax_amount} if is_taxed else {}),
        "Advised": head.advised,
        "State": head.standing,
    }
    if head.payment:
        facts["Paid"] = f"{head.paid_on} by {head.payment}"
    show_facts(facts)
    show_table(
        found.lines,
        {
            "Line": lambda line: line.line,
            "Item": lambda line: line.item,
            "Billed": lambda line: line.quantity,
            "At": lambda line: line.price,
            "Amount": lambda line: line.amount,
            "Advised": lambda line: line.advised_quantity,
            "Agreed": lambda line: line.advised_price,
            "Advised amount": lambda line: line.advised_amount,
            **(taxes if is_taxed else {}),
        },
    )
    show_table(
        found.decisions,
        {
            "State": lambda one: one.standing,
            "On": lambda one: one.decided_on,
            "By": lambda one: one.decided_by,
            "Because": lambda one: one.because.replace("\n", "; "),
            "Evidence": lambda one: one.evidence.replace("\n", "; "),
        },
    )
