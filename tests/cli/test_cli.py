"""The command line: what can be asked, and that no mistake of a person is answered with a traceback."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
from tests.peers.command import comptoir, refused

from comptoir import __version__
from comptoir.cli import COMMANDS, parser


def test_every_command_is_in_the_table_and_the_other_way_round() -> None:
    (subcommands,) = [action.choices for action in parser()._actions if isinstance(action.choices, dict)]
    assert set(subcommands) == set(COMMANDS)


@pytest.mark.parametrize("entry", COMMANDS.values())
def test_every_command_has_its_function(entry: str) -> None:
    module, _, name = entry.partition(":")
    assert callable(getattr(import_module(module), name))


@pytest.mark.parametrize("command", ["", *COMMANDS, "journal verify", "journal export"])
def test_every_command_explains_itself(command: str) -> None:
    run = comptoir(*command.split(), "--help")
    assert run.returncode == 0
    assert b"usage: comptoir" in run.stdout
    assert run.stderr == b""


def test_the_version() -> None:
    assert comptoir("--version").stdout.decode().split() == ["comptoir", __version__]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["print"],
        ["up", "--port", "x"],
        ["up", "--port", "70000"],
        ["up", "--port", "-1"],
        ["jobs", "--limit", "many"],
        ["journal"],
        ["journal", "erase"],
        ["render", "x", "--as", "docx"],
        ["print", "x", "--copies", "two"],
        ["print", "x", "--format", "docx"],
        ["pair", "http://hub"],
    ],
)
def test_a_wrong_command_is_two_and_says_how_it_is_right(arguments: list[str]) -> None:
    assert "usage: comptoir" in refused(*arguments)


def test_a_reader_that_goes_away_is_no_error() -> None:
    """comptoir … | head"""
    writer = subprocess.Popen(
        [sys.executable, "-m", "comptoir", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.close()
    said = writer.stderr.read()
    writer.stderr.close()
    writer.wait(30)
    assert b"Traceback" not in said
