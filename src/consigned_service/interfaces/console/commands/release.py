"""Release an invoice that waits for a person; it is then paid when it is due.

It is one that we wrote for a consignor, or one that is held or disputed: that is accepted as it was
billed, and for a reason (--because). So is a credit note (--credit-note)."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, names_invoice, now, operator_name
from consigned_service.interfaces.tables.text import answer, show
from consigned_service.operations.master_data.parties import party_named
from consigned_service.operations.settlement.credit_notes import accept_credit_note
from consigned_service.operations.settlement.invoices import accept_invoice
from consigned_service.queries.core.operators import operator_for


def options(parser: ArgumentParser) -> None:
    names_invoice(parser, or_credit_note=True)
    parser.add_argument(
        "--because", metavar="TEXT", default="", help="why one that differs is accepted"
    )
    acts_for(parser)


def run(arguments: Namespace) -> int:
    decide = accept_credit_note if arguments.credit_note else accept_invoice
    decide(
        consignor=party_named(arguments.consignor),
        number=arguments.number,
        by=operator_name(),
        at=now(),
        because=arguments.because,
        consignee=operator_for(arguments.party).party,
        year=arguments.year,
    )
    paper = "Credit note" if arguments.credit_note else "Invoice"
    if arguments.json:
        answer({paper.lower().replace(" ", "_"): arguments.number, "standing": "accepted"})
    else:
        show(f"{paper} {arguments.number} of {arguments.consignor} is released.")
    return DONE
