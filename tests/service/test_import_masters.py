"""Masters and documents before goods arrive: told many at once, told twice, and told wrongly."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from consigned.measure.refusal import Refusal
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.inbound.orders import OrderLine, place_orders
from consigned_service.operations.inbound.shipments import ShipNoticeLine, record_ship_notices
from consigned_service.operations.master_data.agreements import (
    AgreementLine,
    PriceLine,
    register_agreements,
    register_prices,
)
from consigned_service.operations.master_data.items import ItemLine, register_items
from consigned_service.operations.master_data.parties import (
    OrganizationLine,
    PartyLine,
    PlaceLine,
    SiteLine,
    register_organizations,
    register_parties,
    register_places,
    register_sites,
)
from consigned_service.records import models
from tests.service.lawful import broken_laws
from tests.support.databases import Database
from tests.support.lines import rewritten

NOW = datetime(2026, 3, 6, 9, tzinfo=UTC)

AGREED = written(AgreementLine,
    "A-1", "acme", "northwind", "USD", "2026-01-01", "weekly", "2026-12-31",
    first_closing_on="2026-01-04",
)  # fmt: skip
OTHER = rewritten(AGREED, number="A-2", starts_on="2026-06-01", ends_on="")
ORDERED = written(OrderLine, "PO-1", "1", "2026-03-01", "acme", "BOLT", "10", unit="CS")
SHIPPED = written(
    ShipNoticeLine, "SN-1", "1", "2026-03-02", "PO-1", "1", "60", expected_on="2026-03-04"
)


def organization() -> Any:
    return models.Organization.objects.get(code="L1").pk


def place(lines) -> Result:
    return place_orders(organization=organization(), lines=lines, at=NOW)


def notify(lines) -> Result:
    return record_ship_notices(organization=organization(), lines=lines, by="ann", at=NOW)


def add_places(lines) -> Result:
    return register_places(organization=organization(), lines=lines, by="ines", at=NOW)


def tell(act: Callable[..., Result], *lines: Any) -> tuple[int, int, list[tuple[int, str]]]:
    """New, repeated, and the code of each refusal by its line."""
    done = act(lines=lines)
    refused = sorted((line.index, line.refusal.code) for line in done.refused)
    for line in done.refused:
        assert str(line.refusal)
        assert len(line.refusal.sentence()) < 300
    return done.new, done.repeated, refused


def tell_anew(act: Callable[..., Result], *lines: Any) -> tuple[int, int, int]:
    """New, changed, repeated; none is refused."""
    done = act(lines=list(lines), told_by=RecordedBy("ines", NOW)).or_raise()
    return done.new, done.changed, done.repeated


organizations = partial(register_organizations, by="ines", at=NOW)


@pytest.fixture
def masters(database: Database) -> Database:
    """A consignee, a consignor, items, an agreement with prices, and an order."""
    register_parties(
        lines=[written(PartyLine, code, "") for code in ("northwind", "acme", "bolts")]
    )
    register_sites(lines=[written(SiteLine, "acme", "PLANT")]).or_raise()
    organizations(lines=[written(OrganizationLine, "L1", "Lyon", "northwind", "USD")]).or_raise()
    register_items(
        lines=[
            written(ItemLine, "BOLT", "Hex bolt", "EA", units="CS=12"),
            written(ItemLine, "NUT", "Hex nut", "EA"),
            written(ItemLine, "PAPER", "Copy paper", "EA", "owned"),
        ]
    ).or_raise()
    register_agreements(lines=[AGREED]).or_raise()
    register_prices(
        lines=[
            written(PriceLine, "A-1", "BOLT", "2026-01-01", "15", unit="CS"),
            written(PriceLine, "A-1", "BOLT", "2026-03-05", "1.30"),
        ]
    ).or_raise()
    place([ORDERED]).or_raise()
    return database


def test_parties(database: Database) -> None:
    lines = [
        written(PartyLine, "acme", "Acme"),
        written(PartyLine, "acme", "Acme"),
    ]
    assert tell(register_parties, *lines) == (1, 1, [])
    lines = [written(PartyLine, "acme", "Acme Fasteners"), written(PartyLine, "zeta", "Zeta")]
    assert tell_anew(register_parties, *lines) == (1, 1, 0)
    assert models.Party.objects.get(code="acme").name == "Acme Fasteners"
    assert tell_anew(register_parties, written(PartyLine, "acme", "Acme")) == (0, 1, 0)
    models.Party.objects.get(code="zeta").delete()
    assert models.Party.objects.get().name == "Acme"


@pytest.mark.parametrize(
    ("act", "line", "code"),
    [
        (register_sites, partial(written, SiteLine, "nobody", "S"), "unknown-party"),
        (register_sites, partial(written, SiteLine, "acme", "S", gln="4006381333932"),
         "not-a-gs1-number"),
        (organizations, partial(written, OrganizationLine, "L2", "", "nobody", "USD"),
         "unknown-party"),
        (organizations, partial(written, OrganizationLine, "L2", "", "acme", "XXX"),
         "unknfunctional-currency"),
        (organizations, partial(written, OrganizationLine, "L2", "", "acme", "USD", "mine"),
         "invalid-choice"),
        (organizations, partial(written, OrganizationLine, "L1", "Lyon", "northwind", "EUR"),
         "differs"),
        (organizations, partial(written, OrganizationLine, "L1", "Lyon", "acme", "USD"), "differs"),
        (add_places, partial(written, PlaceLine, "X", zone="customer"), "external-zone"),
        (add_places, partial(written, PlaceLine, "X", zone="cellar"), "invalid-choice"),
        (add_places, partial(written, PlaceLine, "X", owned="perhaps"), "invalid-choice"),
        (add_places, partial(written, PlaceLine, "STOCK", "Stockroom", "stockroom", owned="no"),
         "differs"),
        (register_items, partial(written, ItemLine, "OIL", "", ""), "required"),
        (register_items, partial(written, ItemLine, "OIL", "", "L", "mine"), "invalid-choice"),
        (register_items, partial(written, ItemLine, "OIL", "", "L", gtin="123"),
         "not-a-gs1-number"),
        (register_items, partial(written, ItemLine, "OIL", "", "L", units="CAN"), "not-units"),
        (register_items, partial(written, ItemLine, "OIL", "", "L", units="CAN=0"), "not-units"),
        (register_items, partial(written, ItemLine, "OIL", "", "L", units="CAN=5 CAN=6"),
         "not-units"),
        (register_items, partial(written, ItemLine, "OIL", "", "L", units="CAN=five"),
         "invalid-quantity"),
        (register_items, partial(written, ItemLine, "BOLT", "", "KG"), "differs"),
        (register_items, partial(written, ItemLine, "BOLT", "", "EA", "owned"), "differs"),
        (register_items, partial(written, ItemLine, "BOLT", "", "EA", units="CS=13"), "differs"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", consignor="nobody"),
         "unknown-party"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", consignor="northwind"),
         "same-party"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", ends_on="2026-01-01"),
         "ends-before-it-starts"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", frequency="hourly"),
         "invalid-choice"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", first_closing_on=""),
         "required"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", closing_days="03-31"),
         "needless-closing-days"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", frequency="fixed-dates"),
         "required"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", frequency="fixed-dates",
                                              closing_days="03-31 04-31"), "invalid-day-of-year"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", frequency="fixed-dates",
                                              closing_days="03-31"), "not-a-closing-day"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", frequency="4-4-5",
                                              closing_days="01-31 02-28"), "invalid-day-of-year"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", consignor_site="X"),
         "unknown-site"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", payment_days="soon"),
         "invalid-number"),
        (register_agreements, partial(rewritten, AGREED, number="A-9", price_sources="guess"),
         "invalid-choice"),
        (register_agreements, partial(rewritten, AGREED, currency="EUR"), "differs"),
        (register_agreements, partial(rewritten, AGREED, ends_on="2026-06-30"), "differs"),
        (register_prices, partial(written, PriceLine, "A-9", "BOLT", "2026-01-01", "1"),
         "unknown-agreement"),
        (register_prices, partial(written, PriceLine, "A-1", "WING", "2026-01-01", "1"),
         "unknown-item"),
        (register_prices, partial(written, PriceLine, "A-1", "BOLT", "2026-01-01", "-1"),
         "invalid-amount"),
        (register_prices, partial(written, PriceLine, "A-1", "NUT", "2026-01-01", "1", unit="CS"),
         "unknown-unit"),
        (register_prices, partial(written, PriceLine, "A-1", "BOLT", "2026-01-01", "16", unit="CS"),
         "price-differs"),
        (register_prices, partial(written, PriceLine, "A-1", "BOLT", "2026-01-01", "15"),
         "price-differs"),
        (place, partial(rewritten, ORDERED, line="0"), "invalid-number"),
        (place, partial(rewritten, ORDERED, line="2", consignor="nobody"), "unknown-party"),
        (place, partial(rewritten, ORDERED, line="2", item="WING"), "unknown-item"),
        (place, partial(rewritten, ORDERED, line="2", quantity="0"), "orders-nothing"),
        (place, partial(rewritten, ORDERED, line="2", unit="PAL"), "unknown-unit"),
        (place, partial(rewritten, ORDERED, line="2", ordered_on="2026-04-01"), "not-yet"),
        (place, partial(rewritten, ORDERED, order="PO-9", consignor="bolts", ownership="consigned"),
         "no-agreement-in-force"),
        (place, partial(rewritten, ORDERED, line="2", ownership="non-owned"), "not-designated-so"),
        (place, partial(rewritten, ORDERED, order="PO-9", ordered_on="2025-12-31"),
         "no-agreement-in-force"),
        (place, partial(rewritten, ORDERED, order="PO-9", ordered_on="2025-12-31", agreement="A-1"),
         "agreement-not-in-force"),
        (place, partial(rewritten, ORDERED, line="2", agreement="A-9"), "unknown-agreement"),
        (place, partial(rewritten, ORDERED, order="PO-9", consignor="bolts", agreement="A-1"),
         "agreement-parties-differ"),
        (place, partial(rewritten, ORDERED, line="2", price="1", currency="EUR"),
         "currency-differs"),
        (place, partial(rewritten, ORDERED, line="2", ordered_on="2026-03-02"), "differs"),
        (place, partial(rewritten, ORDERED, line="2", consignor="bolts", ownership="owned"),
         "differs"),
        (place, partial(rewritten, ORDERED, quantity="11"), "differs"),
        (place, partial(rewritten, ORDERED, price="14"), "differs"),
        (notify, partial(rewritten, SHIPPED, order="PO-9"), "not-on-order"),
        (notify, partial(rewritten, SHIPPED, order_line="7"), "not-on-order"),
        (notify, partial(rewritten, SHIPPED, item="NUT"), "other-item-ordered"),
        (notify, partial(rewritten, SHIPPED, item="WING"), "unknown-item"),
        (notify, partial(rewritten, SHIPPED, consignor="bolts"), "other-consignor-ordered"),
        (notify, partial(rewritten, SHIPPED, quantity="0"), "ships-nothing"),
        (notify, partial(rewritten, SHIPPED, shipped_on="2026-04-01"), "not-yet"),
        (notify, partial(rewritten, SHIPPED, expires_on="soon"), "invalid-date"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_refused(masters: Database, act, line, code: str) -> None:
    """A line that is refused, by its fields or by the act, changes nothing."""
    before = everything()
    try:
        told = tell(act, line())
    except Refusal as refusal:
        told = (0, 0, [(0, refusal.code)])
    assert told == (0, 0, [(0, code)])
    assert everything() == before


def everything() -> list[list[Any]]:
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (
            models.Party, models.Site, models.Organization, models.Place, models.Item,
            models.ItemUnit, models.Agreement, models.AgreementLine, models.AgreementPrice,
            models.ConsignedOrder, models.OrderLine, models.ShipNotice, models.ShipNoticeLine,
        )
    ]  # fmt: skip


def test_an_organization_begins_with_its_places(masters: Database) -> None:
    places = models.Place.objects.order_by("number")
    assert list(places.values_list("code", "zone", "is_owned", "is_nettable")) == [
        ("SUPPLIER", "supplier", False, False),
        ("CUSTOMER", "customer", False, False),
        ("PRODUCTION", "production", False, False),
        ("LOSS", "loss", False, False),
        ("ELSEWHERE", "elsewhere", False, False),
        ("DOCK", "dock", False, False),
        ("STORE", "consigned-store", False, True),
        ("STOCK", "stockroom", True, True),
        ("TRANSIT", "in-transit", False, False),
    ]
    line = written(OrganizationLine, "L1", "Lyon centre", "northwind", "USD", "oldest-first")
    done = organizations(lines=[line, line])
    assert (done.changed, done.repeated, done.refused) == (1, 1, [])
    row = models.Organization.objects.get()
    assert (row.name, row.pick_order) == ("Lyon centre", "oldest-first")
    assert tell(add_places, written(PlaceLine, "BIN"), written(PlaceLine, "BIN")) == (1, 1, [])
    assert tell(add_places, written(PlaceLine, "BIN")) == (0, 1, [])
    assert models.Place.objects.get(code="BIN").number == 10
    assert broken_laws() == []


def test_items_take_further_names_and_units(masters: Database) -> None:
    told = written(ItemLine, "BOLT", "Hex bolt M8", "EA", gtin="4006381333931", units="PAL=480")
    assert tell_anew(register_items, told, told) == (0, 1, 1)
    item = models.Item.objects.get(code="BOLT")
    assert (item.name, item.gtin) == ("Hex bolt M8", "4006381333931")
    units = dict(item.units.values_list("unit", "micros"))
    assert units == {"CS": 12_000_000, "PAL": 480_000_000}
    assert tell(register_items, written(ItemLine, "BOLT", "Hex bolt M8", "EA")) == (0, 1, [])
    assert models.Item.objects.get(code="BOLT").gtin == "4006381333931"


@pytest.mark.rows("O19")
def test_an_agreement_is_extended_and_its_prices_follow_one_another(masters: Database) -> None:
    longer = rewritten(AGREED, ends_on="2027-12-31")
    assert tell_anew(register_agreements, longer, longer) == (0, 1, 1)
    assert str(models.Agreement.objects.get().ends_on) == "2027-12-31"
    assert tell(register_agreements, AGREED) == (0, 0, [(0, "differs")])
    forever = rewritten(AGREED, ends_on="")
    assert tell_anew(register_agreements, forever) == (0, 1, 0)
    assert models.Agreement.objects.get().ends_on is None
    row = models.Agreement.objects.get()
    assert (row.summary_level, row.settlement_method, row.title_rule, row.payment_days) == (
        "organization-item", "supplier-invoice", "on-use", 30,
    )  # fmt: skip
    assert row.price_sources == "agreement order-line"

    first = written(PriceLine, "A-1", "NUT", "2026-01-01", "0.0333")
    ended = rewritten(first, ends_on="2026-06-01")
    assert tell_anew(register_prices, first, ended, first) == (1, 1, 1)
    assert str(models.AgreementPrice.objects.get(item__code="NUT").ends_on) == "2026-06-01"
    assert tell(register_prices, rewritten(ended, ends_on="2026-07-01")) == (
        0,
        0,
        [(0, "price-differs")],
    )
    assert tell(register_prices, rewritten(first, starts_on="2026-06-01", price="0.04")) == (
        1,
        0,
        [],
    )
    assert models.AgreementLine.objects.filter(item__code="NUT").count() == 1


@pytest.mark.rows("O20")
def test_an_order_takes_its_terms_from_the_agreement(masters: Database) -> None:
    """What a line does not say is settled once, whatever is agreed on later."""
    line = models.OrderLine.objects.get()
    assert (line.order.agreement.number, line.ownership) == ("A-1", "consigned")
    assert (line.quantity, line.price, line.per) == (120_000_000, 15_000_000, 12_000_000)
    register_agreements(lines=[OTHER, rewritten(AGREED, number="A-3")]).or_raise()
    register_prices(lines=[written(PriceLine, "A-3", "BOLT", "2026-01-01", "2")]).or_raise()
    assert tell(place, ORDERED, rewritten(ORDERED, agreement="A-1")) == (0, 2, [])
    assert tell(place, rewritten(ORDERED, agreement="A-3")) == (0, 0, [(0, "differs")])
    assert tell(place, rewritten(ORDERED, order="PO-2")) == (0, 0, [(0, "several-agreements")])
    assert tell(place, rewritten(ORDERED, order="PO-2", agreement="A-3")) == (1, 0, [])
    # the second line of an order comes under the order's agreement
    second = rewritten(
        ORDERED, order="PO-2", line="2", unit="", price="1.99", needed_on="2026-03-20"
    )
    bought = rewritten(ORDERED, order="PO-2", line="3", item="PAPER", unit="", price="3")
    assert tell(place, second, bought, second) == (2, 1, [])
    lines = {line.line: line for line in models.OrderLine.objects.filter(order__number="PO-2")}
    assert lines[1].price == 2_000_000
    assert (lines[2].price, str(lines[2].needed_on)) == (1_990_000, "2026-03-20")
    assert (lines[3].ownership, lines[3].price, lines[3].currency) == ("owned", 3_000_000, "USD")
    journals = models.Journal.objects.count()
    assert journals == 0, "an order creates no debt"


def test_an_order_comes_under_an_agreement_with_its_first_consigned_line(masters: Database) -> None:
    bought = rewritten(ORDERED, order="PO-3", item="PAPER", unit="")
    assert tell(place, bought) == (1, 0, [])
    assert models.ConsignedOrder.objects.get(number="PO-3").agreement is None
    assert tell(place, rewritten(ORDERED, order="PO-3", line="2")) == (1, 0, [])
    assert models.ConsignedOrder.objects.get(number="PO-3").agreement.number == "A-1"
    assert tell(place, bought) == (0, 1, [])


@pytest.mark.rows("C06")
def test_a_ship_notice_tells_what_is_on_its_way(masters: Database) -> None:
    said_in_full = rewritten(SHIPPED, item="BOLT", consignor="acme", quantity="5", unit="CS")
    assert tell(notify, SHIPPED, said_in_full) == (1, 1, [])
    later = rewritten(SHIPPED, expected_on="2026-03-09")
    assert tell(notify, later) == (0, 1, [])
    assert str(models.ShipNotice.objects.get().expected_on) == "2026-03-09"
    assert tell(notify, rewritten(SHIPPED, shipped_on="2026-03-01")) == (0, 0, [(0, "differs")])
    assert tell(notify, rewritten(SHIPPED, quantity="61")) == (0, 0, [(0, "differs")])
    second = rewritten(SHIPPED, line="2", lot="LOT-B", serial="17", expires_on="2027-03-01")
    assert tell(notify, second) == (1, 0, [])
    line = models.ShipNoticeLine.objects.get(line=2)
    assert (line.quantity, line.lot, line.serial) == (60_000_000, "LOT-B", "17")
    assert models.Entry.objects.count() == 0, "goods on their way are in nobody's custody here"


def test_a_ship_notice_belongs_to_one_organization(masters: Database) -> None:
    notify([SHIPPED]).or_raise()
    organizations(lines=[written(OrganizationLine, "L2", "", "northwind", "USD")]).or_raise()
    other = models.Organization.objects.get(code="L2").pk
    place_orders(organization=other, lines=[ORDERED], at=NOW).or_raise()
    (refused,) = record_ship_notices(organization=other, lines=[SHIPPED], by="ann", at=NOW).refused
    assert refused.refusal.code == "differs"
    assert models.ShipNotice.objects.count() == 1
