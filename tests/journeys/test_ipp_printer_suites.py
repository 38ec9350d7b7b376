"""The conformance suites of CUPS (`ipptool`) on our printer: nothing fails, and what is skipped the suites foresee."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest
from PIL import Image
from tests.peers.capture_printer import CapturePrinter
from tests.peers.pdfs import pdf, text
from tests.peers.programs import installed

pytestmark = pytest.mark.xdist_group("capture suites")

SUITES = Path("/usr/share/cups/ipptool")
PATIENCE = 100
#: Print-URI and Send-URI, job-sheets, number-up, print qualities (for which the suites never define what they look at)
#: and, where a print is completed at once, four questions about jobs that are not
MOST_SKIPPED = 25
PAPERS = {"a4": (595, 842), "letter": (612, 792)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The suites, with the documents that Debian does not ship. The samples of the PWG cannot be had: 430 tests."""
    installed("ipptool")
    for suite in SUITES.glob("ipp-*.test"):
        content = suite.read_text("utf-8").partition("# Test printing all sample documents")[0]
        (tmp_path / suite.name).write_text(content, "utf-8")
    for name, (width, height) in PAPERS.items():
        pages = [text(f"page {number}", 72, 700) for number in range(4)]
        (tmp_path / f"document-{name}.pdf").write_bytes(pdf(*pages, width=width, height=height))
        (tmp_path / f"document-{name}.ps").write_bytes(b"%!PS-Adobe-3.0\n72 72 100 100 rectfill showpage\n%%EOF\n")
    Image.new("RGB", (120, 80), (200, 180, 90)).save(tmp_path / "color.jpg")
    Image.new("L", (120, 80), 90).save(tmp_path / "gray.jpg")
    return tmp_path


@pytest.mark.parametrize(
    ("suite", "version", "most"),
    [("ipp-1.1", "1.1", 41), ("ipp-2.0", "2.0", 42), ("ipp-2.1", "2.1", 43), ("ipp-everywhere", "2.0", 43)],
)
async def test_suite(folder: Path, suite: str, version: str, most: int) -> None:
    async with CapturePrinter(folder / "data") as printer:
        command = ("-V", version, "-tI", "-T", "10", "-f", "document-a4.pdf", printer.uri, f"./{suite}.test")
        process = await asyncio.create_subprocess_exec(
            installed("ipptool"),
            *command,
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C"},
        )
        async with asyncio.timeout(PATIENCE):
            said = (await process.communicate())[0].decode()
        kept = await printer.kept()
    counted = {word: len(re.findall(rf"\[{word}\]", said)) for word in ("PASS", "FAIL", "SKIP")}
    assert counted["FAIL"] == 0, "\n".join(re.findall(r".*\[FAIL\](?:\n .*)*", said))
    assert counted["PASS"] >= most, said
    assert counted["SKIP"] <= MOST_SKIPPED
    assert "cannot be read" not in said
    assert len(kept) >= 8, "what was printed is in the archive"
