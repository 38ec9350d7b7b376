"""The command line: what can be asked, and that no mistake of a person is answered with a traceback."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from tests.peers.command import comptoir, refused

from comptoir import __version__, cli
from comptoir.cli import COMMANDS, parser
from comptoir.core.errors import ComptoirError
from comptoir.devices.virtual_printer import FAULTS


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


def test_the_help_of_the_virtual_printer_names_every_fault() -> None:
    said = comptoir("virtual-printer", "--help").stdout.decode()
    for name, meaning in FAULTS.items():
        assert f"  {name} " in said
        assert meaning in said


@pytest.mark.parametrize("number", ["", "x", "-1", "nan", "٣ s"])
def test_a_time_that_is_none(number: str) -> None:
    assert "--timeout" in refused("print", "x", f"--timeout={number}")


# -- what is said, and to whom ---------------------------------------------------------------------------


def test_a_message_and_its_hint_are_two_lines() -> None:
    lines = refused("render", "/no/such/file").splitlines()
    assert lines == ["comptoir: /no/such/file cannot be read: No such file or directory.", "  → Check the name."]


@pytest.mark.parametrize(
    ("message", "line"),
    [("it is full", "it is full."), ("Is it on?", "Is it on?"), ("done.", "done."), ("so … ", "so …"), ("a\n", "a.")],
)
def test_a_message_ends_as_a_sentence(capsys: pytest.CaptureFixture[str], message: str, line: str) -> None:
    assert cli._complain(ComptoirError(message), 1) == 1
    assert capsys.readouterr().err == f"comptoir: {line}\n"


def test_json_has_the_letters_that_standard_output_has(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, line in (("utf-8", '"é😀"'), ("UTF8", '"é😀"'), ("cp1252", '"\\u00e9\\ud83d\\ude00"')):
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
        assert cli.as_json("é😀") == line


def to(output: int, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The command with this standard output."""
    return subprocess.run(
        [sys.executable, "-m", "comptoir", *arguments],
        stdout=output,
        stderr=subprocess.PIPE,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
    )


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file that is more than a buffer."""
    (tmp_path / "large").write_text("Hello\n" * 15_000)
    return tmp_path / "large"


@pytest.mark.parametrize("command", [["--help"], ["print", "--help"], ["render"]])
def test_a_reader_that_goes_away_is_no_error(large: Path, command: list[str]) -> None:
    """comptoir … | head"""
    reading, writing = os.pipe()
    os.close(reading)
    run = to(writing, *command, *([str(large)] if command == ["render"] else []))
    os.close(writing)
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("command", [["--version"], ["print", "--help"], ["render"]])
def test_output_that_has_no_room_is_a_sentence(large: Path, command: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        run = to(full.fileno(), *command, *([str(large)] if command == ["render"] else []))
    assert run.returncode == 1
    assert run.stderr.decode().splitlines()[0] == "comptoir: the output: No space left on device."
    assert b"Exception" not in run.stderr


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [("--help", 0, "usage"), ("status --json --port 1", 1, "no station"), ("render", 2, "-o OUT")],
)
def test_without_standard_output_nothing_breaks(large: Path, command: str, code: int, said: str) -> None:
    """As services and schedulers start programs."""
    line = f'exec "$0" -m comptoir {command} {large if command == "render" else ""} >&-'
    run = subprocess.run(["sh", "-c", line, sys.executable], stderr=subprocess.PIPE, check=False)
    assert (run.returncode, said in run.stderr.decode()) == (code, True), run.stderr
    assert b"Traceback" not in run.stderr
