"""The program's own files: placed whole, replaced by a newer one, never by an older one, removed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from comptoir.cli.service import program
from comptoir.cli.service.program import LIBRARY, NAME, Program, placed, refuse_older, removed, this_program
from comptoir.core.errors import ConfigError


def made(folder: Path, said: str = "new") -> Program:
    """As the one file unpacks itself."""
    (folder / "program").mkdir(parents=True)
    (folder / "program" / NAME).write_text(said)
    (folder / "fonts").mkdir()
    (folder / "fonts" / "é.ttf").write_text(said)
    return Program(folder / "program" / NAME, folder)


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()
    }


WHOLE = {NAME: "new", f"{LIBRARY}/fonts/é.ttf": "new", "version.txt": f"{program.__version__}\n"}


def test_it_is_placed_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "Program Files" / "Comptoir"
    assert placed(made(tmp_path / "one", "old"), target) == target / NAME
    (target / LIBRARY / "of-an-earlier-version").touch()
    assert placed(made(tmp_path / "two"), target) == target / NAME
    assert contents(target) == WHOLE
    assert [path.name for path in target.parent.iterdir()] == ["Comptoir"]


def test_what_runs_from_there_is_placed_already(tmp_path: Path) -> None:
    target = tmp_path / "Comptoir"
    placed(made(tmp_path / "one"), target)
    before = contents(target)
    assert placed(Program(target / NAME, target / LIBRARY), target) == target / NAME
    assert contents(target) == before


def test_a_newer_one_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "Comptoir"
    placed(made(tmp_path / "one"), target)
    (target / "version.txt").write_text("999.0")
    before = contents(target)
    with pytest.raises(ConfigError, match=r"Comptoir 999\.0 is installed"):
        placed(made(tmp_path / "two"), target)
    assert contents(target) == before


def test_what_is_none_of_ours_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "Comptoir"
    target.mkdir()
    refuse_older(target)
    (target / "diary.txt").write_text("mine")
    with pytest.raises(ConfigError, match="something else"):
        placed(made(tmp_path / "one"), target)
    assert not removed(target)
    assert contents(target) == {"diary.txt": "mine"}


def test_what_cannot_be_placed_leaves_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "Comptoir"
    placed(made(tmp_path / "one"), target)
    rename = Path.rename

    def refusing(path: Path, to: Path) -> Path:
        if path.name == "Comptoir.new":
            raise PermissionError(13, "Permission denied")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(ConfigError, match="cannot be put into"):
        placed(made(tmp_path / "two", "newer"), target)
    assert contents(target) == WHOLE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Comptoir", "one", "two"]


def test_where_the_power_went_away_the_earlier_one_is_found(tmp_path: Path) -> None:
    target = tmp_path / "Comptoir"
    placed(made(tmp_path / "one"), target)
    target.rename(tmp_path / "Comptoir.old")
    (tmp_path / "Comptoir.new").mkdir()
    placed(made(tmp_path / "two"), target)
    assert contents(target) == WHOLE


def test_it_is_removed(tmp_path: Path) -> None:
    target = tmp_path / "Comptoir"
    assert removed(target)
    placed(made(tmp_path / "one"), target)
    assert removed(target)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_what_runs_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows does it: what runs cannot be deleted, and can be called otherwise."""
    target = tmp_path / "Comptoir"
    placed(made(tmp_path / "one"), target)
    unlink = Path.unlink

    def refusing(path: Path, missing_ok: bool = False) -> None:
        if path.name == NAME:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refusing)
        assert not removed(target)
    assert not target.exists()
    placed(made(tmp_path / "two"), target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Comptoir", "one", "two"], "the next one sweeps it away"


def test_from_source_there_is_no_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert this_program() is None
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert this_program() == Program(Path(sys.executable), tmp_path)
    assert made(tmp_path) == this_program(), "the one file has the program of the folder inside"


def test_programs_are_where_windows_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "NAME", "comptoir.exe")
    assert program.usual_folder({"PROGRAMFILES": "/programs"}) == Path("/programs/Comptoir")
    assert str(program.usual_folder({})).startswith("C:")
