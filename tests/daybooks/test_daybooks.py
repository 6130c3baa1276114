"""Every day book, word for word: through the operations on both databases, with every law held at
its end, and, where it needs no documents, against the bare rules."""

from pathlib import Path

import pytest

from consigned_service.operations.audit.audit import audit
from tests.daybooks.book import STORIES, replay, verbs
from tests.daybooks.rules import Rules
from tests.daybooks.service import Service
from tests.rows import day_book

WITHOUT_DOCUMENTS = [story for story in STORIES if Rules.can_tell(verbs(story.read_text()))]


@pytest.mark.parametrize("story", [day_book(story) for story in STORIES])
def test_told_by_the_service(story: Path, database: object) -> None:
    text = story.read_text(encoding="utf-8")
    assert replay(text, Service()) == text
    assert audit().breaches == []


@pytest.mark.parametrize("story", WITHOUT_DOCUMENTS, ids=lambda story: story.stem)
def test_told_by_the_bare_rules(story: Path) -> None:
    text = story.read_text(encoding="utf-8")
    assert replay(text, Rules()) == text


def test_many_stories_need_no_documents() -> None:
    assert len(WITHOUT_DOCUMENTS) >= 8
