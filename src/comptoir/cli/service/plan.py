"""What is to be done to have a service, or to have it no more: steps as values, in order. Who does them: `acting.py`.

A plan can be shown instead of being carried out (`--dry-run`), and says then what a person could type.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeAlias

from comptoir.cli.service.installation import WindowsService
from comptoir.cli.service.program import Program


@dataclass(frozen=True, slots=True)
class Run:
    """A command of the system. `may_fail`: where there is nothing to undo, for one; `hint`: what to do when it does."""

    command: tuple[str, ...]
    may_fail: bool = False
    hint: str = "Nothing more was done."

    @property
    def shown(self) -> str:
        return shlex.join(self.command)


@dataclass(frozen=True, slots=True)
class Write:
    """A file, whole."""

    path: PurePath
    content: str
    mode: int = 0o644

    @property
    def shown(self) -> str:
        lines = "".join(f"\n    {line}" if line else "\n" for line in self.content.rstrip("\n").split("\n"))
        return f"{self.path}:{lines}"


@dataclass(frozen=True, slots=True)
class Remove:
    """A file that may be gone already."""

    path: PurePath

    @property
    def shown(self) -> str:
        return f"rm {shlex.quote(str(self.path))}"


@dataclass(frozen=True, slots=True)
class Own:
    """The data folder, made, with all that is in it, for an account of POSIX only. "": for who carries it out."""

    folder: PurePath
    account: str

    @property
    def shown(self) -> str:
        folder = shlex.quote(str(self.folder))
        owner = f" && chown -R {shlex.quote(self.account)} {folder}" if self.account else ""
        return f"mkdir -p {folder}{owner}"


@dataclass(frozen=True, slots=True)
class Protect:
    """The data folder on Windows, made, with all that is in it: for administrators, the system and `account`."""

    folder: PurePath
    account: str

    @property
    def shown(self) -> str:
        also = f', "{self.account}"' if self.account else ""
        return f'"{self.folder}": Administrators, SYSTEM{also}'


@dataclass(frozen=True, slots=True)
class Place:
    """The program's own files, put into the folder where programs are."""

    program: Program
    target: PurePath

    @property
    def shown(self) -> str:
        return f"{self.program.executable} → {self.target}"


@dataclass(frozen=True, slots=True)
class Withdraw:
    """What `Place` has put there."""

    target: PurePath

    @property
    def shown(self) -> str:
        return f"rm -r {shlex.quote(str(self.target))}"


@dataclass(frozen=True, slots=True)
class Register:
    """The service, made or changed, at the service manager of Windows."""

    service: WindowsService

    @property
    def shown(self) -> str:
        one = self.service
        return f'sc.exe create {one.name} start= auto DisplayName= "{one.title}" binPath= {shlex.quote(one.command)}'


@dataclass(frozen=True, slots=True)
class Unregister:
    """The service, stopped and gone from the service manager of Windows."""

    name: str

    @property
    def shown(self) -> str:
        return f"sc.exe delete {self.name}"


@dataclass(frozen=True, slots=True)
class Control:
    """A service of Windows started, or stopped, to the end."""

    name: str
    start: bool

    @property
    def shown(self) -> str:
        return f"sc.exe {'start' if self.start else 'stop'} {self.name}"


Step: TypeAlias = Run | Write | Remove | Own | Protect | Place | Withdraw | Register | Unregister | Control
