"""`import-config`: the plan is shown, then carried out once; nothing secret is said, a second time changes nothing."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import bcrypt
import pytest
from tests.peers.command import comptoir, refused, running
from tests.peers.earlier_config import HASH, TEXT

from comptoir.cli import import_config
from comptoir.clock import SystemClock
from comptoir.config_file import load
from comptoir.earlier import read
from comptoir.journal import open_journal
from comptoir.journal.peek import has_password
from comptoir.remains import Remains
from comptoir.web.access import Access


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.ini"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode("cp1252"))
    return path


async def secret_of(folder: Path) -> str:
    """What a station that starts there keeps as its password."""
    journal = await open_journal("", folder / "station", SystemClock())
    try:
        access = Access(journal, SystemClock(), secured=True)
        await access.start()
        return access._password
    finally:
        await journal.close()


def events(folder: Path) -> str:
    return comptoir("journal", "export", "--data", folder).stdout.decode()


async def test_it_takes_the_settings_over_once(tmp_path: Path, file: Path) -> None:
    data = tmp_path / "data"
    device = ["--device", "socket://10.0.0.5:9100"]
    run = comptoir("import-config", file, "--data", data, "--yes", *device)
    assert run.returncode == 0, run.stderr
    config = load(None, data, {})
    assert [printer.name for printer in config.printer] == ["TICKET", "FACTURE"]
    assert config.source[0].path == "C:\\Users\\José %USERPROFILE%\\Téléchargements"
    assert bcrypt.checkpw(b"tiroir1", (await secret_of(data)).encode())
    told = events(data)
    assert '"password-set"' in told
    assert '"settings-changed"' in told
    assert HASH not in told
    assert HASH.encode() not in run.stdout + run.stderr
    before = (data / "comptoir.toml").read_bytes()
    again = comptoir("import-config", tmp_path, "--data", data, "--yes", *device)
    assert b"there is nothing to change" in again.stdout
    assert ((data / "comptoir.toml").read_bytes(), events(data)) == (before, told)
    assert comptoir("journal", "verify", "--data", data).returncode == 0


def test_a_dry_run_changes_nothing(tmp_path: Path, file: Path) -> None:
    run = comptoir("import-config", file, "--data", tmp_path / "data", "--dry-run")
    assert run.returncode == 0
    said = run.stdout.decode()
    for words in ("printer.name", "taken over", "look at it", "allowed_origins", "Nothing was changed (--dry-run)."):
        assert words in said
    assert HASH not in said
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("answer", "code"), [(b"", 1), (b"n\n", 1), (b"\n", 1), (b"y\n", 0), (b"Oui\n", 0)])
def test_it_asks_before(tmp_path: Path, file: Path, answer: bytes, code: int) -> None:
    run = comptoir("import-config", file, "--data", tmp_path / "data", given=answer)
    assert run.returncode == code
    assert (tmp_path / "data" / "comptoir.toml").exists() == (code == 0)
    assert (b"Nothing was changed." in run.stdout) == (code == 1)


def test_a_person_reads_it_in_french(tmp_path: Path, file: Path) -> None:
    run = comptoir("import-config", file, "--data", tmp_path / "data", "--dry-run", environ={"LC_ALL": "fr_FR.UTF-8"})
    said = run.stdout.decode()
    for words in ("à voir", "repris", "L’ancien service désignait son imprimante", "Rien n’a été changé"):
        assert words in said
    for words in ("taken", "look at", "earlier"):
        assert words not in said


def test_while_the_service_runs_only_the_settings_are_taken_over(tmp_path: Path, file: Path) -> None:
    data = tmp_path / "data"
    with running(data):
        said = refused("import-config", file, "--data", data, "--yes")
        assert "Stop it, and repeat this command." in said
        assert not (data / "comptoir.toml").exists(), "nothing, where not all of it"
        file.write_text(TEXT.replace(HASH, ""), "utf-8")
        run = comptoir("import-config", file, "--data", data, "--yes")
        assert run.returncode == 0
        assert b"start it anew" in run.stdout
    assert not has_password(data / "station")
    assert len(load(None, data, {}).printer) == 2


async def test_a_password_that_is_set_stays(tmp_path: Path, file: Path) -> None:
    data = tmp_path / "data"
    comptoir("import-config", file, "--data", data, "--yes")
    kept = await secret_of(data)
    file.write_text(TEXT.replace(HASH, bcrypt.hashpw(b"other", bcrypt.gensalt(4)).decode()), "utf-8")
    run = comptoir("import-config", file, "--data", data, "--yes")
    assert b"A password is set here already; it stays." in run.stdout
    assert await secret_of(data) == kept


@pytest.mark.parametrize(
    "content",
    [None, b"", b"\x00" * 2_000_000, b"[shop]\nx = 1\n", b"a PRIVATE line"],
    ids=["none", "empty", "zeros", "another", "secret"],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "config.ini").write_bytes(content)
    said = refused("import-config", tmp_path / "config.ini", "--data", tmp_path / "data")
    assert len(said.splitlines()) == 2
    assert "PRIVATE" not in said
    assert not (tmp_path / "data").exists()


def test_what_is_asked_for_must_be_right(tmp_path: Path, file: Path) -> None:
    assert "which file?" in refused("import-config", "--data", tmp_path / "data")
    for device in ("tape:x", "nothing"):
        assert device in refused("import-config", file, "--data", tmp_path / "data", "--device", device)
    (tmp_path / "my.toml").write_text("[station]\nport = x\n")
    assert "line 2" in refused("import-config", file, "--data", tmp_path / "data", "--config", tmp_path / "my.toml")
    assert "there is no configuration" in refused("import-config", file, "--config", tmp_path / "other.toml")
    assert not (tmp_path / "data").exists()


def test_a_file_of_ones_own_is_changed_in_its_place(tmp_path: Path, file: Path) -> None:
    (tmp_path / "my.toml").write_text('# mine\nlanguage = "en"\n')
    run = comptoir("import-config", file, "--data", tmp_path / "data", "--config", tmp_path / "my.toml", "--yes")
    assert run.returncode == 0
    assert (tmp_path / "my.toml").read_text("utf-8").startswith('# mine\nlanguage = "en"\n\n[[printer]]')
    assert not (tmp_path / "data" / "comptoir.toml").exists()


def test_on_windows_its_printer_is_the_one_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = read(b"[printer]\nname = TICKET BAR\n")
    assert import_config._device("", earlier) == ("winspool:TICKET BAR" if os.name == "nt" else "")
    monkeypatch.setattr(import_config, "os", SimpleNamespace(name="nt"))
    assert import_config._device("", earlier) == "winspool:TICKET BAR"
    assert import_config._device("virtual:", earlier) == "virtual:"
    assert import_config._device("", read(b"[cashdrawer]\n")) == ""


def test_what_was_taken_over_is_not_told_of_again(tmp_path: Path, file: Path) -> None:
    usual = tmp_path / "OdooPOS" / "config.ini"
    usual.parent.mkdir()
    usual.write_bytes(file.read_bytes())
    environ = {"PROGRAMDATA": str(tmp_path)}
    remains = Remains(tmp_path / "data", environ)
    words = ("import-config", usual, "--data", tmp_path / "data")
    assert comptoir(*words, "--dry-run", environ=environ).returncode == 0
    assert remains.waiting() == usual
    assert comptoir(*words, "--yes", environ=environ).returncode == 0
    assert remains.waiting() is None
