from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import FormatError
from comptoir.formats.ticket.properties import FREE, PRINTING, CodeOptions, Settings, changed, number


def test_without_properties_everything_stays() -> None:
    assert changed(Settings(), {}) == Settings()


@pytest.mark.parametrize(
    ("value", "widths"),
    [
        ("auto", ()),
        ("*", (FREE,)),
        ("* 4 8", (FREE, 4, 8)),
        ("*,4,8", (FREE, 4, 8)),
        ("*, 4 ,\t8", (FREE, 4, 8)),
        ("*,,2", (FREE, 0, 2)),
        ("0", (0,)),
    ],
)
def test_widths(value: str, widths: tuple[int, ...]) -> None:
    assert changed(Settings(), {"width": value}).widths == widths


@pytest.mark.parametrize(
    ("value", "lines", "border"),
    [
        ("line", True, 1),
        ("space", False, 1),
        ("none", False, 0),
        ("0", False, 0),
        ("1", False, 1),
        ("2", False, 2),
        ("LINE", True, 1),
    ],
)
def test_borders(value: str, lines: bool, border: int) -> None:
    settings = changed(Settings(), {"border": value})
    assert (settings.lines, settings.border) == (lines, border)


def test_wrapping_and_alignment() -> None:
    settings = changed(Settings(), {"text": "nowrap", "align": "Right"})
    assert (settings.wrap, settings.align) == (False, "right")
    assert changed(settings, {"text": "wrap"}).wrap


@pytest.mark.parametrize(
    ("value", "option"),
    [
        ("qrcode", CodeOptions("qrcode")),
        ("qrcode,6,h", CodeOptions("qrcode", cell=6, level="H")),
        ("EAN HRI", CodeOptions("ean", hri=True)),
        ("jan", CodeOptions("ean")),
        ("nw7, 4, 100", CodeOptions("codabar", module=4, height=100, cell=4)),
        ("code128 2 72 nohri 3 l", CodeOptions()),
        ("48", CodeOptions(height=48)),
    ],
)
def test_options_of_codes(value: str, option: CodeOptions) -> None:
    assert changed(Settings(), {"option": value}).option == option


def test_an_option_that_is_not_named_goes_back_to_its_default() -> None:
    settings = changed(Settings(), {"option": "ean hri 100"})
    assert changed(settings, {"option": "qrcode"}).option == CodeOptions("qrcode")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("text", "yes", "wrap, nowrap"),
        ("border", "3", "line, space, none"),
        ("align", "middle", "left, center, right"),
        ("width", "-1", "a number of characters"),
        ("width", "10px", "a number of characters"),
        ("width", "٣", "a number of characters"),
        ("width", "9" * 5000, "a number of characters"),
        ("width", "1 " * 101, "up to 100 columns"),
        ("option", "pdf417", "qrcode"),
        ("option", "9", "3 to 8"),
        ("option", "241", "24 to 240"),
        ("option", "qrcode 2", "3 to 8"),
        ("option", "ean 8", "2 to 4"),
    ],
)
def test_values_that_are_not_of_the_language_are_refused_with_what_is(name: str, value: str, allowed: str) -> None:
    with pytest.raises(FormatError) as refused:
        changed(Settings(), {name: value})
    assert refused.value.message.startswith(f"{name} cannot be “")
    assert allowed in refused.value.hint
    assert len(refused.value.message) < 100


def test_unknown_properties_are_refused_with_those_there_are() -> None:
    with pytest.raises(FormatError, match="no property “bold”") as refused:
        changed(Settings(), {"bold": "on"})
    assert refused.value.hint == "Allowed: text, border, width, align, option, image, code, feed, buzzer, comment."


def test_commands_are_refused_because_they_would_reach_the_drawer() -> None:
    with pytest.raises(FormatError, match="no bytes of its own"):
        changed(Settings(), {"command": "\x1bp\x00\x19\x19"})


@pytest.mark.parametrize("name", PRINTING)
def test_what_prints_changes_no_setting(name: str) -> None:
    assert changed(Settings(), {name: "3"}) == Settings()


def test_numbers_have_bounds() -> None:
    assert number("feed", "20", 1, 20) == 20
    for value in ("0", "21", "", "-1", "1.5", "x"):
        with pytest.raises(FormatError, match="feed cannot be"):
            number("feed", value, 1, 20)


NAMES = st.sampled_from(["text", "border", "width", "align", "option", "code", "other"])
VALUES = st.one_of(st.text(max_size=20), st.text("*0123456789, auto", max_size=20), st.sampled_from(["line", "ean"]))


@given(st.dictionaries(NAMES, VALUES))
def test_any_properties_are_settings_or_refused(members: dict[str, str]) -> None:
    try:
        settings = changed(Settings(), members)
    except FormatError as refused:
        assert refused.hint
        return
    assert all(width >= FREE for width in settings.widths)
