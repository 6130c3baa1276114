"""Run what falls due: advices, payments, what aging brings, and passing on customers' use.

Safe to repeat on the same day; a day that was missed is caught up.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.answers import answer, counted, show
from consigned_service.interfaces.console.exits import DONE
from consigned_service.interfaces.console.fields import acts_for, day, now, operator_name, today
from consigned_service.operations.advices import run_advices
from consigned_service.operations.aging import run_aging
from consigned_service.operations.passing_on import pass_on_use
from consigned_service.operations.payments import run_payments
from consigned_service.queries.operators import operator_for


def options(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("advices", "payments", "aging", "passing-on"))
    parser.add_argument("--on", metavar="DATE", type=day, help="day of the run (today)")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    party = operator_for(arguments.party).party
    on = arguments.on or today()
    if arguments.what == "advices":
        made = run_advices(consignee=party, on=on, by=operator_name(), at=now())
        said = (
            f"Made on {on}: {counted(made.advices, 'advice')} of {counted(made.lines, 'line')}, "
            f"{made.self_billed:,} billed by ourselves."
        )
        if made.first:
            said += f" They are {made.first} to {made.last}."
        if made.next_closing:
            said += f" The next cycle with something to advise closes on {made.next_closing}."
        facts = made._asdict()
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
        said = f"Made on {on}: {counted(paid.payments, 'payment')} of {invoices}."
        facts = paid._asdict()
    if arguments.json:
        answer({"on": on} | facts)
    else:
        show(said)
    return DONE
