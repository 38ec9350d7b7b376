from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.cells import width
from comptoir.core.errors import FormatError
from comptoir.core.page import PLAIN, Style
from comptoir.formats.ticket.markup import HARD_SPACE, Cut, Properties, Rule, Text, statement


def columns(line: str) -> list[tuple[str, str]]:
    """(text, alignment) of each column."""
    said = statement(line)
    assert isinstance(said, Text)
    return [
        ("/".join("".join(run.text for run in one) for one in column.lines), column.align) for column in said.columns
    ]


def runs(line: str) -> list[tuple[str, Style]]:
    said = statement(line)
    assert isinstance(said, Text)
    return [(run.text, run.style) for one in said.columns[0].lines for run in one]


def members(line: str) -> dict[str, str]:
    said = statement(line)
    assert isinstance(said, Properties)
    return said.members


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("text", [("text", "center")]),
        ("|text|", [("text", "center")]),
        ("| text |", [("text", "center")]),
        ("|text", [("text", "left")]),
        ("|text |", [("text", "left")]),
        ("text |", [("text", "left")]),
        ("text|", [("text", "right")]),
        ("| text|", [("text", "right")]),
        ("| text", [("text", "right")]),
        ("Coffee | 2.50", [("Coffee", "left"), ("2.50", "right")]),
        ("|a|b|c|", [("a", "center"), ("b", "center"), ("c", "center")]),
        ("a|b", [("a", "right"), ("b", "left")]),
        ("a || b", [("a", "left"), ("", "center"), ("b", "right")]),
        ("|", [("", "center")]),
        ("||", [("", "center")]),
        ("", [("", "center")]),
        ("  \t ", [("", "center")]),
    ],
)
def test_text_is_drawn_to_the_pipe_that_it_touches(line: str, expected: list[tuple[str, str]]) -> None:
    """The table “Alignment” of ReceiptLine."""
    assert columns(line) == expected


@pytest.mark.parametrize("line", ["-", "-----", " --- ", "|---|"])
def test_a_line_of_dashes_is_a_rule(line: str) -> None:
    assert statement(line) == Rule()


@pytest.mark.parametrize("line", ["=", "=====", "|=|"])
def test_a_line_of_equals_signs_is_a_cut(line: str) -> None:
    assert statement(line) == Cut()


@pytest.mark.parametrize(("line", "text"), [(r"\-", "-"), (r"\=", "="), ("-=", "-="), ("- -", "- -")])
def test_other_dashes_are_text(line: str, text: str) -> None:
    assert columns(line)[0][0] == text


def test_rules_and_cuts_stand_alone() -> None:
    assert [text for text, _ in columns("--- | ===")] == ["---", "==="]


@pytest.mark.parametrize(
    ("escape", "text"),
    [
        (r"\\", "\\"),
        (r"\|", "|"),
        (r"\{", "{"),
        (r"\}", "}"),
        (r"\~", "~"),
        (r"\_", "_"),
        (r"\"", '"'),
        (r"\`", "`"),
        (r"\^", "^"),
        (r"\x41\xe9", "Aé"),
        (r"\x1b\x07\x7f", ""),
        (r"\q\ä", ""),
        (r"\xzz", "zz"),
        ("\\", ""),
        (r"one\ntwo", "one/two"),
        (r"one\n", "one"),
        (r"one\n\n", "one/"),
        ("a~b", f"a{HARD_SPACE}b"),
        ("tab\there", "tab here"),
        ("bell\x07\x1b@", "bell@"),
        ("a } b { c", "a } b { c"),
    ],
)
def test_escapes(escape: str, text: str) -> None:
    assert columns(f"|{escape}")[0][0] == text


@pytest.mark.parametrize(
    ("carets", "size"),
    [(1, (2, 1)), (2, (1, 2)), (3, (2, 2)), (4, (3, 3)), (5, (4, 4)), (6, (5, 5)), (7, (6, 6)), (12, (6, 6))],
)
def test_sizes(carets: int, size: tuple[int, int]) -> None:
    mark = "^" * carets
    assert runs(f"{mark}big{mark}small") == [("big", Style(width=size[0], height=size[1])), ("small", PLAIN)]


def test_another_size_takes_the_place_of_the_first() -> None:
    assert runs("^a^^b") == [("a", Style(width=2)), ("b", Style(height=2))]


def test_marks_begin_and_end_a_decoration_and_may_be_mixed() -> None:
    assert runs('a_b"c_d"e`f') == [
        ("a", PLAIN),
        ("b", Style(underline=True)),
        ("c", Style(underline=True, bold=True)),
        ("d", Style(bold=True)),
        ("e", PLAIN),
        ("f", Style(inverse=True)),
    ]


def test_a_decoration_ends_with_its_column() -> None:
    said = statement('"a | b')
    assert isinstance(said, Text)
    assert [column.lines[0][0].style.bold for column in said.columns] == [True, False]


def test_properties() -> None:
    assert members("{ Width: * 10; a:left; _: x: y }") == {"width": "* 10", "align": "left", "comment": "x: y"}
    assert members("{}") == {}
    assert members("{;}") == {}
    assert members(r"{code: a\;b\|c\{d\}e\\f\ng\x41\q}") == {"code": "a;b|c{d}e\\f\ngA"}


@pytest.mark.parametrize(("line", "align"), [("{c:1}", "center"), ("|{c:1}", "left"), ("{c:1}|", "right")])
def test_properties_are_aligned_as_text(line: str, align: str) -> None:
    said = statement(line)
    assert isinstance(said, Properties)
    assert said.align == align


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{width: 3", "begins with { and ends with }"),
        ("{width: 3} text", "begins with { and ends with }"),
        ("{code: a{b}", "begins with { and ends with }"),
        ("{code: a|b}", "begins with { and ends with }"),
        ("Total | {code: 1}", "stands alone"),
        ("{bold}", "“bold” is no property"),
        ("{width:}", "“width:” is no property"),
        ("{: 3}", "is no property"),
        ("{width: 3; w: 4}", "width is given twice"),
    ],
)
def test_braces_that_are_not_well_written_are_refused(line: str, reason: str) -> None:
    with pytest.raises(FormatError) as refused:
        statement(line)
    assert reason in refused.value.message
    assert refused.value.hint


ALPHABET = st.one_of(st.sampled_from('|{}\\-=~_"`^ \t;:nx4w'), st.characters(exclude_categories=["Cs"]))


@given(st.text(ALPHABET, max_size=60))
def test_a_line_is_a_statement_or_refused_for_its_braces(line: str) -> None:
    try:
        said = statement(line)
    except FormatError:
        assert "{" in line
        return
    if isinstance(said, Text):
        texts = [run.text for column in said.columns for one in column.lines for run in one]
        assert all(texts)
        assert all(width(text) >= 0 and not any(ord(character) < 32 for character in text) for text in texts)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='|{}\\-=~_"`^'), min_size=1))
def test_text_without_marks_stays_as_it_is(line: str) -> None:
    from unicodedata import normalize  # noqa: PLC0415

    ((text, align),) = columns(line)
    assert text == normalize("NFC", line.strip(" ")).replace("\u2028", "").replace("\u2029", "")
    assert align == "center"
