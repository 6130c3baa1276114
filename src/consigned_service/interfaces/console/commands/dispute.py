"""Dispute a held invoice: tell its consignor why, and what our own record says.

consigned dispute I-1 --consignor acme --because "30 were used, 40 billed" --evidence "uses 311-340"

It stays unpaid until it is released as it was billed, or rejected and billed anew."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, names_invoice, now, operator_name
from consigned_service.interfaces.tables.text import answer, show
from consigned_service.operations.master_data.parties import party_named
from consigned_service.operations.settlement.credit_notes import dispute_credit_note
from consigned_service.operations.settlement.invoices import dispute_invoice
from consigned_service.queries.core.operators import operator_for


def options(parser: ArgumentParser) -> None:
    names_invoice(parser, or_credit_note=True)
    parser.add_argument("--because", metavar="TEXT", required=True, help="the reason, in words")
    parser.add_argument(
        "--evidence", metavar="TEXT", default="", help="what our record says, and where it is kept"
    )
    acts_for(parser)


def run(arguments: Namespace) -> int:
    decide = dispute_credit_note if arguments.credit_note else dispute_invoice
    decide(
        consignor=party_named(arguments.consignor),
        number=arguments.number,
        by=operator_name(),
        at=now(),
        because=arguments.because,
        evidence=arguments.evidence,
        consignee=operator_for(arguments.party).party,
        year=arguments.year,
    )
    paper = "Credit note" if arguments.credit_note else "Invoice"
    if arguments.json:
        answer({paper.lower().replace(" ", "_"): arguments.number, "standing": "disputed"})
    else:
        show(f"{paper} {arguments.number} of {arguments.consignor} is disputed.")
    return DONE
