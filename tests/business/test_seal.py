import json
from datetime import date

import pytest

from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.seal import FIRST, entry_text, facts_text, seal_entry, seal_posting

ENTRY = Entry(
    12, EntryKind.ISSUED, 5, 3_000_000, 7, 8, date(2026, 3, 6), Cause.CONSUMPTION, 41, 1
)  # fmt: skip

ALTERED = {
    "number": 13,
    "kind": EntryKind.MOVED,
    "layer": 6,
    "quantity": 3_000_001,
    "source": 8,
    "target": 7,
    "happened_on": date(2026, 3, 7),
    "cause": Cause.TRANSFER,
    "document": 42,
    "line": 2,
}


def test_an_entrys_text_is_plain_enough_to_be_sealed_again_anywhere():
    assert entry_text(ENTRY) == b"12|issued|5|3000000|7|8|2026-03-06|consumption|41|1"
    as_text = ENTRY._replace(kind="issued", cause="consumption")
    assert entry_text(as_text) == entry_text(ENTRY)


@pytest.mark.parametrize("field", Entry._fields)
def test_altering_any_field_of_an_entry_changes_its_seal_and_the_postings(field: str):
    altered = ENTRY._replace(**{field: ALTERED[field]})
    assert seal_entry(entry_text(altered)) != seal_entry(entry_text(ENTRY))
    assert posting(entries=(ENTRY, altered)) != posting(entries=(ENTRY, ENTRY))


def test_an_entrys_seal_fits_a_signed_column():
    seals = [seal_entry(entry_text(ENTRY._replace(number=number))) for number in range(1, 500)]
    assert all(0 <= seal < 2**63 for seal in seals)
    assert len(set(seals)) == len(seals)


def posting(before=FIRST, head="1|2026-03-06", entries=(ENTRY,), facts=(("layer", [[1, "L"]]),)):
    return seal_posting(
        before,
        head,
        [entry_text(entry) for entry in entries],
        [facts_text(name, json.dumps(rows).encode()) for name, rows in facts],
    )


OTHER = ENTRY._replace(number=13)

TAMPERING = [  # what is done to the posting
    {"before": "1" * 64},
    {"head": "1|2026-03-07"},
    {"entries": ()},
    {"entries": (OTHER,)},
    {"entries": (ENTRY, OTHER)},
    {"facts": ()},
    {"facts": (("layer", []),)},
    {"facts": (("layer", [[1, "M"]]),)},
    {"facts": (("price", [[1, "L"]]),)},
    {"facts": (("layer", [["1", "L"]]),)},
    {"facts": (("layer", [[1, "L"]]), ("layer", []))},
]


@pytest.mark.parametrize("tampered", TAMPERING)
def test_altering_anything_in_a_posting_changes_its_seal(tampered: dict):
    assert posting(**tampered) != posting()
    assert len(posting(**tampered)) == 64


def test_the_order_of_entries_is_sealed():
    assert posting(entries=(ENTRY, OTHER)) != posting(entries=(OTHER, ENTRY))


def test_a_posting_altered_long_ago_breaks_every_seal_after_it():
    def chain(first: Entry) -> list[str]:
        seals = [FIRST]
        for entry in (first, OTHER, OTHER._replace(number=14)):
            seals.append(posting(before=seals[-1], entries=(entry,)))
        return seals[1:]

    honest, rewritten = chain(ENTRY), chain(ENTRY._replace(quantity=1))
    assert all(one != other for one, other in zip(honest, rewritten, strict=True))


def test_the_same_facts_seal_alike():
    assert posting() == posting()
    assert facts_text("layer", b"[[1,2]]") == b"layer:[[1,2]]"
