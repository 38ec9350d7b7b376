"""How files end: whether one has the end that its format demands. Pure: bytes in, an answer out.

An answer "no" is a sign and no proof: some programs append to what they write, and some valid files lack their end. So
it makes a file wait longer; nobody refuses it for that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

#: bytes of the beginning that tell the type, and the size where a format says it there
HEAD: Final = 4096
#: bytes of the end that are looked at
TAIL: Final = 1024
#: PKWARE's APPNOTE 4.3.16: 22 bytes, and a comment of 65,535 at most
_ZIP_TAIL: Final = 22 + 65_535


def tail_length(media_type: str) -> int:
    """How many bytes of the end `ended` wants to see of such a file; 0: nothing is known of its end."""
    if _is_zip(media_type):
        return _ZIP_TAIL
    return TAIL if media_type in _ENDS else 0


def ended(media_type: str, head: bytes, tail: bytes, size: int) -> bool:
    """Whether a file of this type has its end; True for one whose end cannot be known.

    `head`: its first HEAD bytes; `tail`: its last `tail_length` bytes; all of them of a shorter one.
    """
    if _is_zip(media_type):
        return _zip_ended(tail)
    judge = _ENDS.get(media_type)
    return judge is None or judge(head, tail, size)


def _is_zip(media_type: str) -> bool:
    return media_type == "application/zip" or media_type.startswith(_ZIP_FAMILY)


_ZIP_FAMILY: Final = (
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
    "application/epub+zip",
)


def _zip_ended(tail: bytes) -> bool:
    """The end of the central directory stands there, and its comment ends with the file (APPNOTE 4.3.16)."""
    at = tail.rfind(b"PK\5\6")
    while at >= 0:
        if len(tail) - at >= 22 and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
            return True
        at = tail.rfind(b"PK\5\6", 0, at)
    return False


def _pdf(head: bytes, tail: bytes, size: int) -> bool:
    """ISO 32000-1 §7.5.5 and its note in Annex H: the marker stands in the last 1024 bytes."""
    return b"%%EOF" in tail


def _postscript(head: bytes, tail: bytes, size: int) -> bool:
    """Only what says that it follows the Document Structuring Conventions must end as they say."""
    return not head.lstrip(b"\4").startswith(b"%!PS-Adobe") or b"%%EOF" in tail


def _jpeg(head: bytes, tail: bytes, size: int) -> bool:
    """EOI: in the data of a picture 0xFF is never followed by it (ITU-T T.81 B.1.1.5)."""
    return b"\xff\xd9" in tail


def _png(head: bytes, tail: bytes, size: int) -> bool:
    return b"IEND\xaeB`\x82" in tail


def _gif(head: bytes, tail: bytes, size: int) -> bool:
    return tail.rstrip(b"\0").endswith(b";")


def _bmp(head: bytes, tail: bytes, size: int) -> bool:
    """The header says the size; some programs leave it 0."""
    return len(head) >= 6 and size >= int.from_bytes(head[2:6], "little")


def _riff(head: bytes, tail: bytes, size: int) -> bool:
    return len(head) >= 8 and size >= 8 + int.from_bytes(head[4:8], "little")


def _tiff(head: bytes, tail: bytes, size: int) -> bool:
    """The directory of the first picture, which most programs write last, lies in the file (TIFF 6.0 §2)."""
    if len(head) < 8:
        return False
    at = int.from_bytes(head[4:8], "little" if head.startswith(b"II") else "big")
    return 8 <= at <= size - 2


def _xml(head: bytes, tail: bytes, size: int) -> bool:
    """The last thing is a tag's end, whatever the encoding: 0 bytes of UTF-16 are left out."""
    return tail.replace(b"\0", b"").rstrip().endswith(b">")


def _rtf(head: bytes, tail: bytes, size: int) -> bool:
    return tail.rstrip(b"\0\r\n\t ").endswith(b"}")


_ENDS: Final[dict[str, Callable[[bytes, bytes, int], bool]]] = {
    "application/pdf": _pdf,
    "application/postscript": _postscript,
    "application/rtf": _rtf,
    "image/bmp": _bmp,
    "image/gif": _gif,
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/tiff": _tiff,
    "image/webp": _riff,
    "text/xml": _xml,
}
