"""The certificate that this station shows: its own authority's, renewed by itself, or one that the owner has.

    DATA/certificates/authority.key   the authority's private key, for this user only
    DATA/certificates/authority.crt   its certificate: what browsers and systems are to trust (`trust.py`)
    DATA/certificates/server.pem      what is shown to browsers: key and certificate, for this user only

A station with all three in order reads them without `cryptography`, which `authority.py` loads to make new ones.

What the clock says never replaces an authority: it may be wrong, and everybody would have to trust the new one. What it
signed is replaced whenever it does not hold by the clock, so that a clock put right puts that right, too.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from comptoir.config import StationConfig
from comptoir.core.errors import ConfigError
from comptoir.core.ports import Clock
from comptoir.core.units import iso
from comptoir.durable import replace_file
from comptoir.station.machine import Names, machine_names
from comptoir.station.own_certificate import Stamp, check_own, own_files, stamp
from comptoir.station.tls import Life, Pair, Shown, fingerprint, life_of, server_context, shown

log = logging.getLogger("comptoir.station")

FOLDER: Final = "certificates"
KEY: Final = "authority.key"
AUTHORITY: Final = "authority.crt"
SERVER: Final = "server.pem"
#: ms before its end at which a certificate is replaced
RENEWED_BEFORE: Final = 30 * 86_400_000
#: seconds between two looks at clock, names and files
LOOK_AGAIN: Final = 3600.0

Note = Callable[[str, Mapping[str, object]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a browser sees of this station. Times in ms since 1970 UTC.

    `fingerprint`, `authority`: SHA-256 as browsers show it, of the certificate and of the local authority ("" where the
    owner has a certificate of their own). `trouble`: what is wrong with it; "": nothing.
    """

    fingerprint: str
    names: tuple[str, ...]
    begins_at: int
    ends_at: int
    own: bool
    authority: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class _InUse:
    """What new connections get, and what is known of it. `read`: the owner's files, as they were then."""

    context: ssl.SSLContext
    told: Certificate
    authority: bytes = b""
    read: Stamp = ()


class Certificates:
    """`start`, then `run` beside everything else."""

    def __init__(
        self,
        folder: Path,
        config: StationConfig,
        clock: Clock,
        note: Note,
        names: Callable[[], Names] = machine_names,
    ) -> None:
        """`folder`: the data folder. `note` puts an event on record: what was made. `names`: asked at each look."""
        self._data = folder
        self._folder = folder / FOLDER
        self._config = config
        self._clock = clock
        self._note = note
        self._names = names
        #: the file that browsers and systems are to trust
        self.path = self._folder / AUTHORITY
        self._in_use: _InUse | None = None
        self._made: list[dict[str, object]] = []

    async def start(self) -> None:
        """Have a certificate. Raises ConfigError: files that cannot be read or written, a key of another one."""
        self._in_use = await asyncio.to_thread(self._look)
        await self._tell_made()

    async def run(self) -> None:
        """Look again every hour, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            await self.check()

    async def check(self) -> None:
        """Renew what is to be renewed, read again what the owner has changed. What goes wrong is logged, and the
        certificate in use stays."""
        try:
            self._in_use = await asyncio.to_thread(self._look)
        except ConfigError as error:
            log.error("the certificate in use stays: %s; %s", error.message, error.hint)
        await self._tell_made()

    def context(self) -> ssl.SSLContext:
        """For the next connection; after `start`."""
        return self._ready.context

    def authority_pem(self) -> bytes:
        """The certificate of the local authority; empty where the owner has a certificate of their own."""
        return self._ready.authority

    def describe(self) -> Certificate:
        return self._ready.told

    @property
    def _ready(self) -> _InUse:
        if self._in_use is None:
            raise RuntimeError("not started")
        return self._in_use

    async def _tell_made(self) -> None:
        made, self._made = self._made, []
        for body in made:
            await self._note("certificate-made", body)

    def _look(self) -> _InUse:
        """Raises ConfigError. In a thread."""
        try:
            found = self._own() if self._config.certificate else self._local()
        except OSError as error:
            raise ConfigError(
                f"the certificates in {self._folder} cannot be used: {error.strerror or error}",
                "Give this user the right to read and write there.",
            ) from None
        if found.told.trouble and (self._in_use is None or found.told.trouble != self._in_use.told.trouble):
            log.warning("%s", found.told.trouble)
        return found

    def _own(self) -> _InUse:
        paths = own_files(self._data, self._config)
        read, before = stamp(paths), self._in_use
        if before is not None and before.read == read:
            life = Life(before.told.begins_at, before.told.ends_at)
            return replace(before, told=replace(before.told, trouble=self._trouble(life, own=True)))
        told = check_own(self._data, self._config)
        return _InUse(server_context(*paths), self._judged(told, own=True), read=read)

    # -- the local authority ------------------------------------------------------------------------------------------

    def _local(self) -> _InUse:
        """Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        _close(self._folder, 0o700)
        authority = self._authority() or self._make_authority()
        found = self._found(authority)
        if found is None or self._is_outdated(found[1], authority):
            found = self._make_server(authority)
        context, told = found
        return _InUse(context, self._judged(told, own=False, authority=authority.certificate), authority.certificate)

    def _authority(self) -> Pair | None:
        """None where there is none, or none that can be used: nothing that it signed could be trusted, either."""
        key, certificate = self._folder / KEY, self._folder / AUTHORITY
        if not key.exists() and not certificate.exists():
            return None
        try:
            pair = Pair(_secret(key), certificate.read_bytes())
            server_context(certificate, key)
            life_of(pair.certificate)
        except FileNotFoundError as error:
            why = f"{Path(error.filename).name} is missing"
        except ValueError as error:
            why = f"it is damaged: {error}"
        else:
            return pair
        log.error("a new authority is made in %s, and must be trusted anew, because %s", self._folder, why)
        return None

    def _make_authority(self) -> Pair:
        """The key first: a certificate without one would never be of use."""
        from comptoir.station.authority import make_authority  # noqa: PLC0415 - it loads a library, once in ten years

        pair = make_authority(socket.gethostname(), self._names(), _utc(self._clock.now()))
        (self._folder / AUTHORITY).unlink(missing_ok=True)
        replace_file(self._folder / KEY, pair.key, 0o600)
        replace_file(self._folder / AUTHORITY, pair.certificate, 0o644)
        life = life_of(pair.certificate)
        self._note_made("authority", Shown(fingerprint(pair.certificate), (), life))
        log.info("made an authority for this machine, %s", self._folder / AUTHORITY)
        return pair

    def _found(self, authority: Pair) -> tuple[ssl.SSLContext, Shown] | None:
        """What is there; None where it is nothing that the authority signed."""
        path = self._folder / SERVER
        try:
            _secret(path)
            context = server_context(path)
            return context, shown(context, authority.certificate)
        except FileNotFoundError:
            return None
        except ValueError as error:
            log.warning("the certificate of this machine is made anew: %s", error)
            return None

    def _make_server(self, authority: Pair) -> tuple[ssl.SSLContext, Shown]:
        from comptoir.station.authority import make_server  # noqa: PLC0415 - it loads a library, once a year

        path = self._folder / SERVER
        replace_file(path, make_server(authority, self._names(), _utc(self._clock.now())), 0o600)
        context = server_context(path)
        told = shown(context, authority.certificate)
        self._note_made("server", told)
        log.info("made a certificate for %s, valid until %s", ", ".join(told.names), _day(told.life.ends_at))
        return context, told

    def _is_outdated(self, told: Shown, authority: Pair) -> bool:
        """Whether a new one would hold, or hold longer, or have a name that this one lacks."""
        now, most = self._clock.now(), life_of(authority.certificate)
        missing = set(self._names().all) - set(told.names)
        if missing:
            from comptoir.station.authority import permitted  # noqa: PLC0415 - names are new once in a while

            missing &= set(permitted(authority.certificate, self._names()).all)
        if missing:
            return True
        if now < told.life.begins_at:
            return now >= most.begins_at
        return told.life.ends_at < most.ends_at and told.life.ends_at < now + RENEWED_BEFORE and now < most.ends_at

    def _judged(self, told: Shown, *, own: bool, authority: bytes = b"") -> Certificate:
        begins_at, ends_at = told.life.begins_at, told.life.ends_at
        name, trouble = fingerprint(authority) if authority else "", self._trouble(told.life, own=own)
        return Certificate(told.fingerprint, told.names, begins_at, ends_at, own, name, trouble)

    def _trouble(self, life: Life, *, own: bool) -> str:
        """What is wrong by this clock, and what is to be done."""
        now = self._clock.now()
        if now < life.begins_at:
            return f"the certificate holds from {_day(life.begins_at)} on only: is the clock of this machine right?"
        if now <= life.ends_at - RENEWED_BEFORE:
            return ""
        ends = f"the certificate {'ends' if now <= life.ends_at else 'ended'} on {_day(life.ends_at)}"
        if own:
            return f"{ends}: put a new one in its place"
        return (
            f"{ends} with its authority: is the clock right? "
            f"If so, empty {self._folder}, restart, and trust the new authority"
        )

    def _note_made(self, what: str, told: Shown) -> None:
        ends = iso(told.life.ends_at)
        self._made.append({"what": what, "fingerprint": told.fingerprint, "names": told.names, "ends": ends})


def _secret(path: Path) -> bytes:
    """A file that nobody else may read from now on, even if it was copied here otherwise. Raises OSError."""
    data = path.read_bytes()
    if _close(path, 0o600):
        log.warning("%s could be read by other users: no more", path)
    return data


def _close(path: Path, mode: int) -> bool:
    """Whether others had rights to it. Windows knows no such modes. Raises OSError."""
    if os.name == "nt" or not path.stat().st_mode & 0o077:
        return False
    path.chmod(mode)
    return True


def _day(at: int) -> str:
    return iso(at)[:10]


def _utc(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
