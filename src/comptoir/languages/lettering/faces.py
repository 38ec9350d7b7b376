"""The faces that letters are drawn with, and which one has which character. It opens fonts; it draws nothing.

JetBrains Mono comes first, so that a drawn line looks like the rest of a paper; then Noto, a file for each script, its
symbols and emoji, and Noto Sans CJK in the variant of the language. Files are mapped into memory when they are wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Final, Literal
from unicodedata import category

import uharfbuzz as hb

#: grid: each cluster in its cells; joined: a word as a whole; picture: whole in its cells, never squeezed
Setting = Literal["grid", "joined", "picture"]
Han = Literal["JP", "KR", "SC", "TC"]

#: Characters that are kept found, and drawn: more than a long text in Chinese has different ones.
KEPT: Final = 8192

_NOTO: Final = "manimgx_fonts"


# Compared and hashed as itself, a face is a cheap key: it is one for each character that is looked up.
@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A font file and how it is set in a cell of 12 × 24 dots. Each is one of this module's.

    `size` is the side of its em and `base` the height of the cell above its base line, in dots; the weights are of its
    `wght` axis. `index` counts the fonts of a collection.
    """

    file: str
    package: str = _NOTO
    index: int = 0
    size: float = 20
    base: float = 19
    regular: int = 500
    bold: int = 700
    setting: Setting = "grid"


def _script(name: str, size: float, base: float = 19, regular: int = 500) -> Face:
    """A script whose letters join, stack or differ much in width."""
    return Face(f"NotoSans{name}[wght].ttf", size=size, base=base, regular=regular, setting="joined")


def _cjk(index: int) -> Face:
    """A font of the collection. Its squares leave two dots between them."""
    return Face("NotoSansCJK-VF.otf.ttc", "manimgx_fonts_cjk", index, 22, 20)


#: heavier, and the bar inside the zero makes it an eight
_MONO: Final = Face("files/JetBrainsMono[wght].ttf", "fontpkg_jetbrains_mono", bold=650)
_EMOJI: Final = Face("NotoEmoji[wght].ttf", size=21, base=20, regular=600, setting="picture")
_SYMBOLS: Final = Face("NotoSansSymbols[wght].ttf", setting="picture")
_SANS: Final = Face("NotoSans[wght].ttf")
#: Base lines are higher where a script reaches far below it: its letters can then be larger.
_SCRIPTS: Final = (
    _script("Arabic", 19, 17, 450),
    _script("Hebrew", 21),
    _script("Devanagari", 20, 18.5),
    _script("Thai", 20, 18.5),
    _script("Bengali", 20),
    _script("Gujarati", 20),
    _script("Gurmukhi", 19, 18),
    _script("Tamil", 18, 18),
    _script("Telugu", 20, 18),
    _script("Kannada", 20, 18),
    _script("Malayalam", 19, 18),
    _script("Oriya", 19, 18),
    _script("Sinhala", 18, 18),
    _script("Khmer", 18, 17.5),
    _script("Lao", 20, 18.5),
    _script("Myanmar", 16, 16.5),
    _script("Armenian", 20),
    _script("Georgian", 20),
    _script("Ethiopic", 20),
)
_HAN: Final[dict[Han, Face]] = {
    "JP": _cjk(0),
    "KR": _cjk(1),
    "SC": _cjk(2),
    "TC": _cjk(3),
}


def han_of(text: str) -> Han:
    """Whose shapes the Chinese characters of a text are drawn in: kana mean Japanese, hangul Korean, bopomofo the
    traditional, nothing of these the simplified Chinese ones."""
    for character in text:
        if "\u3041" <= character <= "\u30ff":
            return "JP"
        if "\uac00" <= character <= "\ud7a3" or "\u1100" <= character <= "\u11ff":
            return "KR"
        if "\u3105" <= character <= "\u312f":
            return "TC"
    return "SC"


@lru_cache(maxsize=KEPT)
def face_of(cluster: str, han: Han, wide: bool) -> Face | None:
    """The first face that has the whole cluster, else the first that has its first character, else None.

    `wide` clusters look among the emoji before the symbols.
    """
    wanted = shown(cluster)
    order = _order(han, emoji=wide and category(cluster[0]) in ("So", "Sk", "Cn", "Nd", "Po"), marks=len(wanted) > 1)
    if len(wanted) > 1:
        whole = next((face for face in order if all(has(face, character) for character in wanted)), None)
        if whole is not None:
            return whole
    return next((face for face in order if has(face, wanted[:1])), None)


def _order(han: Han, emoji: bool, marks: bool) -> Iterable[Face]:
    """The faces in the order in which they are asked. JetBrains Mono places few marks on letters, Noto Sans all."""
    letters = (*_SCRIPTS, _SANS, _MONO) if marks else (_MONO, *_SCRIPTS, _SANS)
    others = (*letters, _SYMBOLS, _HAN[han], _EMOJI)
    return (_EMOJI, *others) if emoji else others


def shown(cluster: str) -> str:
    """The characters of a cluster that are to be seen: not joiners, direction marks and variation selectors."""
    return "".join(
        character for character in cluster if not ("\ufe00" <= character <= "\ufe0f" or category(character) == "Cf")
    )


def has(face: Face, character: str) -> bool:
    """Whether the face has a glyph for the character."""
    return bool(character) and bool(font(face, bold=False).get_nominal_glyph(ord(character)))


@lru_cache(maxsize=64)
def font(face: Face, bold: bool) -> hb.Font:
    """The face in one of its weights, ready to shape and draw; its units are those of the file."""
    loaded = hb.Font(hb.Face(_blob(face.package, face.file), face.index))
    loaded.set_variations({"wght": face.bold if bold else face.regular})
    return loaded


@lru_cache(maxsize=64)
def _blob(package: str, file: str) -> hb.Blob:
    with as_file(files(package).joinpath(file)) as path:
        return hb.Blob.from_file_path(path)
