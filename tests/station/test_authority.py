"""What the authority makes, and what it cannot vouch for: told by OpenSSL, by Python's ssl and by cryptography."""

from __future__ import annotations

import ipaddress
import ssl
import subprocess
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers.programs import installed
from tests.peers.tls import LOOPBACK, authority, trusting

from comptoir.station.authority import SERVER_LIFE, WRITTEN, make_authority, make_server, permitted, read
from comptoir.station.machine import names_of
from comptoir.station.tls import Pair, server_context

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MOMENTS = st.integers(0, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.fixture(scope="module")
def ours() -> Pair:
    return make_authority("caisse-1", names_of(["localhost", "caisse-1"]), NOW)


def test_the_authority_may_sign_servers_of_this_machine_only(ours: Pair) -> None:
    made = x509.load_pem_x509_certificate(ours.certificate)
    limits = made.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (limits.critical, limits.value.ca, limits.value.path_length) == (True, True, 0)
    constraints = made.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    usage = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]
    assert "CN=Comptoir\\, caisse-1" in made.subject.rfc4514_string()
    assert made.not_valid_after_utc - NOW > timedelta(days=3650)


def test_two_authorities_of_one_machine_have_other_names_and_numbers() -> None:
    one, other = (x509.load_pem_x509_certificate(authority().certificate) for _ in range(2))
    assert one.subject != other.subject
    assert one.serial_number != other.serial_number


def test_a_clock_from_before_this_program_makes_an_authority_that_lasts() -> None:
    made = x509.load_pem_x509_certificate(make_authority("a", LOOPBACK, datetime(2010, 1, 1, tzinfo=UTC)).certificate)
    assert made.not_valid_before_utc.year == 2009
    assert made.not_valid_after_utc > WRITTEN + timedelta(days=3650)


@settings(max_examples=30, deadline=None)
@given(MOMENTS, MOMENTS)
def test_whatever_the_clock_a_certificate_is_short_and_within_its_authority(made: datetime, signed: datetime) -> None:
    pair = make_authority("a", LOOPBACK, made)
    whole, told = read(pair.certificate).life, read(make_server(pair, LOOPBACK, signed)).life
    assert whole.begins_at <= told.begins_at < told.ends_at <= whole.ends_at
    assert told.ends_at - told.begins_at <= SERVER_LIFE.total_seconds() * 1000
    now = signed.timestamp() * 1000
    if whole.begins_at <= now <= whole.ends_at:
        assert told.begins_at <= now <= told.ends_at, "it holds now"


def test_names_that_the_authority_does_not_permit_are_left_out(ours: Pair) -> None:
    wanted = names_of(
        ["localhost", "caisse-1", "a.local", "caisse-2", "example.com", "127.0.0.1", "192.168.0.7", "8.8.8.8"]
    )
    told = permitted(ours.certificate, wanted)
    assert told == names_of(["localhost", "caisse-1", "a.local", "127.0.0.1", "192.168.0.7"])
    assert read(make_server(ours, wanted, NOW)).names == told.all


@pytest.mark.parametrize("name", ["example.com", "caisse.example.com", "203.0.113.9", "2001:db8::1", "boutique"])
def test_a_stolen_key_vouches_for_no_other_site(ours: Pair, tmp_path: Path, name: str) -> None:
    """By Python's ssl, and by the command that administrators use."""
    path = tmp_path / "forged.pem"
    path.write_bytes(forged(ours, name))
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        meet(trusting(ours.certificate), server_context(path), name)
    trusted = tmp_path / "ca.crt"
    trusted.write_bytes(ours.certificate)
    verify = [installed("openssl"), "verify", "-CAfile", trusted, path]
    run = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "permitted subtree violation" in run.stderr + run.stdout


def forged(pair: Pair, name: str) -> bytes:
    """What a thief of the key would sign."""
    issuer, key = x509.load_pem_x509_certificate(pair.certificate), ec.generate_private_key(ec.SECP256R1())
    signer = load_pem_private_key(pair.key, None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    subject = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, name)])
    found = names_of([name])
    addresses = (x509.IPAddress(ipaddress.ip_address(text)) for text in found.addresses)
    alternative = x509.SubjectAlternativeName([*map(x509.DNSName, found.hosts), *addresses])
    certificate = (
        x509.CertificateBuilder(issuer.subject, subject, key.public_key(), 7, NOW - timedelta(1), NOW + timedelta(30))
        .add_extension(alternative, critical=False)
        .sign(signer, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem + certificate.public_bytes(Encoding.PEM)


def test_openssl_takes_what_is_made_strictly(tmp_path: Path) -> None:
    openssl = installed("openssl")
    pair = authority()
    (tmp_path / "ca.crt").write_bytes(pair.certificate)
    (tmp_path / "server.pem").write_bytes(make_server(pair, LOOPBACK, datetime.now(UTC)))
    for purpose, taken in (("sslserver", True), ("sslclient", False), ("smimesign", False)):
        words = [openssl, "verify", "-x509_strict", "-purpose", purpose, "-CAfile", "ca.crt", "server.pem"]
        assert (subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode == 0) is taken, purpose


def test_a_client_that_trusts_it_takes_each_of_its_names(tmp_path: Path) -> None:
    pair = authority()
    path = tmp_path / "server.pem"
    path.write_bytes(make_server(pair, LOOPBACK, datetime.now(UTC)))
    for name in LOOPBACK.all:
        assert meet(trusting(pair.certificate), server_context(path), name)


def meet(trusts: ssl.SSLContext, serves: ssl.SSLContext, name: str) -> object:
    """A handshake in memory with a client that asks for this name; the certificate that it took."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusts.wrap_bio(down, up, server_hostname=name)
    server = serves.wrap_bio(up, down, server_side=True)
    for side in (client, server, client):
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    return client.getpeercert()


@pytest.mark.parametrize("junk", [b"", b"junk", b"-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_cannot_be_read(junk: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library's own words
        read(junk)
