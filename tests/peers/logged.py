"""The log of a process in a folder, as the command keeps it, with the time of the test's clock."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comptoir.core.ports import Clock
from comptoir.logbook import Logbook
from comptoir.logfiles import TILL_LOG, LogFiles


@contextmanager
def logging_to(folder: Path, clock: Clock) -> Iterator[Logbook]:
    """What is logged from INFO on is in folder/logs/cashdrawer.log."""

    def at(record: logging.LogRecord) -> bool:
        record.created = clock.now() / 1000
        return True

    root = logging.getLogger()
    book, before = Logbook(LogFiles(folder / "logs" / TILL_LOG), clock), root.level
    book.addFilter(at)
    root.addHandler(book)
    root.setLevel(logging.INFO)
    try:
        yield book
    finally:
        root.removeHandler(book)
        root.setLevel(before)
        book.close()


def lines(book: Logbook) -> list[str]:
    """What is in the log now, without the times."""
    book.flush()
    return [line[26:] for line in book.files.path.read_text("utf-8").splitlines()]
