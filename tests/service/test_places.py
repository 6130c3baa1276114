"""Where goods may be put away, asked at the command line."""

from datetime import date

import pytest

from consigned_service.operations.core.idempotency import ReferenceReused
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound.receipts import ReceiptLine, record_receipts
from consigned_service.operations.master_data.parties import close_period
from tests.service.console import Console
from tests.service.shop import BY, NOW, open_shop, organization_id
from tests.support.lines import rewritten

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
BOUGHT = written(ReceiptLine,
    "R9", "1", "2026-03-05", item="BOLT", quantity="5", consignor="acme", ownership="owned",
    price="1.40", place="DOCK",
)  # fmt: skip


@pytest.fixture
def console(database, tmp_path) -> Console:
    open_shop("s1")
    record_receipts(organization=organization_id("s1"), lines=[BOUGHT], by=BY, at=NOW).or_raise()
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
    shop = organization_id("s1")
    close_period(organization=shop, through=date(2026, 3, 5), by=BY, at=NOW)
    told = record_receipts(organization=shop, lines=[BOUGHT], by=BY, at=NOW)
    assert (told.new, told.repeated, told.refused) == (0, 1, [])
    other = rewritten(BOUGHT, ownership="consigned", price="", place="")
    told = record_receipts(organization=shop, lines=[other], by=BY, at=NOW)
    assert [type(one.refusal) for one in told.refused] == [ReferenceReused]
    told = record_receipts(
        organization=shop, lines=[rewritten(BOUGHT, receipt="R8")], by=BY, at=NOW
    )
    assert [one.refusal.code for one in told.refused] == ["period-closed"]
