"""A document from StartDoc to EndDoc, and what is left where one of the calls fails."""

from __future__ import annotations

import pytest
from tests.peers.spool_library import SpoolLibrary


def test_written_and_ended() -> None:
    library = SpoolLibrary()
    document = library.spooler.start("TICKET", "Ticket")
    assert document.write(b"abc") == 3
    document.end()
    document.abort()  # too late: nothing happens
    assert (library.ticket.printed, library.left_open) == ([b"abc"], 0)
    with pytest.raises(ConnectionAbortedError):
        document.write(b"more")
    with pytest.raises(ConnectionAbortedError):
        document.end()


def test_aborted() -> None:
    library = SpoolLibrary()
    document = library.spooler.start("TICKET", "Ticket")
    document.write(b"abc")
    document.abort()
    document.abort()
    assert (library.ticket.printed, library.ticket.jobs, library.left_open) == ([], {}, 0)


@pytest.mark.parametrize("what", ["OpenPrinterW", "StartDocPrinterW", "StartPagePrinter"])
def test_one_that_cannot_begin_leaves_nothing(what: str) -> None:
    library = SpoolLibrary()
    spooler = library.spooler
    library.refuses[what] = 5
    with pytest.raises(OSError, match="5"):
        spooler.start("TICKET", "Ticket")
    assert (library.ticket.jobs, library.left_open) == ({}, 0)


@pytest.mark.parametrize("what", ["EndPagePrinter", "EndDocPrinter"])
def test_one_that_cannot_end_lets_go_of_its_handle(what: str) -> None:
    library = SpoolLibrary()
    document = library.spooler.start("TICKET", "Ticket")
    library.refuses[what] = 112
    with pytest.raises(OSError, match="112"):
        document.end()
    assert library.left_open == 0
