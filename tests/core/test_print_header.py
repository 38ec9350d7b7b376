"""What print streams say of themselves, as real drivers write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core import print_header as module
from comptoir.core.print_header import HEAD, LONGEST, TAIL, UEL, PrintHeader, Wrapped, first_line, print_header, wrapped

HP = (
    UEL + b'@PJL JOB NAME = "Rapport de nuit"\r\n@PJL COMMENT "HP driver"\r\n@PJL SET JOBATTR="JobAcct1=claire"\r\n'
    b'@PJL SET JOBATTR="JobAcct2=RECEPTION-1"\r\n@PJL SET QTY=2\r\n@PJL SET DUPLEX=ON\r\n@PJL SET BINDING=SHORTEDGE\r\n'
    b"@PJL ENTER LANGUAGE=PCLXL\r\n) HP-PCL XL;2;0"
)


def test_pjl_of_an_office_driver() -> None:
    header = print_header(HP)
    assert header == PrintHeader(
        "Rapport de nuit", "claire", "RECEPTION-1", 2, "two-sided-short-edge", "PCLXL", HP.index(b") HP-PCL")
    )


@pytest.mark.parametrize(
    ("lines", "title", "user"),
    [
        (b'@PJL SET JOBNAME="Facture n\xc2\xb0 12"\n@PJL SET USERNAME="zo\xc3\xa9"\n', "Facture n° 12", "zoé"),
        (b'@PJL SET JOBNAME="Facture n\xb0 12"\n@PJL SET USERID = hugo\n', "Facture n° 12", "hugo"),
        (b'@pjl set username="x"\n', "", ""),  # PJL is upper case in its first word
        (b'@PJL JOB NAME="not ended\n@PJL SET USERNAME=\n', "not ended", ""),
        (b'@PJL COMMENT JOBNAME="no"\n@PJL SET COPIES=many\n', "", ""),
    ],
)
def test_what_other_drivers_say(lines: bytes, title: str, user: str) -> None:
    header = print_header(UEL + lines)
    assert (header.title, header.user, header.copies) == (title, user, 1)


@pytest.mark.parametrize(
    ("comments", "title", "user"),
    [
        (b"%%Title: Manager Flash\n%%For: nightaudit\n", "Manager Flash", "nightaudit"),
        (b"%%Title: (Caf\\351 \\(bar\\))\r%%For: (a\\\\b)\r", "Café (bar)", "a\\b"),
        (b"%%Title: (a \\(b\\) (c))\r\n", "a (b) (c)", ""),
        (b"%%Title: <FEFF00C9007400E9>\n%%For: <7a6f>\n", "Été", "zo"),
        (b"%%Title: Caf<E9> du port\n", "Café du port", ""),
        (b"%%Title: (atend)\n%%Title: later\n", "later", ""),
        (b"%%Title: one\n%%+ two\n", "one two", ""),
        (b"%%Title: ()\n%%For: (\n", "", ""),
    ],
)
def test_comments_of_postscript(comments: bytes, title: str, user: str) -> None:
    for before in (b"", b"\x04"):
        header = print_header(before + b"%!PS-Adobe-3.0\n" + comments + b"%%EndComments\n")
        assert (header.title, header.user) == (title, user)


def test_copies_and_sides_of_postscript() -> None:
    said = print_header(b"%!PS-Adobe-3.0\n%%Requirements: numcopies(3) duplex(tumble)\n")
    assert (said.copies, said.sides) == (3, "two-sided-short-edge")
    assert print_header(b"%!PS-Adobe-3.0\n%RBINumCopies: 4\n").copies == 4
    assert print_header(b"%!PS\n%%Requirements: numcopies(0)\n").copies == 1


def test_pjl_stands_before_the_postscript_that_it_wraps() -> None:
    stream = UEL + b'@PJL JOB NAME="outer"\n@PJL ENTER LANGUAGE=POSTSCRIPT\n%!PS-Adobe-3.0\n%%Title: inner\n%%For: me\n'
    header = print_header(stream)
    assert (header.title, header.user, header.language) == ("outer", "me", "POSTSCRIPT")
    assert stream[header.begins :].startswith(b"%!PS")


def test_letters_without_end_hold_up_nobody() -> None:
    """So many that who looks at each of them from each of them is stopped by the time that a test has."""
    assert list(module._pairs(b"SET " + b"A" * 20 * HEAD)) == []


def test_the_first_line_of_a_text() -> None:
    assert first_line("\r\n-----\n  Clôture   du soir \n".encode()) == "Clôture du soir"
    assert first_line(b"\x1b@\n") == ""
    assert first_line(b"") == ""


@given(st.binary(max_size=600), st.sampled_from((b"", UEL + b"@PJL JOB NAME=", b"%!PS\n%%Title: (", b"%!\n%%For: <")))
def test_any_bytes_are_read(data: bytes, before: bytes) -> None:
    header = print_header(before + data)
    for text in (header.title, header.user, header.host, first_line(data)):
        assert len(text) <= LONGEST
        assert text == text.strip()
        assert text.isprintable()
    assert 1 <= header.copies <= 9_999
    assert 0 <= header.begins <= HEAD


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=100))
def test_any_title_comes_through_postscript(title: str) -> None:
    escaped = title.encode("utf-16").hex().encode()
    found = print_header(b"%!PS-Adobe-3.0\n%%Title: <" + escaped + b">\n").title
    assert found == " ".join("".join(c if c.isprintable() else " " for c in title).split())


def test_what_stands_inside_pjl() -> None:
    head = UEL + b"@PJL JOB\n@PJL ENTER LANGUAGE=PDF\n"
    for length in (10, TAIL, 100_000):
        content = head + b"%PDF-" + b"x" * length
        for end in (b"", UEL, UEL + b"@PJL EOJ\n" + UEL):
            stream = content + end
            found = wrapped(stream[:HEAD], stream[-TAIL:], len(stream))
            assert found == Wrapped("application/pdf", len(head), len(content))
    for other in (head + b"\x1bE\x1b&l0O", head, b"%PDF-1.4", b""):
        assert wrapped(other, other, len(other)) is None


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_any_bytes_inside(data: bytes, more: bytes) -> None:
    stream = UEL + b"@PJL ENTER LANGUAGE=PDF\n%PDF-" + data + UEL + more
    found = wrapped(stream, stream, len(stream))
    assert found is not None
    assert found.begins <= found.ends <= len(stream)
    assert stream[found.begins : found.ends].startswith(b"%PDF-")
