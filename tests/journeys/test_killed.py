"""A thousand jobs while hub and station are killed at random: each job ends, none is printed twice, few are unknown."""

from __future__ import annotations

import random
import sqlite3
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.peers.listener import Listener
from tests.peers.services import Pair, Service, ask, stop_all

JOBS = 1_000
KILLS = 20  # of each


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as one:
        yield one


@pytest.fixture
def pair(tmp_path: Path, listener: Listener) -> Iterator[Pair]:
    printers = f'[[printer]]\nname = "TICKET"\ndevice = "socket://127.0.0.1:{listener.port}"\n'
    one = Pair.make(tmp_path, printers)
    yield one
    stop_all([one.hub, one.station])


def post(pair: Pair, number: int) -> int:
    """Hand over one message, again and again until it is accepted; the job's number."""
    body, headers = {"content": f"message <{number}> end"}, {"Idempotency-Key": f"message-{number}"}
    while True:
        try:
            job: int = ask(f"{pair.hub.url}/print", body, headers=headers)["id"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read()) from error
        except (OSError, ValueError):
            continue  # the hub is being killed: exactly what a real client does
        return job


def ended(db: Path) -> dict[str, int]:
    """Jobs by status, as the hub's own table tells other programs."""
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as connection:
        return dict(connection.execute("SELECT status, count(*) FROM print_jobs GROUP BY status"))


def murder(service: Service, ready: str, done: threading.Event, luck: random.Random) -> int:
    """Kill and start again, at random moments, until it was done often enough; how often."""
    kills = 0
    while kills < KILLS or not done.is_set():
        if kills >= KILLS:
            break
        done.wait(luck.uniform(0.05, 0.6))
        service.kill()
        kills += 1
        service.start(ready)
    return kills


@pytest.mark.xdist_group("journeys")
def test_a_thousand_jobs_survive_forty_kills(pair: Pair, listener: Listener, tmp_path: Path) -> None:
    """Promises 1, 2 and 3 at once."""
    done = threading.Event()
    with ThreadPoolExecutor(10) as pool:
        killers = [
            pool.submit(murder, pair.hub, "Hub: ", done, random.Random(1)),
            pool.submit(murder, pair.station, "Station ", done, random.Random(2)),
        ]
        numbers = list(pool.map(lambda number: post(pair, number), range(JOBS)))
        done.set()
        kills = [killer.result() for killer in killers]
    assert len(set(numbers)) == JOBS, "a key was accepted twice"

    db = tmp_path / "a" / "hub" / "journal.db"
    settled = wait_until_settled(pair, db)
    printed = [listener.printed(b"<%d>" % number) for number in range(JOBS)]
    twice = [number for number, times in enumerate(printed) if times > 1]
    assert twice == [], "printed more than once"
    assert settled.get("printed", 0) + settled.get("unknown", 0) == JOBS, settled
    assert settled.get("unknown", 0) <= kills[1], "more unknown than kills of the station"
    assert settled["printed"] <= sum(printed), "said to be printed, and was not"
    assert pair.hub.stop() == pair.station.stop() == 0


def wait_until_settled(pair: Pair, db: Path) -> dict[str, int]:
    """The hub's stream of events says when to look again."""
    with urllib.request.urlopen(f"{pair.hub.url}/events", timeout=60) as stream:
        while True:
            counts = ended(db)
            if counts.get("queued", 0) + counts.get("sent", 0) == 0:
                return counts
            for line in stream:
                if line.startswith(b"event: job"):
                    break
