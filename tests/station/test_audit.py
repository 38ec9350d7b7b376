"""What the journal has taken in stands in the log, in the language of the shop, and nothing secret with it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.peers.clock import FakeClock
from tests.peers.logged import lines, logging_to
from tests.peers.signed_in import PASSWORD, SignedIn
from tests.peers.site import Site
from tests.peers.watch import eventually

from comptoir.config import Config, PrinterConfig, StationConfig
from comptoir.journal.sqlite import SqliteJournal
from comptoir.station.app import Station
from comptoir.station.audit import Audit

#: without a sensor, its printer answers in its turn
VIRTUAL = (PrinterConfig(name="TICKET", device="virtual:"),)


def plain(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


def shop(folder: Path, clock: FakeClock, language: str = "fr") -> Site:
    config = Config(language=language, station=StationConfig(port=0), printer=VIRTUAL)  # type: ignore[arg-type]
    return Site(Station(config, folder, clock), clock)


async def test_an_opening_stands_in_the_log_with_who_and_why(tmp_path: Path) -> None:
    clock = FakeClock()
    with logging_to(tmp_path, clock) as book:
        async with shop(tmp_path, clock) as site:
            assert (await site.ask("POST", "/api/drawer/open", {"reason": "monnaie", "order": "0042"})).status == 200
        (line,) = [plain(line) for line in lines(book) if "Tiroir-caisse" in line]
    assert line == (
        "INFO - Tiroir-caisse ouvert avec succès : TICKET (l’imprimante a envoyé l’impulsion)"
        " · depuis cet ordinateur · motif « monnaie » · vente 0042"
    )


async def test_the_language_is_that_of_the_shop_as_it_is_now(tmp_path: Path) -> None:
    clock, language = FakeClock(), ["en"]
    journal = await SqliteJournal.open("", tmp_path / "journal", clock)
    heard: list[str] = []
    with logging_to(tmp_path, clock) as book:
        audit = Audit(journal, lambda: language[0], heard.append)
        await journal.note("signed-in", {"peer": "192.168.1.9"})
        await eventually(lambda: heard == ["signed-in"])
        language[0] = "fr"
        await journal.note("drawer-failed", {"printer": "TICKET", "error": "drawer-stuck"})
        await journal.note("drawer-asked", {"printer": "TICKET"})
        await eventually(lambda: len(heard) == 2)
        audit.stop()
        await journal.note("signed-in", {})
        await journal.close()
        told = [plain(line) for line in lines(book)]
    assert told == [
        "INFO - Signed in · from 192.168.1.9",
        "ERROR - Erreur lors de l’ouverture du tiroir : TICKET. Le tiroir ne s’est pas ouvert.",
    ]
    assert heard == ["signed-in", "drawer-failed"]


async def test_what_others_wrote_makes_no_line_of_its_own(tmp_path: Path) -> None:
    clock, forged = FakeClock(), "x\n2026-11-21 10:11:12,345 - INFO - Tiroir-caisse ouvert avec succès\x1b[2J\u2028"
    with logging_to(tmp_path, clock) as book:
        async with shop(tmp_path, clock) as site:
            before = len(lines(book))
            for order in ({"reason": forged}, {"order": forged[:64]}):
                await site.ask("POST", "/api/drawer/open", order)
                clock.advance(2000)
            await site.journal.note("page-refused", {"site": forged, "path": forged, "host": forged, "count": 1})
            await eventually(lambda: len(lines(book)) == before + 3)
            text = "\n".join(lines(book)[before:])
    assert len(text.splitlines()) == 3
    assert "\x1b" not in text
    assert "\\n2026-11-21" in text


async def test_nothing_secret_stands_in_log_journal_page_or_export(tmp_path: Path) -> None:
    clock = FakeClock()
    with logging_to(tmp_path, clock) as book:
        async with shop(tmp_path, clock) as site:
            owner = await SignedIn.by_password(site)
            wrong = b"password=a+wrong+password+of+mine"
            await site.ask("POST", "/config/login", wrong, {"Content-Type": "application/x-www-form-urlencoded"})
            await owner.ask("POST", "/api/drawer/open", {"reason": "r"}, Authorization="Bearer a-token-of-mine")
            secret = await owner.secret()
            shown = ("/journal", "/journal?show=access", "/journal?show=drawer", "/journal/log")
            pages = [await owner.page(path) for path in shown]
            export = "/api/drawer/openings?format="
            exports = [(await owner.get(export + form)).body.decode() for form in ("csv", "json")]
            events = [event.body for event in await site.journal.events(limit=1000)]
            log = lines(book)
    found = "\n".join([*log, *exports, *events, *pages])
    assert "Connexion refusée" in found
    for text in (PASSWORD, "wrong password of mine", "a-token-of-mine", owner.cookie.partition("=")[2]):
        assert text not in found
    assert secret not in "\n".join([*log, *exports, *events])
