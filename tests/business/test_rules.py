"""Which consumption rule decides (O30, O32, decision 0057)."""

import pytest

from consigned.master_data.consumption_rules import Movement, Rule, Rules, Transaction, Verdict
from consigned.master_data.parties import RulePrecedence
from tests.business.store import ACME, BOLT, NUT, OWNED_ROOM, SHELF, STOCKROOM, ZETA

TRANSFER, BETWEEN = Transaction.TRANSFER, Transaction.TRANSFER_BETWEEN_ORGANIZATIONS
MOVED = Movement(TRANSFER, 1, ACME, BOLT, SHELF, STOCKROOM)

FITS = [  # what the rule names                     fits?
    ({},                                            True),
    ({"kind": TRANSFER},                            True),
    ({"kind": BETWEEN},                             False),
    ({"organization": 1},                           True),
    ({"organization": 2},                           False),
    ({"owner": ACME},                               True),
    ({"owner": ZETA},                               False),
    ({"item": BOLT},                                True),
    ({"item": NUT},                                 False),
    ({"from_place": "SHELF"},                       True),
    ({"from_place": "STOCKROOM"},                   False),
    ({"from_zone": "consigned-store"},              True),
    ({"from_zone": "stockroom"},                    False),
    ({"to_place": "STOCKROOM"},                     True),
    ({"to_place": "OWNED"},                         False),
    ({"to_zone": "stockroom"},                      True),
    ({"to_zone": "shop-floor"},                     False),
    ({"owner": ACME, "item": BOLT},                 True),
    ({"owner": ACME, "item": NUT},                  False),
]  # fmt: skip


@pytest.mark.parametrize(("named", "fits"), FITS)
def test_a_rule_fits_where_everything_it_names_is_so(named: dict, fits: bool):
    rule = Rule(1, "K", Verdict.KEEP, **named)
    assert rule.fits(MOVED) is fits
    assert (Rules([rule]).fired(MOVED) is rule) is fits


def rule(id: int, **named) -> Rule:
    return Rule(id, f"R{id}", Verdict.KEEP, **named)


OPEN = rule(1)
OF_ACME = rule(2, owner=ACME)
OF_BOLTS = rule(3, item=BOLT)
TO_ROOM = rule(4, to_place="STOCKROOM")
TO_ROOMS = rule(5, to_zone="stockroom")
ACMES_TO_ROOMS = rule(6, owner=ACME, to_zone="stockroom")
ACMES_TO_ROOM = rule(7, owner=ACME, to_place="STOCKROOM")
ELSEWHERE = rule(8, owner=ZETA, item=BOLT, kind=TRANSFER)

DECIDES = [  # rules                             specific first  broad first
    ([OPEN, OF_ACME],                            OF_ACME,         OPEN),
    ([OF_BOLTS, OF_ACME],                        OF_ACME,         OF_ACME),       # the older one
    ([OF_ACME, TO_ROOM],                         TO_ROOM,         OF_ACME),       # a place counts
    ([TO_ROOMS, TO_ROOM],                        TO_ROOM,         TO_ROOMS),
    ([TO_ROOM, ACMES_TO_ROOMS],                  ACMES_TO_ROOMS,  TO_ROOM),       # two before one
    ([ACMES_TO_ROOMS, ACMES_TO_ROOM],            ACMES_TO_ROOM,   ACMES_TO_ROOMS),
    ([ELSEWHERE, OPEN],                          OPEN,            OPEN),          # what fits at all
    ([ELSEWHERE],                                None,            None),
    ([],                                         None,            None),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "specific", "broad"), DECIDES)
def test_the_more_specific_rule_decides_unless_the_broad_go_first(rules, specific, broad):
    assert Rules(rules).fired(MOVED) is specific
    assert Rules(reversed(rules)).fired(MOVED) is specific
    assert Rules(rules, RulePrecedence.BROAD_FIRST).fired(MOVED) is broad


def test_each_movement_is_decided_by_itself():
    rules = Rules([TO_ROOM, OPEN])
    assert rules.fired(MOVED) is TO_ROOM
    assert rules.fired(MOVED._replace(target=OWNED_ROOM)) is OPEN
    assert rules.fired(MOVED) is TO_ROOM
