from __future__ import annotations

import contextlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers.pdfs import MM, assembled, box, locked, pdf, text

from comptoir.core.errors import FormatError
from comptoir.core.page import Line, Media, Page, Picture
from comptoir.formats.pdf import GAP, read

MEDIA = Media()
DOT = 72 / MEDIA.dpi  # points


def pictures(content: bytes, media: Media = MEDIA, **attributes: str) -> list[Picture]:
    (page,) = read(content, media, attributes)
    return [element for element in page.elements if isinstance(element, Picture)]


def dots(picture: Picture) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    rows = np.frombuffer(picture.bits, np.uint8).reshape(picture.height, -1)
    return np.unpackbits(rows, axis=1)[:, : picture.width]


def refused(content: bytes, **attributes: str) -> str:
    with pytest.raises(FormatError) as caught:
        read(content, MEDIA, attributes)
    assert caught.value.hint
    return caught.value.message


def test_the_content_of_a_page_fills_the_paper_and_its_margins_do_not_print() -> None:
    (picture,) = pictures(pdf(box(57, 200, 481, 100)))
    assert picture.width == 576
    columns, rows = dots(picture).any(axis=0), dots(picture).any(axis=1)
    assert columns[4:572].all()
    assert rows.all()
    assert picture.height == pytest.approx(100 * 576 / 481, abs=3)


@pytest.mark.parametrize(("width", "shown"), [(80, 576), (58, 464), (50, 400)])
def test_narrow_pages_come_out_at_their_real_size_where_they_are(width: float, shown: int) -> None:
    mark = box(10 * MM, 20 * MM, 20 * MM, 20 * MM)
    (picture,) = pictures(pdf(mark, width=width * MM, height=100 * MM))
    assert picture.width == pytest.approx(shown, abs=1)
    assert picture.align == "center"
    (columns,) = dots(picture).any(axis=0).nonzero()
    assert len(columns) == pytest.approx(160, abs=1)
    outside = (width * MM / DOT - picture.width) / 2
    assert columns[0] == pytest.approx(10 * MM / DOT - outside, abs=2)


def test_a_receipt_with_thin_margins_is_scaled_by_what_is_missing() -> None:
    (picture,) = pictures(pdf(box(3 * MM, 0, 74 * MM, 20 * MM), width=80 * MM, height=20 * MM))
    assert dots(picture).all(axis=0).sum() == pytest.approx(572, abs=3)


def test_letters_are_crisp() -> None:
    content = pdf(text("Total 42,00", 60, 700) + box(60, 600, 475, 1))
    assert pictures(content) == pictures(content, dither="threshold")
    assert pictures(content) != pictures(content, dither="floyd")


def test_a_fill_is_dithered() -> None:
    (picture,) = pictures(pdf(box(60, 300, 475, 300, 0.5)))
    assert dots(picture)[20:-20, 20:-20].mean() == pytest.approx(0.5, abs=0.02)


def test_pages_follow_each_other_in_one_strip_or_are_cut_apart() -> None:
    content = pdf(*[box(60, 100, 475, height) for height in (100, 50)], "")
    first, second = pictures(content)
    gap = round(GAP / 25.4 * MEDIA.dpi)
    assert not dots(first)[-gap:].any()
    assert dots(first)[:-gap].any(axis=1).all()
    assert dots(second).any(axis=1).all(), "nothing below the last, and the blank third page is left out"
    apart = read(content, MEDIA, {"cut": "page"})
    assert [len(page.elements) for page in apart] == [1, 1]
    assert "“cut”" in refused(content, cut="often")


def test_all_pages_are_in_letters_of_one_size() -> None:
    first, last = pictures(pdf(box(60, 100, 475, 100), box(60, 100, 100, 100)))
    (alone,) = pictures(pdf(box(60, 100, 100, 100)))
    assert dots(last).any(axis=0).sum() == pytest.approx(572 * 100 / 475, abs=2)
    assert dots(alone).any(axis=0).sum() == pytest.approx(100 / DOT, abs=2)
    assert first.width == last.width


def test_untrimmed_it_is_the_page() -> None:
    (picture,) = pictures(pdf(box(0, 0, 10, 10), width=200, height=400), trim="no")
    assert (picture.width, picture.height) == (564, 1128)
    (white,) = pictures(pdf("", width=200, height=400), trim="no")
    assert (white.width, white.height) == (564, 1128)


def test_a_blank_document_moves_the_paper_by_a_row() -> None:
    (picture,) = pictures(pdf("", ""))
    assert (picture.width, picture.height, any(picture.bits)) == (576, 1, False)


def test_duplicata_above_each_piece() -> None:
    content = pdf(*[box(60, 100, 475, 100)] * 2)
    pages = read(content, MEDIA, {"cut": "page", "duplicata": "yes"})
    assert [isinstance(page.elements[0], Line) for page in pages] == [True, True]


def test_what_cannot_be_printed_is_told() -> None:
    assert "password" in refused(locked())
    assert "cannot be read" in refused(b"%PDF-1.7\nhello")
    assert "cannot be read" in refused(b"")
    assert "cannot be read" in refused(pdf(box(1, 1, 9, 9))[:60])
    assert "no page" in refused(assembled(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"]))
    assert "201 pages" in refused(pdf(*[""] * 201))
    assert "5.1 m of paper" in refused(pdf(box(0, 0, 100, 14400), width=100, height=14450))
    assert "m of paper" in refused(pdf(*[box(0, 0, 100, 13000)] * 6, width=100, height=13000))
    assert "no possible size" in refused(pdf(box(1, 1, 9, 9), width=1e6))
    assert "no dithering" in refused(pdf(""), dither="x")


def test_many_at_once_do_not_disturb_each_other() -> None:
    """PDFium is not thread-safe; formats are called in threads."""
    contents = [pdf(*[box(60, 100, 475, 20 + 10 * n) + text(f"No {n}", 60, 700)] * 3) for n in range(8)]
    expected = [read(content, MEDIA, {}) for content in contents]

    def again(content: bytes) -> list[Page]:
        return list(read(content, MEDIA, {}))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(again, contents * 6)) == expected * 6


SAMPLE = pdf(text("Hello", 100, 700) + box(50, 50, 300, 300, 0.5), "")


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), max_size=8),
    st.integers(0, len(SAMPLE)),
)
def test_damaged_files_are_pages_or_format_errors(changes: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(SAMPLE)
    for place, value in changes:
        damaged[place] = value
    with contextlib.suppress(FormatError):
        read(bytes(damaged[: cut or None]), MEDIA, {})


@settings(deadline=None, max_examples=150)
@given(
    st.floats(70, 1500), st.floats(100, 1500), st.lists(st.tuples(*[st.floats(-200, 1500)] * 4), max_size=4),
    st.sampled_from(["", "/Rotate 90", "/Rotate 180", "/Rotate 270", "/CropBox[10 10 60 90]"]), st.integers(8, 900),
)  # fmt: skip
def test_any_page_fits_the_paper(
    width: float, height: float, boxes: list[tuple[float, float, float, float]], page: str, across: int
) -> None:
    content = "".join(box(*(round(side, 2) for side in place)) for place in boxes)
    for picture in pictures(pdf(content, width=width, height=height, page=page), Media(dots=across)):
        assert 0 < picture.width <= across
        assert picture.height > 0
        assert not np.unpackbits(np.frombuffer(picture.bits, np.uint8).reshape(picture.height, -1), axis=1)[
            :, picture.width :
        ].any()


def test_a_station_that_prints_text_only_does_not_pay_for_pictures() -> None:
    code = "import sys, comptoir.formats as f; [f.reader(name) for name in f.FORMATS]; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"numpy", "PIL", "pypdfium2"} & set(run.stdout.split()) == set()
