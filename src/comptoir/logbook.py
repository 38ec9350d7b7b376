"""The log that people read: one thread writes it, off the path of whoever has something to say.

It stands beside the layers, as the clock does. Of its own it says two things: how often a line came again, and how many
were lost. It is not the journal: a log may be purged, and proves nothing. Where it is written is `logfiles.py`.
"""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from logging.handlers import QueueHandler
from queue import Empty, Full, Queue
from typing import Any, Final

from comptoir.core.ports import Clock
from comptoir.logfiles import LogFiles

MOST_WAITING: Final = 10_000  # lines, while the disk is slow or full
TICK: Final = 1.0  # seconds between two looks at the day, at what came again, and at a disk that was full
AGAIN: Final = 60_000  # ms after which it is written how often a line came again
JITTER: Final = 3_600_000  # ms by which a clock may be set back without another day beginning
PATIENCE: Final = 3.0  # seconds for the last lines, at a stop

#: format codes that scripts and emoji are made with
_JOINERS: Final = frozenset({"\u200c", "\u200d"})
#: controls, formats (they turn text round), surrogates, and the separators that some programs break lines at
_STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

#: (ms, what stands behind the time)
Line = tuple[int, str]


class OneLine(logging.Formatter):
    """A line of a log. What others wrote cannot begin another one, nor steer the terminal that shows it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        return one_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        return "\n".join(map(one_line, super().formatException(ei).split("\n")))


def one_line(text: str) -> str:
    """The text with each character that steers written out."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def _shown(letter: str) -> str:
    steers = letter not in _JOINERS and unicodedata.category(letter) in _STEERING
    return repr(letter)[1:-1] if steers else letter


class Logbook(QueueHandler):
    """The handler: who logs puts a record into a queue, a thread writes `TIME - LEVEL - MESSAGE` to the files.

    Warnings and errors that are repeated word for word are counted: the first is written at once, then how many more
    came, each minute and before the next other line. Closed (`logging.shutdown` does it), it writes what waits first.
    """

    queue: Queue[Any]

    def __init__(self, files: LogFiles, clock: Clock) -> None:
        super().__init__(Queue(MOST_WAITING))
        self.files = files
        self.setFormatter(OneLine("%(message)s"))
        #: called in the writing thread with lines that are in the file
        self.listeners: list[Callable[[Sequence[str]], None]] = []
        self._clock = clock
        self._repeats = Repeats(files)
        #: lines that the disk did not take yet
        self._unwritten: list[Line] = []
        self._dropped = 0  # changed by those who log
        self._told = 0  # how many of them the log knows of; changed, as what follows, by the thread
        self._newest = 0
        self._today: date | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="logbook", daemon=True)
        self._thread.start()

    # -- who logs -----------------------------------------------------------------------------------------------------

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except Full:
            self._dropped += 1

    def flush(self) -> None:
        """Returns when what was logged before is written, or cannot be for now."""
        done = threading.Event()
        with suppress(Full):
            if self._thread.is_alive():
                self.queue.put(done, timeout=PATIENCE)
                done.wait(PATIENCE)

    def close(self) -> None:
        if not self._ended:
            self._ended = True
            with suppress(Full):
                self.queue.put(None, timeout=PATIENCE)
            self._thread.join(PATIENCE)
        super().close()

    # -- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        going = True
        while going:
            lines: list[Line] = []
            flushes: list[threading.Event] = []
            for item in _waiting(self.queue):
                if isinstance(item, logging.LogRecord):
                    lines += self._repeats.add(item)
                elif item is None:
                    going = False
                else:
                    flushes.append(item)
            now = self._clock.now()
            lines += self._repeats.due(now) if going else self._repeats.end()
            try:
                self._write(lines, now)
            except Exception:  # whatever it is: if this thread ends, nothing is written any more
                self._dropped += len(lines)
            for flush in flushes:
                flush.set()

    def _write(self, lines: list[Line], now: int) -> None:
        """What cannot be written is kept, and tried again with the next lines; the oldest are lost first."""
        lines = [*self._unwritten, *lines]
        written: list[str] = []
        newest = self._newest
        try:
            while lines:
                newest = self._newest
                day, count = self._of_one_day(lines)
                texts = [f"{self._stamp(at)} - {text}" for at, text in lines[:count]]
                self.files.append("".join(f"{text}\n" for text in texts), day)
                written += texts
                lines = lines[count:]
            self._turn(now)
            if lost := self._dropped - self._told:
                self.files.append(
                    f"{self._stamp(now)} - WARNING - {lost} lines were lost: more than could be kept\n", None
                )
                self._told += lost
        except OSError:
            self._newest = newest
        self._told -= max(0, len(lines) - MOST_WAITING)
        self._unwritten = lines[-MOST_WAITING:]
        for listener in tuple(self.listeners) if written else ():
            listener(written)

    def _turn(self, now: int) -> None:
        """At midnight the day ends, also when nobody has anything to say."""
        today = self.files.day_of(now)
        if today != self._today and not 0 <= self._newest - now < JITTER:
            with suppress(OSError):  # somebody holds the file: the next line tries it again
                self.files.turn(today)
            self._today = today

    def _of_one_day(self, lines: Sequence[Line]) -> tuple[date | None, int]:
        """The day that the first lines begin, None where it is that of the file; and how many lines are of it."""
        begun: date | None = None
        for count, (at, _) in enumerate(lines):
            goes_on = 0 <= self._newest - at < JITTER
            day = None if goes_on else self.files.day_of(at)
            if count and day is not None and day != begun:
                return begun, count
            if not goes_on:
                begun, self._newest = day, at
        return begun, len(lines)

    def _stamp(self, at: int) -> str:
        return f"{self.files.local(at):%Y-%m-%d %H:%M:%S},{at % 1000:03d}"


class Repeats:
    """From records to lines: what comes again word for word is counted."""

    def __init__(self, files: LogFiles) -> None:
        self._files = files
        self._said: tuple[str, str] | None = None
        self._count = 0
        self._first = self._last = 0

    def add(self, record: logging.LogRecord) -> list[Line]:
        """The lines that are to be written now."""
        at, text = int(record.created * 1000), f"{record.levelname} - {record.getMessage()}"
        said = (record.name, text) if record.levelno >= logging.WARNING else None
        if said is not None and said == self._said:
            self._first = at if self._count == 0 else self._first
            self._count, self._last = self._count + 1, at
            return []
        told = self.end()
        self._said = said
        return [*told, (at, text)]

    def due(self, now: int) -> list[Line]:
        """How often the last line came again, once that has waited long enough, or the clock was set back."""
        return [] if 0 <= now - self._first < AGAIN else self._tell()

    def end(self) -> list[Line]:
        """How often the last line came again: another one follows."""
        told = self._tell()
        self._said = None
        return told

    def _tell(self) -> list[Line]:
        if self._count == 0 or self._said is None:
            return []
        first, *more = self._said[1].split("\n")
        span = "–".join(f"{self._files.local(at):%H:%M:%S}" for at in (self._first, self._last))
        count = f" (×{self._count}, {span})" if self._count > 1 else ""
        self._count = 0
        return [(self._last, "\n".join([first + count, *more]))]


def attached() -> Logbook | None:
    """The log of this process, where it has one."""
    return next((one for one in logging.getLogger().handlers if isinstance(one, Logbook)), None)


def _waiting(queue: Queue[Any]) -> list[Any]:
    """What waits in the queue; after a while nothing."""
    items = list[Any]()
    try:
        items.append(queue.get(timeout=TICK))
        while len(items) < MOST_WAITING:
            items.append(queue.get_nowait())
    except Empty:
        pass
    return items
