"""The files of the log: one a day, the one that is written and those of earlier days; turned, kept, read, purged.

It stands beside the layers, as the clock does. What is written and when is `logbook.py`; who may read is decided by
whoever shows it. The current file has the plain name; when another day begins, its own day is put behind its name, and
a file that bears that name already is continued, so that a clock set back overwrites nothing.

All of it blocks, and may be called from any thread.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import BinaryIO, Final

#: the name of a station's log: that of the earlier till service, so that who collects it need not change
TILL_LOG: Final = "cashdrawer.log"
#: bytes at the end of a file in which its last line is looked for
TAIL: Final = 65_536
#: bytes at the end of a file that a reader looks through
READ: Final = 4_194_304
KEPT: Final = 30  # files of earlier days, where nobody says another number

_DAY: Final = re.compile(rb"^(\d{4}-\d{2}-\d{2}) \d{2}:\d{2}:\d{2}", re.MULTILINE)
_MS_A_DAY: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file. `day`: of its lines, as its name or its last line tells it; `current`: the one that is written."""

    path: Path
    day: date
    size: int
    current: bool = False


class LogFiles:
    """The files of one log. `path`: of the current one; `zone`: whose midnight counts, None for this machine's."""

    def __init__(self, path: Path, zone: tzinfo | None = None) -> None:
        self.path = path
        #: how many files of earlier days are kept; None: all
        self.keep: int | None = KEPT
        self._zone = zone
        self._lock = threading.RLock()
        self._day: date | None = None

    def local(self, at: int) -> datetime:
        """An instant in ms in the log's time zone."""
        return datetime.fromtimestamp(at / 1000, self._zone)

    def day_of(self, at: int) -> date:
        return self.local(at).date()

    # -- writing ------------------------------------------------------------------------------------------------------

    def append(self, text: str, day: date | None) -> None:
        """Write whole lines to the current file, after beginning this day; None: its own goes on. Raises OSError.

        What the disk takes only in part is taken back. A line that an earlier process left torn gets its end first.
        """
        data = text.encode("utf-8", "backslashreplace")
        with self._lock:
            if day is not None:
                with suppress(OSError):  # a file that somebody holds cannot be renamed: its lines go on in it
                    self.turn(day)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+", buffering=0) as file:
                end = file.seek(0, os.SEEK_END)
                if end and _last_byte(file) != b"\n":
                    data = b"\n" + data
                try:
                    while data:
                        data = data[file.write(data) or 0 :]
                except OSError:
                    with suppress(OSError):
                        file.truncate(end)
                    raise

    def turn(self, day: date) -> None:
        """Begin this day: a current file of another one gets its date, and the oldest go. Raises OSError."""
        with self._lock:
            before = self._current_day()
            if before not in (None, day):
                assert before is not None
                self._put_away(before)
                self.forget(spared=before)
            self._day = day

    def _put_away(self, day: date) -> None:
        """Give the current file its date. Where a file has that date, it is continued. Raises OSError."""
        kept = self.path.with_name(f"{self.path.name}.{day.isoformat()}")
        if not kept.exists():
            self.path.rename(kept)
            return
        with kept.open("ab") as to, self.path.open("rb") as lines:
            while piece := lines.read(1_048_576):
                to.write(piece)
        self.path.unlink()

    def forget(self, spared: date | None = None) -> None:
        """Remove the oldest files beyond `keep`. They are counted: a clock that is years off makes none of them old.

        `spared`: the day that has just ended. It stays for a day even where its date is the oldest of all.
        """
        with self._lock:
            if self.keep is None:
                return
            for file in self._earlier()[self.keep :]:
                if file.day != spared or not self.keep:
                    with suppress(OSError):
                        file.path.unlink()

    def purge(self) -> None:
        """Remove the files of earlier days, and empty the current one. Raises OSError; what can go is gone then."""
        failed: OSError | None = None
        with self._lock:
            for file in self.files():
                try:
                    if file.current:
                        os.truncate(file.path, 0)
                    else:
                        file.path.unlink(missing_ok=True)
                except OSError as error:
                    failed = error
        if failed is not None:
            raise failed

    # -- reading ------------------------------------------------------------------------------------------------------

    def files(self) -> list[LogFile]:
        """The current file, where there is one, then those of earlier days, the newest first."""
        with self._lock:
            found = self._earlier()
            with suppress(OSError):
                stat = self.path.stat()
                day = self._current_day() or self.day_of(stat.st_mtime_ns // 1_000_000)
                found.insert(0, LogFile(self.path, day, stat.st_size, current=True))
            return found

    def of_day(self, day: date) -> list[LogFile]:
        """The files that tell of this day, the older lines first: two where a clock came back to it."""
        return [file for file in reversed(self.files()) if file.day == day]

    def _earlier(self) -> list[LogFile]:
        """The files of earlier days, the newest first; those that cannot be looked at are left out."""
        found, prefix = [], f"{self.path.name}."
        with suppress(OSError):
            for path in self.path.parent.iterdir():
                day = as_day(path.name.removeprefix(prefix)) if path.name.startswith(prefix) else None
                if day is not None:
                    with suppress(OSError):
                        found.append(LogFile(path, day, path.stat().st_size))
        return sorted(found, key=lambda file: file.day, reverse=True)

    def _current_day(self) -> date | None:
        """The day of the current file; None where there is none, or nothing in it."""
        try:
            stat = self.path.stat()
        except OSError:
            return None
        if stat.st_size == 0:
            return None
        if self._day is None:
            self._day = _day_at_end(self.path) or self.day_of(stat.st_mtime_ns // 1_000_000)
        return self._day


def tail(path: Path, most: int, wanted: Callable[[str], bool]) -> list[str]:
    """The last lines that are wanted, the oldest first. Of a very long file only the end is looked at. Raises OSError.

    Bytes that are no UTF-8, as an earlier service may have written, are shown as such.
    """
    with path.open("rb") as file:
        start = max(0, file.seek(0, os.SEEK_END) - READ)
        file.seek(start)
        data = file.read(READ)
    if start:
        data = data.partition(b"\n")[2]
    lines = [line for line in data.decode("utf-8", "replace").split("\n") if line and wanted(line)]
    return lines[-most:]


def as_day(text: str) -> date | None:
    """The day that is written so: 2026-11-21."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def days_kept(keep: int | None) -> int | None:
    """How many files of earlier days a time in ms allows: a part of a day is a day. None: all."""
    return None if keep is None else -(-keep // _MS_A_DAY)


def _last_byte(file: BinaryIO) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def _day_at_end(path: Path) -> date | None:
    """The day of the last line that begins with one; None where none does."""
    with suppress(OSError), path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
        found = _DAY.findall(file.read(TAIL))
        return as_day(found[-1].decode()) if found else None
    return None
