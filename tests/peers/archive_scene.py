"""The archive as pages and API see it, without an index: a test puts documents in, and sees what was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from tests.peers.clock import START

from comptoir.core.document import Document, Origin
from comptoir.core.errors import JournalError, UnknownName
from comptoir.core.job import Job
from comptoir.core.kept import Capture, Filed, Kept, SavedSearch
from comptoir.core.record import Event
from comptoir.core.search import Facets, Found, Hit, Search
from comptoir.web.archive_desk import Life

#: the smallest pictures that there are
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001e221bc330000"
    "000049454e44ae426082"
)
WEBP = bytes.fromhex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")


@dataclass
class FakeArchive:
    """An archive desk. `asked`: what was asked to be done, in order; `texts`, `pictures`: by number."""

    kept: list[Kept] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    pictures: set[int] = field(default_factory=set)
    jobs: dict[int, list[Job]] = field(default_factory=dict)
    happened: dict[int, list[Event]] = field(default_factory=dict)
    saved: dict[str, SavedSearch] = field(default_factory=dict)
    asked: list[tuple[object, ...]] = field(default_factory=list)
    on_change: list[Callable[[int | None], None]] = field(default_factory=list)
    behind: int = 0
    reprinted: Job | None = None
    #: None: a total is not counted
    counts: bool = True

    # -- what a test puts in ------------------------------------------------------------------------------------------

    def put(self, title: str, content: bytes = b"%PDF-1.4", text: str = "", **more: Any) -> Kept:
        number = len(self.kept) + 1
        document = more.pop("document", None) or Document.of(content, more.pop("media_type", ""), f"{title}.pdf")
        self.contents[document.digest] = content
        origin = Origin(more.pop("source", "audit"), more.pop("user", "marie"), more.pop("host", "127.0.0.1"))
        usual: dict[str, Any] = {
            "uid": f"u{number}", "printer": "audit", "received_at": START + number, "printed_at": START + number,
            "business_date": "2026-11-20", "keep_until": None, "pages": 2, "seal": "5ea1" * 16,
        }  # fmt: skip
        kept = Kept(
            id=number, origin=origin, document=replace(document, content=None), title=title, **{**usual, **more}
        )
        self.kept.append(kept)
        self.texts[number] = text
        self.happens(number, "document-kept", source=origin.source)
        return kept

    def happens(self, number: int, kind: str, **body: object) -> None:
        events = self.happened.setdefault(number, [])
        seq = sum(map(len, self.happened.values())) + 1
        events.append(Event(seq, START + seq, kind, None, msgspec.json.encode(body).decode(), b""))

    # -- the desk -----------------------------------------------------------------------------------------------------

    async def take(self, capture: Capture) -> Filed:
        known = next(
            (one for one in self.kept if (one.origin.source, one.uid) == (capture.origin.source, capture.uid)), None
        )
        if known is not None:
            return Filed(known.id, fresh=False)
        kept = self.put(
            capture.title, document=capture.document, source=capture.origin.source, user=capture.origin.user,
            host=capture.origin.host, uid=capture.uid, printer=capture.printer, attributes=capture.attributes,
        )  # fmt: skip
        return Filed(kept.id, fresh=True)

    async def search(self, search: Search) -> Found:
        hits = [self._hit(one, search) for one in reversed(self.kept) if self._fits(one, search)]
        rest = [hit for hit in hits if search.below is None or hit.number < search.below]
        page = tuple(rest[: search.limit])
        more = page[-1].number if len(rest) > search.limit else None
        return Found(page, more, len(hits) if self.counts else None)

    async def facets(self) -> Facets:
        return Facets(
            dict(Counter(one.origin.source for one in self.kept)), dict(Counter(one.printer for one in self.kept)),
            dict(Counter(one.origin.user for one in self.kept)),
            dict(Counter(one.document.media_type for one in self.kept)), documents=len(self.kept), behind=self.behind,
        )  # fmt: skip

    async def document(self, number: int) -> Kept:
        if not 0 < number <= len(self.kept):
            raise UnknownName(f"there is no document {number} in the archive")
        return self.kept[number - 1]

    async def life(self, number: int) -> Life:
        await self.document(number)
        return Life(self.jobs.get(number, []), self.happened.get(number, []))

    async def thumbnail(self, number: int) -> bytes | None:
        await self.document(number)
        return WEBP if number in self.pictures else None

    async def page(self, number: int, page: int, width: int) -> bytes | None:
        kept = await self.document(number)
        self.asked.append(("page", number, page, width))
        return PNG if number in self.pictures and page <= (kept.pages or 1) else None

    async def text(self, number: int) -> str:
        await self.document(number)
        return self.texts[number]

    async def chunks(self, document: Document) -> AsyncIterator[bytes]:
        content = self.contents.get(document.digest)
        if content is None:
            raise JournalError(f"the document {document.digest[:12]}… is missing from the store")
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    async def reprint(self, number: int, destination: str, by: str, key: str = "") -> Job:
        await self.document(number)
        self.asked.append(("reprint", number, destination, by, key))
        assert self.reprinted is not None
        return self.reprinted

    async def hold(self, numbers: Sequence[int], reason: str, by: str) -> int:
        self.asked.append(("hold", tuple(numbers), reason, by))
        for number in numbers:
            self.kept[number - 1] = replace(self.kept[number - 1], held=reason)
            self.happens(number, "document-held" if reason else "document-released", reason=reason, by=by)
        return len(numbers)

    async def searches(self) -> Sequence[SavedSearch]:
        return list(self.saved.values())

    async def save_search(self, search: SavedSearch) -> None:
        self.saved[search.name] = search

    async def forget_search(self, name: str) -> bool:
        return self.saved.pop(name, None) is not None

    def _fits(self, one: Kept, search: Search) -> bool:
        said = f"{one.title} {self.texts[one.id]}".lower()
        return (
            all(word in said for word in search.text.lower().split())
            and (not search.sources or one.origin.source in search.sources)
            and (not search.printers or one.printer in search.printers)
            and (not search.users or one.origin.user in search.users)
            and (not search.types or one.document.media_type.startswith(search.types))
            and (not search.since or one.business_date >= search.since)
            and (not search.until or one.business_date <= search.until)
            and search.partial in (None, bool(one.partial))
        )

    def _hit(self, one: Kept, search: Search) -> Hit:
        text, document, origin = self.texts[one.id], one.document, one.origin
        marks = [_where(text, word) for word in search.text.split()]
        return Hit(
            one.id, one.title, origin.source, one.printer, origin.user, origin.host, document.media_type, document.size,
            one.pages, one.copies, one.received_at, one.printed_at, one.business_date, bool(one.partial),
            bool(one.held), text[:200], tuple(mark for mark in marks if mark),
            tuple(mark for word in search.text.split() if (mark := _where(one.title, word))), one.id in self.pictures,
        )  # fmt: skip


def _where(text: str, word: str) -> tuple[int, int] | None:
    at = text.lower().find(word.lower())
    return None if at < 0 else (at, at + len(word))
