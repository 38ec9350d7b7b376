"""What `status` and `jobs` tell a person: nothing that steers the terminal, the local time, the link to the hub."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.peers.command import comptoir, port_of, running
from tests.peers.services import Service, ask

from comptoir.cli import main
from comptoir.cli.client import Client, _clock


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("station")) as one:
        yield one


def here(station: Service, folder: Path) -> list[str]:
    return ["--data", str(folder), "--port", port_of(station)]


def test_a_title_does_not_steer_the_terminal(station: Service, tmp_path: Path) -> None:
    """Whoever may print chooses it; the administrator reads it."""
    title = "\x1b]0;PWNED\x07\x9b2J\u202eX\nx\U0001f468\u200d\U0001f373"
    ask(f"{station.url}/api/print", {"content": "x", "title": title})
    place = here(station, tmp_path)
    shown = "\\x1b]0;PWNED\\x07\\x9b2J\\u202eX\\nx\U0001f468\u200d\U0001f373"
    assert shown in comptoir("jobs", *place).stdout.decode()
    told = comptoir("jobs", "--json", *place).stdout.decode()
    assert not set(told) & set("\x1b\x07\x9b\u202e")
    assert json.loads(told)[0]["title"] == title
    found = comptoir("print", "-", "--printer", "\x9b2JNOPE", *place, given=b"x")
    assert "“\\x9b2JNOPE”" in found.stderr.decode()


def test_times_are_those_of_the_clock_on_the_wall(station: Service, tmp_path: Path) -> None:
    comptoir("print", "-", *here(station, tmp_path), given=b"x")
    job = json.loads(comptoir("jobs", "--json", "--limit", "1", *here(station, tmp_path)).stdout)[0]
    there = timezone(timedelta(hours=5, minutes=30))
    at = datetime.fromisoformat(job["created_at"]).astimezone(there)
    said = comptoir("jobs", *here(station, tmp_path), environ={"TZ": "XXX-5:30"}).stdout.decode()
    assert f"  {at:%Y-%m-%d %H:%M:%S}  " in said


def test_what_is_no_time_is_told_as_it_is() -> None:
    assert _clock("soon") == "soon"


UP = {"url": "wss://hub/relay", "connected": True, "trouble": "", "hint": ""}
DOWN = UP | {
    "connected": False,
    "trouble": "the hub does not know this station",
    "hint": "Pair it again: comptoir pair HUB_URL CODE",
}
LINKS = [
    # what /healthz tells, exit code, what is said of the link
    ({}, 0, []),
    ({"hub": None}, 0, ["It is linked to no hub. To link it: comptoir pair HUB_URL CODE"]),
    ({"hub": UP}, 0, ["hub wss://hub/relay: linked"]),
    (
        {"hub": DOWN},
        1,
        [
            "hub wss://hub/relay: not linked; the hub does not know this station",
            "  → Pair it again: comptoir pair HUB_URL CODE",
        ],
    ),
    ({"hub": UP | {"connected": False}}, 1, ["hub wss://hub/relay: not linked"]),
]


@pytest.mark.parametrize(("health", "code", "said"), LINKS, ids=range(len(LINKS)))
def test_status_says_whether_the_hub_is_linked(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    health: dict[str, Any],
    code: int,
    said: list[str],
) -> None:
    answers = {
        "/healthz": {"name": "bar", **health},
        "/api/printers": {"printers": []},
        "/api/folders": {"folders": []},
        "/api/captures": {"captures": []},
    }

    def ask(self: Client, method: str, path: str, wanted: type[Any]) -> Any:
        return msgspec.convert(answers.get(path, {"prints": []}), wanted)

    monkeypatch.setattr(Client, "ask", ask)
    assert main(["status", "--data", str(tmp_path)]) == code
    assert capsys.readouterr().out.splitlines()[1:] == said
    monkeypatch.setenv("LC_ALL", "fr_FR")
    main(["status", "--data", str(tmp_path)])
    french = capsys.readouterr().out
    assert ("non relié\u202f; le hub ne connaît" in french) == ("trouble" in str(health) and len(said) == 2), french


def test_status_says_how_folders_are(tmp_path: Path) -> None:
    """And is no success while one of them needs somebody."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "half.pdf").write_bytes(b"%PDF-1.7 cut")
    folders = "".join(
        f'[[source]]\nkind = "folder"\nname = "{name}"\npath = "{(tmp_path / name).as_posix()}"\nscan = "1 s"\n'
        f'[[route]]\nfrom = "{name}"\nto = []\nkeep = "1 day"\n'
        for name in ("a", "b")
    )
    with running(tmp_path / "data", config=f'language = "en"\n{folders}') as station:
        station.wait_for("half.pdf")
        run = comptoir("status", *here(station, tmp_path))
        assert f"folder a ({tmp_path / 'a'}): in order; 1 waiting" in run.stdout.decode()
        assert run.returncode == 0
        (tmp_path / "b").rmdir()
        station.wait_for("Folder b cannot be read now")
        run = comptoir("status", *here(station, tmp_path))
        assert f"folder b ({tmp_path / 'b'}): {tmp_path / 'b'} is not there; 0 waiting" in run.stdout.decode()
        assert run.returncode == 1
        told = json.loads(comptoir("status", "--json", *here(station, tmp_path)).stdout)
        assert [one["name"] for one in told["folders"]] == ["a", "b"]
        station.stop()


def test_status_and_doctor_say_that_a_source_takes_nothing(tmp_path: Path) -> None:
    """Where nothing is captured, nothing is in order: the night's prints would be lost."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        source = f'language = "en"\n[[source]]\nkind = "port9100"\nname = "caisse"\nport = {port}\n'
        with running(tmp_path / "data", config=source) as station:
            run = comptoir("status", *here(station, tmp_path))
            said = f"captured prints caisse: the port {port} cannot be listened on: Address already in use"
            assert f"{said}; 0 taken since the start" in run.stdout.decode()
            assert run.returncode == 1
            run = comptoir("doctor", "--data", str(tmp_path / "data"), "--port", port_of(station))
            assert f"✗ {said}" in run.stdout.decode()
            assert run.returncode == 1
