"""docs/BUILDING.md tells the truth about the rooms, and about what a seal covers."""

import re
from hashlib import sha256
from pathlib import Path
from pkgutil import iter_modules
from zlib import crc32

import consigned
import consigned_service
from consigned_service.records.ledger.posting import FACTS
from tests.sealed_example import Example, receive_some_bolts
from tests.support.databases import Database

BUILDING = (Path(__file__).parents[2] / "docs" / "BUILDING.md").read_text(encoding="utf-8")
SEALED_TEXT = re.search(r"```posting\n(.*?)\n```", BUILDING, re.DOTALL)
SEAL = re.search(r"SHA-256 of this text is\n`([0-9a-f]{64})`", BUILDING)
ENTRY_SEAL = re.search(r"`(1\|received\|[^`]+)` is `(\d+)`", BUILDING)


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
    said = Example(SEALED_TEXT[1], SEAL[1], ENTRY_SEAL[1], int(ENTRY_SEAL[2]))
    assert said == receive_some_bolts()


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
