"""PostScript through a real Ghostscript: a PDF, or a reason; never a file read, never a process left."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.core.errors import Refused
from comptoir.sinks import ghostscript
from comptoir.sinks.ghostscript import as_pdf, as_pdf_bytes, program

needed = pytest.mark.skipif(program() is None, reason="needs Ghostscript (.ci/peers)")
PAGE = b"%!PS\n/Helvetica findfont 20 scalefont setfont 72 700 moveto (Audit) show showpage\n"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are made: none may stay."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(ghostscript.tempfile, "tempdir", str(folder))
    return folder


@needed
async def test_a_document_becomes_a_pdf(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "audit.ps").write_bytes(PAGE + PAGE)
    made = await as_pdf(tmp_path / "audit.ps")
    assert made.read_bytes().startswith(b"%PDF-")
    assert list(temporary.iterdir()) == [made.parent]
    ghostscript.remove(made)
    assert (await as_pdf_bytes(PAGE)).startswith(b"%PDF-")
    assert list(temporary.iterdir()) == []


@needed
async def test_it_reads_no_file(tmp_path: Path, temporary: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    program = b"%%!PS\n(%s) (r) file pop showpage\n" % str(secret).encode()
    with pytest.raises(Refused, match="cannot read this PostScript"):
        await as_pdf(program)
    assert list(temporary.iterdir()) == []


@needed
async def test_an_endless_program_is_ended(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    monkeypatch.setattr(ghostscript, "PATIENCE", 0.3)
    with pytest.raises(Refused, match="longer than"):
        await as_pdf(b"%!PS\n{} loop\n")
    assert list(temporary.iterdir()) == []


async def test_without_ghostscript_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ghostscript, "program", lambda: None)
    with pytest.raises(Refused, match="Ghostscript, which would draw it") as refused:
        await as_pdf(PAGE)
    assert "Install Ghostscript" in refused.value.hint


async def test_one_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    monkeypatch.setattr(ghostscript, "program", lambda: "/nowhere/gs")
    with pytest.raises(Refused, match="cannot be used"):
        await as_pdf(PAGE)
    assert list(temporary.iterdir()) == []
