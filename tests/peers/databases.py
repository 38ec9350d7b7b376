"""Databases that tests open beside the journal; each closes itself when nobody has it any more.

Python 3.13 complains of one that is left open, and Windows removes and moves no file that somebody has open.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


class Database(sqlite3.Connection):
    def __del__(self) -> None:
        self.close()


def opened(path: Path | str = ":memory:", *, isolation_level: str | None = "") -> sqlite3.Connection:
    # Whichever thread collects it closes it.
    return sqlite3.connect(
        path,
        factory=Database,
        isolation_level=isolation_level,
        check_same_thread=False,  # type: ignore[arg-type]
    )
