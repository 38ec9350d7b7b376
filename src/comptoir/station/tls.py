"""What can be told of certificates with the standard library alone: whether key and certificate belong together, how
long they hold, and what a browser would see. It makes none (`authority.py`) and keeps none (`certificates.py`).

A server's certificate is read as a browser reads it: by a handshake, in memory, with a client that trusts the
authority. That shows at once whether it was signed by it and whether its names are within what the authority permits.
"""

from __future__ import annotations

import hashlib
import ipaddress
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: leaves times to us: the clock of this machine may be wrong, and `ssl` knows no other (openssl/x509_vfy.h)
_NO_CHECK_TIME: Final = 0x200000
#: what a handshake in memory needs at most, turn by turn
_TURNS: Final = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key and its certificate, both PEM."""

    key: bytes
    certificate: bytes


@dataclass(frozen=True, slots=True)
class Life:
    """From when until when a certificate holds: ms since 1970 UTC."""

    begins_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser sees of a server. `fingerprint`: SHA-256, as browsers write it."""

    fingerprint: str
    names: tuple[str, ...]
    life: Life


def server_context(certificate: Path, key: Path | None = None) -> ssl.SSLContext:
    """What a server shows: its certificate, with those that lead to an authority. `key`: where it is another file.

    Raises OSError where a file cannot be read; ValueError where it holds something else, or key and certificate do not
    belong together, or the key has a pass phrase.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        # An empty pass phrase: without one, OpenSSL would ask for it at the terminal.
        context.load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        raise ValueError(error.reason or str(error)) from None
    return context


def life_of(authority: bytes) -> Life:
    """How long an authority's certificate holds. Raises ValueError where this is none."""
    context = _trusting(authority)
    found: list[Any] = context.get_ca_certs()
    if len(found) != 1:
        raise ValueError("not the certificate of an authority")
    return _life(found[0])


def shown(context: ssl.SSLContext, authority: bytes) -> Shown:
    """What a client that trusts this authority sees. Raises ValueError where it would not trust what it sees."""
    trusting = _trusting(authority)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(down, up, server_hostname="localhost")
    server = context.wrap_bio(up, down, server_side=True)
    try:
        for _ in range(_TURNS):
            with suppress(ssl.SSLWantReadError):
                client.do_handshake()
                break
            with suppress(ssl.SSLWantReadError):
                server.do_handshake()
    except ssl.SSLError as error:
        raise ValueError(str(error)) from None
    told: Any = client.getpeercert()
    der = client.getpeercert(binary_form=True)
    if not told or der is None:
        raise ValueError("no certificate is shown")
    return Shown(_colons(der), _names(told), _life(told))


def fingerprint(pem: bytes) -> str:
    """SHA-256 of the first certificate in a PEM file, as browsers write it: AB:CD:…. Raises ValueError."""
    text = pem.decode("ascii", "replace")
    begin = text.find(ssl.PEM_HEADER)
    end = text.find(ssl.PEM_FOOTER, begin)
    if begin < 0 or end < 0:
        raise ValueError("no certificate in PEM")
    return _colons(ssl.PEM_cert_to_DER_cert(text[begin : end + len(ssl.PEM_FOOTER)]))


def _trusting(authority: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    try:
        context.load_verify_locations(cadata=authority.decode("ascii"))
    except (ssl.SSLError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None
    return context


def _names(told: Any) -> tuple[str, ...]:
    return tuple(
        str(ipaddress.ip_address(value)) if kind == "IP Address" else value
        for kind, value in told.get("subjectAltName", ())
    )


def _life(told: Any) -> Life:
    return Life(*(int(ssl.cert_time_to_seconds(told[key])) * 1000 for key in ("notBefore", "notAfter")))


def _colons(der: bytes) -> str:
    return hashlib.sha256(der).digest().hex(":").upper()
