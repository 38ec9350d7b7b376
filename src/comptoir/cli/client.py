"""The commands that ask a running station: `print`, `status`, `jobs`, `pair`. They speak its HTTP API and nothing else."""

from __future__ import annotations

import argparse
import json
import mimetypes
import os
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

from comptoir.cli import FAILED, UNKNOWN, WAITING
from comptoir.cli.place import configuration, data_folder
from comptoir.config import Config
from comptoir.core.errors import ComptoirError, RequestError

ENDED = {"printed": 0, "failed": FAILED, "canceled": FAILED, "expired": FAILED, "unknown": UNKNOWN}
LOOK_AGAIN = 0.2  # seconds


class NotRunning(ComptoirError):
    """No station answers."""

    code = "not-running"


@dataclass(frozen=True, slots=True)
class Client:
    """The station of this machine."""

    base: str

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | BinaryIO | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The JSON that it answers. Raises NotRunning, RequestError with the station's own words."""
        request = urllib.request.Request(self.base + path, data=body, headers=headers or {}, method=method)  # noqa: S310
        # A proxy of the environment has no business between this machine and itself.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise _said(error) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise NotRunning(
                f"no station answers at {self.base}: {reason}",
                "Start it with: comptoir up   (or: comptoir station)",
            ) from None


def _said(error: urllib.error.HTTPError) -> ComptoirError:
    try:
        told = json.load(error)["error"]
        return RequestError(told["message"], told["hint"])
    except (ValueError, KeyError, TypeError):
        return RequestError(f"the station answered {error.code}", "Is it a Comptoir of this version?")


def _client(options: argparse.Namespace) -> tuple[Client, Config]:
    config = configuration(options, data_folder(options))
    host = config.station.host if config.station.host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
    port = options.port if options.port is not None else config.station.port
    return Client(f"http://{f'[{host}]' if ':' in host else host}:{port}"), config


def print_file(options: argparse.Namespace) -> int:
    """Hand over the file, wait for the outcome, say it."""
    client, _ = _client(options)
    asked = {
        "printer": options.printer,
        "copies": options.copies,
        "title": options.title,
        "format": options.format,
    }
    headers = {
        "Content-Type": "application/octet-stream",
        "Idempotency-Key": options.key or os.urandom(16).hex(),
    }
    if options.file == "-":
        source: bytes | BinaryIO = sys.stdin.buffer.read()
        headers["Content-Length"] = str(len(source))
        job = _hand_over(client, source, asked, headers)
    else:
        path = Path(options.file)
        asked["name"] = path.name
        headers["Content-Type"] = mimetypes.guess_type(path.name)[0] or headers["Content-Type"]
        try:
            with path.open("rb") as file:
                headers["Content-Length"] = str(path.stat().st_size)
                job = _hand_over(client, file, asked, headers)
        except OSError as error:
            raise RequestError(f"{path} cannot be read: {error.strerror}", "Check the name.") from None
    return _follow(client, job, options)


def _hand_over(client: Client, body: bytes | BinaryIO, asked: dict[str, Any], headers: dict[str, str]) -> Any:
    query = urlencode({name: value for name, value in asked.items() if value})
    return client.ask("POST", f"/api/print?{query}", body, headers)


def _follow(client: Client, job: Any, options: argparse.Namespace) -> int:
    """Wait until the job has ended, is held, or the patience is over."""
    until = time.monotonic() + options.timeout
    told = ""
    while True:
        line = f"job {job['id']}: {job['status']}{_why(job)}"
        if line != told and not options.json:
            print(line, flush=True)
            told = line
        if job["status"] in ENDED or time.monotonic() >= until:
            break
        time.sleep(LOOK_AGAIN)
        job = client.ask("GET", f"/api/jobs/{job['id']}")
    if options.json:
        print(json.dumps(job, ensure_ascii=False))
    return ENDED.get(job["status"], WAITING)


def _why(job: Any) -> str:
    evidence = job["evidence"]
    if evidence:
        missing = f"; not printable: {evidence['unprintable']}" if evidence["unprintable"] else ""
        return f" ({evidence['kind']}{missing})"
    words = ": ".join(word for word in (job["reason"], job["message"]) if word)
    return f" ({words})" if words else ""


def status(options: argparse.Namespace) -> int:
    """0 when everything works."""
    client, _ = _client(options)
    health = client.ask("GET", "/healthz")
    printers = client.ask("GET", "/api/printers")["printers"]
    held = client.ask("GET", "/api/jobs?status=unknown&limit=500")["prints"]
    waiting_for_person = [job for job in held if job["state"] == "pending-held"]
    if options.json:
        print(
            json.dumps(
                {"station": health, "printers": printers, "held": waiting_for_person}, ensure_ascii=False
            )
        )
    else:
        print(f"station {health['name']}: running at {client.base}")
        for printer in printers:
            state = "ready" if printer["ready"] else f"{printer['reason']}: {printer['message']}"
            print(f"printer {printer['name']} ({printer['device']}): {state}; {printer['waiting']} waiting")
        for job in waiting_for_person:
            print(
                f"needs you: job {job['id']}, {job['title'] or job['media_type']}: outcome unknown, look at the paper"
            )
    return 0 if all(printer["ready"] for printer in printers) and not waiting_for_person else FAILED


def jobs(options: argparse.Namespace) -> int:
    """The last jobs."""
    client, _ = _client(options)
    query = urlencode({"status": options.status, "limit": max(1, options.limit)})
    found = client.ask("GET", f"/api/jobs?{query}")["prints"]
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for job in found:
        print(
            f"{job['id']:>6}  {job['created_at'][:19]}  {job['status']:<8}  {job['printer']:<12}  {job['title']}{_why(job)}"
        )
    return 0


def pair(options: argparse.Namespace) -> int:
    """Through the running station where there is one, else straight into the data folder."""
    client, config = _client(options)
    body = json.dumps({"hub": options.hub, "code": options.code}).encode()
    try:
        answer = client.ask("POST", "/api/pair", body, {"Content-Type": "application/json"})
        name = answer["station"]
    except NotRunning:
        name = _pair_here(options, config)
    print(json.dumps({"station": name}) if options.json else f"Paired: the hub knows this station as {name}.")
    return 0


def _pair_here(options: argparse.Namespace, config: Config) -> str:
    import asyncio  # noqa: PLC0415 - the other commands of this module start faster without

    from comptoir.station import pairing  # noqa: PLC0415

    hub = asyncio.run(pairing.exchange(options.hub, options.code, config.station.name))
    pairing.keep(data_folder(options), hub)
    return hub.station
