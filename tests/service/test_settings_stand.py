"""What a file does not say stays as it is: a file with fewer columns resets nothing."""

from datetime import UTC, datetime

import pytest

from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data.item_settings import (
    ItemSettingLine,
    register_item_settings,
)
from consigned_service.operations.master_data.items import ItemLine, register_items
from consigned_service.operations.master_data.parties import (
    OrganizationLine,
    PartyLine,
    SiteLine,
    register_organizations,
    register_parties,
    register_sites,
)
from consigned_service.records import models
from tests.support.lines import rewritten

NOW = datetime(2026, 3, 6, 9, tzinfo=UTC)
SETTLED = written(OrganizationLine,
    "S1", "Lyon", "northwind", "USD", "consigned-first", "acme bolts", "yes", "no", "broad-first",
    cost_method="average", payables_unit="S1",
)  # fmt: skip
BARE = written(OrganizationLine, "S1", "", "northwind", "USD")


def organizations(*lines):
    return register_organizations(lines=lines, by="ines", at=NOW).or_raise()


@pytest.fixture
def northwind(database):
    parties = [
        written(PartyLine, "northwind", "Northwind Stores"),
        written(PartyLine, "acme", ""),
        written(PartyLine, "bolts", ""),
    ]
    register_parties(lines=parties).or_raise()


def settings():
    row = models.Organization.objects.get(code="S1")
    return (
        row.name, row.pick_order, row.owner_sequence, row.one_consignor_per_item,
        row.allows_transfer_to_owned, row.rule_precedence, row.cost_method, row.payables_unit,
    )  # fmt: skip


def test_an_organization_told_again_with_less_keeps_its_settings(northwind):
    organizations(SETTLED)
    told = organizations(BARE)
    assert (told.new, told.repeated) == (0, 1)
    assert settings() == (
        "Lyon", "consigned-first", "acme bolts", True, False, "broad-first", "average", "S1",
    )  # fmt: skip


def test_one_setting_told_anew_leaves_the_others(northwind):
    organizations(SETTLED)
    organizations(rewritten(BARE, one_consignor_per_item="no"))
    assert settings() == (
        "Lyon", "consigned-first", "acme bolts", False, False, "broad-first", "average", "S1",
    )  # fmt: skip


def test_a_new_organization_has_the_usual_settings_whatever_is_said_of_it_in_the_same_file(
    northwind,
):
    organizations(BARE, rewritten(BARE, allows_transfer_to_owned="no"), BARE)
    assert settings() == ("S1", "own-first", "", False, False, "specific-first", "fifo", "")


@pytest.mark.rows("P13")
def test_only_an_organization_of_the_same_party_pays_for_what_comes(northwind):
    organizations(written(OrganizationLine, "H1", "", "northwind", "USD"))
    organizations(written(OrganizationLine, "A1", "", "acme", "USD"))
    told = register_organizations(
        lines=[
            rewritten(BARE, payables_unit="A1"),
            rewritten(BARE, payables_unit="H9"),
            rewritten(BARE, payables_unit="H1"),
        ],
        by="ines",
        at=NOW,
    )
    assert [one.refusal.code for one in told.refused] == ["unknown-organization"] * 2
    assert settings()[-1] == "H1"


def test_an_item_told_again_with_less_keeps_what_it_is(database):
    whole = written(
        ItemLine, "ACID", "Acid", "KG", "owned", "", "DR=200", "container", "lot", "yes", "no"
    )
    register_items(lines=[whole]).or_raise()
    told = register_items(lines=[written(ItemLine, "ACID", "", "KG")]).or_raise()
    assert told.repeated == 1
    row = models.Item.objects.get(code="ACID")
    assert (row.name, row.ownership, row.counted_by, row.tracking) == (
        "Acid", "owned", "container", "lot",
    )  # fmt: skip
    assert (row.is_hazardous, row.is_approved) == (True, False)


def test_a_name_that_is_not_told_again_stands(northwind):
    register_parties(lines=[written(PartyLine, "northwind", "")]).or_raise()
    register_sites(lines=[written(SiteLine, "northwind", "lyon", "Lyon")]).or_raise()
    register_sites(lines=[written(SiteLine, "northwind", "lyon", "")]).or_raise()
    assert models.Party.objects.get(code="northwind").name == "Northwind Stores"
    assert models.Site.objects.get().name == "Lyon"


def test_an_item_setting_told_again_with_less_stands(northwind):
    organizations(SETTLED)
    register_items(lines=[written(ItemLine, "ACID", "", "KG", approved="no")]).or_raise()
    organization = models.Organization.objects.get().pk
    whole = written(
        ItemSettingLine,
        "ACID",
        "consigned",
        "northwind",
        "oldest-first",
        "acme",
        approved="yes",
        inspected="yes",
    )
    for line in (
        whole,
        written(ItemSettingLine, "ACID"),
        written(ItemSettingLine, "ACID", pick_order="own-first"),
    ):
        register_item_settings(
            organization=organization, lines=[line], by="ines", at=NOW
        ).or_raise()
    row = models.ItemSetting.objects.get()
    assert (row.ownership, row.consignor.code, row.pick_order, row.owner_sequence) == (
        "consigned", "northwind", "own-first", "acme",
    )  # fmt: skip
    assert (row.is_approved, row.is_inspected) == (True, True)
    again = rewritten(whole, approved="no")
    told = register_item_settings(organization=organization, lines=[again], by="ines", at=NOW)
    assert [line.refusal.code for line in told.refused] == ["differs"]
