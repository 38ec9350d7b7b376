"""Values of files from folders, and the identity of one on its way."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.intake import AT_REST, Candidate, OriginalState, identity

names = st.text(st.characters(exclude_categories=()), max_size=20)


@pytest.mark.parametrize(
    ("path", "file", "folder"),
    [("a.pdf", "a.pdf", ""), ("x/a.pdf", "a.pdf", "x"), ("x/y/a.pdf", "a.pdf", "x/y"), ("x/y", "y", "x")],
)
def test_a_candidate_knows_its_file_and_its_folder(path: str, file: str, folder: str) -> None:
    candidate = Candidate("s", path, 1, 2, "application/pdf")
    assert (candidate.file, candidate.folder) == (file, folder)


def test_the_identity_is_the_same_for_ever() -> None:
    """An archive knows a document by it, years later."""
    assert identity("invoices", "2026/FAC-1.pdf", "ab" * 32, 1_700_000_000_123_456_789, "archive") == (
        "d84646bbcd11903ae56e0e39b113c6bd"
    )


@given(names, names, names, st.integers(), names)
def test_every_name_has_an_identity(source: str, path: str, digest: str, mtime_ns: int, destination: str) -> None:
    found = identity(source, path, digest, mtime_ns, destination)
    assert len(found) == 32
    assert set(found) <= set("0123456789abcdef")
    assert found != identity(source, path, digest, mtime_ns + 1, destination)


def test_what_is_at_rest_is_a_state() -> None:
    assert set(get_args(OriginalState)) > AT_REST
