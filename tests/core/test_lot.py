"""A lot's manifest: the same for the same files, and read back whatever their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.document import Document
from comptoir.core.errors import FormatError
from comptoir.core.lot import manifest, members

names = st.text(st.characters(exclude_categories=()), max_size=20)
documents = st.builds(Document, st.text(max_size=64), st.integers(0, 2**40), st.text(max_size=20), names)


@given(st.lists(documents, max_size=5, unique_by=lambda one: (one.name, one.digest)), st.randoms())
def test_it_names_its_members_in_whatever_order_they_came(given: list[Document], luck: object) -> None:
    once = manifest(given)
    luck.shuffle(given)  # type: ignore[attr-defined]
    assert manifest(given) == once
    assert sorted(members(once), key=repr) == sorted(given, key=repr)


@given(st.binary())
def test_anything_else_is_no_manifest(content: bytes) -> None:
    try:
        assert members(content) == ()
    except FormatError as error:
        assert "no manifest" in error.message


@pytest.mark.parametrize("content", [b"{}", b"[]", b'{"members": 1}', b'{"members": [{"name": "a"}]}', b"\xff"])
def test_what_a_manifest_lacks_is_said(content: bytes) -> None:
    with pytest.raises(FormatError):
        members(content)
