"""Real CUPS, queues that print through our backend, a station that is down or killed: all on paper, all kept, once."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.peers.backend_runs import Runs
from tests.peers.mortal import Mortal
from tests.peers.office import eventually
from tests.peers.real_printers import missing
from tests.peers.services import ask, free_port
from tests.peers.wrapped_cups import Paper, WrappedCups

pytestmark = [
    pytest.mark.skipif(os.name == "nt" or bool(missing()), reason="needs CUPS, and root (.ci/peers)"),
    pytest.mark.xdist_group("cups backend"),
]

PRINTS = 50
EACH = 3  # of the steps: every one takes its time


class Station(Mortal):
    """A station that takes what lies in the spool."""

    def __init__(self, folder: Path, spool: Path) -> None:
        data = folder / "data"
        data.mkdir()
        (data / "comptoir.toml").write_text(f'[[source]]\nkind = "cups_backend"\nname = "queues"\nspool = "{spool}"\n')
        self.port = free_port()
        super().__init__("station", "--data", data, "--port", str(self.port))

    def ask(self, path: str) -> Any:
        return ask(f"http://127.0.0.1:{self.port}{path}")

    def kept(self) -> list[dict[str, Any]]:
        """What it has; nothing while it dies."""
        try:
            told = self.ask("/api/documents?limit=200")
        except OSError:
            return []
        found: list[dict[str, Any]] = told["documents"]
        return found


@pytest.fixture
def paper() -> Iterator[Paper]:
    one = Paper()
    yield one
    one.close()


def test_the_station_is_down_and_fifty_are_printed(tmp_path: Path, paper: Paper) -> None:
    """All on paper at once, though nobody takes them; all in the archive afterwards, none twice."""
    contents = {f"Rapport n° {n} “é”": b"page %d\n" % n for n in range(PRINTS)}
    with WrappedCups() as cups, Station(tmp_path, cups.spool) as station:
        cups.queue("FACTURE", f"comptoir:/{paper.uri}")
        for number, (title, content) in enumerate(contents.items()):
            (tmp_path / f"{number}.txt").write_bytes(content)
            cups.print("FACTURE", tmp_path / f"{number}.txt", "-t", title, "-U", "audit")
        cups.done(PRINTS)
        assert Counter(paper.papers) == Counter(contents.values())
        assert station.start("Station "), station.last_words
        eventually(lambda: len(station.kept()) >= PRINTS)
        station.kill()
        assert station.start("Station "), station.last_words
        kept = station.kept()
        digests = {one["title"]: station.ask(f"/api/documents/{one['id']}")["parts"][0]["digest"] for one in kept}
        assert digests == {title: sha256(content).hexdigest() for title, content in contents.items()}
        assert len(kept) == PRINTS
        assert {(one["printer"], one["user"]) for one in kept} == {("FACTURE", "audit")}
        assert cups.entries() == []


def test_killed_at_every_step_of_taking(tmp_path: Path) -> None:
    """Right before and right after steps to the disk; what was printed is there, and once."""
    runs = Runs(tmp_path)
    with Station(tmp_path, runs.spool) as station:
        station.start("Station ")
        station.kill()
        for step in count(1):
            runs.document(b"%%PDF-%d" % step)
            runs.run(b"%%!PS-%d" % step, title=f"Print {step}", options=f"job-uuid=urn:uuid:{step:08x}")
            if station.start("Station ", fatal=EACH * step):
                eventually(lambda step=step: len(station.kept()) == step or station.status is not None)  # type: ignore[misc]
            if station.status is None:
                break
            station.died()
        assert step > 10, "there are not so few steps"
        assert sorted(one["title"] for one in station.kept()) == sorted(f"Print {n + 1}" for n in range(step))
        assert runs.files() == []


def test_cups_is_killed_while_it_prints(tmp_path: Path, paper: Paper) -> None:
    """What was on paper by then comes out once; what was in the middle, a person decides."""
    with WrappedCups() as cups:
        cups.queue("FACTURE", f"comptoir:/{paper.uri}")
        paper.flowing.clear()
        (tmp_path / "a.txt").write_bytes(b"a\n")
        cups.print("FACTURE", tmp_path / "a.txt")
        assert paper.connected.wait(20)
        cups.kill()
        paper.flowing.set()  # the backend outlives CUPS and prints to the end
        eventually(lambda: cups.states() == ["printed"])
        cups.start()
        cups.done()
        assert paper.papers == [b"a\n"], cups.log


def test_a_power_cut_while_it_prints(tmp_path: Path) -> None:
    """Nobody can know how far it came: the job is held, and printed when a person has released it."""
    with WrappedCups() as cups:
        begun, paper = cups.folder / "begun", cups.folder / "paper"
        cups.backend("slow", f"cat > {paper}; echo $PPID $$ > {begun}.part; mv {begun}.part {begun}; exec sleep 60")
        cups.queue("FACTURE", "comptoir:/slow://printer")
        (tmp_path / "a.txt").write_bytes(b"a\n")
        job = cups.print("FACTURE", tmp_path / "a.txt")
        eventually(begun.exists)
        cups.kill()
        for process in begun.read_text().split():
            os.kill(int(process), signal.SIGKILL)
        paper.unlink()
        cups.backend("slow", f"cat $6 > {paper}")
        cups.start()
        eventually(lambda: cups.states() == ["unknown"])
        eventually(lambda: "It is not known whether this was printed" in cups.log)
        assert not paper.exists()
        assert cups.waiting() == [job]
        cups.run("lp", "-i", f"FACTURE-{job}", "-H", "resume")
        cups.done()
        assert paper.read_bytes() == b"a\n"
        assert len(cups.entries()) == 1
