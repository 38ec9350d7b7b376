"""Delivers documents as attachments of a message to a mail server. Not repeatable: a mailbox cannot be asked.

Nothing counts before the message's end has left; after it, without an answer, nobody knows. The server's “250” is
evidence `delivered`: it answers for the message from there on; recipients that it did not take are named in it.
"""

from __future__ import annotations

import asyncio
import smtplib
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Final

from comptoir.core.document import Document
from comptoir.core.errors import DeliveryError, NotSent, OutcomeUnknown, Refused
from comptoir.core.job import OTHER_ERROR, UNREACHABLE, Evidence, Job
from comptoir.core.ports import Clock, Journal, Progress
from comptoir.destinations import EmailConfig
from comptoir.sinks.email_message import Message, compose
from comptoir.sinks.email_server import MailServer
from comptoir.sinks.parcel import labels, open_parcel
from comptoir.sinks.patience import Patience
from comptoir.sinks.trouble import why

#: seconds for one step: the server's silence ends it much earlier
LONGEST: Final = 900.0
#: half an hour in all
MOST_PUT_OFF: Final = 12


class EmailSink:
    """`core.ports.Sink` for the recipients of one mail server."""

    repeatable = False

    def __init__(self, config: EmailConfig, journal: Journal, folder: Path) -> None:
        self._config = config
        self._journal = journal
        self._folder = folder
        #: how often a whole message was sent and put off, by the jobs' identities
        self._put_off: Counter[str] = Counter()

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        parcel = await open_parcel(self._journal, document)
        # A lot of thousands takes the standard library seconds.
        message = await asyncio.to_thread(compose, self._config, job, parcel, labels(job, document))
        server = MailServer(self._config, self._folder)
        patiently = Patience(LONGEST)
        politely = False
        try:
            await patiently(server.connect)
            said = await self._send(server, message, patiently, progress)
            politely = True
        except NotSent as error:
            raise (self._counted(job, error) if server.ended else error) from None
        except (OSError, smtplib.SMTPException) as error:
            raise self._broken(error, server) from error
        finally:
            server.close(politely=politely)
        del self._put_off[job.uid]
        but = f"; not to {', '.join(server.refused)}" if server.refused else ""
        return Evidence("delivered", f"{said}{but}")

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _send(self, server: MailServer, message: Message, patiently: Patience, progress: Progress) -> str:
        await patiently(partial(server.offer, message.size))
        await progress.started()
        await patiently(server.begin)
        async for piece in message.chunks():
            await patiently(partial(server.send, piece))
        return await patiently(server.end)

    def _counted(self, job: Job, error: NotSent) -> DeliveryError:
        """A server that puts off a message for ever, as one whose filter fails on it, must not hold up all others."""
        self._put_off[job.uid] += 1
        if self._put_off[job.uid] < MOST_PUT_OFF:
            return error
        del self._put_off[job.uid]
        return Refused(error.message, "It does not take this message.", OTHER_ERROR)

    def _broken(self, error: Exception, server: MailServer) -> DeliveryError:
        where = self._config.host
        if server.ended:
            hint = "It may have gone out: look into the mailbox."
            return OutcomeUnknown(f"{where} did not say whether it took the message: {why(error)}", hint, OTHER_ERROR)
        return NotSent(f"the connection to {where} broke: {why(error)}", "It is tried again by itself.", UNREACHABLE)


def make(config: EmailConfig, journal: Journal, folder: Path, clock: Clock) -> EmailSink:
    """The sink of a destination. `folder`: the data folder, where secrets are."""
    return EmailSink(config, journal, folder)
