"""Says in the log, in the language of the shop: how folders are, what is left in them, what is sent and answered.

It decides nothing, and says nothing of jobs that are no files. What was taken and removed says `station/audit.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import msgspec

from comptoir.core.errors import JournalError
from comptoir.core.job import Job
from comptoir.core.ports import Journal
from comptoir.core.record import Event
from comptoir.core.resting import Word
from comptoir.core.waiting import News
from comptoir.core.watch import FolderState
from comptoir.sources.folder.telling import WAITING, shown
from comptoir.station.leaving import PREFIX
from comptoir.web.folder_words import FolderWords
from comptoir.web.locale import catalogue, msgid
from comptoir.web.words import EVIDENCE, Words

log = logging.getLogger("comptoir.delivery")
folder_log = logging.getLogger("comptoir.folder")

#: jobs that are known by heart: more than are on their way at one time, unless a destination is away for long
_MOST: Final = 5_000
#: events that may wait to be said: after that the log is behind, and says less
_BEHIND: Final = 10_000

_NEW: Final = "job-accepted"
#: kind of an event of a job → level, and what it says
_SAID: Final[Mapping[str, tuple[int, str]]] = {
    "job-processing": (logging.INFO, msgid("Sending %(file)s to %(destination)s")),
    "job-completed": (logging.INFO, msgid("%(destination)s has %(file)s: %(answer)s")),
    "job-pending": (logging.WARNING, msgid("%(file)s was not sent to %(destination)s and will be again: %(why)s")),
    "job-processing-stopped": (
        logging.WARNING,
        msgid("%(destination)s has stopped in the midst of %(file)s: %(why)s"),
    ),
    "job-held": (logging.WARNING, msgid("It is not known whether %(destination)s has %(file)s: %(why)s")),
    "job-aborted": (logging.ERROR, msgid("%(destination)s will not get %(file)s: %(why)s")),
    "job-canceled": (logging.WARNING, msgid("%(file)s was withdrawn from %(destination)s")),
}
#: what files that lie in a folder are → level, and what is said of them
_LYING: Final[Mapping[str, tuple[int, str]]] = {
    "ignored": (logging.INFO, msgid("Ignored in %(source)s (%(count)s): %(files)s. %(why)s")),
    "waiting": (logging.INFO, msgid("Waiting in %(source)s (%(count)s): %(files)s. %(why)s")),
    "failed": (logging.WARNING, msgid("Not taken from %(source)s (%(count)s): %(files)s. %(why)s")),
}
_READ: Final = msgid("Folder %(source)s can be read: %(path)s. %(why)s")
_NOT_READ: Final = msgid("Folder %(source)s cannot be read now. %(why)s")
_NOT_TAKEN: Final = msgid("Nothing can be taken from folder %(source)s now. %(why)s")


class Telling:
    """The log lines of all folders. `language`: as it is configured now."""

    def __init__(self, journal: Journal, language: Callable[[], str]) -> None:
        self._journal = journal
        self._language = language
        #: job → (path, destination) of those of files; None of the others
        self._known: OrderedDict[int, tuple[str, str] | None] = OrderedDict()
        self._events: asyncio.Queue[Event] = asyncio.Queue(_BEHIND)
        #: folder → whether it could be read, and what was wrong, when it was last said
        self._folders: dict[str, tuple[bool, str]] = {}

    def look(self, state: FolderState) -> None:
        """How a folder is, where that is something new."""
        now = (state.reachable, state.trouble)
        if self._folders.get(state.name, (False, "")) == now:
            return
        self._folders[state.name] = now
        words = self._folder_words()
        how = words.state(state)[1]
        level, sentence, why = logging.WARNING, _NOT_READ, f"{how.detail} {how.remedy}"
        if state.reachable:
            level, sentence, why = logging.WARNING, _NOT_TAKEN, f"{how.what} {how.remedy}"
        if state.reachable and not state.trouble:
            level, sentence, why = logging.INFO, _READ, words.mode(state).detail
        values = {"source": state.name, "path": state.path, "why": why.rstrip()}
        folder_log.log(level, "%s", self._words().text(sentence) % values)

    def tell(self, source: str, news: Mapping[Word, News]) -> None:
        """What was not said before of files that lie in a folder."""
        for (kind, reason), told in news.items():
            # Originals that leave are called otherwise for a moment: that is no news.
            ours = all(path.rpartition("/")[2].startswith(PREFIX) for path in told.paths)
            if kind in _LYING and (kind != "waiting" or reason in WAITING) and not ours:
                level, sentence = _LYING[kind]
                why = self._folder_words().why(kind, reason).what
                values = {"source": source, "count": told.count, "files": shown(told.paths, told.count), "why": why}
                folder_log.log(level, "%s", self._words().text(sentence) % values)

    def hear(self, events: Sequence[Event]) -> None:
        """What the journal has just taken in."""
        for event in events:
            if event.job_id is not None and (event.kind in _SAID or event.kind == _NEW):
                with suppress(asyncio.QueueFull):
                    self._events.put_nowait(event)

    async def run(self) -> None:
        """Say it, until cancelled."""
        while True:
            event = await self._events.get()
            with suppress(JournalError, msgspec.MsgspecError):
                await self._say(event)

    async def _say(self, event: Event) -> None:
        assert event.job_id is not None
        body: dict[str, Any] = msgspec.json.decode(event.body)
        known = await self._file(event.job_id, event.kind, body)
        if known is None or event.kind == _NEW or (event.kind == "job-pending" and not body.get("reason")):
            return
        level, sentence = _SAID[event.kind]
        words = self._words()
        values = {"file": known[0], "destination": known[1]}
        values["why"] = words.known(str(body.get("message", "")))
        values["answer"] = _answer(body.get("evidence"), words)
        log.log(level, "%s", words.text(sentence) % values)

    async def _file(self, number: int, kind: str, body: Mapping[str, Any]) -> tuple[str, str] | None:
        """Path and destination of a job that is a file's; None for the others."""
        if kind == _NEW:
            path = (body.get("attributes") or {}).get("path", "")
            known = (str(path), str(body.get("destination", ""))) if body.get("original") is not None else None
            self._keep(number, known)
        elif number not in self._known:
            self._keep(number, _of(await self._journal.job(number)))
        return self._known[number]

    def _keep(self, number: int, known: tuple[str, str] | None) -> None:
        self._known[number] = known
        if len(self._known) > _MOST:
            self._known.popitem(last=False)

    def _words(self) -> Words:
        return Words(catalogue(self._language()))

    def _folder_words(self) -> FolderWords:
        return FolderWords(catalogue(self._language()), self._words())


def _of(job: Job | None) -> tuple[str, str] | None:
    if job is None or job.original is None:
        return None
    return job.attributes.get("path", "") or job.document.name, job.destination


def _answer(evidence: object, words: Words) -> str:
    """What the destination said, in its own words where it has some."""
    if not isinstance(evidence, dict):
        return "–"
    detail = words.known(str(evidence.get("detail", "")))
    return detail or words.text(EVIDENCE.get(str(evidence.get("kind", "")), "–"))
