"""The table of currencies in consigned/measure/currencies.py, from the list of ISO 4217 that the
package iso4217 carries.

    python -m tests.currencies            writes the table anew
    python -m tests.currencies --check    says whether it is up to date

The business has the table and not the package, because it stands on the standard library alone.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from textwrap import wrap

import iso4217

TABLE = Path(__file__).parents[1] / "src" / "consigned" / "measure" / "currencies.py"


def page() -> str:
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '"""The currencies of ISO 4217 and the decimals of their minor units.'
    yield ""
    yield "Made from the maintenance agency's list by `python -m tests.currencies`; not edited."
    yield '"""'
    yield ""
    yield f'PUBLISHED = "{iso4217.__published__.isoformat()}"'
    yield '"""The day of the list."""'
    yield ""
    yield "BY_DECIMALS = {"
    known = [(one.exponent, one.code) for one in iso4217.Currency if one.exponent is not None]
    for decimals, ones in groupby(sorted(known), key=lambda one: one[0]):
        lines = wrap(" ".join(code for _, code in ones), 86)
        if len(lines) == 1:
            yield f'    {decimals}: "{lines[0]}",'
            continue
        yield f"    {decimals}: ("
        yield from (f'        "{line} "' for line in lines)
        yield "    ),"
    yield "}"
    yield '"""Codes by decimals. In what has no minor unit, metals and test codes, nobody pays."""'


def main(words: Sequence[str]) -> int:
    if words == ["--check"]:
        return 0 if TABLE.read_text(encoding="utf-8") == page() else 1
    TABLE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
