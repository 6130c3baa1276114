"""Run what falls due: advices, debit memos, payments, aging, and passing on customers' use.

Safe to repeat on the same day; a day that was missed is caught up.
"""

from argparse import ArgumentParser, Namespace
from datetime import date

from consigned.measure.identity import PartyId
from consigned.settlement.advices import Layout
from consigned_service.interfaces.console import letters
from consigned_service.interfaces.console.answers import answer, counted, show
from consigned_service.interfaces.console.exits import DONE, MISUSED, PARTLY, say
from consigned_service.interfaces.console.fields import acts_for, day, now, operator_name, today
from consigned_service.operations.advices import run_advices
from consigned_service.operations.aging import run_aging
from consigned_service.operations.communication import send_advices
from consigned_service.operations.debits import run_debit_memos
from consigned_service.operations.parties import party_named
from consigned_service.operations.passing_on import pass_on_use
from consigned_service.operations.payments import run_payments
from consigned_service.queries.operators import operator_for


def options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=("advices", "payments", "debit-memos", "aging", "passing-on", "send-advices"),
    )
    parser.add_argument("--on", metavar="DATE", type=day, help="day of the run (today)")
    parser.add_argument(
        "--consignor", metavar="CODE", help="advices or debit memos to this consignor alone"
    )
    parser.add_argument(
        "--site", metavar="CODE", default="", help="and of its agreements with this site alone"
    )
    parser.add_argument(
        "--by-kind", action="store_true", help="advices: a line for each kind of use"
    )
    parser.add_argument(
        "--hide-lots", action="store_true", help="advices: without lots and serial numbers"
    )
    acts_for(parser)


def run(arguments: Namespace) -> int:
    narrowed = arguments.site or arguments.by_kind or arguments.hide_lots
    if narrowed and arguments.what != "advices":
        say("--site, --by-kind and --hide-lots are for advices alone.")
        return MISUSED
    if arguments.consignor and arguments.what not in ("advices", "debit-memos"):
        say("--consignor is for advices and debit memos alone.")
        return MISUSED
    operator = operator_for(arguments.party)
    party = operator.party
    on = arguments.on or today(operator.viewer)
    if arguments.what == "advices":
        made = run_advices(
            consignee=party, on=on, by=operator_name(), at=now(),
            consignor=operator_for(arguments.consignor).party if arguments.consignor else None,
            site=arguments.site,
            layout=Layout(by_kind=arguments.by_kind, shows_lots=not arguments.hide_lots),
        )  # fmt: skip
        said = (
            f"Made on {on}: {counted(made.advices, 'advice')} of {counted(made.lines, 'line')}, "
            f"{made.self_billed:,} billed by ourselves."
        )
        if made.first:
            said += f" They are {made.first} to {made.last}."
        if made.next_closing:
            said += f" The next cycle with something to advise closes on {made.next_closing}."
        if made.taken_up:
            said += f" Charged now that waited: {counted(made.taken_up, 'exception')}."
        facts = made._asdict()
    elif arguments.what == "debit-memos":
        asked = run_debit_memos(
            consignee=party, on=on, by=operator_name(), at=now(),
            consignor=party_named(arguments.consignor) if arguments.consignor else None,
        )  # fmt: skip
        said = (
            f"Made on {on}: {counted(asked.memos, 'debit memo')} of "
            f"{counted(asked.lines, 'line')}, {asked.self_billed:,} credited by ourselves."
        )
        if asked.waiting:
            said += f" Waiting for an invoice: {counted(asked.waiting, 'debit request')}."
        facts = asked._asdict()
    elif arguments.what == "send-advices":
        return _send_advices(party, on, as_json=arguments.json)
    elif arguments.what == "aging":
        aged = run_aging(consignee=party, on=on, by=operator_name(), at=now())
        said = (
            f"Done on {on}, in receipt lines: {aged.bought:,} bought, {aged.rolled_over:,} rolled "
            f"over, {aged.given_up:,} given up."
        )
        facts = aged._asdict()
    elif arguments.what == "passing-on":
        passed = pass_on_use(consignor=party, by=operator_name(), at=now())
        said = f"Passed on: {counted(passed.lines, 'use')}, {passed.waiting:,} of them waiting."
        facts = passed._asdict()
    else:
        paid = run_payments(consignee=party, on=on, by=operator_name(), at=now())
        invoices = counted(paid.invoices, "invoice")
        less = f", less {counted(paid.credit_notes, 'credit note')}" if paid.credit_notes else ""
        said = f"Made on {on}: {counted(paid.payments, 'payment')} of {invoices}{less}."
        facts = paid._asdict()
    if arguments.json:
        answer({"on": on} | facts)
    else:
        show(said)
    return DONE


def _send_advices(party: PartyId, on: date, *, as_json: bool) -> int:
    """Send what was not sent yet; PARTLY where some of it could not be."""
    sent = send_advices(consignee=party, by=operator_name(), at=now(), post=letters.post)
    for because in dict.fromkeys(one.because.sentence() for one in sent.unsent):
        say(because)
    if as_json:
        unsent = [{"advice": one.advice, "refused": one.because.code} for one in sent.unsent]
        answer({"on": on} | sent._asdict() | {"unsent": unsent})
    else:
        show(
            f"Sent by mail: {len(sent.by_mail):,}; told on the portal: "
            f"{len(sent.on_the_portal):,}; not sent: {len(sent.unsent):,}."
        )
        for one in sent.to_print:
            show(f"To be printed: {one.number} (consigned advice {one.number} --print).")
    return PARTLY if sent.unsent else DONE
