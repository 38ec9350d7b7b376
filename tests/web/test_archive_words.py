"""Words for kept documents, in both languages, and what was looked for marked in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from comptoir.web.archive_words import EVENTS, SOURCES, TYPES, ArchiveWords, highlighted
from comptoir.web.locale import catalogue


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_word_is_there(language: str) -> None:
    words = ArchiveWords(catalogue(language))
    for media_type in TYPES:
        assert words.type(media_type) != media_type
    for name in SOURCES:
        assert words.source(name)
    for kind in EVENTS:
        assert words.event(kind).word != kind


def test_what_is_not_known_is_its_own_word() -> None:
    words = ArchiveWords(catalogue("fr"))
    assert (words.type("video/mp4"), words.source("audit"), words.event("new-thing").word) == (
        "video/mp4",
        "audit",
        "new-thing",
    )
    assert words.type("image/png") == "Image"
    assert words.type("image/urf") == "Image d’impression"


def test_what_was_looked_for_is_marked_and_nothing_else_is_markup() -> None:
    assert highlighted("<b>TVA</b> 10 %", [(3, 6)]) == "&lt;b&gt;<mark>TVA</mark>&lt;/b&gt; 10 %"


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=6))
def test_whatever_the_marks_the_text_is_the_text(text: str, marks: list[tuple[int, int]]) -> None:
    said = str(highlighted(text, marks)).replace("<mark>", "").replace("</mark>", "")
    assert Markup(said).unescape() == Markup(str(Markup.escape(text))).unescape()
