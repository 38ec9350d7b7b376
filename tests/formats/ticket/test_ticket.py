"""Whole tickets, and what a printer makes of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.core.page import Line, Media
from comptoir.formats.ticket import read
from comptoir.languages import LANGUAGES, language
from comptoir.languages.escpos.render import render

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "ticket.md"
EXAMPLES = re.findall(r"```ticket\n(.*?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
WIDE, NARROW = Media(), Media(dots=384, columns=32)


def printed(markup: str, media: Media) -> str:
    """The text on the papers of an ESC/POS printer."""
    encoded = language("escpos").encode(read(markup.encode(), media, {}), media)
    assert encoded.unprintable == ""
    return render(encoded.data, "text", media).decode()


def words(text: str) -> list[str]:
    """Without the marks that only draw."""
    return [word for word in re.sub(r"[─│┌┐└┘├┤┬┴┼-]", " ", text).split() if not word.startswith("[")]


def test_the_documentation_has_examples() -> None:
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize("media", [WIDE, NARROW], ids=["80 mm", "58 mm"])
@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_prints_in_every_language(example: str, media: Media) -> None:
    pages = read(example.encode(), media, {})
    for name in LANGUAGES:
        if name != "raw":
            assert len(language(name).encode(pages, media).data) > 200


@pytest.mark.parametrize("media", [WIDE, NARROW], ids=["80 mm", "58 mm"])
def test_a_bill_comes_out_with_every_word_in_its_column(media: Media) -> None:
    lines = [line.rstrip() for line in printed(EXAMPLES[0], media).splitlines()]
    assert any(line.startswith("Espresso ") and line.endswith(" 2   4,40 €") for line in lines)
    assert any(re.fullmatch(r"\s*│20 %\s+│\s+9,17│\s+1,83│\s+11,00│", line) for line in lines)
    for word in ("Marseille", "Croque-monsieur,", "verte", "bientôt", "30,00"):
        assert word in " ".join(lines)


def test_the_same_words_come_out_on_both_papers() -> None:
    ticket = (
        "Nom | Café\n{width: * 10; border: line}\nune ligne longue qui tient | 12,50 €\n=\n{width: auto}\n^deux^ | _3_"
    )
    expected = ["Nom", "Café", "une", "ligne", "longue", "qui", "tient", "12,50", "€", "deux", "3"]
    for media in (WIDE, NARROW, Media(dots=240, columns=20)):
        assert sorted(words(printed(ticket, media))) == sorted(expected)


def test_a_reprint_says_so_on_every_paper() -> None:
    pages = read(b"one\n=\ntwo", WIDE, {"duplicata": "yes", "title": "t", "date": "d"})
    assert [page.elements[0] for page in pages] == [pages[0].elements[0]] * 2
    first = pages[0].elements[0]
    assert isinstance(first, Line)
    assert first.text == "DUPLICATA"


def test_what_is_not_text_is_refused() -> None:
    with pytest.raises(FormatError, match="not valid UTF-8"):
        read(b"\xff\xfe", WIDE, {})


def test_an_endless_text_is_refused_at_once() -> None:
    with pytest.raises(FormatError, match="lines of paper"):
        read(b"x\n" * 20_001, WIDE, {})


@pytest.mark.parametrize(
    "escape", [b"\x1bp\x00\x19\x19", rb"\x1bp\x00\x19\x19", rb"{code: \x1bp\x00}", b"\x10\x14\x01\x00\x01"]
)
def test_no_ticket_sends_bytes_of_its_own_to_the_printer(escape: bytes) -> None:
    try:
        pages = read(escape, WIDE, {})
    except FormatError:
        return
    data = language("escpos").encode(pages, WIDE).data
    assert not re.search(rb"\x1bp|\x10[\x04\x05\x14]", data)


@given(st.text('abé |~_"`^-=\n\\x1bp{}', max_size=200))
def test_a_ticket_of_any_text_is_encoded(text: str) -> None:
    try:
        pages = read(text.encode(), NARROW, {})
    except FormatError as refused:
        assert refused.message.startswith("Line ")
        return
    assert language("escpos").encode(pages, NARROW).data
