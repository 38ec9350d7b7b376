"""A mail server with STARTTLS and a password; it can refuse recipients, have no room, and be cut off."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from tests.peers import tls
from tests.peers.far import Arrival
from tests.peers.line import Line
from tests.peers.services import free_port

from comptoir.destinations import EmailConfig

PASSWORD = "mail-5b2a-secret"


class MailPeer:
    """`tests.peers.far.Far` over SMTP; it is its server's handler, too."""

    secrets = (PASSWORD,)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = folder.parent / "ca.pem"
        self.password = PASSWORD
        self.messages: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        #: what it answers to the message, and to recipients by their address
        self.answer = "250 2.0.0 Ok: queued as 4F7A"
        self.recipients: dict[str, str] = {}
        self.most = 100_000_000
        self.line: Line
        (folder / "password.txt").write_text(PASSWORD + "\n")

    async def __aenter__(self) -> MailPeer:
        authority = tls.authority()
        self.authority.write_bytes(authority.certificate)
        context = tls.serving(self.folder.parent, authority)
        self._server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(
                self,
                hostname="mail.test",
                data_size_limit=self.most,
                tls_context=context,
                require_starttls=True,
                auth_required=True,
                authenticator=self._authenticate,
            ),
            "127.0.0.1",
            0,
        )
        self.line = await Line(self._server.sockets[0].getsockname()[1]).__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.line.__aexit__(None, None, None)
        self._server.close()
        await self._server.wait_closed()

    def config(self, **keys: Any) -> EmailConfig:
        given = {
            "name": "archives",
            "host": "127.0.0.1",
            "port": self.line.port,
            "user": "shop",
            "password_file": "password.txt",
            "sender": "Shop <shop@example.com>",
            "to": ("accounts@example.com",),
            "authority": str(self.authority),
            "timeout": "5 s",
        }
        return EmailConfig(**{**given, **keys})

    def nobody(self) -> EmailConfig:
        return self.config(port=free_port())

    async def arrivals(self) -> list[Arrival]:
        found = []
        for message in self.messages:
            files = list(message.iter_attachments())
            for file in files:
                content = cast(bytes, file.get_payload(decode=True))
                lot = message["Message-ID"] if len(files) > 1 else ""
                found.append(Arrival(file.get_filename() or "", content, lot, dict(message.items())))
        return found

    async def halves(self) -> list[str]:
        return []

    def cut(self, after: int) -> None:
        self.line.cut(after)

    def lose_answer(self, after: int) -> None:
        self.line.lose_answer(after)

    def lock(self) -> None:
        self.password = "another one"

    def fill(self) -> None:
        self.answer = "452 4.3.1 no room left"

    def connections(self) -> int:
        return self.line.open

    # -- the handler --------------------------------------------------------------------------------------------------

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, kind: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password.decode() == self.password
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: Any) -> str:  # noqa: N802
        answer = self.recipients.get(to, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(to)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("2"):
            content = cast(bytes, envelope.original_content)
            self.messages.append(cast(EmailMessage, message_from_bytes(content, policy=default)))
            self.envelopes.append(envelope)
        return self.answer
