from __future__ import annotations

import gc
from contextlib import ExitStack, nullcontext
from threading import Event, Thread

import pytest
from tests.peers.pdfs import box, pdf, text

from comptoir.core.errors import FormatError
from comptoir.formats.frame import Box
from comptoir.formats.pdfium import Document


def content_of(file: bytes) -> Box | None:
    document = Document(file)
    try:
        with document.page(0) as sheet:
            return sheet.content()
    finally:
        document.close()


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("", (50, 700, 150, 742)),
        ("/Rotate 90", (100, 50, 142, 150)),
        ("/Rotate 180", (445, 100, 545, 142)),
        ("/Rotate 270", (700, 445, 742, 545)),
        ("/CropBox[40 90 240 290]", (10, 148, 110, 190)),
    ],
)
def test_where_the_content_is_as_the_page_is_seen(page: str, seen: tuple[float, ...]) -> None:
    content = content_of(pdf(box(50, 100, 100, 42), page=page))
    assert content is not None
    assert (content.left, content.top, content.right, content.bottom) == pytest.approx(seen, abs=0.2)


def test_content_is_what_lies_on_the_page() -> None:
    assert content_of(pdf("")) is None
    assert content_of(pdf(box(-300, 100, 100, 100))) is None
    over = content_of(pdf(box(-300, 100, 400, 100)))
    assert over is not None
    assert (over.left, over.right) == pytest.approx((0, 100), abs=0.2)


def test_annotations_and_form_fields_count_and_are_drawn() -> None:
    form = [
        "<</Fields[6 0 R]/DA(/F1 12 Tf 0 g)/DR<</Font<</F1 3 0 R>>>>/NeedAppearances true>>",
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Filled in)/Rect[100 400 300 430]/DA(/F1 12 Tf 0 g)/F 4>>",
    ]
    document = Document(pdf("", page="/Annots[6 0 R]", more=form))
    with document.page(0) as sheet:
        content = sheet.content()
        assert content is not None
        assert (content.left, content.top, content.right, content.bottom) == pytest.approx(
            (100, 412, 300, 442), abs=0.2
        )
        assert sheet.drawn(content, 2).min() < 80, "what was filled in"
    document.close()


def test_a_part_is_drawn_to_the_dot() -> None:
    document = Document(pdf(box(100, 642, 50, 100)))
    with document.page(0) as sheet:
        for scale in (0.37, 1, 2.5, 2.819):
            greys = sheet.drawn(Box(90, 90, 160, 210), scale)
            assert greys.shape == (round(120 * scale), round(70 * scale))
            assert (greys < 128).mean() == pytest.approx(5000 / 8400, abs=0.05)
        greys = sheet.drawn(Box(90, 90, 160, 210), 1)
        assert (greys[10:110, 10:60] < 10).all()
        assert (greys[:9].min(), greys[:, :9].min(), greys[111:].min(), greys[:, 61:].min()) == (255,) * 4
    document.close()


IMAGE = (
    "<</Type/XObject/Subtype/Image/Width {0}/Height {0}/ColorSpace/DeviceGray/BitsPerComponent 1/Length 0>>\n"
    "stream\n\nendstream"
)
FORM = (
    "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</I 6 0 R>>>>/Length 5>>\n"
    "stream\n/I Do\nendstream"
)


@pytest.mark.parametrize("shown", ["6 0 R", "7 0 R"], ids=["on the page", "in a form"])
def test_images_that_would_take_all_memory(shown: str) -> None:
    for side, refused in ((20_000, True), (2_000, False)):
        more = ["<<>>", IMAGE.format(side), FORM]
        document = Document(pdf("/X Do", page=f"/Resources<</XObject<</X {shown}>>>>", more=more))
        with pytest.raises(FormatError, match="million pixels") if refused else nullcontext(), document.page(0):
            pass
        document.close()


def test_letters_of_another_document_wait_for_the_page_that_is_being_drawn() -> None:
    opened, document = Event(), Document(pdf(text("A", 100, 100)))

    def second() -> None:
        Document(pdf(text("B", 100, 100))).close()
        opened.set()

    with document.page(0):
        thread = Thread(target=second)
        thread.start()
        assert not opened.wait(0.05)
    assert opened.wait(10)
    thread.join()
    document.close()


def test_everything_is_closed_and_the_lock_given_back_whatever_happens(capfd: pytest.CaptureFixture[str]) -> None:
    document = Document(pdf(box(1, 1, 9, 9), box(1, 1, 9, 9)))
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(ZeroDivisionError))
        with document.page(0):
            raise ZeroDivisionError
    with pytest.raises(FormatError, match="Page 10 "), document.page(9):
        pass
    with document.page(1) as sheet:
        assert sheet.content() is not None
    document.close()
    del document, sheet
    gc.collect()
    assert capfd.readouterr() == ("", "")
