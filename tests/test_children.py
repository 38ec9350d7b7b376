"""Processes of our own: how they are called from source and from the program file, and that nothing else is run so."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from comptoir import children

SRC = Path(children.__file__).parent


def test_from_source_python_runs_the_module() -> None:
    assert children.command("comptoir.archive.binding", "a b") == (
        sys.executable, "-m", "comptoir.archive.binding", "a b",
    )  # fmt: skip


def test_the_program_file_runs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert children.command("comptoir.archive.binding", "a")[1:] == ("--child", "comptoir.archive.binding", "a")
    assert children.own_name() == f'"{sys.executable}"'


@pytest.mark.parametrize("module", ["os", "comptoir.cli", "comptoir.archive.worker", ""])
def test_nothing_else_is_run_so(module: str) -> None:
    with pytest.raises(ValueError, match="no child"):
        children.command(module)
    with pytest.raises(SystemExit):
        children.run([module])
    with pytest.raises(SystemExit):
        children.run([])


@pytest.mark.parametrize("module", children.CHILDREN)
def test_each_can_be_run_as_a_module(module: str) -> None:
    source = (SRC.parent / Path(*module.split("."))).with_suffix(".py").read_text("utf-8")
    assert any(isinstance(node, ast.If) and "__main__" in ast.unparse(node.test) for node in ast.parse(source).body)


def test_a_program_file_that_is_told_to_is_the_child() -> None:
    """As PyInstaller starts it: `sys.frozen` is set, and the script is `__main__.py`."""
    script = "import runpy, sys; sys.frozen = True; runpy.run_module('comptoir', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", script, "--child", "comptoir.archive.worker_main", "1500000000"]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), "its input is at its end, and so is it"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds it from outside")
def test_elsewhere_a_child_bounds_itself() -> None:
    with children.bounded(1, 1):
        """Nothing has ended process 1."""
