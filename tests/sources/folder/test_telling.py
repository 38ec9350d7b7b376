"""What stands in the log."""

from __future__ import annotations

import pytest

from comptoir.core.intake import Stamp
from comptoir.core.waiting import News
from comptoir.sources.folder.taking import Outcome
from comptoir.sources.folder.telling import one_line, shown, tell_came_of, tell_news


def test_many_files_are_one_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    tell_news(
        "factures",
        {
            ("ignored", "*.part"): News(10_000, ["a.part", "b.part", "c.part"]),
            ("waiting", "open"): News(1, ["d.pdf"]),
            ("waiting", "quiet"): News(5, ["e.pdf"]),
            ("failed", "rights"): News(1, ["f.pdf"]),
        },
    )
    assert caplog.messages == [
        "folder factures: 10000 ignored (*.part): a.part, b.part, c.part …",
        "folder factures: 1 waiting, a program is still writing: d.pdf",
        "folder factures: 1 cannot be taken (rights): f.pdf",
    ]


def test_what_came_of_files(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    stamp = Stamp(1, 1, 1)
    outcome = Outcome(taken=[("a", stamp), ("b", stamp)], touched=["b"], changed=["c"], jobs=2)
    outcome.failed.append(("d", "unreadable", "Input/output error"))
    tell_came_of("factures", outcome)
    assert caplog.messages == [
        "folder factures: took 1 for 2 jobs: a",
        "folder factures: 1 touched, with the same content: b",
        "folder factures: 1 changed while being copied: c",
        "folder factures: d cannot be copied: Input/output error",
    ]


def test_any_name_stands_on_one_line() -> None:
    assert one_line("reçu 🧾.pdf") == "reçu 🧾.pdf"
    assert one_line("a\nb\udcff") == "a\\nb\\udcff"
    assert len(one_line("x/" * 2000)) == 120
    assert shown(["a", "b", "c", "d"]) == "a, b, c …"
