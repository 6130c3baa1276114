"""Run what falls due: advices, debit memos, payments, aging, and passing on customers' use.

Safe to repeat on the same day; a day that was missed is caught up. A day still to come is refused;
--plan shows what a run on it would make, and makes nothing.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from consigned.master_data.parties import check_has_come
from consigned.settlement.advices import Layout
from consigned_service.interfaces.console.exit_codes import DONE, MISUSED, PARTLY, say
from consigned_service.interfaces.console.options import acts_for, day, now, operator_name, today
from consigned_service.interfaces.messages import email as letters
from consigned_service.interfaces.tables.text import answer, counted, show, show_table
from consigned_service.operations.consumption.back_to_back import pass_on_use
from consigned_service.operations.exchange.delivery import send_advices
from consigned_service.operations.inventory.aging import run_aging
from consigned_service.operations.master_data.parties import party_named
from consigned_service.operations.settlement.advices import run_advices
from consigned_service.operations.settlement.debit_memos import run_debit_memos
from consigned_service.operations.settlement.payments import run_payments
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.operators import Operator, operator_for


class Ran(NamedTuple):
    """What a run did, for people and for programs, and how the command ends."""

    said: list[str]
    facts: dict[str, Any]
    code: int = DONE
    show_plan: Callable[[], None] = lambda: None
    """Shows the papers that it would make, where it is a plan."""


def options(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=tuple(RUNS))
    parser.add_argument("--on", metavar="DATE", type=day, help="day of the run (today)")
    parser.add_argument(
        "--plan", action="store_true", help="show what it would make, and make nothing"
    )
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
    on = arguments.on or today(operator.viewer)
    if not arguments.plan:
        check_has_come(on, today=today(operator.viewer))
    ran = RUNS[arguments.what](operator, on, arguments)
    if arguments.json:
        answer({"on": on, "is_plan": arguments.plan} | ran.facts)
        return ran.code
    for sentence in ran.said:
        show(sentence)
    if arguments.plan:
        ran.show_plan()
        show("This is a plan: nothing was made.")
    return ran.code


def _advices(operator: Operator, on: date, arguments: Namespace) -> Ran:
    made = run_advices(
        consignee=operator.party, on=on, by=operator_name(), at=now(),
        consignor=operator_for(arguments.consignor).party if arguments.consignor else None,
        site=arguments.site,
        layout=Layout(by_kind=arguments.by_kind, shows_lots=not arguments.hide_lots),
        is_plan=arguments.plan,
    )  # fmt: skip
    said = (
        f"{_on(arguments, on)}: {counted(made.advices, 'advice')} of "
        f"{counted(made.lines, 'line')}, {made.self_billed:,} billed by ourselves."
    )
    if made.first and not arguments.plan:
        said += f" They are {made.first} to {made.last}."
    if made.next_closing:
        said += f" The next cycle with something to advise closes on {made.next_closing}."
    if made.taken_up:
        said += f" Charged now that waited: {counted(made.taken_up, 'exception')}."
    planned = [
        one._asdict()
        | {
            "amount": Amount(one.amount, one.currency),
            "tax_amount": Amount(one.tax_amount, one.currency),
        }
        for one in made.planned
    ]

    def show_plan() -> None:
        show_table(
            planned,
            {
                "Agreement": lambda one: one["agreement"],
                "Organization": lambda one: one["organization"] or "all",
                "From": lambda one: one["starts_on"],
                "To": lambda one: one["closes_on"],
                "Lines": lambda one: one["lines"],
                "Amount": lambda one: one["amount"],
            },
        )

    return Ran([said], made._asdict() | {"planned": planned}, show_plan=show_plan)


def _debit_memos(operator: Operator, on: date, arguments: Namespace) -> Ran:
    asked = run_debit_memos(
        consignee=operator.party, on=on, by=operator_name(), at=now(),
        consignor=party_named(arguments.consignor) if arguments.consignor else None,
        is_plan=arguments.plan,
    )  # fmt: skip
    said = (
        f"{_on(arguments, on)}: {counted(asked.memos, 'debit memo')} of "
        f"{counted(asked.lines, 'line')}, {asked.self_billed:,} credited by ourselves."
    )
    if asked.waiting:
        said += f" Waiting for an invoice: {counted(asked.waiting, 'debit request')}."
    return Ran([said], asked._asdict())


def _payments(operator: Operator, on: date, arguments: Namespace) -> Ran:
    paid = run_payments(
        consignee=operator.party, on=on, by=operator_name(), at=now(), is_plan=arguments.plan
    )
    invoices = counted(paid.invoices, "invoice")
    less = f", less {counted(paid.credit_notes, 'credit note')}" if paid.credit_notes else ""
    said = f"{_on(arguments, on)}: {counted(paid.payments, 'payment')} of {invoices}{less}."
    planned = [one._asdict() | {"amount": Amount(one.amount, one.currency)} for one in paid.planned]

    def show_plan() -> None:
        show_table(
            planned,
            {
                "Consignor": lambda one: one["consignor"],
                "Invoices": lambda one: one["invoices"],
                "Amount": lambda one: one["amount"],
            },
        )

    return Ran([said], paid._asdict() | {"planned": planned}, show_plan=show_plan)


def _aging(operator: Operator, on: date, arguments: Namespace) -> Ran:
    aged = run_aging(
        consignee=operator.party, on=on, by=operator_name(), at=now(), is_plan=arguments.plan
    )
    done = "To be done" if arguments.plan else "Done"
    said = (
        f"{done} on {on}, in receipt lines: {aged.bought:,} bought, {aged.rolled_over:,} rolled "
        f"over, {aged.given_up:,} given up."
    )
    return Ran([said], aged._asdict())


def _passing_on(operator: Operator, on: date, arguments: Namespace) -> Ran:
    passed = pass_on_use(
        consignor=operator.party, by=operator_name(), at=now(), is_plan=arguments.plan
    )
    done = "To be passed on" if arguments.plan else "Passed on"
    said = f"{done}: {counted(passed.lines, 'use')}, {passed.waiting:,} of them waiting."
    return Ran([said], passed._asdict())


def _send_advices(operator: Operator, on: date, arguments: Namespace) -> Ran:
    """Send what was not sent yet; PARTLY where some of it could not be."""
    sent = send_advices(
        consignee=operator.party, by=operator_name(), at=now(), write=letters.write,
        post=letters.post,
        is_plan=arguments.plan,
    )  # fmt: skip
    for because in dict.fromkeys(one.because.sentence() for one in sent.unsent):
        say(because)
    unsent = [{"advice": one.advice, "refused": one.because.code} for one in sent.unsent]
    said = [
        f"{'To be sent' if arguments.plan else 'Sent'} by mail: {len(sent.by_mail):,}; "
        f"{'to be told' if arguments.plan else 'told'} on the portal: "
        f"{len(sent.on_the_portal):,}; not sent: {len(sent.unsent):,}.",
        *(
            f"To be printed: {one.number} (consigned advice {one.number} --print)."
            for one in sent.to_print
        ),
    ]
    code = PARTLY if sent.unsent else DONE
    return Ran(said, sent._asdict() | {"unsent": unsent}, code)


def _on(arguments: Namespace, on: date) -> str:
    return f"To be made on {on}" if arguments.plan else f"Made on {on}"


RUNS: Mapping[str, Callable[[Operator, date, Namespace], Ran]] = {
    "advices": _advices,
    "payments": _payments,
    "debit-memos": _debit_memos,
    "aging": _aging,
    "passing-on": _passing_on,
    "send-advices": _send_advices,
}
