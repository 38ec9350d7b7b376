"""Invoices that land in the folder of downloads come out of the printer, once; what cannot be printed says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.listener import Listener
from tests.peers.office import Office, eventually, files_of, table
from tests.peers.pdfs import locked
from tests.peers.writers import Writer, paper

pytestmark = pytest.mark.xdist_group("folders")

DOWNLOADS = {"match": ["FAC*.pdf"], "to": ["FACTURE"], "quiet": "50 ms"}


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as one:
        yield one


def office_of(folder: Path, listener: Listener, language: str) -> Office:
    device = f"socket://127.0.0.1:{listener.port}"
    return Office(
        folder,
        sources={"in": DOWNLOADS},
        config=table("printer", name="FACTURE", device=device, language=language),
    )


def test_a_download_prints_once_when_it_has_its_name_and_is_removed_then(tmp_path: Path, listener: Listener) -> None:
    with office_of(tmp_path, listener, "pdf") as office, Writer(office.folders["in"]) as writer:
        for _ in writer.download("FAC 1.pdf", paper("invoice 1", 3_000), "Unconfirmed 2.crdownload"):
            assert listener.jobs == []
        [sent] = listener.wait(1)
        assert sent.count(paper("invoice 1", 3_000)) == 1, "as it is"
        office.settled()
        assert files_of(office.folders["in"]) == []
        office.restart()
        office.agrees()
        assert listener.printed(b"<invoice 1>") == 1


def test_other_downloads_are_left(tmp_path: Path, listener: Listener) -> None:
    with office_of(tmp_path, listener, "pdf") as office, Writer(office.folders["in"]) as writer:
        writer.put("holidays.pdf", paper("holidays"))
        writer.put("FAC 1.txt", b"no invoice")
        writer.put("FAC 2.pdf", paper("invoice 2"))
        listener.wait(1)
        office.settled()
        assert files_of(office.folders["in"]) == ["FAC 1.txt", "holidays.pdf"]
        assert sum(office.agrees()["ignored"].values()) == 2
        assert listener.printed(b"<holidays>") == 0


@pytest.mark.parametrize("broken", [locked(), paper("x")[:300] + b"\n%%EOF\n"], ids=["encrypted", "broken"])
def test_what_cannot_be_printed_says_so_stays_and_is_in_nobodys_way(
    tmp_path: Path, listener: Listener, broken: bytes
) -> None:
    with office_of(tmp_path, listener, "pwg") as office, Writer(office.folders["in"]) as writer:
        writer.put("FAC 1.pdf", broken)
        eventually(lambda: office.state()["originals"].get("failed") == 1)
        assert office.troubled("FACTURE"), "it says why"
        writer.put("FAC 2.pdf", paper("invoice 2"))
        listener.wait(1)
        eventually(lambda: office.state()["originals"] == {"failed": 1, "deleted": 1})
        assert files_of(office.folders["in"]) == ["FAC 1.pdf"]


def test_while_the_printer_is_off_nothing_is_removed(tmp_path: Path, listener: Listener) -> None:
    with office_of(tmp_path, listener, "pdf") as office, Writer(office.folders["in"]) as writer:
        listener.__exit__(None, None, None)
        names = [f"FAC {number}.pdf" for number in range(3)]
        for name in names:
            writer.put(name, paper(name))
        eventually(lambda: office.state()["originals"].get("waiting") == 3)
        office.restart()
        assert files_of(office.folders["in"]) == names
        with Listener(listener.port) as again:
            again.wait(3)
            office.settled()
            assert [again.printed(b"<%s>" % name.encode()) for name in names] == [1, 1, 1]
        assert files_of(office.folders["in"]) == []
