"""docs/BUILDING.md tells the truth about the rooms, and about what a seal covers."""

import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from pkgutil import iter_modules
from zlib import crc32

import consigned
import consigned_service
from consigned.measure.identity import OrganizationId
from consigned.title.seal import entry_text
from consigned_service.operations import agreements, items, parties, receipts
from consigned_service.records import audit
from consigned_service.records.agreements import organization_ids
from consigned_service.records.bulk import as_json
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
    organization = _receive_some_bolts()
    first, second = audit.postings(organization)
    entries = [entry_text(one.entry).decode() for one in audit.entries(organization)]
    facts = [
        f"{table}:{as_json(rows).decode()}"
        for table in FACTS
        for posting, rows in audit.facts(organization, table)
        if posting == second.number
    ]
    assert SEALED_TEXT[1].splitlines() == [first.seal, second.head, *entries, *facts]
    assert second.seal == SEAL[1]
    assert next(audit.entries(organization)).seal == int(ENTRY_SEAL[2])


def test_every_sealed_table_is_told_with_its_columns_and_in_its_order() -> None:
    told = re.findall(r"^\d+\. `(\w+)`: (.+?)\.$", _unwrapped(BUILDING), re.MULTILINE)
    assert [(table, tuple(columns.split(", "))) for table, columns in told] == list(FACTS.items())


def test_every_floor_and_every_room_of_the_business_is_named() -> None:
    business, service = (Path(house.__path__[0]) for house in (consigned, consigned_service))
    floors = [floor.name for house in (business, service) for floor in iter_modules([str(house)])]
    rooms = [
        room.name
        for floor in iter_modules([str(business)])
        for room in iter_modules([str(business / floor.name)])
    ]
    assert [name for name in floors + rooms if f"`{name}`" not in BUILDING] == []


def _unwrapped(text: str) -> str:
    """Lists whose lines go on, indented, in the next."""
    return re.sub(r"\n {3}(?=\S)", " ", text)


def _receive_some_bolts() -> OrganizationId:
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
    organization = organization_ids(["S1"])["S1"]
    receipts.record_receipts(organization=organization, lines=[line], by=BY, at=AT).or_raise()
    return organization
