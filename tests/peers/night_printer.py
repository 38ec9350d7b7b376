"""A hotel's night: a station that captures on a printer of its own, and a real CUPS with queues that print on it."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from tests.peers.mortal import Mortal
from tests.peers.pdfs import pdf, text
from tests.peers.programs import installed
from tests.peers.real_printers import Cups
from tests.peers.services import ask, free_port

from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Message, Tag, decode, encode
from comptoir.wire.ipp_codes import JobState, Operation

PATIENCE = 60.0
NEEDS = ("cupsd", "lp", "lpadmin", "lpstat")

CONFIG = """
language = "fr"
{more}
[[source]]
name = "nuit"
kind = "ipp_printer"
port = {port}
tls = "never"
"""


class NightPrinter:
    """The station: `with`, then `start`, `kill`, `stop`. `data`: its folder. more: further lines of its configuration.

    Its records are read from its journal as they stand, also when it is dead.
    """

    def __init__(self, data: Path, more: str = "") -> None:
        self.data = data
        self.port, self.printer_port = free_port(), free_port()
        data.mkdir(parents=True, exist_ok=True)
        (data / "comptoir.toml").write_text(CONFIG.format(port=self.printer_port, more=more), "utf-8")
        self.process = Mortal("station", "--data", data, "--port", str(self.port))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def uri(self) -> str:
        return f"ipp://localhost:{self.printer_port}/ipp/print"

    def __enter__(self) -> NightPrinter:
        self.process.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()

    def start(self, fatal: int = 0) -> bool:
        """Whether it lives when it listens; `fatal`: the step to the disk at which it dies."""
        return self.process.start("printers are added here", fatal)

    def kill(self) -> None:
        self.process.kill()

    def kept(self) -> list[dict[str, Any]]:
        """What the archive has, with the digest of each document, in order."""
        path = self.data / "station" / "journal.db"
        if not path.exists():
            return []
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as db:
            db.row_factory = sqlite3.Row
            rows = db.execute(
                "SELECT kept.*, documents.digest, documents.size, documents.media_type FROM kept"
                " JOIN documents ON documents.id = kept.document ORDER BY kept.id"
            )
            return [{**row, "attributes": json.loads(row["attributes"] or "{}")} for row in map(dict, rows)]

    def search(self, words: str) -> list[dict[str, Any]]:
        """What a person finds."""
        found: list[dict[str, Any]] = ask(f"{self.url}/api/documents?q={quote(words)}")["documents"]
        return found


class Queues:
    """A CUPS of its own, and what its jobs are. `states` are those that it tells everybody."""

    def __init__(self, cups: Cups) -> None:
        self.cups = cups
        self._count = 0

    def add(self, uri: str) -> str:
        """A queue with `-m everywhere`; its name. Its PPD exists when this returns."""
        self._count += 1
        name = f"nuit{self._count}"
        self.cups.queue(name, uri, "-m", "everywhere")
        return name

    def print(self, queue: str, document: Path, title: str = "", user: str = "", *options: str) -> int:
        """The number of the job."""
        command = ["lp", "-d", queue, *(["-t", title] if title else []), *(["-U", user] if user else [])]
        said = subprocess.run(
            [*command, *(part for option in options for part in ("-o", option)), "--", str(document)],
            check=True, capture_output=True, text=True, timeout=PATIENCE,
            env={**os.environ, "CUPS_SERVER": str(self.cups.socket), "LC_ALL": "C.UTF-8"},
        ).stdout  # fmt: skip
        return int(said.split(f"{queue}-")[1].split()[0])

    def stopped(self, queue: str) -> bool:
        """Whether it prints nothing until somebody says so."""
        said = subprocess.run(
            ["lpstat", "-p", queue], check=True, capture_output=True, text=True, timeout=PATIENCE,
            env={**os.environ, "CUPS_SERVER": str(self.cups.socket), "LC_ALL": "C.UTF-8"},
        ).stdout  # fmt: skip
        return "disabled" in said

    def states(self) -> dict[int, JobState]:
        """Of all jobs."""
        first = {
            "attributes-charset": v.charset("utf-8"),
            "attributes-natural-language": v.language("en"),
            "printer-uri": v.uri(f"ipp://localhost:{self.cups.port}/"),
            "which-jobs": v.keyword("all"),
            "requested-attributes": v.keyword("job-id", "job-state"),
        }
        body = encode(Message(Operation.GET_JOBS, 1, (Group(Tag.OPERATION, first),)))
        with closing(http.client.HTTPConnection("127.0.0.1", self.cups.port, timeout=PATIENCE)) as connection:
            connection.request("POST", "/", body, {"Content-Type": "application/ipp"})
            answer = decode(connection.getresponse().read())
        return {
            number: JobState(state)
            for group in answer.all(Tag.JOB)
            if (number := group.number("job-id")) and (state := group.number("job-state"))
        }

    def completed(self) -> set[int]:
        return {number for number, state in self.states().items() if state == JobState.COMPLETED}

    def told(self) -> set[int]:
        """The jobs of which the printer itself has said that they are completed, as CUPS has written it down.

        CUPS 2.4.2 also takes two connections that break, one after the other, for that: under a document that is sent,
        and under the question of its monitor what became of it (`monitor_printer` in backend/ipp.c: an answer without a
        job-state). No printer can prevent it.
        """
        log = (self.cups.folder / "log" / "error_log").read_text("utf-8", "replace")
        return {int(number) for number in re.findall(r"\[Job (\d+)\] job-state enum completed", log)}

    def all_completed(self, numbers: Sequence[int], patience: float = PATIENCE) -> bool:
        """Whether these come to their end in time."""
        return until(lambda: set(numbers) <= self.completed(), patience)


@contextmanager
def queues() -> Iterator[Queues]:
    """In a folder whose name is short enough for local sockets, and that others may enter."""
    if "/usr/sbin" not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] += os.pathsep + "/usr/sbin"
    for program in NEEDS:
        installed(program)
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="night")))
        folder.chmod(0o755)
        (folder / "cups").mkdir(mode=0o755)
        yield Queues(opened.enter_context(Cups(folder / "cups")))


def until(what: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether it comes to be so in time: it is another process's doing, and nobody tells."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        if what():
            return True
        time.sleep(0.05)
    return False


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def paper(folder: Path, number: int, size: int = 0) -> Path:
    """A PDF; `size`: more bytes than the journal keeps in a row."""
    path = folder / f"{number}.pdf"
    path.write_bytes(pdf(text(f"Rapport {number}", 72, 700) + "%" + "x" * size))
    path.chmod(0o644)
    folder.chmod(0o755)
    return path


def honest(cups: Queues, station: NightPrinter, papers: dict[int, Path]) -> None:
    """What CUPS says that is printed is in the archive."""
    said = {digest(papers[number]) for number in cups.completed() & set(papers)}
    assert said <= {one["digest"] for one in station.kept() if not one["partial"]}


def honest_when_cut(cups: Queues, station: NightPrinter, papers: dict[int, Path]) -> set[int]:
    """What the printer has said that is printed is in the archive. The prints that CUPS gave up unasked, if any."""
    kept = {one["digest"] for one in station.kept() if not one["partial"]}
    assert {digest(papers[number]) for number in cups.told() & set(papers)} <= kept
    return {number for number in cups.completed() & set(papers) if digest(papers[number]) not in kept}


def all_once(station: NightPrinter, papers: dict[int, Path]) -> None:
    """The archive has each of them whole, and none twice."""
    whole = [one["digest"] for one in station.kept() if not one["partial"]]
    assert sorted(whole) == sorted(map(digest, papers.values()))
