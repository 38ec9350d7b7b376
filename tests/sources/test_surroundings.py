"""What a station gives to its capturing sources: each of them is held to it."""

from __future__ import annotations

import dataclasses
import inspect
from importlib import import_module
from pathlib import Path

import pytest
from tests.peers.clock import FakeClock
from tests.peers.surroundings import without_printer

from comptoir.sources import CAPTURING
from comptoir.sources.surroundings import Surroundings


@pytest.mark.parametrize("kind", CAPTURING)
def test_each_kind_is_made_of_its_configuration_and_its_surroundings(kind: str) -> None:
    module, _, name = CAPTURING[kind].partition(":")
    make = getattr(import_module(module), name)
    assert len(inspect.signature(make).parameters) == 2


def test_a_drawer_is_the_only_thing_that_may_be_missing() -> None:
    optional = [one.name for one in dataclasses.fields(Surroundings) if one.default is not dataclasses.MISSING]
    assert optional == ["pulse"]


def test_no_two_sources_remember_in_one_folder(tmp_path: Path) -> None:
    around = without_printer(None, None, FakeClock(), tmp_path)  # type: ignore[arg-type]
    names = ["Réception", "réception", "RECEPTION", "a b", "a_b", "..", ""]
    found = [around.own(name) for name in names]
    assert len({str(path).lower() for path in found}) == len(names)
    assert {path.parent for path in found} == {tmp_path / "sources"}
