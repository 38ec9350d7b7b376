"""Tables for spreadsheets: read back as they were written, and nothing in them computes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.web.spreadsheet import BOM, cell, rows


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-2", "@SUM(A1)", "\t=x", " =x", "＝1", "\u00a0=HYPERLINK(1)"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_what_is_none_stays() -> None:
    assert cell("TVA = 20 %") == "TVA = 20 %"
    assert BOM.decode("utf-8-sig") == ""


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))), max_size=4))
def test_lines_come_back(lines: list[list[str]]) -> None:
    said = io.StringIO(rows(lines, "fr").decode(), newline="")
    found = [[value.removeprefix("'") for value in line] for line in csv.reader(said, delimiter=";")]
    assert found == [[value.removeprefix("'") for value in line] for line in lines]
