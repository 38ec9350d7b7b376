"""Tables for spreadsheets: CSV as those of a language open it at once, no cell of which is a formula. No table is
known here."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Final

#: what begins a cell that a spreadsheet computes (OWASP, CSV injection); also as wide as an ideograph
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: the mark that says that it is UTF-8
BOM: Final = b"\xef\xbb\xbf"


def rows(lines: Sequence[Sequence[str]], language: str) -> bytes:
    """Lines of a table, without the mark: CRLF, and in French a semicolon between the columns."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    writer.writerows([[cell(value) for value in line] for line in lines])
    return text.getvalue().encode("utf-8", "replace")


def cell(text: str) -> str:
    """The text as a cell that a spreadsheet only shows."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text
