"""Delivers documents to the archive Maarch RM: each once, whole, and with a receipt.

An archive's identity is made from the job's, so that the archive knows a document that comes again. Whatever may have
arrived is asked for before it is sent again; and no error is believed before the same question: some come after the
archive was stored. Which answers are no success although they look so, `wire/maarch.py` knows. What is said of a
document is `maarch_filing.py`'s, how requests travel `maarch_exchange.py`'s.

Evidence: `archived`, with the archive's identity, the hash and the time.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from pathlib import Path
from typing import Final, TypeVar

from comptoir.core.document import Document
from comptoir.core.errors import DeliveryError, JournalError, NotSent, OutcomeUnknown, Refused
from comptoir.core.job import DOCUMENT_FORMAT_ERROR, OTHER_ERROR, UNREACHABLE, Evidence, Job
from comptoir.core.ports import Clock, Journal, Progress
from comptoir.core.units import iso, size
from comptoir.destinations import MaarchConfig
from comptoir.formats.words import MOST, has_words, words
from comptoir.sinks.maarch_exchange import Exchange
from comptoir.sinks.maarch_filing import Filing
from comptoir.sinks.parcel import Parcel, open_parcel
from comptoir.wire import maarch
from comptoir.wire.maarch import Deposit, Kind, Stored, Trouble

log = logging.getLogger("comptoir.maarch")

Told = TypeVar("Told", bool, frozenset[str])

#: failures of one document, with an archive that answers otherwise, after which the next one gets its turn
MOST_FAILURES: Final = 8
MOST_DAMAGED: Final = 3
#: bytes from which on it is asked first, in any case: whether who asks is known costs less than the document
LARGE: Final = 4_000_000
#: bytes of a document whose text is searched
MOST_READ: Final = 50_000_000

_ASK_FIRST: Final = "Before it is sent again, the archive is asked whether it has it."
_PRIVILEGE: Final = "Its administrator can allow the account recordsManagement/archive/exists."


class MaarchSink:
    """`core.ports.Sink` for one archive."""

    repeatable = True

    def __init__(self, config: MaarchConfig, journal: Journal, folder: Path, clock: Clock) -> None:
        self._config = config
        self._journal = journal
        self._clock = clock
        self._filing = Filing(config)
        self._exchange = Exchange(config, folder)
        self._largest = size(config.largest)
        #: by the jobs' identities: those that may have arrived, and how often which of them has failed
        self._uncertain: set[str] = set()
        self._failures: Counter[str] = Counter()
        #: whether the account may ask what the archive has, as far as that is known
        self._may_ask = True

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence:
        parcel = await open_parcel(self._journal, document)
        self._check(parcel)
        text = await self._text(parcel) if self._filing.reads_text else ""
        deposit = self._filing.deposit(job, document, parcel, text)
        try:
            evidence = await self._deliver(job, deposit, parcel, progress)
        except (Refused, OutcomeUnknown):
            self._forget(job)
            raise
        self._forget(job)
        return evidence

    async def close(self) -> None:
        """End its connections."""
        await self._exchange.close()

    async def _deliver(self, job: Job, deposit: Deposit, parcel: Parcel, progress: Progress) -> Evidence:
        asks = job.attempts > 0 or job.uid in self._uncertain or deposit.length > LARGE
        known = await self._has(deposit) if asks else False
        if known:
            return await self._evidence(job, deposit, deposit.archive_id, known=True)
        if self._failures[job.uid] >= MOST_FAILURES:
            raise _broken_off(known)
        self._uncertain.add(job.uid)
        try:
            answer = await self._exchange.post(deposit, parcel, progress)
        except NotSent as error:
            if asks and error.reason == UNREACHABLE:  # it was there a moment ago
                self._failures[job.uid] += 1
            raise
        what = maarch.read_deposit(answer)
        if isinstance(what, Stored):
            return await self._evidence(job, deposit, self._exchange.hidden(what.archive_id))
        if what.kind in _CERTAIN:
            self._uncertain.discard(job.uid)
            raise self._explained(what)
        known = await self._has(deposit)
        if known:
            return await self._evidence(job, deposit, deposit.archive_id, known=True)
        raise self._failed(job, deposit, what, answer.status, known)

    def _forget(self, job: Job) -> None:
        self._uncertain.discard(job.uid)
        del self._failures[job.uid]

    # -- before -------------------------------------------------------------------------------------------------------

    def _check(self, parcel: Parcel) -> None:
        """Raises Refused for what the archive cannot take."""
        for part in parcel.parts:
            if not part.size:
                raise Refused(
                    f"{parcel.file_name(part)} is empty, and the archive takes no empty files",
                    "Put it there again with its content, or leave it where it is.",
                    DOCUMENT_FORMAT_ERROR,
                )
        if self._largest is not None and parcel.size > self._largest:
            raise Refused(
                f"the document has {parcel.size} bytes, more than {self._config.largest}",
                "That bound is the key largest of the destination.",
                DOCUMENT_FORMAT_ERROR,
            )

    async def _text(self, parcel: Parcel) -> str:
        found: list[str] = []
        for part in parcel.parts:
            if has_words(part.media_type) and part.size <= MOST_READ and sum(map(len, found)) < MOST:
                try:
                    content = await self._journal.content(part)
                except JournalError as error:
                    raise Refused(error.message, error.hint, OTHER_ERROR) from error
                found.append(await asyncio.to_thread(words, content, part.media_type))
        return "\n".join(found)

    # -- what the archive has -----------------------------------------------------------------------------------------

    async def _has(self, deposit: Deposit) -> bool | None:
        """Whether the archive has it; None: this account may not ask. Raises NotSent where nobody answers."""
        known = self._asked(await self._exchange.exists(deposit.archive_id))
        if known is None:
            hashes = self._asked(await self._exchange.hashes(deposit.archive_id, deposit.resources[0].digest))
            known = None if hashes is None else deposit.resources[0].digest in hashes
        self._may_ask = known is not None
        return known

    def _asked(self, answer: Told | Trouble) -> Told | None:
        if not isinstance(answer, Trouble):
            return answer
        if answer.kind in ("token", "busy"):
            raise self._explained(answer)
        return None

    async def _evidence(self, job: Job, deposit: Deposit, archive: str, *, known: bool = False) -> Evidence:
        """The receipt, once the archive was asked for what it says that it has. Raises NotSent, OutcomeUnknown."""
        note = ", known already" if known else ""
        if archive != deposit.archive_id:
            log.warning("%s: the archive does not use the identity that it was given", self._config.name)
        elif self._may_ask and self._config.verify != "no":
            read_back = await self._read_back(deposit, known)
            if read_back is False:
                raise self._doubtful(job, archive)
            note += ", read back" if read_back else ""
        files = f"{len(deposit.resources)} files, " if len(deposit.resources) > 1 else ""
        at = iso(self._clock.now())
        return Evidence("archived", f"archive {archive}, {files}SHA-256 {job.document.digest}, {at}{note}")

    async def _read_back(self, deposit: Deposit, known: bool) -> bool | None:
        """Whether it has what it should have; None: it could not be asked."""
        if self._config.verify == "exists":
            return known or await self._has(deposit)
        for digest in {resource.digest for resource in deposit.resources}:
            hashes = self._asked(await self._exchange.hashes(deposit.archive_id, digest))
            if hashes is None:
                return known or await self._has(deposit)
            if digest not in hashes:
                return False
        return True

    # -- what went wrong ----------------------------------------------------------------------------------------------

    def _doubtful(self, job: Job, archive: str) -> DeliveryError:
        what = f"the archive said that it has {archive}, and does not know it when asked"
        self._failures[job.uid] += 1
        if self._failures[job.uid] < MOST_DAMAGED:
            return NotSent(what, _ASK_FIRST, OTHER_ERROR)
        return OutcomeUnknown(what, "Look for it in the archive.", OTHER_ERROR)

    def _failed(self, job: Job, deposit: Deposit, what: Trouble, status: int, known: bool | None) -> DeliveryError:
        """What it means that it does not have the document, or cannot be asked (`known` is None)."""
        if what.kind == "declined":
            return self._explained(what)
        if what.kind == "busy" and (status < 500 or status == 503):
            return self._explained(what)
        if what.kind == "database" and known is None:
            # An identity that is there already is such an error, and any other one is, too.
            return OutcomeUnknown(
                f"the archive’s database refused it, perhaps because it has it already: {what.words}",
                f"Look for {deposit.archive_id} in the archive. {_PRIVILEGE}",
                OTHER_ERROR,
            )
        self._failures[job.uid] += 1
        if self._failures[job.uid] < (MOST_DAMAGED if what.kind == "damaged" else MOST_FAILURES):
            return self._explained(what)
        error = self._explained(what)
        hint = f"It was tried {self._failures[job.uid]} times. The archive’s own log says more."
        if known is None and what.kind == "unclear":
            return OutcomeUnknown(error.message, f"Look for {deposit.archive_id} in the archive. {_PRIVILEGE}")
        return Refused(error.message, hint, OTHER_ERROR)

    def _explained(self, what: Trouble) -> DeliveryError:
        """The error of its kind, in words for people."""
        error, message, hint = _EXPLAINED[what.kind]
        words = self._exchange.hidden(what.words)
        return error(message.format(words=words, site=self._exchange.site), hint, _REASONS.get(what.kind, OTHER_ERROR))


def _broken_off(known: bool | None) -> DeliveryError:
    """`known`: False: the archive does not have it; None: it cannot be asked."""
    what = f"the connection broke off {MOST_FAILURES} times while the document was sent"
    hint = "Does a server on the way let documents as large as this through, and for so long?"
    return (OutcomeUnknown if known is None else Refused)(what, hint, OTHER_ERROR)


#: what is no success, and certainly stored nothing
_CERTAIN: Final[frozenset[Kind]] = frozenset({"token", "forbidden", "too-big", "elsewhere"})
_REASONS: Final = {"declined": DOCUMENT_FORMAT_ERROR, "too-big": DOCUMENT_FORMAT_ERROR}
_EXPLAINED: Final[dict[Kind, tuple[type[NotSent | Refused], str, str]]] = {
    "token": (
        NotSent,
        "the archive refuses the token: {words}",
        "Generate one for the service account, and put it into the file named by token_file. It is read at once.",
    ),
    "forbidden": (
        NotSent,
        "the archive does not allow this account to deposit: {words}",
        "Its administrator can allow the service account recordsManagement/archive/create.",
    ),
    "declined": (
        Refused,
        "the archive does not take the document: {words}",
        "Correct the destination, or what the archive’s profile demands; then try it again.",
    ),
    "too-big": (
        Refused,
        "the document is larger than the server before the archive lets through (413)",
        "Raise that limit there (client_max_body_size, LimitRequestBody), or set the key largest of the destination.",
    ),
    "damaged": (
        NotSent,
        "the document did not arrive as it was sent: {words}",
        "Something on the way changes what passes: a proxy, a virus scanner.",
    ),
    "busy": (NotSent, "the archive cannot take it now: {words}", "It is tried again."),
    "elsewhere": (
        NotSent,
        "{site} does not answer as an archive does: {words}",
        "Check the keys url, and client_token: the archive knows programs by it.",
    ),
    "database": (NotSent, "the archive’s database refused it: {words}", _ASK_FIRST),
    "unclear": (NotSent, "the archive did not answer clearly: {words}", _ASK_FIRST),
}


def make(config: MaarchConfig, journal: Journal, folder: Path, clock: Clock) -> MaarchSink:
    """The sink of a destination. `folder`: the data folder, where the token is."""
    return MaarchSink(config, journal, folder, clock)
