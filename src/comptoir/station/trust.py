"""Who trusts this station's authority, and how it is made trusted: `stores.py`'s plans, carried out.

Nothing is installed without being asked for. Where this user may not, or a program is missing, the lines to type are
given instead.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from comptoir.core.errors import ComptoirError, UnknownName
from comptoir.station import stores
from comptoir.station.certificates import Certificate
from comptoir.station.stores import Authority, Command, Home, Store

PATIENCE: Final = 60.0  # seconds: a system with many certificates takes its time
#: the numbers of people's users; systems and their services have those below (login.defs)
_PEOPLE: Final = range(1000, 60_000)
_CHROMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_PROGRAMS: Final = ("certutil", "security", "update-ca-certificates", "update-ca-trust", *_CHROMES)
#: program → what brings it, on the system where it is not there from the start
_MISSING: Final = {"certutil": "sudo apt-get install libnss3-tools"}

State = Literal["trusted", "not", "unknown"]
Note = Callable[[str, Mapping[str, object]], Awaitable[None]]


class NotInstalled(ComptoirError):
    """A store did not take the authority, or did not give it up."""

    code = "trust"
    http_status = 409


@dataclass(frozen=True, slots=True)
class StoreState:
    """A store as it is found. `why`: why nothing can be told; `commands`: what a person types to have it trusted,
    `removal`: to have it forgotten. `installable`: this user can, from here."""

    name: str
    state: State
    why: str
    installable: bool
    commands: tuple[str, ...]
    removal: tuple[str, ...]

    @property
    def trusted(self) -> bool:
        return self.state == "trusted"


@dataclass(frozen=True, slots=True)
class Machine:
    """Where this runs, and as whom. `tools`: programs that are there; `root` stands for / in tests."""

    platform: str
    administrator: bool
    tools: frozenset[str]
    homes: tuple[Home, ...]
    root: Path = Path("/")


class Trust:
    """The stores of this machine, and the authority whose certificate is the file `path`."""

    def __init__(
        self,
        path: Path,
        machine: Machine | None = None,
        note: Note | None = None,
        told: Callable[[], Certificate] | None = None,
    ) -> None:
        """`machine`: this one. `note` puts on record what was installed; `told`: the certificate that is shown."""
        self._path = path
        self._given = machine
        self._note = note
        self._told = told

    @cached_property
    def _machine(self) -> Machine:
        return self._given or this_machine()

    async def describe(self) -> Certificate | None:
        return None if self._told is None else self._told()

    async def stores(self) -> list[StoreState]:
        """Each with its state. Empty where there is no authority: the owner has a certificate of their own."""
        return await asyncio.to_thread(self.look)

    async def install(self, name: str, user: str = "", host: str = "") -> None:
        """Have a store trust the authority. Raises UnknownName, NotInstalled."""
        await asyncio.to_thread(self.change, name, install=True)
        if self._note is not None:
            await self._note("trust-installed", {"store": name, "user": user, "host": host})

    def look(self) -> list[StoreState]:
        """The same as `stores`, at once."""
        if self._told is not None and self._told().own:
            return []
        try:
            pem = self._path.read_text("ascii")
            return [self._state(store, pem) for store in self._plan(pem)]
        except (OSError, ValueError):
            return []

    def change(self, name: str, *, install: bool) -> None:
        """Install or remove, at once. Raises UnknownName, NotInstalled."""
        try:
            found = {store.name: store for store in self._plan(self._path.read_text("ascii"))}
        except (OSError, ValueError):
            found = {}
        store = found.get(name)
        if store is None:
            raise UnknownName(f"no store is called “{name}” here", f"Known stores: {', '.join(found)}.")
        for command in store.install if install else store.remove:
            done = self._run(command)
            if done.returncode != 0:
                why = (done.stderr or done.stdout).strip().splitlines()[-1:] or [f"it ended with {done.returncode}"]
                raise NotInstalled(f"{name}: {command.words[0]}: {why[0][:300]}", f"By hand: {self._line(command)}")

    def _plan(self, pem: str) -> list[Store]:
        machine, authority = self._machine, _authority(self._path, pem)
        if machine.platform == "win32":
            return stores.windows(authority, machine.administrator)
        if machine.platform == "darwin":
            return stores.macos(authority)
        chrome = any(name in machine.tools for name in _CHROMES)
        databases = (stores.browsers(authority, home, chrome) for home in machine.homes)
        return [*stores.linux(authority, machine.tools, machine.root), *(one for some in databases for one in some)]

    def _state(self, store: Store, pem: str) -> StoreState:
        state, why = self._look(store, pem)
        can = (not store.needs_root or self._machine.administrator) and not self._missing(store)
        brings = [_MISSING[store.tool]] if self._missing(store) and store.tool in _MISSING else []
        install, remove = ([self._line(c) for c in some] for some in (store.install, store.remove))
        return StoreState(store.name, state, why, can, (*brings, *install), (*brings, *remove))

    def _look(self, store: Store, pem: str) -> tuple[State, str]:
        """Whether it trusts the authority, and if that cannot be told, why."""
        if isinstance(store.check, Path):
            try:
                return ("trusted" if stores.holds(store.check.read_text("utf-8", "replace"), pem) else "not"), ""
            except OSError as error:
                return "unknown", f"{store.check}: {error.strerror or error}"
        if self._missing(store):
            return "unknown", f"the program {store.tool} is missing"
        if not store.nickname:
            return ("trusted" if self._run(store.check).returncode == 0 else "not"), ""
        database = Path(store.check.words[-1].removeprefix("sql:"))
        if not database.exists():
            return "not", ""
        done = self._run(store.check)
        if done.returncode != 0:
            return "unknown", (done.stderr.strip().splitlines() or ["it cannot be read"])[0][:300]
        return ("trusted" if stores.is_trusted(done.stdout, store.nickname) else "not"), ""

    def _missing(self, store: Store) -> bool:
        return bool(store.tool) and store.tool not in self._machine.tools

    def _line(self, command: Command) -> str:
        return command.line(sudo=not self._machine.administrator and _is_of_the_system(command))

    def _run(self, command: Command) -> subprocess.CompletedProcess[str]:
        """Never raises: a program that is not there, or does not end, has failed."""
        whose = _as(command.user) if command.user else {}
        given = self._path.read_text("ascii") if command.reads else None
        try:
            return subprocess.run(  # noqa: S603 - the commands are `stores.py`'s
                command.words, input=given, stdin=None if given else subprocess.DEVNULL, capture_output=True,
                text=True, errors="replace", timeout=PATIENCE, check=False, cwd=os.sep, **whose,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            return subprocess.CompletedProcess(command.words, 127, "", str(error))


def _is_of_the_system(command: Command) -> bool:
    """Whether it changes what is everybody's: NSS and a user's folder are one's own."""
    return command.words[0] not in ("certutil", "mkdir")


def _authority(path: Path, pem: str) -> Authority:
    der = ssl.PEM_cert_to_DER_cert(pem)
    return Authority(path, hashlib.sha256(der).hexdigest(), hashlib.sha1(der, usedforsecurity=False).hexdigest())


def _as(user: str) -> dict[str, Any]:
    """The arguments of `subprocess.run` for a program of another user; none on Windows."""
    if sys.platform == "win32":
        return {}
    import pwd  # noqa: PLC0415 - not to be had on Windows

    entry = pwd.getpwnam(user)
    environment = {**os.environ, "HOME": entry.pw_dir, "USER": user}
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "env": environment}


def this_machine() -> Machine:
    """As it is found."""
    tools = frozenset(name for name in _PROGRAMS if shutil.which(name))
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        return Machine("win32", bool(ctypes.windll.shell32.IsUserAnAdmin()), tools, ())
    root = os.geteuid() == 0
    return Machine(sys.platform, root, tools, tuple(_homes(root)))


def _homes(root: bool) -> Iterator[Home]:
    """One's own; for root everybody's. None on Windows, whose store is the system's."""
    if sys.platform == "win32":
        return
    import pwd  # noqa: PLC0415 - not to be had on Windows

    own = pwd.getpwuid(os.geteuid())
    yield Home(own.pw_name, Path.home())
    for entry in pwd.getpwall() if root else ():
        if entry.pw_uid != own.pw_uid and entry.pw_uid in _PEOPLE and Path(entry.pw_dir).is_dir():
            asked = entry.pw_name == os.environ.get("SUDO_USER")
            yield Home(entry.pw_name, Path(entry.pw_dir), other=True, sits_here=asked)
