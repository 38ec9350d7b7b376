"""Data: the code pages of ESC/POS printers as slots of `ESC t n`, and which characters may stand for others.

Slots: Epson, ESC/POS command reference, `ESC t` (the list of the TM series). Codecs are Python's; slots for
which Python has none (katakana, Thai, Vietnamese …) are absent. No code is here.
"""

from __future__ import annotations

from typing import Final

#: slot of ESC t n -> Python codec
CODECS: Final[dict[int, str]] = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    15: "iso8859_7",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    32: "cp720",
    33: "cp775",
    34: "cp855",
    35: "cp861",
    36: "cp862",
    37: "cp864",
    38: "cp869",
    39: "iso8859_2",
    40: "iso8859_15",
    44: "cp1125",
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
    49: "cp1255",
    50: "cp1256",
    51: "cp1257",
    52: "cp1258",
    53: "kz1048",
}

#: In which order pages are tried. 858 and 1252 first: they have the euro where every printer puts it. Slot 15
#: is absent: on many ROMs it has no euro. Right-to-left pages are absent: nobody here orders and joins their
#: letters.
PREFERENCE: Final[tuple[int, ...]] = (19, 16, 0, 2, 18, 17, 14, 13, 45, 46, 47, 48, 33, 51, 52, 34, 40)

#: Replaced everywhere: the same to a reader, and on no page or badly placed on most.
ALWAYS: Final[dict[int, str]] = {
    0x00A0: " ",  # no-break space: some ROMs print a block for it
    0x00AD: "",  # soft hyphen
    0x2000: " ",
    0x2001: " ",
    0x2002: " ",
    0x2003: " ",
    0x2004: " ",
    0x2005: " ",
    0x2006: " ",
    0x2007: " ",
    0x2008: " ",
    0x2009: " ",
    0x200A: " ",
    0x200B: "",
    0x200C: "",
    0x200D: "",
    0x200E: "",
    0x200F: "",
    0x2010: "-",
    0x2011: "-",
    0x202A: "",
    0x202C: "",
    0x202F: " ",  # what French number formats put between thousands
    0x205F: " ",
    0x2060: "",
    0x3000: " ",
    0xFE0E: "",
    0xFE0F: "",
    0xFEFF: "",
}

#: Punctuation, replaced where no single page has the whole line: as readable, and no second page is needed.
PUNCTUATION: Final[dict[int, str]] = {
    0x2012: "-",
    0x2013: "-",
    0x2014: "-",
    0x2015: "-",
    0x2018: "'",
    0x2019: "'",
    0x201A: ",",
    0x201B: "'",
    0x201C: '"',
    0x201D: '"',
    0x201E: '"',
    0x2026: "...",
    0x2032: "'",
    0x2033: '"',
    0x02BC: "'",
}

#: Replaced only where no page at all has the character: worse than it, better than a question mark.
LOOK_ALIKES: Final[dict[int, str]] = PUNCTUATION | {
    0x2022: "*",
    0x2039: "<",
    0x203A: ">",
    0x2190: "<-",
    0x2192: "->",
    0x2212: "-",
    0x2215: "/",
    0x2713: "v",
    0x2714: "v",
    0x2717: "x",
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
}
