"""What a line may be, and where goods of a status may be put away."""

import pytest

from consigned.master_data.agreements import TitleRule
from consigned.master_data.ownership import (
    ItemHere,
    NoConsignorAssigned,
    NotDesignatedSo,
    OtherConsignor,
    OtherConsignorSite,
    OtherPlacesOnly,
    check_putaway,
    check_site,
    comes_in_as,
    decide_ownership,
    putaway_places,
)
from consigned.title.layer import Ownership
from consigned.title.position import Place, Zone
from tests.business.terms import agreement

OWNED, NON_OWNED, CONSIGNED = Ownership.OWNED, Ownership.NON_OWNED, Ownership.CONSIGNED
ACME, BOLTS = 2, 3

LINES = [  # designated   supplier agreed  said        is
    (CONSIGNED,           True,            None,       CONSIGNED),
    (CONSIGNED,           True,            CONSIGNED,  CONSIGNED),
    (CONSIGNED,           True,            OWNED,      OWNED),
    (CONSIGNED,           True,            NON_OWNED,  NotDesignatedSo),
    (CONSIGNED,           False,           None,       OWNED),
    (CONSIGNED,           False,           OWNED,      OWNED),
    (CONSIGNED,           False,           NON_OWNED,  NotDesignatedSo),
    (OWNED,               True,            None,       OWNED),
    (OWNED,               True,            CONSIGNED,  NotDesignatedSo),
    (OWNED,               True,            NON_OWNED,  NotDesignatedSo),
    (NON_OWNED,           True,            None,       NON_OWNED),
    (NON_OWNED,           True,            OWNED,      NotDesignatedSo),
    (NON_OWNED,           True,            CONSIGNED,  NotDesignatedSo),
]  # fmt: skip


def line(here: ItemHere, supplier: int, is_agreed: bool, said: Ownership | None) -> object:
    try:
        return decide_ownership(
            here, supplier=supplier, supplier_code="them", is_agreed=is_agreed, said=said
        )
    except (NotDesignatedSo, OtherConsignor, NoConsignorAssigned) as refusal:
        return type(refusal)


@pytest.mark.parametrize(("designation", "is_agreed", "said", "expected"), LINES)
def test_the_designation_and_the_supplier_decide_what_a_line_is(
    designation, is_agreed: bool, said, expected
):
    assert line(ItemHere("BOLT", "S1", designation), ACME, is_agreed, said) == expected


ASSIGNED = [  # assigned  supplier  agreed  said        is
    (ACME,                ACME,     True,   None,       CONSIGNED),
    (ACME,                ACME,     False,  None,       CONSIGNED),
    (ACME,                ACME,     True,   OWNED,      OWNED),
    (ACME,                BOLTS,    True,   None,       OWNED),
    (ACME,                BOLTS,    True,   CONSIGNED,  OtherConsignor),
    (ACME,                BOLTS,    True,   OWNED,      OWNED),
    (None,                BOLTS,    True,   None,       NoConsignorAssigned),
    (None,                BOLTS,    False,  None,       OWNED),
    (None,                BOLTS,    False,  CONSIGNED,  NoConsignorAssigned),
]  # fmt: skip


@pytest.mark.parametrize(("assigned", "supplier", "is_agreed", "said", "expected"), ASSIGNED)
def test_where_one_consignor_is_taken_the_assigned_one_alone_consigns(
    assigned, supplier: int, is_agreed: bool, said, expected
):
    here = ItemHere("BOLT", "S1", CONSIGNED, True, assigned, "acme" if assigned else "")
    assert line(here, supplier, is_agreed, said) == expected


def test_an_assignment_to_a_site_takes_no_agreement_of_another():
    here = ItemHere("BOLT", "S1", CONSIGNED, True, ACME, "acme", 7, "lyon")
    check_site(here, site=7, agreement="A-1")
    with pytest.raises(OtherConsignorSite, match="acme at lyon; agreement A-2"):
        check_site(here, site=8, agreement="A-2")
    check_site(here._replace(takes_one_consignor=False), site=8, agreement="A-2")


STAGED = [  # ordered   designated now  staged as
    (CONSIGNED,         CONSIGNED,      CONSIGNED),
    (OWNED,             CONSIGNED,      OWNED),
    (OWNED,             OWNED,          OWNED),
    (OWNED,             NON_OWNED,      NON_OWNED),
    (NON_OWNED,         NON_OWNED,      NON_OWNED),
    (NON_OWNED,         OWNED,          OWNED),
]  # fmt: skip


@pytest.mark.parametrize(("ordered", "designation", "staged"), STAGED)
def test_a_line_is_staged_as_its_order_and_its_item_say(ordered, designation, staged):
    assert on_order(ItemHere("BOLT", "S1", designation), ordered) is staged


def test_nothing_is_staged_as_consigned_where_the_item_is_not():
    with pytest.raises(NotDesignatedSo):
        on_order(ItemHere("BOLT", "S1", OWNED), CONSIGNED)


def on_order(here: ItemHere, ordered: Ownership) -> Ownership:
    return decide_ownership(here, supplier=ACME, supplier_code="acme", ordered=ordered)


def test_what_was_ordered_of_another_than_the_assigned_consignor_is_refused():
    here = ItemHere("BOLT", "S1", CONSIGNED, True, BOLTS, "bolts")
    with pytest.raises(OtherConsignor):
        on_order(here, CONSIGNED)
    assert on_order(here, OWNED) is OWNED


@pytest.mark.parametrize("rule", TitleRule)
@pytest.mark.parametrize("ownership", Ownership)
def test_only_consigned_goods_whose_title_never_passes_are_merely_held(rule, ownership):
    terms = agreement(ACME)._replace(title_rule=rule)
    is_held = rule is TitleRule.NEVER and ownership is CONSIGNED
    assert comes_in_as(ownership, terms) is (NON_OWNED if is_held else ownership)
    assert comes_in_as(ownership, None) is ownership


CUSTOMER = Place(1, "CUSTOMER", Zone.CUSTOMER)
DOCK = Place(2, "DOCK", Zone.DOCK)
STORE = Place(3, "STORE", Zone.CONSIGNED_STORE)
STOCK = Place(4, "STOCK", Zone.STOCKROOM, is_owned=True)
LINE = Place(5, "LINE", Zone.SHOP_FLOOR)
CHECK = Place(6, "CHECK", Zone.INSPECTION)
OURS = Place(7, "OURS", Zone.QUARANTINE, is_owned=True)
PLACES = (CUSTOMER, DOCK, STORE, STOCK, LINE, CHECK, OURS)


@pytest.mark.parametrize(
    ("ownership", "offered"),
    [(CONSIGNED, [STORE, LINE]), (NON_OWNED, [STORE, LINE]), (OWNED, [STOCK, OURS])],
)
def test_places_are_offered_by_status(ownership, offered):
    assert putaway_places(PLACES, ownership) == offered


@pytest.mark.parametrize(
    ("ownership", "place", "is_let"),
    [
        (OWNED, STOCK, True), (OWNED, STORE, False), (OWNED, DOCK, True), (OWNED, CHECK, True),
        (OWNED, OURS, True), (NON_OWNED, STORE, True), (NON_OWNED, STOCK, False),
        (NON_OWNED, OURS, False), (NON_OWNED, CHECK, True), (CONSIGNED, STOCK, True),
    ],
)  # fmt: skip
def test_goods_are_put_away_in_their_class(ownership, place, is_let: bool):
    if is_let:
        check_putaway(place, ownership, goods="5 EA of BOLT", places=PLACES)
        return
    with pytest.raises(OtherPlacesOnly, match="5 EA of BOLT are"):
        check_putaway(place, ownership, goods="5 EA of BOLT", places=PLACES)
