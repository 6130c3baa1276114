import pytest

from consigned.measure.period import Period
from consigned.trade.orders import Agreed, tolerance
from tests.business.store import ACME, BOLT, NUT, US, ZETA, day
from tests.business.terms import agreement

SPRING = agreement(ACME, id=31, number="SPRING", period=Period(day(1), day(10)))
SUMMER = agreement(ACME, id=32, number="SUMMER", period=Period(day(10)))
OTHER = agreement(ZETA, id=33, number="OTHER")
AGREED = Agreed([SPRING, SUMMER, OTHER], {(31, BOLT), (32, BOLT), (32, NUT), (33, BOLT)})


def numbers(consignor: int, item: int, on: int, consignee: int = US) -> list[str]:
    return [deal.number for deal in AGREED.between(consignor, consignee, item, day(on))]


def test_the_agreements_meant_are_between_the_two_in_force_and_cover_the_item():
    assert numbers(ACME, BOLT, on=9) == ["SPRING"]
    assert numbers(ACME, BOLT, on=10) == ["SUMMER"]
    assert numbers(ACME, NUT, on=9) == []
    assert numbers(ACME, BOLT, on=0) == []
    assert numbers(ZETA, BOLT, on=9) == ["OTHER"]
    assert numbers(US, BOLT, on=9, consignee=ACME) == []


def test_an_agreement_is_found_by_its_number():
    assert AGREED.named("SUMMER") is SUMMER
    assert AGREED.named("summer") is None
    assert AGREED.covers(SUMMER, NUT)
    assert not AGREED.covers(SPRING, NUT)


TOLERANCES = [  # ordered, over %, under %, at most, complete at
    (100, None, None, 100, 100),
    (100, 10, 5, 110, 95),
    (7, 10, 10, 7, 7),
    (100, 0, 100, 100, 0),
]


@pytest.mark.parametrize(("ordered", "over", "under", "at_most", "complete_at"), TOLERANCES)
def test_an_agreement_tolerates_more_and_less(ordered, over, under, at_most, complete_at):
    terms = SPRING._replace(over_receipt_percent=over, under_receipt_percent=under)
    whole = tolerance(ordered * 1_000_000, terms)
    assert (whole.at_most // 1_000_000, -(-whole.complete_at // 1_000_000)) == (
        at_most,
        complete_at,
    )
    assert tolerance(ordered, None) == (ordered, ordered)
