"""The API's own description: `/openapi.json` (OpenAPI 3.1), made from `shapes.py`.

One line a call in `CALLS`; a test holds it against the routes that are really there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from aiohttp import web

from comptoir import __version__
from comptoir.web import levels
from comptoir.web.answers import json_answer
from comptoir.web.archive_shapes import (
    ArchivedDocuments,
    ArchivedDocumentWithLife,
    ArchivedPrints,
    ArchiveFacets,
    Captured,
    Handed,
    HoldOrder,
    ReprintOrder,
    Searches,
    SearchShape,
)
from comptoir.web.capture_shapes import Captures
from comptoir.web.desk import Desk
from comptoir.web.folder_shapes import (
    Folder,
    FolderFiles,
    Folders,
    OriginalShape,
    OriginalWithLife,
    Retried,
    Rules,
)
from comptoir.web.keeping_shapes import ExportMade, ExportNoted
from comptoir.web.night_shapes import Nights, NightWithReports
from comptoir.web.shapes import (
    Broken,
    DrawerAnswer,
    DrawerOrder,
    Drawers,
    DrawerState,
    ErrorAnswer,
    Order,
    Print,
    Prints,
    PrintWithLife,
    Probed,
)


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one address. `roles`: on which it is; `{jobs}` stands for the role's address of jobs."""

    method: str
    path: str
    summary: str
    roles: tuple[str, ...] = ("hub", "station")
    body: type | None = None
    answers: tuple[tuple[int, type | None], ...] = ((200, None),)
    media_type: str = "application/json"
    query: tuple[str, ...] = ()
    #: whether the hub lets in who has no token and no session
    public: bool = False
    #: whether the body is a document itself
    bare: bool = False


class HubPairing(msgspec.Struct, frozen=True):
    """What a station shows to a hub."""

    code: str
    name: str


class TillAnswer(msgspec.Struct, frozen=True):
    """What the earlier till service answers. `status`: success, error."""

    message: str
    status: str


class StationPairing(msgspec.Struct, frozen=True):
    """The hub that a station is linked to, and the code that it shows."""

    hub: str
    code: str


#: what stands in the address where the body is the document itself
BARE = tuple(name for name in Order.__struct_fields__ if not name.startswith("content"))
#: what any call may be answered with, besides its own answers
ANYWHERE = ((403, ErrorAnswer), (503, ErrorAnswer))
#: by what the archive is searched
SEARCH = ("q", "source", "printer", "user", "type", "title", "since", "until", "partial")
JOB = ((200, Print), (404, ErrorAnswer), (409, ErrorAnswer))
TAKEN = ((202, Print), (200, Print), (400, ErrorAnswer), (404, ErrorAnswer), (413, ErrorAnswer), (422, ErrorAnswer),
         (429, ErrorAnswer))  # fmt: skip
CALLS = (
    Call("post", "{prints}", "Print a text or a document. 202 once it is on disk; 200: this Idempotency-Key was known.",
         body=Order, answers=TAKEN, query=BARE),
    Call("get", "{jobs}", "The jobs, newest first.", answers=((200, Prints), (400, ErrorAnswer)),
         query=("status", "after", "before", "limit")),
    Call("get", "{jobs}/{id}", "One job, its text and all that happened to it.",
         answers=((200, PrintWithLife), (404, ErrorAnswer))),
    Call("delete", "{jobs}/{id}", "Cancel a job that has not begun.", answers=JOB),
    Call("post", "{jobs}/{id}/reprint", "Print it again, marked DUPLICATA; the answer is the new job.", answers=JOB),
    Call("post", "{jobs}/{id}/confirm", "A held job came out: somebody has seen the paper.", answers=JOB),
    Call("post", "{jobs}/{id}/give-up", "End a held job; its outcome stays unknown.", answers=JOB),
    Call("get", "{jobs}/{id}/paper.png", "What it looks like on paper.", media_type="image/png"),
    Call("get", "{jobs}/{id}/document", "The document's bytes, as they came.", media_type="application/octet-stream"),
    Call("get", "{events}", "What happens, as it happens (server-sent events; Last-Event-ID is honoured).",
         media_type="text/event-stream", query=("since",)),
    Call("get", "/stations", "The stations and their printers.", roles=("hub",)),
    Call("post", "/pair", "A station shows a pairing code and gets its token.", roles=("hub",), body=HubPairing,
         answers=((200, None), (400, ErrorAnswer)), public=True),
    Call("post", "/api/pair", "Link this station to a hub: {hub, code}.", roles=("station",),
         body=StationPairing, answers=((200, None), (400, ErrorAnswer), (502, ErrorAnswer))),
    Call("get", "/certificate", "The local authority of its certificate, in PEM; ?form=der.", roles=("station",),
         media_type="application/x-x509-ca-cert", query=("form",), answers=((200, None), (404, ErrorAnswer))),
    Call("get", "/api/printers", "The printers and their state.", roles=("station",)),
    Call("get", "/api/printers/{name}/papers", "The papers of a virtual printer.", roles=("station",)),
    Call("get", "/api/printers/{name}/papers/{number}.{kind}", "One of them: png, txt or bin.", roles=("station",),
         media_type="image/png"),
    Call("post", "/api/printers/{name}/probe", "Ask a printer what it can, and remember it.", roles=("station",),
         answers=((200, Probed), (404, ErrorAnswer))),
    Call("get", "/api/printers/{name}/faults", "What is wrong with a virtual printer.", roles=("station",),
         answers=((200, Broken), (404, ErrorAnswer))),
    Call("put", "/api/printers/{name}/faults", "Break a virtual printer, or mend it: [].", roles=("station",),
         body=Broken, answers=((200, Broken), (400, ErrorAnswer), (404, ErrorAnswer))),
    Call("post", "/api/printers/{name}/drawer/close", "Push the drawer of a virtual printer shut.", roles=("station",),
         answers=((200, Broken), (404, ErrorAnswer))),
    Call("get", "/api/drawer", "The drawers, and whether they are open where a sensor tells.", roles=("station",),
         answers=((200, Drawers),)),
    Call("post", "/api/drawer/open", "Open a drawer now or not at all: opened, processed or sent.", roles=("station",),
         body=DrawerOrder,
         answers=((200, DrawerAnswer), (400, ErrorAnswer), (404, ErrorAnswer), (429, ErrorAnswer), (502, ErrorAnswer))),
    Call("get", "/api/drawer/openings", "The drawer openings of a day (2026-11-21), as json or csv.",
         roles=("station",), answers=((200, None), (400, ErrorAnswer)), query=("day", "format")),
    Call("post", "/api/drawer/learn", "Open a closed drawer, and find out what its sensor says.", roles=("station",),
         body=DrawerOrder,
         answers=((200, DrawerState), (400, ErrorAnswer), (404, ErrorAnswer), (429, ErrorAnswer), (502, ErrorAnswer))),
    Call("get", "/api/captures", "The sources that capture prints, and the prints that nobody has kept.",
         roles=("station",), answers=((200, Captures),)),
    Call("get", "/api/folders", "The watched folders, and the sums of what lies in them.", roles=("station",),
         answers=((200, Folders),)),
    Call("get", "/api/folders/{name}", "One of them.", roles=("station",), answers=((200, Folder), (404, ErrorAnswer))),
    Call("get", "/api/folders/{name}/files", "What lies there and was taken: kind=taken, ignored, waiting or failed.",
         roles=("station",), answers=((200, FolderFiles), (400, ErrorAnswer), (404, ErrorAnswer)),
         query=("kind", "q", "below", "limit")),
    Call("get", "/api/folders/{name}/rules", "What the routes of now would do to its files of the last days.",
         roles=("station",), answers=((200, Rules), (400, ErrorAnswer), (404, ErrorAnswer)), query=("days",)),
    Call("post", "/api/folders/{name}/rescan", "Look through it now.", roles=("station",),
         answers=((202, Folder), (404, ErrorAnswer))),
    Call("get", "/api/originals/{id}", "A file that was taken, its jobs and all that happened to it.",
         roles=("station",), answers=((200, OriginalWithLife), (404, ErrorAnswer))),
    Call("get", "/api/originals/{id}/document", "The bytes that were kept of it; of a lot its manifest.",
         roles=("station",), media_type="application/octet-stream"),
    Call("post", "/api/originals/{id}/retry", "New jobs for what failed of it, under the same identity.",
         roles=("station",), answers=((200, Retried), (404, ErrorAnswer), (409, ErrorAnswer))),
    Call("post", "/api/originals/{id}/leave", "Give it up: the file stays where it is.", roles=("station",),
         answers=((200, OriginalShape), (404, ErrorAnswer), (409, ErrorAnswer))),
    Call("post", "/api/archive/exports", "Note in the journal an export that the command line has made.",
         roles=("station",), body=ExportMade, answers=((201, ExportNoted), (400, ErrorAnswer))),
    Call("get", "/api/documents", "The documents of the archive, newest first, by words and filters.",
         roles=("station",), answers=((200, ArchivedDocuments), (400, ErrorAnswer)), query=(*SEARCH, "below", "limit")),
    Call("post", "/api/documents", "Hand over a document to be kept, as the routes of its source say. 201 once it is "
         "on disk; 200: this Idempotency-Key was known.", roles=("station",), bare=True,
         query=Captured.__struct_fields__,
         answers=((201, Handed), (200, Handed), (400, ErrorAnswer), (413, ErrorAnswer), (422, ErrorAnswer))),
    Call("get", "/api/documents/facets", "What there is to filter by, and how many documents have it.",
         roles=("station",), answers=((200, ArchiveFacets),)),
    Call("get", "/api/documents.csv", "A table of those with the numbers n=1&n=2, or of all that is found.",
         roles=("station",), media_type="text/csv", query=("n", *SEARCH)),
    Call("get", "/api/documents.zip", "The same documents as files.", roles=("station",), media_type="application/zip",
         query=("n", *SEARCH)),
    Call("get", "/api/documents.pdf", "The same documents as one PDF with bookmarks; heading: of its first page.",
         roles=("station",), media_type="application/pdf", query=("n", "heading", *SEARCH),
         answers=((200, None), (400, ErrorAnswer), (404, ErrorAnswer), (422, ErrorAnswer))),
    Call("get", "/api/nights", "The nights of these business dates, each with what is missing; without: the last 31.",
         roles=("station",), answers=((200, Nights), (400, ErrorAnswer)), query=("since", "until")),
    Call("get", "/api/nights/{day}", "A night (2026-11-20): expected reports, all that was printed, note, signature.",
         roles=("station",), answers=((200, NightWithReports), (400, ErrorAnswer), (404, ErrorAnswer))),
    Call("get", "/api/nights/{day}/pack", "The night as one PDF, its first page in the language lang.",
         roles=("station",), media_type="application/pdf", query=("lang",),
         answers=((200, None), (400, ErrorAnswer), (404, ErrorAnswer), (422, ErrorAnswer))),
    Call("get", "/api/documents/{id}", "All that is known of a document, its jobs and what happened to it.",
         roles=("station",), answers=((200, ArchivedDocumentWithLife), (404, ErrorAnswer))),
    Call("get", "/api/documents/{id}/document", "The bytes as they were captured; part=1: another one of its print.",
         roles=("station",), media_type="application/octet-stream", query=("part",)),
    Call("get", "/api/documents/{id}/text", "The text in it.", roles=("station",), media_type="text/plain"),
    Call("get", "/api/documents/{id}/thumbnail", "A small picture of its first page.", roles=("station",),
         media_type="image/webp"),
    Call("get", "/api/documents/{id}/pages/{number}", "A page as a picture.", roles=("station",),
         media_type="image/png", query=("width",)),
    Call("post", "/api/documents/{id}/reprint", "Print it again, marked DUPLICATA; the answer is the new job.",
         roles=("station",), body=ReprintOrder, answers=((202, Print), (400, ErrorAnswer), (404, ErrorAnswer))),
    Call("post", "/api/documents/{id}/hold", "Put a legal hold on it; an empty reason lifts it.", roles=("station",),
         body=HoldOrder, answers=((200, ArchivedDocumentWithLife), (404, ErrorAnswer))),
    Call("get", "/api/searches", "The saved searches.", roles=("station",), answers=((200, Searches),)),
    Call("put", "/api/searches", "Save a search under a name.", roles=("station",), body=SearchShape,
         answers=((200, Searches), (400, ErrorAnswer))),
    Call("delete", "/api/searches/{name}", "Forget one.", roles=("station",),
         answers=((200, Searches), (404, ErrorAnswer))),
    Call("get", "/api/prints/list", "What was captured, as the earlier design listed it: {prints: […]}.",
         roles=("station",), answers=((200, ArchivedPrints),), query=(*SEARCH, "below", "limit")),
    Call("get", "/open-cash-drawer", "Open the drawer, as the earlier till service did: {message, status}.",
         roles=("station",), answers=((200, TillAnswer),), query=("reason", "order")),
    Call("get", "/status", "Whether the service runs, as the earlier one told it.", roles=("station",), public=True),
    Call("get", "/invoice-printer/status", "The folder whose invoices are printed, as the earlier service told it.",
         roles=("station",), public=True),
    Call("get", "/invoice-printer/purge", "Remove what was taken from that folder; never what is not printed.",
         roles=("station",), answers=((200, TillAnswer),)),
    Call("get", "/logs", "The log of a day, as a file; for who is signed in, or where the owner opens it.",
         roles=("station",), media_type="application/octet-stream", query=("day",), public=True),
    Call("post", "/cgi-bin/epos/service.cgi", "Epson ePOS-Print: XML in a SOAP envelope, both ways.",
         roles=("station",), media_type="text/xml", query=("devid", "timeout")),
    Call("get", "/certificate", "The local authority of this station, to be made known to a browser.",
         roles=("station",), media_type="application/x-x509-ca-cert"),
    Call("get", "/healthz", "200 once the service takes work.", public=True),
    Call("get", "/metrics", "Counters, in the format of Prometheus.", media_type="text/plain"),
    Call("get", "/openapi.json", "This description."),
)  # fmt: skip


def calls_of(role: str) -> list[tuple[Call, str]]:
    """The calls of a role, with their addresses."""
    places = {"hub": {"prints": "/print", "jobs": "/print", "events": "/events"},
              "station": {"prints": "/api/print", "jobs": "/api/jobs", "events": "/api/events"}}[role]  # fmt: skip
    found = []
    for call in CALLS:
        if role in call.roles:
            path = call.path
            for name, place in places.items():
                path = path.replace(f"{{{name}}}", place)
            found.append((call, path))
    return found


@cache
def document(role: str) -> dict[str, Any]:
    """The OpenAPI document of a role, made when it is first asked for. Not to be changed."""
    calls = calls_of(role)
    named = {shape for call, _ in calls for shape in (call.body, *(answer for _, answer in call.answers)) if shape}
    shapes = sorted({*named, ErrorAnswer}, key=lambda shape: shape.__name__)
    (_, components) = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for call, path in calls:
        paths.setdefault(path, {})[call.method] = _operation(call, path, role)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Comptoir, {role}",
            "version": __version__,
            "description": "A document is kept before it is acknowledged, and printed once.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}] if role == "hub" else [],
    }


def _operation(call: Call, path: str, role: str) -> dict[str, Any]:
    parameters = [_parameter(name, "path") for name in ("id", "name", "number", "kind", "day") if f"{{{name}}}" in path]
    parameters += [_parameter(name, "query") for name in call.query]
    operation: dict[str, Any] = {"summary": call.summary, "parameters": parameters, "responses": {}}
    if call.body is Order or call.bare or path.endswith("/reprint"):
        parameters.append(_parameter("Idempotency-Key", "header"))
    if call.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(call.body)}}}
    if call.body is Order:
        content = operation["requestBody"]["content"]
        content["application/json"]["example"] = {"content": "Hello world"}
        content["application/octet-stream"] = {"schema": {"type": "string", "format": "binary"}}
    if call.bare:
        anything = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": anything}
    if call.public:
        operation["security"] = []
    refused = ((401, ErrorAnswer), *ANYWHERE) if _wants_session(call, path, role) else ANYWHERE
    for status, shape in sorted((*call.answers, *refused), key=lambda answer: answer[0]):
        shaped = {} if shape is None else {"schema": _ref(shape)}
        operation["responses"][str(status)] = {
            "description": "" if status < 400 else "refused, with a sentence and a hint",
            "content": {call.media_type if status < 400 else "application/json": shaped},
        }
    return operation


def _wants_session(call: Call, path: str, role: str) -> bool:
    return not call.public and (role == "hub" or levels.station(path) == "signed-in")


def _parameter(name: str, where: str) -> dict[str, Any]:
    schema = _order_fields().get(name) if where == "query" else None
    if schema is None:
        numbers = ("id", "number", "after", "before", "limit", "since", "below", "days")
        schema = {"type": "integer" if name in numbers else "string"}
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


@cache
def _order_fields() -> dict[str, Any]:
    """Field of an order → its schema."""
    (_, components) = msgspec.json.schema_components([Order])
    fields: dict[str, Any] = components["Order"]["properties"]
    return fields


def _ref(shape: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def routes(desk: Desk) -> list[web.RouteDef]:
    """`/openapi.json`; the page for reading is `pages/docs.py`."""

    async def as_json(request: web.Request) -> web.StreamResponse:
        return json_answer(document(desk.role))

    return [web.get("/openapi.json", as_json)]


def fields_of(role: str) -> list[tuple[str, str]]:
    """(name, what it takes) of each field of an order."""
    properties = document(role)["components"]["schemas"]["Order"]["properties"]
    return [(name, _kind(schema)) for name, schema in properties.items()]


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(word or "(by content)" for word in schema["enum"])
    if "anyOf" in schema:
        return ", ".join(_kind(part) for part in schema["anyOf"])
    limits = [
        f"{name} {schema[name]}" for name in ("minimum", "maximum", "exclusiveMinimum", "maxLength") if name in schema
    ]
    return ", ".join([str(schema.get("type", "")), *limits])
