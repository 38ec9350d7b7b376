"""A Windows of its own for tests on Linux: Wine, a prefix that ends with the tests, and Python for Windows in it.

Wine is not Windows: what it only pretends is listed in docs/windows.md, and nothing here counts as proof of it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

import pytest
from tests.peers.services import Service

#: Where `.ci/wine/setup` puts it all, but for this variable. It is not called COMPTOIR_…: those are the product's.
VARIABLE = "WINE_FOR_TESTS"
ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
LOADERS = ("/usr/lib/wine/wine64", "wine64", "wine")
#: files of a prefix that nothing writes to: linked, not copied, so that one is made in a second
PROGRAMS = frozenset({".acm", ".ax", ".cpl", ".dll", ".drv", ".exe", ".nls", ".ocx", ".sys", ".ttf", ".tlb"})
#: gecko, mono, and what asks the machine for its make: Wine answers by a window, or by a crash
OVERRIDES = "mscoree,mshtml,wbemprox,winedbg.exe="
#: variables of the tests that are not this Windows'
WITHOUT = frozenset({"DISPLAY", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "PYTHONHOME"})


def set_up() -> tuple[Path, str]:
    """Where `.ci/wine/setup` has put prefix and Python, and the loader. Without them: a failure on CI, else a skip."""
    folder = Path(os.environ.get(VARIABLE) or ROOT / ".venv" / "wine").absolute()
    loader = next((path for name in LOADERS if (path := shutil.which(name))), "")
    lacking = "" if loader else "Wine is not installed"
    for needed in ("prefix/drive_c/windows", "py/python.exe"):
        lacking = lacking or ("" if (folder / needed).exists() else f"{folder / needed} is not there")
    if lacking:
        if os.environ.get("CI"):
            raise AssertionError(f"{lacking}: .ci/wine/setup")
        pytest.skip(f"{lacking}: .ci/wine/setup")
    return folder, loader


class Wine:
    """One Windows. `home`: the folder of all that is its own; `drive`: what it calls C:."""

    def __init__(self, home: Path, folder: Path, loader: str) -> None:
        self.home = home
        self.prefix = home / "prefix"
        self.drive = self.prefix / "drive_c"
        #: python.exe
        self.python = folder / "py" / "python.exe"
        #: where a `cupsd` may be started whose queues are this Windows' printers; there is none until then
        self.cups = home / "cups"
        self._loader = loader
        self._ends = ExitStack()
        self.environ = {name: value for name, value in os.environ.items() if name not in WITHOUT}
        self.environ |= {
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": OVERRIDES,
            "PYTHONPATH": ";".join((self.path(ROOT / "src"), self.path(ROOT))),
            # Compiled once for all Windows of this set-up, and nothing is written beside the sources.
            "PYTHONPYCACHEPREFIX": self.path(folder / "compiled"),
            "CUPS_SERVER": str(self.cups / "run" / "cups.sock"),
        }

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Wine]:
        """A new one; nothing of it is left behind."""
        folder, loader = set_up()
        # CUPS works as another user, who must come through to its folder: not below pytest's own.
        with tempfile.TemporaryDirectory(prefix="windows-", ignore_cleanup_errors=True) as home:
            Path(home).chmod(0o755)
            wine = cls(Path(home), folder, loader)
            shutil.copytree(folder / "prefix", wine.prefix, symlinks=True, copy_function=_linked)
            try:
                wine._boot()
                yield wine
            finally:
                wine._ends.close()
                wine._quietly("wineserver", "-k")
                wine._quietly("wineserver", "-w")

    def path(self, path: PurePath) -> str:
        """What Windows calls this path of Linux."""
        drive, rest = ("C:", path.relative_to(self.drive)) if path.is_relative_to(self.drive) else ("Z:", path)
        return f"{drive}\\" + str(rest).strip("/").replace("/", "\\")

    def command(self, *arguments: str, program: PurePath | None = None) -> list[str]:
        """What runs python.exe, or `program`, with these arguments."""
        return [self._loader, str(program or self.python), *arguments]

    def start(
        self, *arguments: str, program: PurePath | None = None, environ: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Run it; it ends with this Windows at the latest. Its input and output are pipes: Wine's Python needs that."""
        process = subprocess.Popen(
            self.command(*arguments, program=program),
            cwd=ROOT,
            env=self.environ | (environ or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._ends.callback(_ended, process)
        return process

    def run(
        self,
        *arguments: str,
        timeout: float = PATIENCE,
        program: PurePath | None = None,
        environ: dict[str, str] | None = None,
        given: bytes = b"",
    ) -> tuple[int, str]:
        """Run it to its end; its exit code and all that it said."""
        process = self.start(*arguments, program=program, environ=environ)
        said: list[bytes] = []
        # Wine's own services may have taken over the pipe: the end is that of the process, not that of what it says.
        reader = threading.Thread(target=_read, args=(process, said), daemon=True)
        reader.start()
        assert process.stdin is not None
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(given)
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"not done in {timeout} s: {arguments}\n{_text(said)}") from None
        reader.join(1)
        return code, _text(said)

    def comptoir(self, *arguments: str, timeout: float = PATIENCE, given: bytes = b"") -> tuple[int, str]:
        """Run the command, from source. A traceback is a failure of every test."""
        code, said = self.run("-m", "comptoir", *arguments, timeout=timeout, given=given)
        assert "Traceback" not in said, said
        return code, said

    def _boot(self) -> None:
        """Start Wine's own processes here, where they take over no pipe; each program starts quickly from then on."""
        self._quietly("wineserver", "-p600")  # after that many seconds without a program it ends by itself
        self._quietly(self._loader, "wineboot")
        code, said = self.run("-c", "import sys; print(sys.platform)")
        assert (code, said) == (0, "win32\n"), said

    def _quietly(self, *command: str) -> None:
        devnull = subprocess.DEVNULL
        subprocess.run(
            command, env=self.environ, stdin=devnull, stdout=devnull, stderr=devnull, timeout=PATIENCE, check=False
        )


@dataclass
class WineService(Service):
    """A service of Comptoir that runs on this Windows, from source or, where `exe` is given, as that program."""

    wine: Wine | None = None
    exe: PurePath | None = None
    patience: float = PATIENCE

    def start(self, ready: str) -> None:
        """Returns when it has printed a line with `ready` in it."""
        assert self.wine is not None
        before = len(self.says)
        program = () if self.exe else self.program
        self.process = subprocess.Popen(
            self.wine.command(*program, *self.arguments, program=self.exe),
            cwd=ROOT,
            env=self.wine.environ | self.environ,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="cp1252", errors="replace",
        )  # fmt: skip
        self.wine._ends.callback(_ended, self.process)
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        self.wait_for(ready, before)

    def stop(self) -> int:
        """By Ctrl+C; the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(self.patience)


def _linked(source: str, target: str) -> str:
    if PurePath(source).suffix.lower() in PROGRAMS:
        with suppress(OSError):  # another disk
            os.link(source, target)
            return target
    return shutil.copy2(source, target)


def _read(process: subprocess.Popen[bytes], said: list[bytes]) -> None:
    assert process.stdout is not None
    with suppress(ValueError, OSError):  # closed meanwhile
        while piece := os.read(process.stdout.fileno(), 65536):
            said.append(piece)


def _text(said: list[bytes]) -> str:
    return b"".join(said).decode("cp1252", "replace").replace("\r\n", "\n")


def _ended(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
