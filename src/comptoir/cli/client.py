"""The commands that ask a running station: `print`, `status`, `jobs`, `pair`.

They speak its HTTP API and nothing else, and take nothing for granted about what answers at its port.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import mimetypes
import os
import stat
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, NotRequired, TypedDict, TypeVar
from urllib.parse import urlencode

import msgspec

from comptoir.cli import FAILED, UNKNOWN, WAITING, as_json, speech, tell
from comptoir.cli.place import configuration, data_folder, here, not_writable, try_folder
from comptoir.cli.speech import tr
from comptoir.config import Config
from comptoir.core.document import RAW, TEXT, media_type_of
from comptoir.core.errors import ComptoirError, RequestError

ENDED: Final = {
    "printed": 0,
    "delivered": 0,
    "archived": 0,
    "failed": FAILED,
    "canceled": FAILED,
    "expired": FAILED,
    "unknown": UNKNOWN,
}
STATUSES: Final = (*ENDED, "queued", "sent")
LOOK_AGAIN: Final = 0.2  # seconds
ANSWER_WITHIN: Final = 60.0  # seconds
#: files of letters that are instructions for drawing: their letters are not what is wanted on paper
DRAWN: Final = frozenset({"image/svg+xml", "application/rtf", "text/rtf"})

T = TypeVar("T")


class NotRunning(ComptoirError):
    """No station answers."""

    code = "not-running"


class Stranger(ComptoirError):
    """Something answers, and it is no station."""

    code = "stranger"


# What these commands need of the station's answers. Other fields are there too, and are passed on by --json.


class Evidence(TypedDict):
    kind: str
    detail: str
    unprintable: str


class Job(TypedDict):
    id: int
    status: str
    state: str
    reason: str
    message: str
    title: str
    printer: str
    media_type: str
    created_at: str
    evidence: Evidence | None


class Jobs(TypedDict):
    prints: list[Job]


class Printer(TypedDict):
    name: str
    device: str
    ready: bool
    reason: str
    message: str
    waiting: int
    notices: NotRequired[list[str]]  # older services say nothing of it


class Printers(TypedDict):
    printers: list[Printer]


class Folder(TypedDict):
    name: str
    path: str
    reachable: bool
    trouble: str
    waiting: dict[str, int]
    failed: dict[str, int]
    originals: dict[str, int]


class Folders(TypedDict):
    folders: list[Folder]


class Capture(TypedDict):
    name: str
    taken: int
    trouble: NotRequired[str]
    hint: NotRequired[str]
    missing: NotRequired[list[object]]


class Captures(TypedDict):
    captures: list[Capture]


class Link(TypedDict):
    url: str
    connected: bool
    trouble: str
    hint: str


class Health(TypedDict):
    name: str
    hub: NotRequired[Link | None]  # older services say nothing of it


class Paired(TypedDict):
    station: str


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: the document is for this station."""

    def redirect_request(self, *request: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Client:
    """The station of this machine."""

    base: str

    def ask(
        self,
        method: str,
        path: str,
        wanted: type[T],
        body: bytes | BinaryIO | None = None,
        headers: dict[str, str] | None = None,
    ) -> T:
        """The JSON that it answers, with all that `wanted` names.

        Raises NotRunning; Stranger where the answer is another one; RequestError with the station's own words.
        """
        request = urllib.request.Request(self.base + path, data=body, headers=headers or {}, method=method)  # noqa: S310
        # A proxy of the environment has no business between this machine and itself.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)
        try:
            with opener.open(request, timeout=ANSWER_WITHIN) as answer:
                told: T = json.load(answer)
            msgspec.convert(told, wanted)
        except urllib.error.HTTPError as error:
            raise _said(error) from None
        except OSError as error:
            raise NotRunning(
                f"no station answers at {self.base}: {getattr(error, 'reason', error)}",
                "Start it with: comptoir up   (or: comptoir station)",
            ) from None
        except (http.client.HTTPException, ValueError):
            raise Stranger(
                f"what answers at {self.base} is no station of this version",
                "Another program may have its port. Name the right one: --port",
            ) from None
        return told


def _said(error: urllib.error.HTTPError) -> ComptoirError:
    """The station's own words; RequestError where the caller is to blame, as by its status."""
    kind = RequestError if error.code < 500 else ComptoirError
    try:
        told = json.load(error)["error"]
        said = kind(str(told["message"]), str(told["hint"]))
        said.code = str(told.get("code", said.code))
        return said
    except (ValueError, KeyError, TypeError, AttributeError, OSError, http.client.HTTPException):
        return kind(f"the station answered {error.code}", "Is it a Comptoir of this version?")


def station(options: argparse.Namespace) -> tuple[Client, Config]:
    """The station that the options mean, and the configuration of its folder."""
    config = configuration(options, data_folder(options))
    port = options.port if options.port is not None else config.station.port
    return Client(f"http://{here(config.station.host)}:{port}"), config


# -- print ----------------------------------------------------------------------------------------------------


def print_file(options: argparse.Namespace) -> int:
    """Hand over the file, wait for the outcome, say it."""
    client, _ = station(options)
    path = Path(options.file)
    asked = {"copies": options.copies, "printer": options.printer, "title": options.title, "format": options.format}
    if options.file != "-":
        # A name is for routes and lists; what cannot be written in it is replaced.
        asked["name"] = os.fsencode(path.name).decode(errors="replace")
    hand_over = partial(_hand_over, client, asked, _key(options.key))
    if options.file == "-":
        given = sys.stdin.buffer.read() if sys.stdin is not None else b""
        return _follow(client, hand_over(io.BytesIO(given), RAW), options)
    try:
        with path.open("rb") as file:
            job = hand_over(_whole(file), _media_type(path.name, file.peek(1024)[:1024]))
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}", "Check the name.") from None
    return _follow(client, job, options)


def _key(given: str) -> str:
    """The idempotency key as a header holds it; one of our own where none is given. Raises RequestError."""
    if not given:
        return os.urandom(16).hex()
    if not given.isprintable():
        raise RequestError("an Idempotency-Key has printable characters only", "For instance: --key order-42")
    return given.encode(errors="replace").decode("latin-1")  # its bytes, in the only letters that a header takes


def _whole(file: io.BufferedReader) -> BinaryIO:
    """A file as it is; what comes through a pipe as a whole, because nobody knows its length before."""
    return file if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else io.BytesIO(file.read())


def _media_type(name: str, head: bytes) -> str:
    """What the station is told that the file is: by its first bytes, else by its name.

    Never JSON: that would be an order of the API, and not a document. `head`: the first 1024 bytes.
    """
    by_content = media_type_of(head)
    by_name, packed = mimetypes.guess_type(name)
    if by_name in DRAWN:
        return by_name
    if by_content != RAW:
        return by_content
    if packed:
        return f"application/{packed}"
    if by_name in ("application/json", "text/json"):
        return TEXT
    return by_name or RAW


def _hand_over(client: Client, asked: dict[str, Any], key: str, body: BinaryIO, media_type: str) -> Job:
    headers = {
        "Content-Type": media_type,
        "Content-Length": str(_length(body)),
        "Idempotency-Key": key,
    }
    query = urlencode({name: value for name, value in asked.items() if value != ""}, errors="replace")
    return client.ask("POST", f"/api/print?{query}", Job, body, headers)


def _length(body: BinaryIO) -> int:
    length = body.seek(0, os.SEEK_END)
    body.seek(0)
    return length


def _follow(client: Client, job: Job, options: argparse.Namespace) -> int:
    """Wait until the job has ended, is held, or the patience is over."""
    until = time.monotonic() + options.timeout
    told = ""
    silence: NotRunning | None = None
    while True:
        said = speech.status(job["status"]) + _why(job)
        line = tr("job %(number)s: %(status)s", number=job["id"], status=said)
        if line != told and not options.json:
            tell(line)
            told = line
        if job["status"] in ENDED or time.monotonic() >= until:
            break
        time.sleep(LOOK_AGAIN)
        try:
            job, silence = client.ask("GET", f"/api/jobs/{job['id']}", Job), None
        except NotRunning as error:
            silence = error  # it has the job on disk, and may be back in a moment
    if options.json:
        print(as_json(job))
    if silence is not None:
        why = speech.known(silence.message)
        lost = tr("job %(number)s was accepted, and since then %(why)s.", number=job["id"], why=why)
        print(speech.shown(tr("comptoir: %(message)s", message=lost)), file=sys.stderr)
    return ENDED.get(job["status"], WAITING)


def _why(job: Job) -> str:
    evidence = job["evidence"]
    if evidence:
        characters = evidence["unprintable"]
        missing = tr("; not printable: %(characters)s", characters=characters) if characters else ""
        return f" ({speech.evidence(evidence['kind'], evidence['detail'])}{missing})"
    words = speech.reason(job["reason"], job["message"])
    return f" ({words})" if words else ""


# -- status, jobs ---------------------------------------------------------------------------------------------


def status(options: argparse.Namespace) -> int:
    """0 when everything works."""
    client, _ = station(options)
    health = client.ask("GET", "/healthz", Health)
    printers = client.ask("GET", "/api/printers", Printers)["printers"]
    unknown = client.ask("GET", "/api/jobs?status=unknown&limit=500", Jobs)["prints"]
    held = [job for job in unknown if job["state"] == "pending-held"]
    folders = client.ask("GET", "/api/folders", Folders)["folders"]
    captures = client.ask("GET", "/api/captures", Captures)["captures"]
    if options.json:
        told = {"station": health, "printers": printers, "held": held, "folders": folders, "captures": captures}
        print(as_json(told))
    else:
        _tell(client, health, printers, held)
        for folder in folders:
            _tell_folder(folder)
        for source in captures:
            _tell_capture(source)
    link = health.get("hub")
    linked = link is None or link["connected"]
    watched = all(folder["reachable"] and not folder["trouble"] and not _stuck(folder) for folder in folders)
    captured = not any(source.get("trouble") or source.get("missing") for source in captures)
    ready = all(printer["ready"] for printer in printers)
    return 0 if linked and ready and not held and watched and captured else FAILED


def _stuck(folder: Folder) -> int:
    """How many files wait for a person: those that cannot be taken, and those that a destination will not have."""
    return sum(folder["failed"].values()) + folder["originals"].get("failed", 0)


def _tell_folder(folder: Folder) -> None:
    stuck = _stuck(folder)
    state = tr("needs you: %(count)s", count=stuck) if stuck else tr("in order")
    if folder["trouble"] or not folder["reachable"]:
        state = speech.part(folder["trouble"]) or tr("not reached yet")
    waiting = tr("%(count)s waiting", count=sum(folder["waiting"].values()))
    state = tr("%(state)s; %(waiting)s", state=state, waiting=waiting)
    tell(tr("folder %(name)s (%(path)s): %(state)s", name=folder["name"], path=folder["path"], state=state))


def _tell_capture(source: Capture) -> None:
    state, hint = capture_state(source)
    taken = tr("%(count)s taken since the start", count=source["taken"])
    state = tr("%(state)s; %(why)s", state=state, why=taken)
    tell(tr("captured prints %(name)s: %(state)s", name=source["name"], state=state))
    if hint:
        tell(f"  → {hint}")


def capture_state(source: Capture) -> tuple[str, str]:
    """How a source fares, as a part of a line, and what to do where it needs somebody."""
    if trouble := source.get("trouble"):
        return speech.part(trouble), speech.known(source.get("hint", ""))
    if missing := source.get("missing"):
        said = tr("%(count)s prints that the archive does not have", count=len(missing))
        return said, tr("The page Captured prints (/capture) says which, and why.")
    return tr("in order"), ""


def _tell(client: Client, health: Health, printers: list[Printer], held: list[Job]) -> None:
    tell(tr("station %(name)s: running at %(address)s", name=health["name"], address=client.base))
    if "hub" in health:
        _tell_link(health["hub"])
    for printer in printers:
        why = printer["message"].removesuffix(".")
        ready = tr("ready") if printer["ready"] else speech.reason(printer["reason"], why)
        if "media-low-report" in printer.get("notices", ()):
            ready = tr("%(state)s; %(why)s", state=ready, why=tr("little paper left"))
        waiting = tr("%(count)s waiting", count=printer["waiting"])
        state = tr("%(state)s; %(waiting)s", state=ready, waiting=waiting)
        tell(
            tr("printer %(name)s (%(device)s): %(state)s", name=printer["name"], device=printer["device"], state=state)
        )
    for job in held:
        title = job["title"] or job["media_type"]
        said = tr(
            "needs you: job %(number)s, %(title)s: outcome unknown, look at the paper", number=job["id"], title=title
        )
        tell(said)


def _tell_link(link: Link | None) -> None:
    if link is None:
        tell(tr("It is linked to no hub. To link it: comptoir pair HUB_URL CODE"))
    elif link["connected"]:
        tell(tr("hub %(address)s: linked", address=link["url"]))
    else:
        why, hint = speech.part(link["trouble"]), speech.known(link["hint"])
        state = tr("%(state)s; %(why)s", state=tr("not linked"), why=why) if why else tr("not linked")
        tell(tr("hub %(address)s: %(state)s", address=link["url"], state=state))
        if hint:
            tell(f"  → {hint}")


def jobs(options: argparse.Namespace) -> int:
    """The last jobs."""
    client, _ = station(options)
    query = urlencode({"status": options.status, "limit": max(1, options.limit)}, errors="replace")
    found = client.ask("GET", f"/api/jobs?{query}", Jobs)["prints"]
    if options.json:
        print(as_json(found))
        return 0
    wide = max(len(speech.status(status)) for status in STATUSES)
    for job in found:
        at, status = _clock(job["created_at"]), speech.status(job["status"])
        tell(f"{job['id']:>6}  {at}  {status:<{wide}}  {job['printer']:<12}  {job['title']}{_why(job)}")
    return 0


def _clock(moment: str) -> str:
    """A time of the API as the clock on the wall has it; as it is where it is none."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return moment


# -- pair -----------------------------------------------------------------------------------------------------


def pair(options: argparse.Namespace) -> int:
    """Through the running station where there is one, else straight into the data folder."""
    client, config = station(options)
    body = json.dumps({"hub": options.hub, "code": options.code}).encode()
    try:
        name = client.ask("POST", "/api/pair", Paired, body, {"Content-Type": "application/json"})["station"]
    except NotRunning:
        name = _pair_here(options, config)
    paired = tr("Paired: the hub knows this station as %(name)s.", name=name)
    if options.json:
        print(as_json({"station": name}))
    else:
        tell(paired)
    return 0


def _pair_here(options: argparse.Namespace, config: Config) -> str:
    import asyncio  # noqa: PLC0415 - the other commands of this module start faster without

    from comptoir.station import pairing  # noqa: PLC0415

    folder = data_folder(options)
    try:
        try_folder(folder)  # before the code is used up, which is good once
        hub = asyncio.run(pairing.exchange(options.hub, options.code, config.station.name))
        pairing.keep(folder, hub)
    except OSError as error:
        raise not_writable(folder, error) from None
    return hub.station
