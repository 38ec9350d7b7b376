"""A hundred jobs on one printer that fails again and again, and a printer at the far end of the chain: what is said
of each job is what is on paper."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.peers.services import Pair, ask, stop_all
from tests.peers.shop import PRINTER, Loop, NetworkPrinter, Shop, receipt, settled, until

pytestmark = pytest.mark.xdist_group("journeys")

SEED = 1042
ROUNDS = 20
JOBS = 5  # a round
LINES = 8  # a job
#: faults that end when a person helps: what was received prints on
STOPS = ("paper", "cover", "cutter", "offline")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path, "TICKET") as one:
        yield one


Hand = Callable[[], None]  # hands over the jobs of this round, once the accident is prepared


def stop(printer: NetworkPrinter, luck: random.Random, hand_over: Hand) -> None:
    """Paper out, cover, cutter, panel; after some lines, and until somebody helps."""
    fault = luck.choice(STOPS)
    printer.faults(f"{fault}={luck.randint(1, LINES * 2)}")
    hand_over()
    printer.until(lambda: fault in printer.server.faults)
    printer.faults()


def power(printer: NetworkPrinter, luck: random.Random, hand_over: Hand) -> None:
    """Off and on, after some lines."""
    wanted = printer.lines() + luck.randint(0, LINES * 2)
    hand_over()
    printer.until(lambda: printer.lines() >= wanted)
    printer.power_cycle()


def off(printer: NetworkPrinter, luck: random.Random, hand_over: Hand) -> None:
    """Paper out in the middle; it is switched off while the roll is changed."""
    printer.faults(f"paper={luck.randint(1, LINES * 2)}")
    hand_over()
    printer.until(lambda: "paper" in printer.server.faults)
    printer.faults("off")
    printer.faults()


def slow(printer: NetworkPrinter, luck: random.Random, hand_over: Hand) -> None:
    """A few bytes at a time, and off in between."""
    printer.faults("slow")
    power(printer, luck, hand_over)
    printer.faults()


ACCIDENTS = (stop, stop, power, off, slow)


def test_a_hundred_jobs_and_twenty_accidents(shop: Shop) -> None:
    """Printed: once and whole. Unknown: once at most. Cancelled, expired: never. None is repeated by itself."""
    luck, printer = random.Random(SEED), shop["TICKET"]
    print(f"seed {SEED}")
    jobs: dict[int, str] = {}

    def hand_over() -> None:
        for _ in range(JOBS):
            mark = f"J{len(jobs)}"
            more = {"expires_in": 0.05} if luck.random() < 0.1 else {}
            jobs[shop.post("TICKET", receipt(mark, LINES), **more)] = mark
        if luck.random() < 0.3:
            withdraw(shop, max(jobs))
        # Long enough that it happens in the middle of something, also where the others are withdrawn.
        mark = f"L{len(jobs)}"
        jobs[shop.post("TICKET", receipt(mark, LINES * 3))] = mark

    for _ in range(ROUNDS):
        luck.choice(ACCIDENTS)(printer, luck, hand_over)
    told = {mark: shop.settled(job)["status"] for job, mark in jobs.items()}
    end = shop.settled(shop.post("TICKET", receipt("END", LINES)))
    assert end["status"] == "printed", "all that is in the printer is on paper"
    for mark, status in told.items():
        lines = LINES * 3 if mark.startswith("L") else LINES
        compare(mark, status, [printer.count(f"<{mark} {line}>") for line in range(1, lines + 1)])
    counts = Counter(told.values())
    assert counts["unknown"] <= ROUNDS, "no more than accidents"
    assert counts["printed"] > len(jobs) / 2, counts


def compare(mark: str, status: str, on_paper: list[int]) -> None:
    """What is said of a job with what is on paper; `on_paper`: how often each of its lines is."""
    assert status in ("printed", "unknown", "canceled", "expired"), (mark, status)
    if status == "printed":
        assert set(on_paper) == {1}, (mark, on_paper)
    elif status == "unknown":
        assert set(on_paper) <= {0, 1}, (mark, on_paper)
    else:
        assert set(on_paper) == {0}, (mark, status, on_paper)


def withdraw(shop: Shop, job: int) -> None:
    """Cancel it, if it has not begun."""
    try:
        shop.ask(f"/api/jobs/{job}", method="DELETE")
    except OSError as error:
        getattr(error, "close", lambda: None)()
        assert getattr(error, "code", 0) == 409


# -- at the end of the chain -------------------------------------------------------------------------------------------


@pytest.fixture
def far(tmp_path: Path) -> Iterator[tuple[Pair, NetworkPrinter]]:
    """A hub, its station, and the station's printer."""
    with Loop() as loop:
        printer = NetworkPrinter(loop)
        pair = Pair.make(tmp_path, PRINTER.format(name="TICKET", port=printer.port))
        yield pair, printer
        stop_all([pair.hub, pair.station])
        printer.close()


def test_the_hub_tells_the_truth_of_a_printer_far_away(far: tuple[Pair, NetworkPrinter]) -> None:
    pair, printer = far
    hub = pair.hub.url

    def post(mark: str) -> int:
        order = {"content": receipt(mark), "format": "text"}
        job: int = ask(f"{hub}/print", order)["id"]
        return job

    def wait(job: int, wanted: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        return until(f"{hub}/events", f"{hub}/print/{job}", wanted)

    printer.faults("paper=20")
    whole = post("A")
    assert wait(whole, lambda told: told["reason"] == "media-empty-error")["status"] == "sent"
    printer.faults()
    told = wait(whole, settled)
    assert told["status"] == "printed"
    assert "'kind': 'printed'" in str(told["evidence"])
    assert "process id " in str(told["evidence"])

    printer.faults("paper=20")
    torn = post("B")
    wait(torn, lambda told: told["reason"] == "media-empty-error")
    waiting = post("C")
    wait(waiting, lambda told: told["status"] == "sent")
    pair.station.kill()
    pair.station.start("linked to the hub")
    assert wait(torn, settled)["status"] == "unknown"
    assert not settled(ask(f"{hub}/print/{waiting}"))
    printer.faults()
    assert "process id " in str(wait(waiting, settled)["evidence"])
    for mark, most in (("A", 1), ("B", 1), ("C", 1)):
        on_paper = [printer.count(f"<{mark} {line}>") for line in range(1, 41)]
        assert max(on_paper) == most, mark
        assert mark == "B" or min(on_paper) == 1, mark
    assert ask(f"{hub}/print/{torn}")["status"] == "unknown"
