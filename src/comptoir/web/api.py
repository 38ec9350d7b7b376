"""The JSON API of both roles: orders in, jobs out. The same handlers under two sets of addresses (docs/api.md)."""

from __future__ import annotations

from typing import cast, get_args

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from comptoir.core.document import Document
from comptoir.core.errors import ComptoirError, RequestError, UnknownName
from comptoir.core.job import Status
from comptoir.core.record import JobQuery
from comptoir.web.answers import json_answer
from comptoir.web.attachment import INERT, disposition
from comptoir.web.desk import Desk
from comptoir.web.guard import USER, is_loopback
from comptoir.web.intake import Intake, key_of
from comptoir.web.shapes import Prints, PrintWithLife, event_of, print_of, stations_of

LONGEST_TEXT = 65_536  # bytes of text that an answer repeats


class NoSuchRange(RequestError):
    """The document has no such bytes."""

    code = "no-such-range"
    http_status = 416


class Api:
    """Handlers for one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._intake = Intake(desk)

    def routes(self) -> list[web.RouteDef]:
        """The role's addresses (design §6)."""
        prints, jobs = ("/print", "/print") if self._desk.role == "hub" else ("/api/print", "/api/jobs")
        routes = [
            web.post(prints, self.submit),
            web.get(jobs, self.list),
            web.get(jobs + r"/{id:\d+}", self.show),
            web.delete(jobs + r"/{id:\d+}", self.cancel),
            web.post(jobs + r"/{id:\d+}/{action:reprint|confirm|give-up}", self.act),
            web.get(jobs + r"/{id:\d+}/paper.png", self.paper),
            web.get(jobs + r"/{id:\d+}/document", self.document),
            web.get("/healthz", self.health),
            web.get("/metrics", self.metrics),
        ]
        if self._desk.role == "station":
            routes.append(web.get("/api/printers", self.printers))
        return routes

    async def submit(self, request: web.Request) -> web.StreamResponse:
        """202 with the job, once it is on disk; 200 where the Idempotency-Key was known."""
        submission = await self._intake.submission(request, "api")
        accepted = await self._desk.submit(submission)
        answer = json_answer(print_of(accepted.job, self._desk), 202 if accepted.fresh else 200)
        answer.headers[hdrs.LOCATION] = f"{_home(self._desk)}/{accepted.job.id}"
        return answer

    async def list(self, request: web.Request) -> web.StreamResponse:
        """Newest first; with `after`, oldest first from there on."""
        query = _query(request)
        jobs = await self._desk.journal.jobs(query)
        following = jobs[-1].id if len(jobs) == query.limit else None
        return json_answer(Prints([print_of(self._desk.explained(job), self._desk) for job in jobs], following))

    async def show(self, request: web.Request) -> web.StreamResponse:
        job = await self._desk.job(_number(request))
        events = await self._desk.journal.events(job.id)
        shape = print_of(job, self._desk)
        fields = {name: getattr(shape, name) for name in shape.__struct_fields__}
        content = await self._text(job.document)
        return json_answer(PrintWithLife(**fields, content=content, events=[event_of(event) for event in events]))

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        job = await self._desk.cancel(_number(request), _person(request))
        return json_answer(print_of(job, self._desk))

    async def act(self, request: web.Request) -> web.StreamResponse:
        """A person's decision: reprint (DUPLICATA), confirm (it came out), give up."""
        actions = {
            "confirm": self._desk.confirm,
            "give-up": self._desk.give_up,
        }
        number, person = _number(request), _person(request)
        if request.match_info["action"] == "reprint":
            job = await self._desk.reprint(number, person, key_of(request))
        else:
            job = await actions[request.match_info["action"]](number, person)
        return json_answer(print_of(job, self._desk))

    async def paper(self, request: web.Request) -> web.StreamResponse:
        job = await self._desk.job(_number(request))
        picture = await self._desk.parts.paper(job)
        if picture is None:
            raise UnknownName("this document cannot be drawn here", "Download it instead: …/document")
        headers = {"Cache-Control": "private, max-age=3600"}
        return web.Response(body=picture, content_type="image/png", headers=headers)

    async def document(self, request: web.Request) -> web.StreamResponse:
        """The document's bytes, as they came."""
        job = await self._desk.job(_number(request))
        return await send_document(request, self._desk, job.document, job.id)

    async def printers(self, request: web.Request) -> web.StreamResponse:
        return json_answer({"printers": self._desk.parts.places()})

    async def health(self, request: web.Request) -> web.StreamResponse:
        """200 once work is taken: the journal answers."""
        await self._desk.journal.counts()
        told: dict[str, object] = {"status": "ok", "role": self._desk.role, "name": self._desk.name}
        link = self._desk.link
        # Everybody may ask whether it works; where its hub is concerns this machine only.
        if link is not None and is_loopback(request.remote or ""):
            hub = {"url": link.url, "connected": link.connected, "trouble": link.trouble, "hint": link.hint}
            told["hub"] = hub if link.url else None
        return json_answer(told)

    async def metrics(self, request: web.Request) -> web.StreamResponse:
        """The text format of Prometheus."""
        counts = await self._desk.journal.counts()
        lines = ["# HELP comptoir_jobs Jobs by status.", "# TYPE comptoir_jobs gauge"]
        lines += [f'comptoir_jobs{{status="{status}"}} {counts.get(status, 0)}' for status in get_args(Status)]
        lines += [
            "# HELP comptoir_printers_ready Printers that can print.",
            "# TYPE comptoir_printers_ready gauge",
        ]
        lines.append(f"comptoir_printers_ready {sum(p.ready and p.connected for p in self._desk.parts.places())}")
        return web.Response(text="\n".join(lines) + "\n", headers={"Content-Type": "text/plain; version=0.0.4"})

    async def _text(self, document: Document) -> str | None:
        if not document.media_type.startswith("text/") or document.size > LONGEST_TEXT:
            return None
        try:
            return (await self._desk.journal.content(document)).decode(errors="replace")
        except ComptoirError:
            return None


async def send_document(
    request: web.Request, desk: Desk, document: Document, number: int, name: str = ""
) -> web.StreamResponse:
    """Stream a document; a Range of bytes goes on where a broken transfer ended (RFC 9110 §14). `name`: of the file."""
    span = _span(request, document.size)
    first, end = span or (0, document.size)
    pieces = desk.journal.chunks(document, first)
    piece = await anext(pieces, b"")  # a document that cannot be read is an error, not half an answer
    headers = {
        "Content-Type": document.media_type,
        "Content-Length": str(end - first),
        "Accept-Ranges": "bytes",
        # What somebody sent must not run as a page of ours.
        "Content-Disposition": disposition(name or f"document-{number}"),
        **INERT,
    }
    answer = web.StreamResponse(status=206 if span else 200, headers=headers)
    if span:
        answer.headers["Content-Range"] = f"bytes {first}-{end - 1}/{document.size}"
    await answer.prepare(request)
    left = 0 if request.method == "HEAD" else end - first
    while left and piece:
        await answer.write(piece[:left])
        left -= len(piece[:left])
        piece = await anext(pieces, b"") if left else b""
    await answer.write_eof()
    return answer


def _span(request: web.Request, size: int) -> tuple[int, int] | None:
    """The first byte that is asked for and the one after the last; None: all. Raises NoSuchRange."""
    if not request.headers.get(hdrs.RANGE, "").startswith("bytes="):
        return None
    try:
        first, end, _ = request.http_range.indices(size)
    except ValueError:
        first, end = 0, 0
    if first >= end:
        raise NoSuchRange(f"the document has the bytes 0 to {size - 1}", "Range: bytes=FIRST-LAST")
    return first, end


def stations_json(desk: Desk) -> Handler:
    """GET /stations for programs."""

    async def answer(request: web.Request) -> web.StreamResponse:
        places = desk.parts.places()
        names = list(dict.fromkeys(place.station for place in places))
        return json_answer({"stations": stations_of(places, names)})

    return answer


def _home(desk: Desk) -> str:
    return "/print" if desk.role == "hub" else "/api/jobs"


def _number(request: web.Request) -> int:
    digits = request.match_info["id"]
    if len(digits) > 18:
        raise UnknownName(f"there is no job {digits[:18]}…")
    return int(digits)


def _person(request: web.Request) -> str:
    return request.get(USER, "") or "api"


def _query(request: web.Request) -> JobQuery:
    known = get_args(Status)
    status = tuple(word for word in request.query.get("status", "").split(",") if word)
    if wrong := [word for word in status if word not in known]:
        raise RequestError(f"“{wrong[0][:40]}” is no status", f"Known: {', '.join(known)}.")
    return JobQuery(
        status=cast(tuple[Status, ...], status),
        after=_positive(request, "after"),
        below=_positive(request, "before"),
        limit=min(_positive(request, "limit") or 50, 500),
    )


def _positive(request: web.Request, name: str) -> int | None:
    value = request.query.get(name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise RequestError(f"{name} must be a whole number, not “{value[:40]}”")
    return int(value)
