"""The settings of a station: one page a subject, and what all of them ask of the station, as protocols.

A page knows no other page. What they share in reading and showing a form is `fields.py` and `page.py`; what a value
must be like is said once, by `config.py` and `config_check.py`, and checked by saving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from aiohttp import web

from comptoir.config import Config
from comptoir.core.errors import ConfigError
from comptoir.core.record import Credential
from comptoir.settings import Edit
from comptoir.web.locale import msgid

#: the pages of the settings, in the order of their navigation
SECTIONS: Final = (
    ("/config", msgid("General")),
    ("/config/printers", msgid("Printers")),
    ("/config/drawer", msgid("Drawer")),
    ("/config/sources", msgid("Sources and routes")),
    ("/config/destinations", msgid("Destinations")),
    ("/config/night", msgid("Nights and archive")),
    ("/config/access", msgid("Access")),
    ("/config/hub", msgid("Hub")),
    ("/config/certificates", msgid("Certificates")),
    ("/config/password", msgid("Password")),
)

#: what a key is called where it is told that it waits for a restart; the longest beginning counts
NAMES: Final[dict[str, str]] = {
    "station.name": msgid("the name of the station"),
    "station.host": msgid("where it listens"),
    "station.port": msgid("the port"),
    "station.certificate": msgid("the certificate"),
    "station.private_key": msgid("the certificate"),
    "printer": msgid("the printers"),
    "drawer": msgid("the drawer"),
    "source": msgid("the sources"),
    "destination": msgid("the destinations"),
    "archive": msgid("the archive"),
    "relay": msgid("the link to the hub"),
    "hub": msgid("the hub of this machine"),
}


def name_of(key: str) -> str:
    """What people call a key such as station.port or printer[1].device: a message id, or the key itself."""
    plain = key.partition("[")[0]
    return NAMES.get(plain) or NAMES.get(plain.partition(".")[0], key)


class Finding(Protocol):
    """Something that may be a printer. `name`: what it says of itself; `known`: the printer that it is already."""

    @property
    def device(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def how(self) -> str: ...

    @property
    def known(self) -> str: ...


class Search(Protocol):
    """A search for printers: `asked` of `total` addresses have answered, or were waited for."""

    @property
    def total(self) -> int: ...

    @property
    def asked(self) -> int: ...

    @property
    def running(self) -> bool: ...

    @property
    def cancelled(self) -> bool: ...

    @property
    def networks(self) -> Sequence[str]: ...

    @property
    def found(self) -> Sequence[Finding]: ...


class Trial(Protocol):
    """A printer that is being set up. `step`: reach, ask, done; `trouble`: why it ended at its step, in English."""

    @property
    def number(self) -> int: ...

    @property
    def device(self) -> str: ...

    @property
    def step(self) -> str: ...

    @property
    def running(self) -> bool: ...

    @property
    def trouble(self) -> str: ...

    @property
    def hint(self) -> str: ...

    @property
    def reason(self) -> str:
        """The trouble as a printer-state-reason, where it is one."""
        ...

    @property
    def answers(self) -> bool: ...

    @property
    def identity(self) -> Sequence[str]: ...

    @property
    def confirms(self) -> Sequence[str]: ...

    @property
    def language(self) -> str: ...

    @property
    def profile(self) -> str: ...

    @property
    def saved(self) -> str:
        """The name under which it was saved; "": not yet."""
        ...

    @property
    def printed(self) -> str:
        """What is known of its test print: sent, processed; "": there was none."""
        ...


class Setup(Protocol):
    """How printers are found and tried out. Nothing of it happens by itself."""

    @property
    def search(self) -> Search | None: ...

    def begin_search(self) -> None: ...

    async def end_search(self) -> None: ...

    def trial(self, number: int) -> Trial | None: ...

    def begin_trial(self, device: str, language: str) -> int:
        """Connect to this device, and ask it who it is; the number of the trial. Raises ComptoirError."""
        ...

    async def keep(self, number: int, name: str) -> None:
        """The trial was saved under this name: what was learned of the printer goes with it."""
        ...

    async def print_test(self, number: int, lines: Sequence[str], user: str, host: str) -> str:
        """Print these lines on the printer of a trial that was saved: sent, processed. Raises ComptoirError."""
        ...


class People(Protocol):
    """Who is signed in, and their password."""

    async def sessions(self) -> Sequence[Credential]: ...

    async def sign_out_everywhere(self, request: web.Request) -> None: ...

    async def change_password(self, request: web.Request, current: str, new: str) -> None:
        """Raises NotAllowed where the present one is wrong, RequestError where the new one is too short, TooMany."""
        ...


class Certified(Protocol):
    """The certificate of this station. `fingerprint`: SHA-256; times in ms; `trouble`: what is wrong with it."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def names(self) -> Sequence[str]: ...

    @property
    def ends_at(self) -> int: ...

    @property
    def own(self) -> bool: ...

    @property
    def trouble(self) -> str: ...


class Store(Protocol):
    """Where a system or browser keeps the authorities that it trusts. `commands`: how a person installs it there."""

    @property
    def name(self) -> str: ...

    @property
    def state(self) -> str:
        """trusted, not, unknown."""
        ...

    @property
    def why(self) -> str:
        """Why nothing can be told."""
        ...

    @property
    def installable(self) -> bool: ...

    @property
    def commands(self) -> Sequence[str]: ...


class Trust(Protocol):
    """The station's authority, and who trusts it."""

    async def describe(self) -> Certified | None: ...

    async def stores(self) -> Sequence[Store]: ...

    async def install(self, name: str, user: str, host: str) -> None:
        """Raises ComptoirError."""
        ...


class Configurable(Protocol):
    """What the settings pages ask of a station."""

    @property
    def config(self) -> Config:
        """As saved."""
        ...

    @property
    def fixed(self) -> Mapping[str, str]:
        """Key → the environment variable that fixes it."""
        ...

    @property
    def waiting(self) -> Sequence[str]:
        """Keys that were saved, and take effect with the next start."""
        ...

    @property
    def restartable(self) -> bool: ...

    @property
    def restart_trouble(self) -> str:
        """Why the last restart was none; "" where it was one."""
        ...

    @property
    def setup(self) -> Setup: ...

    @property
    def trust(self) -> Trust | None: ...

    @property
    def file_error(self) -> ConfigError | None:
        """Why the file, as somebody wrote it by hand, cannot be used."""
        ...

    async def refresh(self) -> None:
        """Read the file again."""
        ...

    async def check(self, edits: Sequence[Edit]) -> None:
        """Raises what `save` would raise, and changes nothing."""
        ...

    async def save(self, edits: Sequence[Edit], user: str, host: str) -> None:
        """All of them or none. Raises ConfigError (WrongField where one value is the reason)."""
        ...

    async def keep_secret(self, key: str, file: str, secret: str, user: str, host: str) -> None:
        """Write a secret to a file of the data folder that nobody else may read. `key`: what names the file in the
        configuration. Raises ConfigError."""
        ...

    async def restart(self, user: str, host: str) -> None:
        """Stop and start anew, soon."""
        ...

    async def unlink(self, user: str, host: str) -> None:
        """End the link to the hub, and forget it."""
        ...
