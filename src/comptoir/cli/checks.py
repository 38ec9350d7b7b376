"""What can be wrong with an installation, a function each: `doctor.py` asks them all. They change nothing."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal

from comptoir.cli import speech
from comptoir.cli.client import Client, Health, NotRunning, Printer, Printers
from comptoir.cli.neighbour import earlier_service
from comptoir.cli.place import EVERYWHERE, here, try_folder
from comptoir.cli.speech import tr
from comptoir.config import Config, StationConfig
from comptoir.core.errors import ComptoirError, ConfigError, JournalError
from comptoir.core.record import GENESIS, Event, link
from comptoir.core.units import iso
from comptoir.journal.sqlite import DAMAGED, connect
from comptoir.station import certificates, own_certificate, tls
from comptoir.station.trust import StoreState, Trust

#: bytes; a day of large documents
ROOM: Final = 500_000_000
#: the newest events that are looked at; `comptoir journal verify` looks at all
RECENT: Final = 1000
#: seconds: no clock is right that is before this version was written (2026-11-01), and none may fall so far back
WRITTEN: Final = 1_793_491_200
DAY: Final = 86_400

State = Literal["right", "wrong", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`check`: which one, for programs; `said`: a line; `todo`: what a person does about it, a line each."""

    check: str
    state: State
    said: str
    todo: tuple[str, ...] = ()


def folder(path: Path) -> Iterator[Finding]:
    """Can be written, has room."""
    try:
        if there := path.exists():
            try_folder(path)
    except OSError as error:
        why = speech.known(error.strerror or str(error))
        said = tr("the data folder %(folder)s cannot be written: %(why)s", folder=path, why=why)
        todo = tr("Give this user the right to write there, or run this as the user of the service.")
        yield Finding("folder", "wrong", said, (todo,))
        return
    if not there:
        said = tr("there is no data folder %(folder)s yet: the first start makes it", folder=path)
        yield Finding("folder", "note", said)
        return
    yield Finding("folder", "right", tr("the data folder is %(folder)s", folder=path))
    free = shutil.disk_usage(path).free
    said = tr("%(count)s MB are free on its disk", count=free // 1_000_000)
    if free < ROOM:
        yield Finding("disk", "wrong", said, (tr("Make room: nothing is accepted that cannot be kept."),))
    else:
        yield Finding("disk", "right", said)


def port(client: Client, station: StationConfig, number: int) -> tuple[Finding, Health | None]:
    """Who has the station's port; the station, where it is one."""
    try:
        health = client.ask("GET", "/healthz", Health)
    except NotRunning:
        return _silent(station.host, number), None
    except ComptoirError:
        if earlier_service(station.host, number):
            said = tr("the earlier till service has port %(port)s", port=number)
            todo = tr("Stop it and keep it from starting, then: comptoir import-config PATH_OF_ITS_config.ini")
        else:
            said = tr("another program has port %(port)s", port=number)
            todo = tr("Stop it, or choose another port: port = … under [station].")
        return Finding("port", "wrong", said, (todo,)), None
    said = tr("station %(name)s: running at %(address)s", name=health["name"], address=client.base)
    return Finding("port", "right", said), health


def _silent(host: str, number: int) -> Finding:
    start = tr("Start it with: comptoir up   (or: comptoir station)")
    host = EVERYWHERE.get(host, host)
    try:
        with closing(socket.create_server((host, number), family=_family(host))):
            return Finding("port", "wrong", tr("no station runs; port %(port)s is free", port=number), (start,))
    except OSError:
        said = tr("a program that does not speak HTTP has port %(port)s", port=number)
        return Finding("port", "wrong", said, (tr("Stop it, or choose another port: port = … under [station]."),))


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def ipv6(station: StationConfig, number: int, runs: bool) -> Finding:
    """Browsers try “localhost” over IPv6 first."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return Finding("ipv6", "note", tr("this machine has no IPv6; browsers reach the station at 127.0.0.1"))
    if runs and station.host in ("127.0.0.1", "localhost", *EVERYWHERE):
        try:
            socket.create_connection(("::1", number), timeout=2).close()
        except OSError:
            return Finding("ipv6", "wrong", tr("the station does not answer at [::1]:%(port)s", port=number),
                           (tr("Restart it; if that does not help, look for a firewall."),))  # fmt: skip
    return Finding("ipv6", "right", tr("localhost answers over IPv4 and IPv6"))


def certificate(data: Path, station: StationConfig, now: float) -> Finding:
    """Whether browsers get one that holds."""
    where = data / certificates.FOLDER
    try:
        if station.certificate:
            shown = own_certificate.check_own(data, station)
        else:
            authority = (where / certificates.AUTHORITY).read_bytes()
            shown = tls.shown(tls.server_context(where / certificates.SERVER), authority)
    except FileNotFoundError:
        return Finding(
            "certificate", "note", tr("there is no certificate yet: the first start of the station makes it")
        )
    except ConfigError as error:
        message, hint = speech.error(error)
        return Finding("certificate", "wrong", message, (hint,))
    except (OSError, ValueError) as error:
        said = tr("the certificate cannot be read: %(why)s", why=getattr(error, "strerror", None) or error)
        todo = tr("Run this as the user of the service. If the files are damaged, a restart makes them anew.")
        return Finding("certificate", "wrong", said, (todo,))
    life, names = shown.life, ", ".join(shown.names)
    if life.begins_at <= now * 1000 <= life.ends_at:
        said = tr("the certificate holds until %(day)s, for %(names)s", day=iso(life.ends_at)[:10], names=names)
        return Finding("certificate", "right", said)
    said = tr("the certificate holds from %(first)s to %(last)s only",
              first=iso(life.begins_at)[:10], last=iso(life.ends_at)[:10])  # fmt: skip
    todo = tr("Check the clock of this machine. If it is right, put a new certificate there, or empty %(folder)s, "
              "restart, and trust the new authority: comptoir doctor --trust", folder=where)  # fmt: skip
    return Finding("certificate", "wrong", said, (todo,))


def trust(told: Trust) -> Iterator[Finding]:
    """Which systems and browsers believe it. Not believed is not wrong: who uses http needs none of it."""
    for store in told.look():
        yield _store(store)


def _store(store: StoreState) -> Finding:
    if store.trusted:
        return Finding("trust", "right", tr("%(store)s: trusts the certificate", store=store.name))
    if store.state == "unknown":
        said = tr("%(store)s: it cannot be told whether it trusts the certificate (%(why)s)", store=store.name,
                  why=store.why)  # fmt: skip
    else:
        said = tr("%(store)s: does not trust the certificate; https:// is warned of there", store=store.name)
    todo = (tr("comptoir doctor --trust installs it."),) if store.installable else (tr("Type:"), *store.commands)
    return Finding("trust", "note", said, todo)


def journal(path: Path) -> Finding:
    """The newest events, and the noted head."""
    try:
        if not path.exists():
            return Finding("journal", "note", tr("there is no journal yet: the first start of the station makes it"))
        right, latest = _chain(path)
    except (JournalError, OSError, *DAMAGED) as error:
        right, latest = False, str(getattr(error, "message", error))
    if right:
        return Finding("journal", "right", tr("the journal is as it was written, up to %(time)s", time=latest))
    todo = tr("comptoir journal verify says what is wrong.")
    return Finding("journal", "wrong", tr("the journal is not as it was written: %(why)s", why=latest), (todo,))


def _chain(path: Path) -> tuple[bool, str]:
    """Whether the newest events follow each other up to the noted head; when the last one was."""
    with closing(connect(path, read_only=True)) as db:
        db.execute("BEGIN")
        columns = "SELECT seq, at, kind, job, body, hash FROM events ORDER BY seq DESC LIMIT ?"
        events = [Event(*row) for row in db.execute(columns, (RECENT,))]
        head = db.execute("SELECT seq, hash FROM head").fetchone()
    if not events:
        return True, "—"
    if len(events) < RECENT:
        events.append(Event(0, 0, "", None, "", GENESIS))
    for later, before in pairwise(events):
        follows = link(before.hash, later.seq, later.at, later.kind, later.job_id, later.body)
        if follows != later.hash or later.seq != before.seq + 1:
            return False, tr("event %(number)s was changed", number=later.seq)
    if head is None or tuple(head) != (events[0].seq, events[0].hash):
        return False, tr("its end was changed")
    return True, iso(events[0].at)


def printers(client: Client) -> Iterator[Finding]:
    """As the running station tells."""
    for printer in client.ask("GET", "/api/printers", Printers)["printers"]:
        yield _printer(printer)


def _printer(printer: Printer) -> Finding:
    why = printer["message"].removesuffix(".")
    state = tr("ready") if printer["ready"] else speech.reason(printer["reason"], why)
    said = tr("printer %(name)s (%(device)s): %(state)s", name=printer["name"], device=printer["device"], state=state)
    return Finding("printer", "right" if printer["ready"] else "wrong", said)


def clock(now: float, path: Path) -> Finding:
    """Against this version's age, and the newest event of the journal."""
    newest = 0.0
    try:
        with closing(connect(path, read_only=True)) as db:
            newest = (db.execute("SELECT max(at) FROM events").fetchone()[0] or 0) / 1000
    except (JournalError, OSError, *DAMAGED):
        pass  # the journal has its own check
    local = time.strftime("%Y-%m-%d %H:%M", time.localtime(now))
    if now < max(WRITTEN, newest - DAY):
        said = tr("the clock of this machine is behind: it says %(time)s", time=local)
        return Finding(
            "clock", "wrong", said, (tr("Set it, and let the system keep it: tickets and certificates expire."),)
        )
    return Finding("clock", "right", tr("the clock of this machine says %(time)s", time=local))


def hub(health: Health, config: Config) -> Iterator[Finding]:
    """The link, where there is one."""
    found = health.get("hub")
    if found is None:
        return
    if found["connected"]:
        yield Finding("hub", "right", tr("linked to %(hub)s", hub=found["url"]))
    else:
        said = tr("not linked to %(hub)s: %(why)s", hub=found["url"], why=speech.known(found["trouble"]))
        yield Finding("hub", "wrong", said, (speech.known(found["hint"]),) if found["hint"] else ())


def address(config: Config, number: int) -> str:
    return f"http://{here(config.station.host)}:{number}"
