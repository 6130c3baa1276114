"""A price that is sent with a use and does not settle it is told as not taken, and stays to see."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.timezone import now

from consigned_service.operations.master_data import users
from consigned_service.records import models
from tests.service.conftest import QUICK
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.support.databases import Database

MASTERS = {
    "parties": "code,name\nSHOP,Shop\nACME,Acme\n",
    "organizations": "code,name,party,currency\nS1,Main,SHOP,USD\n",
    "items": "code,name,unit,units\nBOLT,Bolt,EA,BX=12\nNUT,Nut,EA,\nPIN,Pin,EA,\nTAP,Tap,EA,\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency,price_sources\n"
    "A-1,ACME,SHOP,USD,2026-01-01,daily,agreement order-line\n"
    "A-2,ACME,SHOP,USD,2026-01-01,daily,transaction agreement\n"
    "A-3,ACME,SHOP,USD,2026-01-01,daily,agreement transaction\n"
    "A-4,ACME,SHOP,USD,2026-01-01,daily,agreement\n",
    "prices": "agreement,item,starts_on,price,price_terms\nA-1,BOLT,2026-01-01,1.25,discount=10%\n"
    "A-2,NUT,2026-01-01,0.40,\nA-3,PIN,2026-01-01,0.50,\n",
    "receipts": "organization,receipt,line,received_on,agreement,item,quantity\n"
    "S1,R-1,1,2026-03-02,A-1,BOLT,100\nS1,R-1,2,2026-03-02,A-2,NUT,100\n"
    "S1,R-1,3,2026-03-02,A-3,PIN,100\nS1,R-1,4,2026-03-02,A-4,TAP,100\n",
}
HEAD = "reference,organization,item,quantity,unit,occurred_at,price,currency,kind,voids\n"


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Console:
    console = Console(tmp_path)
    for kind, content in MASTERS.items():
        said = console.imports(kind, content)
        assert said.code == 0, (kind, said)
    return console


def told(shop: Console, *lines: str) -> list[str]:
    """Tells uses; answers the notes."""
    content = HEAD + "".join(f"{line}\n" for line in lines)
    said = shop.imports("consumption", content, "--source", "till", "--json")
    assert said.code == 0, said
    return said.answer["notes"]


def charged() -> dict[str, tuple[str, str]]:
    """What the totals are charged at, by item."""
    return {
        total.item.code: (f"{total.price / 1e6 / (total.per / 1e6):.4f}", total.price_source)
        for total in models.Total.objects.select_related("item").filter(quantity__gt=0)
    }


@pytest.mark.rows("C14")
def test_a_price_that_is_not_agreed_is_told_as_not_taken(shop: Console) -> None:
    notes = told(
        shop, "T-1,S1,BOLT,4,,2026-03-03,2.50,USD,,", "T-2,S1,NUT,4,,2026-03-03,2.50,USD,,",
        "T-3,S1,PIN,4,,2026-03-03,2.50,,,", "T-4,S1,TAP,4,,2026-03-03,2.50,USD,,",
        "T-5,S1,BOLT,4,,2026-03-03,,,,",
    )  # fmt: skip
    assert notes == [
        "T-1: price 2.50 USD was not taken: agreement A-1 takes its prices from agreement, "
        "order-line; 1.125 USD holds (agreement discount=10%)",
        "T-3: price 2.50 USD was not taken: agreement A-3 takes its prices from agreement, "
        "transaction; 0.50 USD holds (agreement)",
        "T-4: price 2.50 USD was not taken: agreement A-4 takes its prices from agreement; it "
        "waits for a price",
    ]
    assert charged() == {
        "BOLT": ("1.1250", "agreement discount=10%"), "NUT": ("2.5000", "transaction"),
        "PIN": ("0.5000", "agreement"),
    }  # fmt: skip
    assert broken_laws() == []


@pytest.mark.rows("C14")
def test_a_price_beside_another_unit_is_of_one_of_that_unit(shop: Console) -> None:
    """As the column says: of a box where it is BX."""
    item = "code,name,unit,units\nBAG,Bag,EA,BX=12\n"
    assert shop.imports("items", item).code == 0
    came = "organization,receipt,line,received_on,agreement,item,quantity\n"
    assert shop.imports("receipts", f"{came}S1,R-2,1,2026-03-02,A-2,BAG,100\n").code == 0
    assert told(shop, "T-1,S1,BAG,2,BX,2026-03-03,30.00,USD,,") == []
    assert charged() == {"BAG": ("2.5000", "transaction")}
    (row,) = shop("owed", "--as", "SHOP", "--json").answer
    assert row["running"] == {"amount": "60.00", "currency": "USD"}
    assert told(shop, "T-2,S1,BOLT,1,BX,2026-03-03,30.00,USD,,")[0].startswith(
        "T-2: price 30.00 USD per 12 was not taken: agreement A-1"
    )


def test_what_nobody_is_charged_for_takes_no_price(shop: Console, client: Client) -> None:
    """Goods of ours, and what comes back."""
    assert told(shop, "T-1,S1,BOLT,6,,2026-03-03,,,transfer-to-owned,") == []
    assert told(shop, "T-2,S1,BOLT,6,,2026-03-03,3.00,USD,,") == [
        "T-2: price 3.00 USD was not taken: the goods were ours, and nobody is owed for them"
    ]
    assert told(shop, "T-3,S1,NUT,6,,2026-03-03,3.00,USD,,") == []
    back = "price 3.00 USD was not taken: what comes back goes back at what it was charged at"
    assert told(shop, "B-1,S1,NUT,-1,,2026-03-04,3.00,USD,,") == [f"B-1: {back}"]
    assert told(shop, "V-1,S1,NUT,-2,,2026-03-04,3.00,USD,,T-3") == [f"V-1: {back}"]
    with QUICK:
        users.add_user(name="shop", party="SHOP", password="open sesame 9")
    client.force_login(User.objects.get(username="shop"))
    for number, why in ((2, "nothing was charged for it"), (4, "what comes back"),
                        (5, "what comes back")):  # fmt: skip
        assert (
            f"was not taken:</strong> {why}"
            in client.get(f"/consumption/S1/{number}/").content.decode()
        )
    assert "was not taken" not in client.get("/consumption/S1/3/").content.decode()
    assert broken_laws() == []


def test_it_stays_visible_to_the_holder_alone(shop: Console, client: Client) -> None:
    told(shop, "T-1,S1,BOLT,1,BX,2026-03-03,30.00,USD,,")
    said = "Price sent 30.00 USD per 12 was not taken: agreement A-1: 1.125 USD (agreement discount"
    with QUICK:
        for name in ("SHOP", "ACME"):
            users.add_user(name=name.lower(), party=name, password="open sesame 9")
    shown = {}
    for name in ("shop", "acme"):
        client.force_login(User.objects.get(username=name))
        page = client.get("/consumption/S1/1/").content.decode()
        shown[name] = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert said in shown["shop"]
    assert "was not taken" not in shown["acme"]
    assert "30.00" not in shown["acme"]


def test_a_program_is_told_so(shop: Console, client: Client) -> None:
    with QUICK:
        users.add_user(name="till", party="SHOP", password="open sesame 9")
    key = users.issue_key(name="till", key_name="till", at=now())
    lines = [
        {"reference": "T-1", "item": "BOLT", "quantity": "4", "occurred_at": "2026-03-03",
         "price": "2.50", "currency": "USD"},
        {"reference": "T-2", "item": "BOLT", "quantity": "4", "occurred_at": "2026-03-03"},
    ]  # fmt: skip
    body = json.dumps({"source": "till", "lines": lines})
    said = client.post(
        "/api/organizations/S1/consumption", body, content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    ).json()  # fmt: skip
    assert (said["new"], len(said["notes"])) == (2, 1)
    assert said["notes"][0].startswith("T-1: price 2.50 USD was not taken: agreement A-1 takes")


def test_an_orders_price_that_settles_no_use_is_told(shop: Console) -> None:
    """The goods are noted at it; where the agreement asks the order line, it settles them."""
    orders = "organization,order,line,ordered_on,consignor,item,quantity,agreement,price\n"
    said = shop.imports(
        "orders", orders + "S1,PO-1,1,2026-03-02,ACME,TAP,5,A-4,2.00\n"
        "S1,PO-2,1,2026-03-02,ACME,BOLT,5,A-1,2.00\n", "--json",
    )  # fmt: skip
    assert said.answer["notes"] == [
        "PO-1 line 1: price 2.00 USD settles no use: agreement A-4 takes its prices from agreement"
    ]


def test_a_receipts_price_that_has_no_effect_is_refused(shop: Console) -> None:
    head = "organization,receipt,line,received_on,agreement,item,quantity,price\n"
    said = shop.imports("receipts", f"{head}S1,R-9,1,2026-03-02,A-1,BOLT,5,2.00\n")
    assert said.code != 0
    assert "only what is bought has a price" in shop.read("receipts.refused.csv")
