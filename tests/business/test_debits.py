"""Which credits a payment nets."""

import pytest

from consigned.settlement.debit_memos import fitting

NETTED = [  # due    credits                        netted
    (1000,           [("a", 400), ("b", 600)],      ["a", "b"]),    # to nothing, to the cent
    (1000,           [("a", 1000)],                 ["a"]),
    (999,            [("a", 1000)],                 []),            # whole or not at all
    (1000,           [("a", 700), ("b", 301), ("c", 300)], ["a", "c"]),
    (0,              [("a", 1)],                    []),
]  # fmt: skip


@pytest.mark.parametrize(("due", "credits", "netted"), NETTED)
def test_a_payment_nets_what_fits_whole_the_first_first(due, credits, netted) -> None:
    assert fitting(due, credits) == netted
