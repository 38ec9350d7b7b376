"""Title and user of a stream, whatever language it is in."""

from __future__ import annotations

import pytest

from comptoir.core.document import media_type_of
from comptoir.core.print_header import UEL, PrintHeader
from comptoir.sources.describing import described, wishes_in


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (UEL + b'@PJL JOB NAME="Audit"\n', "Audit"),
        (b"%!PS-Adobe-3.0\n%%Title: Audit\n", "Audit"),
        (b"\x1b@\x1b!\x30CAFE DU PORT\n\x1b!\x00Table 4\n", "CAFE DU PORT"),
        (b"\n  Rapport  \n", "Rapport"),
        (b"^XA^FO10,10^FDlabel^FS^XZ", ""),
        (b"%PDF-1.4", ""),
    ],
)
def test_titles(head: bytes, title: str) -> None:
    assert described(head, media_type_of(head)).title == title


def test_wishes() -> None:
    assert wishes_in(PrintHeader(copies=2, sides="one-sided")) == {"sides": "one-sided", "copies-in-document": "2"}
    assert wishes_in(PrintHeader()) == {}
