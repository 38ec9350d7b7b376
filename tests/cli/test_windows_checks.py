"""What doctor says of the printers of Windows."""

from __future__ import annotations

import sys
import threading

import pytest
from tests.peers.spool_library import SpoolLibrary

from comptoir.cli import windows_checks
from comptoir.cli.windows_checks import printers, windows
from comptoir.config import Config, PrinterConfig
from comptoir.windows.structures import PrinterStatus


def config(*names: str) -> Config:
    return Config(printer=tuple(PrinterConfig(name=name, device=f"winspool:{name}") for name in names))


def test_those_that_are_configured() -> None:
    library = SpoolLibrary("TICKET", "BAR", "Fax")
    library.printers["BAR"].status = PrinterStatus.PAUSED
    library.printers["Fax"].status = PrinterStatus.OFFLINE
    found = list(printers(config("ticket", "BAR", "none", "Fax"), library.spooler))
    assert [one.state for one in found] == ["right", "wrong", "wrong", "wrong"]
    assert found[0].said == "Windows has the printer TICKET, at USB001, with the driver EPSON TM"
    assert "BAR" in found[1].said
    assert found[1].todo
    assert found[2].todo == ("It has: TICKET, BAR, Fax",)


def test_without_one_those_that_print_on_paper_are_named() -> None:
    library = SpoolLibrary("TICKET", "Microsoft Print to PDF", "Fax", "OneNote (Desktop)")
    (found,) = printers(config(), library.spooler)
    assert (found.state, found.said) == ("note", "printers of Windows: TICKET")
    assert found.todo == ('One of them is used with: device = "winspool:NAME"',), "as it is copied into a file"
    assert list(printers(config(), SpoolLibrary("Fax").spooler)) == []


def test_a_spooler_that_does_not_run() -> None:
    library = SpoolLibrary()
    library.running = False
    (found,) = printers(config("TICKET"), library.spooler)
    assert (found.state, found.todo) == ("wrong", ("Start its service: net start Spooler",))


def test_a_printer_of_a_computer_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may never answer is not waited for for ever."""
    monkeypatch.setattr(windows_checks, "PATIENCE", 0.05)
    library = SpoolLibrary()
    answers = library.hangs["GetPrinterW"] = threading.Event()
    (found,) = printers(config("TICKET"), library.spooler)
    assert found.said.endswith("the spooler of Windows does not answer")
    answers.set()


def test_a_printer_of_which_nothing_is_told() -> None:
    library = SpoolLibrary()
    library.refuses["GetPrinterW"] = 5
    (found,) = printers(config("TICKET"), library.spooler)
    assert found.state == "wrong"


@pytest.mark.skipif(sys.platform == "win32", reason="this is Windows")
def test_elsewhere_nothing_is_said() -> None:
    assert list(windows(config("TICKET"))) == []
