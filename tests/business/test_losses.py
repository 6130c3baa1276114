"""Who bears a loss, and what becomes of the goods."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consigned.counting.losses import (
    ALL,
    BearerIsFixed,
    Found,
    NamedTwice,
    NotALossReason,
    NotAShare,
    Part,
    Reason,
    StillGone,
    bearers,
    borne,
    consignee_share,
    find_again,
)
from consigned.inventory.stock import Holding
from consigned.measure.refusal import Refusal

US, ACME = 1, 2
AGREED = [  # as it is said                          in one form
    ("", ""),
    ("broken=consignee", "broken=consignee"),
    ("stolen=50 broken=consignor", "broken=consignor stolen=50"),
    ("stolen=100,broken=0", "broken=consignor stolen=consignee"),
    ("miscount=consignor; unknown=25", "miscount=consignor unknown=25"),
    ("sold=consignee mis-shipped=consignor", "sold=consignee mis-shipped=consignor"),
]


@pytest.mark.parametrize(("said", "kept"), AGREED)
def test_what_is_agreed_is_kept_in_one_form(said: str, kept: str) -> None:
    assert bearers(said) == kept
    assert bearers(kept) == kept


REFUSALS = [
    ("lost=50", NotALossReason),
    ("broken", NotAShare),
    ("broken=", NotAShare),
    ("broken=half", NotAShare),
    ("broken=101", NotAShare),
    ("broken=-1", NotAShare),
    ("broken=5\u0660", NotAShare),
    ("broken=10 broken=10", NamedTwice),
    ("sold=50", BearerIsFixed),
    ("mis-shipped=consignee", BearerIsFixed),
]


@pytest.mark.parametrize(("said", "refusal"), REFUSALS)
def test_what_cannot_be_agreed(said: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        bearers(said)


SHARES = [  # agreed                       reason               the consignee's share
    ("", Reason.BROKEN, 100),
    ("", Reason.SOLD, 100),
    ("", Reason.MIS_SHIPPED, 0),
    ("broken=30", Reason.BROKEN, 30),
    ("broken=30", Reason.STOLEN, 100),
    ("broken=30 unknown=consignor", Reason.STOLEN, 0),
    ("unknown=consignor", Reason.SOLD, 100),
    ("unknown=consignee", Reason.MIS_SHIPPED, 0),
]


@pytest.mark.parametrize(("agreed", "reason", "share"), SHARES)
def test_who_bears_what(agreed: str, reason: Reason, share: int) -> None:
    assert consignee_share(agreed, reason) == share


def test_what_was_lost_last_is_found_first() -> None:
    """Half of it was borne by us, and of what was lost before it nothing."""
    gone = [StillGone(1, 10, 0, 4), StillGone(2, 30, 2, 2), StillGone(3, 20, 0, 4)]
    assert find_again(gone, 6) == (
        [Found(2, True, 2), Found(2, False, 2), Found(3, False, 2)], 0,
    )  # fmt: skip
    found, nobody_missed = find_again(gone, 15)
    assert [(one.layer, one.quantity) for one in found] == [(2, 2), (2, 2), (3, 4), (1, 4)]
    assert nobody_missed == 3


def lying(owner: int, quantity: int, ownership: str = "consigned") -> Part:
    import datetime

    day = datetime.date(2026, 3, 2)
    return Part(Holding(1, owner, 1, 1, 1, day, quantity, ownership), quantity)


def test_our_own_goods_are_our_loss_and_what_never_becomes_ours_is_not() -> None:
    assert borne([lying(US, 7, "owned")], 0, US) == 7
    assert borne([lying(ACME, 7, "non-owned")], ALL, US) == 0


@given(st.lists(st.integers(1, 10**12), max_size=6), st.integers(0, 100))
def test_a_share_is_rounded_once_however_many_layers_it_is_of(parts: list[int], share: int) -> None:
    whole = sum(parts)
    mine = borne([lying(ACME, quantity) for quantity in parts], share, US)
    assert abs(100 * mine - share * whole) <= 50
