"""What the rules of today would do, without doing it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from tests.peers.clock import START
from tests.peers.taken import Taken

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import Config, PrinterConfig, RouteConfig
from comptoir.core.watch import Entry, FolderState, Kind
from comptoir.station.folders import dry_run as module
from comptoir.station.folders.dry_run import DryRun
from comptoir.station.folders.planning import NO_ROUTE, Planning
from comptoir.web.folder_desk import DryRow

NS = 1_000_000


@dataclass
class Lying:
    """A source of which a test says what lies in its folder."""

    lying: list[Entry] = field(default_factory=list)
    on_change: list[Callable[[], None]] = field(default_factory=list)

    def state(self) -> FolderState:
        return FolderState("factures", "/in")

    def entries(self, kind: Kind, text: str, limit: int) -> Sequence[Entry]:
        return [one for one in self.lying if one.kind == kind][:limit]

    def rescan(self) -> None: ...

    async def run(self) -> None: ...


async def rows(office: Taken, *lying: Entry, days: int = 7) -> dict[str, DryRow]:
    config = Config(
        printer=(PrinterConfig(name="FACTURE", device="virtual:"),),
        source=(FolderSourceConfig(name="factures", path=str(office.folder)),),
        route=(
            RouteConfig(
                source="factures", to=("FACTURE",), types=("application/pdf",), original="move:done",
                name="{name}_1{ext}", keep="1 day",
            ),
        ),
    )  # fmt: skip
    trial = DryRun(Planning(lambda: config, office.clock), office.journal.ledger, office.clock)
    found = await trial.rows("factures", office.folder, Lying(list(lying)), days)
    return {row.path: row for row in found}


async def test_what_lies_there_is_told_by_its_content(office: Taken) -> None:
    (office.folder / "new.bin").write_bytes(b"%PDF-1.7")
    (office.folder / "text.pdf").write_bytes(b"hello")
    found = await rows(
        office, Entry("new.bin", 8, START * NS, "waiting", "quiet"), Entry("text.pdf", 5, 0, "failed", "unreadable")
    )
    assert found["new.bin"] == DryRow(
        "new.bin", 8, "application/pdf", START, ("FACTURE",), "new_1.bin", "move:done", 86_400_000
    )
    assert found["text.pdf"] == DryRow("text.pdf", 5, "text/plain", 0, reason=NO_ROUTE)
    assert not await office.originals()


async def test_what_its_name_or_its_age_keeps_out_says_so(office: Taken) -> None:
    (office.folder / "old.pdf").write_bytes(b"%PDF-1.7")
    found = await rows(office, Entry("old.pdf", 8, 0, "ignored", "existing"), Entry("x", 1, 0, "ignored", NO_ROUTE))
    assert (found["old.pdf"].destinations, found["old.pdf"].reason) == ((), "existing")
    assert found["x"].reason == NO_ROUTE
    assert (await rows(office, Entry("x.part", 1, 0, "ignored", "*.part")))["x.part"].reason == "*.part"


async def test_a_file_that_has_gone_meanwhile_is_of_no_type(office: Taken) -> None:
    found = await rows(office, Entry("gone.pdf", 8, 0, "waiting", "quiet"))
    assert found["gone.pdf"].media_type == "application/octet-stream"


async def test_what_was_taken_in_the_last_days(office: Taken) -> None:
    await office.take("a.pdf", "FACTURE")
    office.clock.advance(2 * 86_400_000)
    assert (await rows(office, days=2))["a.pdf"].destinations == ("FACTURE",)
    assert await rows(office, days=1) == {}


async def test_a_folder_of_any_size_is_looked_at_in_part(office: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    assert len(await rows(office, *(Entry(str(number), 1, 0, "waiting", "") for number in range(5)))) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in directories, and links for administrators only")
async def test_pipes_hold_nobody_up_and_links_lead_nowhere(office: Taken) -> None:
    """They are shown as left alone; who may write into the folder could have put anything there."""
    (office.folder.parent / "elsewhere").write_bytes(b"%PDF-1.7")
    (office.folder / "link.pdf").symlink_to("../elsewhere")
    os.mkfifo(office.folder / "pipe.pdf")
    lying = [Entry(f"{what}.pdf", 0, 0, "ignored", rule) for what, rule in (("link", "link"), ("pipe", "special"))]
    found = await asyncio.wait_for(rows(office, *lying), 5)
    assert [(row.media_type, row.destinations) for row in found.values()] == [("application/octet-stream", ())] * 2


async def test_a_folder_that_does_not_answer_is_not_waited_for_ever(
    office: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = threading.Event()
    monkeypatch.setattr(module, "_types", lambda *_: hangs.wait())
    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    assert (await rows(office, Entry("a.pdf", 8, 0, "waiting", "quiet")))["a.pdf"].reason == NO_ROUTE
    hangs.set()
