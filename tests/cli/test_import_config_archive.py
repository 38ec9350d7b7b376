"""`import-config .env`: the archiving script's settings, and its token in a file of its own, shown nowhere."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.peers.command import comptoir, refused, running
from tests.peers.earlier_env import TEXT, TOKEN

from comptoir.config_file import load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "script" / ".env"
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8")
    return path


def test_it_takes_the_settings_over_once(tmp_path: Path, file: Path) -> None:
    data = tmp_path / "data"
    run = comptoir("import-config", file, "--data", data, "--yes")
    assert run.returncode == 0, run.stderr
    config = load(None, data, {})
    assert [one.name for one in config.source] == ["Factures", "Contrats"]
    assert [one.name for one in config.destination] == ["archives"]
    token = data / "laabs.token"
    assert token.read_text() == f"{TOKEN}\n"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    said = run.stdout + run.stderr + comptoir("journal", "export", "--data", data).stdout
    assert TOKEN.encode() not in said
    assert TOKEN not in (data / "comptoir.toml").read_text("utf-8")
    token.write_text("a newer one")
    again = comptoir("import-config", file.parent, "--data", data, "--yes")
    assert b"there is nothing to change" in again.stdout
    assert token.read_text() == "a newer one"
    token.unlink()
    assert comptoir("import-config", file, "--data", data, "--yes").returncode == 0
    assert token.read_text() == f"{TOKEN}\n"


def test_a_dry_run_changes_nothing(tmp_path: Path, file: Path) -> None:
    run = comptoir("import-config", file, "--data", tmp_path / "data", "--dry-run")
    said = run.stdout.decode()
    assert run.returncode == 0
    for words in ("WATCHED_DIRS", "source Factures → archives", "2000-12-23", "Nothing was changed (--dry-run)."):
        assert words in said
    assert TOKEN not in said
    assert not (tmp_path / "data").exists()


def test_a_person_reads_it_in_french(tmp_path: Path, file: Path) -> None:
    run = comptoir("import-config", file, "--data", tmp_path / "data", "--dry-run", environ={"LC_ALL": "fr_FR.UTF-8"})
    said = run.stdout.decode()
    for words in ("à voir", "repris", "ne sont pas touchés", "sous son propre nom", "là où l’archive ne regarde pas"):
        assert words in said
    for words in ("taken", "look at", "earlier"):
        assert words not in said


def test_it_can_be_done_while_the_service_runs(tmp_path: Path, file: Path) -> None:
    data = tmp_path / "data"
    with running(data):
        run = comptoir("import-config", file, "--data", data, "--yes")
        assert run.returncode == 0
        assert b"start it anew" in run.stdout
    assert (data / "laabs.token").exists()


def test_a_wrong_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COMPTOIR_LOG=debug\nSECRET=PRIVATE\n")
    said = refused("import-config", tmp_path / ".env", "--data", tmp_path / "data")
    assert ".env" in said
    assert "PRIVATE" not in said
