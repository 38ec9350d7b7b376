from __future__ import annotations

import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from comptoir.core.cells import width
from comptoir.core.errors import FormatError
from comptoir.core.page import Barcode, Buzz, Cell, Element, Feed, Line, Media, Page, Picture, QrCode, Row, Style
from comptoir.formats.text import MOST_LINES
from comptoir.formats.ticket import layout
from comptoir.formats.ticket.layout import MOST_SYMBOLS, lay_out

NARROW = Media(dots=240, columns=20)


def drawn(element: Line | Row, columns: int) -> str:
    """The line as it stands on paper, a letter of more than one cell being followed by spaces."""
    if isinstance(element, Line):
        free = columns - width(element.text) * element.style.width
        at = {"left": 0, "center": (free + 1) // 2, "right": free}[element.style.align]
        cells: tuple[Cell, ...] = (Cell(at, element.text, element.style),)
    else:
        cells = element.cells
    line = ""
    for cell in cells:
        line = line.ljust(cell.column) + "".join(letter + " " * (cell.style.width - 1) for letter in cell.text)
    return line.rstrip()


def paper(markup: str, media: Media = NARROW) -> list[str]:
    """The lines of the only page."""
    (page,) = lay_out(markup, media)
    return [drawn(element, media.columns) for element in page.elements if isinstance(element, Line | Row)]


def elements(markup: str, media: Media = NARROW) -> list[Element]:
    (page,) = lay_out(markup, media)
    return list(page.elements)


def test_a_bill() -> None:
    assert paper(
        "^Café\n\n{width: * 3 6}\nEspresso | 2| 4.40\nPain au chocolat | 1| 2.10\n-\n{w:auto}\nTOTAL | ^6.50"
    ) == [
        "      C a f é",
        "",
        "Espresso    2   4.40",
        "Pain au     1   2.10",
        "chocolat",
        "────────────────────",
        "TOTAL       6 . 5 0",
    ]


def test_a_table_with_lines() -> None:
    assert paper(
        "{border: line; width: * 6}\n-\nItem | Price\n-\nTea | 2.00\n-\n{border: space; width: auto}\nend|"
    ) == [
        "┌───────────┬──────┐",
        "│Item       │ Price│",
        "├───────────┼──────┤",
        "│Tea        │  2.00│",
        "└───────────┴──────┘",
        "                 end",
    ]


def test_lines_of_a_table_are_as_high_as_its_letters() -> None:
    row = elements("{border: line}\n^^Tall")[1]
    assert isinstance(row, Row)
    assert [(cell.text, cell.style.height) for cell in row.cells] == [("│", 2), ("Tall", 2), ("│", 2)]


def test_a_cut_closes_the_table_and_the_next_page_opens_it_again() -> None:
    pages = lay_out("{border: line}\na\n=\nb", NARROW)
    assert [[drawn(e, 20)[:2] for e in page.elements if isinstance(e, Line | Row)] for page in pages] == [
        ["┌─", "│ ", "└─"],
        ["┌─", "│ ", "└─"],
    ]


def test_simple_lines_are_aligned_by_the_printer() -> None:
    assert elements('|left\n"middle"\n`right`|') == [
        Line("left"),
        Line("middle", Style(bold=True, align="center")),
        Line("right", Style(inverse=True, align="right")),
    ]


def test_lines_of_several_styles_are_rows() -> None:
    assert elements('|a "b"') == [Row((Cell(0, "a "), Cell(2, "b", Style(bold=True))))]


def test_underlined_blanks_are_printed_and_others_are_not() -> None:
    assert elements("_~~~_ | ~") == [Row((Cell(0, "   ", Style(underline=True)),))]


def test_columns_stand_on_narrower_paper_where_align_says() -> None:
    assert paper("{width: 4 4; align: right}\na | b\n-") == ["           a       b", "           ─────────"]


def test_without_wrapping_the_rest_is_cut_off() -> None:
    assert paper("{text: nowrap; width: 6 *}\nHamburger | 3.90\na\\nb |") == ["Hambur          3.90", "a"]


def test_columns_without_width_are_not_printed() -> None:
    assert paper("{width: * 0 4}\nTea | secret | 2.00 | more") == ["Tea             2.00"]


def test_missing_columns_are_empty() -> None:
    assert paper("{width: 4 4; border: line; align: left}\n|a")[1] == "│a   │    │"


def test_columns_that_do_not_fit_are_refused_and_not_lost() -> None:
    assert paper("|".join("abcdefghij"))
    with pytest.raises(FormatError, match="Line 1: 11 columns do not fit on 20 characters"):
        paper(" |".join("abcdefghijk"))


def test_symbols_pictures_feed_and_buzzer() -> None:
    out = io.BytesIO()
    Image.new("1", (8, 2)).save(out, "PNG")
    logo = base64.b64encode(out.getvalue()).decode()
    assert elements(
        f"{{option: ean hri}}\n|{{code: 9638507}}\n{{o: qrcode; c: Bon appétit}}\n{{image: {logo}}}|\n"
        "{feed: 3}\n{buzzer: 2}\n{comment: nothing}"
    ) == [
        Barcode("EAN8", "96385074", text=True, align="left"),
        QrCode("Bon appétit", 3, "L", "center"),
        Picture(8, 2, b"\xff\xff", "right"),
        Feed(3),
        Buzz(2),
    ]


def test_symbols_stand_where_narrow_columns_stand() -> None:
    (code,) = elements("{width: 15; align: left}\n{option: ean; code: 9638507}|")
    assert isinstance(code, Barcode)
    assert code.align == "left"


def test_pages() -> None:
    assert lay_out("", NARROW) == [Page(())]
    assert lay_out("\n\n=\n", NARROW) == [Page(())]
    pages = lay_out("=\none\n=\n=\n\ntwo\n=\n\n", NARROW)
    assert [[e.text for e in page.elements if isinstance(e, Line)] for page in pages] == [["one"], ["", "two"]]
    assert all(page.cut for page in pages)


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ("one\ntwo\n{bold: on}", "Line 3: There is no property “bold”."),
        (
            "{command: \\x1bp}",
            "Line 1: {command: …} is not supported: a ticket sends no bytes of its own to the printer.",
        ),
        ("\r\n{width: wide}\r\n", "Line 2: width cannot be “wide”."),
        ("{image: logo.png}", "Line 1: The picture is not in base64."),
        ("{feed: 21}", "Line 1: feed cannot be “21”."),
        ("{buzzer: 99}", "Line 1: buzzer cannot be “99”."),
    ],
)
def test_errors_say_the_line_and_the_reason(markup: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        lay_out(markup, NARROW)
    assert refused.value.message == message
    assert refused.value.hint


def test_paper_symbols_and_pixels_are_bounded() -> None:
    narrow_column = "{width: 1 *}\n" + "x" * (MOST_LINES + 1) + " |"
    for markup in (narrow_column, "{feed: 20}\n" * 1001, "^^^^^^^x\n" * 3334, "x\\n" * 20_001):
        with pytest.raises(FormatError, match="lines of paper"):
            lay_out(markup, NARROW)
    with pytest.raises(FormatError, match=f"Line {MOST_SYMBOLS + 1}: A ticket holds"):
        lay_out("{c: 1}\n" * (MOST_SYMBOLS + 1), NARROW)


def test_the_data_of_all_codes_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MOST_CODED", 10)
    with pytest.raises(FormatError, match="Line 2: A ticket holds"):
        lay_out("{c: 123456}\n{c: 123456}", NARROW)


def test_a_text_of_megabytes_is_refused_before_it_is_read() -> None:
    with pytest.raises(FormatError, match="8 million characters"):
        lay_out("{_: " + "x" * 8_000_000 + "}", NARROW)


def test_pictures_that_only_claim_to_be_small_together_are_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (4000, 5000), 1).save(out, "PNG")
    line = f"{{image: {base64.b64encode(out.getvalue()).decode()}}}\n"
    with pytest.raises(FormatError, match="Line 3: The pictures of this ticket"):
        lay_out(line * 3, NARROW)


LINES = st.one_of(
    st.text(st.sampled_from('|{}\\-=~_"`^ :;nab é塩\u0301👩\u200d'), max_size=40),
    st.text(max_size=40),
    st.builds(
        "{{{}: {}}}".format,
        st.sampled_from(["width", "border", "align", "text", "option", "code", "feed", "comment"]),
        st.one_of(st.text("*0123456789, ", max_size=12), st.sampled_from(["line", "none", "left", "nowrap", "qrcode"])),
    ),
    st.sampled_from(["-", "=", "{border: line}", "{width: 1 2 *}", "|a|b|c|", "^^^^x | y", "{width: auto}"]),
)


@settings(max_examples=300)
@given(st.lists(LINES, max_size=12), st.sampled_from([NARROW, Media(384, 32), Media()]))
def test_any_ticket_is_pages_that_fit_or_refused_with_its_line(lines: list[str], media: Media) -> None:
    try:
        pages = lay_out("\n".join(lines), media)
    except FormatError as refused:
        assert refused.message.startswith("Line ")
        return
    for page in pages:
        for element in page.elements:
            if isinstance(element, Line):
                assert width(element.text) * element.style.width <= media.columns
            elif isinstance(element, Row):
                end = 0
                for cell in element.cells:
                    assert cell.column >= end
                    end = cell.column + width(cell.text) * cell.style.width
                assert end <= media.columns
