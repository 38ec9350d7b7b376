"""A mortal dies where it is told to, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from tests.peers.mortal import Mortal
from tests.peers.services import ask, free_port


def test_it_dies_at_the_step_it_is_told_and_lives_again(tmp_path: Path) -> None:
    port = free_port()
    data = tmp_path / "data"
    with Mortal("station", "--data", data, "--port", str(port)) as station:
        assert not station.start("Station ", fatal=1), "before the first step"
        assert not (data / "journal.db-wal").exists() or (data / "journal.db-wal").stat().st_size == 0
        lived = 1
        while not station.start("Station ", fatal=lived):
            lived += 1
        assert lived > 4, "the first start brings something to the disk"
        station.kill()  # before the archive, which goes on beside it, brings it to that step
        assert not station.lives
        assert station.start("Station ")
        assert ask(f"http://127.0.0.1:{port}/healthz")
        assert station.stop() == 0


def test_frozen_it_does_not_answer_until_it_is_thawed(tmp_path: Path) -> None:
    with Mortal("station", "--data", tmp_path, "--port", str(free_port())) as station:
        station.start("Station ")
        station.freeze()
        assert Path(f"/proc/{station.pid}/stat").read_text().split()[2] in "TR"
        station.thaw()
        assert station.stop() == 0
