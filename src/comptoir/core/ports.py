"""The ports: what each kind of part must do, and nothing of how. The page to read first.

Implementations never import each other; they meet here. Each kind has a literal table of import strings (`SOURCES`,
`DEVICES` …, in the `__init__` of its package), so that what is not used is never imported.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from comptoir.core.document import Document, Submission
from comptoir.core.job import Change, Evidence, Job
from comptoir.core.kept import Capture, Filed
from comptoir.core.ledgers import Keeping, Ledger
from comptoir.core.page import Encoded, Media, Page
from comptoir.core.profile import Confirm, DrawerPulse, PrinterState
from comptoir.core.queued import Queued, TakenBack
from comptoir.core.record import Accepted, Credential, CredentialKind, Event, EventQuery, JobQuery
from comptoir.core.sheet import Ink, Setup, Side, Wishes

Waits = Callable[[], bool]
"""Whether a device that takes nothing is to be waited for: it has said why, and goes on when a person has helped."""


Listener = Callable[[Sequence[Event]], None]
"""Called on the event loop with what was just committed; must return at once."""


class Clock(Protocol):
    """Time, so that tests can set it."""

    def now(self) -> int:
        """The wall clock: milliseconds since 1970-01-01 UTC."""
        ...


class Format(Protocol):
    """Reads a document into pages. Pure."""

    def __call__(self, content: bytes, media: Media, attributes: Mapping[str, str]) -> Sequence[Page]:
        """Pages for this paper. `attributes`: title, date (as it is to be printed). Raises FormatError."""
        ...


class Language(Protocol):
    """A printer language of one model: pages to bytes. Pure. It knows nothing of how the bytes travel."""

    reset: bytes
    """What every job begins and ends with: the printer as after switching on, automatic status off."""

    confirms: Sequence[Confirm]
    """What the language can ask for as a confirmation, strongest first; none: it cannot be known."""

    def encode(self, pages: Sequence[Page], media: Media) -> Encoded:
        """The bytes of one whole job: the reset, each page with its cut, the reset. Raises FormatError."""
        ...

    def recover(self) -> bytes:
        """What a printer is sent first whose last job was cut short: it may be in the middle of a picture.

        Enough to end the command that it is in, its reset, a cut: what comes next stands on a paper of its own.
        """
        ...

    def ask_status(self) -> bytes:
        """The bytes that make a printer tell its state at once; empty where the language has none."""
        ...

    def watch(self) -> bytes:
        """The bytes after which the printer tells every change of its state by itself; empty where it cannot."""
        ...

    def ask_identity(self) -> bytes:
        """The bytes that make a printer tell maker, model and firmware; empty where it cannot."""
        ...

    def fence(self, confirm: Confirm, number: int) -> bytes:
        """The bytes that a printer answers when all before them is done. `number`: 0 to 9999, known in the answer."""
        ...

    def pulse(self, pulse: DrawerPulse) -> bytes:
        """The bytes that open a drawer; empty where the language has none."""
        ...

    def listener(self) -> Hearing:
        """A fresh reader of what a printer says on one connection."""
        ...


class Hearing(Protocol):
    """Reads what a printer says: any bytes, in any split. Pure; it never raises."""

    def asking(self) -> None:
        """Say it right before `ask_status` is written: answers bear no name, their place tells what they mean."""
        ...

    def fencing(self, confirm: Confirm, number: int) -> None:
        """Say it right before this fence is written: what came earlier does not answer it."""
        ...

    def feed(self, data: bytes) -> None:
        """The next bytes that came."""
        ...

    @property
    def state(self) -> PrinterState: ...

    @property
    def answers(self) -> int:
        """How many questions of `ask_status` were answered whole."""
        ...

    @property
    def identity(self) -> Sequence[str]:
        """What it said to `ask_identity`: maker, model, firmware, as far as they came."""
        ...

    def passed(self, confirm: Confirm, number: int) -> bool:
        """Whether the fence of this number was answered. One that `fencing` has not announced never is."""
        ...


class SheetLanguage(Protocol):
    """A page language: whole sheets in, bytes out, a side at a time. Pure."""

    passes: Sequence[str]
    """The media types of documents that such a printer takes as they are."""

    ink: Ink
    """What a dot of it can be at most."""

    def around(self, wishes: Wishes) -> tuple[bytes, bytes]:
        """What is sent before and after a document that is passed as it is."""
        ...

    def writer(self, setup: Setup, wishes: Wishes) -> SheetWriter:
        """A fresh writer of one document."""
        ...


class SheetWriter(Protocol):
    """Writes one document: `begin`, each `side` in its order, `end`. Pure."""

    def begin(self) -> bytes: ...

    def side(self, side: Side) -> Iterator[bytes]:
        """The bytes of the next side, in pieces. Raises FormatError."""
        ...

    def end(self) -> bytes: ...


class Connection(Protocol):
    """An open way to a device. Errors are OSError; what they mean for the job is the sink's decision."""

    async def write(self, data: bytes, waits: Waits | None = None) -> None:
        """Hand over all bytes; returns when the device or the system has taken them.

        Raises TimeoutError when it takes nothing for the device's patience, unless `waits` says to wait on.
        """
        ...

    async def read(self, timeout: float) -> bytes:
        """Some bytes from the device; empty after `timeout` seconds without any. Raises EOFError when it hung up."""
        ...

    async def finish(self) -> str:
        """Wait until the far side has all bytes, as far as that can be known; the words for the evidence."""
        ...

    async def close(self, *, drop: bool = False) -> None:
        """Let go of the device; never raises. `drop`: what has not arrived there by now never will."""
        ...


class QueuedJob(Protocol):
    """A job of ours in the queue of another system. Errors are OSError: the queue cannot be asked."""

    number: int
    """The queue's for it; 0: it has none yet."""

    async def look(self, seconds: float) -> Queued:
        """What it has come to; waits so long for news at most."""
        ...

    async def take_back(self, seconds: float, *, begun: bool) -> TakenBack:
        """Take it out of the queue, and wait until it is gone, so long at most. Never raises.

        begun: also when it is being printed; else that is left alone.
        """
        ...


@runtime_checkable
class QueueConnection(Connection, Protocol):
    """A way into the queue of another system, which may keep waiting what it has taken. `finish` hands it over."""

    job: QueuedJob

    async def begin(self, title: str) -> None:
        """Announce a job; nothing is printed of what was only announced. Raises OSError: then there is no job."""
        ...

    async def ahead(self) -> int:
        """How many jobs stand before it."""
        ...

    def leave(self) -> None:
        """Nobody follows the job any more: it stays in the queue, also when this is dropped."""
        ...


class Device(Protocol):
    """What stands at the end of a device URI: it opens. It knows nothing of printer languages."""

    replies: bool
    """Whether this kind of device can answer at all."""

    async def open(self) -> Connection:
        """Raises OSError when it is not there; then nothing was sent."""
        ...


@runtime_checkable
class QueueDevice(Device, Protocol):
    """A queue of another system. It is known without a print whether its printer is ready."""

    async def find(self, title: str) -> QueuedJob | None:
        """The job of this title that it has. Raises OSError where it does not say."""
        ...

    async def clean(self, title: str) -> bool:
        """Take out what an earlier run has left there under this title; whether none is left. Never raises."""
        ...


class Progress(Protocol):
    """How a sink tells what happens to a job while it delivers it."""

    async def started(self) -> None:
        """Await it before the first byte leaves: then the journal knows that something may have come out."""
        ...

    def stopped(self, reason: str, message: str) -> None:
        """The printer stopped in the middle, and goes on when a person has helped. Said again, the last word counts."""
        ...

    def resumed(self) -> None:
        """It goes on."""
        ...


class Sink(Protocol):
    """Delivers one job. Returns evidence, or raises NotSent, Refused or OutcomeUnknown."""

    repeatable: bool
    """Whether a job that was cut short may be delivered again: it finds out first whether the first time arrived."""

    async def deliver(self, job: Job, document: Document, progress: Progress) -> Evidence: ...


@runtime_checkable
class Retriever(Sink, Protocol):
    """A sink whose destination may keep a job waiting that it has, and can give it back then."""

    unwanted: set[int]
    """The numbers of jobs that somebody has cancelled: Refused, with that reason, says that one was taken back."""


class Accept(Protocol):
    """How a source hands over what arrived: returns when document and job are on disk, not before."""

    def __call__(self, submission: Submission) -> Awaitable[Accepted]: ...


class Take(Protocol):
    """How a capturing source hands over a print: returns when documents, record and jobs are on disk, not before.

    Raises JournalError; then nothing was taken, and the sender must not be told otherwise.
    """

    def __call__(self, capture: Capture) -> Awaitable[Filed]: ...


class Source(Protocol):
    """Where documents arrive. Runs until cancelled."""

    async def run(self) -> None: ...


class Journal(Protocol):
    """The durable record. Every call that writes returns after the commit is on disk, or raises JournalError."""

    uid: str
    """Made once with the journal: another one means that the memory was lost."""

    async def keep(
        self, chunks: AsyncIterator[bytes], media_type: str, name: str, largest: int | None = None
    ) -> Document:
        """Put a document's bytes on disk as they come; its row is written by `accept`. Raises TooLarge.

        `largest`: bytes; None: as much as a program may hand over (50 MB).
        """
        ...

    def give_up(self, document: Document) -> None:
        """What `keep` has put on disk will not be accepted: it may go at once."""
        ...

    async def accept(self, submission: Submission) -> Accepted:
        """Keep a document and its job. The same (source, key) again gives the first job and changes nothing.

        Raises KeyConflict when the key came with another content.
        """
        ...

    async def accept_all(self, submissions: Sequence[Submission]) -> Sequence[Accepted]:
        """Keep one document and a job for each submission of it, in one commit: to several destinations.

        The first one's key stands for all of them (the others get `KEY#DESTINATION`). The same key again gives the jobs
        that were made the first time, and changes nothing. Where one says `keep`, the archive has one record of the
        document, kept as long as the longest says; jobs of what it has already belong there. Raises KeyConflict as
        `accept` does.
        """
        ...

    async def record(self, changes: Sequence[Change]) -> Sequence[bool]:
        """Write what happened to jobs. False: the job does not exist, or the change is not legal any more."""
        ...

    async def exchange(self, change: Change, submission: Submission) -> Job | None:
        """End a job by this change and keep another in its place, in one commit: never none of them, never both.

        None: the first one has gone on meanwhile, and nothing was changed.
        """
        ...

    async def note(self, kind: str, body: Mapping[str, object]) -> None:
        """An event that belongs to no job: a pairing, a refusal, a purge."""
        ...

    async def job(self, job_id: int) -> Job | None: ...

    async def job_by_key(self, source: str, key: str) -> Job | None: ...

    async def jobs(self, query: JobQuery) -> Sequence[Job]: ...

    async def counts(self) -> Mapping[str, int]:
        """How many jobs there are of each status."""
        ...

    async def content(self, document: Document) -> bytes:
        """The document's bytes, checked against the digest. Raises TooLarge for one that memory should not hold.

        Files from folders have any size: who can work with pieces or with a file takes `chunks` or `path`.
        """
        ...

    def chunks(self, document: Document, offset: int = 0) -> AsyncIterator[bytes]:
        """The document's bytes from `offset`, piece by piece; from 0 they are checked against the digest at the end.

        Raises JournalError, after the last piece too: what was delivered then is not the document.
        """
        ...

    def path(self, document: Document) -> str | None:
        """The file that holds the document's bytes, to be read only; None: they stand in a row, `content` has them.

        It stays as long as a job needs the document. Its bytes are not checked here.
        """
        ...

    async def events(self, job_id: int | None = None, after: int = 0, limit: int = 1000) -> Sequence[Event]:
        """Events in order, of one job or of all."""
        ...

    async def history(self, query: EventQuery) -> Sequence[Event]:
        """Events that match, newest first: what happened on a day, besides prints or with them."""
        ...

    async def unreported(self, source: str) -> Sequence[Job]:
        """Jobs of this source whose outcome the source has not confirmed to know."""
        ...

    async def reported(self, job_ids: Sequence[int]) -> None: ...

    async def put_credential(self, credential: Credential) -> None:
        """Write or replace the credential of this kind and name."""
        ...

    async def credentials(self, kind: CredentialKind) -> Sequence[Credential]: ...

    async def credential(self, kind: CredentialKind, secret: str) -> Credential | None:
        """The credential with this hash."""
        ...

    async def drop_credential(self, kind: CredentialKind, name: str) -> bool: ...

    async def purge(self, before: int, now: int | None = None) -> int:
        """Forget final, reported jobs last changed before this instant, and documents that nobody needs.

        What the archive has needs its documents.

        `now`: how late it certainly is, for what is kept until a day that a clock that is ahead has passed.
        """
        ...

    @property
    def ledger(self) -> Ledger:
        """The record of what was taken from folders."""
        ...

    @property
    def keeping(self) -> Keeping:
        """The record of what the archive keeps."""
        ...

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every event after it is on disk, in order; the answer ends it."""
        ...

    async def close(self) -> None: ...
