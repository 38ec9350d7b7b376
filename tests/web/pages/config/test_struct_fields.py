"""A form follows its struct: every key is there once, and what it shows of a value reads as that value."""

from __future__ import annotations

import msgspec
import pytest

from comptoir.web.pages.config import capture_fields, destination_fields
from comptoir.web.pages.config.struct_fields import StructForm

FORMS = [module.form_of_kind(kind) for module in (destination_fields, capture_fields) for kind in module.STRUCTS]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_every_key_is_in_the_form_once_and_what_must_be_filled_in_stands_above(form: StructForm) -> None:
    keys = [info.encode_name for info in msgspec.structs.fields(form.struct)]
    fields = form.fields()
    assert sorted(one.key for one in fields) == sorted(keys)
    assert fields[0].key == "name"
    assert all(form.is_plain(one) for one in fields if one.required)
    split = [form.is_plain(one) for one in fields]
    assert split == sorted(split, reverse=True)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_what_a_form_shows_of_a_value_reads_as_that_value(form: StructForm) -> None:
    for info in msgspec.structs.fields(form.struct):
        if info.default in (msgspec.NODEFAULT, None):
            continue
        default = list(info.default) if isinstance(info.default, tuple) else info.default
        how = form.kinds()[info.encode_name]
        assert how.read(how.show(default)) in (default, bool(default)), info.name


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_a_new_one_shows_what_is_usual(form: StructForm) -> None:
    usual = form.usual()
    assert set(usual) == set(form.kinds())
    assert usual["name"] == ""
