"""Handles that are closed, buffers that grow, and what the numbers of errors mean."""

from __future__ import annotations

import pytest
from tests.peers.spool_library import SpoolLibrary

from comptoir.windows.calls import Calls, JobGone, Libraries, PrinterGone


def calls(library: SpoolLibrary) -> Calls:
    return Calls(Libraries(library, library, library.last_error, library.bits))


def test_a_handle_is_closed_whatever_happens() -> None:
    library = SpoolLibrary()
    with pytest.raises(KeyError), calls(library).opened("TICKET"):
        raise KeyError
    assert library.left_open == 0


@pytest.mark.parametrize(
    ("number", "job", "kind"),
    [(87, True, JobGone), (3003, True, JobGone), (87, False, OSError), (1801, False, PrinterGone), (5, True, OSError),
     (1905, False, PrinterGone), (1722, True, OSError)],
)  # fmt: skip
def test_what_errors_mean(number: int, job: bool, kind: type[OSError]) -> None:
    """A wrong parameter is a job that is not there only where a job was asked for."""
    library = SpoolLibrary()
    library.refuses["OpenPrinterW"] = number
    one = calls(library)
    with pytest.raises(OSError, match=r"\w") as error:
        one.open("TICKET,Job 3" if job else "TICKET")
    assert type(error.value) is kind
    assert error.value.errno == number


def test_what_grows_between_two_calls_is_asked_for_again() -> None:
    library = SpoolLibrary()
    sizes: list[int] = []

    def call(buffer: object, size: object, needed: object, count: object) -> int:
        sizes.append(size.value)  # type: ignore[attr-defined]
        needed._obj.value = 10_000 * len(sizes)  # type: ignore[attr-defined]
        library._refuse(122)
        return int(len(sizes) == 4)

    calls(library).filled(call)
    assert sizes == [0, 14_096, 24_096, 34_096]


def test_a_buffer_without_room_is_none() -> None:
    """Wine writes into it."""
    buffers: list[object] = []
    library = SpoolLibrary()

    def call(buffer: object, size: object, needed: object, count: object) -> int:
        buffers.append(buffer)
        return 1

    calls(library).filled(call)
    assert buffers == [None]
