"""What leaves for another organization, close up."""

import pytest

from consigned.inventory.interorganization import Receiver, Sending, send
from consigned.master_data.agreements import TitleRule
from consigned.master_data.consumption_rules import NO_RULES
from consigned.master_data.ownership import TransferToOwnedOff
from consigned.title.position import Zone
from tests.business.store import BOLT, OUTER, OWNED_ROOM, SHELF, US, Store, day, each

THERE = Receiver(2, "S2", US, "us")


@pytest.mark.rows("P16")
@pytest.mark.parametrize(("target", "allowed"), [(OWNED_ROOM, False), (OWNED_ROOM, True),
                                                 (SHELF, False)])  # fmt: skip
def test_what_becomes_ours_by_being_sent_goes_to_no_owned_place_that_takes_none(target, allowed):
    store = Store()
    store.receives(each(10))

    def sent():
        line = Sending(1, 1, BOLT, each(4), SHELF, target, day(9), goods="4 EA of BOLT")
        return send(
            store.book(), store.shelves(), [line], ours=US, receiver=THERE,
            elsewhere=OUTER[Zone.CUSTOMER], title_rule_of=lambda _: TitleRule.ON_USE,
            rules=NO_RULES, reserved={BOLT: 0}, allows_transfer_to_owned=allowed,
        )  # fmt: skip

    if target.is_owned and not allowed:
        with pytest.raises(TransferToOwnedOff):
            sent()
    else:
        assert [part.quantity for part in sent().parts] == [each(4)]
