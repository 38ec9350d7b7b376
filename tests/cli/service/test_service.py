"""The command `service`: what it says it did, and what comes next."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from filelock import FileLock
from tests.peers.services import free_port

from comptoir.cli import main, service, start_code
from comptoir.cli.service import acting
from comptoir.cli.service.installation import Installation, Role, State
from comptoir.cli.service.managers import MAIN
from comptoir.cli.service.plan import Run, Step, Write
from comptoir.cli.service.windows_manager import denied


@dataclass
class Recorded:
    """A manager that keeps what it is told in a file."""

    folder: Path
    allowed: bool = True
    answers: bool = True
    did: list[str] = field(default_factory=list)

    def check_rights(self, action: str) -> None:
        if not self.allowed:
            raise denied()

    def wanted(self, role: Role, data: Path, config: Path | None, account: str) -> Installation:
        return Installation(role, (sys.executable, "-P", str(MAIN)), data, config, account)

    def install(self, wanted: Installation, *, start: bool) -> list[Step]:
        return [Write(self.folder / "unit", json.dumps(wanted.command)), *(self.start() if start else [])]

    def uninstall(self, found: State) -> list[Step]:
        return [Run(("remove",))]

    def start(self) -> list[Step]:
        return [Run(("start",))]

    def stop(self) -> list[Step]:
        return [Run(("stop",))]

    def state(self) -> State:
        unit = self.folder / "unit"
        if not unit.exists():
            return State()
        return State("running", tuple(json.loads(unit.read_text())), "comptoir", "remove" not in self.did)

    def advice(self, wanted: Installation) -> list[str]:
        return ["Careful."]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    one = Recorded(tmp_path)
    monkeypatch.setattr(service, "manager", lambda user: one)
    monkeypatch.setattr(service, "comptoir_comes", lambda host, port: one.answers)
    monkeypatch.setattr(service, "trouble", lambda command: "")  # shown in test_windows_host.py
    monkeypatch.setitem(acting._DO, Run, lambda step: one.did.append(step.command[0]))
    return one


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def run(*words: str) -> int:
    return main(["service", *words])


def test_it_is_installed_and_says_what_comes_next(
    there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("install", "--data", str(data)) == 0
    said = capsys.readouterr().out
    assert there.did == ["start"]
    assert "Comptoir is installed as a service" in said
    assert f"Its data are in {data}" in said
    assert "Careful." in said
    assert "http://127.0.0.1:22548/" in said
    assert "comptoir service uninstall" in said


def test_again_is_an_update(there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("install", "--data", str(data))
    capsys.readouterr()
    assert run("install", "--data", str(data), "--role", "up") == 0
    said = capsys.readouterr().out
    assert "brought to this version" in said
    assert "http://127.0.0.1:22549/" in said
    assert there.state().role == "up"


def test_the_start_code_is_said_where_others_may_use_it(
    there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    (data / "comptoir.toml").write_text(f'[station]\nhost = "0.0.0.0"\nport = {port}\n')
    start_code.keep(data / "station", "QYMBTDBR")
    assert run("install", "--data", str(data)) == 0
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:{port}/" in said
    assert "QYMBTDBR" in said


def test_a_page_that_does_not_come_is_not_promised(
    there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there.answers = False
    assert run("install", "--data", str(data)) == 0
    assert "It does not answer yet." in capsys.readouterr().out


def test_it_can_be_left_stopped(there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("install", "--no-start", "--data", str(data)) == 0
    assert there.did == []
    assert "To start it: " in capsys.readouterr().out


def test_the_plan_can_be_seen(there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("install", "--dry-run", "--data", str(data)) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "start"
    assert "\\n" not in "".join(said)
    assert (there.did, there.state()) == ([], State())


@pytest.mark.parametrize("action", ["install", "uninstall", "start", "stop"])
def test_it_says_whose_right_it_is(
    there: Recorded, data: Path, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    there.allowed = False
    assert run(action, "--data", str(data)) == 2
    assert "only an administrator" in capsys.readouterr().err
    assert there.did == []


def test_a_wrong_configuration_is_installed_by_nobody(
    there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "comptoir.toml").write_text("[station]\nprot = 1\n")
    assert run("install", "--data", str(data)) == 2
    assert "prot" in capsys.readouterr().err
    assert there.did == []


def test_what_a_service_would_not_find_is_not_installed(
    there: Recorded, data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "trouble", lambda command: "ModuleNotFoundError: No module named 'aiohttp'")
    assert run("install", "--data", str(data)) == 2
    assert "aiohttp" in capsys.readouterr().err
    assert there.did == []


def test_it_is_started_with_what_was_installed(there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("install", "--no-start", "--data", str(data))
    capsys.readouterr()
    assert run("start") == 0
    assert there.did == ["start"]
    assert "http://127.0.0.1:22548/" in capsys.readouterr().out
    (data / "comptoir.toml").write_text("[station]\nprot = 1\n")
    assert run("start") == 2
    assert there.did == ["start"], "a mistake is said before"


def test_it_is_stopped_and_removed_and_the_data_stay(
    there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("install", "--no-start", "--data", str(data))
    assert run("stop") == 0
    assert run("uninstall") == 0
    assert there.did == ["stop", "remove"]
    assert f"Its data are kept: {data}" in capsys.readouterr().out


@pytest.mark.parametrize("action", ["uninstall", "start", "stop"])
def test_what_is_not_installed(there: Recorded, capsys: pytest.CaptureFixture[str], action: str) -> None:
    assert run(action) == 2
    assert "not installed as a service" in capsys.readouterr().err


def test_how_it_is(there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status") == 1
    assert "not installed" in capsys.readouterr().out
    run("install", "--data", str(data))
    capsys.readouterr()
    assert run("status") == 0
    said = capsys.readouterr().out
    assert "The service runs." in said
    assert str(data) in said
    assert run("status", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["role"], told["data"]) == ("running", "station", str(data))


@pytest.mark.parametrize("whose", ["others", "home", "root"])
def test_a_folder_with_other_things_is_not_given_away(
    there: Recorded, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], whose: str
) -> None:
    folder = Path(data.anchor) if whose == "root" else data
    (data / ("thesis.odt" if whose == "others" else "comptoir.toml")).write_text("")
    if whose == "home":
        monkeypatch.setattr(Path, "home", lambda: data / "anna")
    assert run("install", "--data", str(folder)) == 2
    assert "has other things in it" in capsys.readouterr().err
    assert there.did == []


def test_data_that_a_person_s_comptoir_uses_are_left_to_it(
    there: Recorded, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "station").mkdir()
    with FileLock(data / "station.lock"):
        assert run("install", "--data", str(data)) == 2
    assert "another Comptoir (station)" in capsys.readouterr().err
    assert there.state() == State()
    assert run("install", "--data", str(data)) == 0


def test_an_update_that_fails_leaves_running_what_ran(
    there: Recorded, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("install", "--data", str(data))
    there.did.clear()
    before, now = there.state(), replace(there.state(), status="stopped")
    states = iter([before, now])
    monkeypatch.setattr(Recorded, "state", lambda self: next(states))
    monkeypatch.setattr(Recorded, "install", lambda self, wanted, start: [Write(data / "version.txt" / "x", "")])
    (data / "version.txt").write_text("")
    assert run("install", "--data", str(data)) == 1
    assert there.did == ["start"]
