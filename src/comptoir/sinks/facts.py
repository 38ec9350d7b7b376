"""What was learned of a printer at its set-up, kept in its folder: what it confirms by, who made it, its drawer.

A file of its own and no configuration: nobody writes it by hand, and it may be deleted at any time.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final

import msgspec

from comptoir.core.profile import Confirm
from comptoir.durable import replace_file

log = logging.getLogger("comptoir.printer")

FILE: Final = "facts.json"


class Learned(msgspec.Struct, frozen=True):
    """confirms: strongest first, None: never probed. identity: maker, model, firmware. open_is_high: the level of the
    drawer's sensor when it is open, None: not known. has_sensor: None: not known. answers: whether it told its state
    when it was probed, None: never probed."""

    answers: bool | None = None
    confirms: tuple[Confirm, ...] | None = None
    identity: tuple[str, ...] = ()
    open_is_high: bool | None = None
    has_sensor: bool | None = None
    probed_at: int | None = None


class Facts:
    """The facts of one printer. `folder` None: remembered while the process runs."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = None if folder is None else folder / FILE
        self.learned = _read(self._path)
        self._writing = asyncio.Lock()

    @property
    def confirms(self) -> tuple[Confirm, ...] | None:
        return self.learned.confirms

    async def learn(self, **news: object) -> None:
        """Remember; on disk when it returns. A disk that refuses costs the memory of it only, and is logged."""
        self.learned = msgspec.structs.replace(self.learned, **news)
        if self._path is None:
            return
        async with self._writing:  # what is known last is written last
            try:
                await asyncio.to_thread(replace_file, self._path, msgspec.json.encode(self.learned))
            except OSError as error:
                log.warning("%s cannot be written: %s", self._path, error)


def _read(path: Path | None) -> Learned:
    """As on disk; nothing is known where there is no file, or one that cannot be read."""
    try:
        return Learned() if path is None else msgspec.json.decode(path.read_bytes(), type=Learned)
    except FileNotFoundError:
        return Learned()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        log.warning("%s cannot be read and is set aside: %s", path, error)
        return Learned()
