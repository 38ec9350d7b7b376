"""From a document to bytes, with the real formats and the real language."""

from __future__ import annotations

import pytest
from tests.peers.papers import job

from comptoir.core.errors import FormatError
from comptoir.core.page import Line, Media, Page
from comptoir.core.typeset import typeset
from comptoir.core.units import local_minute
from comptoir.formats import FORMATS, reader
from comptoir.languages import language

READERS = {name: reader(name) for name in FORMATS}


def printed(**more: object) -> bytes:
    return typeset(job(1, **more), b"Hello world", READERS, language("escpos"), Media()).data  # type: ignore[arg-type]


def test_raw_bytes_stay_as_they_are() -> None:
    content = b"\x1b@\xff\x00raw"
    assert typeset(job(1, format="raw"), content, {}, language("raw"), Media()).data == content


def test_the_title_and_the_date_of_the_job_stand_on_the_paper() -> None:
    data = printed(title="Cuisine", created_at=1_795_266_300_000)
    assert b"Cuisine" in data
    assert local_minute(1_795_266_300_000).encode() in data


def test_only_a_reprint_says_so() -> None:
    assert b"DUPLICATA" not in printed()
    assert b"DUPLICATA" in printed(reprint_of=7)
    assert b"DUPLICATA" in printed(reprint_of=0), "a reprint that the hub ordered has no number here"


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FormatError) as caught:
        printed(format="docx")
    assert "docx" in caught.value.message
    assert all(name in caught.value.hint for name in [*FORMATS, "raw"])


def test_what_a_format_has_left_out_is_told_with_what_the_printer_lacks() -> None:
    pages = [Page((Line("\U000e0041"),), left_out="<logo>"), Page((Line("b"),)), Page((), left_out="<command>")]
    told = typeset(job(1, format="x"), b"", {"x": lambda *_: pages}, language("escpos"), Media())
    assert told.unprintable.split()[-2:] == ["<logo>", "<command>"]
    assert printed(format="text")
