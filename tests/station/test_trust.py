"""The authority put into real databases of NSS and taken out again; what cannot be done is given as lines to type."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.peers.programs import installed
from tests.peers.tls import authority

from comptoir.core.errors import UnknownName
from comptoir.station import trust as module
from comptoir.station.certificates import Certificate
from comptoir.station.stores import Home
from comptoir.station.trust import Machine, NotInstalled, Trust, this_machine


@pytest.fixture
def certutil() -> str:
    return installed("certutil")


needs_certutil = pytest.mark.usefixtures("certutil")
NSS = frozenset({"certutil"})


@pytest.fixture
def crt(tmp_path: Path) -> Path:
    path = tmp_path / "authority.crt"
    path.write_bytes(authority().certificate)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir()
    return Home("marie", tmp_path / "home")


def machine(*homes: Home, tools: frozenset[str] = NSS, root: Path = Path("/nowhere"), admin: bool = False) -> Machine:
    return Machine("linux", admin, tools, homes, root)


@needs_certutil
async def test_a_browsers_database_learns_it_and_forgets_it(crt: Path, home: Home) -> None:
    noted: list[tuple[str, Mapping[str, object]]] = []

    async def note(kind: str, body: Mapping[str, object]) -> None:
        noted.append((kind, body))

    one = Trust(crt, machine(home, tools=NSS | {"chromium"}), note)
    (before,) = await one.stores()
    assert (before.name, before.state, before.installable) == ("Chromium, marie", "not", True)
    assert not (home.folder / ".pki").exists(), "looking makes nothing"
    await one.install("Chromium, marie", "owner", "127.0.0.1")
    (after,) = await one.stores()
    assert after.trusted
    assert noted == [("trust-installed", {"store": "Chromium, marie", "user": "owner", "host": "127.0.0.1"})]
    await one.install("Chromium, marie")  # once more does no harm
    one.change("Chromium, marie", install=False)
    (gone,) = one.look()
    assert gone.state == "not"


@needs_certutil
def test_the_lines_to_type_do_the_same(crt: Path, home: Home) -> None:
    one = Trust(crt, machine(home, tools=NSS | {"chromium"}))
    (store,) = one.look()
    for line in store.commands:
        subprocess.run(["/bin/sh", "-c", line], check=True)
    (store,) = one.look()
    assert store.trusted
    for line in store.removal:
        subprocess.run(["/bin/sh", "-c", line], check=True)
    (store,) = one.look()
    assert store.state == "not"


@needs_certutil
def test_another_authority_of_ours_is_not_taken_for_it(crt: Path, home: Home) -> None:
    Trust(crt, machine(home, tools=NSS | {"chromium"})).change("Chromium, marie", install=True)
    crt.write_bytes(authority().certificate)
    (store,) = Trust(crt, machine(home)).look()
    assert store.state == "not"


@needs_certutil
def test_a_damaged_database_is_said(crt: Path, home: Home) -> None:
    folder = home.folder / ".mozilla/firefox/x.default"
    folder.mkdir(parents=True)
    (folder / "cert9.db").write_bytes(b"no database" * 100)
    one = Trust(crt, machine(home))
    (store,) = one.look()
    assert store.state == "unknown"
    assert store.why
    with pytest.raises(NotInstalled, match=r"Firefox x\.default, marie: certutil: ") as caught:
        one.change(store.name, install=True)
    assert caught.value.hint.startswith("By hand: certutil -A")


def test_without_the_tool_nothing_can_be_told_and_the_way_is_shown(crt: Path, home: Home) -> None:
    (home.folder / ".pki/nssdb").mkdir(parents=True)
    (home.folder / ".pki/nssdb/cert9.db").write_bytes(b"")
    (store,) = Trust(crt, machine(home, tools=frozenset())).look()
    assert (store.state, store.installable) == ("unknown", False)
    assert "certutil is missing" in store.why
    assert store.commands[0] == "sudo apt-get install libnss3-tools"


@pytest.mark.parametrize("admin", [True, False])
def test_the_systems_store_is_for_the_administrator(crt: Path, tmp_path: Path, admin: bool) -> None:
    root = tmp_path / "root"
    (root / "usr/local/share/ca-certificates").mkdir(parents=True)
    bundle = root / "etc/ssl/certs/ca-certificates.crt"
    bundle.parent.mkdir(parents=True)
    one = Trust(crt, machine(tools=frozenset({"update-ca-certificates"}), root=root, admin=admin))
    (store,) = one.look()
    assert (store.name, store.state) == ("Debian, Ubuntu", "unknown"), "there is no bundle yet"
    bundle.write_text("# nothing\n")
    (store,) = one.look()
    assert (store.state, store.installable) == ("not", admin)
    assert store.commands[0].startswith("install" if admin else "sudo install")
    bundle.write_bytes(authority().certificate + crt.read_bytes())
    (store,) = one.look()
    assert store.trusted


@pytest.mark.parametrize(("platform", "name"), [("win32", "Windows"), ("darwin", "macOS")])
def test_elsewhere_the_system_is_asked(crt: Path, monkeypatch: pytest.MonkeyPatch, platform: str, name: str) -> None:
    asked: list[tuple[str, ...]] = []

    def run(words: tuple[str, ...], **how: object) -> subprocess.CompletedProcess[str]:
        asked.append(words)
        return subprocess.CompletedProcess(words, 0, "", "")

    monkeypatch.setattr(module.subprocess, "run", run)
    one = Trust(crt, Machine(platform, True, frozenset({"certutil", "security"}), ()))
    (store,) = one.look()
    assert (store.name, store.trusted, store.installable) == (name, True, True)
    one.change(name, install=True)
    assert any(word in asked[-1] for word in ("-addstore", "add-trusted-cert"))


def test_a_program_that_hangs_has_failed(crt: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(words: tuple[str, ...], **how: object) -> None:
        raise subprocess.TimeoutExpired(words, 1)

    monkeypatch.setattr(module.subprocess, "run", run)
    with pytest.raises(NotInstalled, match="timed out"):
        Trust(crt, machine(home, tools=NSS | {"chromium"})).change("Chromium, marie", install=True)


async def test_a_store_that_is_not_there_is_named(crt: Path) -> None:
    with pytest.raises(UnknownName, match="no store is called “Netscape” here"):
        await Trust(crt, machine()).install("Netscape")


@pytest.mark.parametrize("content", [None, b"", b"junk", b"\xff"])
def test_without_an_authority_there_is_nothing_to_trust(tmp_path: Path, home: Home, content: bytes | None) -> None:
    path = tmp_path / "authority.crt"
    if content is not None:
        path.write_bytes(content)
    one = Trust(path, machine(home, tools=NSS | {"chromium"}))
    assert one.look() == []
    with pytest.raises(UnknownName):
        one.change("Chromium, marie", install=True)


async def test_the_owners_own_certificate_is_nobodys_to_install(crt: Path, home: Home) -> None:
    told = Certificate("AB", ("localhost",), 0, 1, own=True)
    one = Trust(crt, machine(home, tools=NSS | {"chromium"}), told=lambda: told)
    assert await one.stores() == []
    assert await one.describe() == told
    assert await Trust(crt).describe() is None


def test_this_machine_is_found() -> None:
    found = this_machine()
    assert found.homes[0].folder.is_absolute()
    assert not found.homes[0].other
