"""What a file is, its bytes say: drivers and print services give names that say nothing."""

from __future__ import annotations

import pytest
from tests.sources.folder.conftest import Shop

PDF = b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("d00001-001", PDF, "application/pdf"),
        ("00000002", b"%!PS-Adobe-3.0\n%%EOF\n", "application/postscript"),
        ("FP00001.SPL", b"\x1b%-12345X@PJL\r\n", "application/vnd.hp-PJL"),
        ("rapport.txt", PDF, "application/pdf"),
        ("Clôture du 20 11", b"Total 12,50\n", "text/plain"),
        ("job_43", b"RaS2" + bytes(1796), "image/pwg-raster"),
    ],
)
async def test_the_type_is_that_of_the_bytes(shop: Shop, name: str, content: bytes, media_type: str) -> None:
    shop.open(quiet=0)
    shop.put(name, content)
    await shop.look()
    assert shop.ledger.taken == [name]
    assert [candidate.media_type for candidate in shop.planner.asked] == [media_type]
