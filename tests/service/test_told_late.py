"""Acts told late: no place holds less than nothing on any day, whatever changed meanwhile."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from django.db import connection

from consigned.master_data.parties import CostMethod
from consigned.measure.identity import OrganizationId
from consigned.measure.refusal import Refusal
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.counting import counts, dispositions
from consigned_service.operations.inbound import receipts
from consigned_service.operations.inventory import aging, quality
from consigned_service.operations.inventory import interorganization as between
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import agreements, items, parties
from consigned_service.operations.master_data import bills_of_material as bills
from consigned_service.operations.production import completions as production
from consigned_service.operations.production import disassembly as taking_apart
from consigned_service.operations.returns import returns
from consigned_service.records import models
from consigned_service.records.master_data.agreements import party_ids
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.tampering import take_the_guards_away
from tests.support.databases import Database

BY = "dora"
CAME, EARLY, MEANWHILE, TOLD = "2026-11-02", "2026-11-05", "2026-11-10", "2026-11-15"
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)


def open_house(cost_method: str = "fifo") -> OrganizationId:
    """A hundred bolts of Acme's and twenty of our own came on the second; Acme's age after three
    days, and those under the second agreement are bought when their six days on display end."""
    parties.register_parties(
        lines=[written(parties.PartyLine, code, "") for code in ("northwind", "acme", "bolts")]
    ).or_raise()
    parties.register_organizations(
        lines=[
            written(parties.OrganizationLine, code, "", "northwind", "USD", cost_method=cost_method)
            for code in ("S1", "S2")
        ],
        by=BY, at=at(CAME),
    ).or_raise()  # fmt: skip
    house = organization("S1")
    parties.register_places(
        organization=house,
        lines=[written(parties.PlaceLine, "FLOOR", "", "shop-floor")],
        by=BY,
        at=at(CAME),
    ).or_raise()
    items.register_items(
        lines=[
            written(items.ItemLine, "BOLT", "", "EA"),
            written(items.ItemLine, "LAMP", "", "EA", "owned"),
        ]
    ).or_raise()
    bills.register_bills(
        organization=house, lines=[written(bills.BillLine, "LAMP", "BOLT", "2", "", "")]
    ).or_raise()
    terms = {"frequency": "monthly", "first_closing_on": "2026-11-30", "aging_days": "3"}
    agreements.register_agreements(
        lines=[
            written(
                agreements.AgreementLine, "A-1", "acme", "northwind", "USD", "2026-01-01", **terms),
            written(agreements.AgreementLine, "A-2", "bolts", "northwind", "USD", "2026-01-01",
                                     display_days="6", end_of_term="convert", **terms),
        ]
    ).or_raise()  # fmt: skip
    agreements.register_prices(
        lines=[
            written(agreements.PriceLine, number, "BOLT", "2026-01-01", price)
            for number, price in (("A-1", "12.00"), ("A-2", "3.33"))
        ]
    ).or_raise()
    receipts.record_receipts(
        organization=house, by=BY, at=at(CAME),
        lines=[
            written(receipts.ReceiptLine,
                "R-1", "1", CAME, agreement="A-1", item="BOLT", quantity="100"),
            written(receipts.ReceiptLine,
                "R-2", "1", CAME, agreement="A-2", item="BOLT", quantity="80"),
        ],
    ).or_raise()  # fmt: skip
    return house


def organization(code: str) -> OrganizationId:
    return OrganizationId(models.Organization.objects.get(code=code).pk)


def each_day(house: OrganizationId) -> dict[str, dict[tuple[int, int], int]]:
    """What every position holds of every layer at the end of each day, added up from the rows."""
    inside = {
        number
        for number, zone in models.Position.objects.filter(organization=house).values_list(
            "number", "place"
        )
        if models.Place.objects.get(organization=house, number=zone).zone
        not in ("supplier", "customer", "production", "loss", "elsewhere")
    }
    held: dict[tuple[int, int], int] = defaultdict(int)
    days = {}
    entries = models.Entry.objects.filter(organization=house).order_by("happened_on", "number")
    for entry in entries:
        held[entry.source, entry.layer] -= entry.quantity
        held[entry.target, entry.layer] += entry.quantity
        days[str(entry.happened_on)] = {
            slot: left for slot, left in held.items() if slot[0] in inside
        }
    return days


def nothing_is_below_nothing(house: OrganizationId) -> None:
    for day, held in each_day(house).items():
        assert min(held.values()) >= 0, (day, held)
    assert audit().breaches == []
    assert broken_laws() == []


# --- what a person sees --------------------------------------------------------------------


@pytest.mark.rows("O29")
def test_a_use_told_after_its_goods_became_ours_leaves_no_day_below_nothing(
    database: Database, tmp_path: Any
) -> None:
    house = open_house()
    use("transfer-to-owned", "R-1 is ours", MEANWHILE, "100", "acme")(house)
    use("sale", "told late", EARLY, "4", "")(house)
    console = Console(tmp_path)
    for day, ours, value in ((EARLY, None, None), ("2026-11-09", None, None),
                             (MEANWHILE, "96", "1152.00")):  # fmt: skip
        told = console("stock", "--as-of", day, "--item", "BOLT", "--as", "northwind", "--json")
        held = {line["owner"]: line["quantity"]["number"] for line in told.answer}
        assert held.get("northwind") == ours, (day, told.answer)
        worth = console("value", "--as-of", day, "--as", "northwind", "--json").answer
        assert [line["value"]["amount"] for line in worth] == ([value] if value else []), worth
    nothing_is_below_nothing(house)


def use(
    kind: str, reference: str, day: str, quantity: str, consignor: str = "", **named: str
) -> Callable[[OrganizationId], None]:
    return lambda house: consumption.record_consumption(
        organization=house, source="desk", by=BY, at=at(TOLD),
        lines=[
            written(consumption.Reported,
                reference, "BOLT", quantity, day, kind=kind, consignor=consignor, **named
            )
        ],
    ).or_raise()  # fmt: skip


def aged(reference: str, day: str, quantity: str) -> Callable[[OrganizationId], None]:
    return lambda house: aging.buy_aged(
        organization=house, by=BY, at=at(TOLD),
        lines=[written(aging.AgedLine, reference, day, "R-1", quantity=quantity)],
    ).or_raise()  # fmt: skip


def terms_end(house: OrganizationId) -> None:
    (northwind,) = party_ids(["northwind"]).values()
    on = date.fromisoformat(MEANWHILE)
    assert aging.run_aging(consignee=northwind, on=on, by=BY, at=at(TOLD)).bought == 1


def moved(
    reference: str, day: str, quantity: str, there: str = "FLOOR", **named: str
) -> Callable[[OrganizationId], None]:
    return lambda house: custody.transfer_goods(
        organization=house, by=BY, at=at(TOLD),
        lines=[
            written(custody.TransferLine, reference, "BOLT", quantity, "STORE", there, day, **named)
        ],
    ).or_raise()  # fmt: skip


def held(reference: str, day: str, quantity: str, *, ends: bool = False) -> Any:
    act = quality.release_goods if ends else quality.hold_goods
    return lambda house: act(
        organization=house, by=BY, at=at(TOLD),
        lines=[written(quality.HoldLine, reference, "BOLT", day, quantity)],
    ).or_raise()  # fmt: skip


def sent_back(reference: str, day: str, quantity: str, **named: str) -> Any:
    return lambda house: returns.return_to_supplier(
        organization=house, by=BY, at=at(TOLD),
        lines=[written(returns.ReturnLine, reference, "BOLT", quantity, day, **named)],
    ).or_raise()  # fmt: skip


def turned_back(reference: str, day: str, quantity: str, **named: str) -> Any:
    return lambda house: returns.transfer_to_consigned(
        organization=house, by=BY, at=at(TOLD),
        lines=[written(returns.ToConsignedLine, reference, "BOLT", quantity, day, **named)],
    ).or_raise()  # fmt: skip


def brought(reference: str, day: str, quantity: str, **named: str) -> Any:
    return lambda house: returns.take_back(
        organization=house, by=BY, at=at(TOLD),
        lines=[written(returns.CustomerReturnLine, reference, "BOLT", quantity, day, **named)],
    ).or_raise()  # fmt: skip


def reversed_receipt(reference: str, day: str, quantity: str) -> Any:
    return lambda house: returns.reverse_receipts(
        organization=house, by=BY, at=at(TOLD),
        lines=[written(returns.ReceiptReversalLine, reference, "R-1", "1", day, "twice", quantity)],
    ).or_raise()  # fmt: skip


def disposed(reference: str, day: str, quantity: str, outcome: str) -> Any:
    return lambda house: dispositions.dispose_of(
        organization=house, by=BY, at=at(TOLD),
        lines=[
            written(dispositions.DispositionLine,
                reference, "BOLT", quantity, outcome, day, "broken", "acme"
            )
        ],
    ).or_raise()  # fmt: skip


def counted(reference: str, day: str, quantity: str, reason: str) -> Any:
    return lambda house: counts.record_counts(
        organization=house, by=BY, at=at(TOLD),
        lines=[
            written(
                counts.CountLine, reference, "BOLT", quantity, day, consignor="acme", reason=reason)
        ],
    ).or_raise()  # fmt: skip


def made(reference: str, day: str, quantity: str) -> Any:
    return lambda house: production.record_production(
        organization=house, by=BY, at=at(TOLD),
        lines=[written(production.CompletionLine, reference, "LAMP", quantity, day)],
    ).or_raise()  # fmt: skip


def taken_apart(reference: str, day: str, quantity: str) -> Any:
    return lambda house: taking_apart.take_apart(
        organization=house, by=BY, at=at(TOLD),
        lines=[written(taking_apart.TakeApartLine, reference, "LAMP", quantity, day)],
    ).or_raise()  # fmt: skip


def sent(reference: str, day: str, quantity: str, **named: str) -> Any:
    return lambda house: between.transfer_between(
        by=BY, at=at(TOLD),
        lines=[
            written(
                between.BetweenLine, reference, "S1", "BOLT", quantity, "STORE", "S2", "STORE", day,
                                **named)
        ],
    ).or_raise()  # fmt: skip


def all_became_ours(house: OrganizationId) -> None:
    use("transfer-to-owned", "all ours", MEANWHILE, "100", "acme")(house)


def some_became_ours(house: OrganizationId) -> None:
    use("transfer-to-owned", "some ours", MEANWHILE, "37", "acme")(house)


def aged_goods_were_bought(house: OrganizationId) -> None:
    aged("bought", MEANWHILE, "60")(house)


def customers_brought_back(house: OrganizationId) -> None:
    use("sale", "sold", "2026-11-03", "90", "acme")(house)
    brought("brought back", MEANWHILE, "50")(house)


def all_was_moved(house: OrganizationId) -> None:
    moved("to the floor", MEANWHILE, "100", consignor="acme")(house)
    moved("theirs, too", MEANWHILE, "80", consignor="bolts")(house)


def most_was_held_and_released(house: OrganizationId) -> None:
    held("held", MEANWHILE, "150")(house)
    held("released", "2026-11-12", "150", ends=True)(house)


def title_went_back(house: OrganizationId) -> None:
    use("transfer-to-owned", "ours on the third", "2026-11-03", "100", "acme")(house)
    turned_back("theirs again", MEANWHILE, "100")(house)


def lamps_were_made_and_taken_apart(house: OrganizationId) -> None:
    made("lamps", "2026-11-03", "40")(house)
    taken_apart("apart", MEANWHILE, "40")(house)


CHANGED_MEANWHILE = (
    all_became_ours, some_became_ours, aged_goods_were_bought, terms_end, customers_brought_back,
    all_was_moved, most_was_held_and_released, title_went_back, lamps_were_made_and_taken_apart,
)  # fmt: skip

TOLD_LATE = {
    "a sale": use("sale", "l1", EARLY, "7"),
    "a sale of Acme's": use("sale", "l2", EARLY, "3", "acme"),
    "a sample": use("sample", "l3", "2026-11-06", "1"),
    "scrap": use("scrap", "l4", EARLY, "2"),
    "a work order": use("work-order", "l5", EARLY, "2", work_order="W-1"),
    "a transfer to owned": use("transfer-to-owned", "l6", EARLY, "5"),
    "an aged purchase": aged("l7", EARLY, "4"),
    "a move": moved("l8", EARLY, "6"),
    "a move into our own": moved("l9", EARLY, "2", "STOCK"),
    "a hold": held("l10", EARLY, "3"),
    "a return": sent_back("l11", EARLY, "4"),
    "a return of ours": sent_back("l12", EARLY, "2", owned="yes", with_title_transfer="yes"),
    "title going back": turned_back("l13", EARLY, "2"),
    "a customer's return": brought("l14", EARLY, "1"),
    "a customer's return as issued": brought("l15", EARLY, "1", to_original_owner="yes"),
    "a receipt by mistake": reversed_receipt("l16", EARLY, "3"),
    "damage": disposed("l17", EARLY, "3", "block"),
    "damage scrapped": disposed("l18", "2026-11-06", "1", "scrap"),
    "damage kept": disposed("l19", "2026-11-06", "1", "keep"),
    "a count": counted("l20", EARLY, "40", "stolen"),
    "a count of what never came": counted("l21", EARLY, "20", "mis-shipped"),
    "production": made("l22", EARLY, "3"),
    "taking apart": taken_apart("l23", "2026-11-06", "1"),
    "a transfer to the other house": sent("l24", EARLY, "5"),
    "one of ours": sent("l25", EARLY, "2", consignor="northwind"),
}
"""Each on the fifth or sixth, told on the fifteenth."""


@ON_SQLITE
@pytest.mark.parametrize("meanwhile", CHANGED_MEANWHILE, ids=lambda act: act.__name__)
def test_no_day_goes_below_nothing_whatever_is_told_late(
    database: Database, meanwhile: Callable[[OrganizationId], None]
) -> None:
    """Every act that takes goods from somewhere, told in random order after what changed."""
    cost_method = list(CostMethod)[CHANGED_MEANWHILE.index(meanwhile) % len(CostMethod)]
    house = open_house(cost_method)
    meanwhile(house)
    nothing_is_below_nothing(house)
    order = list(TOLD_LATE)
    Random(meanwhile.__name__).shuffle(order)
    refused = {}
    for nth, name in enumerate(order):
        try:
            TOLD_LATE[name](house)
        except Refusal as refusal:
            refused[name] = str(refusal)
        if nth % 8 == 0:
            nothing_is_below_nothing(house)
    nothing_is_below_nothing(house)
    assert len(refused) <= len(TOLD_LATE) * 2 / 3, refused


# --- the audit walks the days ----------------------------------------------------------------


def test_the_audit_names_the_day_that_is_below_nothing(database: Database) -> None:
    """As a program with a mistake would have written it; broken seals count for nothing."""
    house = open_house("average")
    all_became_ours(house)
    use("sale", "told late", EARLY, "4")(house)
    take_the_guards_away()
    early, moment = f"'{EARLY}'", f"'{MEANWHILE}'"
    ours = "(SELECT MAX(number) FROM title_entry WHERE kind = 'issued')"
    sold = "(SELECT MAX(number) FROM cost_entry WHERE quantity < 0)"
    booked = "(SELECT MAX(number) FROM journal WHERE credit = 'inventory')"
    for law, what, table, column, number, was in (
        ("no stock is negative", "it holds -4 on 2026-11-05",
         "title_entry", "happened_on", ours, moment),
        ("our own goods are costed", "on 2026-11-05 0 lie there, -4 are costed, at -4800",
         "cost_entry", "happened_on", sold, moment),
        ("the inventory account is the cost of our goods",
         "on 2026-11-05 the goods cost 0.00, the books say -48.00",
         "journal", "happened_on", booked, moment),
    ):  # fmt: skip
        alter(f"UPDATE {table} SET {column} = {early} WHERE number = {number}")
        found = [(breach.law, breach.sentence) for breach in audit().breaches]
        assert (law, what) in found, found
        alter(f"UPDATE {table} SET {column} = {was} WHERE number = {number}")
    for law, what, statement in (
        ("replay gives the balances", "by the entries goods last came on 2026-11-10, the balance "
         "says 2026-11-05", f"UPDATE balance SET came_on = {early} WHERE came_on = {moment}"),
        ("our own goods are costed", "96 of it cost 115200 as it is kept, 96 cost 115200 by what "
         "was recorded", f"UPDATE inventory_cost SET changed_on = {early}"),
    ):  # fmt: skip
        alter(statement)
        found = [(breach.law, breach.sentence) for breach in audit().breaches]
        assert (law, what) in found, found


def alter(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1, statement
