"""Where goods may be put away, asked at the command line."""

import pytest

from consigned_service.operations.receipts import ReceiptLine, record_receipts
from tests.service.console import Console
from tests.service.shop import BY, NOW, open_shop, organization_id

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def console(database, tmp_path) -> Console:
    open_shop("s1")
    bought = ReceiptLine(
        "R9", "1", "2026-03-05", item="BOLT", quantity="5", consignor="acme", ownership="owned",
        price="1.40", place="DOCK",
    )  # fmt: skip
    record_receipts(organization=organization_id("s1"), lines=[bought], by=BY, at=NOW).or_raise()
    return Console(tmp_path)


@ON_SQLITE
@pytest.mark.rows("P30")
def test_the_places_that_fit_are_shown(console: Console) -> None:
    consigned = console("places", "s1", "--item", "BOLT", "--json").answer
    assert consigned["ownership"] == "consigned"
    assert [place["place"] for place in consigned["places"]] == ["STORE"]
    bought = console("places", "s1", "--receipt", "R9", "--json").answer
    assert (bought["ownership"], [p["place"] for p in bought["places"]]) == ("owned", ["STOCK"])
    said = console("places", "s1", "--item", "BOLT", "--status", "owned")
    assert said.out.startswith("BOLT is owned.")
    assert "STOCK" in said.out


@ON_SQLITE
def test_what_is_not_there_is_said(console: Console) -> None:
    assert "no line 2 on a receipt 'R9'" in console("places", "s1", "--receipt", "R9",
                                                    "--line", "2").err  # fmt: skip
    assert "no item" in console("places", "s1", "--item", "WING").err
    assert "no organization" in console("places", "s9", "--item", "BOLT").err


@ON_SQLITE
@pytest.mark.rows("P29")
def test_a_receipt_told_again_is_not_judged_anew(console: Console) -> None:
    line = ReceiptLine("R0", "1", "2026-03-01", agreement="A-acme", item="BOLT", quantity="250",
                       ownership="non-owned")  # fmt: skip
    told = record_receipts(organization=organization_id("s1"), lines=[line], by=BY, at=NOW)
    assert (told.new, told.repeated, told.refused) == (0, 1, [])
