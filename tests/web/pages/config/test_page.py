"""What all settings pages share: a refusal finds its field, also in an entry of a list; or is said above the form."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from comptoir.config import Config
from comptoir.core.errors import ConfigError
from comptoir.settings import WrongField
from comptoir.web.pages.config.fields import TEXT, NotReadable
from comptoir.web.pages.config.page import ConfigPage, Entry
from comptoir.web.render import Renderer

KINDS = {"name": TEXT, "to": TEXT, "station.port": TEXT}
GIVEN = {"name": "BAR", "to": "X", "csrf": "secret"}


@pytest.fixture
def page() -> ConfigPage:
    access: Any = SimpleNamespace(configuring=SimpleNamespace(fixed={}, config=Config()))
    desk: Any = SimpleNamespace(role="station")
    return ConfigPage(desk, Renderer(), access, "/config/x", "x.html")


@pytest.mark.parametrize(
    ("key", "entry", "field"),
    [
        ("station.port", None, "station.port"),
        ("printer[2].name", Entry("printer", 2), "name"),
        ("route[0].to", Entry("route", 0), "to"),
        ("route[0].to[1]", Entry("route", 0), "to"),
        ("route[0].to[...]", Entry("route", 0), "to"),
    ],
)
def test_a_refused_value_finds_its_field(page: ConfigPage, key: str, entry: Entry | None, field: str) -> None:
    form, other = page.refused(KINDS, GIVEN, WrongField("m", "h", key, "it is wrong"), entry)
    assert (form.wrong, form.said, other) == (field, "it is wrong", None)
    assert (form.value("name"), form.value("to")) == ("BAR", "X")
    assert "secret" not in form.values.values(), "what was typed, and no token"


@pytest.mark.parametrize("key", ["printer[1].name", "retention", "printer"])
def test_one_of_another_place_is_said_above_the_form(page: ConfigPage, key: str) -> None:
    error = WrongField("m", "h", key, "it is wrong")
    form, other = page.refused(KINDS, GIVEN, error, Entry("printer", 2))
    assert (form.wrong, other) == ("", error)


def test_a_field_that_was_not_sent_shows_what_is_saved(page: ConfigPage) -> None:
    form, _ = page.refused(KINDS, GIVEN, NotReadable("to"))
    assert form.value("station.port") == "22548"


def test_what_cannot_be_read_at_all_finds_its_field_too(page: ConfigPage) -> None:
    assert page.refused(KINDS, GIVEN, NotReadable("to"))[0].wrong == "to"


def test_an_error_of_the_file_is_no_fields(page: ConfigPage) -> None:
    error = ConfigError("the file cannot be written")
    assert page.refused(KINDS, GIVEN, error) == (page.refused(KINDS, GIVEN, error)[0], error)
