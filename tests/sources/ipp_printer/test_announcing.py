"""Told to the network as phones and systems look for it; never of one that only this machine reaches."""

from __future__ import annotations

import gc
import sys
import uuid
from collections.abc import Iterator

import pytest
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.sources.ipp_printer.announcing import (
    ENCRYPTED,
    PLAIN,
    SUBTYPES,
    Announcement,
    Announcing,
    addresses_of,
    is_loopback,
)
from comptoir.sources.ipp_printer.capabilities import Identity

#: of Windows' event loop, the library leaves sockets to be collected
LEFT = ["ignore::pytest.PytestUnraisableExceptionWarning"] if sys.platform == "win32" else []
pytestmark = pytest.mark.filterwarnings(*LEFT)

CONFIG = IppPrinterSourceConfig(name="nuit", host="0.0.0.0", announce=True)
IDENTITY = Identity(uuid.UUID(int=5), "Audit St. Émilion", "Accueil")
ONE = Announcement(IDENTITY, CONFIG, 22631, (PLAIN, ENCRYPTED))


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """What is left is told here, and not of a test that comes later."""
    yield
    if sys.platform == "win32":
        gc.collect()


def test_what_the_record_says() -> None:
    text = ONE.text()
    assert text["rp"] == "ipp/print"
    assert text["UUID"] == str(IDENTITY.uuid)
    assert text["pdl"].startswith("application/pdf,image/urf,image/pwg-raster,image/jpeg")
    assert text["URF"].startswith("V1.4,")
    assert (text["TLS"], text["note"], text["air"]) == ("1.3", "Accueil", "none")
    assert all(len(f"{key}={value}".encode()) < 256 for key, value in text.items())
    closed = IppPrinterSourceConfig(name="nuit", user="hotel", color=False)
    text = Announcement(IDENTITY, closed, 1, (PLAIN,)).text()
    assert (text["air"], text["Color"], "TLS" in text) == ("username,password", "F", False)


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("caisse", False)]
)
def test_what_is_loopback(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_addresses() -> None:
    assert addresses_of("10.0.0.3") == ["10.0.0.3"]
    assert not any(one.startswith("127.") for one in addresses_of("0.0.0.0"))


async def test_it_is_found_by_others() -> None:
    announcing = Announcing(ONE, interfaces=["127.0.0.1"])
    await announcing.start()
    try:
        async with AsyncZeroconf(interfaces=["127.0.0.1"]) as looking:
            for subtype in SUBTYPES:
                info = AsyncServiceInfo(f"{subtype}{PLAIN}", f"Audit St· Émilion.{PLAIN}")
                assert await info.async_request(looking.zeroconf, 10_000)
                assert (info.port, info.decoded_properties["rp"]) == (22631, "ipp/print")
                assert info.parsed_addresses() == ["127.0.0.1"]
    finally:
        await announcing.stop()
