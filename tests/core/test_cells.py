from __future__ import annotations

from unicodedata import category, combining

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.cells import _PLAIN, cells, cluster_cells, clusters, width

FAMILY = "👨\u200d👩\u200d👧"
TEXTS = st.text(st.sampled_from("ab é\u0301日각\u1100\u1161\u11a8हिन्दीกำ👍🏽👨👩\u200d❤\ufe0f🇫🇷"), max_size=12)


@pytest.mark.parametrize(
    ("character", "wide"),
    [
        ("a", 1),
        ("é", 1),
        ("\u0301", 0),
        ("日", 2),
        ("Ａ", 2),
        ("ｱ", 1),
        ("\u200d", 0),
        ("😀", 2),
        ("\u1161", 0),
        ("\u0378", 1),
        ("\U0001faff", 2),
    ],
)
def test_cells(character: str, wide: int) -> None:
    assert cells(character) == wide


@pytest.mark.parametrize(
    ("text", "pieces", "wide"),
    [
        ("", [], 0),
        ("ab", ["a", "b"], 2),
        ("q\u0303x", ["q\u0303", "x"], 2),
        ("日本", ["日", "本"], 4),
        ("\u1112\u1161\u11ab", ["\u1112\u1161\u11ab"], 2),
        ("क्षि", ["क्षि"], 3),
        ("👍🏽!", ["👍🏽", "!"], 3),
        (FAMILY, [FAMILY], 2),
        ("🇫🇷🇩🇪", ["🇫🇷", "🇩🇪"], 4),
        ("❤\ufe0f1\ufe0f\u20e3", ["❤\ufe0f", "1\ufe0f\u20e3"], 4),
        ("ب\u200dx", ["ب\u200d", "x"], 2),
    ],
)
def test_clusters_and_width(text: str, pieces: list[str], wide: int) -> None:
    assert clusters(text) == pieces
    assert width(text) == wide


@given(TEXTS)
def test_clusters_lose_nothing(text: str) -> None:
    assert "".join(clusters(text)) == text


def joins(cluster: str, character: str) -> bool:
    """The definition: whether the character belongs to the cluster before it."""
    code = ord(character)
    if category(character) in ("Mn", "Me", "Mc", "Cf") and code >= 0x300:
        return True
    if code in range(0x1F3FB, 0x1F400) or code in range(0x1160, 0x1200):
        return True
    if cluster[-1] == "\u200d":
        return code >= 0x300 and category(cluster[0]) in ("So", "Cn")
    if code in FLAGS:
        return len(cluster) == 1 and ord(cluster) in FLAGS
    return combining(cluster[-1]) == VIRAMA and category(character) == "Lo" == category(cluster[0])


FLAGS = range(0x1F1E6, 0x1F200)
VIRAMA = 9


@given(
    TEXTS | st.text("aé€’ │жΩ\u00ad\u2009\u202f\u0483\u200d\u0301क\u094d👨🏽🇫日", max_size=12) | st.text(max_size=12)
)
def test_clusters_and_widths_are_those_of_the_definition(text: str) -> None:
    pieces: list[str] = []
    for character in text:
        if pieces and joins(pieces[-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    assert clusters(text) == pieces
    assert width(text) == sum(map(cluster_cells, pieces))


def test_no_plain_character_is_a_mark_or_wide() -> None:
    """Each by itself, and after the beginnings that take characters in."""
    for character in filter(_PLAIN.fullmatch, map(chr, range(0x110000))):
        assert cells(character) == 1, hex(ord(character))
        assert character < "\u0300" or category(character) not in ("Mn", "Me", "Mc", "Cf"), hex(ord(character))


@pytest.mark.parametrize(
    "text",
    ["a" + "\u0301" * 300_000, "👨" + "\u200d👨" * 150_000, "क" + "\u094dक" * 150_000],
    ids=["marks", "joiners", "conjuncts"],
)
def test_a_cluster_without_end_has_an_end(text: str) -> None:
    """Such a line once took a minute; then it was a line that nothing could break, and drawing it took all memory."""
    pieces = clusters(text)
    assert "".join(pieces) == text
    assert max(map(len, pieces)) == 32
