"""The archive's values."""

from __future__ import annotations

from comptoir.core.document import Document, Origin
from comptoir.core.kept import Capture, Part


def test_the_first_part_is_what_was_printed() -> None:
    original, printed = Document.of(b"%PDF-1.7"), Document.of(b"%!PS")
    capture = Capture(Origin("audit"), "1", (Part(original), Part(printed, "printed")))
    assert capture.document is original
