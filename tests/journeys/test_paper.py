"""Whether paper came out, with the real station and printers that fail at any moment: promise 3, "honest"."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.command import comptoir, port_of
from tests.peers.shop import NetworkPrinter, Shop, receipt

pytestmark = pytest.mark.xdist_group("journeys")

LINES = 40
OTHER = "OTHER"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path, "TICKET", OTHER) as one:
        yield one


def once_and_whole(printer: NetworkPrinter, mark: str) -> bool:
    return [printer.count(f"<{mark} {line}>") for line in range(1, LINES + 1)] == [1] * LINES


def lines_of(printer: NetworkPrinter, mark: str) -> list[int]:
    """The lines of this receipt that are on paper, as often as they are."""
    return [line for line in range(1, LINES + 1) for _ in range(printer.count(f"<{mark} {line}>"))]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("paper", "media-empty-error"),
        ("cover", "cover-open-error"),
        ("cutter", "media-jam-error"),
    ],
)
def test_stopped_at_line_20_of_40_it_waits_says_why_and_prints_once(shop: Shop, fault: str, reason: str) -> None:
    printer = shop["TICKET"]
    printer.faults(f"{fault}=20")
    job = shop.post("TICKET", receipt("A"))
    shop.stopped(job, reason)
    shown = shop.printer("TICKET")
    assert (shown["ready"], shown["reason"]) == (False, reason)
    status = comptoir("status", "--data", shop.folder / "data", "--port", port_of(shop.station))
    assert status.returncode == 1
    line = next(line for line in status.stdout.splitlines() if b"printer TICKET" in line)
    assert reason.encode() in line
    assert b".;" not in line
    other = shop.post(OTHER, receipt("B"))
    assert shop.settled(other)["status"] == "printed", "it is in nobody's way"
    assert shop.ask(f"/api/jobs/{job}")["state"] == "processing-stopped"
    assert printer.lines() < LINES

    printer.faults()
    told = shop.settled(job)
    assert (told["status"], told["evidence"]["kind"]) == ("printed", "printed")
    assert told["evidence"]["detail"].startswith("process id ")
    assert once_and_whole(printer, "A")
    assert len(printer.papers) == 1
    assert once_and_whole(shop[OTHER], "B")


def test_killed_while_it_waits_for_paper_it_is_held_and_never_repeated_by_itself(shop: Shop) -> None:
    printer = shop["TICKET"]
    printer.faults("paper=20")
    job = shop.post("TICKET", receipt("A"))
    shop.stopped(job)
    shop.restart()
    told = shop.settled(job)
    assert (told["status"], told["state"]) == ("unknown", "pending-held")
    assert comptoir("status", "--data", shop.folder / "data", "--port", port_of(shop.station)).returncode == 1
    with shop.open(f"/api/jobs/{job}/paper.png") as picture:
        assert picture.read(8) == b"\x89PNG\r\n\x1a\n", "what a person compares with the paper is shown"

    later = shop.post("TICKET", receipt("B"))
    shop.until(later, lambda told: told["reason"] == "media-empty-error")
    printer.faults()
    assert shop.settled(later)["evidence"]["kind"] == "printed"
    assert max(lines_of(printer, "A").count(line) for line in range(1, LINES + 1)) == 1, "what it had prints on"
    assert shop.ask(f"/api/jobs/{job}")["status"] == "unknown", "nobody has looked yet"

    copy = shop.ask(f"/api/jobs/{job}/reprint", {})["id"]
    assert shop.settled(copy)["status"] == "printed"
    assert "DUPLICATA" in printer.papers[-1]
    assert [paper.count("DUPLICATA") for paper in printer.papers[:-1]] == [0] * (len(printer.papers) - 1)
    assert {printer.count(f"<A {line}>") for line in range(21, LINES + 1)} <= {1, 2}
    assert once_and_whole(printer, "B")


def test_switched_off_before_the_first_byte_it_prints_once_when_it_is_back(shop: Shop) -> None:
    printer = shop["TICKET"]
    printer.faults("off")
    late = shop.post("TICKET", receipt("LATE"), expires_in=0.5)
    job = shop.post("TICKET", receipt("A"), expires_in=60)
    shop.until(job, lambda told: (told["status"], told["reason"]) == ("queued", "connecting-to-device"))
    assert shop.settled(late)["status"] == "expired"
    printer.faults()
    assert shop.settled(job)["evidence"]["kind"] == "printed"
    assert once_and_whole(printer, "A")
    assert printer.count("<LATE") == 0


def test_switched_off_in_the_middle_it_is_unknown_and_half_of_it_on_paper(shop: Shop) -> None:
    printer = shop["TICKET"]
    printer.faults("paper=20")
    job = shop.post("TICKET", receipt("A"))
    shop.stopped(job)
    printer.power_cycle()
    assert shop.settled(job)["status"] == "unknown"
    printer.faults()
    assert shop.settled(shop.post("TICKET", receipt("B")))["status"] == "printed"
    assert once_and_whole(printer, "B")
    assert 0 < len(lines_of(printer, "A")) < LINES
    assert shop.ask(f"/api/jobs/{job}")["status"] == "unknown"


def test_switched_off_before_it_has_confirmed_it_is_unknown_and_once_on_paper(shop: Shop) -> None:
    printer = shop["TICKET"]
    printer.faults("unsure")
    job = shop.post("TICKET", receipt("A"))
    printer.until(lambda: bool(printer.papers))
    assert shop.ask(f"/api/jobs/{job}")["status"] == "sent", "not confirmed, so not printed"
    printer.faults()
    printer.power_cycle()
    assert shop.settled(job)["status"] == "unknown"
    assert shop.settled(shop.post("TICKET", receipt("B")))["status"] == "printed"
    assert once_and_whole(printer, "A")
    assert once_and_whole(printer, "B")
    assert shop.ask(f"/api/jobs/{job}")["status"] == "unknown"


@pytest.fixture
def cables(tmp_path: Path) -> Iterator[Shop]:
    """A printer for each moment at which a cable can be pulled."""
    with Shop(tmp_path, "BEFORE", "MIDDLE", "BACK", "END") as one:
        yield one


def test_the_cable_pulled_at_each_stage(cables: Shop) -> None:
    """Nobody is told when a cable is pulled: silence must not become a lie, and must not print twice."""
    jobs = {}
    for name in cables.printers:
        assert cables.settled(cables.post(name, "It can answer."))["status"] == "printed"
    cables["BEFORE"].pull()
    jobs["BEFORE"] = cables.post("BEFORE", receipt("A"))
    cables.until(jobs["BEFORE"], lambda told: told["status"] == "queued" and bool(told["reason"]))
    for name in ("MIDDLE", "BACK"):
        cables[name].faults("paper=20")
        jobs[name] = cables.post(name, receipt("A"))
        cables.stopped(jobs[name])
        cables[name].pull()
        cables[name].faults()
    cables["END"].faults("unsure")
    jobs["END"] = cables.post("END", receipt("A"))
    cables["END"].until(lambda: len(cables["END"].papers) == 2)
    cables["END"].pull()
    cables["END"].faults()

    cables["BEFORE"].plug()
    assert cables.settled(jobs["BEFORE"])["evidence"]["kind"] == "printed"
    cables["BACK"].plug()
    assert cables.settled(jobs["BACK"])["evidence"]["kind"] == "printed", "the answer was only late"
    for name in ("MIDDLE", "END"):
        assert cables.settled(jobs[name])["status"] == "unknown", name
        cables[name].plug()
        assert cables.settled(cables.post(name, receipt("B")))["status"] == "printed"
        assert once_and_whole(cables[name], "B")
    for name, printer in cables.printers.items():
        assert once_and_whole(printer, "A"), f"{name}: the printer had all of it, and nobody sent it again"
