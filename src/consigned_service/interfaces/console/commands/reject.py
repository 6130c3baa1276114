"""Send a held or staged invoice back to its consignor; its advice then awaits another one."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, names_invoice, now, operator_name
from consigned_service.interfaces.tables.text import answer, show
from consigned_service.operations.master_data.parties import party_named
from consigned_service.operations.settlement.credit_notes import reject_credit_note
from consigned_service.operations.settlement.invoices import reject_invoice
from consigned_service.queries.core.operators import operator_for


def options(parser: ArgumentParser) -> None:
    names_invoice(parser, or_credit_note=True)
    parser.add_argument("--because", metavar="TEXT", required=True, help="the reason, in words")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    decide = reject_credit_note if arguments.credit_note else reject_invoice
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
        answer({paper.lower().replace(" ", "_"): arguments.number, "standing": "rejected"})
    else:
        show(f"{paper} {arguments.number} of {arguments.consignor} is rejected.")
    return DONE
