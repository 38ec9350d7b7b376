"""The real command in a process that can be killed hundreds of times, at any moment or at an exact step.

A process that has loaded everything makes one by a fork for each start: that takes a tenth of the time of a new Python.
It counts the child's steps to the disk, and can kill it right before or right after one: what a test of crashes walks
along. Run as a program it is that process: starts come in, a line each; what the children print comes out.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Final

PATIENCE: Final = 60.0
ROOT: Final = Path(__file__).parent.parent.parent

#: what brings something to the disk, or takes it away: the calls of `os` that are counted, beside SQLite's COMMIT
STEPS: Final = ("fsync", "fdatasync", "rename", "replace", "link", "unlink", "remove", "rmdir")
#: loaded before the first fork: all that a station takes its time to load
LOADED: Final = (
    "comptoir.cli.services", "comptoir.station.app", "comptoir.web.server", "comptoir.journal.sqlite", "uvloop",
    "comptoir.sources.folder.source", "comptoir.sinks.maarch",
)  # fmt: skip


class Cradle:
    """The process that has loaded everything. One serves all tests of a run; it ends with them."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.peers.mortal"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        self.spoke = threading.Condition()
        self.over = False
        self.mortals: dict[int, Mortal] = {}
        self.newborn: Mortal | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        atexit.register(self._end)

    def bear(self, mortal: Mortal, fatal: int) -> None:
        """Returns when it is born. Raises AssertionError where the cradle has ended."""
        assert self.process.stdin is not None
        self.newborn = mortal
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps([fatal, mortal.arguments]) + "\n")
            self.process.stdin.flush()
        with self.spoke:
            self.spoke.wait_for(lambda: self.newborn is None or self.over, PATIENCE)
            assert self.newborn is None, mortal.last_words

    def _read(self) -> None:
        """What it tells of its children, and what they print, line by line."""
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                with self.spoke:
                    self._heard(line)
                    self.spoke.notify_all()
        with self.spoke:
            self.over = True
            self.spoke.notify_all()

    def _heard(self, line: str) -> None:
        # Who is killed in the middle of a line does not end it.
        said, mark, told = line.partition("\x01")
        if said:
            for mortal in {*self.mortals.values(), *([self.newborn] if self.newborn else [])}:
                mortal.says.append(said)
        if not mark:
            return
        what, pid, status = told.split()
        if what == "ended":
            self.mortals.pop(int(pid)).status = int(status)
        elif self.newborn is not None:
            self.newborn.pid, self.mortals[int(pid)] = int(pid), self.newborn
            self.newborn = None

    def _end(self) -> None:
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)


@cache
def cradle() -> Cradle:
    return Cradle()


class Mortal:
    """A command that is started, dies and is started again. Use as `with`. `says`: all lines of all its lives.

    What several that live at a time say is heard by all of them.
    """

    def __init__(self, *arguments: str | Path) -> None:
        self.arguments = [str(one) for one in arguments]
        self.says: list[str] = []
        self.pid = 0
        #: how its last life ended, as `waitpid` tells; None: it lives
        self.status: int | None = 0
        self._born = 0

    def __enter__(self) -> Mortal:
        self._cradle = cradle()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def lives(self) -> bool:
        return self.status is None

    def start(self, ready: str = "", fatal: int = 0) -> bool:
        """Returns when it has said a line with `ready` in it, or is dead; whether it lives.

        `fatal`: the step at which it dies: 1 before the first, 2 right after it, 3 before the second …; 0: never.
        """
        assert not self.lives
        self._born, self.status = len(self.says), None
        self._cradle.bear(self, fatal)
        if ready:
            self._wait(lambda: self._said(ready) or not self.lives)
        return self.lives

    def wait_for(self, words: str) -> None:
        """A line of this life that has these words. Raises AssertionError where it dies first."""
        self._wait(lambda: self._said(words) or not self.lives)
        assert self._said(words), self.last_words

    def died(self) -> str:
        """Wait for its end; the last line that it said."""
        self._wait(lambda: not self.lives)
        return self.says[-1] if self.says else ""

    def kill(self) -> None:
        """As a power cut does it; nothing happens to one that is dead already."""
        if self.lives:
            with suppress(ProcessLookupError):  # it was dying already
                os.kill(self.pid, signal.SIGKILL)
            self.died()

    def stop(self) -> int:
        """As the system does it; the exit code."""
        if self.lives:
            os.kill(self.pid, signal.SIGTERM)
            self.died()
        assert self.status is not None
        return os.waitstatus_to_exitcode(self.status)

    def freeze(self) -> None:
        """It does not run until `thaw`."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def memory(self, *, peak: bool = False) -> int:
        """Resident bytes; `peak`: the most so far."""
        found = re.search(rf"{'VmHWM' if peak else 'VmRSS'}:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        assert found is not None
        return int(found[1]) * 1024

    @property
    def last_words(self) -> str:
        """What this life has said."""
        return "".join(self.says[self._born :])

    def _said(self, words: str) -> bool:
        return any(words in line for line in self.says[self._born :])

    def _wait(self, wanted: Callable[[], bool]) -> None:
        with self._cradle.spoke:
            self._cradle.spoke.wait_for(lambda: wanted() or self._cradle.over, PATIENCE)
            assert wanted(), self.last_words


class _Fate:
    """Counts the steps of this process, and ends it at one of them."""

    def __init__(self, fatal: int) -> None:
        self._left = fatal
        self._lock = threading.Lock()

    def passed(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **more: Any) -> Any:
            self.passed()
            result = call(*arguments, **more)
            self.passed()
            return result

        return step

    def take_over(self) -> None:
        for name in STEPS:
            setattr(os, name, self.around(getattr(os, name)))
        fate = self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
                run = super().execute
                return (fate.around(run) if sql == "COMMIT" else run)(sql, *arguments)  # type: ignore[no-any-return]

        connect = sqlite3.connect
        sqlite3.connect = lambda *arguments, **more: connect(  # type: ignore[assignment]
            *arguments, **{"factory": Connection, **more}
        )


def _live(fatal: int, arguments: list[str]) -> None:
    """The child: the command, to its end."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if fatal:
        _Fate(fatal).take_over()
    main = import_module("comptoir.cli").main
    code = 1
    try:
        code = main(arguments)
    finally:
        sys.stdout.flush()
        os._exit(code)


def _tell(*words: object) -> None:
    os.write(1, f"\x01{' '.join(map(str, words))}\n".encode())


def run() -> None:
    """Starts come in, a line each. No thread runs here: a fork would cut it in two."""

    def ended(*_: object) -> None:
        # Also called when one is frozen; and the first of two calls may have met both ends.
        with suppress(ChildProcessError):
            while (end := os.waitpid(-1, os.WNOHANG))[0]:
                _tell("ended", *end)

    for module in LOADED:
        import_module(module)
    gc.freeze()
    signal.signal(signal.SIGCHLD, ended)
    while line := os.read(0, 65_536):
        fatal, arguments = json.loads(line)
        # Its end must not be told before its birth.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            _live(fatal, arguments)
        _tell("born", pid, 0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


if __name__ == "__main__":
    run()
