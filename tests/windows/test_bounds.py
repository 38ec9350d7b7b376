"""The job object around a process: what it starts ends with it. That memory is bounded, only a real Windows shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform != "win32":
    pytest.skip("only Windows has job objects", allow_module_level=True)
else:
    from comptoir.windows.bounds import Bounds

#: starts another one, which says so and has its parent's output
STARTS = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(60)"])
sys.stdin.read()
"""
TAKES = "import sys; sys.stdin.readline(); print(len(bytearray(600_000_000)))"


def child(script: str) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe, stderr=pipe)


def test_all_of_it_ends_with_the_job() -> None:
    with child(STARTS) as process:
        bounds = Bounds(process.pid, 1_000_000_000, 600)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        bounds.close()
        process.wait(10)
        assert process.stdout.read() == b"", "the other one has let go of the pipe, too"


def test_a_process_that_is_not_there_cannot_be_bounded(tmp_path: Path) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - whatever Windows calls it
        Bounds(0x7FFFFFF0, 1)


@pytest.mark.not_wine
def test_memory_ends_where_it_is_said() -> None:
    with child(TAKES) as process:
        bounds = Bounds(process.pid, 300_000_000)
        said, complaint = process.communicate(b"\n", timeout=30)
        bounds.close()
    assert said == b""
    assert b"MemoryError" in complaint
