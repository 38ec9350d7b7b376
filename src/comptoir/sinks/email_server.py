"""The conversation with a mail server (RFC 5321), in calls that block. smtplib speaks; here is only what to say.

Not `smtplib.sendmail`, which wants a whole message in memory, nor a library of asyncio, which all do: a message is
handed over piece by piece, and it is known whether its end has left.
"""

from __future__ import annotations

import smtplib
import socket
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Final

from comptoir.core.errors import NotSent, Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR, UNREACHABLE
from comptoir.core.units import duration
from comptoir.destinations import EmailConfig
from comptoir.secret_file import secret
from comptoir.sinks.authority import trusting
from comptoir.sinks.trouble import first_words, locked_out, unreachable

#: where a server listens, by how the line is kept secret
PORTS: Final = {"tls": 465, "starttls": 587, "none": 25}


class MailServer:
    """One connection, for one message. `secrets`: what must not be repeated in any message."""

    def __init__(self, config: EmailConfig, folder: Path) -> None:
        self._config = config
        self._folder = folder
        self._smtp: smtplib.SMTP | None = None
        self.secrets: set[str] = set()
        #: the message's end has left, or may have
        self.ended = False
        #: recipients that it does not take, with its words
        self.refused: list[str] = []

    def connect(self) -> None:
        """It knows us, and the line is secret where it is to be. Raises NotSent."""
        config = self._config
        context = trusting(config.authority, self._folder)
        password = secret(self._folder, config.password_file) if config.user else ""
        if password:  # as AUTH LOGIN and AUTH PLAIN send it, too
            for text in (password, f"\0{config.user}\0{password}"):
                self.secrets |= {text, b64encode(text.encode()).decode()}
        seconds = (duration(config.timeout) or 60_000) / 1000
        port = config.port or PORTS[config.security]
        try:
            if config.security == "tls":
                self._smtp = smtplib.SMTP_SSL(config.host, port, _own_name(), timeout=seconds, context=context)
            else:
                self._smtp = smtplib.SMTP(config.host, port, _own_name(), timeout=seconds)
            if config.security == "starttls":
                self._smtp.starttls(context=context)
            self._smtp.ehlo_or_helo_if_needed()
            if config.user:
                self._smtp.login(config.user, password)
        except smtplib.SMTPAuthenticationError as error:
            raise locked_out(self._words(error.smtp_code, error.smtp_error), "user and password_file") from None
        except smtplib.SMTPNotSupportedError:
            hint = "Choose another security; a password needs tls or starttls."
            raise NotSent(f"{config.host} does not know {config.security} or passwords", hint, OTHER_ERROR) from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(self._words(error.smtp_code, error.smtp_error), "", UNREACHABLE) from None
        except OSError as error:
            raise unreachable(config.host, error) from None

    def offer(self, size: int) -> None:
        """The sender, the recipients, the size. Raises NotSent, Refused, OSError."""
        smtp = self._open()
        most = smtp.esmtp_features.get("size", "")
        if most.isdecimal() and 0 < int(most) < size:
            raise Refused(
                f"{self._config.host} takes messages of {int(most)} bytes at most, this one has {size}",
                "Send large documents elsewhere: smaller = … in the route.",
                DOCUMENT_FORMAT_ERROR,
            )
        self._demand(*smtp.mail(_address(self._config.sender), [f"SIZE={size}"] if smtp.has_extn("size") else ()))
        codes = []
        for recipient in self._config.to:
            code, words = smtp.rcpt(_address(recipient))
            if code not in (250, 251):
                codes.append(code)
                self.refused.append(f"{recipient} ({self._said(code, words)})")
        if len(codes) == len(self._config.to):
            what = f"{self._config.host} takes none of the recipients: {', '.join(self.refused)}"
            if all(code >= 500 for code in codes):
                raise Refused(what, "Correct to, or who may send to them.", OTHER_ERROR)
            raise NotSent(what, "It is tried again by itself.", UNREACHABLE)

    def begin(self) -> None:
        """It waits for the message. Raises NotSent, Refused, OSError."""
        code, words = self._open().docmd("DATA")
        if code != 354:
            self._demand(code, words)

    def send(self, piece: bytes) -> None:
        """A piece of the message. Raises OSError."""
        connection = self._open().sock
        if connection is None:
            raise ConnectionResetError("the server has hung up")
        connection.sendall(piece)

    def end(self) -> str:
        """What it says to the whole message. Raises NotSent, Refused, OSError."""
        self.ended = True
        self.send(b".\r\n")  # a message's last line has its end
        code, words = self._open().getreply()
        self._demand(code, words)
        return self._said(code, words)

    def close(self, *, politely: bool) -> None:
        """Hang up; no answer is waited for. Never raises."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        with suppress(OSError):
            if politely:
                smtp.putcmd("quit")
            elif smtp.sock is not None:
                smtp.sock.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits for it
        with suppress(OSError):
            smtp.close()

    def _open(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise ConnectionResetError("the connection was closed")
        return self._smtp

    def _demand(self, code: int, words: bytes) -> None:
        """Raises what an answer other than “done” means."""
        if 200 <= code < 300:
            return
        what = self._words(code, words)
        if code == 552:
            raise Refused(what, "The message is too large for it, or the mailbox is full.", DOCUMENT_FORMAT_ERROR)
        if code >= 500:
            raise Refused(what, "It does not take this message.", OTHER_ERROR)
        raise NotSent(what, "It is tried again by itself.", UNREACHABLE)

    def _words(self, code: int, words: bytes | str) -> str:
        return f"{self._config.host} answers {self._said(code, words)}"

    def _said(self, code: int, words: bytes | str) -> str:
        text = words if isinstance(words, str) else words.decode("utf-8", "replace")
        return first_words(f"{code} {text}", self.secrets)


def _own_name() -> str:
    """Who is speaking. Not `getfqdn`, smtplib's own choice, which may ask the network for many seconds."""
    name = socket.gethostname()
    return name if name.isascii() and name.isprintable() and name else "localhost"


def _address(text: str) -> str:
    """shop@example.com of Shop <shop@example.com>."""
    return text.rpartition("<")[2].rstrip(">").strip()
