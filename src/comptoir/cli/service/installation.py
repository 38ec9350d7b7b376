"""What is installed as a service, and what a service manager says of it: values, and how they stand in a command line.

Nothing here asks the system.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from typing import Final, Literal, TypeAlias, get_args

Role: TypeAlias = Literal["station", "hub", "up"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

#: failed: it has ended by itself, and the manager starts it again after a while
Status: TypeAlias = Literal["absent", "stopped", "starting", "running", "stopping", "failed"]

#: seconds after which a service that has failed is started again: the first time, the second, from then on
RESTARTS: Final = (5, 30, 60)
#: of the service at the service manager of Windows
NAME: Final = "Comptoir"
SUMMARY: Final = "The print service of this counter: receipt printers, cash drawers, documents."


def roles_of(role: Role) -> tuple[Role, ...]:
    """What runs: `up` is both."""
    return ("station", "hub") if role == "up" else (role,)


@dataclass(frozen=True, slots=True)
class Installation:
    """One role as a service. `program`: what runs it, before its arguments; `account`: as whom, "" for the manager's
    own choice."""

    role: Role
    program: tuple[str, ...]
    data: PurePath
    config: PurePath | None = None
    account: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The role and its places."""
        config = () if self.config is None else ("--config", str(self.config))
        quiet = ("--no-browser",) if self.role == "up" else ()
        return (self.role, *quiet, "--data", str(self.data), *config)

    @property
    def command(self) -> tuple[str, ...]:
        return (*self.program, *self.arguments)


@dataclass(frozen=True, slots=True)
class State:
    """What the manager says. `command`: what it starts; () where nothing is installed, or nobody may know."""

    status: Status = "absent"
    command: tuple[str, ...] = ()
    account: str = ""
    #: whether it starts with the computer, or the person
    enabled: bool = False
    #: more of it, in the manager's words
    detail: str = ""

    @property
    def installed(self) -> bool:
        return self.status != "absent"

    @property
    def role(self) -> Role | None:
        return next((role for role in ROLES if role in self.command), None)

    @property
    def data(self) -> str:
        return _after("--data", self.command)

    @property
    def config(self) -> str:
        return _after("--config", self.command)


def _after(option: str, command: Sequence[str]) -> str:
    """The value of an option; "" where it has none."""
    return next((value for name, value in pairwise(command) if name == option), "")


@dataclass(frozen=True, slots=True)
class WindowsService:
    """What the service manager of Windows is told. `restarts`: ms before each new start after a failure; `reset`:
    seconds without one, after which they are counted anew."""

    command: str
    name: str = NAME
    title: str = NAME
    summary: str = SUMMARY
    restarts: tuple[int, ...] = tuple(seconds * 1000 for seconds in RESTARTS)
    reset: int = 86_400
