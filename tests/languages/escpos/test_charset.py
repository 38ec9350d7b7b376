from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.languages.escpos.charset import Run, Spelling, spell
from comptoir.languages.escpos.codepages import CODECS, PREFERENCE


def read_back(spelling: Spelling) -> str:
    """The text as the printer would show it."""
    return "".join(run.data.decode(CODECS[run.slot] if run.slot is not None else "ascii") for run in spelling.runs)


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
        ("e\u0301", (Run(19, b"\x82"),)),
        ("1\u202f234,50\u00a0€", (Run(19, b"1 234,50 \xd5"),)),
        ("Привет", (Run(17, "Привет".encode("cp866")),)),
        ("Γειά σου", (Run(14, "Γειά σου".encode("cp737")),)),
        ("Łódź", (Run(18, "Łódź".encode("cp852")),)),
        ("İstanbul", (Run(13, "İstanbul".encode("cp857")),)),
    ],
)
def test_one_page_for_a_line(text: str, runs: tuple[Run, ...]) -> None:
    assert spell(text, None) == Spelling(runs)


def test_look_alikes_only_where_no_page_has_the_line() -> None:
    assert read_back(spell("Привет…", 19)) == "Привет…", "1251 has both"
    assert spell("║ –", None) == Spelling((Run(19, b"\xba -"),)), "a frame and a dash: no page has both"
    assert read_back(spell("œ γ", None)) == "œ γ", "letters are never exchanged for others"
    assert read_back(spell("1 → 2 ✓", None)) == "1 -> 2 v"
    assert read_back(spell("Γειά ☕ “œ”", None)) == "Γειά ? “œ”", "between runs the originals stay"


def test_a_line_of_two_scripts_is_cut_once() -> None:
    spelling = spell("Prix été Привет", None)
    assert read_back(spelling) == "Prix été Привет"
    assert [run.slot for run in spelling.runs] == [19, 17]


def test_the_present_page_stays_where_it_has_the_line() -> None:
    assert switches(spell("été", 16), 16) == 0
    assert switches(spell("été", 19), 19) == 0


def test_what_no_page_has_is_shown_and_named_once() -> None:
    spelling = spell("日本 日 ok", None)
    assert read_back(spelling) == "?? ? ok"
    assert spelling.unprintable == "日本"


def test_right_to_left_is_not_guessed() -> None:
    spelling = spell("שלום", None)
    assert (read_back(spelling), spelling.unprintable) == ("????", "שלום")


def test_no_text_commands_the_printer() -> None:
    spelling = spell("a\x1b@\x10\x14\x01\x00\x01b\x1dV\x00\x7f\x9b\u2028\n", None)
    assert b"".join(run.data for run in spelling.runs) == b"a@bV"


@given(st.text(max_size=60), st.sampled_from([None, *PREFERENCE]))
def test_every_byte_is_a_character(text: str, current: int | None) -> None:
    for run in spell(text, current).runs:
        assert all(byte >= 0x20 and byte != 0x7F for byte in run.data)


@given(st.text("aé€œàЖПγΩłńİ ’…日", max_size=30), st.sampled_from([None, *PREFERENCE]))
def test_what_is_read_back_is_what_was_written(text: str, current: int | None) -> None:
    spelling = spell(text, current)
    shown = read_back(spelling)
    if not spelling.unprintable:
        assert straight(shown) == straight(normalize("NFC", text))
    assert ("日" in text) == ("日" in spelling.unprintable)
    assert shown.count("?") == text.count("日")


@given(st.text("aéЖπ ł", min_size=1, max_size=12))
def test_no_other_cover_has_fewer_runs(text: str) -> None:
    """Against the plain way: the fewest pages for each beginning of the line, by trying all cuts."""
    fewest = [0] + [99] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(end):
            if any(_has(slot, text[start:end]) for slot in PREFERENCE):
                fewest[end] = min(fewest[end], fewest[start] + 1)
    assert len(spell(text, None).runs) == fewest[-1]


def _has(slot: int, text: str) -> bool:
    try:
        text.encode(CODECS[slot])
    except UnicodeEncodeError:
        return False
    return True
