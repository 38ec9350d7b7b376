"""Delivers documents to a folder on a server, over SSH, whose key the owner has written down.

A document lies there under a hidden name until it is whole, then it is renamed, over nothing; a lot is a directory that
appears as a whole. What an earlier attempt has put there is known by its content. SSH and SFTP are asyncssh's (extra
`sftp`); connecting is `sftp_session.py`'s. Evidence: `delivered`, with its path there.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final, cast

import asyncssh
from asyncssh import SFTPClient, SFTPError

from comptoir.core.document import Document
from comptoir.core.errors import DeliveryError, NotSent, Refused
from comptoir.core.job import OTHER_ERROR, UNREACHABLE, Evidence, Job
from comptoir.core.ports import Clock, Journal, Progress
from comptoir.core.template import Template
from comptoir.destinations import SftpConfig
from comptoir.sinks.naming import Goods, goods_of, numbered, place_of
from comptoir.sinks.parcel import Parcel, labels, open_parcel
from comptoir.sinks.sftp_session import Patient, Session
from comptoir.sinks.trouble import first_words, unreachable

PIECE: Final = 1024 * 1024  # bytes read at a time


class SftpSink:
    """`core.ports.Sink` for one folder on one server."""

    repeatable = True

    def __init__(self, config: SftpConfig, journal: Journal, folder: Path) -> None:
        self._config = config
        self._journal = journal
        self._root = PurePosixPath(config.path or ".")
        self._file = Template(config.file)
        self._session = Session(config, folder)

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        parcel = await open_parcel(self._journal, document)
        place = self._root / place_of(self._file, labels(job, document))
        goods = goods_of(job.uid, parcel)
        try:
            async with self._session.turn() as sftp:
                there = Placing(sftp, self._session.patient, goods)
                done = await there.found(place)
                if done is None:
                    await progress.started()
                    await there.prepare(place, self._root)
                    done = await there.put(place, parcel)
        except (SFTPError, asyncssh.Error, OSError) as error:
            raise self._failed(error) from error
        return Evidence("delivered", done.as_posix())

    async def close(self) -> None:
        """End the connection."""
        await self._session.close()

    def _failed(self, error: Exception) -> DeliveryError:
        """All of these are tried again: what has arrived is found there."""
        where = self._config.host
        match error:
            case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath():
                hint = "Make it there, or correct path."
                return NotSent(f"the folder {self._root} is not there on {where}", hint, OTHER_ERROR)
            case asyncssh.SFTPPermissionDenied() | asyncssh.SFTPWriteProtect():
                hint = f"Give {self._config.user} the right to write there."
                return NotSent(f"nothing may be written to {self._root} on {where}", hint, OTHER_ERROR)
            case asyncssh.SFTPNoSpaceOnFilesystem() | asyncssh.SFTPQuotaExceeded():
                return NotSent(f"the disk of {where} is full", "Make room there.", OTHER_ERROR)
            case asyncssh.SFTPInvalidFilename():
                return Refused(f"{where} cannot have a file of this name", "Choose another in file.", OTHER_ERROR)
            case asyncssh.SFTPConnectionLost() | asyncssh.SFTPNoConnection():
                return NotSent(f"the connection to {where} broke", "It is tried again by itself.", UNREACHABLE)
            case SFTPError():
                # OpenSSH has one word for everything else, a full disk included.
                words = first_words(error.reason, self._session.secrets)
                return NotSent(f"{where} cannot store it: {words}", "Has it room, and which rights?", OTHER_ERROR)
            case _:
                return unreachable(where, error)


def make(config: SftpConfig, journal: Journal, folder: Path, clock: Clock) -> SftpSink:
    """The sink of a destination. `folder`: the data folder, where secrets are."""
    asyncssh.set_log_level("WARNING")  # it tells of every connection and channel
    return SftpSink(config, journal, folder)


class Placing:
    """Puts a parcel to its place there. Its methods raise SFTPError, OSError, asyncssh.Error."""

    def __init__(self, sftp: SFTPClient, patient: Patient, goods: Goods) -> None:
        self._sftp = sftp
        self._patient = patient
        self._goods = goods

    async def found(self, place: PurePosixPath) -> PurePosixPath | None:
        """Where it lies already; None: nowhere."""
        for name in numbered(place):
            if not await self._patient(self._sftp.lexists(str(name))):
                return None
            if await self._is_same(name):
                await self._clear(self._part(place))
                return name
        return None

    async def prepare(self, place: PurePosixPath, root: PurePosixPath) -> None:
        """The folders of the template are made; what an earlier attempt left goes."""
        if not await self._patient(self._sftp.isdir(str(root))):
            raise asyncssh.SFTPNoSuchFile("no folder")
        if place.parent != root:
            await self._patient(self._sftp.makedirs(str(place.parent), exist_ok=True))
        await self._clear(self._part(place))

    async def put(self, place: PurePosixPath, parcel: Parcel) -> PurePosixPath:
        """Where it lies now."""
        part = self._part(place)
        try:
            if self._goods.is_lot:
                await self._patient(self._sftp.mkdir(str(part)))
            for name, document in self._goods.parts:
                await self._write(part / name if name else part, parcel, document)
            return await self._rename(part, place)
        except BaseException:
            with suppress(SFTPError, asyncssh.Error, OSError):
                await self._clear(part)
            raise

    async def _write(self, path: PurePosixPath, parcel: Parcel, document: Document) -> None:
        if self._goods.is_lot:
            await self._patient(self._sftp.makedirs(str(path.parent), exist_ok=True))
        file = await self._patient(self._sftp.open(str(path), "xb"))
        try:
            async for piece in parcel.chunks(document):
                await self._patient(file.write(piece))
            with suppress(asyncssh.SFTPOpUnsupported):
                await self._patient(file.fsync())
        finally:
            with suppress(SFTPError, asyncssh.Error, OSError):
                await self._patient(file.close())
        size = await self._patient(self._sftp.getsize(str(path)))
        if size != document.size:
            raise asyncssh.SFTPFailure(f"{size} of {document.size} bytes are there")

    async def _rename(self, part: PurePosixPath, place: PurePosixPath) -> PurePosixPath:
        """Give it the first name that nothing has: this kind of renaming replaces nothing."""
        for name in numbered(place):
            if await self._patient(self._sftp.lexists(str(name))):
                continue
            try:
                await self._patient(self._sftp.rename(str(part), str(name)))
            except SFTPError:
                if not await self._patient(self._sftp.lexists(str(name))):
                    raise
                continue  # somebody has taken the name in this moment
            return name
        raise asyncssh.SFTPFailure("every name is taken")

    async def _is_same(self, place: PurePosixPath) -> bool:
        if not self._goods.is_lot:
            return await self._holds(place, self._goods.parts[0][1])
        there = sorted([name async for name in self._files(place, "")])
        wanted = sorted(name for name, _ in self._goods.parts)
        if there != wanted:
            return False
        for name, document in self._goods.parts:
            if not await self._holds(place / name, document):
                return False
        return True

    async def _files(self, place: PurePosixPath, below: str) -> AsyncIterator[str]:
        if not await self._patient(self._sftp.isdir(str(place))):
            return
        for entry in await self._patient(self._sftp.listdir(str(place))):
            if entry in (".", ".."):
                continue
            if await self._patient(self._sftp.isdir(str(place / entry))):
                async for name in self._files(place / entry, f"{below}{entry}/"):
                    yield name
            else:
                yield below + entry

    async def _holds(self, path: PurePosixPath, document: Document) -> bool:
        attributes = await self._patient(self._sftp.stat(str(path)))
        if attributes.type != asyncssh.FILEXFER_TYPE_REGULAR or attributes.size != document.size:
            return False
        seen = hashlib.sha256()
        async with await self._patient(self._sftp.open(str(path), "rb")) as file:
            while piece := cast(bytes, await self._patient(file.read(PIECE))):
                seen.update(piece)
        return seen.hexdigest() == document.digest

    def _part(self, place: PurePosixPath) -> PurePosixPath:
        return place.with_name(f".comptoir-{self._goods.uid}.part")

    async def _clear(self, part: PurePosixPath) -> None:
        with suppress(asyncssh.SFTPNoSuchFile):
            if await self._patient(self._sftp.isdir(str(part))):
                await self._patient(self._sftp.rmtree(str(part)))
            else:
                await self._patient(self._sftp.remove(str(part)))
