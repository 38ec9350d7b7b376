"""What the command line may tell of an export, and what it may not."""

from __future__ import annotations

import msgspec
import pytest

from comptoir.web.keeping_shapes import ExportMade

MADE = {"by": "marie", "documents": 1, "size": 0, "manifest": "0a" * 32}


def test_what_is_right_is_read() -> None:
    made = msgspec.convert({**MADE, "since": "2026-11-01", "unreadable": [3]}, ExportMade)
    assert (made.by, made.since, made.until, made.unreadable) == ("marie", "2026-11-01", "", [3])


@pytest.mark.parametrize(
    "wrong",
    [
        {"manifest": "x"}, {"manifest": "0a" * 33}, {"documents": 0}, {"size": -1}, {"since": "soon"},
        {"by": "x" * 301}, {"kind": "drawer-opened"}, {"unreadable": ["a"]},
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**MADE, **wrong}, ExportMade)
