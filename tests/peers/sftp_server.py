"""An SFTP server with a folder, a password and a key; its disk can be full, its line can break."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import asyncssh
from tests.peers.far import Arrival
from tests.peers.line import Line
from tests.peers.services import free_port

from comptoir.destinations import SftpConfig

PASSWORD = "pass-7d1e-secret"


class SftpServer:
    """`tests.peers.far.Far` over SSH."""

    secrets = (PASSWORD,)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder.parent / "sftp"
        self.password = PASSWORD
        self.full = False
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.line: Line
        (folder / "password.txt").write_text(PASSWORD + "\r\n", "utf-8")

    @property
    def fingerprint(self) -> str:
        return self.host_key.get_fingerprint()

    async def __aenter__(self) -> SftpServer:
        (self.home / "in").mkdir(parents=True)
        self._server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Door(self),
            server_host_keys=[self.host_key],
            sftp_factory=lambda channel: _Disk(self, channel),
            process_factory=None,
        )
        self.line = await Line(self._server.get_port()).__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.line.__aexit__(None, None, None)
        self._server.close()
        await self._server.wait_closed()

    def config(self, **keys: Any) -> SftpConfig:
        given = {
            "name": "archives",
            "host": "127.0.0.1",
            "port": self.line.port,
            "user": "shop",
            "password_file": "password.txt",
            "host_key": self.fingerprint,
            "path": "/in",
            "timeout": "5 s",
        }
        return SftpConfig(**{**given, **keys})

    def nobody(self) -> SftpConfig:
        return self.config(port=free_port())

    async def arrivals(self) -> list[Arrival]:
        found = []
        for path in sorted((self.home / "in").iterdir()):
            if path.name.startswith("."):
                continue
            if path.is_dir():
                members = (one for one in sorted(path.rglob("*")) if one.is_file())
                found += [Arrival(one.relative_to(path).as_posix(), one.read_bytes(), path.name) for one in members]
            else:
                found.append(Arrival(path.name, path.read_bytes()))
        return found

    async def halves(self) -> list[str]:
        return [path.name for path in (self.home / "in").iterdir() if path.name.startswith(".")]

    def cut(self, after: int) -> None:
        self.line.cut(after)

    def lose_answer(self, after: int) -> None:
        self.line.lose_answer(after)

    def lock(self) -> None:
        self.password = "another one"

    def fill(self) -> None:
        self.full = True

    def connections(self) -> int:
        return self.line.open


class _Door(asyncssh.SSHServer):
    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == self._server.password

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key.public_data == self._server.client_key.public_data


class _Disk(asyncssh.SFTPServer):
    def __init__(self, server: SftpServer, channel: Any) -> None:
        super().__init__(channel, chroot=str(server.home).encode())
        self._server = server

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        if self._server.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(file_obj, offset, data)  # type: ignore[return-value]
