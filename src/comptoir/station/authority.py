"""Makes certificates: an authority of this machine's own, and what it signs for this machine. It keeps nothing.

The authority can vouch for this machine and its like only: its name constraints (RFC 5280, §4.2.1.10, critical) permit
localhost, names of local networks, this machine's names and private addresses, and its extended key usage nothing but
servers. So a key that is stolen opens no other site, signs no mail and no program.

Everything here loads `cryptography`, which takes a twentieth of a second and 9 MB: `certificates.py` comes here only
when something is to be made.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from comptoir.station.machine import LOCAL_DOMAINS, LOCAL_NETWORKS, Names, names_of
from comptoir.station.tls import Life, Pair, Shown, fingerprint

AUTHORITY_LIFE: Final = timedelta(days=3652)
#: what browsers take of a server's certificate at most
SERVER_LIFE: Final = timedelta(days=397)
#: clocks of other machines are behind, and this one's may be put back
EARLIER: Final = timedelta(days=7)
#: no clock is right that is before this program was written: an authority made then must last nevertheless
WRITTEN: Final = datetime(2026, 11, 1, tzinfo=UTC)
#: characters of a common name (X.520)
_LONGEST_NAME: Final = 64

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey


def make_authority(machine: str, names: Names, now: datetime) -> Pair:
    """A new authority for this machine, called “Comptoir, MACHINE”. ECDSA on P-256, which every browser and system of
    the last ten years takes, and which is made in no time."""
    key = ec.generate_private_key(ec.SECP256R1())
    serial = x509.random_serial_number()
    name = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Comptoir"),
        x509.NameAttribute(NameOID.COMMON_NAME, f"Comptoir, {machine}"[:_LONGEST_NAME]),
        # Two authorities of one machine, one after the other, must not be taken for each other.
        x509.NameAttribute(NameOID.SERIAL_NUMBER, f"{serial:040x}"[:16]),
    ])  # fmt: skip
    begin = now - EARLIER
    public = key.public_key()
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    certificate = (
        x509.CertificateBuilder(name, name, public, serial, begin, max(now, WRITTEN) + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return Pair(_pem(key), certificate.public_bytes(Encoding.PEM))


def make_server(authority: Pair, names: Names, now: datetime) -> bytes:
    """Key and certificate of a server with these names, one PEM. Of the names, those that the authority permits.

    It holds from a week ago for 397 days, and never longer than the authority; where the clock is outside the
    authority's time, for that part of it which is nearest. Raises ValueError where the authority cannot be read.
    """
    issuer, signer = x509.load_pem_x509_certificate(authority.certificate), _read_key(authority.key)
    key = ec.generate_private_key(ec.SECP256R1())
    begin, end = _life(issuer, now)
    names = permitted(authority.certificate, names)
    called = [x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]
    certificate = (
        x509.CertificateBuilder(issuer.subject, x509.Name(called), key.public_key(), x509.random_serial_number(),
                                begin, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_alternative(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_of(issuer), critical=False)
        .sign(signer, hashes.SHA256())
    )  # fmt: skip
    return _pem(key) + certificate.public_bytes(Encoding.PEM)


def permitted(authority: bytes, names: Names) -> Names:
    """Those of the names for which this authority may vouch. Raises ValueError where it cannot be read."""
    constraints = x509.load_pem_x509_certificate(authority).extensions.get_extension_for_class(x509.NameConstraints)
    subtrees = constraints.value.permitted_subtrees or []
    domains = [tree.value for tree in subtrees if isinstance(tree, x509.DNSName)]
    networks = [tree.value for tree in subtrees if isinstance(tree, x509.IPAddress)]
    hosts = [host for host in names.hosts if any(f".{host}".endswith(f".{domain}") for domain in domains)]
    addresses = [text for text in names.addresses if _within(text, networks)]
    return names_of([*hosts, *addresses])


def read(pem: bytes) -> Shown:
    """What stands in the first certificate of a PEM file, whoever signed it. Raises ValueError."""
    certificate = x509.load_pem_x509_certificates(pem)[0]
    names: Iterable[str] = ()
    with suppress(x509.ExtensionNotFound):
        general = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        addresses = general.get_values_for_type(x509.IPAddress)
        names = (*general.get_values_for_type(x509.DNSName), *map(str, addresses))
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return Shown(fingerprint(pem), tuple(names), Life(_ms(begin), _ms(end)))


def _life(issuer: x509.Certificate, now: datetime) -> tuple[datetime, datetime]:
    first, last = issuer.not_valid_before_utc, issuer.not_valid_after_utc
    begin = max(first, min(now - EARLIER, last - SERVER_LIFE))
    return begin, min(begin + SERVER_LIFE, last)


def _permitted(names: Names) -> list[x509.GeneralName]:
    domains = dict.fromkeys([*LOCAL_DOMAINS, *names.hosts])
    networks = map(ipaddress.ip_network, LOCAL_NETWORKS)
    return [*map(x509.DNSName, domains), *map(x509.IPAddress, networks)]


def _within(text: str, networks: Iterable[object]) -> bool:
    address = ipaddress.ip_address(text)
    return any(address in net for net in networks if isinstance(net, ipaddress.IPv4Network | ipaddress.IPv6Network))


def _alternative(names: Names) -> x509.SubjectAlternativeName:
    addresses = (x509.IPAddress(ipaddress.ip_address(text)) for text in names.addresses)
    return x509.SubjectAlternativeName([*map(x509.DNSName, names.hosts), *addresses])


def _of(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:  # fmt: skip
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _read_key(pem: bytes) -> PrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not the key of an authority of ours")
    return key


def _pem(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
