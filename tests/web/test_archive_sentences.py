"""What the archive refuses, a page says in the reader's language: the errors are those that are really raised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.peers.archive_scene import FakeArchive

from comptoir.core.errors import RequestError
from comptoir.core.search import Search
from comptoir.web import archive_sentences
from comptoir.web.archive_export import chosen
from comptoir.web.archive_sentences import ARCHIVE_SAYS
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))
ROOT = Path(archive_sentences.__file__).parent.parent
SAID_IN = (
    "archive/*.py",
    "station/archive/*.py",
    "web/archive_*.py",
    "web/pages/archive.py",
    "web/pages/document.py",
)


def test_every_sentence_is_in_french() -> None:
    for _, sentence in ARCHIVE_SAYS:
        assert FRENCH.text(sentence) != sentence


async def test_errors_that_are_raised() -> None:
    archive = FakeArchive()
    with pytest.raises(RequestError) as caught:
        await archive.document(7)
    assert FRENCH.error(caught.value).what == "Il n’y a pas de document 7 dans les archives"
    with pytest.raises(RequestError) as caught:
        await chosen(archive, [1, 2], Search(), 1)
    said = FRENCH.error(caught.value)
    assert (said.what, said.remedy[:9]) == ("Cela fait plus de 1 documents", "Resserrez")


def test_each_is_said_by_somebody() -> None:
    sources = "".join(path.read_text("utf-8") for pattern in SAID_IN for path in ROOT.glob(pattern)
                      if path.name != "archive_sentences.py")  # fmt: skip
    plain = re.sub(r"\{[^{}]*\}", "7", sources)
    for pattern, _ in ARCHIVE_SAYS:
        beginning = re.match(r"[^(\\?]+", pattern)
        assert beginning is None or beginning[0] in plain, pattern
