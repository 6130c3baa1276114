"""Reading a day book, replaying it in a world, and writing it out again with the answers."""

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from consigned.measure.refusal import Refusal
from tests.daybooks.language import Sentence, understand

FOLDER = Path(__file__).parent
STORIES = sorted(FOLDER.glob("*.txt"))
DATED = re.compile(r"(\d{4}-\d\d-\d\d)  (.+)")


class Line(NamedTuple):
    """A line at the margin: as it is written, and what it says if it is an act."""

    text: str
    day: date | None = None
    sentence: Sentence | None = None


def read(text: str) -> list[Line]:
    """The lines of a day book without the answers."""
    lines: list[Line] = []
    for nth, line in enumerate(text.splitlines()):
        is_answer = re.match(r"\s+[=!]( |$)", line) and lines and lines[-1].sentence
        if is_answer:
            continue
        if nth < 2 or not line.strip() or line.startswith((" ", "#")):
            lines.append(Line(line))
        elif dated := DATED.fullmatch(line):
            lines.append(Line(line, date.fromisoformat(dated[1]), understand(dated[2])))
        else:
            lines.append(Line(line, None, understand(line)))
    return lines


def first_day(lines: list[Line]) -> date:
    return next(line.day for line in lines if line.day)


def verbs(text: str) -> set[str]:
    return {line.sentence.verb for line in read(text) if line.sentence}


def replay(text: str, world: object) -> str:
    """The day book as this world tells it."""
    lines = read(text)
    opens_on = first_day(lines)
    told = []
    for line in lines:
        told.append(line.text)
        if line.sentence:
            answers = _answers(world, line, line.day or opens_on)
            assert line.day or not answers, f"{line.text}: {answers}"
            told.extend(f"    {answer}" for answer in answers)
    return "\n".join(told) + "\n"


def _answers(world: object, line: Line, day: date) -> list[str]:
    assert line.sentence
    verb, words = line.sentence
    try:
        answers = getattr(world, verb)(day, **words)
    except Refusal as refusal:
        return [f"! {refusal.code}: {refusal}"]
    return [f"= {answer}" for answer in answers]
