"""Text bytes to characters: code pages, international sets, two-byte characters, UTF-8. It places nothing.

Bytes may come in any pieces: a character that is cut waits for its rest. What no table has is U+FFFD.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from comptoir.core.page import Picture
from comptoir.languages.escpos.codepages import CODECS
from comptoir.languages.escpos.glyphs import Glyphs
from comptoir.languages.escpos.international import COUNTRIES
from comptoir.languages.escpos.pages import ADDED, MORE_SLOTS, PAGES

#: two-byte codec -> which bytes make one of its characters
_PAIRS: Final[dict[str, bytes]] = {
    "gb18030": rb"[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39])",
    "cp932": rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]",
    "big5": rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]",
    "cp949": rb"[\x81-\xfe][\x41-\x5a\x61-\x7a\x81-\xfe]",
    "jis": rb"[\x21-\x7e][\x21-\x7e]",
}
_ALIASES: Final[dict[str, str]] = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "shift_jis": "cp932",
    "big5hkscs": "big5",
    "cp950": "big5",
    "euc_kr": "cp949",
}
_LEADS: Final[dict[str, bytes]] = {
    "gb18030": rb"[\x81-\xfe](?:[\x30-\x39][\x81-\xfe]?)?",
    "jis": rb"[\x21-\x7e]",
}
_UTF8: Final = (
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf4][\x80-\xbf]{3}"
)
_UTF8_LEAD: Final = rb"[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2}"


class Piece(NamedTuple):
    """Characters that are set alike. wide: each takes two cells. glyph: the dots of a user-defined one."""

    text: str
    wide: bool = False
    glyph: Picture | None = None


class Decoder:
    """Which characters the bytes mean, by the commands before them.

    slots: code page slot of `ESC t` -> Python codec. kanji: codec of the two-byte characters. auto_kanji:
    they are on without `FS &`, as on printers made for China.
    """

    def __init__(
        self, slots: Mapping[int, str] | None = None, kanji: str = "gb18030", *, auto_kanji: bool = False
    ) -> None:
        self._slots = CODECS if slots is None else slots
        self._model = kanji
        self._auto = auto_kanji
        self._bytes = bytearray()
        self.glyphs = Glyphs()
        self.reset()

    def reset(self) -> None:
        """ESC @."""
        self._bytes.clear()
        self.glyphs.clear()
        self.small = False
        self._slot, self._country = 0, 0
        self._kanji, self._codec, self._utf8 = self._auto, self._model, False
        self._switched = False
        self._choose()

    def put(self, data: bytes) -> bool:
        """More text. True: there is enough to be taken."""
        self._bytes += data
        return len(self._bytes) > 1024

    def take(self, *, final: bool = True) -> list[Piece]:
        """The characters so far. final: nothing can complete the last one."""
        if not self._bytes:
            return []
        data = bytes(self._bytes)
        self._bytes.clear()
        if self._simple:
            return [Piece(_decoded(data, self._page))]
        if self._pair is None:
            return list(self._singles(data))
        held = b""
        pieces: list[Piece] = []
        at = 0
        for match in self._pair.finditer(data):
            pieces += self._singles(data[at : match.start()])
            pieces += self._wide(match.group())
            at = match.end()
        rest = data[at:]
        cut = None if final or self._cut is None else self._cut.search(rest)
        if cut is not None:
            rest, held = rest[: cut.start()], rest[cut.start() :]
        pieces += self._singles(rest)
        self._bytes += held
        return pieces

    # -- the commands that change it

    def page(self, body: bytes) -> None:
        """ESC t."""
        self._slot = body[0]
        self._choose()

    def country(self, body: bytes) -> None:
        """ESC R."""
        self._country = body[0] if body[0] in COUNTRIES else self._country
        self._choose()

    def kanji_on(self, body: bytes) -> None:
        """FS &."""
        self._kanji = True
        self._choose()

    def kanji_off(self, body: bytes) -> None:
        """FS . — a printer for Shift JIS knows its two-byte characters all the same."""
        self._kanji = False
        self._choose()

    def kanji_system(self, body: bytes) -> None:
        """FS C: 0 JIS, 1 and 2 Shift JIS. Only printers made for Japan have it; streams for others send 0, too."""
        japanese = _ALIASES.get(self._model, self._model) == "cp932"
        self._switched = True
        self._codec = "cp932" if body[0] not in (0, 48) else "jis" if japanese else self._model
        self._choose()

    def encoding(self, body: bytes) -> None:
        """FS ( C function 48: one byte a character, or UTF-8."""
        if body[3:4] == b"0" and len(body) > 4:
            self._utf8 = body[4] in (2, 50)
            self._choose()

    def user_defined(self, body: bytes) -> None:
        """ESC %."""
        self.glyphs.on = bool(body[0] & 1)
        self._choose()

    # -- how

    def _choose(self) -> None:
        """What the state means for the next bytes; the common case is one decoding of a whole line."""
        shift_jis = self._codec == "cp932" and self._switched
        self._page = self._slots.get(self._slot) or MORE_SLOTS.get(self._slot, "ascii")
        self._pair, self._cut = None, None
        if self._utf8:
            self._pair, self._cut = _patterns(_UTF8, _UTF8_LEAD)
        elif self._kanji or shift_jis:
            name = _ALIASES.get(self._codec, self._codec)
            pair = _PAIRS.get(name, _PAIRS["gb18030"])
            self._pair, self._cut = _patterns(pair, _LEADS.get(name, rb"[\x81-\xfe]"))
            if name == "cp932":
                self._page = "katakana"  # what Shift JIS has in one byte
        self._simple = self._pair is None and not self._country and not self.glyphs.on

    def _singles(self, data: bytes) -> Iterator[Piece]:
        """Bytes that are a character each."""
        if not data:
            return
        if not self.glyphs.on:
            yield Piece(self._plain(data))
            return
        at = 0
        for place, code in enumerate(data):
            glyph = self.glyphs.single(self.small, code)
            if glyph is not None:
                if place > at:
                    yield Piece(self._plain(data[at:place]))
                yield Piece("\ufffc", glyph=glyph)
                at = place + 1
        if at < len(data):
            yield Piece(self._plain(data[at:]))

    def _plain(self, data: bytes) -> str:
        if self._utf8:
            return data.decode("ascii", "replace")
        text = _decoded(data, self._page)
        return text.translate(COUNTRIES[self._country]) if self._country else text

    def _wide(self, pair: bytes) -> Iterator[Piece]:
        """A character of more than one byte."""
        if self._utf8:
            text = pair.decode("utf-8", "replace")
            yield Piece(text, unicodedata.east_asian_width(text[0]) in "WF")
            return
        glyph = self.glyphs.double(pair)
        if glyph is not None:
            yield Piece("\ufffc", wide=True, glyph=glyph)
            return
        if self._codec == "jis":
            yield Piece(bytes(byte | 0x80 for byte in pair).decode("euc_jp", "replace"), wide=True)
            return
        text = pair.decode(self._codec, "replace")
        # A pair that is none in its table is one box, not two.
        yield Piece(text if len(text) == 1 else "\ufffd", wide=True)


def _decoded(data: bytes, page: str) -> str:
    """One byte a character; what the page has not is U+FFFD."""
    if data.isascii():
        return data.decode("ascii")
    table = _table(page)
    return codecs.charmap_decode(data, "replace", table)[0] if table else data.decode(page, "replace")


@lru_cache(maxsize=64)
def _table(page: str) -> str | None:
    """The 256 characters of a page that Python has not, or not wholly; None: its own codec is right."""
    upper = PAGES.get(page)
    if upper is None and page in ADDED:
        upper = "".join(ADDED[page].get(code) or bytes((code,)).decode(page, "replace") for code in range(0x80, 0x100))
    return upper and bytes(range(0x80)).decode("ascii") + upper


@lru_cache(maxsize=16)
def _patterns(pair: bytes, lead: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A character of several bytes, and the beginning of one at the end of what is there."""
    return re.compile(pair), re.compile(b"(?:" + lead + rb")\Z")
