"""That each use is settled once, at the price, rate and tax that held on its day."""

from collections.abc import Iterator

from consigned.master_data.exchange_rates import show_rate
from consigned.measure.identity import label
from consigned.measure.money import show_price
from consigned.measure.quantity import show_micros
from consigned.settlement import laws as settlement_laws
from consigned.title.laws import Breach
from consigned_service.operations.audit.laws.facts import Facts
from consigned_service.records.audit import facts as audit_records
from consigned_service.records.audit import terms as audit_terms


def each_transfer_is_told_once(facts: Facts) -> Iterator[Breach]:
    waiting = audit_records.waiting_entries(facts.organization)
    return settlement_laws.each_transfer_is_told_once(
        facts.transfers, facts.charges, waiting, facts.reversals
    )


def totals_close_with_their_cycles(facts: Facts) -> Iterator[Breach]:
    for number, agreement, closes_on, cycle_closes_on in audit_terms.miscycled_totals(
        facts.organization
    ):
        yield Breach(
            "told once",
            label("tot", number),
            f"it closes on {closes_on}, and a cycle of {agreement} on {cycle_closes_on}",
        )


def nothing_goes_back_twice(facts: Facts) -> Iterator[Breach]:
    yield from settlement_laws.nothing_goes_back_twice(
        facts.transfers, facts.charges, facts.reversals,
        audit_records.netted_later(facts.organization),
    )  # fmt: skip
    for number, said, went in audit_records.misreturned_goods(facts.organization):
        yield Breach(
            "nothing goes back twice",
            label("ret", number),
            f"{show_micros(said)} are said to have gone back, {show_micros(int(went))} did",
        )
    for line, layer, asked, went in audit_records.misasked_voids(facts.organization):
        yield Breach(
            "nothing goes back twice",
            label("use", line),
            f"of {label('lay', layer)} {show_micros(int(asked))} are asked back, "
            f"{show_micros(int(went))} went back",
        )


def totals_count_their_charges(facts: Facts) -> Iterator[Breach]:
    corrections = audit_records.price_corrections(facts.organization)
    return settlement_laws.totals_count_their_charges(
        facts.transfers, facts.charges, facts.totals, corrections
    )


def price_changes_move_no_goods(facts: Facts) -> Iterator[Breach]:
    moved = audit_records.moved_by_price_changes(facts.organization)
    return settlement_laws.price_changes_move_no_goods(moved)


def lines_tell_their_totals(facts: Facts) -> Iterator[Breach]:
    lines = audit_records.advice_lines(facts.organization)
    return settlement_laws.lines_tell_their_totals(facts.totals, lines)


def kept_rates_were_in_force(facts: Facts) -> Iterator[Breach]:
    for entry, currency, rate, on, used_on in audit_records.misrated_charges(facts.organization):
        yield Breach(
            "kept rates were in force",
            label("ent", entry),
            f"{currency} is kept at {show_rate(rate)} of {on}; that was not in force on {used_on}",
        )


def no_advice_leaves_a_total_out(facts: Facts) -> Iterator[Breach]:
    for number, agreement, closes_on, through in audit_records.forgotten_totals(facts.organization):
        yield Breach(
            "told once",
            label("tot", number),
            f"no advice tells it; those of {agreement} are made through {through}, and its cycle "
            f"closed on {closes_on}",
        )


def advices_tell_totals_of_their_own_terms(facts: Facts) -> Iterator[Breach]:
    for number, advice in audit_records.misdrawn_totals(facts.organization):
        yield Breach(
            "told once", label("tot", number), f"advice {advice} is of other terms or days"
        )


def what_is_paid_on_use_is_paid_by_itself(facts: Facts) -> Iterator[Breach]:
    for number, alone, entry in audit_records.mixed_uses(facts.organization):
        yield Breach(
            "what is paid on use is paid by itself",
            label("tot", number),
            f"it counts the use of {label('ent', alone)}, and {label('ent', entry)} of another",
        )


def agreed_prices_were_agreed(facts: Facts) -> Iterator[Breach]:
    misattributed = audit_records.misattributed_prices(facts.organization)
    for number, agreement, price, currency in misattributed:
        yield Breach(
            "agreed prices were agreed",
            label("tot", number),
            f"{agreement} never had a price of {show_price(price)} {currency} on that day",
        )
    for entry, told, price, currency in audit_records.mistiered_charges(facts.organization):
        yield Breach(
            "agreed prices were agreed",
            label("ent", entry),
            f"{show_price(price)} {currency} was not the price for {show_micros(told)}, which its "
            "line said",
        )


def kept_taxes_were_told(facts: Facts) -> Iterator[Breach]:
    for agreement, tax in audit_records.mistaxed_agreements(facts.organization):
        yield Breach(
            "kept taxes were told",
            agreement,
            f"{tax} is kept, and was not told" if tax else "it is taxed, and no tax is kept",
        )


LAWS = (
    each_transfer_is_told_once,
    totals_close_with_their_cycles,
    nothing_goes_back_twice,
    totals_count_their_charges,
    price_changes_move_no_goods,
    lines_tell_their_totals,
    kept_rates_were_in_force,
    no_advice_leaves_a_total_out,
    advices_tell_totals_of_their_own_terms,
    what_is_paid_on_use_is_paid_by_itself,
    agreed_prices_were_agreed,
    kept_taxes_were_told,
)
