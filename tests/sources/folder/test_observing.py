"""What watchdog holds while it listens; what it hears is in test_events."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from comptoir.sources.folder.events import Events, Hints


@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "inotify watch limit reached"), RecursionError()], ids=repr)
def test_where_the_system_gives_none_nothing_is_left_of_the_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It is tried again at each look through the folder. Directories a thousand deep end in a RecursionError."""

    def refused(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("watchdog.observers.inotify.InotifyWatchGroup._add_all_callbacks", refused)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(OSError, match=r"limit reached|too many of them"):
            Events(str(tmp_path), True, Hints(str(tmp_path), lambda: None))
    assert len(os.listdir("/proc/self/fd")) == before
