"""The commands that put the authority into each kind of store, and how their answers are read."""

from __future__ import annotations

import base64
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.station.stores import (
    FAMILIES,
    Authority,
    Command,
    Home,
    browsers,
    holds,
    is_trusted,
    linux,
    macos,
    windows,
)

OURS = Authority(Path("/data/certificates/authority.crt"), "ab" * 32, "cd" * 20)
NAME = "Comptoir abababababab"


def lines(commands: tuple[Command, ...], sudo: bool = True) -> list[str]:
    return [command.line(sudo) for command in commands]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_each_family_of_linux_has_its_folder_and_command(tmp_path: Path, family: object) -> None:
    (tmp_path / family.anchors[1:]).mkdir(parents=True)  # type: ignore[attr-defined]
    (store,) = linux(OURS, {"update-ca-certificates", "update-ca-trust"}, tmp_path)
    target = f"{family.anchors}/comptoir-abababababab.crt"  # type: ignore[attr-defined]
    update = f"sudo {' '.join(family.update)}"  # type: ignore[attr-defined]
    assert lines(store.install) == [f"sudo install -m 644 /data/certificates/authority.crt {target}", update]
    assert lines(store.remove) == [f"sudo rm -f {target}", update]
    assert store.needs_root


def test_an_unknown_linux_has_none(tmp_path: Path) -> None:
    assert linux(OURS, {"update-ca-certificates"}, tmp_path) == []
    (tmp_path / "usr/local/share/ca-certificates").mkdir(parents=True)
    assert linux(OURS, (), tmp_path) == []


def test_windows_asks_the_user_where_nobody_is_administrator() -> None:
    (machine,), (user,) = windows(OURS, administrator=True), windows(OURS, administrator=False)
    assert lines(machine.install, False) == ["certutil -addstore -f Root /data/certificates/authority.crt"]
    assert lines(user.install, False) == ["certutil -user -addstore -f Root /data/certificates/authority.crt"]
    assert lines(user.remove, False) == [f"certutil -user -delstore Root {'cd' * 20}"]
    assert not user.needs_root


def test_macos_has_it_in_the_systems_keychain() -> None:
    (store,) = macos(OURS)
    (add,) = lines(store.install)
    assert add.startswith("sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ")
    assert store.needs_root


def database(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "cert9.db").write_bytes(b"")
    return folder


def test_every_browser_of_a_home_is_found(tmp_path: Path) -> None:
    database(tmp_path / ".pki/nssdb")
    database(tmp_path / "snap/chromium/current/.pki/nssdb")
    database(tmp_path / ".mozilla/firefox/x1.default-release")
    database(tmp_path / ".mozilla/firefox/x2.other")
    (tmp_path / ".mozilla/firefox/Crash Reports").mkdir()
    names = [store.name for store in browsers(OURS, Home("marie", tmp_path), installed=True)]
    assert names == [
        "Chromium, marie",
        "Chromium (snap), marie",
        "Firefox x1.default-release, marie",
        "Firefox x2.other, marie",
    ]


def test_in_a_users_own_database_the_authority_may_vouch_for_servers_only(tmp_path: Path) -> None:
    folder = database(tmp_path / "with space" / ".pki/nssdb")
    (store,) = browsers(OURS, Home("marie", tmp_path / "with space"))
    (line,) = lines(store.install, sudo=False)
    assert shlex.split(line.partition(" < ")[0]) == [
        "certutil", "-A", "-d", f"sql:{folder}", "-n", NAME, "-t", "C,,",
    ]  # fmt: skip
    assert line.endswith("< /data/certificates/authority.crt")


def test_another_users_database_is_changed_as_that_user(tmp_path: Path) -> None:
    database(tmp_path / ".pki/nssdb")
    (store,) = browsers(OURS, Home("marie", tmp_path, other=True))
    (line,) = lines(store.install)
    assert line.startswith("sudo cat /data/certificates/authority.crt | sudo -u marie certutil -A ")
    assert store.remove[0].user == "marie"


def test_chromium_gets_a_database_where_it_has_none_and_somebody_sits_there(tmp_path: Path) -> None:
    (store,) = browsers(OURS, Home("marie", tmp_path), installed=True)
    make, new, _ = lines(store.install, sudo=False)
    assert make == f"mkdir -p {tmp_path}/.pki/nssdb"
    assert "certutil -N" in new
    assert browsers(OURS, Home("marie", tmp_path), installed=False) == []
    assert browsers(OURS, Home("paul", tmp_path, other=True, sits_here=False), installed=True) == []


LISTING = f"""
Certificate Nickname                                         Trust Attributes
                                                             SSL,S/MIME,JAR/XPI

Some other                                                   CT,C,C
{NAME}                                        C,,
{NAME} old                                    ,,
"""


@pytest.mark.parametrize(("name", "trusted"), [
    (NAME, True), ("Some other", True), (f"{NAME} old", False), ("Comptoir", False), ("other", False), ("", False),
])  # fmt: skip
def test_a_listing_says_who_is_trusted(name: str, trusted: bool) -> None:
    assert is_trusted(LISTING, name) is trusted


@given(st.text(), st.text())
def test_any_listing_can_be_read(listing: str, name: str) -> None:
    is_trusted(listing, name)


def pem(data: bytes, width: int = 64) -> str:
    text = base64.b64encode(data).decode()
    body = "\n".join(text[at : at + width] for at in range(0, len(text), width))
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


@given(st.lists(st.binary(min_size=1), max_size=5), st.binary(min_size=1), st.integers(4, 80), st.integers(4, 80))
def test_a_bundle_holds_what_is_in_it(others: list[bytes], ours: bytes, width: int, other_width: int) -> None:
    bundle = "# a comment\n" + "\n".join(pem(other, width) for other in others)
    assert holds(bundle, pem(ours)) is (ours in others)
    assert holds(bundle + pem(ours, other_width), pem(ours))


@given(st.text(), st.text())
def test_any_text_can_be_looked_through(bundle: str, authority: str) -> None:
    holds(bundle, authority)
