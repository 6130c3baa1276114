"""The laws of an audit, docs/LAWS.md: made from the records that the audit checks.

python -m tests.law_page            writes docs/LAWS.md
python -m tests.law_page --check    says whether it is up to date
"""

import sys
from collections.abc import Iterator, Sequence

from tests import reference

PAGE = reference.ROOT / "docs" / "LAWS.md"


def page() -> str:
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    from consigned_service.operations.audit.laws import accounts, goods, seals, settlement
    from consigned_service.operations.audit.laws.registry import (
        OF_THE_INSTALLATION,
        every_fact_can_be_read,
    )

    yield "# The laws"
    yield ""
    yield "Made from the code by `python -m tests.law_page`; not edited. `consigned audit` checks"
    yield "these laws on the live database, each by itself, and names what breaks one: the law, the"
    yield "entry or document, and both figures. The tests check those of title and settlement on"
    yield "histories made at random, and plant a fault for every one."
    for title, laws in (
        ("What was recorded is there, unaltered", (*seals.LAWS, every_fact_can_be_read)),
        ("Goods and their owners", goods.LAWS),
        ("Charges, advices and prices", settlement.LAWS),
        ("The books", accounts.LAWS),
        ("Over all organizations", OF_THE_INSTALLATION),
    ):
        yield ""
        yield f"## {title}"
        yield ""
        yield "| law | what holds |"
        yield "|---|---|"
        for law in laws:
            yield f"| {law.name} | {law.sentence} |"


def main(words: Sequence[str]) -> int:
    reference.set_up()
    if words == ["--check"]:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
