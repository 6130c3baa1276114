"""Which tax holds, what it comes to, and how far a billed tax may differ."""

import pytest

from consigned.accounting.prices import price_transfer
from consigned.master_data.taxes import (
    EVERY_ITEM,
    UNTAXED,
    WHOLE,
    DatedCode,
    DatedTax,
    NotATaxCode,
    Tax,
    TaxCodeMissing,
    Taxes,
    TaxRateMissing,
    check_tax_code,
    read_tax,
)
from consigned.measure.identity import AgreementId, ItemId
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS
from consigned.measure.refusal import Refusal
from consigned.settlement.invoices import Billed, match_invoice, read_tolerance
from tests.business.store import BOLT, NUT, day, each
from tests.business.terms import agreement, terms_of, usd
from tests.business.test_prices import transfer

pytestmark = pytest.mark.rows("X13")

V19 = Tax("V19", 19 * MICROS)
V16 = Tax("V19", 16 * MICROS)
HALF = Tax("V7", 7 * MICROS, 50 * MICROS)
DEAL = AgreementId(7)

AMOUNTS = [  # amount  tax   of it recovered
    (V19, 330, 63, 63),
    (V19, -330, -63, -63),
    (HALF, 1497, 105, 52),
    (HALF, -1497, -105, -52),
    (Tax("EXEMPT", 0), 1497, 0, 0),
    (Tax("T", 5 * MICROS // 2), 20, 0, 0),
    (Tax("T", 5 * MICROS // 2), 60, 2, 2),
    (UNTAXED, 1497, 0, 0),
]


@pytest.mark.parametrize(("tax", "amount", "comes_to", "recovered"), AMOUNTS)
def test_a_tax_is_rounded_once_half_to_even_and_so_is_what_is_recovered(
    tax, amount, comes_to, recovered
):
    assert tax.of(amount) == comes_to
    assert tax.recovered(comes_to) == recovered


def test_what_is_billed_where_nothing_is_taxed_is_not_recovered():
    assert UNTAXED.recovered(38) == 0


def test_a_unit_price_with_tax_is_to_the_millionth():
    assert V19.on_top_of(Price(330_001, "USD", 12 * MICROS)) == Price(392_701, "USD", 12 * MICROS)


@pytest.mark.parametrize(
    ("tax", "words"),
    [
        (V19, "V19 19%"),
        (Tax("IGIC.3-b", 12_345_678), "IGIC.3-b 12.345678%"),
        (Tax("E", 0), "E 0%"),
        (HALF, "V7 7% recoverable=50%"),
        (Tax("A" * 20, 12_345_678, 87_654_321), f"{'A' * 20} 12.345678% recoverable=87.654321%"),
    ],
)
def test_what_is_kept_of_a_tax_says_all_of_it(tax, words):
    assert str(tax) == words
    assert len(words) <= 60
    assert read_tax(words) == tax


@pytest.mark.parametrize("said", ["", "V 19", "V19%", "=", "-V", "V" * 21, "V\n19", "é"])
def test_a_tax_code_is_one_plain_word(said):
    with pytest.raises(NotATaxCode):
        check_tax_code(said)


CODES = {
    (DEAL, EVERY_ITEM): [DatedCode(day(1), "V19"), DatedCode(day(20), "V7")],
    (DEAL, NUT): [DatedCode(day(5), "V7")],
}
RATES = {
    "V19": [DatedTax(day(3), V19), DatedTax(day(10), V16)],
    "V7": [DatedTax(day(1), HALF)],
}
IN_FORCE = [  # item  day  tax, or what is missing
    (BOLT, 1, TaxRateMissing),
    (BOLT, 3, V19),
    (BOLT, 9, V19),
    (BOLT, 10, V16),
    (BOLT, 20, HALF),
    (NUT, 4, V19),
    (NUT, 5, HALF),
    (NUT, 20, HALF),
]


@pytest.mark.parametrize(("item", "on", "tax"), IN_FORCE)
def test_the_code_of_the_item_stands_before_the_agreements_and_the_rate_is_that_of_the_day(
    item, on, tax
):
    def asked() -> Tax:
        return Taxes(CODES, RATES).in_force(DEAL, "A-7", ItemId(item), "BOLT", day(on))

    if isinstance(tax, Tax):
        assert asked() == tax
    else:
        with pytest.raises(tax):
            asked()


def test_a_taxed_agreement_without_a_code_refuses_in_the_askers_words():
    deal = agreement(taxed=True)
    terms = terms_of(deal, prices={(deal.id, BOLT): [(day(1), None, usd(6))]})
    with pytest.raises(TaxCodeMissing) as refused:
        price_transfer(transfer(on=4), terms._replace(item_codes={BOLT: "BOLT"}))
    assert str(refused.value) == (
        f"agreement {deal.number} is taxed and has no tax code for BOLT on {day(4)}"
    )
    taxes = Taxes({(deal.id, EVERY_ITEM): [DatedCode(day(1), "V19")]}, RATES)
    assert price_transfer(transfer(on=4), terms._replace(taxes=taxes)).tax == "V19 19%"


OURS = Billed(1, "BOLT", each(100), MICROS, 10_000, MICROS, 1_900)
BILLED = [  # price  amount  tax  tolerance  is it let through
    (MICROS, 10_000, 1_900, "", True),
    (MICROS, 10_000, 0, "", False),
    (MICROS, 10_000, 1_901, "", False),
    (MICROS, 10_000, 1_901, "tax=0.02", True),
    (MICROS, 10_000, 1_897, "tax=0.02", False),
    (MICROS, 10_000, 1_901, "amount=5.00", False),
    (1_010_000, 10_100, 1_919, "price=1%", True),
    (1_010_000, 10_100, 1_900, "price=1%", False),
    (1_010_000, 10_100, 1_920, "price=1% tax=0.01", True),
]


@pytest.mark.parametrize(("price", "amount", "tax", "tolerance", "let_through"), BILLED)
def test_the_tax_that_is_billed_follows_from_the_amount_that_is_billed(
    price, amount, tax, tolerance, let_through
):
    theirs = OURS._replace(price=price, amount=amount, tax_amount=tax)
    matched = match_invoice(
        [OURS], [theirs], advised_in="USD", billed_in="USD",
        tolerance=read_tolerance(tolerance, "USD"), taxes={1: "V19 19%"},
    )  # fmt: skip
    assert (matched.differences == []) is let_through
    if tax != OURS.tax_amount:
        assert "tax" in {one.what for one in (*matched.differences, *matched.tolerated)}


def test_tax_where_nothing_is_taxed_is_a_difference_of_figures():
    ours = OURS._replace(tax_amount=0)
    matched = match_invoice([ours], [OURS], advised_in="USD", billed_in="USD")
    assert [str(one) for one in matched.differences] == [
        "line 1: tax is 0.00 by our record, 19.00 billed"
    ]
    assert matched.differences[0].is_of_figures


def test_a_whole_is_a_hundred_percent():
    assert Tax("T", WHOLE).of(123) == 123
    with pytest.raises(Refusal):
        read_tolerance("tax=2%", "USD")
