"""Whose certificates are trusted."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from tests.peers import tls

from comptoir.core.errors import NotSent
from comptoir.sinks.authority import trusting


def test_the_systems_authorities_are_trusted_and_certificates_checked(tmp_path: Path) -> None:
    context = trusting("", tmp_path)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_one_more_authority(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(tls.authority().certificate)
    before = len(trusting("", tmp_path).get_ca_certs())
    assert len(trusting("ca.pem", tmp_path).get_ca_certs()) == before + 1


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_one_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_bytes(content)
    with pytest.raises(NotSent, match=r"ca\.pem cannot be read"):
        trusting("ca.pem", tmp_path)
