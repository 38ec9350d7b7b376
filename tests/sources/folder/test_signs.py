"""A closer look at real files, some of which a program is writing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.sources.folder.scanner import LINK, UNREADABLE, Place
from comptoir.sources.folder.signs import examine

WRITER = """
import sys
with open(sys.argv[1], "ab") as file:
    print("open", flush=True)
    sys.stdin.readline()
print("closed", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n" + b"x" * 5000 + b"%%EOF\n")
    return path


@pytest.fixture
def writer(file: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has it open for writing until it is told a line."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def place(folder: Path) -> Place:
    return Place(str(folder), True, True, lambda path: "")


def test_a_whole_file(file: Path) -> None:
    signs = examine(place(file.parent), "a.pdf")
    assert signs.stamp == place(file.parent).stamp(file.stat())
    assert (signs.media_type, signs.ended, signs.writer, signs.failed) == ("application/pdf", True, False, "")


def test_a_file_without_its_end(file: Path) -> None:
    os.truncate(file, 4000)
    assert not examine(place(file.parent), "a.pdf").ended


def test_a_large_file_is_not_read_whole(file: Path) -> None:
    os.truncate(file, 8 << 30)
    with file.open("r+b") as changed:
        changed.seek(-6, os.SEEK_END)
        changed.write(b"%%EOF\n")
    assert examine(place(file.parent), "a.pdf").ended


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")
def test_a_program_that_writes_is_seen_until_it_closes(file: Path, writer: subprocess.Popen[str]) -> None:
    assert examine(place(file.parent), "a.pdf").writer
    assert not examine(place(file.parent), "a.pdf", writers=False).writer
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write("\n")
    writer.stdin.flush()
    assert writer.stdout.readline() == "closed\n"
    assert not examine(place(file.parent), "a.pdf").writer


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")
def test_a_writer_that_comes_while_we_look_neither_waits_nor_ends_us(file: Path) -> None:
    """The default of the signal that breaks a lease ends a process: this one must not."""
    program = (
        "import fcntl, os, signal, sys\n"
        "signal.signal(signal.SIGURG, signal.SIG_DFL)\n"
        "from comptoir.sources.folder.signs import written\n"
        "release, fcntl.fcntl = fcntl.fcntl, lambda *a: release(*a) if a[-1] != fcntl.F_UNLCK else ask(*a)\n"
        "def ask(*a):\n"
        "    print('leased', flush=True); sys.stdin.readline(); return release(*a)\n"
        "print(written(os.open(sys.argv[1], os.O_RDONLY)))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as looker:
        assert looker.stdout is not None
        assert looker.stdout.readline() == "leased\n"
        with pytest.raises(BlockingIOError):  # the lease is broken: the signal is on its way
            os.close(os.open(file, os.O_WRONLY | os.O_NONBLOCK))
        said, _ = looker.communicate("\n", timeout=30)
    assert (said, looker.returncode) == ("False\n", 0)
    with file.open("ab"):
        pass
    assert signal.SIGURG in signal.valid_signals()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes, and links for administrators only")
def test_what_came_in_its_place(tmp_path: Path, file: Path) -> None:
    (tmp_path / "link").symlink_to(file)
    os.mkfifo(tmp_path / "pipe")
    said = [examine(place(tmp_path), path) for path in ("link", "pipe", "gone", "a.pdf/x")]
    assert [(signs.stamp, signs.failed) for signs in said] == [(None, LINK), (None, UNREADABLE), (None, ""), (None, "")]
