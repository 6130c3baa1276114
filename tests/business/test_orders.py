import pytest

from consigned.inbound.orders import Agreed, NoAgreementInForce, SeveralAgreements, tolerance
from consigned.measure.period import Period
from tests.business.store import ACME, BOLT, NUT, US, ZETA, day
from tests.business.terms import agreement

SPRING = agreement(ACME, id=31, number="SPRING", period=Period(day(1), day(10)))
SUMMER = agreement(ACME, id=32, number="SUMMER", period=Period(day(10)))
OTHER = agreement(ZETA, id=33, number="OTHER")
AGREED = Agreed([SPRING, SUMMER, OTHER], {(31, BOLT), (32, BOLT), (32, NUT), (33, BOLT)})


def the_one(consignor: int, item: int, on: int, consignee: int = US, of: Agreed = AGREED) -> str:
    found = of.the_one(
        consignor, consignee, item, day(on), paid_by="", consignor_code="them", item_code="it"
    )
    return found.number


def test_the_agreement_meant_is_between_the_two_and_in_force():
    assert the_one(ACME, BOLT, on=9) == "SPRING"
    assert the_one(ACME, BOLT, on=10) == "SUMMER"
    assert the_one(ZETA, BOLT, on=9) == "OTHER"
    with pytest.raises(NoAgreementInForce):
        the_one(ACME, BOLT, on=0)
    with pytest.raises(NoAgreementInForce):
        the_one(US, BOLT, on=9, consignee=ACME)


def test_the_agreement_meant_need_not_have_a_price_of_the_item_yet():
    assert the_one(ACME, NUT, on=9) == "SPRING"
    assert AGREED.is_agreed(ZETA, US)
    assert not AGREED.is_agreed(US, ACME)


def test_of_several_agreements_the_one_with_a_price_of_the_item_is_meant():
    both = [SPRING, SUMMER._replace(period=SPRING.period)]
    assert the_one(ACME, NUT, on=9, of=Agreed(both, {(32, NUT)})) == "SUMMER"
    with pytest.raises(SeveralAgreements):
        the_one(ACME, NUT, on=9, of=Agreed(both, ()))


def test_an_agreement_is_found_by_its_number():
    assert AGREED.named("SUMMER") is SUMMER
    assert AGREED.named("summer") is None


TOLERANCES = [  # ordered, over %, under %, at most, complete at
    (100, None, None, 100, 100),
    (100, 10, 5, 110, 95),
    (7, 10, 10, 7, 7),
    (100, 0, 100, 100, 0),
]


@pytest.mark.parametrize(
    ("ordered", "over", "under", "maximum_quantity", "complete_at"), TOLERANCES
)
def test_an_agreement_tolerates_more_and_less(ordered, over, under, maximum_quantity, complete_at):
    terms = SPRING._replace(over_receipt_percent=over, under_receipt_percent=under)
    whole = tolerance(ordered * 1_000_000, terms, day(1))
    assert (whole.maximum_quantity // 1_000_000, -(-whole.complete_at // 1_000_000)) == (
        maximum_quantity,
        complete_at,
    )
    assert tolerance(ordered, None, day(1)) == (ordered, ordered)
