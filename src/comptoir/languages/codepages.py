"""Data: in which order code pages are tried, and which characters may stand for others. No code is here.

Code pages go by the names of Python's codecs. In which slot a printer has a page is its language's business
(`escpos.codepages`, `star.tables`) and its model's (`languages.profiles`).
"""

from __future__ import annotations

from typing import Final

#: In which order code pages are tried, whatever their slots. 858 and 1252 first: they have the euro where every printer
#: puts it, and what Western Europe writes. Then the pages of one script each, so that a Greek or Turkish page is taken
#: for its letters and never because it happens to have the euro. Absent: ISO 8859-7, which has no euro on many ROMs
#: (its euro came in 2003, after them); right-to-left pages, since nobody here orders and joins their letters.
ORDER: Final[tuple[str, ...]] = (
    "cp858",
    "cp1252",
    "cp437",
    "cp850",
    "iso8859_15",
    "cp852",
    "cp866",
    "cp737",
    "cp857",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp775",
    "cp1257",
    "cp1258",
    "cp855",
    "cp1125",
    "kz1048",
    "iso8859_2",
    "latin_1",
    "cp860",
    "cp861",
    "cp863",
    "cp865",
    "cp869",
)

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
    **dict.fromkeys(range(0x202A, 0x202F), ""),  # directions: nothing here goes from right to left
    0x202F: " ",  # what French number formats put between thousands
    0x205F: " ",
    0x2060: "",
    **dict.fromkeys(range(0x2066, 0x206A), ""),
    0x3000: "  ",  # as wide as two
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

_BOX: Final = range(0x2500, 0x2580)
_BOX_ACROSS: Final = (0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x254C, 0x254D, 0x2550)
_BOX_DOWN: Final = (0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x254F, 0x2551)

#: Replaced only where no page at all has the character: worse than it, better than a line as a picture.
LOOK_ALIKES: Final[dict[int, str]] = PUNCTUATION | {
    **dict.fromkeys(_BOX, "+"),
    **dict.fromkeys(_BOX_ACROSS, "-"),
    **dict.fromkeys(_BOX_DOWN, "|"),
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
