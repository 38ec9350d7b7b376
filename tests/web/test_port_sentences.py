"""What ports, spoolers and other printers' documents are refused for, in the reader's language."""

from __future__ import annotations

import pytest
from tests.peers.rasters import pwg, sheet

from comptoir.core.errors import ComptoirError
from comptoir.core.page import Media
from comptoir.core.sheet import A4, Setup
from comptoir.formats import strips
from comptoir.sinks import ghostscript
from comptoir.sources.lpd import ALONE
from comptoir.sources.lpd import GONE as LEFT
from comptoir.sources.port9100.connection import GONE, SILENT
from comptoir.sources.winspool import source as winspool
from comptoir.web.locale import catalogue
from comptoir.web.port_sentences import PORTS_SAY
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))


@pytest.mark.parametrize(
    "said",
    [
        GONE,
        SILENT,
        LEFT,
        ALONE,
        winspool.GONE,
        winspool.KEEP,
        "the port 9100 cannot be listened on: Address already in use",
        "a document is larger than 1,000,000 bytes",
        "the spooler cannot be asked: The RPC server is unavailable.",
    ],
)
def test_sentences_of_sources(said: str) -> None:
    assert FRENCH.known(said) != said


def test_a_raster_that_cannot_be_read() -> None:
    content = pwg(sheet(Setup(A4, 72)), setup=Setup(A4, 72))
    for damaged in (content[:-20], b"RaS2", b"x"):
        with pytest.raises(ComptoirError) as caught:
            strips.read(damaged, Media(), {})
        assert FRENCH.known(caught.value.sentences).startswith("Les pages de cette impression")


async def test_postscript_without_ghostscript(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ghostscript, "program", lambda: None)
    with pytest.raises(ComptoirError) as caught:
        await ghostscript.as_pdf(b"%!PS")
    assert "Ghostscript n’est pas installé" in FRENCH.known(caught.value.sentences)


def test_every_sentence_is_in_french() -> None:
    for _, sentence in PORTS_SAY:
        assert FRENCH.text(sentence) != sentence
