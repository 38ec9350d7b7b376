"""Drivers by GDI, where there is Windows: what needs a printer is in tests/journeys/wine/test_gdi.py."""

from __future__ import annotations

import sys

import pytest

from comptoir.windows.gdi import this_computer


@pytest.mark.skipif(sys.platform == "win32", reason="here is one")
def test_elsewhere_there_are_none() -> None:
    with pytest.raises(OSError, match="no Windows"):
        this_computer()


@pytest.mark.skipif(sys.platform != "win32", reason="needs Windows")
def test_a_printer_that_is_not_there() -> None:
    with pytest.raises(OSError) as caught:  # noqa: PT011
        this_computer().look("Nobody’s")
    assert (getattr(caught.value, "winerror", None) or caught.value.errno) == 1801
