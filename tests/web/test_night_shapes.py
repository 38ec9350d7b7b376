"""Nights as JSON."""

from __future__ import annotations

from datetime import date, datetime, time

import msgspec

from comptoir.core.document import Document, Origin
from comptoir.core.kept import Kept, Night
from comptoir.core.night import Printed, Report, audit
from comptoir.web.night_desk import NightLine, NightView
from comptoir.web.night_shapes import line_shape, night_shape

FRIDAY = date(2026, 11, 20)
MORNING = datetime.fromisoformat("2026-11-21 08:00")
AT = datetime.fromisoformat("2026-11-21 02:10")


def kept(number: int, title: str) -> Kept:
    return Kept(
        number, "u", Origin("audit", "camille"), Document.of(b"x"), title, "HP", 1000, 2000, "2026-11-20", None, pages=3
    )


def test_a_line_has_its_times_as_text() -> None:
    line = NightLine(FRIDAY, "incomplete", 3, 1, 0, 1, 9, Night("2026-11-20", signed_by="Camille", signed_at=0), 2)
    shape = msgspec.to_builtins(line_shape(line))
    assert shape["signed_at"] == "1970-01-01T00:00:00.000Z"
    assert shape["sent_at"] is None
    assert (shape["date"], shape["state"], shape["missing"], shape["unread"]) == ("2026-11-20", "incomplete", 1, 2)


def test_a_report_says_whether_it_was_learned_and_from_what() -> None:
    written = Report("flash*", "Flash", time(4), 2)
    learned = Report("lot\0", "Lot", None, None, pattern=False, example="Lot 7", came=5, of=6)
    found = audit(FRIDAY, "06:00", [written, learned], [Printed(1, "Lot 8", AT), Printed(2, "Menu", AT)], MORNING)
    documents = [kept(1, "Lot 8"), kept(2, "Menu")]
    shape = night_shape(NightView(FRIDAY, 0, 1, found, documents, {1: AT, 2: AT}, Night(""), unread=frozenset({2})))
    first, second = shape.reports
    assert (first.title, first.learned, first.copies, first.by, first.state) == (
        "flash*", False, 2, "2026-11-21T04:00", "missing",
    )  # fmt: skip
    assert (second.title, second.learned, second.copies, second.came, second.of) == ("Lot 7", True, None, 5, 6)
    assert [(one.id, one.expected, one.after_signing) for one in shape.documents] == [
        (1, True, False),
        (2, False, True),
    ]
    assert shape.documents[0].digest == documents[0].document.digest
    assert msgspec.json.decode(msgspec.json.encode(shape))["sent_as"] is None
