"""docs/BUILDING.md tells the truth about the rooms, and about what a seal covers."""

import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from pkgutil import iter_modules
from zlib import crc32

import consigned
import consigned_service
from consigned_service.operations import agreements, items, parties, receipts
from consigned_service.records import models
from consigned_service.records.ledger import FACTS
from tests.support.databases import Database

BUILDING = (Path(__file__).parents[2] / "docs" / "BUILDING.md").read_text(encoding="utf-8")
SEALED_TEXT = re.search(r"```posting\n(.*?)\n```", BUILDING, re.DOTALL)
SEAL = re.search(r"SHA-256 of this text is\n`([0-9a-f]{64})`", BUILDING)
ENTRY_SEAL = re.search(r"`(1\|received\|[^`]+)` is `(\d+)`", BUILDING)
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BY = "ann"


def test_the_worked_example_can_be_computed_without_the_product() -> None:
    assert SEALED_TEXT
    assert SEAL
    assert ENTRY_SEAL
    assert sha256(SEALED_TEXT[1].encode()).hexdigest() == SEAL[1]
    assert ENTRY_SEAL[1] in SEALED_TEXT[1].splitlines()
    assert crc32(ENTRY_SEAL[1].encode()) == int(ENTRY_SEAL[2])


def test_the_worked_example_is_what_the_product_writes(database: Database) -> None:
    assert SEALED_TEXT
    assert SEAL
    assert ENTRY_SEAL
    _receive_some_bolts()
    first, second = models.Posting.objects.order_by("number")
    assert (first.seal, second.seal) == (SEALED_TEXT[1].splitlines()[0], SEAL[1])
    assert models.Entry.objects.get(number=1).seal == int(ENTRY_SEAL[2])


def test_every_sealed_table_is_told_with_its_columns_and_in_its_order() -> None:
    told = re.findall(r"^\d+\. `(\w+)`: (.+?)\.$", _unwrapped(BUILDING), re.MULTILINE)
    assert [(table, tuple(columns.split(", "))) for table, columns in told] == list(FACTS.items())


def test_every_room_is_named() -> None:
    unnamed = [
        f"{house.__name__}.{floor.name}.{room.name}"
        for house in (consigned, consigned_service)
        for floor in iter_modules(house.__path__)
        for room in iter_modules([f"{house.__path__[0]}/{floor.name}"])
        if house is consigned and f"`{room.name}`" not in BUILDING
    ]
    assert unnamed == []
    floors = {floor.name for house in (consigned, consigned_service)
              for floor in iter_modules(house.__path__)}  # fmt: skip
    assert {floor for floor in floors if f"`{floor}`" not in BUILDING} == set()


def _unwrapped(text: str) -> str:
    """Lists whose lines go on, indented, in the next."""
    return re.sub(r"\n {3}(?=\S)", " ", text)


def _receive_some_bolts() -> None:
    parties.register_parties(
        lines=[parties.PartyLine("CORNER", "Corner Hardware"), parties.PartyLine("ACME", "Acmé")]
    )
    shop = parties.OrganizationLine("S1", "Main Street shop", "CORNER", "USD")
    parties.register_organizations(lines=[shop], by=BY, at=AT)
    items.register_items(lines=[items.ItemLine("BOLT", "Bolt M8", "EA")])
    agreement = agreements.AgreementLine(
        "A-1", "ACME", "CORNER", "USD", "2026-01-01", frequency="daily"
    )
    agreements.register_agreements(lines=[agreement])
    agreements.register_prices(lines=[agreements.PriceLine("A-1", "BOLT", "2026-01-01", "0.125")])
    line = receipts.ReceiptLine(
        "R-1", "1", "2026-03-02", agreement="A-1", item="BOLT", quantity="150", lot='Ü "7"'
    )
    organization = models.Organization.objects.get(code="S1").pk
    receipts.record_receipts(organization=organization, lines=[line], by=BY, at=AT).or_raise()
