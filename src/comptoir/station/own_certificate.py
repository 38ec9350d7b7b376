"""A certificate that the owner has of somebody else: its files, and whether they are any good."""

from __future__ import annotations

from pathlib import Path

from comptoir.config import StationConfig
from comptoir.config_check import WrongField
from comptoir.station.tls import Shown, server_context

Stamp = tuple[tuple[int, int], ...]
"""Time (ns) and size of each file: what changes when somebody puts another one there."""


def own_files(folder: Path, config: StationConfig) -> tuple[Path, Path]:
    """Certificate and private key; relative names are in the data folder."""
    return folder / config.certificate, folder / config.private_key


def check_own(folder: Path, config: StationConfig) -> Shown:
    """What stands in it. Raises WrongField: a file that cannot be read, a key of another certificate.

    One that has ended, or not begun, is no error: the clock may be wrong, and browsers say it more clearly.
    """
    certificate, key = own_files(folder, config)
    for name, path in (("certificate", certificate), ("private_key", key)):
        try:
            path.read_bytes()
        except OSError as error:
            raise _wrong(
                f"station.{name}",
                f"station.{name}: {path} cannot be read: {error.strerror or error}",
                "Name a file in PEM that this user may read, or leave certificate and private_key empty.",
            ) from None
    try:
        server_context(certificate, key)
    except (ValueError, OSError) as error:
        raise _wrong(
            "station.certificate",
            f"station.certificate: {certificate} and {key} cannot be used together: {error}",
            "Both must be PEM, the key without a pass phrase and the one that belongs to the certificate.",
        ) from None
    from comptoir.station.authority import read  # noqa: PLC0415 - it loads a library, for who has a certificate only

    return read(certificate.read_bytes())


def _wrong(key: str, message: str, hint: str) -> WrongField:
    return WrongField(message, hint, key, message.removeprefix(f"{key}: "))


def stamp(paths: tuple[Path, ...]) -> Stamp:
    """Of files that may have gone."""
    found = [path.stat() for path in paths if path.exists()]
    return tuple((one.st_mtime_ns, one.st_size) for one in found)
