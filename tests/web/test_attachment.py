"""Names under which documents are saved: as browsers read them, and never anything that acts."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.web.attachment import INERT, disposition, file_name


def read(header: str) -> str:
    """The name that a reader of RFC 6266 finds in it: the extended one where there is one."""
    if found := re.search(r"filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)\Z", header):
        return unquote(found[1], errors="strict")
    found = re.search(r'filename="([^"]*)"\Z', header)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "name", ["Rapport.pdf", "Été à Évreux, 10 €.pdf", "日報 2026.txt", "a'b;c&d=100%.pdf", "🧾.bin"]
)
def test_a_name_comes_back_as_it_is(name: str) -> None:
    assert read(disposition(name)) == name
    assert disposition(name).startswith("attachment; ")
    assert disposition(name).isascii()


@given(st.text(max_size=300))
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    read(header)


@pytest.mark.parametrize(
    ("title", "media_type", "name"),
    [
        ("Main courante", "application/pdf", "Main courante.pdf"),
        ("facture.PDF", "application/pdf", "facture.PDF"),
        ("photo.jpeg", "image/jpeg", "photo.jpeg"),
        ("Caisse n.1", "text/plain", "Caisse n.1.txt"),
        ("../../etc/passwd", "text/html", ".._.._etc_passwd.html"),
        ("page.html", "application/pdf", "page.html.pdf"),
        ("x", "application/unheard-of", "x"),
    ],
)
def test_a_title_becomes_a_file_of_its_type(title: str, media_type: str, name: str) -> None:
    assert file_name(title, media_type) == name


def test_what_others_have_made_can_do_nothing() -> None:
    assert INERT["X-Content-Type-Options"] == "nosniff"
    assert INERT["Content-Security-Policy"].startswith("sandbox;")
