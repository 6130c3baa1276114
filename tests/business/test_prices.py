"""Which price settles a use: the sources in order, and never zero for none (decision 0050)."""

import pytest

from consigned.accounting.prices import CurrencyDiffers, price_transfer
from consigned.master_data.agreements import (
    DEFAULT_PRICE_SOURCES,
    AgreementNotInForce,
    NoAgreement,
    PriceMissing,
    PriceSource,
)
from consigned.measure.period import Period
from consigned.measure.quantity import MICROS
from consigned.title.layer import Ownership
from tests.business.store import BOLT, NUT, Store, day, each
from tests.business.terms import agreement, terms_of, usd

SAID, AGREED, ORDERED = PriceSource.TRANSACTION, PriceSource.AGREEMENT, PriceSource.ORDER_LINE


def transfer(*, on=10, received=1, order_price=None, item=BOLT, **use):
    store = Store()
    store.receives(each(5), item, on=received, price=order_price)
    return store.uses(each(2), item, on=on, **use).transfers[0]


ORDER = [  # sources of the agreement  said   agreed  ordered   price  source
    (DEFAULT_PRICE_SOURCES,            7,     6,      5,        6,     AGREED),
    (DEFAULT_PRICE_SOURCES,            7,     None,   5,        5,     ORDERED),
    (DEFAULT_PRICE_SOURCES,            7,     None,   None,     None,  None),
    ((SAID, AGREED, ORDERED),          7,     6,      5,        7,     SAID),
    ((SAID, AGREED, ORDERED),          0,     6,      5,        0,     SAID),
    ((SAID, AGREED, ORDERED),          None,  6,      5,        6,     AGREED),
    ((SAID, AGREED, ORDERED),          None,  None,   5,        5,     ORDERED),
    ((SAID, ORDERED),                  None,  6,      5,        5,     ORDERED),  # C15
    ((ORDERED, AGREED),                7,     6,      5,        5,     ORDERED),
    ((ORDERED, AGREED),                7,     6,      None,     6,     AGREED),
    ((SAID,),                          None,  6,      5,        None,  None),
    ((),                               7,     6,      5,        None,  None),
]  # fmt: skip


@pytest.mark.parametrize(("sources", "said", "agreed", "ordered", "price", "source"), ORDER)
def test_the_first_source_that_knows_a_price_gives_it(
    sources, said, agreed, ordered, price, source
):
    deal = agreement(price_sources=sources)
    prices = {(deal.id, BOLT): [(day(1), None, usd(agreed))]} if agreed is not None else {}
    used = transfer(
        price=None if said is None else said * MICROS,
        order_price=None if ordered is None else usd(ordered),
    )
    if price is None:
        with pytest.raises(PriceMissing):
            price_transfer(used, terms_of(deal, prices=prices))
    else:
        priced = price_transfer(used, terms_of(deal, prices=prices))
        assert priced == (deal, usd(price), source, "")


DAYS = [  # used on  price
    (4,          5),
    (5,          6),
    (9,          6),
    (10,         5),
]  # fmt: skip


@pytest.mark.parametrize(("on", "price"), DAYS)
def test_the_agreements_price_is_that_of_the_day_of_use_not_of_receipt(on: int, price: int):
    """A price for a few days stands before the one it interrupts, which holds again after it."""
    deal = agreement()
    terms = terms_of(
        deal,
        prices={(deal.id, BOLT): [(day(1), None, usd(5)), (day(5), day(10), usd(6))]},
    )
    assert price_transfer(transfer(on=on), terms).price == usd(price)


IN_FORCE = [  # used on  in force
    (4,              False),
    (5,              True),
    (9,              True),
    (10,             False),
]  # fmt: skip


@pytest.mark.parametrize(("on", "in_force"), IN_FORCE)
def test_an_agreement_out_of_force_prices_nothing(on: int, in_force: bool):
    deal = agreement(period=Period(day(5), day(10)))
    terms = terms_of(deal, prices={(deal.id, BOLT): [(day(1), None, usd(5))]})
    if in_force:
        price_transfer(transfer(on=on), terms)
    else:
        with pytest.raises(AgreementNotInForce):
            price_transfer(transfer(on=on), terms)


def test_goods_received_under_no_agreement_are_not_priced():
    store = Store()
    store.receives(each(5), agreement=None)
    with pytest.raises(NoAgreement):
        price_transfer(store.uses(each(1)).transfers[0], terms_of(agreement()))


def test_an_agreement_that_is_not_known_is_none():
    with pytest.raises(NoAgreement):
        price_transfer(transfer(), terms_of())


def test_a_price_for_another_item_is_no_price():
    deal = agreement()
    with pytest.raises(PriceMissing, match="has no price for"):
        price_transfer(
            transfer(), terms_of(deal, prices={(deal.id, NUT): [(day(1), None, usd(5))]})
        )


def test_a_price_said_in_another_currency_is_refused_not_converted():
    deal = agreement(price_sources=(SAID, AGREED))
    with pytest.raises(CurrencyDiffers, match="CA-21 settles in USD; the price is in EUR"):
        price_transfer(transfer(price=7 * MICROS, currency="EUR"), terms_of(deal))
    used = transfer(price=7 * MICROS, currency="USD")
    assert price_transfer(used, terms_of(deal)).price == usd(7)


def test_an_order_price_in_another_currency_is_not_taken():
    deal = agreement(currency="EUR")
    with pytest.raises(PriceMissing):
        price_transfer(transfer(order_price=usd(5)), terms_of(deal))


def test_only_the_goods_own_agreement_counts():
    deal = agreement()
    store = Store()
    store.receives(each(1), ownership=Ownership.CONSIGNED, agreement=999)
    with pytest.raises(NoAgreement):
        price_transfer(store.uses(each(1)).transfers[0], terms_of(deal))
