"""What was agreed changes: prices that are withdrawn, agreements that are amended."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data.price_withdrawals import (
    PriceWithdrawalLine,
    withdraw_prices,
)
from tests.service.console import Console
from tests.service.tampering import take_the_guards_away
from tests.service.test_money_faults import planted
from tests.support.databases import Database

MASTERS = {
    "parties": "code,name\nSHOP,Shop\nACME,Acme\nBOLTS,Bolt Brothers\n",
    "organizations": "code,name,party,currency\nS1,Main,SHOP,USD\n",
    "items": "code,name,unit\nBOLT,Bolt,EA\nGLUE,Glue,KG\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency\n"
    "A-1,ACME,SHOP,USD,2026-01-01,daily\n",
    "prices": "agreement,item,starts_on,price\nA-1,BOLT,2026-01-01,1.25\n",
}
WRONG = "agreement,item,starts_on,price\nA-1,BOLT,2026-12-15,125\n"
RIGHT = "agreement,item,starts_on,price\nA-1,BOLT,2026-12-15,1.25\n"
WITHDRAWN = (
    "agreement,reference,item,starts_on,because\nA-1,W-1,BOLT,2026-12-15,typed 125 for 1.25\n"
)


def on(day: str):  # type: ignore[no-untyped-def]
    """The command line on another day."""
    moment = datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC)
    return patch("consigned_service.interfaces.console.commands.import_files.now", lambda: moment)


def a_shop(folder: Path) -> Console:
    console = Console(folder)
    for kind, lines in MASTERS.items():
        said = console.imports(kind, lines)
        assert said.code == 0, said.err
    return console


class Fault(NamedTuple):
    law: str
    what: str
    statement: str


def unseen(faults: list[Fault]) -> list[Fault]:
    """Those of some faults that no law finds when they are planted."""
    take_the_guards_away()
    missed = []
    for fault in faults:
        with planted(fault.statement):
            found = audit().breaches
        if not any(fault.law == one.law and fault.what in one.sentence for one in found):
            missed.append(fault)
    assert audit().holds
    return missed


@pytest.mark.rows("O39")
def test_a_price_typed_wrong_for_a_day_to_come_is_withdrawn_and_told_anew(
    database: Database, tmp_path: Path
) -> None:
    console = a_shop(tmp_path)
    with on("2026-11-30"):
        assert console.imports("prices", WRONG).code == 0
        refused = console.imports("prices", RIGHT)
        assert refused.code == 3
        assert "price-withdrawals" in refused.err
        assert "2026-12-15" in console("price", "BOLT", "--agreement", "A-1", "--on",
                                       "2026-12-15").out  # fmt: skip
        said = console.imports("price-withdrawals", WITHDRAWN)
        assert said.code == 0, said.err
        assert "1 new" in said.out
        assert console.imports("prices", RIGHT).code == 0
        again = console.imports("price-withdrawals", WITHDRAWN)
    assert (again.code, "1 repeated" in again.out) == (0, True)
    price = console("price", "BOLT", "--agreement", "A-1", "--on", "2026-12-15", "--json")
    assert price.answer["price"] == {"price": "1.25", "currency": "USD"}
    assert audit().breaches == []


def test_withdrawals_of_one_file_are_each_judged_alone(database: Database, tmp_path: Path) -> None:
    console = a_shop(tmp_path)
    with on("2026-11-30"):
        assert console.imports("prices", WRONG).code == 0
        said = console.imports(
            "price-withdrawals",
            "agreement,reference,item,starts_on,because,from_quantity\n"
            "A-1,W-1,BOLT,2026-12-15,typed wrong,\n"
            "A-1,W-2,BOLT,2026-12-15,a second time,\n"
            "A-1,W-3,BOLT,2026-01-01,it holds already,\n"
            "A-1,W-4,GLUE,2026-12-15,nobody told it,\n"
            "A-1,W-5,BOLT,2026-12-15,no scale,48\n"
            "A-2,W-1,BOLT,2026-12-15,another agreement,\n"
            "A-1,W-6,NAIL,2026-12-15,no item,\n"
            "A-1,W-7,BOLT,2026-12-15,,\n",
        )
    assert said.code == 3
    assert "1 new, 0 repeated, 7 refused" in said.out
    for word in (
        "has no price of BOLT from 2026-12-15", "has held since 2026-01-01", "for 48 or more",
        "no agreement has the number 'A-2'", "because is empty",
    ):  # fmt: skip
        assert word in said.err


def test_the_audit_finds_what_is_wrong_with_a_withdrawn_price(
    database: Database, tmp_path: Path
) -> None:
    console = a_shop(tmp_path)
    with on("2026-11-30"):
        console.imports("prices", WRONG)
        console.imports("price-withdrawals", WITHDRAWN)
        console.imports("prices", RIGHT)
        console.imports(
            "receipts",
            "organization,receipt,line,received_on,agreement,item,quantity\n"
            "S1,R-1,1,2026-11-30,A-1,BOLT,9\n",
        )
    with on("2026-12-16"):
        used = "reference,organization,item,quantity,occurred_at\nU-1,S1,BOLT,2,2026-12-15\n"
        assert console.imports("consumption", used).code == 0
    law = "a withdrawn price holds on no day"
    faults = [
        Fault(law, "no withdrawal says so",
              "UPDATE agreement_price SET withdrawal = 77 WHERE withdrawal <> 0"),
        Fault(law, "is not kept so", "DELETE FROM agreement_price WHERE withdrawal <> 0"),
        Fault(law, "when it held already",
              "UPDATE price_withdrawal SET recorded_on = '2026-12-16'"),
        Fault("agreed prices were agreed", "never had a price of 125.00 USD",
              "UPDATE running_total SET price = 125000000"),
    ]  # fmt: skip
    assert unseen(faults) == []


def test_a_thousand_withdrawals_are_a_handful_of_statements(
    database: Database, tmp_path: Path
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    console = a_shop(tmp_path)
    codes = [f"I{n:04}" for n in range(500)]
    console.imports("items", "code,name,unit\n" + "".join(f"{c},{c},EA\n" for c in codes))
    told = "".join(f"A-1,{code},2026-12-15,9.99\n" for code in codes)
    console.imports("prices", f"agreement,item,starts_on,price\n{told}")
    lines = [
        written(PriceWithdrawalLine, "A-1", f"W-{c}", c, "2026-12-15", "a mistake") for c in codes
    ]
    with CaptureQueriesContext(connection) as asked:
        outcome = withdraw_prices(lines=lines, by="dora", at=datetime(2026, 11, 30, tzinfo=UTC))
    assert (outcome.new, outcome.refused) == (500, [])
    assert len(asked) < 16


def test_the_audit_finds_a_rest_that_is_charged_by_itself_and_not_as_its_line(
    database: Database, tmp_path: Path
) -> None:
    """Of forty-eight, twenty-four wait and are used once they have come; all have the price of
    forty-eight. A price for even more, told for the same days later, changes nothing for them."""
    console = a_shop(tmp_path)
    header = "agreement,item,starts_on,price,from_quantity\n"
    with on("2026-03-01"):
        assert console.imports("prices", f"{header}A-1,BOLT,2026-01-01,1.10,48\n").code == 0
    came = "organization,receipt,line,received_on,agreement,item,quantity\n"
    used = "reference,organization,item,quantity,occurred_at\nU-1,S1,BOLT,48,2026-03-05\n"
    with on("2026-03-05"):
        assert console.imports("receipts", f"{came}S1,R-1,1,2026-03-02,A-1,BOLT,24\n").code == 0
        console.imports("consumption", used)
        assert console.imports("receipts", f"{came}S1,R-2,1,2026-03-05,A-1,BOLT,24\n").code == 0
        assert console("exceptions", "--resubmit").code == 0
        assert console.imports("prices", f"{header}A-1,BOLT,2026-01-01,1.05,40\n").code == 0
    assert audit().breaches == []
    law = "agreed prices were agreed"
    faults = [
        Fault(law, "the price for 48", "UPDATE running_total SET price = 1250000"),
        Fault(law, "the price for 24", "UPDATE consumption SET quantity = 24000000"),
    ]
    assert unseen(faults) == []
