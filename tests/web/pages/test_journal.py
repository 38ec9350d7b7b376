"""The pages of the journal and of the log, at a running station."""

from __future__ import annotations

import gzip
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.peers.clock import FakeClock
from tests.peers.logged import logging_to
from tests.peers.signed_in import SignedIn
from tests.peers.site import Site

from comptoir.logbook import Logbook
from comptoir.web.openings import local_day
from comptoir.web.pages.journal import LEVELS, LINES, ROWS, SHOWN, Line, line_filter, line_of

log = logging.getLogger("comptoir.test")

DAY = 86_400_000


@asynccontextmanager
async def shop(folder: Path, **config: Any) -> AsyncIterator[tuple[Site, SignedIn, Logbook]]:
    clock = FakeClock()
    with logging_to(folder, clock) as book:
        site = Site.station(folder, **config)
        site.clock = clock
        site.service._clock = clock
        async with site:
            yield site, await SignedIn.of(site), book


async def opened(site: Site, /, **more: object) -> None:
    body = {
        "printer": "TICKET",
        "outcome": "opened",
        "reason": "",
        "order": "",
        "user": "",
        "host": "127.0.0.1",
        **more,
    }
    await site.journal.note("drawer-opened", body)
    site.clock.advance(1000)


def rows(page: str) -> list[str]:
    """The openings as they are read, without the marks."""
    found = re.findall(r'<tr id="e\d+">(.*?)</tr>', page, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row)).strip() for row in found]


# -- the journal ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/journal", "/journal/log"])
async def test_somebody_unknown_is_sent_to_sign_in(tmp_path: Path, path: str) -> None:
    """Also where nobody has chosen a password yet: the page there lets them."""
    async with Site.station(tmp_path) as site:
        answer = await site.ask("GET", path, headers={"Accept": "text/html"})
        assert answer.status in (302, 303)
        assert answer.headers["Location"] == f"/config/login?next={path}"


async def test_a_day_says_what_will_be_there(tmp_path: Path) -> None:
    async with shop(tmp_path) as (_, owner, _):
        page = await owner.page("/journal")
        assert "Mercredi 18 novembre 2026" in page
        assert "0 ouverture</b>" in page
        assert "Aucun tiroir n’a été ouvert ce jour-là." in page
        assert 'rel="next"' not in page, "tomorrow has not been yet"
        assert "Rien de tel n’a été noté" in await owner.page("/journal?show=prints")


async def test_the_openings_of_a_day_are_told_and_counted(tmp_path: Path) -> None:
    async with shop(tmp_path) as (site, owner, _):
        await opened(site, order="0042", site="https://odoo.example.com", host="192.168.1.20")
        await opened(site, outcome="sent", reason="monnaie", user="owner")
        await site.journal.note("drawer-failed", {"printer": "BAR", "error": "drawer-stuck"})
        await site.journal.note("drawer-refused", {"printer": "BAR", "error": "too-many"})
        await site.journal.note("drawer-asked", {"printer": "BAR"})
        page = await owner.page("/journal")
    told = [re.sub(r"^\d\d:\d\d:\d\d ", "", row) for row in rows(page)]
    assert told == [
        "À vérifier le service s’est arrêté entre-temps sans vente – – BAR",
        "Refusé Trop de demandes à la fois : attendez un instant. – – – BAR",
        "Pas ouvert Le tiroir ne s’est pas ouvert. – – – BAR",
        "Impulsion envoyée sans confirmation sans vente monnaie le propriétaire · depuis cet ordinateur TICKET",
        "Ouvert son capteur le dit 0042 – odoo.example.com · depuis 192.168.1.20 TICKET",
    ]
    for total in ("2 ouvertures", "2 sans vente", "1 refusée", "1 échouée", "1 à vérifier"):
        assert total in page


async def test_each_opening_has_an_address_that_stays(tmp_path: Path) -> None:
    async with shop(tmp_path) as (site, owner, _):
        for number in range(ROWS + 3):
            await opened(site, order=str(number))
        page = await owner.page("/journal")
        assert len(rows(page)) == ROWS
        assert f"{ROWS + 3} ouvertures" in page, "the totals are of the day, not of the page"
        older = await owner.page(re.findall(r'rel="next" href="([^"]+)"', page)[-1].replace("&amp;", "&"))
        assert len(rows(older)) == 3
        address = re.findall(r'<tr id="(e\d+)">\s*<th scope="row"><a href="([^"]+)"', older)
        for anchor, href in address:
            path, _, target = href.replace("&amp;", "&").partition("#")
            assert target == anchor
            assert f'<tr id="{anchor}">' in await owner.page(path)


async def test_another_day_is_another_page(tmp_path: Path) -> None:
    async with shop(tmp_path) as (site, _, _):
        await opened(site, order="hier")
        site.clock.advance(DAY)
        later = await SignedIn.of(site)
        today = local_day(site.clock.now())
        assert rows(await later.page("/journal")) == []
        page = await later.page(f"/journal?day={today - timedelta(1)}")
        assert "hier" in rows(page)[0]
        assert f'href="/journal?day={today}&amp;show=openings" rel="next"' in page


async def test_everything_else_is_told_by_its_kind(tmp_path: Path) -> None:
    async with shop(tmp_path) as (site, owner, _):
        await site.journal.note("settings-changed", {"keys": ["log.keep"], "user": "owner", "host": "127.0.0.1"})
        await site.journal.note("page-refused", {"site": "https://evil.example", "path": "/x", "count": 4})
        await site.ask("POST", "/api/print", {"content": "Bonjour"})
        await site.watch.until(lambda: any(event.kind == "job-completed" for event in site.watch.events))
        await opened(site)
        found = {part: await owner.page(f"/journal?show={part}") for part in SHOWN}
    assert "Réglages modifiés : log.keep · le propriétaire" in found["settings"]
    assert "Page web refusée : https://evil.example a demandé /x (×4)" in found["access"]
    assert "Impression 1 : imprimé" in found["prints"]
    assert "Tiroir-caisse ouvert avec succès" in found["drawer"]
    assert [part for part, page in found.items() if "log.keep" in page] == ["settings"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("day=x", "« x » n’est pas un jour."),
        ("day=2026-02-30", "Un jour s’écrit ainsi : 2026-11-21."),
        ("show=all", "La demande ne peut pas être faite telle quelle."),
        ("before=x", "Before doit être le numéro d’un événement"),
        ("before=" + "9" * 30, "Before doit être le numéro d’un événement"),
    ],
)
async def test_what_is_no_part_of_the_journal_is_refused_in_words(tmp_path: Path, query: str, said: str) -> None:
    async with shop(tmp_path) as (_, owner, _):
        answer = await owner.get(f"/journal?{query}")
        assert answer.status == 400
        assert said in answer.body.decode().replace("\u00a0", " ")


async def test_what_others_wrote_is_only_text(tmp_path: Path) -> None:
    nasty = '<script>alert(1)</script>"><img src=x>'
    async with shop(tmp_path) as (site, owner, _):
        await opened(site, **dict.fromkeys(("printer", "reason", "order", "user", "site", "host"), nasty))
        log.error("%s", nasty)
        for path in (*(f"/journal?show={part}" for part in SHOWN), "/journal/log", f"/journal/log?q={nasty}"):
            page = await owner.page(path)
            assert "<script>alert" not in page
            assert "<img src=x" not in page


async def test_it_is_said_in_english_too(tmp_path: Path) -> None:
    async with shop(tmp_path) as (site, owner, _):
        await opened(site)
        page = await owner.page("/journal?lang=en")
        assert "1 opening</b>" in page
        assert "without a sale" in page


# -- the log ----------------------------------------------------------------------------------------------------------


async def test_the_newest_line_is_first_and_what_belongs_to_it_stays_below(tmp_path: Path) -> None:
    async with shop(tmp_path) as (_, owner, _):
        log.info("eins")
        try:
            raise ValueError("kaputt")
        except ValueError:
            log.exception("zwei")
        page = await owner.page("/journal/log")
        shown = re.findall(r"<li[^>]*>(?:<time>[\d:]+</time> )?(?:<b>(\w+)</b> )?(.*?)</li>", page)
        texts = [text for _, text in shown]
        start = texts.index("zwei")
        assert shown[start][0] == "Erreur"
        assert texts[start + 1] == "Traceback (most recent call last):"
        assert texts.index("ValueError: kaputt") < texts.index("eins")


async def test_the_log_is_filtered_by_level_and_words(tmp_path: Path) -> None:
    async with shop(tmp_path) as (_, owner, _):
        log.info("Papier da")
        log.warning("Papier fehlt")
        log.error("Deckel offen")

        async def found(query: str) -> set[str]:
            page = await owner.page(f"/journal/log?{query}")
            return {text for text in ("Papier da", "Papier fehlt", "Deckel offen") if f"{text}</li>" in page}

        assert await found("level=WARNING") == {"Papier fehlt", "Deckel offen"}
        assert await found("level=ERROR") == {"Deckel offen"}
        assert await found("q=papier") == {"Papier da", "Papier fehlt"}
        assert await found("q=papier&level=WARNING") == {"Papier fehlt"}
        assert len(await found("level=invented")) == 3
        assert "Aucune ligne avec ce filtre." in await owner.page("/journal/log?q=nirgends")


async def test_who_reads_the_log_is_in_the_journal(tmp_path: Path) -> None:
    async with shop(tmp_path) as (site, owner, _):
        for _ in range(2):
            await owner.page("/journal/log")
        assert [event.kind for event in site.watch.events].count("logs-read") == 1
        assert "Logs lus · le propriétaire · depuis cet ordinateur" in await owner.page("/journal?show=access")


async def test_an_earlier_day_does_not_go_on(tmp_path: Path) -> None:
    async with shop(tmp_path) as (site, _, _):
        log.info("hier")
        yesterday = local_day(site.clock.now())
        site.clock.advance(DAY)
        log.info("heute")
        owner = await SignedIn.of(site)
        page = await owner.page("/journal/log")
        assert "heute</li>" in page
        assert "hier</li>" not in page
        assert 'data-tail="/journal/log/tail?level=&amp;q="' in page
        before = await owner.page(f"/journal/log?day={yesterday}")
        assert "hier</li>" in before
        assert "data-tail" not in before
        assert "Il n’y a plus de logs" in await owner.page("/journal/log?day=2020-01-01")


async def test_a_log_of_a_long_day_is_light(tmp_path: Path) -> None:
    """What travels: the page, its style and its script, compressed as browsers ask for it."""
    async with shop(tmp_path) as (site, owner, _):
        for number in range(LINES * 2):
            log.info("Tiroir-caisse ouvert avec succès : TICKET · depuis cet ordinateur · vente %05d", number)
        for number in range(ROWS):
            await opened(site, order=str(number), site="https://odoo.example.com")
        site.service.books.book.flush()
        static = files("comptoir.web") / "static"
        for path in ("/journal", "/journal/log"):
            headers = {"Cookie": owner.cookie, "Accept-Encoding": "gzip", "Accept": "text/html"}
            browser = aiohttp.ClientSession(auto_decompress=False)
            async with browser, browser.get(site.url + path, headers=headers) as answer:
                assert answer.headers["Content-Encoding"] == "gzip"
                body = await answer.read()
            page = gzip.decompress(body).decode()
            loaded = sum(len((static / name).read_bytes()) for name in re.findall(r"/static/([\w.]+)", page))
            assert len(body) + loaded < 60_000, path
        assert f"{LINES} dernières lignes" in page
        assert page.count("<time>") == LINES


async def test_who_may_only_read_the_log_is_not_offered_its_purge(tmp_path: Path) -> None:
    async with shop(tmp_path, network_logs=True) as (_, owner, _):
        log.info("x")
        assert 'href="/logs/purge"' in await owner.page("/journal/log")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("2026-11-21 10:11:12,345 - INFO - a - b", Line("10:11:12", "INFO", "a - b")),
        ("2026-11-21 10:11:12,345 - ERROR - ", Line("10:11:12", "ERROR", "")),
        ("Traceback (most recent call last):", Line("", "", "Traceback (most recent call last):")),
        ("", Line("", "", "")),
    ],
)
def test_a_line_is_read(text: str, line: Line) -> None:
    assert line_of(text) == line


def test_a_level_that_nobody_knows_is_shown() -> None:
    assert line_filter("ERROR", "")("2026-11-21 10:11:12,345 - NOTICE - x")
    assert set(LEVELS) == {"", "WARNING", "ERROR"}
