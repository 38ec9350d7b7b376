"""Numbers of jobs that are never given twice, whatever happens to the process: they are written down in blocks."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Final

from comptoir.core.errors import JournalError
from comptoir.durable import replace_file

BLOCK: Final = 100
#: numbers before a start about which a client may still ask
LATELY: Final = 1_000
#: RFC 8011 §5.3.2: 1 to 2147483647
HIGHEST: Final = 2**31 - 1


class Numbers:
    """Gives numbers. `mark`: up to which document the archive had been looked through for this source's."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "numbers.json"
        self._first = 1
        self._next = 1
        self._reserved = 1
        self.mark = 0
        self._one_at_a_time = asyncio.Lock()

    async def load(self) -> None:
        """What an earlier run has left. Raises JournalError where it cannot be read."""
        try:
            text = await asyncio.to_thread(self._path.read_text, "utf-8")
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unusable(self._path, error) from error
        try:
            known = json.loads(text)
            self._first = self._next = self._reserved = int(known["next"])
            self.mark = int(known.get("mark", 0))
        except (ValueError, KeyError, TypeError) as error:
            raise JournalError(f"the file {self._path} cannot be read: {error}", "Restore it from a backup.") from error

    def was_open(self, number: int) -> bool:
        """Whether an earlier run may have given it lately. It may have skipped it, too: then nobody asks for it."""
        return max(0, self._first - LATELY) < number < self._first

    def above(self, number: int) -> None:
        """This one was given: the next is higher."""
        self._next = max(self._next, number + 1)

    async def next(self) -> int:
        """Raises JournalError where the disk refuses; then no number was given."""
        async with self._one_at_a_time:
            if self._next >= self._reserved:
                await self.reserve()
            number = self._next
            self._next += 1
            return number if number <= HIGHEST else 1 + number % HIGHEST

    async def reserve(self) -> None:
        """Write down that the next ones are given. Raises JournalError."""
        wanted = self._next + BLOCK
        data = json.dumps({"next": wanted, "mark": self.mark}).encode()
        try:
            await asyncio.to_thread(replace_file, self._path, data)
        except OSError as error:
            raise _unusable(self._path, error) from error
        self._reserved = wanted


def _unusable(path: Path, error: OSError) -> JournalError:
    return JournalError(
        f"the file {path} cannot be written: {error.strerror or error}",
        "Make room on the disk or check its rights; nothing was accepted.",
    )
