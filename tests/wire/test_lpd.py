"""The line printer daemon protocol: lines and control files as real senders write them, and anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.wire import lpd
from comptoir.wire.lpd import Announced, Ask, BadLpd, Command, ControlFile, Printing, Section

#: of the lpd backend of CUPS 2.4, of Windows 10, of BSD's lpr with two files
CUPS = b"Hdesk\nPnightaudit\nJManager Flash\nldfA123desk\nldfA123desk\nUdfA123desk\nNManager Flash\n"
WINDOWS = (
    b"HRECEPTION-1\nPclaire\nJDocument - Bloc-notes\nldfA012RECEPTION-1\nUdfA012RECEPTION-1\nNDocument - Bloc-notes\n"
)
BSD = b"Hdesk\nPzo\xe9\nJa.txt\nCdesk\nLzo\nfdfA001desk\nUdfA001desk\nNa.txt\nfdfB001desk\nUdfB001desk\nNb.txt\n"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b"\x02lp", Command(Ask.RECEIVE, "lp")),
        (b"\x02", Command(Ask.RECEIVE, "")),
        (b"\x03lp root 12", Command(Ask.SHORT_STATE, "lp", ("root", "12"))),
        (b"\x05lp  zo", Command(Ask.REMOVE, "lp", ("zo",))),
        (b"\x02caf\xe9", Command(Ask.RECEIVE, "café")),
    ],
)
def test_commands(line: bytes, wanted: Command) -> None:
    assert lpd.command(line) == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b"\x01", Announced(Section.ABORT)),
        (b"\x02123 cfA001desk", Announced(Section.CONTROL_FILE, "cfA001desk", 123)),
        (b"\x030 dfA001desk", Announced(Section.DATA_FILE, "dfA001desk", 0)),
        (b"\x03125899906843000 dfA001desk", Announced(Section.DATA_FILE, "dfA001desk", None)),
        (b"\x0312", Announced(Section.DATA_FILE, "", 12)),
    ],
)
def test_parts_of_a_job(line: bytes, wanted: Announced) -> None:
    assert lpd.announced(line) == wanted


@pytest.mark.parametrize("line", [b"", b"\x07", b"GET / HTTP/1.1", b"\x02x cf", b"\x0299999999 cfA", b"\x03-1 df"])
def test_what_is_no_protocol(line: bytes) -> None:
    with pytest.raises(BadLpd):
        lpd.announced(line)


def test_control_files() -> None:
    cups = lpd.control_file(CUPS)
    assert cups == ControlFile("desk", "nightaudit", "Manager Flash", "", (Printing("dfA123desk", 2, "Manager Flash"),))
    assert cups.called(cups.files[0]) == "Manager Flash"
    windows = lpd.control_file(WINDOWS)
    assert (windows.host, windows.user, windows.called(windows.files[0])) == (
        "RECEPTION-1",
        "claire",
        "Document - Bloc-notes",
    )
    bsd = lpd.control_file(BSD)
    assert bsd.user == "zoé"
    assert [bsd.called(file) for file in bsd.files] == ["a.txt", "b.txt"]


def test_a_control_file_is_bounded() -> None:
    assert lpd.control_file(b"fdf\n" * 5000).files == (Printing("df", lpd.MOST_COPIES),)
    with pytest.raises(BadLpd, match="too many"):
        lpd.control_file(b"".join(b"fdf%d\n" % number for number in range(100)))


def test_the_state_of_a_queue() -> None:
    assert lpd.state_of("lp", "", [], long=False) == b"lp: ready\nno entries\n"
    assert lpd.state_of("", "no paper", ["Audit"], long=True) == b"lp: no paper\n1. Audit\n"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (lpd.command, lpd.announced, lpd.control_file):
        try:
            read(data)
        except BadLpd:
            continue


@given(st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters="\x7f"), min_size=1)))
def test_whatever_files_are_called(names: list[str]) -> None:
    content = b"".join(b"fd%d\nN%s\n" % (at, name.encode()) for at, name in enumerate(names[:60]))
    files = lpd.control_file(content).files
    assert [file.name for file in files] == [f"d{at}" for at in range(len(files))]
    assert len(files) == len(names[:60])
