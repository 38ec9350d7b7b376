"""Notifications of a printer's jobs, as the spooler tells them; and where it tells nothing."""

from __future__ import annotations

import pytest
from tests.peers.spool_library import SpoolLibrary

from comptoir.windows.structures import Bits, JobStatus


@pytest.mark.parametrize("bits", [4, 8])
def test_what_happens_is_told_in_its_order(bits: Bits) -> None:
    library = SpoolLibrary("TICKET", "Fax", bits=bits)
    library.ticket.prints = False
    changes = library.spooler.changes("TICKET")
    number = library.put("Ticket")
    library.put("elsewhere", printer="Fax")
    library.print(number)
    over = JobStatus.PRINTED | JobStatus.DELETING | JobStatus.DELETED
    assert changes.wait(10) == [(number, JobStatus(0)), (number, JobStatus.PRINTING), (number, over)]
    assert changes.wait(0) == ()
    assert not changes.lost
    changes.close()
    changes.close()
    assert library.left_open == 0
    with pytest.raises(ConnectionAbortedError):
        changes.wait(0)


def test_after_a_loss_all_is_asked_for() -> None:
    """The spooler tells nothing more until then; what had gone meanwhile is not told any more."""
    library = SpoolLibrary()
    library.ticket.prints = False
    changes = library.spooler.changes("TICKET")
    number = library.put("Ticket")
    library.discards = True
    assert changes.wait(10) == [(number, JobStatus(0))]
    assert changes.lost


def test_a_spooler_that_tells_nothing() -> None:
    library = SpoolLibrary(notifies=False)
    with pytest.raises(OSError, match=r"\w"):
        library.spooler.changes("TICKET")
    assert library.left_open == 0


def test_a_spooler_that_is_started_anew() -> None:
    library = SpoolLibrary()
    changes = library.spooler.changes("TICKET")
    library.restart()
    with pytest.raises(OSError, match=r"\w"):
        changes.wait(10)
    changes.close()
