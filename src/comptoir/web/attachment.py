"""How a document is given out as a file: its name for every browser, and headers under which nothing in it can act.

What somebody printed may be a page with scripts, or call itself a picture and be one: it is saved, never shown as ours.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from comptoir.core.names import safe_name

#: what may stand unescaped in an extended value (RFC 8187, §3.2.1: attr-char), beside letters and digits
_ATTR_CHAR: Final = "!#$&+-.^_`|~"
#: media type → the ending by which systems know it
ENDINGS: Final[dict[str, str]] = {
    "application/pdf": "pdf", "application/postscript": "ps", "application/vnd.hp-PCL": "pcl",
    "application/vnd.hp-PCLXL": "pxl", "application/vnd.hp-PJL": "pjl", "application/octet-stream": "bin",
    "application/json": "json", "application/rtf": "rtf", "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/bmp": "bmp", "image/tiff": "tif",
    "image/webp": "webp", "image/pwg-raster": "pwg", "image/urf": "urf", "image/heic": "heic",
    "text/plain": "txt", "text/html": "html", "text/xml": "xml", "text/csv": "csv",
}  # fmt: skip
#: what goes with bytes that others have made
INERT: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def disposition(name: str) -> str:
    """The Content-Disposition under which a browser saves it (RFC 6266): the name in UTF-8, and one in ASCII for who
    does not read that."""
    safe = safe_name(name)
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\%' else "_" for letter in safe
    )
    if plain == safe:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe=_ATTR_CHAR)}"


def file_name(title: str, media_type: str) -> str:
    """A title as the name of a file of this type, its ending not twice."""
    ending = ENDINGS.get(media_type, "")
    # Only what looks like an ending counts as one: "Caisse n.1" has none.
    known = title.rpartition(".")[2].lower() if "." in title else ""
    same = known == ending or (known, ending) in (("jpeg", "jpg"), ("tiff", "tif"), ("htm", "html"))
    return safe_name(title if not ending or same else f"{title[:150]}.{ending}")
