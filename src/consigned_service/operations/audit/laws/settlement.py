"""That each use is settled once, at the price, rate and tax that held on its day."""

from collections.abc import Iterator

from consigned.master_data.exchange_rates import show_rate
from consigned.measure.identity import label
from consigned.measure.money import show_price
from consigned.measure.quantity import show_micros
from consigned.settlement import laws as settlement_laws
from consigned.title.laws import Broken, law
from consigned_service.operations.audit.laws.facts import Facts
from consigned_service.records.audit import facts as audit_records
from consigned_service.records.audit import terms as audit_terms


@settlement_laws.each_transfer_is_charged_once.checked_by
def each_transfer_is_charged_once(facts: Facts) -> Iterator[Broken]:
    waiting = audit_records.waiting_entries(facts.organization)
    return settlement_laws.each_transfer_is_charged_once.check(
        facts.transfers, facts.charges, waiting, facts.reversals
    )


@law(
    "totals close with their cycles",
    "A running total closes on a day on which a cycle of its agreement closes.",
)
def totals_close_with_their_cycles(facts: Facts) -> Iterator[Broken]:
    for number, agreement, closes_on, cycle_closes_on in audit_terms.miscycled_totals(
        facts.organization
    ):
        yield (
            label("tot", number),
            f"it closes on {closes_on}, and a cycle of {agreement} on {cycle_closes_on}",
        )


@settlement_laws.nothing_goes_back_twice.checked_by
def nothing_goes_back_twice(facts: Facts) -> Iterator[Broken]:
    yield from settlement_laws.nothing_goes_back_twice.check(
        facts.transfers, facts.charges, facts.reversals,
        audit_records.netted_later(facts.organization),
    )  # fmt: skip
    for number, said, went in audit_records.misreturned_goods(facts.organization):
        yield (
            label("ret", number),
            f"{show_micros(said)} are said to have gone back, {show_micros(int(went))} did",
        )
    for line, layer, asked, went in audit_records.misasked_voids(facts.organization):
        yield (
            label("use", line),
            f"of {label('lay', layer)} {show_micros(int(asked))} are asked back, "
            f"{show_micros(int(went))} went back",
        )


@settlement_laws.totals_count_their_charges.checked_by
def totals_count_their_charges(facts: Facts) -> Iterator[Broken]:
    corrections = audit_records.price_corrections(facts.organization)
    return settlement_laws.totals_count_their_charges.check(
        facts.transfers, facts.charges, facts.totals, corrections
    )


@settlement_laws.price_changes_move_no_goods.checked_by
def price_changes_move_no_goods(facts: Facts) -> Iterator[Broken]:
    moved = audit_records.moved_by_price_changes(facts.organization)
    return settlement_laws.price_changes_move_no_goods.check(moved)


@settlement_laws.lines_are_the_sum_of_their_totals.checked_by
def lines_are_the_sum_of_their_totals(facts: Facts) -> Iterator[Broken]:
    lines = audit_records.advice_lines(facts.organization)
    return settlement_laws.lines_are_the_sum_of_their_totals.check(facts.totals, lines)


@settlement_laws.lines_bear_their_tax.checked_by
def lines_bear_their_tax(facts: Facts) -> Iterator[Broken]:
    lines = audit_records.advice_lines(facts.organization)
    return settlement_laws.lines_bear_their_tax.check(lines.values())


@law(
    "rates were in force",
    "The rate of exchange kept with a transfer of title is the latest not after the day of "
    "consumption, of those known when it was charged.",
)
def rates_were_in_force(facts: Facts) -> Iterator[Broken]:
    for entry, currency, rate, on, used_on in audit_records.misrated_charges(facts.organization):
        yield (
            label("ent", entry),
            f"{currency} is kept at {show_rate(rate)} of {on}; that was not in force on {used_on}",
        )


@law(
    "no advice leaves a total out",
    "A total whose cycle closed is on an advice once advices of its agreement are made "
    "through that day.",
)
def no_advice_leaves_a_total_out(facts: Facts) -> Iterator[Broken]:
    for number, agreement, closes_on, through in audit_records.forgotten_totals(facts.organization):
        yield (
            label("tot", number),
            f"no advice tells it; those of {agreement} are made through {through}, and its cycle "
            f"closed on {closes_on}",
        )


@law(
    "advices hold totals of their own terms",
    "The totals of an advice are of its agreement and its cycle.",
)
def advices_hold_totals_of_their_own_terms(facts: Facts) -> Iterator[Broken]:
    for number, advice in audit_records.misdrawn_totals(facts.organization):
        yield (label("tot", number), f"advice {advice} is of other terms or days")


@law(
    "what is paid on use is paid by itself",
    "Where each use is paid as it happens, no total counts two of them.",
)
def what_is_paid_on_use_is_paid_by_itself(facts: Facts) -> Iterator[Broken]:
    for number, alone, entry in audit_records.mixed_uses(facts.organization):
        yield (
            label("tot", number),
            f"it counts the use of {label('ent', alone)}, and {label('ent', entry)} of another",
        )


@law(
    "agreed prices were agreed",
    "What is charged at the agreement's price is charged at one that it has on the day of "
    "consumption.",
)
def agreed_prices_were_agreed(facts: Facts) -> Iterator[Broken]:
    misattributed = audit_records.misattributed_prices(facts.organization)
    for number, agreement, price, currency in misattributed:
        yield (
            label("tot", number),
            f"{agreement} never had a price of {show_price(price)} {currency} on that day",
        )
    for entry, told, price, currency in audit_records.mistiered_charges(facts.organization):
        yield (
            label("ent", entry),
            f"{show_price(price)} {currency} was not the price for {show_micros(told)}, which its "
            "line said",
        )


@law(
    "taxes were in force",
    "What is used under a taxed agreement keeps a tax that was in force on its day; under "
    "another one, none.",
)
def taxes_were_in_force(facts: Facts) -> Iterator[Broken]:
    for agreement, tax in audit_records.mistaxed_agreements(facts.organization):
        yield (
            agreement,
            f"{tax} is recorded, and was not in force"
            if tax
            else "it is taxed, and no tax is recorded",
        )


LAWS = (
    each_transfer_is_charged_once,
    totals_close_with_their_cycles,
    nothing_goes_back_twice,
    totals_count_their_charges,
    price_changes_move_no_goods,
    lines_are_the_sum_of_their_totals,
    lines_bear_their_tax,
    rates_were_in_force,
    no_advice_leaves_a_total_out,
    advices_hold_totals_of_their_own_terms,
    what_is_paid_on_use_is_paid_by_itself,
    agreed_prices_were_agreed,
    taxes_were_in_force,
)
