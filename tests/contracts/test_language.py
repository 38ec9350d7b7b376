"""What every printer language must do, whichever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError, UnknownName
from comptoir.core.page import Line, Media, Page
from comptoir.core.ports import Language
from comptoir.languages import LANGUAGES, language
from comptoir.languages.raw import Raw


@pytest.fixture(params=LANGUAGES)
def any_language(request: pytest.FixtureRequest) -> Language:
    return language(request.param)


def test_encodes_a_page_or_says_that_it_cannot(any_language: Language) -> None:
    if isinstance(any_language, Raw):
        with pytest.raises(FormatError):
            any_language.encode([Page((Line("Hello world"),))], Media())
        return
    encoded = any_language.encode([Page((Line("Hello world"),))], Media())
    assert b"Hello world" in encoded.data
    assert encoded.unprintable == ""


def test_the_same_pages_give_the_same_bytes(any_language: Language) -> None:
    page = Page((Line("é €"),))
    try:
        first = any_language.encode([page], Media())
    except FormatError:
        return
    assert any_language.encode([page], Media()) == first, "a job must not depend on the one before"


def test_silence_is_no_answer(any_language: Language) -> None:
    replies = any_language.read_replies(b"")
    assert (replies.answered, replies.fenced, list(replies.problems)) == (False, False, [])


def test_what_can_be_asked_is_bytes(any_language: Language) -> None:
    assert isinstance(any_language.ask_status(), bytes)
    assert isinstance(any_language.ask_fence(), bytes)


@pytest.mark.parametrize("name", LANGUAGES)
@given(data=st.binary(max_size=300))
def test_any_reply_is_read_and_what_was_said_stays_said(name: str, data: bytes) -> None:
    known = language(name)
    answered = fenced = False
    for end in range(len(data) + 1):
        replies = known.read_replies(data[:end])
        assert replies.answered >= answered
        assert replies.fenced >= fenced
        answered, fenced = replies.answered, replies.fenced


def test_an_unknown_language_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownName) as caught:
        language("klingon")
    assert "escpos" in caught.value.hint
