"""What stands between lines of PJL."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from comptoir.core.print_header import UEL
from comptoir.sinks.unwrapping import unwrapped

PDF = b"%PDF-1.4 " + b"x" * 100_000 + b" %%EOF\n"


def wrapped(content: bytes, language: bytes) -> bytes:
    head = UEL + b'@PJL JOB NAME="a"\r\n@PJL SET COPIES=2\r\n@PJL ENTER LANGUAGE=' + language + b"\r\n"
    return head + content + UEL + b'@PJL EOJ NAME="a"\r\n' + UEL


@pytest.mark.parametrize(
    ("content", "language", "media_type"),
    [(PDF, b"PDF", "application/pdf"), (b"%!PS\nshowpage\n", b"POSTSCRIPT", "application/postscript")],
)
def test_what_can_be_drawn(tmp_path: Path, content: bytes, language: bytes, media_type: str) -> None:
    stream = wrapped(content, language)
    assert unwrapped(stream) == (media_type, content)
    (tmp_path / "stream").write_bytes(stream)
    found = unwrapped(tmp_path / "stream")
    assert found is not None
    assert isinstance(found[1], Path)
    assert found[1].read_bytes() == content
    assert list(found[1].parent.iterdir()) == [found[1]]
    shutil.rmtree(found[1].parent)


@pytest.mark.parametrize("content", [b"\x1bE\x1b&l0O", b") HP-PCL XL;2;0", b"words\n", b""])
def test_what_only_a_printer_reads(tmp_path: Path, content: bytes) -> None:
    stream = wrapped(content, b"PCL")
    assert unwrapped(stream) is None
    (tmp_path / "stream").write_bytes(stream)
    assert unwrapped(tmp_path / "stream") is None


def test_without_an_end() -> None:
    assert unwrapped(UEL + b"@PJL ENTER LANGUAGE=PDF\n%PDF-1.4") == ("application/pdf", b"%PDF-1.4")
