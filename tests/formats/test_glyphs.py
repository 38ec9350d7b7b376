"""Letters for fonts that number their glyphs and do not say what letters these are."""

from __future__ import annotations

import io
import os
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Final

import pikepdf
import pytest
import uharfbuzz as hb
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers.numbered import LETTERS, numbered
from tests.peers.pdfs import locked, pdf, text
from tests.peers.programs import installed

from comptoir.formats import glyphs
from comptoir.formats.glyphs import lettered, letters_of, to_unicode
from comptoir.formats.words import words

REPORT = "Bonjour, l'été à l'hôtel Noël : où ça, Zoé ? Cœur, 12,50 € – « ÀÉÈÊÇŒ » ïîâûüÿñ"


def read(content: bytes) -> str:
    return words(content, "application/pdf")


def test_letters_are_those_of_the_font(monkeypatch: pytest.MonkeyPatch) -> None:
    content = numbered(REPORT, LETTERS)
    assert read(content) == REPORT
    monkeypatch.setattr(glyphs, "lettered", lambda _: None)
    assert "hôtel" not in read(content), "or nothing is shown here"


def test_numbers_that_a_table_leads_to_glyphs() -> None:
    assert read(numbered(REPORT, LETTERS, shift=40)) == REPORT


def test_a_file_is_read_as_its_bytes_are(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(numbered("été", LETTERS))
    made = lettered(tmp_path / "a.pdf")
    assert made is not None
    assert read(made) == "été"
    assert lettered(made) is None, "there is nothing more to do"


def test_a_font_that_is_odd_takes_nothing_from_the_others() -> None:
    with pikepdf.open(io.BytesIO(numbered("été", LETTERS))) as document:
        odd = pikepdf.Dictionary(document.pages[0].Resources.Font.F1)
        odd.DescendantFonts = [pikepdf.Dictionary(odd.DescendantFonts[0])]
        odd.DescendantFonts[0].FontDescriptor = pikepdf.Name.Odd
        document.Root.Odd = document.make_indirect(odd)
        out = io.BytesIO()
        document.save(out)
    assert read(out.getvalue()) == "été"


@pytest.mark.parametrize("wrong", [None, b"", b"no font", b"\0\1\0\0" + b"\xff" * 400])
def test_nonsense_is_no_text(wrong: bytes | None) -> None:
    assert read(numbered("Bonjour", wrong)).strip() == ""


def test_what_texttopdf_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filters = Path("/usr/lib/cups/filter")
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{filters}")
    (tmp_path / "a.txt").write_text(f"{REPORT}\naffluent\n", "utf-8")
    made = subprocess.run(
        [installed("texttopdf"), "1", "anne", "nuit", "1", "", str(tmp_path / "a.txt")],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30,
        env={**os.environ, "CHARSET": "utf-8", "LANG": "fr_FR.UTF-8"},
    ).stdout  # fmt: skip
    assert read(made).split() == [*REPORT.split(), "affluent"]


@pytest.mark.parametrize(
    "content",
    [
        pdf(text("Facture", 50, 700)),
        numbered("glyphs of a collection that is known", LETTERS, ordering="Japan1"),
        locked(),
        b"%PDF-1.4\nno more",
        b"",
    ],
)
def test_what_is_left_as_it_is(content: bytes) -> None:
    assert lettered(content) is None


def test_the_first_of_several_letters() -> None:
    shared = files("manimgx_fonts").joinpath("NotoSansArabic[wght].ttf").read_bytes()
    font = hb.Font(hb.Face(hb.Blob(shared)))
    space = font.get_nominal_glyph(ord(" "))
    assert space == font.get_nominal_glyph(ord("\N{NO-BREAK SPACE}"))
    letters, count = letters_of(shared)
    assert letters[space] == " "
    assert max(letters) < count == font.face.glyph_count


def test_a_table_for_all_codes() -> None:
    table = to_unicode({3: "é", 300: "\N{GRINNING FACE}"}, 301).decode()
    assert table.count("<fffd>") == 299
    assert "2 beginbfrange" in table
    assert "<0100> <012c> [" in table
    assert "<d83dde00>]" in table
    assert to_unicode({}, 0x10000).count(b"endbfrange") == 3, "at most 100 in each"


WHOLE: Final = numbered("été", LETTERS[:2_000])


@settings(deadline=None)
@given(st.integers(0, len(WHOLE)), st.binary(min_size=1, max_size=8))
def test_damage_raises_nothing(at: int, damage: bytes) -> None:
    lettered(WHOLE[:at] + damage + WHOLE[at + len(damage) :])


@settings(deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_damaged_font_raises_nothing(at: int, damage: bytes) -> None:
    letters_of(LETTERS[:at] + damage + LETTERS[at + len(damage) : 20_000])
