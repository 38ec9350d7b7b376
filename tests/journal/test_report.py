"""What a check finds, and text that may be anything."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from comptoir.journal.report import MOST, Report, is_digest, object_of


def test_a_finding_is_noted_once_and_not_without_end() -> None:
    report = Report()
    for number in range(MOST + 5):
        report.add(f"{number}")
        report.add("0")
    assert len(report.findings) == MOST
    assert report.findings.count("0") == 1


@given(st.text() | st.integers() | st.none() | st.binary())
def test_anything_is_an_object_or_an_empty_one(text: object) -> None:
    assert isinstance(object_of(text), dict)


def test_an_object_is_read_and_deep_nesting_is_none() -> None:
    assert object_of(json.dumps({"a": 1})) == {"a": 1}
    assert object_of("[" * 100_000) == {}


def test_only_a_digest_names_a_file() -> None:
    assert is_digest("0" * 64)
    for other in ("0" * 63, "../" + "0" * 61, "A" * 64, ""):
        assert not is_digest(other)
