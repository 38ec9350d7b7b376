"""Names of files: what is safe stays, what is not becomes safe, on every system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.names import LONGEST, safe_name, safe_path


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Facture n° 12.pdf", "Facture n° 12.pdf"),
        ("été.pdf", "été.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("a/b\\c:d.pdf", "a_b_c_d.pdf"),
        ("..", "_"),
        ("", "_"),
        (" x. ", "x"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("console.txt", "console.txt"),
        ("a\n\u202eb", "a__b"),
        ("a\udce9b", "a_b"),
        ("👩‍👩‍👧.pdf", "👩‍👩‍👧.pdf"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_a_long_name_keeps_its_extension() -> None:
    name = safe_name("é" * 300 + ".pdf")
    assert name.endswith("é.pdf")
    assert len(name.encode()) <= LONGEST


def test_a_path_leads_down_only() -> None:
    assert safe_path("/a/../b//./c?.pdf") == "a/b/c_.pdf"
    assert safe_path("C:\\x\\y") == "C_/x/y"
    assert safe_path("../..") == "_"


@given(st.text(), st.integers(8, 250))
def test_any_text_becomes_a_name_that_stays_as_it_is(text: str, longest: int) -> None:
    name = safe_name(text, longest)
    assert name == safe_name(name, longest)
    assert 0 < len(name.encode()) <= longest
    assert not set(name) & set('<>:"/\\|?*\0\n')
    assert name not in (".", "..")
    assert name[-1] not in ". "


@given(st.lists(st.sampled_from(["..", ".", "a", "b.txt", "", " ", "nul", "/", "\\"])).map("/".join))
def test_any_path_stays_below(path: str) -> None:
    parts = safe_path(path).split("/")
    assert all(part == safe_name(part) for part in parts)
