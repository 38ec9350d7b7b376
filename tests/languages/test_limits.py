from __future__ import annotations

import pytest

from comptoir.core.errors import FormatError
from comptoir.core.page import Encoded, Media, Picture
from comptoir.languages.limits import encoded, refuse_wider


def test_what_is_missing_is_named_once_in_order() -> None:
    assert encoded([b"ab", b"c"], ["日本", "", "本語"]) == Encoded(b"abc", "日本語")


def test_only_so_much_is_named() -> None:
    every = [chr(0x4E00 + number) for number in range(250)]
    assert encoded([], every).unprintable == "".join(every[:200])


def test_a_picture_as_wide_as_the_paper_is_not_refused() -> None:
    refuse_wider(Picture(16, 1, b"\xff\xff"), Media(16, 1))
    with pytest.raises(FormatError, match="17 dots wide; this paper has 16") as refused:
        refuse_wider(Picture(17, 1, b"\xff\xff\x80"), Media(16, 1))
    assert "correct the printer's width" in refused.value.hint
