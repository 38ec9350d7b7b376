"""This system's manager: which one it is, who may tell it what, and what is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from comptoir.cli.service import accounts, managers
from comptoir.cli.service.installation import Installation, State
from comptoir.cli.service.managers import Launchd, Systemd, WindowsManager, manager
from comptoir.cli.service.plan import Run, Write
from comptoir.core.errors import RequestError

posix = pytest.mark.skipif(sys.platform == "win32", reason="managers of POSIX")


@posix
@pytest.mark.parametrize(("platform", "kind"), [("linux", Systemd), ("darwin", Launchd), ("win32", WindowsManager)])
def test_each_system_has_its_own(monkeypatch: pytest.MonkeyPatch, platform: str, kind: type) -> None:
    monkeypatch.setattr(managers.sys, "platform", platform)
    monkeypatch.setattr(managers.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert isinstance(manager(user=False), kind)


@posix
def test_a_system_without_systemd_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(managers.sys, "platform", "linux")
    monkeypatch.setattr(managers.shutil, "which", lambda name: None)
    with pytest.raises(RequestError, match="no systemd"):
        manager(user=False)


def test_windows_has_none_of_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(managers.sys, "platform", "win32")
    with pytest.raises(RequestError, match="of the computer only"):
        manager(user=True)


@pytest.mark.parametrize("kind", [Systemd, Launchd])
def test_only_the_administrator_changes_the_computer_s(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    monkeypatch.setattr(accounts, "number", lambda: 1000)
    with pytest.raises(RequestError, match="only the administrator") as caught:
        kind(False).check_rights("install")
    assert "sudo comptoir service install" in caught.value.hint
    kind(True).check_rights("install")
    monkeypatch.setattr(accounts, "number", lambda: 0)
    kind(False).check_rights("install")


@posix
def test_what_systemd_starts_runs_from_anywhere(tmp_path: Path) -> None:
    """Isolated, by its path, from another folder, without a variable: as the manager does it."""
    wanted = Systemd(False).wanted("station", tmp_path, None, "")
    assert wanted.account == "comptoir"
    command = [*wanted.program, "--version"]
    done = subprocess.run(command, cwd="/", env={}, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("comptoir "), done.stderr


@posix
def test_a_person_s_service_keeps_what_is_installed_for_that_person(tmp_path: Path) -> None:
    wanted = Systemd(True).wanted("station", tmp_path, None, "")
    assert "-I" not in wanted.program
    assert wanted.account == ""


@posix
def test_systemd_s_plan_is_for_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    there = Systemd(True)
    steps = there.install(there.wanted("hub", tmp_path / "data", None, ""), start=False)
    unit = next(step for step in steps if isinstance(step, Write))
    assert unit.path == PurePosixPath(tmp_path) / "systemd" / "user" / "comptoir.service"
    assert there.state() == State()
    Path(unit.path).parent.mkdir(parents=True)
    Path(unit.path).write_text(unit.content)
    found = there.state()
    assert (found.role, found.data) == ("hub", str(tmp_path / "data"))


def test_the_computer_s_daemon_of_macos_is_of_who_typed_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "anna")
    there = Launchd(False)
    wanted = there.wanted("station", Path("/data"), None, "")
    assert wanted.account == "anna"
    assert there.wanted("station", Path("/data"), None, "marie").account == "marie"
    plist = next(step for step in there.install(wanted, start=True) if isinstance(step, Write))
    assert plist.path == PurePosixPath("/Library/LaunchDaemons/comptoir.plist")
    assert there.state() == State()


@posix
def test_macos_is_asked_for_the_person_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "number", lambda: 501)
    assert Launchd(True).stop() == [Run(("launchctl", "bootout", "gui/501/comptoir"), may_fail=True)]


def test_the_account_of_a_service_of_windows_stays() -> None:
    there = WindowsManager()
    assert there.wanted("station", Path("C:/x"), None, "LocalSystem").account == ""
    assert there.wanted("station", Path("C:/x"), None, ".\\anna").account == ".\\anna"


def test_a_python_that_is_no_program_file_is_left_where_it_is() -> None:
    command = ("C:/Python/python.exe", "-I", "main.py")
    assert len(WindowsManager().uninstall(State("running", command))) == 3


def test_a_data_folder_that_leads_elsewhere_is_refused_before_anything(tmp_path: Path) -> None:
    try:
        (tmp_path / "data").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("links need a right here")
    if not (tmp_path / "data").exists():
        pytest.skip("Wine only pretends to make links")
    there = WindowsManager()
    with pytest.raises(RequestError, match="is a link"):
        there.install(Installation("station", ("python.exe",), tmp_path / "data"), start=True)


def test_what_others_have_put_into_the_data_folder_is_not_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (tmp_path / "comptoir.toml", "it belongs to ANNA")
    monkeypatch.setattr(managers, "stranger_in", lambda folder, account: found)
    with pytest.raises(RequestError, match="it belongs to ANNA") as caught:
        WindowsManager().install(Installation("station", ("python.exe",), tmp_path), start=True)
    assert f'takeown /f "{tmp_path}" /a /r' in caught.value.hint


def test_who_may_put_a_library_beside_the_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(managers, "others_who_may", lambda path, rights: ("ANNA",) if path.suffix == "" else ())
    (said,) = WindowsManager().advice(Installation("station", ("C:/Python/python.exe",), Path("C:/x")))
    assert "ANNA" in said


def test_who_may_write_its_configuration_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(managers, "others_who_may", lambda path, rights: ("ANNA",) if path == Path("D:/shop") else ())
    wanted = Installation("station", ("C:/Python/python.exe",), Path("C:/x"), Path("D:/shop/comptoir.toml"))
    (said,) = WindowsManager().advice(wanted)
    assert "ANNA can change what is set" in said
