"""Queues of CUPS: their device URIs, wrapped and unwrapped, with what CUPS tells nobody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.capture_backend import unwrapped, without_login
from comptoir.cli import queues
from comptoir.cli.queues import CupsError, Queue, change, wrapped

URIS = [
    "socket://192.168.1.50:9100", "usb://EPSON/TM-T88V?serial=A%20B", "ipp://printer/ipp/print", "file:///dev/null",
    "smb://anna:secret@server/share", "smb://anna@server", "lpd://[::1]/queue", "dnssd://HP%20LaserJet._ipp._tcp.local/?uuid=1",
    "hp:/usb/HP_LaserJet?serial=1", "beh:/1/0/60/socket://a:9100",
]  # fmt: skip


@pytest.mark.parametrize("uri", URIS)
def test_what_is_wrapped_is_unwrapped(uri: str) -> None:
    assert wrapped(uri).startswith("comptoir:/")
    assert unwrapped(wrapped(uri)) == uri


@given(
    st.from_regex(r"[a-z]{1,8}:(//([a-z]{1,4}(:[a-z@%]{1,4})?@)?[a-z0-9.\[\]:]{0,10})?(/[!-~]{0,20})?", fullmatch=True)
)
def test_any_uri_comes_back(uri: str) -> None:
    assert unwrapped(wrapped(uri)) == uri


def test_a_login_stays_where_cups_looks_for_it() -> None:
    assert wrapped("smb://anna:secret@server/share") == "comptoir://anna:secret@server/smb/share"
    assert without_login("comptoir://anna:secret@server/smb/share") == "comptoir://server/smb/share"


def test_what_is_not_known_whole_is_not_changed() -> None:
    with pytest.raises(CupsError, match="not written down the queue Q"):
        change(Queue("Q", "smb://server/share"), "comptoir:/smb://server/share")


@pytest.mark.skipif(os.name == "nt", reason="CUPS")
def test_without_cups(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("BINARIES", "ROOTS", "_PATH"):
        monkeypatch.setattr(queues, name, ())
    for name in ("CUPS_SERVERBIN", "CUPS_SERVERROOT", "PATH"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "none.sock"))
    for call in (queues.server_bin, queues.server_root):
        with pytest.raises(CupsError, match="not installed"):
            call()
    with pytest.raises(CupsError, match="does not answer"):
        queues.queues()
    with pytest.raises(CupsError, match="lpadmin is not installed"):
        change(Queue("Q", "socket://a", whole=True), "x")
