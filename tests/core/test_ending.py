"""Files that have their end, and the same files cut."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from comptoir.core.document import media_type_of
from comptoir.core.ending import HEAD, ended, tail_length


def whole(content: bytes) -> bool:
    """Whether a file with this content has its end, judged by what it says that it is."""
    media_type = media_type_of(content[:HEAD])
    wanted = tail_length(media_type)
    return ended(media_type, content[:HEAD], content[-wanted:] if wanted else b"", len(content))


def picture(form: str) -> bytes:
    file = io.BytesIO()
    noise = bytes(range(256)) * 75
    Image.frombytes("RGB", (80, 80), noise[: 80 * 80 * 3]).save(file, form)
    return file.getvalue()


def archive(names: tuple[str, ...] = ("a.txt",), comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.comment = comment
        for name in names:
            packed.writestr(name, "content " * 50)
    return file.getvalue()


WHOLE = {
    "pdf": b"%PDF-1.7\n" + b"x" * 3000 + b"\n%%EOF\n",
    "pdf with something behind": b"%PDF-1.7\n" + b"x" * 3000 + b"\n%%EOF\n" + b"\0" * 500,
    "postscript": b"%!PS-Adobe-3.0\n" + b"showpage\n" * 100 + b"%%EOF\n",
    "png": picture("PNG"),
    "jpeg": picture("JPEG"),
    "gif": picture("GIF"),
    "bmp": picture("BMP"),
    # its directory comes last, as most programs write it
    "tiff": b"II*\0" + (2008).to_bytes(4, "little") + bytes(2000) + bytes(30),
    "webp": picture("WEBP"),
    "zip": archive(),
    "zip with a comment": archive(comment=b"c" * 3000),
    "docx": archive(("[Content_Types].xml", "word/document.xml")),
    "xml": b'<?xml version="1.0"?>\n<a>' + b"b" * 300 + b"</a>\n",
    "xml in UTF-16": '\ufeff<?xml version="1.0"?><a>é</a>\n'.encode("utf-16-le"),
    "rtf": b"{\\rtf1 " + b"text " * 100 + b"}\r\n",
}


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_a_whole_file_has_its_end(content: bytes) -> None:
    assert whole(content)


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_a_file_that_is_cut_has_not(content: bytes) -> None:
    for length in (len(content) // 3, len(content) // 2):
        assert not whole(content[:length])


def test_a_file_that_was_made_at_its_full_size_first_has_not() -> None:
    """Explorer does so: nothing but zeros where its content will be."""
    for kind in ("pdf", "png", "jpeg", "zip", "docx", "xml"):
        content = WHOLE[kind]
        half = len(content) // 2
        assert not whole(content[:half] + bytes(len(content) - half + 2000)), kind


def test_the_picture_in_a_picture_is_not_its_end() -> None:
    """A photograph holds a small one with an end of its own, far from the end of the file."""
    cut = b"\xff\xd8\xff\xe1" + picture("JPEG") + b"\xaa" * 5000
    assert not whole(cut)


def test_what_has_no_known_end_is_whole() -> None:
    for content in (b"plain text", b"\x1b@raw\0", b"%!PS\nshowpage", b"\x1f\x8b\x08 gzip"):
        assert whole(content)


def test_a_bitmap_that_does_not_say_its_size_is_whole() -> None:
    assert whole(b"BM" + struct.pack("<I", 0) + b"x" * 40)


@given(st.binary(max_size=200), st.sampled_from([content[:60] for content in WHOLE.values()]))
def test_any_bytes_are_judged(rest: bytes, start: bytes) -> None:
    for content in (rest, start + rest, start[:5] + rest):
        assert whole(content) in (True, False)
