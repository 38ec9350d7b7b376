"""The options that CUPS gives to its backends: every text is read, and as CUPS reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.wire.cups_options import attributes_of, parse


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", {}),
        ("sides=two-sided-long-edge copies=2", {"sides": "two-sided-long-edge", "copies": "2"}),
        ("job-name='two words' x=1", {"job-name": "two words", "x": "1"}),
        ('title="it\'s" y', {"title": "it's", "y": "true"}),
        (r"name=a\ b\'c", {"name": "a b'c"}),
        ("date-time-at-creation= time-at-creation=5", {"date-time-at-creation": "", "time-at-creation": "5"}),
        ("nofit-to-page landscape", {"fit-to-page": "false", "landscape": "true"}),
        ("media-col={media-size={x-dimension=1 y-dimension=2}} z=1",
         {"media-col": "{media-size={x-dimension=1 y-dimension=2}}", "z": "1"}),
        ("a=1 a=2", {"a": "2"}),
        ("=x b=1", {"b": "1"}),
        ("page-ranges=1-3,5", {"page-ranges": "1-3,5"}),
        ("unclosed='x y", {"unclosed": "x y"}),
    ],
)  # fmt: skip
def test_options(text: str, options: dict[str, str]) -> None:
    assert parse(text) == options


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    parse(text)


@given(st.dictionaries(st.from_regex(r"[a-m][a-z-]{0,8}", fullmatch=True), st.text(max_size=20)))
def test_what_is_quoted_comes_back(options: dict[str, str]) -> None:
    quoted = {name: value.replace("\\", r"\\").replace("'", r"\'") for name, value in options.items()}
    assert parse(" ".join(f"{name}='{value}'" for name, value in quoted.items())) == options


def test_the_attributes_of_a_print() -> None:
    options = {"sides": "one-sided", "media": "", "job-uuid": "x"}
    assert attributes_of(options, cups_job="7", outcome="") == {"sides": "one-sided", "cups-job": "7"}
