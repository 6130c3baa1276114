"""The reference, docs/REFERENCE.md: made from the code, so that it cannot say otherwise.

    python -m tests.reference            writes docs/REFERENCE.md
    python -m tests.reference --check    says whether it is up to date

What the code does not say of itself is said here, one sentence for each word. A word that has
none stops the page from being made.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import django

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "REFERENCE.md"

ENTRIES = {
    "shipped": "Goods leave the supplier for us. Whose they are does not change.",
    "received": "Goods come in at the dock. Whose they are does not change.",
    "put-away": "Goods that were received go from the dock to their place.",
    "moved": "Goods go from one place of the organization to another.",
    "held": "Goods may not be used until somebody decides; received ones wait where they are "
    "inspected.",
    "released": "Goods that were held may be used.",
    "rejected": "Goods are found to be bad: they may not be used and are to go back.",
    "issued": "Used goods leave the walls: to the customer, to production, or as a loss.",
    "voided": "a use is taken back that never happened",
    "returned-by-customer": "Goods come back from where they went.",
    "returned-from-production": "Parts that were not needed, or that a product was taken apart "
    "into, come back.",
    "returned-to-supplier": "Goods go back to the supplier.",
    "produced": "A product made of parts comes in from production.",
    "lost": "Goods are gone that stay their owner's loss.",
    "found": "Goods turn up that were thought gone.",
    "never-came": "Goods turn out never to have been shipped: the receipt is set right.",
    "sent": "Goods leave for another organization.",
    "arrived": "Goods come in from another organization.",
    "renewed": "Goods pass to another agreement where they lie: out of one layer, into another. "
    "Whose they are does not change.",
    "purchased": "Goods that were ordered to be bought become ours at receipt.",
    "transferred-to-owned": "A consignor's goods become ours, and are owed from now on.",
    "transferred-to-consigned": "Goods that became ours become their consignor's again, and are "
    "no longer owed.",
    "sold-back": "Goods that are ours, and were settled, become the supplier's as they go back.",
}

EXITS = {
    "DONE": "done",
    "REFUSED": "refused: it was understood, and the answer is no; an audit that finds a breach",
    "MISUSED": "not understood, or the database, the disk or the address cannot be used",
    "PARTLY": "done, but some lines were refused and written to a file",
    "DEFECT": "a defect of the product; the sentence names the file that describes it",
    "STOPPED": "stopped at the keyboard; the same command goes on from there",
}

STATE = (
    "`XDG_STATE_HOME`",
    "where the key made above, and the descriptions of defects, are stored: in its folder "
    "`consigned`",
    "`~/.local/state`",
)
"""What the code heeds and the settings do not name."""

PLACEHOLDER = "‹{}›"


def page() -> str:
    return "\n".join([*_head(), *_commands(), *_imports(), *_entries(), *_uses(), *_exits(),
                      *_settings(), *_refusals()])  # fmt: skip


def _head() -> Iterator[str]:
    yield "# Reference"
    yield ""
    yield "Made from the code by `python -m tests.reference`; not edited. What the words mean is in"
    yield "[GLOSSARY.md](GLOSSARY.md); how they hang together in [BUILDING.md](BUILDING.md)."


def _commands() -> Iterator[str]:
    from consigned_service.interfaces.console.parser import COMMANDS, command

    yield from _section(
        "Commands",
        "`consigned COMMAND --help` says what a command takes. Every command takes",
        "`--database URL`, and `--json`, which answers a program instead of a person.",
    )
    rows = [(f"`{name}`", first_sentence(command(name))) for name in COMMANDS]
    yield from _table(("command", "what it does"), rows)


def _imports() -> Iterator[str]:
    from consigned_service.operations.registry import OPERATIONS

    yield from _section(
        "Imports",
        "`consigned import KIND FILE.csv` brings these in; `consigned import KIND --template`",
        "prints the header of a kind. Columns may stand in any order, and those that are not",
        "required may be left out.",
        "",
        "The file is UTF-8 text, one record in each line, its columns separated by commas,",
        "semicolons or tabs. Days are `2026-03-31`, times `2026-03-31T08:15`, and a minus stands",
        "before its figure. Figures have a decimal point and no sign for thousands;",
        "`--decimal comma` reads `1.234,5` and `0,125`. In a file with semicolons or tabs `1.234`",
        "may be either, and is refused until `--decimal` says which. Lines without any field, a",
        "`sep=;` above the header, and empty columns without a name at the end are passed over.",
    )
    for kind in OPERATIONS.values():
        yield ""
        yield f"### {kind.name}"
        rows = [
            (f"`{name}`", "required" if field.is_required else "", field.says)
            for name, field in kind.columns.items()
        ]
        yield from _table(("column", "", "what it says"), rows)


def _entries() -> Iterator[str]:
    from consigned.title.entry import TITLE_KINDS, EntryKind

    yield from _section("Entry kinds", "An entry changes the owner or the place, never both.")
    rows = [
        (f"`{kind}`", "owner" if kind in TITLE_KINDS else "place", ENTRIES[kind])
        for kind in EntryKind
    ]
    yield from _table(("entry", "changes the", "what happened"), rows)


def _uses() -> Iterator[str]:
    from consigned.accounting.journals import COST_OF
    from consigned.inventory.title_transfers import GOES_TO, UseKind

    yield from _section(
        "Kinds of use",
        "What goods were used for: the column `kind` of consumption. It decides where they go and",
        "which account of the consignee is debited; credited is `consigned-payables-accrual`, or",
        "`inventory` where the goods were the consignee's own.",
    )
    rows = [
        (f"`{kind}`", GOES_TO[kind] or "nowhere: they stay on the shelf", f"`{COST_OF[kind]}`")
        for kind in UseKind
    ]
    yield from _table(("kind", "goods go to", "debited"), rows)


def _exits() -> Iterator[str]:
    from consigned_service.interfaces.console import exit_codes as exits

    yield from _section("Exit codes", "What a program may rely on.")
    codes = {name: value for name, value in vars(exits).items() if isinstance(value, int)}
    rows = [(str(code), EXITS[name]) for name, code in codes.items()]
    yield from _table(("code", "how the command ended"), rows)


def _settings() -> Iterator[str]:
    from consigned_service.project.configuration import SETTINGS

    yield from _section(
        "Settings",
        "From the environment, or from one file of `NAME=VALUE` lines; none is needed to begin.",
        "The environment wins. A secret may also stand in a file of its own, which `NAME_FILE`",
        "names.",
        "`consigned settings` shows what was chosen, and where it was found.",
    )
    rows = [
        (f"`{name}`", meaning, f"`{default}`" if default else "")
        for name, meaning, default, _ in SETTINGS
    ]
    yield from _table(("name", "what it means", "otherwise"), [*rows, STATE])


def _refusals() -> Iterator[str]:
    yield from _section(
        "Refusals",
        "A refusal is an answer and not a fault, and what was refused has changed nothing. It has",
        "a code for programs and a sentence for people, in which ‹…› stands for what was asked and",
        "found. Which act refuses what, and which refusal comes first, is in",
        "[REFUSALS.md](REFUSALS.md).",
    )
    rows = [
        (f"`{code}`", sentence(refusal))
        for code, refusal in sorted((refusal.code, refusal) for refusal in refusals())
    ]
    yield from _table(("code", "what it says"), rows)


# --- reading the code --------------------------------------------------------------------


def first_sentence(module: Any) -> str:
    """What a command does, as its help says it."""
    return f"{' '.join((module.__doc__ or '').split()).partition('. ')[0].rstrip('.')}."


def refusals() -> set[Any]:
    """Every refusal that the product knows."""
    from consigned.measure.refusal import Refusal

    return {
        refusal
        for module in _modules()
        for _, refusal in getmembers(module, isclass)
        if issubclass(refusal, Refusal) and refusal is not Refusal
    }


def _modules() -> Iterator[ModuleType]:
    import consigned
    import consigned_demo
    import consigned_service

    for house in (consigned, consigned_demo, consigned_service):
        for found in walk_packages(house.__path__, f"{house.__name__}."):
            if ".migrations" not in found.name and not found.name.endswith(".wsgi"):
                yield import_module(found.name)


class _Number(int):
    """A number in a sentence, standing for any."""

    name: str

    def __str__(self) -> str:
        return PLACEHOLDER.format(self.name)

    def __format__(self, spec: str) -> str:
        return str(self)

    def __abs__(self) -> "_Number":
        return self

    def __divmod__(self, divisor: int) -> tuple["_Number", int]:
        return self, 0


class _Day(date):
    """A day in a sentence, standing for any."""

    name: str

    def __str__(self) -> str:
        return PLACEHOLDER.format(self.name)

    def __format__(self, spec: str) -> str:
        return str(self)


def sentence(refusal: Any) -> str:
    """What a refusal says, with placeholders for what was asked and found."""
    said = {field.name: _standing_for(field.name, str(field.type)) for field in fields(refusal)}
    return str(refusal(**said).sentence())


def _standing_for(name: str, kind: str) -> Any:
    shown = name.replace("_", " ")
    if "tuple" in kind:
        return (_standing_for(name, kind.partition("[")[2]),)
    value: Any = PLACEHOLDER.format(shown)
    if "WrongField" in kind:
        return (PLACEHOLDER.format("field"), PLACEHOLDER.format("why"))
    if "date" in kind:
        value = _Day(2026, 3, 31)
    elif "int" in kind:
        value = _Number(1)
    if not isinstance(value, str):
        value.name = shown
    return value


# --- writing -----------------------------------------------------------------------------


def _section(title: str, *words: str) -> Iterable[str]:
    return ("", f"## {title}", "", *words)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")
    django.setup()


def main(words: Sequence[str]) -> int:
    set_up()
    made = f"{page()}\n"
    if words == ["--check"]:
        return 0 if REFERENCE.read_text(encoding="utf-8") == made else 1
    REFERENCE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
