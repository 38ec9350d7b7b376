"""Documents know their own type and digest."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.document import RAW, TEXT, Document, digest_of, media_type_of


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"BM....", "image/bmp"),
        (b"%!PS", "application/postscript"),
        (b"\4%!PS", "application/postscript"),
        (b"{\\rtf1 hello}", "application/rtf"),
        (b"RaS2PwgRaster", "image/pwg-raster"),
        (b"UNIRAST\0\0\0", "image/urf"),
        (b"\x1bE\x1b&l1O", "application/vnd.hp-PCL"),
        (b"\x1bE\x01bold on a receipt", RAW),
        (b") HP-PCL XL;2;0", "application/vnd.hp-PCLXL"),
        (b"\x1b%-12345X@PJL ENTER LANGUAGE=PCL\r\n", "application/vnd.hp-PJL"),
        (b"\x1f\x8b\x08\0", "application/gzip"),
        (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b'<?xml version="1.0"?>', "text/xml"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "text/xml"),
        ("\ufeff<?xml version='1.0'?>".encode("utf-16-le"), "text/xml"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"PK\5\6" + bytes(18), "application/zip"),
        (b"", TEXT),
        ("Bonjour à tous\r\n\tcafé\f".encode(), TEXT),
        ("日本語".encode(), TEXT),
        (b"\x1b@Hello\n\x1dV\x00", RAW),
        (b"caf\xe9 au lait", RAW),
        (b"\xe9 caf", RAW),
        (b"a\x00b", RAW),
    ],
)
def test_the_first_bytes_tell_the_type(head: bytes, media_type: str) -> None:
    assert media_type_of(head) == media_type


def packed(names: Sequence[str], mimetype: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name in names:
            archive.writestr(name, "content")
    return file.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("names", "mimetype", "media_type"),
    [
        (("a.txt",), "", "application/zip"),
        (("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "", f"{OFFICE}wordprocessingml.document"),
        (("_rels/.rels", "xl/workbook.xml", "[Content_Types].xml"), "", f"{OFFICE}spreadsheetml.sheet"),
        (("[Content_Types].xml", "ppt/presentation.xml"), "", f"{OFFICE}presentationml.presentation"),
        (("[Content_Types].xml", "3D/model.model"), "", "application/zip"),
        (("word/notes.txt",), "", "application/zip"),
        (("content.xml",), "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        (("x",), "application/epub+zip", "application/epub+zip"),
        (("x",), "text/html", "application/zip"),
    ],
)
def test_what_kind_of_zip_it_is(names: Sequence[str], mimetype: str, media_type: str) -> None:
    assert media_type_of(packed(names, mimetype)) == media_type


@given(st.text(alphabet="aé€😀日", min_size=400, max_size=2000))
def test_a_character_cut_at_the_end_of_the_sample_is_still_text(text: str) -> None:
    assert media_type_of(text.encode()) == TEXT
    assert media_type_of(text.encode()[:1024]) == TEXT


@given(
    st.sampled_from([b"", b"PK\3\4", b"RIFF", b"....ftyp", packed(("x",), "application/epub+zip")]),
    st.binary(max_size=2000),
)
def test_any_bytes_have_a_type(start: bytes, rest: bytes) -> None:
    for content in (start + rest, start[: len(rest)]):
        assert "/" in media_type_of(content)


@given(st.binary(max_size=200))
def test_a_document_is_its_bytes(content: bytes) -> None:
    document = Document.of(content)
    assert document.digest == digest_of(content) == hashlib.sha256(content).hexdigest()
    assert (document.size, document.content) == (len(content), content)


def test_a_named_type_is_believed_and_nothing_changes_afterwards() -> None:
    document = Document.of(b"x", "application/x-mine", "a.bin")
    assert (document.media_type, document.name) == ("application/x-mine", "a.bin")
    with pytest.raises(FrozenInstanceError):
        document.size = 2  # type: ignore[misc]
