"""A hotel's nights: what its night auditors print, filed in a journal as capturing sources do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from tests.peers.clock import FakeClock
from tests.peers.pdfs import pdf, text

from comptoir.archive.pack import Packer, Pictures
from comptoir.config import Config, NightConfig, ReportConfig
from comptoir.core.document import Document, Keep, Origin, Submission
from comptoir.core.kept import Capture, Filed, Filing, Kept, Part
from comptoir.core.ports import Journal
from comptoir.core.record import Accepted
from comptoir.journal import open_journal
from comptoir.station.archive.night_sending import NightSending
from comptoir.station.archive.nights import NightKeeper

#: what the programs of a hotel call what they print; {d} is the business date, as they write it
REPORTS = (
    "Main courante du {d:%d/%m/%Y}", "Balance clients - {d:%d/%m/%Y}", "Manager Flash {d}", "Trial Balance {d}",
    "Journal des encaissements {d}", "Journal par département {d}", "Arrivées du jour ({d:%d/%m})",
    "Départs du jour ({d:%d/%m})", "Clients présents {d}", "No-shows {d}", "Rapport de police {d}",
    "Taux d’occupation 30 jours", "Taux d’occupation 90 jours", "Prévisions {d}", "Statistiques par segment {d}",
    "Statistiques par nationalité {d}", "Chiffre d’affaires hébergement {d}", "Chiffre d’affaires restaurant {d}",
    "Clôture de caisse réception {d}", "Clôture de caisse bar {d}", "Clôture de caisse restaurant {d}",
    "Ticket Z {d}", "Cartes bancaires : remise {d}", "Débiteurs {d}", "Arrhes et acomptes {d}",
    "Annulations et remises {d}", "Écarts de tarif {d}", "État des chambres {d}", "Consignes petit-déjeuner {d}",
    "Taxe de séjour {d}",
)  # fmt: skip


@dataclass
class Hotel:
    """Files prints of a night. `source`: the one that captures them."""

    journal: Journal
    source: str = "audit"
    count: int = 0

    async def prints(
        self, day: date, title: str, at: str = "02:10", *, by: str = "camille", copies: int = 1, partial: str = "",
        content: bytes = b"", printer: str = "HP-RECEPTION", source: str = "",
    ) -> Filed:  # fmt: skip
        """Print it on the night of a business date, at this time on the clock on the wall."""
        self.count += 1
        wall = time.fromisoformat(at)
        moment = datetime.combine(day + timedelta(wall < time(6)), wall).astimezone()
        said = title.format(d=day)
        document = Document.of(content or _page(said), name=f"{said}.pdf")
        origin = Origin(source or self.source, by, "reception")
        capture = Capture(
            origin, f"{self.source}-{self.count}", (Part(document),), said, printer,
            int(moment.timestamp() * 1000), copies, partial=partial,
        )  # fmt: skip
        return await self.journal.keeping.file(Filing(capture, Keep(None, day.isoformat())))

    async def night(self, day: date, titles: Sequence[str] = REPORTS, skip: Sequence[int] = ()) -> None:
        """All of these reports, a few minutes apart, but those at the places of `skip`."""
        for place, title in enumerate(titles):
            if place not in skip:
                at = time(1 + (20 + 5 * place) // 60, (20 + 5 * place) % 60)
                await self.prints(day, title, at.isoformat("minutes"), by="camille" if day.weekday() < 5 else "yann")

    async def nights(self, last: date, count: int, titles: Sequence[str] = REPORTS) -> None:
        """So many nights, the last one of this date."""
        for back in range(count - 1, -1, -1):
            await self.night(last - timedelta(back), titles)


def _page(title: str) -> bytes:
    plain = title.encode("ascii", "ignore").decode().replace("(", "").replace(")", "")
    return pdf(
        text(plain, 60, 780, 20) + "".join(text(f"{row:03}   {row * 37}.00", 60, 740 - 14 * row) for row in range(40))
    )


class NoPictures:
    """Draws nothing."""

    async def page(self, kept: Kept, page: int, width: int) -> bytes | None:
        return None


@dataclass
class House:
    """A hotel with its journal, its clock and its nights: as a station puts them together. `orders`: what was sent."""

    journal: Journal
    clock: FakeClock
    hotel: Hotel
    folder: Path
    config: Config = field(default_factory=Config)
    orders: list[Submission] = field(default_factory=list)
    pictures: Pictures = field(default_factory=NoPictures)

    def __post_init__(self) -> None:
        self.nights = self.anew()

    def anew(self) -> NightKeeper:
        """As after a restart."""
        packer = Packer(self.journal, self.pictures, self.folder / "packs")
        self.nights = NightKeeper(self.journal, self.clock, lambda: self.config, packer, self._submit)
        return self.nights

    @property
    def sending(self) -> NightSending:
        return NightSending(self.nights, self.journal, self.clock, lambda: "fr")

    def expects(self, *reports: ReportConfig, **night: Any) -> None:
        """What is written down; nothing is learned unless that is said."""
        self.config = replace(self.config, report=reports, night=NightConfig(**{"learn": False, **night}))

    def at(self, moment: str) -> None:
        """Set the clock on the wall: 2026-11-21 08:00."""
        self.clock.at = int(datetime.fromisoformat(moment).timestamp() * 1000)

    async def _submit(self, order: Submission) -> Accepted:
        self.orders.append(order)
        return await self.journal.accept(order)


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """On the morning of 2026-11-21."""
    clock = FakeClock()
    journal = await open_journal("", folder / "station", clock)
    one = House(journal, clock, Hotel(journal), folder)
    one.at("2026-11-21 08:00")
    yield one
    await journal.close()
