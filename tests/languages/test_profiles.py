from __future__ import annotations

import importlib.machinery
import importlib.util

import pytest

from comptoir.core.errors import ConfigError, UnknownName
from comptoir.core.page import Line, Media, Page
from comptoir.core.profile import DEFAULT
from comptoir.languages import language, profiles
from comptoir.languages.profile_facts import DISPLAYS
from comptoir.languages.profiles import names, profile, spoken


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without python-escpos."""
    for cached in (profiles.profile, profiles._database, profiles._titles):
        cached.cache_clear()  # type: ignore[attr-defined]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)


@pytest.mark.parametrize("name", names())
def test_every_model_can_be_spoken_to(name: str) -> None:
    known = profile(name)
    assert known.name == name
    assert known.media.dots // known.media.columns >= 9
    if spoken(name) == "escpos":
        assert b"Total" in language("escpos", known).encode([Page((Line("Total"),))], known.media).data
    for codec in known.code_pages.values():
        assert bytes(range(0x20, 0x7F)).decode(codec).isascii()


@pytest.mark.parametrize("name", names())
def test_no_page_is_taken_that_cannot_be_trusted(name: str) -> None:
    """Slot 15, ISO 8859-7: no euro on many ROMs. Arabic and Hebrew pages: nobody orders their letters."""
    assert not {"iso8859_7", "cp862", "cp864", "cp720", "cp1255", "cp1256", "cp932"} & {
        *profile(name).code_pages.values()
    }


def test_the_database_and_our_own_models_are_there() -> None:
    assert {"TM-T88V", "TM-T20III", "TM-m30III", "TSP143IV", "CT-E351", "SRP-350III", "80mm", "58mm"} <= {*names()}
    assert not DISPLAYS & {*names()}


def test_a_model_of_the_database() -> None:
    known = profile("tm t88v")
    assert (known.name, known.media, known.cut) == ("TM-T88V", Media(512, 42, 180), "partial")
    assert known.confirms == ("process-id", "in-order")
    assert [*known.code_pages.items()][:4] == [(19, "cp858"), (16, "cp1252"), (0, "cp437"), (2, "cp850")]


def test_what_a_model_lacks() -> None:
    small = profile("NT-5890K")
    assert (small.qr, small.barcodes, small.cut, small.media.columns) == (False, False, "none", 32)
    needles = profile("TM-U220B")
    assert (needles.columns_only, needles.strip) == (True, 8)


def test_unknown_widths_are_those_of_the_columns() -> None:
    assert profile("RP326").media == Media(504, 42, 203)


def test_a_star_speaks_star() -> None:
    assert (spoken("mC-Print3"), spoken("SP2000"), spoken("TM-T88V")) == ("star", "star", "escpos")
    assert profile("TSP650II").confirms == profile("SP2000").confirms == ("counter",)


def test_a_market_behind_the_name() -> None:
    known = profile("TM-m30III-cn")
    assert (known.name, known.kanji) == ("TM-m30III-CN", "gb18030")
    assert known.media == profile("TM-m30III").media
    assert (spoken("tsp650ii-jp"), profile("80mm-kr").kanji) == ("star", "cp949")


def test_an_unknown_model_is_told_with_those_near() -> None:
    with pytest.raises(UnknownName, match="TM-T88X") as caught:
        profile("TM-T88X")
    assert "TM-T88V" in caught.value.hint
    with pytest.raises(UnknownName):
        profile("-jp")


@pytest.mark.usefixtures("without_database")
def test_the_usual_printers_need_no_database() -> None:
    assert profile("default") == DEFAULT
    assert profile("80mm").media == Media(576, 48, 203)
    assert (profile("58mm").media, spoken("58mm")) == (Media(384, 32, 203), "escpos")


@pytest.mark.usefixtures("without_database")
def test_a_broken_installation_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match="list of printer models"):
        profile("TM-T88V")
    profiles.profile.cache_clear()
