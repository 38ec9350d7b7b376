"""The tables and the ports: what a table names can be loaded and has every method of its port."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import pytest

from comptoir.clock import SystemClock
from comptoir.core import ports
from comptoir.devices import DEVICES
from comptoir.formats import FORMATS
from comptoir.journal import JOURNALS
from comptoir.languages import LANGUAGES
from comptoir.sinks import SINKS
from comptoir.sources import SOURCES

TABLES: list[tuple[dict[str, str], type]] = [
    (DEVICES, ports.Device),
    (JOURNALS, ports.Journal),
    (LANGUAGES, ports.Language),
    (SOURCES, ports.Source),
]


def load(entry: str) -> Any:
    module, _, name = entry.partition(":")
    return getattr(import_module(module), name)


def methods(port: type) -> dict[str, Any]:
    return {name: value for name, value in vars(port).items() if inspect.isfunction(value) and not name.startswith("_")}


@pytest.mark.parametrize(
    ("entry", "port"), [(entry, port) for table, port in TABLES for entry in table.values()], ids=str
)
def test_an_entry_of_a_table_has_the_methods_of_its_port(entry: str, port: type) -> None:
    implementation = load(entry)
    for name, wanted in methods(port).items():
        offered = getattr(implementation, name, None)
        assert callable(offered), f"{entry} has no {name}"
        parameters = inspect.signature(offered).parameters.values()
        required = [
            p.name for p in parameters if p.default is p.empty and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
        ]
        assert set(required) <= set(inspect.signature(wanted).parameters), (
            f"{entry}.{name} wants more than the port gives"
        )


@pytest.mark.parametrize("entry", [*SINKS.values(), *FORMATS.values()])
def test_every_other_entry_can_be_loaded(entry: str) -> None:
    assert callable(load(entry))


def test_the_real_clock_is_a_clock() -> None:
    assert isinstance(SystemClock().now(), int)


def test_every_port_says_what_it_is() -> None:
    silent = [
        name for name, value in vars(ports).items() if getattr(value, "_is_protocol", False) and not value.__doc__
    ]
    assert silent == []
