"""What another system settles: its vouchers come in by file, and every door tells them."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.timezone import now

from consigned.settlement.vouchers import MoreThanAdviceLeaves, OpenLine, settle
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.master_data import users
from consigned_service.records import models
from tests.service.conftest import PASSWORD, QUICK
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.support.databases import Database

ADVICE = "SHOP-000001"
HEADER = "advice,voucher,vouchered_on,amount,currency\n"
MASTERS = {
    "parties": "code,name\nSHOP,Shop\nACME,Acme\n",
    "organizations": "code,name,party,currency\nS1,Main,SHOP,USD\n",
    "items": "code,name,unit\nBOLT,Bolt,EA\nNUT,Nut,EA\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency,cycle_by,"
    "settlement_method,summary_level\n"
    "A-1,ACME,SHOP,USD,2026-01-01,daily,happened,report-only,organization\n",
    "prices": "agreement,item,starts_on,price\n"
    "A-1,BOLT,2026-01-01,1.25\nA-1,NUT,2026-01-01,0.333\n",
    "receipts": "organization,receipt,line,received_on,agreement,item,quantity\n"
    "S1,R-1,1,2026-03-02,A-1,BOLT,50\nS1,R-1,2,2026-03-02,A-1,NUT,50\n",
}


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Console:
    """Eight bolts and five nuts of Acme's were used and told: 10.00 and 1.66."""
    console = Console(tmp_path)
    for kind, content in MASTERS.items():
        assert console.imports(kind, content).code == 0, kind
    used = "reference,organization,item,quantity,occurred_at\n"
    used += "T-1,S1,BOLT,8,2026-03-03\nT-2,S1,NUT,5,2026-03-03\n"
    assert console.imports("consumption", used, "--source", "till").code == 0
    assert console("run", "advices").code == 0
    assert models.Advice.objects.get().number == ADVICE
    return console


def vouchers(shop: Console, *lines: str) -> dict[str, Any]:
    return shop.imports(
        "vouchers", HEADER + "".join(f"{line}\n" for line in lines), "--json"
    ).answer


def open_elsewhere(shop: Console) -> tuple[str, str, str]:
    """What is open elsewhere by what is owed, by the settlement report and by the books."""
    owed = shop("owed", "--as", "SHOP", "--json").answer
    report = shop("report", "settlement", "--as", "SHOP", "--json").answer
    books = shop("report", "trial-balance", "--as", "SHOP", "--json").answer
    booked = {one["account"]: one for one in books["accounts"]}["settled-elsewhere"]
    return (
        owed[0]["elsewhere"]["amount"] if owed else "0.00",
        report["open_elsewhere"][0]["amount"],
        booked["credit"]["amount"] if booked["credit"] else "0.00",
    )


@pytest.mark.rows("P57", "P58")
def test_vouchers_come_by_file_and_all_questions_agree(shop: Console) -> None:
    assert open_elsewhere(shop) == ("11.66",) * 3
    told = vouchers(shop, f"{ADVICE},V-1,2026-03-04,5.00,USD", f"{ADVICE},V-2,2026-03-04,7.00,USD")
    assert (told["new"], told["refused"]) == (1, 1)
    assert "comes to 11.66 USD, vouchers of 5.00 USD are recorded" in shop.read(
        "vouchers.refused.csv"
    )
    assert open_elsewhere(shop) == ("6.66",) * 3
    assert vouchers(shop, f"{ADVICE},V-1,2026-03-04,5.00,USD")["repeated"] == 1
    told = vouchers(shop, f"{ADVICE},V-2,2026-03-04,6.66,USD")
    assert (told["new"], told["refused"]) == (1, 0)
    assert open_elsewhere(shop) == ("0.00",) * 3
    (row,) = {row["vouchered"] for row in shop("settling", "--as", "SHOP", "--json").answer}
    report = shop("report", "consigned-inventory", "--as", "ACME", "--json").answer
    assert row == "N" == {line["vouchered"] for line in report["lines"]}.pop()
    assert audit().breaches == broken_laws() == []


def test_both_parties_see_a_voucher_on_the_advice(shop: Console, client: Client) -> None:
    vouchers(shop, f"{ADVICE},V-1,2026-03-04,5.00,USD")
    shown = shop("advice", ADVICE, "--as", "ACME").out
    assert "Voucher made elsewhere" in shown
    assert "V-1" in shown
    assert "5.00 USD" in shown
    assert "reported" in shown
    (told,) = shop("advice", ADVICE, "--as", "SHOP", "--json").answer["vouchers"]
    assert (told["number"], told["vouchered_on"]) == ("V-1", "2026-03-04")
    with QUICK:
        users.add_user(name="ann", party="ACME", password=PASSWORD)
    key = users.issue_key(name="ann", key_name="k", at=now())
    headers = {"authorization": f"Bearer {key}"}
    head = client.get(f"/api/advices/{ADVICE}", headers=headers).json()
    assert [one["number"] for one in head["vouchers"]] == ["V-1"]
    assert head["vouchers"][0]["amount"] == {"amount": "5.00", "currency": "USD"}
    client.force_login(User.objects.get(username="ann"))
    page = client.get(f"/advices/{ADVICE}/").content.decode()
    assert "Vouchers made elsewhere" in page
    assert "V-1" in page
    assert "Awaits invoice" not in page
    for address in ("/", "/owed/", "/advices/?state=reported"):
        said = "6.66" if "advices" not in address else ADVICE
        assert said in client.get(address).content.decode(), address


def test_a_voucher_is_shared_by_lines_and_the_last_one_leaves_nothing() -> None:
    lines = [OpenLine(1, 1, 1000, 0), OpenLine(2, 1, 167, 0), OpenLine(3, 2, -300, 0)]
    for amount in (1, 2, 3, 100, 433, 866, 867):
        first = settle("A", "USD", lines, amount)
        assert sum(first) == amount
        left = [line.less(share) for line, share in zip(lines, first, strict=True)]
        if amount < 867:
            rest = settle("A", "USD", left, 867 - amount)
            assert [line.less(share).recorded for line, share in zip(left, rest, strict=True)] == [
                1000, 167, -300,
            ]  # fmt: skip
        back = settle("A", "USD", left, -amount)
        assert [line.less(share).recorded for line, share in zip(left, back, strict=True)] == [
            0, 0, 0,
        ]  # fmt: skip
    for too_much in (0, -1, 868):
        with pytest.raises(MoreThanAdviceLeaves):
            settle("A", "USD", lines, too_much)
