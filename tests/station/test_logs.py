"""The log over HTTP: the earlier service's answers, who may read, who may purge."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from tests.peers.logged_shop import Shop, shop
from tests.peers.signed_in import FORM, SignedIn
from tests.peers.site import Site

from comptoir.station import logs

log = logging.getLogger("comptoir.test")

REFUSED = b'{"message":"Permissions insuffisantes pour acc\\u00e9der aux logs","status":"error"}\n'
PURGED = b'{"message":"Logs purg\\u00e9s avec succ\\u00e8s","status":"success"}\n'
EMPTY = b'{"message":"Aucun fichier de logs \\u00e0 purger","status":"success"}\n'


# -- the file ---------------------------------------------------------------------------------------------------------


async def test_the_log_is_for_who_is_signed_in(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        for query in ("", "?day=2026-11-21"):
            answer = await one.site.ask("GET", f"/logs{query}")
            assert (answer.status, answer.body) == (403, REFUSED)
            assert answer.headers["Content-Type"] == "application/json"
        owner = await SignedIn.by_password(one.site)
        answer = await owner.get("/logs")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment; filename=cashdrawer.log"
        assert "Mot de passe défini".encode() in answer.body


async def test_the_owner_may_open_it_to_everybody(tmp_path: Path) -> None:
    async with shop(tmp_path, network_logs=True) as one:
        log.info("offen")
        assert b"INFO - offen\n" in (await one.site.ask("GET", "/logs")).body
        assert (await one.site.ask("GET", "/logs/purge")).status == 302, "to read is not to purge"


async def test_a_page_of_another_site_gets_nothing_even_then(tmp_path: Path) -> None:
    async with shop(tmp_path, network_logs=True) as one:
        answer = await one.site.ask("GET", "/logs", headers={"Origin": "https://evil.example"})
        assert (answer.status, answer.body) == (403, REFUSED)


async def test_an_earlier_day_is_to_be_had(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        yesterday = one.earlier()
        owner = await SignedIn.of(one.site)
        assert b"hier" in (await owner.get(f"/logs?day={yesterday}")).body
        today = one.book.files.day_of(one.clock.at)
        assert b"hier" not in (await owner.get(f"/logs?day={today}")).body


@pytest.mark.parametrize("day", ["../cashdrawer.log", "2026-11-31", "2020-01-01", "%00", "..%2f..%2fetc%2fpasswd", "/"])
async def test_a_day_leads_to_no_other_file(tmp_path: Path, day: str) -> None:
    async with shop(tmp_path) as one:
        (tmp_path / "logs" / "cashdrawer.log.2020-01-02.old").write_text("secret")
        answer = await (await SignedIn.of(one.site)).get(f"/logs?day={day}")
        assert answer.status == 404
        assert answer.json["status"] == "error"
        assert answer.json["message"].startswith("Fichier de logs introuvable: ")


async def test_a_log_that_is_not_there_is_said_as_before(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        answer = await (await SignedIn.of(site)).get("/logs")
        path = tmp_path / "logs" / "cashdrawer.log"
        assert answer.status == 404
        said = json.dumps(f"Fichier de logs introuvable: {path}")
        assert answer.body == f'{{"message":{said},"status":"error"}}\n'.encode()


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (PermissionError(13, "Permission denied"), 403, "Permissions insuffisantes pour accéder aux logs"),
        (OSError(5, "Input/output error"), 500, "Impossible d'accéder aux logs: Input/output error"),
    ],
)
async def test_a_log_that_cannot_be_read_is_said_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, status: int, message: str
) -> None:
    def refuse(path: Path) -> None:
        raise error

    async with shop(tmp_path) as one:
        owner = await SignedIn.of(one.site)
        monkeypatch.setattr(logs, "_can_be_read", refuse)
        answer = await owner.get("/logs")
        assert (answer.status, answer.json) == (status, {"message": message, "status": "error"})


async def test_readers_are_noted_once_a_minute(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        owner = await SignedIn.of(one.site)
        for _ in range(3):
            await owner.get("/logs")
        assert await one.kinds("logs-read") == [{"user": "owner", "host": "127.0.0.1"}]
        one.clock.advance(60_000)
        await owner.get("/logs")
        one.clock.advance(-3_600_000)
        await owner.get("/logs")
        assert len(await one.kinds("logs-read")) == 3, "also after the clock was set back"


async def test_head_and_options_do_nothing(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        one.earlier()
        owner = await SignedIn.of(one.site)
        secret = await owner.secret()
        assert (await owner.ask("HEAD", "/logs")).status == 200
        before = one.book.files.files()
        for method in ("HEAD", "OPTIONS"):
            answer = await owner.ask(method, "/logs/purge", **{"X-CSRF-Token": secret})
            assert (answer.status, answer.body) == (200, b"")
        assert (await owner.ask("OPTIONS", "/logs")).headers["Allow"] == "OPTIONS, HEAD, GET"
        assert len(one.book.files.files()) == len(before) == 2
        assert await one.kinds("logs-read") == await one.kinds("logs-purged") == []


# -- the purge --------------------------------------------------------------------------------------------------------


def size(one: Shop) -> int:
    return sum(file.size for file in one.book.files.files())


async def test_a_purge_asks_first_and_names_what_goes(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        one.earlier()
        page = await (await SignedIn.of(one.site)).page("/logs/purge")
        assert "2 fichiers, " in page
        assert "du 18 novembre 2026 au 19 novembre 2026" in page
        assert "Supprimer 2 fichiers de logs" in page
        assert size(one) > 0


async def test_a_purge_takes_all_files_and_the_journal_knows_who(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        one.earlier()
        owner = await SignedIn.of(one.site)
        await owner.secret()
        one.book.flush()
        before = size(one)
        answer = await owner.post("/logs/purge", Accept="application/json")
        assert (answer.status, answer.body) == (200, PURGED)
        assert answer.headers["Content-Type"] == "application/json"
        one.book.flush()
        (file,) = one.book.files.files()
        assert "Logs purgés : 2 fichier(s)" in file.path.read_text("utf-8").replace("\u00a0", " ")
        assert await one.kinds("logs-purged") == [{"files": 2, "bytes": before, "user": "owner", "host": "127.0.0.1"}]


async def test_a_browser_goes_back_to_the_log(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        owner = await SignedIn.of(one.site)
        answer = await owner.post("/logs/purge")
        assert (answer.status, answer.headers["Location"]) == (303, "/journal/log?told=purged")
        assert "Les logs sont purgés." in await owner.page("/journal/log?told=purged")


async def test_where_there_is_nothing_that_is_said(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        owner = await SignedIn.of(site)
        assert "Il n’y a rien à purger" in await owner.page("/logs/purge")
        answer = await owner.post("/logs/purge", Accept="*/*")
        assert (answer.status, answer.body) == (200, EMPTY)
        assert "logs-purged" not in {event.kind for event in await site.journal.events(limit=1000)}


async def test_who_is_not_signed_in_is_sent_to_sign_in_as_before(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        one.earlier()
        for accept in ("text/html", "*/*"):
            for method in ("GET", "POST"):
                answer = await one.site.ask(method, "/logs/purge", headers={"Accept": accept})
                assert (answer.status, answer.headers["Location"]) == (302, "/config/login")
        assert len(one.book.files.files()) == 2


@pytest.mark.parametrize("secret", ["", "0" * 64, "é"])
@pytest.mark.parametrize("sent", ["none", "same-origin", "cross-site"])
async def test_a_form_without_its_secret_purges_nothing(tmp_path: Path, secret: str, sent: str) -> None:
    """Also for a browser that says that the form is ours."""
    async with shop(tmp_path) as one:
        one.earlier()
        owner = await SignedIn.of(one.site)
        for accept in ("text/html", "*/*"):
            headers = {**FORM, "Sec-Fetch-Site": sent, "Accept": accept}
            answer = await owner.ask("POST", "/logs/purge", f"csrf={secret}".encode(), **headers)
            assert answer.status == 403
        assert len(one.book.files.files()) == 2
        assert await one.kinds("logs-purged") == []


async def test_nothing_goes_that_the_journal_does_not_know_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with shop(tmp_path) as one:
        one.earlier()
        owner = await SignedIn.of(one.site)
        secret = await owner.secret()
        await one.site.journal._writer.close()
        answer = await owner.ask("POST", "/logs/purge", **{"X-CSRF-Token": secret, "Accept": "*/*"})
        assert answer.status == 503
        assert len(one.book.files.files()) == 2


async def test_a_purge_that_fails_is_said_in_the_earlier_shape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise PermissionError(13, "Permission denied")

    async with shop(tmp_path) as one:
        owner = await SignedIn.of(one.site)
        monkeypatch.setattr(one.book.files, "purge", refuse)
        answer = await owner.post("/logs/purge", Accept="*/*")
        assert (answer.status, answer.json["message"]) == (500, "Erreur lors de la purge des logs: Permission denied")
