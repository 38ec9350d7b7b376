"""Real mounts: a share that hangs, dies and comes back, and a disk that is full. Only root may mount; CI is root."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from types import TracebackType

import pytest
from tests.peers.programs import installed

PATIENCE = 30.0


def may_mount() -> None:
    """Nobody but root mounts: a failure on CI, a skip elsewhere."""
    if os.geteuid() == 0:
        return
    if os.environ.get("CI"):
        raise AssertionError("the tests of shares and full disks need root: they mount")
    pytest.skip("only root may mount")


class Share:
    """A folder seen through a process, as one on a server is seen through a network. Use as `with`; then it is there.

    `behind` is the folder on the server, `path` where it is mounted. The process is bindfs, so that all that is asked
    of the share waits for a process that can be stopped or killed.
    """

    def __init__(self, folder: Path) -> None:
        may_mount()
        self._bindfs = installed("bindfs")
        self.behind, self.path = folder / "server", folder / "share"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Share:
        self.behind.mkdir(parents=True, exist_ok=True)
        self.path.mkdir(parents=True, exist_ok=True)
        self.mount()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unmount()

    def mount(self) -> None:
        """The server is there."""
        assert self._process is None
        before = self.path.stat().st_dev
        self._process = subprocess.Popen(
            [self._bindfs, "-f", "--no-allow-other", str(self.behind), str(self.path)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        while os.stat(self.path).st_dev == before:
            assert self._process.poll() is None, self._process.stderr and self._process.stderr.read()
            os.sched_yield()

    def hang(self) -> None:
        """Whoever asks the share for anything waits."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def die(self) -> None:
        """The server is gone, the mount stays: whoever asks is told that it is not connected."""
        self._signal(signal.SIGKILL)
        self._end()

    def unmount(self) -> None:
        """The mount is gone: at its path is an empty folder. Whatever hung there is let go."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._end()
        subprocess.run(["umount", "--lazy", str(self.path)], check=False, capture_output=True, timeout=PATIENCE)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _end(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        self._process.stderr.close()
        self._process.wait(PATIENCE)
        self._process = None


class Disk:
    """A disk of its own of so many bytes, which a test fills. Use as `with`."""

    def __init__(self, path: Path, size: int) -> None:
        may_mount()
        self.path = path
        self._size = size

    def __enter__(self) -> Disk:
        self.path.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={self._size},mode=0755", "comptoir-test", str(self.path)]
        subprocess.run(command, check=True, timeout=PATIENCE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        subprocess.run(["umount", "--lazy", str(self.path)], check=True, timeout=PATIENCE)

    @property
    def free(self) -> int:
        """Bytes."""
        figures = os.statvfs(self.path)
        return figures.f_bavail * figures.f_frsize

    def fill(self, leave: int = 0) -> None:
        """Somebody else's file takes what is free."""
        with (self.path / "somebody-elses").open("wb") as file:
            left = self.free - leave
            while left > 0:
                left -= file.write(bytes(min(left, 1 << 20)))
            file.flush()

    def empty(self) -> None:
        """It is removed."""
        (self.path / "somebody-elses").unlink()
