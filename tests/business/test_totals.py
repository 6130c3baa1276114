from datetime import date

import pytest

from consigned.accounting.accruals import charge, growth
from consigned.accounting.prices import CurrencyDiffers
from consigned.inventory.title_transfers import Use, UseKind
from consigned.master_data.agreements import PriceMissing, PriceSource, SettlementMethod
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS
from tests.business.store import ACME, BOLT, NUT, ZETA, Store, day, each
from tests.business.terms import agreement, terms_of, usd

DEAL = agreement(ACME)
OTHER = agreement(ZETA)
TERMS = terms_of(
    DEAL,
    OTHER,
    prices={
        (DEAL.id, BOLT): [(day(1), None, usd(5)), (day(5), None, usd(6))],
        (OTHER.id, BOLT): [(day(1), None, usd(7))],
    },
)
# Day 1 is Monday 2 March 2026; cycles close on Fridays.
MONDAY, FRIDAY, NEXT_FRIDAY = day(1), day(5), day(12)


def charged(store: Store, *uses: Use, terms=TERMS, recorded_on=MONDAY, closed_through=None):
    used = store.uses_all(uses)
    return charge(
        used.transfers, terms, recorded_on=recorded_on, closed_through=closed_through or {}
    )


def line(quantity: float, *, on: int = 4, item: int = BOLT, number: int = 1, **use) -> Use:
    kind = use.pop("kind", UseKind.SALE)
    return Use(number, kind, item, each(quantity), day(on), **use)


def stocked(*items: int) -> Store:
    store = Store()
    for item in items or (BOLT,):
        store.receives(each(10), item)
    return store


def test_uses_alike_count_in_one_total():
    answer = charged(stocked(), line(2, number=1), line(3, number=2))
    assert len(answer.totals) == 1
    (key,) = answer.totals
    assert answer.totals[key] == each(5)
    assert key == (
        DEAL.id,
        FRIDAY,
        BOLT,
        day(4),
        UseKind.SALE,
        usd(5),
        PriceSource.AGREEMENT,
        0,
        "",
    )
    assert [(c.entry, c.total, c.quantity) for c in answer.charges] == [
        (2, key, each(2)),
        (4, key, each(3)),
    ]


@pytest.mark.rows("O22")
def test_what_is_paid_on_use_counts_by_itself_and_closes_at_once():
    at_once = DEAL._replace(settlement_method=SettlementMethod.PAY_ON_USE)
    terms = terms_of(at_once, prices={(DEAL.id, BOLT): [(day(1), None, usd(5))]})
    store = stocked(BOLT, BOLT)
    answer = charged(
        store, line(12, number=1), line(2, number=2), line(1, number=2), terms=terms,
        closed_through={DEAL.id: FRIDAY},
    )  # fmt: skip
    by_use = {(key.alone, key.closes_on): quantity for key, quantity in answer.totals.items()}
    assert by_use == {(3, MONDAY): each(12), (7, MONDAY): each(3)}


APART = [  # the second line differs in
    {"on": 3},
    {"kind": UseKind.PRODUCTION},
    {"on": 5},  # the price changed
    {"consignor": ZETA},
]


@pytest.mark.parametrize("differs", APART)
def test_uses_that_differ_count_in_totals_of_their_own(differs: dict):
    store = stocked()
    store.receives(each(10), of=ZETA)
    answer = charged(store, line(2, consignor=ACME), line(3, **({"consignor": ACME} | differs)))
    assert sorted(answer.totals.values()) == [each(2), each(3)]


CYCLES = [  # recorded on   closed through   closes on
    (day(1),                None,            FRIDAY),
    (day(5),                None,            FRIDAY),
    (day(6),                None,            NEXT_FRIDAY),   # used before, recorded after
    (day(5),                FRIDAY,          NEXT_FRIDAY),   # the advice is made already
    (day(3),                FRIDAY,          NEXT_FRIDAY),
]  # fmt: skip


@pytest.mark.parametrize(("recorded_on", "closed_through", "closes_on"), CYCLES)
def test_a_use_counts_in_the_cycle_open_when_it_is_recorded(
    recorded_on: date, closed_through: date | None, closes_on: date
):
    answer = charged(
        stocked(),
        line(1, on=1),
        recorded_on=recorded_on,
        closed_through={DEAL.id: closed_through} if closed_through else {},
    )
    assert [total.closes_on for total in answer.totals] == [closes_on]


def test_another_agreements_close_closes_nothing_of_this_one():
    answer = charged(stocked(), line(1), closed_through={OTHER.id: FRIDAY})
    assert [total.closes_on for total in answer.totals] == [FRIDAY]


def test_what_cannot_be_priced_waits_with_its_reason_and_the_rest_is_charged():
    answer = charged(stocked(BOLT, NUT), line(1, item=NUT, number=1), line(1, number=2))
    assert [type(u.because) for u in answer.unpriced] == [PriceMissing]
    assert [u.transfer.use.number for u in answer.unpriced] == [1]
    assert [c.quantity for c in answer.charges] == [each(1)]
    assert sum(answer.totals.values()) == each(1)


def test_a_price_in_a_foreign_currency_is_not_let_in_by_an_equal_one_in_ours():
    deal = agreement(ACME, price_sources=(PriceSource.TRANSACTION,))
    said = {"price": 7 * MICROS}
    answer = charged(
        stocked(),
        line(1, number=1, currency="USD", **said),
        line(1, number=2, currency="EUR", **said),
        terms=terms_of(deal),
    )
    assert [c.quantity for c in answer.charges] == [each(1)]
    assert [type(u.because) for u in answer.unpriced] == [CurrencyDiffers]


def test_prices_said_with_the_use_are_kept_apart():
    deal = agreement(ACME, price_sources=(PriceSource.TRANSACTION,))
    answer = charged(
        stocked(),
        line(1, number=1, price=7 * MICROS),
        line(2, number=2, price=8 * MICROS),
        terms=terms_of(deal),
    )
    assert {total.price: q for total, q in answer.totals.items()} == {
        usd(7): each(1),
        usd(8): each(2),
    }


STEPS = [  # price              steps, in millionths                       amount of the whole
    (usd(0.005),                [each(1)] * 5,                             2),
    (usd(0.005),                [each(1), each(1), each(-2)],              0),
    (usd(9.99),                 [1, 2, 3, each(1) - 6],                    999),
    (Price(10**7, "EUR", each(3)), [each(1)] * 3,                          1000),
    (Price(1_500_000, "JPY"),   [each(1)] * 4,                             6),
]  # fmt: skip


@pytest.mark.parametrize(("price", "steps", "whole"), STEPS)
def test_booked_step_by_step_a_total_comes_to_its_rounded_whole(price, steps, whole: int):
    before, booked = 0, 0
    for step in steps:
        booked += growth(price, before, before + step)
        before += step
    assert booked == price.extend(before) == whole
