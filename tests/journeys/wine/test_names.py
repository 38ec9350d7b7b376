"""Names as people give them, on a Windows whose console has few letters: paths, printers, documents, in every command.

The configuration is as Windows' editor writes it; names are some that Windows has no file for.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.services import ask, free_port
from tests.peers.wine import Wine, WineService

pytestmark = [pytest.mark.xdist_group("wine"), pytest.mark.timeout(180)]

BAR = "Bar: été 🍸."
CONFIG = f"""\
language = "fr"
[station]
name = "Café du Port"
[[printer]]
name = "AUX"
device = "virtual:"
[[printer]]
name = "{BAR}"
device = "virtual:"
[[source]]
kind = "folder"
name = "Dépôt"
path = 'C:\\Dépôt 📂'
existing = "take"
quiet = "200 ms"
scan = "500 ms"
[[route]]
from = "Dépôt"
to = ["AUX"]
keep = "10 years"
"""


@pytest.fixture(scope="module")
def data(wine: Wine) -> Path:
    folder, dropped = wine.drive / "Données d’été 😀 n°1", wine.drive / "Dépôt 📂"
    folder.mkdir()
    dropped.mkdir()
    (dropped / "reçu € 😀.txt").write_text("Bonjour l’été", "utf-8")
    (folder / "comptoir.toml").write_bytes(b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode())
    return folder


@pytest.fixture(scope="module")
def station(wine: Wine, data: Path) -> Iterator[WineService]:
    port = free_port()
    arguments = ["station", "--data", wine.path(data), "--port", str(port)]
    one = WineService(arguments, f"http://127.0.0.1:{port}", wine=wine)
    one.environ["LC_MESSAGES"] = "fr_FR"
    one.start("Station Café du Port")
    yield one
    one.stop()


def on_paper(station: WineService, count: int) -> dict[str, str]:
    """Title → printer, once there are so many. The stream of events says when to look again."""
    with urllib.request.urlopen(f"{station.url}/api/events", timeout=60) as stream:
        while True:
            jobs = ask(f"{station.url}/api/jobs")["prints"]
            found = {one["title"]: one["printer"] for one in jobs if one["status"] == "printed"}
            if len(found) >= count:
                return found
            assert stream.readline()


def test_any_name_is_printed_and_kept(station: WineService, data: Path) -> None:
    ask(f"{station.url}/api/print", {"content": "Un café à 1,20 €", "title": "œuf 🥚", "printer": BAR})
    assert on_paper(station, 2) == {"œuf 🥚": BAR, "reçu € 😀.txt": "AUX"}
    assert {path.name for path in (data / "printers").iterdir()} == {"_AUX", "Bar_ été 🍸"}


COMMANDS = """\
import sys
from comptoir.cli import main
data, port = sys.argv[1:]
for words in (["status"], ["jobs"], ["doctor"], ["documents", "search", "été"], ["journal", "verify"]):
    print(words[0], main([*words, "--data", data, *(["--port", port] if words[0] != "journal" else [])]), flush=True)
"""


def test_every_command_says_them_in_the_letters_that_there_are(station: WineService, wine: Wine, data: Path) -> None:
    """One process for all of them: a start takes seconds."""
    on_paper(station, 1)
    port = station.url.rpartition(":")[2]
    _, said = wine.run("-c", COMMANDS, wine.path(data), port, environ={"LC_MESSAGES": "fr_FR"})
    assert "Traceback" not in said
    assert [line for line in said.splitlines() if line.endswith(" 0")] == [
        "status 0", "jobs 0", "doctor 0", "documents 0", "journal 0"
    ], said  # fmt: skip
    assert "imprimante Bar: été \\U0001f378. (virtual:)" in said
    assert "reçu € \\U0001f600.txt" in said
    assert "+ le dossier des données est C:\\Données d’été" in said
