"""What the doctor says of folders and destinations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from comptoir.arrivals import FolderSourceConfig
from comptoir.cli import folder_checks
from comptoir.cli.checks import Finding
from comptoir.config import Config, RouteConfig
from comptoir.destinations import FolderConfig, MaarchConfig
from comptoir.sinks import DESTINATIONS


def of_source(path: Path, original: str = "keep", **more: Any) -> Finding:
    source = FolderSourceConfig(name="factures", path=str(path), **more)
    route = RouteConfig(source="factures", to=("TICKET",), original=original)
    (finding,) = folder_checks.sources(Config(source=(source,), route=(route,)))
    return finding


def test_a_folder_that_can_be_read_is_right(tmp_path: Path) -> None:
    finding = of_source(tmp_path, watch="events")
    assert (finding.state, finding.said) == (
        "right", f"folder factures: {tmp_path} can be read, and tells of its changes",
    )  # fmt: skip
    assert of_source(tmp_path, watch="poll", scan="5 s").said.endswith("can be read, and is looked through every 5 s")


def test_a_folder_that_is_not_there_or_none_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, said in ((tmp_path / "no", "is not there"), (tmp_path / "file", "is a file")):
        finding = of_source(path)
        assert finding.state == "wrong"
        assert said in finding.said
        assert finding.todo


def test_a_folder_that_refuses_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    finding = of_source(tmp_path)
    assert (finding.state, finding.said) == ("wrong", f"folder factures: {tmp_path} cannot be read: Permission denied")


@pytest.mark.parametrize(
    ("original", "refused", "state"),
    [
        ("keep", "in", "right"),
        ("delete", "in", "wrong"),
        ("delete", "out", "right"),
        ("move:out", "in/out", "wrong"),
        ("move:new/deep", "in", "wrong"),
        ("move:new/deep", "out", "right"),
    ],
)
def test_originals_must_be_able_to_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, original: str, refused: str, state: str
) -> None:
    (tmp_path / "in" / "out").mkdir(parents=True)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path / refused)
    assert of_source(tmp_path / "in", original).state == state


def of_maarch(folder: Path) -> list[Finding]:
    maarch = MaarchConfig(name="archives", url="https://rm.example.com", token_file="laabs.token")
    return list(folder_checks.destinations(Config(destination=(maarch,)), folder))


def test_a_secret_must_be_there_and_private(tmp_path: Path) -> None:
    (missing,) = of_maarch(tmp_path)
    assert missing.state == "wrong"
    assert f"token_file: {tmp_path / 'laabs.token'} cannot be read" in missing.said
    (tmp_path / "laabs.token").write_text("secret")
    (tmp_path / "laabs.token").chmod(0o640)
    (shared,) = of_maarch(tmp_path)
    assert (shared.state, shared.todo) == ("wrong", (f"Type: chmod 600 {tmp_path / 'laabs.token'}",))
    (tmp_path / "laabs.token").chmod(0o600)
    (right,) = of_maarch(tmp_path)
    assert right == Finding("destination", "right", "destination archives: what it needs is there")


def test_no_secret_is_shown(tmp_path: Path) -> None:
    (tmp_path / "laabs.token").write_text("very-secret")
    assert "very-secret" not in str(of_maarch(tmp_path))


def test_what_is_not_installed_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "laabs.token").touch(0o600)
    monkeypatch.setitem(DESTINATIONS, "maarch", "no_such_library:make")
    (finding,) = of_maarch(tmp_path)
    assert (finding.state, finding.todo) == ("wrong", ("Type: pip install comptoir[maarch]",))
    assert "no_such_library" in finding.said


def test_a_destination_that_is_a_folder_must_be_writable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(path: Path, *, create: bool = False) -> str:
        config = Config(destination=(FolderConfig(name="copies", path=str(path), create=create),))
        (finding,) = folder_checks.destinations(config, tmp_path)
        return finding.state

    assert found(tmp_path) == "right"
    assert found(tmp_path / "new") == "wrong"
    assert found(tmp_path / "new", create=True) == "right"
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert found(tmp_path) == "wrong"
    assert found(tmp_path / "new", create=True) == "wrong"
