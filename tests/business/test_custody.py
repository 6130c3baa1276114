import pytest

from consigned.inventory.title_transfers import UseKind
from consigned.inventory.transfers import AwaitsQuality, ConsignedInOwnedLocation, passes_title
from consigned.master_data.agreements import TitleRule
from consigned.master_data.consumption_rules import Rule, Rules, Verdict
from consigned.title.layer import Ownership
from consigned.title.position import Condition, Place, Zone
from consigned.title.post import LawBroken
from tests.business.store import (
    ACME,
    DOCK,
    FINISHED,
    LINE,
    OWNED_ROOM,
    SHELF,
    STOCKROOM,
    ZETA,
    Store,
    each,
)

ON_USE, ON_WITHDRAWAL = TitleRule.ON_USE, TitleRule.ON_WITHDRAWAL

ROADS = [  # title passes      from        to           title passes?
    (ON_USE,                   DOCK,       SHELF,       False),
    (ON_USE,                   SHELF,      STOCKROOM,   False),
    (ON_USE,                   SHELF,      OWNED_ROOM,  True),   # P45
    (ON_USE,                   DOCK,       OWNED_ROOM,  True),
    (ON_WITHDRAWAL,            DOCK,       SHELF,       False),
    (ON_WITHDRAWAL,            SHELF,      STOCKROOM,   True),   # E06
    (ON_WITHDRAWAL,            SHELF,      OWNED_ROOM,  True),
    (ON_WITHDRAWAL,            STOCKROOM,  SHELF,       False),
    (ON_WITHDRAWAL,            SHELF,      DOCK,        False),
    (ON_WITHDRAWAL,            DOCK,       STOCKROOM,   True),
]  # fmt: skip

STAGES = [  # each column begins a stage
    (Zone.SUPPLIER,), (Zone.IN_TRANSIT,), (Zone.DOCK, Zone.INSPECTION), (Zone.CONSIGNED_STORE,),
    (Zone.STOCKROOM,), (Zone.SHOP_FLOOR,), (Zone.FINISHED_GOODS,),
    (Zone.CUSTOMER, Zone.PRODUCTION, Zone.LOSS, Zone.ELSEWHERE),
]  # fmt: skip
EVENTS = {  # title passes     with the way into these stages, and on from there
    TitleRule.ON_SHIPMENT:     1,
    TitleRule.ON_SHIP_NOTICE:  1,
    TitleRule.ON_RECEIPT:      2,
    TitleRule.ON_PUTAWAY:      3,
    TitleRule.ON_WITHDRAWAL:   4,
    TitleRule.ON_FLOOR_ISSUE:  5,
    TitleRule.ON_COMPLETION:   6,
    TitleRule.ON_USE:          7,
    TitleRule.NEVER:           99,
}  # fmt: skip


def stage(zone: Zone) -> int:
    return next(nth for nth, zones in enumerate(STAGES) if zone in zones)


@pytest.mark.parametrize("title_rule", TitleRule)
@pytest.mark.parametrize("source", Zone)
def test_every_rule_decides_every_way(title_rule: TitleRule, source: Zone):
    """Goods pass title on their way on, with the stage that their rule names or past it; what is
    put aside or comes out of there is as far as the dock."""
    here = Place(98, "HERE", source)
    came_from = 2 if source is Zone.QUARANTINE else stage(source)
    passing = {
        target
        for target in Zone
        if target is not Zone.QUARANTINE
        and stage(target) > came_from
        and stage(target) >= EVENTS[title_rule]
    }
    assert {to for to in Zone if passes_title(title_rule, here, Place(99, "TO", to))} == passing
    owned = {to for to in Zone if passes_title(title_rule, here, Place(99, "TO", to, True))}
    assert owned == (set() if title_rule is TitleRule.NEVER else set(Zone))


SKIPPING = [  # title passes          from                   to
    (TitleRule.ON_WITHDRAWAL,         Zone.CONSIGNED_STORE,  Zone.SHOP_FLOOR),
    (TitleRule.ON_WITHDRAWAL,         Zone.CONSIGNED_STORE,  Zone.FINISHED_GOODS),
    (TitleRule.ON_FLOOR_ISSUE,        Zone.CONSIGNED_STORE,  Zone.SHOP_FLOOR),
    (TitleRule.ON_FLOOR_ISSUE,        Zone.STOCKROOM,        Zone.FINISHED_GOODS),
    (TitleRule.ON_RECEIPT,            Zone.IN_TRANSIT,       Zone.CONSIGNED_STORE),
    (TitleRule.ON_PUTAWAY,            Zone.DOCK,             Zone.STOCKROOM),
]  # fmt: skip


@pytest.mark.parametrize(("title_rule", "source", "target"), SKIPPING)
def test_a_later_event_implies_the_earlier_ones(title_rule, source: Zone, target: Zone):
    assert passes_title(title_rule, Place(98, "HERE", source), Place(99, "THERE", target))


@pytest.mark.parametrize(("title_rule", "source", "target", "passes"), ROADS)
def test_place_and_agreement_decide_whether_a_move_passes_title(
    title_rule, source, target, passes: bool
):
    assert passes_title(title_rule, source, target) is passes


@pytest.mark.parametrize(("title_rule", "source", "target", "passes"), ROADS)
def test_a_move_tells_one_story_or_both_title_first(title_rule, source, target, passes: bool):
    store = Store(title_rules={21: title_rule})
    store.receives(each(10), at=source)
    moved = store.moves(each(4), source=source, target=target)
    said = [kind for kind, *_ in store.tells(since=1)]
    custody = "put-away" if source is DOCK else "moved"
    assert said == (["transferred-to-owned", custody] if passes else [custody])
    assert store.owners(at=target) == {"us" if passes else "Acme": each(4)}
    assert store.owners(at=source) == {"Acme": each(6)}
    assert [t.quantity for t in moved.transfers] == ([each(4)] if passes else [])


def test_withdrawal_from_the_consignors_store_reads_like_the_agreement():
    store = Store(title_rules={21: ON_WITHDRAWAL})
    store.receives(each(10))
    moved = store.moves(each(10))
    assert store.tells(since=1) == [
        ("transferred-to-owned", 1, each(10), "Acme SHELF", "us SHELF"),
        ("moved", 1, each(10), "us SHELF", "us STOCKROOM"),
    ]
    transfer = moved.transfers[0]
    assert transfer.entry == 2
    assert (transfer.use.kind, transfer.use.quantity) == (UseKind.TRANSFER_TO_OWNED, each(10))


def test_each_consignors_own_rule_holds():
    """The same move passes one consignor's title and not the other's (E03)."""
    store = Store(title_rules={21: ON_WITHDRAWAL, 22: ON_USE})
    store.receives(each(3), of=ACME, on=1)
    store.receives(each(3), of=ZETA, on=2)
    moved = store.moves(each(5))
    assert store.owners(at=STOCKROOM) == {"us": each(3), "Zeta": each(2)}
    assert [t.holding.owner for t in moved.transfers] == [ACME]


def test_own_goods_move_as_ours_and_non_owned_ones_as_whose_they_are():
    store = Store(title_rules={21: ON_WITHDRAWAL})
    store.receives(each(3), on=1, ownership=Ownership.OWNED)
    store.receives(each(3), on=2, of=ZETA, ownership=Ownership.NON_OWNED)
    moved = store.moves(each(6))
    assert store.owners(at=STOCKROOM) == {"us": each(3), "Zeta": each(3)}
    assert moved.transfers == []


def test_goods_keep_their_layer_and_so_their_age_when_they_move():
    store = Store()
    store.receives(each(5), on=1, at=DOCK)
    store.receives(each(5), on=2, at=SHELF)
    store.moves(each(5), source=DOCK, target=SHELF)
    store.uses(each(5))
    assert store.layers_left() == {2: each(5)}


NAMED = [  # what the user named     layers moved
    ({},                             {1: each(5), 2: each(1)}),
    ({"layer": 2},                   {2: each(5)}),
    ({"consignor": ZETA},            {2: each(5)}),
    ({"lot": "L3"},                  {3: each(5)}),
    ({"serial": "S3"},               {3: each(5)}),
    ({"on": 1},                      {1: each(5)}),
]  # fmt: skip


@pytest.mark.parametrize(("named", "moved"), NAMED)
def test_goods_to_move_can_be_named(named: dict, moved: dict):
    store = Store()
    store.receives(each(5), on=1)
    store.receives(each(5), on=2, of=ZETA)
    store.receives(each(5), on=3, lot="L3", serial="S3")
    store.moves(each(6), **named)
    left = store.layers_left()
    in_stockroom = {
        layer: quantity
        for (number, layer), quantity in store.balances.items()
        if store.where[number].place == STOCKROOM.number and quantity
    }
    assert in_stockroom == moved
    assert left == {1: each(5), 2: each(5), 3: each(5)}


def test_what_is_missing_is_answered():
    store = Store()
    store.receives(each(5))
    moved = store.moves(each(7))
    shortage = moved.shortages[0]
    assert (shortage.missing, shortage.held) == (each(2), each(5))
    assert store.owners(at=STOCKROOM) == {"Acme": each(5)}


def test_what_came_after_the_day_of_the_move_is_told():
    store = Store()
    store.receives(each(5), on=10)
    (shortage,) = store.moves(each(3), on=9).shortages
    assert (shortage.held, shortage.came_later) == (0, each(5))


def test_goods_in_another_place_are_not_moved():
    store = Store()
    store.receives(each(5), at=DOCK)
    assert store.moves(each(1), source=SHELF).shortages


def test_the_book_takes_no_move_to_where_the_goods_are():
    store = Store()
    store.receives(each(5))
    with pytest.raises(LawBroken, match="either owner or place"):
        store.moves(each(1), source=SHELF, target=SHELF)
    assert len(store.entries) == 1


# --- the holder's own rules ------------------------------------------------------------------


def ruled(*rules: Rule, title_rules=None, precedence: str = "") -> Store:
    store = Store(title_rules=title_rules)
    store.rules = Rules(rules, precedence)
    store.receives(each(10))
    return store


def test_a_rule_keeps_goods_whose_agreement_would_pass_title():
    store = ruled(Rule(7, "K", Verdict.KEEP), title_rules={21: ON_WITHDRAWAL})
    moved = store.moves(each(4))
    assert store.owners(at=STOCKROOM) == {"Acme": each(4)}
    assert moved.transfers == []
    assert moved.applied == [(2, 7)]


def test_a_rule_consumes_goods_that_would_stay():
    store = ruled(Rule(8, "C", Verdict.CONSUME))
    moved = store.moves(each(4))
    assert store.owners(at=STOCKROOM) == {"us": each(4)}
    assert moved.applied == [(moved.transfers[0].entry, 8)]


def test_a_rule_says_nothing_of_goods_that_are_ours_or_never_will_be():
    store = ruled(Rule(8, "C", Verdict.CONSUME), title_rules={21: TitleRule.NEVER})
    store.receives(each(3), of=ZETA, ownership=Ownership.NON_OWNED)
    store.receives(each(3), ownership=Ownership.OWNED)
    moved = store.moves(each(16))
    assert store.owners(at=STOCKROOM) == {"Acme": each(10), "Zeta": each(3), "us": each(3)}
    assert (moved.applied, moved.transfers) == ([], [])


def test_no_rule_keeps_anybodys_goods_in_a_place_for_ours():
    store = ruled(Rule(7, "K", Verdict.KEEP))
    with pytest.raises(ConsignedInOwnedLocation, match="rule K keeps these theirs"):
        store.moves(each(1), target=OWNED_ROOM)


def test_goods_under_an_agreement_that_never_passes_title_stay_out_of_a_place_for_ours():
    store = ruled(title_rules={21: TitleRule.NEVER})
    with pytest.raises(ConsignedInOwnedLocation, match="never become ours"):
        store.moves(each(1), target=OWNED_ROOM)


# --- held back for quality -------------------------------------------------------------------


def test_what_is_finished_comes_on_hold_where_title_waits_for_quality():
    store = Store(title_rules={21: TitleRule.ON_COMPLETION})
    store.waits = {21}
    store.receives(each(5), at=LINE)
    moved = store.moves(each(3), source=LINE, target=FINISHED)
    assert [kind for kind, *_ in store.tells(since=1)] == ["held", "moved"]
    assert moved.transfers == []
    assert store.owners(at=FINISHED) == {"Acme": each(3)}


def test_goods_on_hold_pass_no_title_on_their_way_where_it_waits_for_quality():
    store = Store(title_rules={21: ON_WITHDRAWAL})
    store.waits = {21}
    store.receives(each(5))
    store.holds(each(5))
    moved = store.moves(each(3), condition=Condition.ON_HOLD)
    assert moved.transfers == []
    with pytest.raises(AwaitsQuality):
        store.moves(each(1), target=OWNED_ROOM, condition=Condition.ON_HOLD)


def test_goods_that_have_passed_quality_pass_title_like_any_other():
    store = Store(title_rules={21: ON_WITHDRAWAL})
    store.waits = {21}
    store.receives(each(5))
    assert len(store.moves(each(3)).transfers) == 1


@pytest.mark.parametrize(("waits", "passes"), [({21}, True), (set(), False)])
def test_a_release_passes_the_title_that_waited_for_it_and_no_other(waits: set, passes: bool):
    store = Store(title_rules={21: TitleRule.ON_RECEIPT})
    store.waits = waits
    store.receives(each(5), at=DOCK)
    store.holds(each(5))
    released = store.releases(each(4))
    assert [t.quantity for t in released.transfers] == ([each(4)] if passes else [])
    said = ["released", "transferred-to-owned"] if passes else ["released"]
    assert [kind for kind, *_ in store.tells(since=2)] == said


def test_a_release_before_the_event_passes_nothing():
    store = Store(title_rules={21: ON_WITHDRAWAL})
    store.waits = {21}
    store.receives(each(5))
    store.holds(None)
    assert store.releases(None).transfers == []


def test_only_what_is_in_the_condition_is_held_moved_or_released():
    store = Store()
    store.receives(each(5))
    store.holds(each(2))
    assert store.moves(each(4)).shortages[0].held == each(3)
    assert store.holds(each(1)).shortages == []
    (short,) = store.releases(each(4)).shortages
    assert (short.missing, short.held) == (each(1), each(3))
    (short,) = store.releases(None).shortages
    assert short.use.quantity == 0
