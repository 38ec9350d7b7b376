"""Names that documents may have at a place of somebody else's."""

from __future__ import annotations

from itertools import islice
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.document import Document
from comptoir.core.template import Template
from comptoir.sinks.naming import goods_of, numbered, place_of, visible
from comptoir.sinks.parcel import Parcel


def test_numbers_come_before_the_extension() -> None:
    names = [str(one) for one in islice(numbered(PurePosixPath("a/b.tar.gz")), 3)]
    assert names == ["a/b.tar.gz", "a/b.tar (2).gz", "a/b.tar (3).gz"]


@pytest.mark.parametrize(
    ("name", "seen"),
    [(".htaccess", "_htaccess"), (".ssh/keys", "_ssh/keys"), ("a/..b", "a/_b"), ("a.b/c", "a.b/c"), ("...", "_")],
)
def test_nothing_is_hidden(name: str, seen: str) -> None:
    assert visible(name) == seen


@given(st.text(max_size=40))
def test_a_value_leads_nowhere_else(name: str) -> None:
    place = place_of(Template("in/{file}"), {"file": name})
    parts = place.split("/")
    assert len(parts) <= 2
    assert all(part and not part.startswith(".") and "\n" not in part for part in parts)


def test_members_differ_where_capitals_do_not_count() -> None:
    parts = tuple(Document.of(bytes([number]), name=name) for number, name in enumerate(("A.pdf", "a.PDF", "b/.x")))
    goods = goods_of("1" * 32, Parcel("lot", parts, True, None))  # type: ignore[arg-type]
    assert [name for name, _ in goods.parts] == ["A.pdf", "a (2).PDF", "b/_x"]
