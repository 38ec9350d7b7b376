"""Texts of fields and values of the configuration: each kind both ways, and only what changed becomes an edit."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.config import Config, PrinterConfig, RouteConfig
from comptoir.core.units import duration
from comptoir.settings import Append, Remove, Set
from comptoir.web.pages.config.fields import (
    EITHER,
    FLAG,
    FOLDERS,
    LINES,
    PAGES,
    SIZE,
    SPAN,
    TABLE,
    TEXT,
    UNITS,
    VALUES,
    WHOLE,
    WHOLES,
    WORD,
    WORD_OR_NONE,
    Kind,
    NotReadable,
    added,
    at,
    changed,
    read,
    shown,
    tree_of,
)

KINDS = (TEXT, WORD, WORD_OR_NONE, TABLE, VALUES, WHOLES, SIZE, FOLDERS, SPAN, WHOLE, FLAG, EITHER, LINES, PAGES)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (TEXT, "  caisse 1 ", "caisse 1"),
        (WORD, "", None),
        (WORD, "full", "full"),
        (WORD_OR_NONE, "none", ""),
        (WORD_OR_NONE, "", None),
        (WORD_OR_NONE, "big5", "big5"),
        (WHOLE, " 42 ", 42),
        (WHOLE, "", None),
        (FLAG, "1", True),
        (FLAG, "", False),
        (EITHER, "no", False),
        (EITHER, "", None),
        (LINES, "a\r\n\r\n  b \n", ["a", "b"]),
        (LINES, "", []),
        (PAGES, "19 = cp858\n16=cp1252", {"19": "cp858", "16": "cp1252"}),
        (PAGES, "", None),
        (SPAN, "90 jours", "90 days"),
        (SPAN, "1,5 h", "1.5 h"),
        (SPAN, "2 Années", "2 years"),
        (SPAN, "10min", "10 min"),
        (SPAN, "bientôt", "bientôt"),
        (SPAN, "", ""),
        (TABLE, "a = {name}=1\n b =\n", {"a": "{name}=1", "b": ""}),
        (
            VALUES,
            'a = 12\nb = "12"\nc = true\nd = -0.5\ne = ["x", "y"]',
            {"a": 12, "b": "12", "c": True, "d": -0.5, "e": ["x", "y"]},
        ),
        (WHOLES, "200, 201\n202", [200, 201, 202]),
        (SIZE, "10 ko", "10 kB"),
        (SIZE, "2,5 Mo", "2.5 MB"),
        (SIZE, "big", "big"),
        (FOLDERS, ".\n2026/*\n", ["", "2026/*"]),
    ],
)
def test_a_text_is_read_as_its_kind(kind: Kind, text: str, value: object) -> None:
    assert kind.read(text) == value


@pytest.mark.parametrize("kind", KINDS)
@given(text=st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_and_what_was_read_is_shown_so_that_it_reads_the_same(
    kind: Kind, text: str
) -> None:
    try:
        value = kind.read(text)
    except ValueError:
        return
    assert kind.read(kind.show(value)) == value


@pytest.mark.parametrize("text", ["12a", "-1", "1.5", "٣", "1" * 10])
def test_a_number_is_digits(text: str) -> None:
    with pytest.raises(NotReadable) as refused:
        read({"port": WHOLE}, {"port": text})
    assert refused.value.key == "port"


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_one_that_the_configuration_reads(unit: str) -> None:
    assert duration(f"1 {unit}")


def test_a_field_that_was_not_sent_changes_nothing() -> None:
    assert read({"a": TEXT, "b": FLAG}, {"a": "x"}) == {"a": "x"}


def test_only_what_differs_becomes_an_edit() -> None:
    tree = tree_of(Config())
    same = {"language": "fr", "station.port": 22548, "station.allowed_origins": []}
    assert changed(same, tree) == []
    assert changed({"language": "en", "station.port": 80}, tree) == [
        Set(("language",), "en"),
        Set(("station", "port"), 80),
    ]


def test_an_entry_of_a_list_is_edited_at_its_place_and_an_emptied_key_goes() -> None:
    tree = tree_of(PrinterConfig(name="BAR", device="usb:", columns=42))
    assert changed({"columns": None, "name": "BAR", "strip": None}, tree, ("printer", 3)) == [
        Remove(("printer", 3, "columns"))
    ]


def test_a_new_entry_says_only_what_is_not_so_anyway() -> None:
    values = {"name": "BAR", "device": "usb:", "columns": None, "language": "", "status": "never"}
    assert added("printer", PrinterConfig, values) == Append(
        "printer", {"name": "BAR", "device": "usb:", "status": "never"}
    )
    assert added("route", RouteConfig, {"from": "api", "to": [], "match": ["*"]}) == Append("route", {"from": "api"})


def test_keys_are_those_of_the_file() -> None:
    assert shown({"from": TEXT, "to": LINES}, tree_of(RouteConfig(source="api", to=("A", "B")))) == {
        "from": "api",
        "to": "A\nB",
    }
    assert at(msgspec.to_builtins(Config()), "station.name") == "caisse-1"
    assert at({}, "nothing.here") is None
