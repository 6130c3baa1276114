"""The worked example of a seal in docs/BUILDING.md, and the list of what is sealed: made from the
code, so that both say what the product writes.

    python -m tests.sealed_example       writes them into docs/BUILDING.md
"""

import os
import re
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import django

from consigned_service.operations.core.lines import written
from tests.support.databases import migrate, point_django_at, url_of_file
from tests.support.postgres import temporary_folder

BUILDING = Path(__file__).parents[1] / "docs" / "BUILDING.md"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BY = "ann"


class Example(NamedTuple):
    """The text under a posting's seal, the seal, and the first entry's own text and seal."""

    text: str
    seal: str
    entry: str
    entry_seal: int


def receive_some_bolts() -> Example:
    """Two postings in an empty database: the places of a shop, and a receipt of bolts."""
    from consigned.title.seal import entry_text
    from consigned_service.operations.inbound import receipts
    from consigned_service.operations.master_data import agreements, items, parties
    from consigned_service.records.audit import facts as audit
    from consigned_service.records.ledger.posting import FACTS
    from consigned_service.records.master_data.agreements import organization_ids
    from consigned_service.records.sql.bulk import as_json

    parties.register_parties(
        lines=[
            written(parties.PartyLine, "CORNER", "Corner Hardware"),
            written(parties.PartyLine, "ACME", "Acmé"),
        ]
    )
    shop = written(parties.OrganizationLine, "S1", "Main Street shop", "CORNER", "USD")
    parties.register_organizations(lines=[shop], by=BY, at=AT)
    items.register_items(lines=[written(items.ItemLine, "BOLT", "Bolt M8", "EA")])
    agreement = written(
        agreements.AgreementLine, "A-1", "ACME", "CORNER", "USD", "2026-01-01", frequency="daily"
    )
    agreements.register_agreements(lines=[agreement])
    agreements.register_prices(
        lines=[written(agreements.PriceLine, "A-1", "BOLT", "2026-01-01", "0.125")]
    )
    line = written(
        receipts.ReceiptLine,
        "R-1",
        "1",
        "2026-03-02",
        agreement="A-1",
        item="BOLT",
        quantity="150",
        lot='Ü "7"',
    )
    organization = organization_ids(["S1"])["S1"]
    receipts.record_receipts(organization=organization, lines=[line], by=BY, at=AT).or_raise()
    first, second = audit.postings(organization)
    posted = list(audit.entries(organization))
    entries = [entry_text(one.entry).decode() for one in posted]
    facts = [
        f"{table}:{as_json(rows).decode()}"
        for table in FACTS
        for posting, rows in audit.facts(organization, table)
        if posting == second.number
    ]
    text = "\n".join([first.seal, second.head, *entries, *facts])
    return Example(text, second.seal, entries[0], posted[0].seal)


def sealed_tables() -> str:
    """Every sealed table with its columns, in the order of the seal."""
    from consigned_service.records.ledger.posting import FACTS

    return "\n".join(
        textwrap.fill(
            f"{nth}. `{table}`: {', '.join(columns)}.", 105, subsequent_indent="   ",
            break_on_hyphens=False,
        )
        for nth, (table, columns) in enumerate(FACTS.items(), start=1)
    )  # fmt: skip


def write(example: Example) -> None:
    said = BUILDING.read_text(encoding="utf-8")
    for pattern, now in (
        (r"(?<=The columns of the rows, in order:\n\n).*?(?=\n\n)", sealed_tables()),
        (r"(?<=```posting\n).*?(?=\n```)", example.text),
        (r"(?<=SHA-256 of this text is\n`)[0-9a-f]{64}", example.seal),
        (r"(?<=\n`)1\|received\|[^`]+` is `\d+", f"{example.entry}` is `{example.entry_seal}"),
        (r"(?<=b')1\|received\|[^']+", example.entry),
    ):
        said, times = re.subn(pattern, lambda _, now=now: now, said, flags=re.DOTALL)
        assert times == 1, f"{pattern} stands {times} times in {BUILDING.name}"
    BUILDING.write_text(said, encoding="utf-8")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")
    django.setup()
    with temporary_folder() as folder:
        url = url_of_file(folder / "example.sqlite3")
        migrate(url)
        point_django_at(url)
        write(receive_some_bolts())


if __name__ == "__main__":
    main()
