from datetime import date

import pytest

from consigned.master_data.agreements import AgreementNotInForce, DatedPrice, PriceList, Terms
from consigned.master_data.price_terms import read_price_terms
from consigned.measure.period import Frequency, Period
from tests.business.terms import agreement, usd

YEAR_2026 = Period(date(2026, 1, 1), date(2027, 1, 1))

IN_FORCE = [  # day          in force
    (date(2025, 12, 31),     False),
    (date(2026, 1, 1),       True),
    (date(2026, 12, 31),     True),
    (date(2027, 1, 1),       False),
]  # fmt: skip


@pytest.mark.parametrize(("day", "is_in_force"), IN_FORCE)
def test_an_agreement_is_in_force_from_its_start_up_to_its_end(day: date, is_in_force: bool):
    if is_in_force:
        agreement(period=YEAR_2026).check_in_force(day)
    else:
        with pytest.raises(AgreementNotInForce):
            agreement(period=YEAR_2026).check_in_force(day)


def test_the_refusal_names_the_agreement_and_the_days():
    with pytest.raises(AgreementNotInForce) as refused:
        agreement(period=YEAR_2026).check_in_force(date(2027, 1, 1))
    assert refused.value.sentence() == (
        "agreement CA-21 is in force from 2026-01-01 until 2027-01-01, not on 2027-01-01. "
        "Extend the agreement, then resubmit."
    )


CYCLES = [  # recorded on     closed through      falls in the cycle that closes on
    (date(2014, 11, 3),       None,               date(2014, 11, 7)),
    (date(2014, 11, 7),       None,               date(2014, 11, 7)),
    (date(2014, 11, 7),       date(2014, 11, 7),  date(2014, 11, 14)),  # the advice is made
    (date(2014, 11, 8),       date(2014, 11, 7),  date(2014, 11, 14)),
    (date(2014, 11, 20),      date(2014, 11, 7),  date(2014, 11, 21)),
    (date(2014, 11, 3),       date(2014, 11, 14), date(2014, 11, 21)),
    (date(2014, 11, 20),      date(2014, 11, 14), date(2014, 11, 21)),
    (date(2014, 11, 8),       date(2014, 11, 12), date(2014, 11, 14)),  # closed amid a cycle
]  # fmt: skip


@pytest.mark.parametrize(("recorded_on", "closed_through", "closes_on"), CYCLES)
def test_what_is_recorded_falls_in_the_cycle_open_then(
    recorded_on: date, closed_through: date | None, closes_on: date
):
    assert agreement().cycle(recorded_on, closed_through).closes_on == closes_on


NEXT_CLOSINGS = [  # frequency     closed              next
    (Frequency.DAILY,              date(2014, 11, 7),  date(2014, 11, 8)),
    (Frequency.WEEKLY,             date(2014, 11, 7),  date(2014, 11, 14)),
    (Frequency.WEEKLY,             date(2014, 11, 14), date(2014, 11, 21)),
    (Frequency.MONTHLY,            date(2014, 11, 7),  date(2014, 12, 7)),
]  # fmt: skip


@pytest.mark.parametrize(("frequency", "closed", "then"), NEXT_CLOSINGS)
def test_the_next_closing_is_one_frequency_on(frequency: Frequency, closed: date, then: date):
    assert agreement(frequency=frequency).cycle_after(closed).closes_on == then


LISTS = [  # prices from, up to                                         day                price
    ([],                                                                date(2026, 3, 1),  None),
    ([(date(2026, 3, 1), None, 5)],                                     date(2026, 2, 28), None),
    ([(date(2026, 3, 1), None, 5)],                                     date(2026, 3, 1),  5),
    ([(date(2026, 3, 1), None, 5)],                                     date(2030, 1, 1),  5),
    ([(date(2026, 3, 1), date(2026, 4, 1), 5)],                         date(2026, 3, 31), 5),
    ([(date(2026, 3, 1), date(2026, 4, 1), 5)],                         date(2026, 4, 1),  None),
    ([(date(2026, 3, 1), None, 5), (date(2026, 3, 5), None, 6)],        date(2026, 3, 4),  5),
    ([(date(2026, 3, 1), None, 5), (date(2026, 3, 5), None, 6)],        date(2026, 3, 5),  6),
    ([(date(2026, 3, 5), None, 6), (date(2026, 3, 1), None, 5)],        date(2026, 3, 4),  5),
    ([(date(2026, 3, 1), date(2026, 3, 3), 5),
      (date(2026, 3, 5), None, 6)],                                     date(2026, 3, 4),  None),
]  # fmt: skip


@pytest.mark.parametrize(("dated", "day", "price"), LISTS)
def test_the_price_in_force_is_the_latest_that_has_started(dated, day: date, price: int | None):
    listed = PriceList([DatedPrice(start, end, usd(amount)) for start, end, amount in dated])
    assert listed.price_on(day) == (usd(price) if price else None)


FIXED = DatedPrice(date(2026, 1, 1), None, usd(1.25))
SCALED = FIXED._replace(starts_on=date(2026, 3, 1), from_quantity=10)
SHARED = FIXED._replace(price=None, terms=read_price_terms("share=60%"))
LOOKS = [  # dated prices     look at the use
    ([],                      False),
    ([FIXED],                 False),
    ([FIXED, SCALED],         True),
    ([SHARED, FIXED],         True),
]  # fmt: skip


@pytest.mark.parametrize(("dated", "looks"), LOOKS)
def test_one_price_that_looks_at_the_use_is_enough(dated, looks: bool):
    listed = PriceList(dated)
    assert listed.looks_at_use is looks
    plain, sharing = agreement(), agreement(id=99, price_terms=read_price_terms("share=60%"))
    prices = {(plain.id, 11): PriceList([FIXED]), (plain.id, 12): listed}
    assert Terms({plain.id: plain}, prices).looks_at_use is looks
    assert Terms({plain.id: plain, 99: sharing}, prices).looks_at_use
