"""Every word that people meet is in the documentation, and what that names is there."""

import re
from pathlib import Path

import pytest

from consigned.accounting.journals import COST_OF
from consigned.inventory.title_transfers import UseKind
from consigned.title.entry import EntryKind
from consigned_service.interfaces.console.parser import COMMANDS
from consigned_service.operations.registry import OPERATIONS
from tests import reference

ROOT = reference.ROOT
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py"))}
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md"]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
each_document = pytest.mark.parametrize(
    "document", PAGES, ids=lambda document: document.relative_to(ROOT).as_posix()
)
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE"}
"""Read from the environment, but nobody's to choose."""


def said_in_reference() -> set[str]:
    """The words that the reference explains: the first cells of its tables, and its kinds."""
    page = reference.REFERENCE.read_text(encoding="utf-8")
    return set(re.findall(r"^(?:\| `|### )([\w-]+)", page, re.MULTILINE))


def in_sources(pattern: str) -> set[str]:
    return {found for text in SOURCES.values() for found in re.findall(pattern, text)}


WORDS = {
    "command": set(COMMANDS),
    "entry kind": {kind.value for kind in EntryKind},
    "kind of use": {kind.value for kind in UseKind},
    "import": set(OPERATIONS),
    "column": {column for kind in OPERATIONS.values() for column in kind.columns},
    "refusal": in_sources(r'\n    code: ClassVar\[str\] = "([\w-]+)"') - {"refused"},
    "setting": in_sources(r'environ(?:\.get\(|\[|\.setdefault\()"([A-Z_]+)"') - NOT_SETTINGS,
}


@pytest.mark.parametrize("kind", WORDS)
def test_the_reference_explains_every(kind: str) -> None:
    assert WORDS[kind]
    assert WORDS[kind] - said_in_reference() == set()


def test_the_reference_is_up_to_date() -> None:
    written = reference.REFERENCE.read_text(encoding="utf-8")
    assert written == f"{reference.page()}\n", "run python -m tests.reference"


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [refusal.code for refusal in reference.refusals()]
    assert sorted(codes) == sorted(WORDS["refusal"])


def test_every_use_has_an_account() -> None:
    assert set(UseKind) == set(COST_OF)


@each_document
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
    there = [link for link in links if not link.startswith("http")]
    assert [link for link in there if not (document.parent / link).exists()] == []


@each_document
def test_make_knows_what_is_asked_of_it(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    text = "".join(re.findall(r"```console.*?```|`[^`\n]+`", document.read_text(), re.DOTALL))
    asked = re.findall(r"\bmake ([a-z]+)", text)
    assert set(asked) - targets == set()


def test_each_decision_has_a_number_of_its_own() -> None:
    named = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert len({name[:4] for name in named}) == len(named)
    for name in named:
        title = (ROOT / "docs" / "decisions" / name).read_text(encoding="utf-8").partition("\n")[0]
        assert title.startswith(f"# {name[:4]} ")


def test_every_decision_that_is_cited_is_there() -> None:
    there = {path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")}
    cited = {
        number
        for text in (*SOURCES.values(), *(page.read_text(encoding="utf-8") for page in PAGES))
        for found in re.findall(r"\bdecisions?\s+(\w+(?:(?:, | and )\d{4})*)", text)
        for number in re.findall(r"D?\d+", found)
    }
    assert len(cited) > 15
    assert cited - there == set()
