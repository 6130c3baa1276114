"""Every refusal says its name, the asker's numbers, and what can be done."""

import re
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import walk_packages

import pytest

import consigned
from consigned.inbound.receipts import OverReceipt
from consigned.inventory.title_transfers import NotEnoughIssued, NotEnoughOnHand
from consigned.master_data.parties import NotYet, Organization, PeriodClosed, default_place
from consigned.measure.refusal import Refusal
from consigned.title.position import Zone
from tests.business.store import DOCK, SHELF, STOCKROOM, US, day, each

MODULES = [
    import_module(found.name)
    for found in walk_packages(consigned.__path__, "consigned.")
    if not found.ispkg
]
REFUSALS = {
    refusal
    for module in MODULES
    for _, refusal in getmembers(module, isclass)
    if issubclass(refusal, Refusal) and refusal is not Refusal
}


def promised_by(module) -> set[str]:
    said = re.search(r"^Refuses: (.*?)\.$", module.__doc__ or "", re.MULTILINE | re.DOTALL)
    return set(re.findall(r"[A-Z]\w+", said[1])) if said else set()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_modules_head_names_every_refusal_that_it_defines_and_no_other_that_is_unknown(module):
    defined = {r.__name__ for r in REFUSALS if r.__module__ == module.__name__}
    assert defined <= promised_by(module) <= {refusal.__name__ for refusal in REFUSALS}


def test_every_refusal_has_a_code_of_its_own():
    codes = [refusal.code for refusal in REFUSALS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", code) for code in codes)
    assert "refused" not in codes


def test_a_remedy_is_a_sentence():
    for refusal in REFUSALS:
        assert refusal.remedy == "" or re.fullmatch(r"[A-Z].*\.", refusal.remedy), refusal


SENTENCES = [
    (
        NotEnoughOnHand("BOLT", "EA", "SHELF", asked=each(40), held=each(30), owner="bolts"),
        "SHELF holds 30 EA of BOLT owned by bolts; 40 EA asked. "
        "Receive or count what is missing, then resubmit.",
    ),
    (
        NotEnoughOnHand("BOLT", "EA", "NORTH", each(20), each(55), promised=each(40)),
        "NORTH holds 55 EA of BOLT, 40 EA of it promised to others; 20 EA asked. "
        "Receive or count what is missing, then resubmit.",
    ),
    (
        NotEnoughOnHand("BOLT", "EA", "NORTH", each(9), each(5), None, each(2), each(30), day(1)),
        "NORTH held 5 EA of BOLT on 2026-03-02 (30 EA came later), 2 EA of it promised to others; "
        "9 EA asked. Receive or count what is missing, then resubmit.",
    ),
    (
        NotEnoughIssued("BOLT", "EA", "NORTH", asked=each(4), issued=each(2.5)),
        "NORTH issued 2.5 EA of BOLT that did not come back; a return of 4 EA asked. "
        "Report the sale that the return belongs to, then resubmit.",
    ),
    (
        NotEnoughIssued("BOLT", "EA", "NORTH", each(4), each(3), "bolts", each(7), day(1)),
        "NORTH had issued 3 EA of BOLT from bolts by 2026-03-02 (7 EA went out later) that did not "
        "come back; a return of 4 EA asked. "
        "Report the sale that the return belongs to, then resubmit.",
    ),
    (
        OverReceipt("BOLT", "PO-7", each(100), each(100), each(90), each(11), "EA"),
        "order PO-7 asks for 100 EA of BOLT; 90 came before, 11 more would be too many. "
        "Receive what was ordered, and order the rest on a line of its own.",
    ),
]


@pytest.mark.parametrize(("refusal", "sentence"), SENTENCES)
def test_a_refusal_speaks_in_the_askers_numbers(refusal: Refusal, sentence: str):
    assert refusal.sentence() == sentence


def test_a_refusal_can_be_raised_and_caught_by_name():
    with pytest.raises(NotYet):
        raise NotYet(day(3), day(1))


DAYS = [  # happened   today    closed through   refused
    (1,                5,       None,            None),
    (5,                5,       None,            None),
    (6,                5,       None,            None),        # a till east of us
    (7,                5,       None,            NotYet),
    (3,                5,       3,               PeriodClosed),
    (2,                5,       3,               PeriodClosed),
    (4,                5,       3,               None),
    (9,                5,       9,               PeriodClosed),
]  # fmt: skip


@pytest.mark.parametrize(("happened", "today", "closed", "refused"), DAYS)
def test_a_day_in_a_closed_period_or_still_to_come_is_refused(happened, today, closed, refused):
    store = Organization(1, "NORTH", US, "USD", "own-first", day(closed) if closed else None)
    if refused:
        with pytest.raises(refused):
            store.check_day(day(happened), today=day(today))
    else:
        store.check_day(day(happened), today=day(today))


def test_the_place_that_is_meant_when_none_is_named_is_the_first_of_its_zone():
    assert default_place([DOCK, SHELF, STOCKROOM], Zone.CONSIGNED_STORE) is SHELF
    with pytest.raises(LookupError):
        default_place([DOCK], Zone.SHOP_FLOOR)
