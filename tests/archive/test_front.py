"""The pages of a pack that are its own: no text is too long for them, and none is lost for a letter."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.archive import front
from comptoir.archive.leaves import Cover, Leaf, Line

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def cover(text: str, lines: int = 1) -> Cover:
    checks = [Line(text, "bad", text, text)] * lines
    return Cover(text, text, [(text, text)], text, text, text, checks, text, (text,) * 5, text, "fr", {"x": text})


def text_of(file: Path) -> list[str]:
    with pypdfium2.PdfDocument(file) as document:
        return [page.get_textpage().get_text_range() for page in document]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts)
def test_any_text_can_be_drawn(tmp_path: Path, text: str) -> None:
    leaf = Leaf(text, text, text, text, text)
    made = front.cover(cover(text), [leaf, leaf], [1, 1], ["", "x"], tmp_path / "front.pdf")
    assert made == len(text_of(tmp_path / "front.pdf"))
    front.apology(cover(text), leaf, "x", tmp_path / "apology.pdf")
    assert len(text_of(tmp_path / "apology.pdf")) >= 1


def test_accents_greek_and_cyrillic_are_text_and_others_a_question_mark(tmp_path: Path) -> None:
    front.cover(cover("Clôture d’été Ω Привет 早"), [], [], [], tmp_path / "front.pdf")
    assert "Clôture d’été Ω Привет ?" in text_of(tmp_path / "front.pdf")[0]


def test_a_heading_is_never_the_last_line_of_a_page(tmp_path: Path) -> None:
    for lines in range(30, 50):
        front.cover(cover("x", lines), [Leaf("x", "x", "last", "x", "x")], [1], [""], tmp_path / "front.pdf")
        with_document = next(page for page in text_of(tmp_path / "front.pdf") if "last" in page)
        assert with_document.count("x") > 5, "the heading and the columns stand above it"


def left_of(file: Path, word: str) -> tuple[float, float]:
    """Where a word begins and ends on the first page."""
    with pypdfium2.PdfDocument(file) as document:
        page = document[0].get_textpage()
        start, count = page.search(word).get_next()
        return page.get_charbox(start)[0], page.get_charbox(start + count - 1)[2]


def test_a_time_with_its_day_does_not_run_into_the_title(tmp_path: Path) -> None:
    leaf = Leaf("x", "21/11 08:12", "Arrivals", "x", "x")
    front.cover(cover("x"), [leaf], [1], [""], tmp_path / "front.pdf")
    assert left_of(tmp_path / "front.pdf", "21/11 08:12")[1] < left_of(tmp_path / "front.pdf", "Arrivals")[0]
