"""The process itself, without a process: errands in, answers out."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import msgspec
import pytest
from tests.peers.pdfs import pdf, text

from comptoir.archive.errand import HEAD, Answer, Errand, packed
from comptoir.archive.worker_main import serve


def answers(*asked: tuple[Errand, bytes]) -> list[tuple[Answer, bytes]]:
    target = io.BytesIO()
    serve(io.BytesIO(b"".join(packed(errand) + content for errand, content in asked)), target)
    target.seek(0)
    found = []
    while head := target.read(HEAD.size):
        answer = msgspec.json.decode(target.read(*HEAD.unpack(head)), type=Answer)
        found.append((answer, target.read(answer.size)))
    return found


def errand(content: bytes, media_type: str, task: str = "read", key: str = "k") -> tuple[Errand, bytes]:
    return Errand(task=task, key=key, media_type=media_type, size=len(content), width=100), content  # type: ignore[arg-type]


def test_one_after_the_other() -> None:
    content = pdf(text("Facture", 50, 700), text("suite", 50, 700))
    read, drawn, other = answers(
        errand(content, "application/pdf"),
        errand(content, "application/pdf", "draw"),
        errand(b"x", "text/plain", key="o"),
    )
    assert read == (Answer(text="Facture\fsuite", pages=2), b"")
    assert drawn[1].startswith(b"\x89PNG")
    assert drawn[0].size == len(drawn[1])
    assert other[0].text == "x"


def test_what_cannot_be_read_is_an_answer() -> None:
    bad, good = answers(errand(b"%PDF-1.4 and no more", "application/pdf"), errand(b"fine", "text/plain", key="o"))
    assert "cannot be read" in bad[0].trouble
    assert good[0].text == "fine"


@pytest.mark.skipif(os.name == "nt", reason="it has no such bounds")
def test_neither_memory_nor_files_are_without_bound() -> None:
    """Nor those of the programs that it starts, which inherit them."""
    said = (
        "import resource; from comptoir.archive.worker_main import bounded; bounded(2**30);"
        "print(*(resource.getrlimit(what)[1] for what in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE)))"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(2**30)] * 2


def test_half_an_errand_is_none() -> None:
    assert answers((Errand(task="read", key="k", media_type="text/plain", size=0), b"\0\0")) != []
