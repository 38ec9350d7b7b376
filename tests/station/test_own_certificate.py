"""A certificate of the owner's: what is wrong with its files is said before anybody connects."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from tests.peers.tls import LOOPBACK, authority, serving

from comptoir.config import StationConfig
from comptoir.core.errors import ConfigError
from comptoir.station.own_certificate import check_own, stamp

OWN = StationConfig(certificate="certs/mine.crt", private_key="certs/mine.key")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a good one."""
    serving(tmp_path, authority())
    both = (tmp_path / "server.pem").read_bytes()
    at = both.index(b"-----BEGIN CERTIFICATE")
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "mine.key").write_bytes(both[:at])
    (tmp_path / "certs" / "mine.crt").write_bytes(both[at:])
    return tmp_path


def test_names_are_relative_to_the_data_folder(folder: Path) -> None:
    assert check_own(folder, OWN).names == LOOPBACK.all


@pytest.mark.parametrize(("name", "key"), [("mine.crt", "station.certificate"), ("mine.key", "station.private_key")])
def test_a_file_that_is_not_there_is_named(folder: Path, name: str, key: str) -> None:
    (folder / "certs" / name).unlink()
    with pytest.raises(ConfigError, match=f"{key}: .*{name} cannot be read: No such file") as caught:
        check_own(folder, OWN)
    assert "PEM" in caught.value.hint


def test_a_key_of_another_certificate_is_said(folder: Path) -> None:
    (folder / "certs" / "mine.key").write_bytes(authority().key)
    with pytest.raises(ConfigError, match=r"mine\.crt and .*mine\.key cannot be used together: .*MISMATCH"):
        check_own(folder, OWN)


@pytest.mark.parametrize("name", ["mine.crt", "mine.key"])
@pytest.mark.parametrize("junk", [b"", b"junk", b"-----BEGIN CERTIFICATE-----\n"])
def test_junk_is_said(folder: Path, name: str, junk: bytes) -> None:
    (folder / "certs" / name).write_bytes(junk)
    with pytest.raises(ConfigError, match="cannot be used together"):
        check_own(folder, OWN)


def test_a_key_with_a_pass_phrase_asks_nobody_for_it(folder: Path) -> None:
    path = folder / "certs" / "mine.key"
    key = load_pem_private_key(path.read_bytes(), None)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))
    with pytest.raises(ConfigError, match="cannot be used together") as caught:
        check_own(folder, OWN)
    assert "without a pass phrase" in caught.value.hint


def test_another_file_has_another_stamp(folder: Path) -> None:
    path = folder / "certs" / "mine.crt"
    before = stamp((path,))
    path.write_bytes(path.read_bytes() + b"\n")
    assert stamp((path,)) != before
    path.unlink()
    assert stamp((path,)) == ()
