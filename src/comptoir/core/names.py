"""Names of files as they can be on every system, whatever a document is called. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: bytes in UTF-8: file systems allow 255, and something may be added while it is written
LONGEST: Final = 200
#: what Windows does not allow in names, and what would be another directory
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*]')
#: control characters, halves of characters, and those that turn the direction of writing
_UNSEEN: Final = frozenset({"Cc", "Cs"})
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
#: devices of Windows, with any extension
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|\Z)", re.IGNORECASE)


def safe_name(text: str, longest: int = LONGEST) -> str:
    """The text as the name of a file that every system can have, its extension kept; "_" where nothing is left.

    `longest`: bytes in UTF-8. What is safe already stays as it is.
    """
    seen = "".join("_" if _is_unseen(letter) else letter for letter in unicodedata.normalize("NFC", text))
    name = _trimmed(_FORBIDDEN.sub("_", seen))
    if _DEVICES.match(name):
        name = f"_{name}"
    return _trimmed(_short(name, longest)) or "_"


def safe_path(text: str) -> str:
    """The same of each name of a relative path with /; what leads upwards, or nowhere, is left out."""
    parts = [part for part in text.replace("\\", "/").split("/") if part.strip() not in ("", ".", "..")]
    return "/".join(safe_name(part) for part in parts) or "_"


def _is_unseen(letter: str) -> bool:
    return letter in _TURNING or unicodedata.category(letter) in _UNSEEN


def _trimmed(name: str) -> str:
    """Windows drops points and spaces at the end, and would find another file then."""
    return name.strip().rstrip(". ")


def _short(name: str, longest: int) -> str:
    if len(name.encode()) <= longest:
        return name
    stem, dot, ext = name.rpartition(".")
    end = f".{ext}" if dot and stem and len(ext.encode()) <= 16 else ""
    head = (stem if end else name).encode()[: max(1, longest - len(end.encode()))].decode(errors="ignore")
    return (_trimmed(head) or "_") + end
