"""The spool directory in which the CUPS backend leaves prints: read, checked, emptied. All calls block.

What lies there and why is written in `capture_backend.py`, which runs as root; the directory is this user's.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import msgspec
from msgspec import Meta

DAMAGED: Final = "damaged"  # the directory for what cannot be taken
PIECE: Final = 1 << 20
#: bytes that a compressed document may become: one that becomes more was made to fill the disk
UNPACKED: Final = 1 << 30
#: seconds after which a job is not started again by CUPS, and what nobody finished is left over
KEPT_STATES: Final = 30 * 86_400
LEFT_OVER: Final = 86_400

_NAME: Final = re.compile(r"[0-9A-Za-z-]{1,80}(\.[0-9A-Za-z-]{1,20})*")


class Damaged(Exception):
    """A print of the spool that cannot be taken: the sentence says why."""


class Spooled(msgspec.Struct, frozen=True):
    """One file of a print."""

    name: Annotated[str, Meta(max_length=128)]
    size: int
    sha256: str


class Told(msgspec.Struct, frozen=True, rename={"version": "comptoir"}):
    """What the backend says of a print, NAME.json. `at`: ms."""

    version: int
    uid: Annotated[str, Meta(min_length=1, max_length=100)]
    job: int
    user: str
    title: str
    copies: int
    options: str
    at: int
    uuid: str = ""
    #: which print of its job this is
    times: int = 1
    uri: str = ""
    environ: dict[str, str] = {}
    documents: tuple[Spooled, ...] = ()
    #: why there are no documents
    missing: str = ""
    printed: Spooled | None = None


class State(msgspec.Struct, frozen=True):
    """What became of a job on paper, NAME.state: begun, printed, failed, canceled, unknown."""

    state: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A print that is whole. `outcome`: what became of it on paper; "" while that is not known."""

    name: str
    told: Told
    outcome: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A print that was set aside. `at`: ms."""

    name: str
    why: str
    at: int


class Spool:
    """One spool directory. Every call raises OSError where it cannot be read or changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """The prints that are whole, oldest first."""
        with os.scandir(self.folder) as found:
            whole = [(one.stat(follow_symlinks=False).st_mtime_ns, one.name) for one in found if _is_entry(one.name)]
        return [name.removesuffix(".json") for _, name in sorted(whole)]

    def entry(self, name: str) -> Entry:
        """Raises Damaged, and FileNotFoundError where it is gone."""
        try:
            told = msgspec.json.decode(self._read(f"{name}.json"), type=Told)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise Damaged(f"its description cannot be read: {error}") from None
        if told.version != 1:
            raise Damaged("it was made by another version of the backend")
        files = (*told.documents, *((told.printed,) if told.printed else ()))
        if not files:
            raise Damaged("it has no document")
        if not all(_NAME.fullmatch(file.name) and file.name.startswith(f"{name}.") for file in files):
            raise Damaged("its description names files that are not its own")
        return Entry(name, told, self._outcome(name, told))

    def chunks(self, file: Spooled, unpack: bool = False) -> Iterator[bytes]:
        """A file's bytes, checked: raises Damaged at their end where they are not what the backend wrote.

        unpack: it was sent compressed, which is no part of the document (gzip, RFC 8011 §5.4.32).
        """
        digest, size = hashlib.sha256(), 0
        unpacking = Unpacking() if unpack else None
        try:
            with self._open(file.name) as content:
                while piece := content.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
                    yield from (piece,) if unpacking is None else unpacking.pieces(piece)
        except FileNotFoundError:
            raise Damaged(f"its file {file.name} is missing") from None
        except zlib.error as error:
            raise Damaged(f"its file {file.name} cannot be unpacked: {error}") from None
        if (size, digest.hexdigest()) != (file.size, file.sha256):
            raise Damaged(f"its file {file.name} is not what was written")

    def head(self, file: Spooled) -> bytes:
        """The first bytes; none where it is gone."""
        try:
            with self._open(file.name) as content:
                return content.read(4096)
        except FileNotFoundError:
            return b""

    def remove(self, name: str) -> None:
        """It is taken. Its description first: what is left without one is no print any more."""
        entry = f"{name}.json"
        (self.folder / entry).unlink(missing_ok=True)
        for path in self._files(name):
            path.unlink(missing_ok=True)

    def set_aside(self, name: str, why: str) -> None:
        """It cannot be taken: out of the way, with the reason."""
        aside = self.folder / DAMAGED
        aside.mkdir(mode=0o700, exist_ok=True)
        (aside / f"{name}.why").write_text(why, "utf-8")
        for path in (*self._files(name), self.folder / f"{name}.json"):
            with suppress(FileNotFoundError):
                path.replace(aside / path.name)

    def aside(self) -> list[Aside]:
        """What was set aside and still lies there, oldest first."""
        found = []
        for path in sorted((self.folder / DAMAGED).glob("*.why")):
            with suppress(FileNotFoundError):
                at = path.stat().st_mtime_ns // 1_000_000
                found.append(Aside(path.stem, path.read_text("utf-8", "replace"), at))
        return sorted(found, key=lambda one: one.at)

    def sweep(self, now: int) -> None:
        """Remove states of long ago, what is left of prints that were taken, and what nobody finished. `now`: ms."""
        with os.scandir(self.folder) as found:
            files = [one for one in found if one.is_file(follow_symlinks=False)]
            there = [(one.name, one.stat(follow_symlinks=False).st_mtime) for one in files]
        whole = {name.removesuffix(".json") for name, _ in there if _is_entry(name)}
        for name, changed in there:
            entry = name.lstrip(".").partition(".")[0]
            if name.endswith(".json") or entry in whole:
                continue
            age = now / 1000 - changed
            most = KEPT_STATES if name.endswith((".state", ".lock")) else LEFT_OVER
            if age > most or (_is_content(name) and self._was_whole(entry)):
                (self.folder / name).unlink(missing_ok=True)

    def _was_whole(self, entry: str) -> bool:
        """Whether its description was written once: the backend notes what becomes of a job only after that."""
        job, _, times = entry.rpartition("-")
        again = times.isdigit() and self._state(job)
        return bool(self._state(entry)) or bool(again and again.times >= int(times))

    def _files(self, name: str) -> list[Path]:
        """All but its description and its state."""
        own = re.compile(rf"{re.escape(name)}\.(\d+\.document|printed)")
        return [self.folder / found for found in os.listdir(self.folder) if own.fullmatch(found)]

    def _outcome(self, name: str, told: Told) -> str:
        job = name if told.times == 1 else name.removesuffix(f"-{told.times}")
        state = self._state(job)
        if state is None:
            return ""
        if state.times > told.times:
            return "printed"  # or it would not have been printed once more
        return "" if state.times < told.times or state.state == "begun" else state.state

    def _state(self, job: str) -> State | None:
        try:
            return msgspec.json.decode(self._read(f"{job}.state"), type=State)
        except (FileNotFoundError, msgspec.MsgspecError, Damaged):
            return None

    def _open(self, name: str) -> BinaryIO:
        """Raises Damaged for what the backend does not write: a link, a directory, a pipe that nobody fills."""
        if not stat.S_ISREG(os.lstat(self.folder / name).st_mode):
            raise Damaged(f"{name} is no file")
        return open(self.folder / name, "rb", opener=_no_link)

    def _read(self, name: str) -> bytes:
        with self._open(name) as file:
            return file.read(PIECE)


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


def _is_content(name: str) -> bool:
    return not name.startswith(".") and name.endswith((".document", ".printed"))


def _is_entry(name: str) -> bool:
    return name.endswith(".json") and not name.startswith(".")


class Unpacking:
    """A gzip file, unpacked in pieces, so that a small one that becomes huge does not fill the memory."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(31)
        self._size = 0

    def pieces(self, piece: bytes) -> Iterator[bytes]:
        """What the next bytes of it become. Raises zlib.error, also where that is more than UNPACKED."""
        while piece:
            out = self._inflate.decompress(piece, PIECE)
            self._size += len(out)
            if self._size > UNPACKED:
                raise zlib.error(f"it becomes more than {UNPACKED >> 30} GB")
            yield out
            piece = self._inflate.unconsumed_tail
