"""PJL: what stands around a job, byte for byte, and that nothing of a title becomes a command."""

from __future__ import annotations

import pytest

from comptoir.core.errors import FormatError
from comptoir.core.sheet import Wishes
from comptoir.languages.pjl import UEL, around


def test_the_lines_around_a_job() -> None:
    head, tail = around("PDF", Wishes(title="Facture 1", sides="two-sided-short-edge", tray="tray-2"))
    assert head == UEL + (
        b'@PJL JOB NAME="Facture 1"\r\n@PJL SET DUPLEX=ON\r\n@PJL SET BINDING=SHORTEDGE\r\n'
        b"@PJL SET MEDIASOURCE=TRAY2\r\n@PJL ENTER LANGUAGE=PDF\r\n"
    )
    assert tail == UEL + b'@PJL EOJ NAME="Facture 1"\r\n' + UEL


def test_one_sided_is_said_and_nothing_is_not() -> None:
    assert b"@PJL SET DUPLEX=OFF\r\n@PJL ENTER" in around("PCL", Wishes(sides="one-sided"))[0]
    assert b"SET" not in around("PCL", Wishes())[0]


def test_a_title_is_no_command() -> None:
    head, _ = around("PDF", Wishes(title='a"\r\n@PJL RESET\r\n\x1bé'))
    assert head.splitlines()[0] == UEL + b'@PJL JOB NAME="a@PJL RESET"'


def test_a_tray_that_pjl_has_no_word_for() -> None:
    with pytest.raises(FormatError, match="tray-77"):
        around("PDF", Wishes(tray="tray-77"))
