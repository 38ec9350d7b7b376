"""The form of a destination follows its struct: every key is there, written as its type is; secrets are no values."""

from __future__ import annotations

import pytest

from comptoir.web.pages.config.destination_fields import KINDS, STRUCTS, form_of_kind


def test_every_kind_of_the_configuration_has_a_name_and_a_purpose() -> None:
    assert set(KINDS) == set(STRUCTS)
    assert all(name and purpose for name, purpose in KINDS.values())


@pytest.mark.parametrize(
    ("kind", "key", "widget"),
    [
        ("maarch", "token_file", "secret"),
        ("maarch", "description", "lines"),
        ("http", "file_field", "text"),
        ("http", "body", "choice"),
        ("http", "repeatable", "flag"),
        ("http", "success", "lines"),
        ("sftp", "port", "number"),
        ("email", "port", "number"),
        ("email", "to", "lines"),
        ("folder", "timeout", "span"),
    ],
)
def test_each_type_has_its_way_of_writing(kind: str, key: str, widget: str) -> None:
    assert next(one.widget for one in form_of_kind(kind).fields() if one.key == key) == widget


def test_what_names_a_file_with_a_secret_is_known() -> None:
    assert {one.key for one in form_of_kind("sftp").secrets()} == {"password_file", "key_file", "key_password_file"}
    assert {one.key for one in form_of_kind("sftp").secrets() if one.long} == {"key_file"}
