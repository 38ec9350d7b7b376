"""The forms of sources: every kind has a name and a purpose, every field a label, and no label is left over."""

from __future__ import annotations

import pytest

from comptoir.sources import CAPTURING
from comptoir.web.pages.config.capture_fields import KINDS, LABELS, STRUCTS, SUGGESTED, form_of_kind

FIELDS = [(kind, field.key) for kind in STRUCTS for field in form_of_kind(kind).fields()]


def test_every_kind_has_a_name_and_a_purpose() -> None:
    assert set(KINDS) == set(STRUCTS) == set(CAPTURING)
    assert all(name and purpose for name, purpose in KINDS.values())


@pytest.mark.parametrize(("kind", "key"), FIELDS)
def test_every_field_has_a_label(kind: str, key: str) -> None:
    assert f"{kind}.{key}" in LABELS or key in LABELS


def test_no_label_is_of_a_field_that_there_is_not() -> None:
    known = {f"{kind}.{key}" for kind, key in FIELDS} | {key for _, key in FIELDS}
    assert set(LABELS) - known == set()


def test_what_is_suggested_is_there() -> None:
    assert {(kind, key) for kind, keys in SUGGESTED.items() for key in keys} - set(FIELDS) == set()
