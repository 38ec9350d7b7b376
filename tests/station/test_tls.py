"""What is told of certificates without a library is what the library says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.tls import LOOPBACK, authority, serving

from comptoir.station.authority import make_server, read
from comptoir.station.tls import fingerprint, life_of, server_context, shown


def test_a_server_is_seen_as_the_library_reads_it(tmp_path: Path) -> None:
    pair = authority()
    told = shown(serving(tmp_path, pair), pair.certificate)
    assert told == read((tmp_path / "server.pem").read_bytes())
    assert told.names == LOOPBACK.all
    assert life_of(pair.certificate) == read(pair.certificate).life
    assert fingerprint(pair.certificate).count(":") == 31


def test_it_is_read_whatever_the_clock_says(tmp_path: Path) -> None:
    """The clock is judged elsewhere, by the service's own."""
    pair = authority()
    path = tmp_path / "server.pem"
    path.write_bytes(make_server(pair, LOOPBACK, datetime(2036, 1, 1, tzinfo=UTC)))
    assert shown(server_context(path), pair.certificate).life.begins_at > datetime(2035, 1, 1, tzinfo=UTC).timestamp()


def test_what_another_authority_signed_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unable to get local issuer"):
        shown(serving(tmp_path, authority()), authority().certificate)


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    one, other = authority(), authority()
    (tmp_path / "one.crt").write_bytes(one.certificate)
    (tmp_path / "other.key").write_bytes(other.key)
    with pytest.raises(ValueError, match="MISMATCH"):
        server_context(tmp_path / "one.crt", tmp_path / "other.key")


@given(st.binary(max_size=300))
def test_junk_is_no_certificate(junk: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - OpenSSL's own words
        life_of(junk)
    with pytest.raises(ValueError):  # noqa: PT011 - OpenSSL's own words
        fingerprint(junk)


def test_a_servers_certificate_is_no_authority(tmp_path: Path) -> None:
    pair = authority()
    with pytest.raises(ValueError, match="authority"):
        life_of(make_server(pair, LOOPBACK, datetime.now(UTC)))


@given(st.binary(max_size=100))
def test_junk_between_marks_is_no_certificate_either(junk: bytes) -> None:
    pem = b"-----BEGIN CERTIFICATE-----\n" + junk + b"\n-----END CERTIFICATE-----\n"
    with pytest.raises(ValueError):  # noqa: PT011 - OpenSSL's own words
        life_of(pem)
