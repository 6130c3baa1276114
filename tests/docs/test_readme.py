"""The README's own programme is run as it stands, and answers what the README says it answers.

The shell reads each block and writes its files; the commands it names are then done in this
process, because each would take a second to start.
"""

import re
import subprocess
from pathlib import Path

from consigned_service.operations.registry import OPERATIONS
from tests.service.console import Console
from tests.support.databases import Database

ROOT = Path(__file__).parents[2]
SECTION = "Start your own programme"
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME_THE_COMMANDS = "consigned() { printf '%s\\0' \"$@\" ''; }\n"


def blocks() -> list[tuple[str, str]]:
    """The blocks of the section: commands (`sh`), and what the first of them answers (`text`)."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition(f"\n## {SECTION}\n")[2].partition("\n## ")[0]
    return BLOCK.findall(section)


def commands_of(block: str, folder: Path) -> list[list[str]]:
    """Let the shell do a block, all but its commands; answers their words."""
    asked = ["bash", "-euc", NAME_THE_COMMANDS + block]
    said = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True).stdout
    return [words.split("\0") for words in said.split("\0\0")[:-1]]


def lines_of(text: str) -> list[str]:
    """The lines of an answer, however wide its columns are."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_programme_is_started_as_the_readme_says(database: Database, tmp_path: Path) -> None:
    console = Console(tmp_path)
    answers: list[str] = []
    for language, block in blocks():
        if language == "text":
            assert [_without_rules(line) for line in lines_of(block)] == [
                _without_rules(line) for line in lines_of(answers[0])
            ]
            continue
        answers = []
        for words in commands_of(block, tmp_path):
            said = console(*words)
            assert said.code == 0, f"consigned {' '.join(words)}\n{said.out}{said.err}"
            answers.append(said.out)


def _without_rules(line: str) -> str:
    return "" if set(line) <= {"─"} else line


LOOP = {
    "parties", "sites", "organizations", "places", "items", "agreements", "prices", "orders",
    "ship-notices", "receipts", "transfers", "consumption",
}  # fmt: skip
"""The files a programme is started from; the reference tells the others."""


def test_every_kind_of_file_and_every_question_is_shown() -> None:
    said = "\n".join(block for language, block in blocks() if language == "sh")
    assert {kind for kind in LOOP if f"cat > {kind}.csv" not in said} == set()
    assert set(OPERATIONS) >= LOOP
    asked = ("init", "run advices", "owed", "stock", "title", "advice", "exceptions", "audit")
    assert {command for command in asked if f"consigned {command}" not in said} == set()
