from __future__ import annotations

import pytest

from comptoir.core.page import Style
from comptoir.languages.escpos.elements import Look
from comptoir.languages.escpos.type_style import TypeStyle


@pytest.mark.parametrize(
    ("code", "body", "style", "look"),
    [
        (b"\x1b!", b"\x38", Style(bold=True, width=2, height=2), Look()),
        (b"\x1d!", b"\x70", Style(width=8), Look()),
        (b"\x1bE", b"\x01", Style(bold=True), Look()),
        (b"\x1bG", b"\x01", Style(bold=True), Look()),
        (b"\x1b-", b"\x01", Style(underline=True), Look(thickness=1)),
        (b"\x1b-", b"2", Style(underline=True), Look(thickness=2)),
        (b"\x1dB", b"\x01", Style(inverse=True), Look()),
        (b"\x1bV", b"\x01", Style(), Look(turned=True)),
        (b"\x1br", b"1", Style(), Look(red=True)),
        (b"\x1d(", b"N\x02\x0002", Style(), Look(red=True)),
        (b"\x1b4", b"", Style(), Look(italic=True)),
        (b"\x1b ", b"\x05", Style(), Look(gap=5)),
    ],
)
def test_each_command_changes_the_next_character(code: bytes, body: bytes, style: Style, look: Look) -> None:
    state = TypeStyle()
    assert state.of(wide=False)[:3] == (Style(), Look(), False)
    assert state.change(code, body)
    assert state.of(wide=False)[:2] == (style, look)
    state.reset()
    assert state.of(wide=False)[:3] == (Style(), Look(), False)


def test_emphasis_and_double_strike_are_two_switches() -> None:
    state = TypeStyle()
    state.change(b"\x1bE", b"\x01")
    state.change(b"\x1bG", b"\x01")
    state.change(b"\x1bE", b"\x00")
    assert state.of(wide=False).style.bold


def test_two_byte_characters_have_sizes_of_their_own() -> None:
    state = TypeStyle()
    state.change(b"\x1b!", b"\xb0")
    assert state.of(wide=True).style == Style()
    state.change(b"\x1c!", b"\x84")
    assert state.of(wide=True).style == Style(width=2, underline=True)
    state.change(b"\x1cW", b"\x01")
    state.change(b"\x1cS", b"\x01\x02")
    typeset = state.of(wide=True)
    assert (typeset.style.width, typeset.style.height, typeset.pitch) == (2, 2, 54)
    state.change(b"\x1d!", b"\x02")
    assert state.of(wide=True).style.height == 3


def test_other_commands_are_not_obeyed() -> None:
    assert not TypeStyle().change(b"\x1ba", b"\x01")
