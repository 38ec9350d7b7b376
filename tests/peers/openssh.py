"""The SSH server that most servers have, with SFTP version 3; started for one test, on a port of its own."""

from __future__ import annotations

import asyncio
import getpass
import shutil
from pathlib import Path
from typing import Any

import asyncssh
from tests.peers.line import Line
from tests.peers.services import free_port

from comptoir.destinations import SftpConfig

#: None: it is not installed
SSHD = shutil.which("sshd") or shutil.which("/usr/sbin/sshd")

SETTINGS = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
Subsystem sftp internal-sftp
"""


class OpenSsh:
    """Use as `async with`. Documents go to `inbox`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.inbox = folder / "inbox"
        self.port = free_port()
        self.line = Line(self.port)
        self._host = asyncssh.generate_private_key("ssh-ed25519")
        self._ours = asyncssh.generate_private_key("ssh-ed25519")

    async def __aenter__(self) -> OpenSsh:
        self.inbox.mkdir()
        self._host.write_private_key(self._folder / "host")
        self._ours.write_private_key(self._folder / "ours")
        self._ours.write_public_key(self._folder / "authorized")
        for name in ("host", "ours"):
            (self._folder / name).chmod(0o600)
        settings = self._folder / "sshd_config"
        settings.write_text(SETTINGS.format(port=self.port, folder=self._folder))
        Path("/run/sshd").mkdir(exist_ok=True) if getpass.getuser() == "root" else None
        self._process = await asyncio.create_subprocess_exec(
            str(SSHD), "-D", "-e", "-f", str(settings), stderr=asyncio.subprocess.PIPE
        )
        assert self._process.stderr is not None
        while b"listening" not in (line := await self._process.stderr.readline()):
            assert line, "sshd has ended"
        self._reading = asyncio.ensure_future(self._process.stderr.read())
        await self.line.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.line.__aexit__(None, None, None)
        self._process.terminate()
        await self._process.wait()
        await self._reading

    def config(self, **keys: Any) -> SftpConfig:
        given = {
            "name": "archives",
            "host": "127.0.0.1",
            "port": self.line.port,
            "user": getpass.getuser(),
            "key_file": str(self._folder / "ours"),
            "host_key": self._host.get_fingerprint(),
            "path": str(self.inbox),
            "timeout": "10 s",
        }
        return SftpConfig(**{**given, **keys})

    def names(self) -> list[str]:
        """All that is there, hidden or not."""
        return sorted(path.relative_to(self.inbox).as_posix() for path in self.inbox.rglob("*") if path.is_file())
