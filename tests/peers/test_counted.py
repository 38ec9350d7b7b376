"""A run that shows less than it should is told from one that passed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.peers.counted import verdict

SUITE = "def test_one(): pass\ndef test_two(): pass\n"


@pytest.mark.parametrize(
    ("code", "said", "wrong"),
    [
        (0, "on win32: 10 passed, 0 failed\r\n", ""),
        (0, "....\non win32: 11 passed, 0 failed\n1 skipped in 3 s\n", ""),
        (0, "on win32: 9 passed, 0 failed\n", "9 passed, which is fewer than 10"),
        (0, "on linux: 10 passed, 0 failed\n", "it ran on linux"),
        (1, "on win32: 10 passed, 1 failed\n", "1 failed"),
        (5, "on win32: 10 passed, 0 failed\n", "exit code 5"),
        (124, "......", "it did not come to its end"),
        (0, "", "it did not come to its end"),
    ],
)
def test_the_verdict(code: int, said: str, wrong: str) -> None:
    found = verdict(code, said, 10)
    assert wrong in found
    assert bool(wrong) == bool(found)


def test_a_run_says_what_passed(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(f"{SUITE}def test_three(): assert False\n", "utf-8")
    plugins = ("-p", "tests.peers.counted", "-p", "no:cacheprovider")
    command = (sys.executable, "-m", "pytest", "-q", *plugins, str(tmp_path))
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert f"on {sys.platform}: 2 passed, 1 failed" in run.stdout.splitlines()
    assert run.returncode == 1
