"""Documents know their own type and digest."""

from __future__ import annotations

import hashlib
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


@given(st.text(alphabet="aé€😀日", min_size=400, max_size=2000))
def test_a_character_cut_at_the_end_of_the_sample_is_still_text(text: str) -> None:
    assert media_type_of(text.encode()) == TEXT
    assert media_type_of(text.encode()[:1024]) == TEXT


@given(st.binary(max_size=2000))
def test_any_bytes_have_a_type(content: bytes) -> None:
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
