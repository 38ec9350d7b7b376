"""Data: the twelve places of ASCII that `ESC R n` gives to another country's letters. No code is here.

Source: Epson ESC/POS command reference, ESC R; the order of the rows is that of n.
"""

from __future__ import annotations

from typing import Final

_PLACES: Final = "#$@[\\]^`{|}~"

_SETS: Final = (
    "#$@[\\]^`{|}~",  # 0 United States
    "#$à°ç§^`éùè¨",  # 1 France
    "#$§ÄÖÜ^`äöüß",  # 2 Germany
    "£$@[\\]^`{|}~",  # 3 United Kingdom
    "#$@ÆØÅ^`æøå~",  # 4 Denmark I
    "#¤ÉÄÖÅÜéäöåü",  # 5 Sweden
    "#$@°\\é^ùàòèì",  # 6 Italy
    "₧$@¡Ñ¿^`¨ñ}~",  # 7 Spain I
    "#$@[¥]^`{|}~",  # 8 Japan
    "#¤ÉÆØÅÜéæøåü",  # 9 Norway
    "#$ÉÆØÅÜéæøåü",  # 10 Denmark II
    "#$á¡Ñ¿é`íñóú",  # 11 Spain II
    "#$á¡Ñ¿éüíñóú",  # 12 Latin America
    "#$@[₩]^`{|}~",  # 13 Korea
    "#$ŽŠĐĆČžšđćč",  # 14 Slovenia, Croatia
    "#¥@[\\]^`{|}~",  # 15 China
    "#$@[\\]^`{|}~",  # 16 Vietnam
    "#$@[\\]^`{|}~",  # 17 Arabia
)

#: n of ESC R -> a table for str.translate
COUNTRIES: Final[dict[int, dict[int, str]]] = {
    number: {ord(place): letter for place, letter in zip(_PLACES, letters, strict=True) if place != letter}
    for number, letters in enumerate(_SETS)
}
