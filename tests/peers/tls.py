"""Certificates for tests of TLS, made by the station's own code, and clients that trust them or nobody."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

from comptoir.station.authority import make_authority, make_server
from comptoir.station.machine import names_of
from comptoir.station.tls import Pair, server_context

LOOPBACK = names_of(["localhost", "127.0.0.1", "::1"])


def authority() -> Pair:
    return make_authority("test", LOOPBACK, datetime.now(UTC))


def serving(folder: Path, signed_by: Pair) -> ssl.SSLContext:
    """The context of a server on this machine."""
    path = folder / "server.pem"
    path.write_bytes(make_server(signed_by, LOOPBACK, datetime.now(UTC)))
    return server_context(path)


def trusting(certificate: bytes) -> ssl.SSLContext:
    """A client that trusts this authority and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certificate.decode())
    return context
