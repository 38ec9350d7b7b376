"""Delivers documents to a folder, here or on a share: each with what is known of it beside it, as name + .json.

A document lies there under a hidden name until it is whole and on the disk, then it has its name at once; a lot is a
directory that appears as a whole. Nothing is ever overwritten. A folder that is not there is not made, unless the owner
wants it so: it may be a share that is away. Evidence: `delivered`, with the path below the folder.
"""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from comptoir.core.document import Document
from comptoir.core.errors import DeliveryError, NotSent, Refused
from comptoir.core.job import OTHER_ERROR, UNREACHABLE, Evidence, Job
from comptoir.core.ports import Clock, Journal, Progress
from comptoir.core.template import Template
from comptoir.core.units import duration, iso
from comptoir.destinations import FolderConfig
from comptoir.durable import sync_folder
from comptoir.sinks.naming import Goods, goods_of, place_of
from comptoir.sinks.parcel import Parcel, labels, open_parcel
from comptoir.sinks.patience import Patience
from comptoir.sinks.placing import Filling, clear, found, part_of, put
from comptoir.sinks.trouble import why
from comptoir.windows.files import in_use, no_name
from comptoir.windows.paths import plain, reachable

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_RIGHTS: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
#: what the file system cannot hold, however often it is tried
_NEVER: Final = frozenset({errno.ENAMETOOLONG, errno.EFBIG, errno.EINVAL, errno.EILSEQ, errno.ENOTDIR})


class FolderSink:
    """`core.ports.Sink` for one folder. A job that was cut short is found again, or was never there."""

    repeatable = True

    def __init__(self, config: FolderConfig, journal: Journal, data: Path) -> None:
        self._config = config
        self._journal = journal
        self._root = reachable(data / Path(config.path).expanduser())
        self._file = Template(config.file)
        self._patiently = Patience((duration(config.timeout) or 30_000) / 1000)

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        parcel = await open_parcel(self._journal, document)
        place = self._root / place_of(self._file, labels(job, document))
        goods = _goods(job, parcel, self._config.metadata)
        try:
            await self._patiently(self._check)
            there = await self._patiently(partial(found, place, goods))
            if there is None:
                await progress.started()
                there = await self._deliver(parcel, place, goods)
            else:
                await self._patiently(partial(clear, part_of(place, goods.uid)))
        except OSError as error:
            raise self._failed(error) from error
        return Evidence("delivered", there.relative_to(self._root).as_posix())

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _deliver(self, parcel: Parcel, place: Path, goods: Goods) -> Path:
        """Where it lies now. Raises OSError, Refused."""
        part = part_of(place, goods.uid)
        await self._patiently(partial(_prepare, part, self._root))
        try:
            for name, document in goods.parts:
                await self._write(part / name if goods.is_lot else part, parcel, document)
            if goods.is_lot:
                await self._patiently(partial(_sync_tree, part))
            return await self._patiently(partial(put, place, goods))
        except BaseException:
            with suppress(OSError):
                await self._patiently(partial(clear, part))
            raise

    async def _write(self, path: Path, parcel: Parcel, document: Document) -> None:
        filling = Filling(path)
        try:
            await self._patiently(filling.open)
            async for piece in parcel.chunks(document):
                await self._patiently(partial(filling.write, piece))
            await self._patiently(filling.finish)
        finally:
            filling.close()

    def _check(self) -> None:
        """Raises OSError where the folder is not what it is to be."""
        if self._config.mounted and not _on_a_mount(self._root):
            raise FileNotFoundError(errno.ENOENT, "nothing is mounted there", str(self._root))
        if not self._root.is_dir():
            if not self._config.create or self._root.exists():
                raise FileNotFoundError(errno.ENOENT, "the folder is not there", str(self._root))
            self._root.mkdir(parents=True, exist_ok=True)

    def _failed(self, error: OSError) -> DeliveryError:
        where = f"the folder {self._config.path}"
        if error.errno in _FULL:
            return NotSent(f"{where} is full", "Make room there; it is tried again by itself.", OTHER_ERROR)
        if error.errno in _RIGHTS and not in_use(error):
            return NotSent(f"nothing may be written to {where}", "Give Comptoir the right to write there.", OTHER_ERROR)
        if _never(error):
            return Refused(f"{where} cannot hold this document: {why(error)}", "", OTHER_ERROR)
        if isinstance(error, TimeoutError) or error.errno == errno.ENOENT:
            hint = "Is the share mounted? It is tried again by itself."
            return NotSent(f"{where} is not there" if error.errno else f"{where} does not answer", hint, UNREACHABLE)
        return NotSent(f"{where} cannot be written: {why(error)}", "It is tried again by itself.", UNREACHABLE)


def make(config: FolderConfig, journal: Journal, folder: Path, clock: Clock) -> FolderSink:
    """The sink of a destination. `folder`: the data folder, to which a relative path is relative."""
    return FolderSink(config, journal, folder)


def _goods(job: Job, parcel: Parcel, metadata: bool) -> Goods:
    goods = goods_of(job.uid, parcel)
    if not metadata:
        return goods
    note = json.dumps(_known(job, parcel, goods), ensure_ascii=False, indent=2) + "\n"
    return replace(goods, metadata=note.encode("utf-8", "replace"))


def _known(job: Job, parcel: Parcel, goods: Goods) -> dict[str, Any]:
    """What is written beside a document."""
    document = job.document
    known: dict[str, Any] = {
        "id": job.id,
        "uid": job.uid,
        "title": job.title,
        "name": parcel.name,
        "source": job.origin.source,
        "user": job.origin.user,
        "host": job.origin.host,
        "path": job.attributes.get("path", ""),
        "size": parcel.size,
        "sha256": document.digest,
        "media_type": document.media_type,
        "created_at": iso(job.created_at),
        "modified": job.attributes.get("modified", ""),
    }
    if parcel.is_lot:
        known["members"] = [
            {"name": name, "size": one.size, "sha256": one.digest, "media_type": one.media_type}
            for name, one in goods.parts
        ]
    return known


def _never(error: OSError) -> bool:
    """Whether it is of no use to try again. Windows calls EINVAL what has no other number: a share that has gone."""
    told = getattr(error, "winerror", None)
    if told is not None or (os.name == "nt" and error.errno == errno.EINVAL):
        return no_name(error)
    return error.errno in _NEVER


# -- calls that block -------------------------------------------------------------------------------------------------


def _on_a_mount(path: Path) -> bool:
    """Whether it lies on something that is mounted, besides the file system of everything; on Windows: its own disk."""
    if os.name == "nt":
        path = Path(plain(str(path)))
        if path.drive.lower() != os.environ.get("SYSTEMDRIVE", "C:").lower():
            return True  # a share, or another disk: where it is away, nothing is there
    return any(os.path.ismount(one) for one in (path, *path.parents) if one != Path(one.anchor))


def _prepare(part: Path, root: Path) -> None:
    """What an earlier attempt left goes; the folders of the template are made, durably."""
    missing = []
    folder = part.parent
    while folder != root and not folder.is_dir():
        if folder.exists():
            raise NotADirectoryError(errno.ENOTDIR, "a file is where a folder was wanted", str(folder))
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        sync_folder(one.parent)
    clear(part)


def _sync_tree(part: Path) -> None:
    for folder in (path for path in part.rglob("*") if path.is_dir()):
        sync_folder(folder)
    sync_folder(part)
