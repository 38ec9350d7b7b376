from __future__ import annotations

import pytest

from comptoir.languages.lettering.faces import face_of, font, han_of, has, shown


@pytest.mark.parametrize(
    ("cluster", "file"),
    [
        ("a", "JetBrainsMono"),
        ("€", "JetBrainsMono"),
        ("ł", "JetBrainsMono"),
        ("Ж", "JetBrainsMono"),
        ("╔", "JetBrainsMono"),
        ("ἄ", "NotoSans["),
        ("q\u0303", "NotoSans["),
        ("ש", "NotoSansHebrew"),
        ("ع", "NotoSansArabic"),
        ("क्षि", "NotoSansDevanagari"),
        ("ก", "NotoSansThai"),
        ("日", "NotoSansCJK"),
        ("한", "NotoSansCJK"),
        ("😀", "NotoEmoji"),
    ],
)
def test_which_face_has_it(cluster: str, file: str) -> None:
    face = face_of(cluster, "SC", wide=cluster == "😀")
    assert face is not None
    assert file in face.file


def test_emoji_come_first_where_they_are_wide() -> None:
    narrow, wide = face_of("1", "SC", wide=False), face_of("1\ufe0f\u20e3", "SC", wide=True)
    assert narrow is not None
    assert wide is not None
    assert wide.file.startswith("NotoEmoji")
    assert narrow.file.startswith("files/JetBrains")


def test_no_face_has_private_characters() -> None:
    assert face_of("\ue000", "SC", wide=False) is None


def test_a_face_that_lacks_a_mark_is_taken_for_its_letter() -> None:
    face = face_of("日\u0488", "SC", wide=True)
    assert face is not None
    assert has(face, "日")


@pytest.mark.parametrize(
    ("text", "han"), [("領収書", "SC"), ("領収書です", "JP"), ("領收書 영수증", "KR"), ("ㄅ領", "TC")]
)
def test_the_language_of_chinese_characters(text: str, han: str) -> None:
    assert han_of(text) == han


def test_each_language_has_its_own_font() -> None:
    """U+76F4 is drawn differently in Japan and in China."""
    japanese, chinese = face_of("直", "JP", wide=True), face_of("直", "SC", wide=True)
    assert japanese is not None
    assert chinese is not None
    glyphs = [font(face, bold=False).get_nominal_glyph(0x76F4) for face in (japanese, chinese)]
    assert glyphs[0] != glyphs[1]


def test_what_is_to_be_seen() -> None:
    assert shown("❤\ufe0f") == "❤"
    assert shown("\u200f\u200d") == ""
