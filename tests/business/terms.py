"""Agreements and prices as the tests of settlement need them."""

from datetime import date

from consigned.master_data.agreements import (
    Agreement,
    DatedPrice,
    PriceList,
    SettlementMethod,
    SummaryLevel,
    Terms,
    TitleRule,
)
from consigned.measure.identity import AgreementId
from consigned.measure.money import Price
from consigned.measure.period import Frequency, Period
from consigned.measure.quantity import MICROS
from tests.business.store import ACME, AGREEMENT_OF, US

ALWAYS = Period(date(2014, 1, 1))
FIRST_CLOSING = date(2014, 11, 7)


def agreement(consignor: int = ACME, **terms) -> Agreement:
    number = AgreementId(AGREEMENT_OF[consignor])
    return Agreement(
        **{
            "id": number,
            "number": f"CA-{number}",
            "consignor": consignor,
            "consignee": US,
            "currency": "USD",
            "period": ALWAYS,
            "title_rule": TitleRule.ON_USE,
            "frequency": Frequency.WEEKLY,
            "first_closing_on": FIRST_CLOSING,
            "summary_level": SummaryLevel.ITEM,
            "settlement_method": SettlementMethod.SUPPLIER_INVOICE,
        }
        | terms
    )


def usd(amount: float, per: int = MICROS) -> Price:
    return Price(int(amount * MICROS), "USD", per)


def terms_of(*agreements: Agreement, prices=None) -> Terms:
    """Terms with `prices` as (agreement, item) -> [(from, up to, price), ...]."""
    return Terms(
        {each.id: each for each in agreements},
        {
            key: PriceList([DatedPrice(*one) for one in dated])
            for key, dated in (prices or {}).items()
        },
    )
