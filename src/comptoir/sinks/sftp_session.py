"""The connection to an SFTP server: opened when it is wanted, kept, opened anew when it has ended.

Only a server whose key the owner has written down is spoken to: its fingerprint in the configuration, or a file in the
form of OpenSSH's known_hosts. No other file of this machine is read, and no agent is asked. It moves no document.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncssh
from asyncssh import SFTPClient, SSHClientConnection, SSHKey

from comptoir.core.errors import NotSent
from comptoir.core.job import OTHER_ERROR
from comptoir.core.units import duration
from comptoir.destinations import SftpConfig
from comptoir.secret_file import secret, secret_text
from comptoir.sinks.trouble import first_words, locked_out, unreachable

T = TypeVar("T")

CONNECT: Final = 10.0  # seconds, for the connection and for the login each
#: seconds between questions to a server that says nothing
ALIVE: Final = 15
#: these errors of SFTP are errors of the line
_BROKEN: Final = (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.SFTPBadMessage)


class Patient:
    """Waits so many seconds for each answer. Raises TimeoutError."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def __call__(self, asked: Awaitable[T]) -> T:
        async with asyncio.timeout(self._seconds):
            return await asked


class Session:
    """One connection for all deliveries to a server. `secrets`: what must not be repeated in any message."""

    def __init__(self, config: SftpConfig, folder: Path) -> None:
        self._config = config
        self._folder = folder
        self.patient = Patient((duration(config.timeout) or 30_000) / 1000)
        self.secrets: set[str] = set()
        self._turns = asyncio.Lock()
        self._connection: SSHClientConnection | None = None
        self._sftp: SFTPClient | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[SFTPClient]:
        """The server for yourself. Raises NotSent. A line that breaks inside, or a cancelled question, ends it."""
        async with self._turns:
            sftp = await self._ready()
            whole = False
            try:
                yield sftp
                whole = True
            except asyncssh.SFTPError as error:
                whole = not isinstance(error, _BROKEN)
                raise
            finally:
                if not whole:
                    await self._end()

    async def close(self) -> None:
        """Hang up. Never raises."""
        async with self._turns:
            await self._end()

    async def _ready(self) -> SFTPClient:
        """Raises NotSent."""
        if self._sftp is not None:
            try:
                await self.patient(self._sftp.realpath("."))
            except (asyncssh.Error, OSError):
                await self._end()  # the server has ended it meanwhile, which is its right
        if self._sftp is None:
            self._connection = await self._connect()
            try:
                self._sftp = await self.patient(self._connection.start_sftp_client())
            except (asyncssh.Error, OSError) as error:
                await self._end()
                raise unreachable(self._config.host, error) from error
        return self._sftp

    async def _end(self) -> None:
        connection, self._connection, self._sftp = self._connection, None, None
        if connection is not None:
            connection.abort()
            await connection.wait_closed()

    async def _connect(self) -> SSHClientConnection:
        """Raises NotSent."""
        seen = _Seen(self._config.host_key)
        try:
            return await asyncssh.connect(
                self._config.host, self._config.port, username=self._config.user,
                client_factory=lambda: seen, known_hosts=self._known_hosts(), config=None, agent_path=None,
                connect_timeout=CONNECT, login_timeout=CONNECT, keepalive_interval=ALIVE,
                **self._credentials(),
            )  # fmt: skip
        except asyncssh.HostKeyNotVerifiable:
            raise _unknown(self._config, seen.fingerprint) from None
        except asyncssh.PermissionDenied:
            keys = "user and " + ("key_file" if self._config.key_file else "password_file")
            raise locked_out(f"{self._config.host} does not let {self._config.user} in", keys) from None
        except asyncssh.Error as error:
            words = first_words(error.reason, self.secrets)
            raise NotSent(
                f"{self._config.host} cannot be spoken to: {words}", "Is it an SSH server?", OTHER_ERROR
            ) from None
        except OSError as error:
            raise unreachable(self._config.host, error) from error

    def _credentials(self) -> dict[str, Any]:
        """Raises NotSent."""
        config = self._config
        if config.password_file:
            password = secret(self._folder, config.password_file)
            self.secrets.add(password)
            return {"password": password, "client_keys": None, "preferred_auth": "password,keyboard-interactive"}
        phrase = secret(self._folder, config.key_password_file) if config.key_password_file else None
        text = secret_text(self._folder, config.key_file)
        try:
            key = asyncssh.import_private_key(text + "\n", phrase)
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
            # No word of the error: it may quote the key.
            raise NotSent(
                f"{config.key_file} holds no private key that can be read",
                "It must be a key as ssh-keygen makes it; its password stands in key_password_file.",
                OTHER_ERROR,
            ) from None
        return {"client_keys": [key], "password": None, "preferred_auth": "publickey"}

    def _known_hosts(self) -> Any:
        """Raises NotSent."""
        if not self._config.known_hosts:
            return ([], [], [])
        path = self._folder / self._config.known_hosts
        try:
            return asyncssh.read_known_hosts(str(path))
        except (OSError, ValueError):
            raise NotSent(
                f"the file {path} cannot be read", "It must be in the form of known_hosts.", OTHER_ERROR
            ) from None


class _Seen(asyncssh.SSHClient):
    """Knows the server by the fingerprint of its key."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self.fingerprint = ""

    def validate_host_public_key(self, host: str, addr: str, port: int, key: SSHKey) -> bool:
        self.fingerprint = key.get_fingerprint("sha256")
        return bool(self._wanted) and self.fingerprint.rstrip("=") == self._wanted.rstrip("=")


def _unknown(config: SftpConfig, fingerprint: str) -> NotSent:
    if not config.host_key:
        hint = f"Its key is {fingerprint}. If that is right, write it into host_key."
        return NotSent(f"the key of {config.host} is not known", hint, OTHER_ERROR)
    hint = f"Its key is {fingerprint}. Ask its owner before you write that into host_key: it may be another machine."
    return NotSent(f"{config.host} has another key than the one in host_key", hint, OTHER_ERROR)
