"""The form of a destination follows its struct: every key is there, written as its type is; secrets are no values."""

from __future__ import annotations

import msgspec
import pytest

from comptoir.web.pages.config.destination_fields import KINDS, STRUCTS, fields_of, is_plain, kinds_of, secrets_of


def test_every_kind_of_the_configuration_has_a_name_and_a_purpose() -> None:
    assert set(KINDS) == set(STRUCTS)
    assert all(name and purpose for name, purpose in KINDS.values())


@pytest.mark.parametrize("kind", STRUCTS)
def test_every_key_is_in_the_form_once_and_what_must_be_filled_in_stands_above(kind: str) -> None:
    keys = [info.encode_name for info in msgspec.structs.fields(STRUCTS[kind])]
    fields = fields_of(kind)
    assert sorted(one.key for one in fields) == sorted(keys)
    assert fields[0].key == "name"
    assert all(is_plain(kind, one) for one in fields if one.required)
    split = [is_plain(kind, one) for one in fields]
    assert split == sorted(split, reverse=True)


@pytest.mark.parametrize("kind", STRUCTS)
def test_what_a_form_shows_of_a_value_reads_as_that_value(kind: str) -> None:
    for info in msgspec.structs.fields(STRUCTS[kind]):
        if info.default in (msgspec.NODEFAULT, None):
            continue
        default = list(info.default) if isinstance(info.default, tuple) else info.default
        how = kinds_of(kind)[info.encode_name]
        assert how.read(how.show(default)) in (default, bool(default)), info.name


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
    assert next(one.widget for one in fields_of(kind) if one.key == key) == widget


def test_what_names_a_file_with_a_secret_is_known() -> None:
    assert {one.key for one in secrets_of("sftp")} == {"password_file", "key_file", "key_password_file"}
    assert {one.key for one in secrets_of("sftp") if one.long} == {"key_file"}
