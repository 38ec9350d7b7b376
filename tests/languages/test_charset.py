from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.languages.charset import Run, Spelling, clean, meets, repertoire, spell, spell_row
from comptoir.languages.escpos.codepages import EPSON as PAGES
from comptoir.languages.escpos.codepages import ordered

EPSON = repertoire(PAGES)
CHINESE = repertoire(PAGES, "gb18030")
SLOTS = st.sampled_from([None, *PAGES])


def read_back(spelling: Spelling, kanji: str = "") -> str:
    """The text as the printer would show it."""
    return "".join(
        run.data.decode(kanji if run.kanji else PAGES[run.slot] if run.slot is not None else "ascii")
        for run in spelling.runs
    )


def straight(text: str) -> str:
    """Without the differences that are allowed."""
    return text.replace("’", "'").replace("…", "...")


def switches(spelling: Spelling, current: int | None) -> int:
    count = 0
    for run in spelling.runs:
        if run.slot is not None and run.slot != current:
            count, current = count + 1, run.slot
    return count


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Total", (Run(None, b"Total"),)),
        ("é è ç", (Run(19, b"\x82 \x8a \x87"),)),
        ("12,50 €", (Run(19, b"12,50 \xd5"),)),
        ("cœur €", (Run(16, b"c\x9cur \x80"),)),
        ("l’été", (Run(16, b"l\x92\xe9t\xe9"),)),
        ("« Hôtel »", (Run(19, b"\xae H\x93tel \xaf"),)),
        ("e\u0301", (Run(19, b"\x82"),)),
        ("1\u202f234,50\u00a0€", (Run(19, b"1 234,50 \xd5"),)),
        ("Привет", (Run(17, "Привет".encode("cp866")),)),
        ("Γειά σου", (Run(14, "Γειά σου".encode("cp737")),)),
        ("Γειά 5 €", (Run(47, "Γειά 5 €".encode("cp1253")),)),
        ("Łódź", (Run(18, "Łódź".encode("cp852")),)),
        ("İstanbul", (Run(13, "İstanbul".encode("cp857")),)),
        ("┌─┐ é", (Run(19, b"\xda\xc4\xbf \x82"),)),
    ],
)
def test_one_page_for_a_line(text: str, runs: tuple[Run, ...]) -> None:
    assert spell(text, None, EPSON) == Spelling(runs)


@pytest.mark.parametrize(
    ("pages", "slot"),
    [
        ({0: "cp437", 15: "iso8859_7", 16: "cp1252"}, 16),
        ({0: "cp437", 13: "cp1253", 40: "iso8859_15"}, 40),
        ({25: "cp1257", 48: "cp1254", 53: "cp858"}, 53),
    ],
)
def test_the_euro_comes_from_a_western_page(pages: dict[int, str], slot: int) -> None:
    assert [run.slot for run in spell("5 €", None, repertoire(ordered(pages))).runs] == [slot]


def test_a_page_whose_bytes_could_be_commands_is_left_out() -> None:
    assert repertoire({1: "utf_16", 2: "cp850"}).slots == (2,)


def test_look_alikes_only_where_no_page_has_the_line() -> None:
    assert read_back(spell("Привет…", 19, EPSON)) == "Привет…", "1251 has both"
    assert spell("║ –", None, EPSON) == Spelling((Run(19, b"\xba -"),)), "a frame and a dash: no page has both"
    assert read_back(spell("œ γ", None, EPSON)) == "œ γ", "letters are never exchanged for others"
    assert read_back(spell("1 → 2 ✓", None, EPSON)) == "1 -> 2 v"
    assert read_back(spell("║ œ", None, EPSON)) == "║ œ", "a frame is as it is where a page has it"
    assert spell("║ é", None, repertoire({16: "cp1252"})).runs == (Run(16, b"| \xe9"),)


def test_a_line_of_two_scripts_is_cut_once() -> None:
    spelling = spell("Prix été Привет", None, EPSON)
    assert read_back(spelling) == "Prix été Привет"
    assert [run.slot for run in spelling.runs] == [19, 17]


def test_the_present_page_stays_where_it_has_the_line() -> None:
    assert switches(spell("été", 16, EPSON), 16) == 0
    assert switches(spell("été", 19, EPSON), 19) == 0
    assert switches(spell("œ Ж", 16, EPSON), 16) == 1, "as far as it reaches"


def test_two_byte_characters_leave_the_page_alone() -> None:
    spelling = spell("é 中文 à €", None, CHINESE)
    assert spelling.runs == (
        Run(19, b"\x82 "),
        Run(None, "中文".encode("gb18030"), kanji=True),
        Run(19, b" \x85 \xd5"),
    )


def test_han_that_the_codec_lacks_is_named() -> None:
    assert spell("𠀀", None, CHINESE).unprintable == "𠀀", "four bytes in gb18030: in no ROM"
    assert spell("한", None, repertoire(PAGES, "cp932")).unprintable == "한"


def test_narrow_characters_are_not_taken_from_the_two_byte_set() -> None:
    assert spell("→ é", None, CHINESE) == Spelling((Run(19, b"-> \x82"),)), "in the ROM it is twice as wide"


def test_what_no_page_has_is_named_once() -> None:
    spelling = spell("日本 日 ok", None, EPSON)
    assert read_back(spelling) == "?? ? ok"
    assert spelling.unprintable == "日本"


def test_right_to_left_is_not_spelled() -> None:
    assert spell("שלום مرحبا", None, EPSON).unprintable == "שלוםمرحبا"


def test_the_cells_of_a_row_share_a_page() -> None:
    def slots(*texts: str) -> list[int | None]:
        return [run.slot for spelling in spell_row(texts, None, EPSON) for run in spelling.runs]

    assert slots("12 €", "cœur") == [16, 16]
    assert slots("é", "Ж") == [19, 17], "no page has both"
    assert slots("é", "日") == [19, None]


def test_a_clean_text_commands_nothing_and_is_composed() -> None:
    assert clean("e\u0301\x1b@\x9b\u2028a\u202f1\u200f") == "é@a 1"


@pytest.mark.parametrize(
    ("text", "touches"),
    [
        ("│", True),
        ("└──", True),
        ("a ║ b", True),
        ("█▀", True),
        ("╵", True),
        ("───", False),
        ("═", False),
        ("╌╴", False),
        ("é|", False),
        ("", False),
    ],
)
def test_frames_and_blocks_meet_other_lines(text: str, touches: bool) -> None:
    assert meets(text) is touches


def test_no_text_commands_the_printer() -> None:
    spelling = spell("a\x1b@\x10\x14\x01\x00\x01b\x1dV\x00\x7f\x9b\u2028\n", None, EPSON)
    assert b"".join(run.data for run in spelling.runs) == b"a@bV"


@given(st.text(max_size=60), SLOTS, st.sampled_from(["", "gb18030", "cp932", "big5", "cp949"]))
def test_every_byte_is_a_character(text: str, current: int | None, kanji: str) -> None:
    for run in spell(text, current, repertoire(PAGES, kanji)).runs:
        assert all(byte >= 0x20 and byte != 0x7F for byte in run.data)
        assert not run.kanji or len(run.data.decode(kanji)) * 2 == len(run.data)


@given(st.text("aéЖ中한かñ ’…€", max_size=30), SLOTS, st.sampled_from(["gb18030", "cp932", "big5", "cp949"]))
def test_what_is_read_back_is_what_was_written(text: str, current: int | None, kanji: str) -> None:
    spelling = spell(text, current, repertoire(PAGES, kanji))
    shown = straight(read_back(spelling, kanji))
    for character in spelling.unprintable:
        text = text.replace(character, "?")
    assert shown == straight(normalize("NFC", text))


@given(st.text("aéЖπ ł", min_size=1, max_size=12), SLOTS)
def test_no_other_cover_has_fewer_changes(text: str, current: int | None) -> None:
    """Against the plain way: the fewest changes for each beginning of the line that ends in each page.

    One change more is made where the present page has the whole line but is not where such a line belongs.
    """
    fewest = {slot: 0 if slot == current else 1 for slot in PAGES}
    for character in text:
        best = min(fewest.values())
        fewest = {slot: min(fewest[slot], best + 1) if _has(slot, character) else 99 for slot in PAGES}
    assert switches(spell(text, current, EPSON), current) <= max(min(fewest.values()), 1)


def _has(slot: int, text: str) -> bool:
    try:
        text.encode(PAGES[slot])
    except UnicodeEncodeError:
        return False
    return True
