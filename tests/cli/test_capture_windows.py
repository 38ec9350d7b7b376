"""Printers that Windows is given: the commands as PowerShell reads them, and what is said when they do nothing."""

from __future__ import annotations

import argparse
import base64
import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from comptoir.arrivals import IppPrinterSourceConfig, Port9100SourceConfig, WinspoolSourceConfig
from comptoir.cli import capture_windows
from comptoir.cli.capture_windows import WindowsError, commands_to_add, commands_to_remove, powershell, quoted
from comptoir.config import Config
from comptoir.core.errors import ComptoirError, RequestError
from comptoir.windows import spooler
from comptoir.windows.structures import PrinterCondition

IPP = IppPrinterSourceConfig(name="Réception de l’hôtel, 1er", port=22631)
RAW = Port9100SourceConfig(name="Caisse", host="::1", port=22910)


class Windows:
    """What it has, and what was done to it. `does`: whether a command has an effect."""

    def __init__(self) -> None:
        self.names = {"fax"}
        self.others = {"fax"}
        self.done: list[str] = []
        self.does = True

    def powershell(self, commands: list[str], hint: str) -> None:
        self.done += commands
        for command in commands if self.does else ():
            name = command.split("-Name '")[1].split("'")[0].replace("’’", "’").lower()
            if command.startswith("Add-Printer "):
                self.names.add(name)
            elif command.startswith("Remove-Printer "):
                self.names.discard(name)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    one = Windows()
    monkeypatch.setattr(capture_windows, "_names", lambda: set(one.names))
    monkeypatch.setattr(capture_windows, "_is_ours", lambda source: source.name.lower() not in one.others)
    monkeypatch.setattr(capture_windows, "powershell", one.powershell)
    monkeypatch.setattr(capture_windows, "is_administrator", lambda: True)
    return one


@pytest.fixture
def listening() -> Iterator[Config]:
    """A configuration whose printer is there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Config(source=(IppPrinterSourceConfig(name="Audit", port=server.getsockname()[1]),))


def carry_out(config: Config, action: str, *, dry: bool = False, source: list[str] | None = None) -> int:
    options = argparse.Namespace(action=action, source=source, dry_run=dry, json=action == "status", queue=None)
    return capture_windows.capture(options, config)


def test_the_commands_of_an_ipp_printer() -> None:
    name = "'Réception de l’’hôtel  1er'"
    assert commands_to_add(IPP) == [f"Add-Printer -Name {name} -IppURL 'http://127.0.0.1:22631/ipp/print'"]
    assert commands_to_remove(IPP) == [f"Remove-Printer -Name {name}"]


def test_the_commands_of_a_port() -> None:
    assert commands_to_add(RAW) == [
        "if (-not (Get-PrinterPort | Where-Object Name -EQ 'Comptoir ::1 22910')) "
        "{ Add-PrinterPort -Name 'Comptoir ::1 22910' -PrinterHostAddress '::1' -PortNumber 22910 }",
        "Add-PrinterDriver -Name 'Microsoft PS Class Driver'",
        "Add-Printer -Name 'Caisse' -DriverName 'Microsoft PS Class Driver' -PortName 'Comptoir ::1 22910'",
    ]
    assert commands_to_remove(RAW) == [
        "Remove-Printer -Name 'Caisse'",
        "Remove-PrinterPort -Name 'Comptoir ::1 22910'",
    ]


@pytest.mark.parametrize(
    ("name", "wanted"), [("*", "Comptoir"), ("Caisse [1]", "Caisse  1"), ("Bar?", "Bar"), ("`a`", "a")]
)
def test_no_name_means_several_printers(name: str, wanted: str) -> None:
    """Remove-Printer takes wildcards."""
    assert commands_to_remove(IppPrinterSourceConfig(name=name)) == [f"Remove-Printer -Name '{wanted}'"]


def test_the_printer_of_a_shop_is_none_of_ours(windows: Windows, capsys: pytest.CaptureFixture[str]) -> None:
    config = Config(source=(Port9100SourceConfig(name="Fax"),))
    with pytest.raises(RequestError, match="another printer called Fax"):
        carry_out(config, "install")
    assert carry_out(config, "uninstall") == 0
    assert (windows.done, windows.names) == ([], {"fax"})
    assert "is another one, and stays" in capsys.readouterr().out
    assert carry_out(config, "status") == 0
    assert not json.loads(capsys.readouterr().out)["printers"][0]["added"]


def test_whose_a_printer_is_its_port_or_its_driver_says(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[PrinterCondition] = []

    class Spooler:
        def condition(self, name: str) -> PrinterCondition:
            return found[0]

    monkeypatch.setattr(spooler, "this_computer", Spooler)
    for source, port, driver, ours in (
        (RAW, "comptoir ::1 22910", "Microsoft PS Class Driver", True),
        (RAW, "IP_192.168.1.5", "Microsoft PS Class Driver", False),
        (IPP, "anything", "Microsoft IPP Class Driver", True),
        (IPP, "http://127.0.0.1:22631/ipp/print", "any", True),
        (IPP, "USB001", "EPSON TM-T20", False),
        (IPP, "http://192.168.1.5:631/ipp/print", "Microsoft IPP Class Driver", False),
    ):
        found[:] = [PrinterCondition(source.name, port, driver)]
        assert capture_windows._is_ours(source) is ours


def test_no_text_is_a_command() -> None:
    assert quoted("a'; Remove-Item C:\\ ’ $x `") == "'a''; Remove-Item C:\\ ’’ $x `'"


def test_printers_are_added_and_taken_back(
    windows: Windows, listening: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    assert carry_out(listening, "install") == 0
    assert windows.done == commands_to_add(listening.source[0])  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert windows.done[0] in said
    assert carry_out(listening, "install") == 0
    assert len(windows.done) == 1, "it is there already"
    capsys.readouterr()
    assert carry_out(listening, "status") == 0
    assert json.loads(capsys.readouterr().out)["printers"] == [
        {"source": "Audit", "printer": "Audit", "kind": "IPP", "added": True}
    ]
    assert carry_out(listening, "uninstall") == 0
    assert windows.names == {"fax"}


def test_a_dry_run_changes_nothing(windows: Windows, capsys: pytest.CaptureFixture[str]) -> None:
    assert carry_out(Config(source=(IPP, RAW)), "install", dry=True) == 0
    assert carry_out(Config(source=(IPP, RAW)), "uninstall", dry=True) == 0
    assert windows.done == []
    said = capsys.readouterr().out
    assert all(command in said for one in (IPP, RAW) for command in commands_to_add(one) + commands_to_remove(one))


def test_what_powershell_only_pretends_is_no_success(windows: Windows, listening: Config) -> None:
    windows.does = False
    with pytest.raises(WindowsError, match="has not added the printer Audit"):
        carry_out(listening, "install")
    windows.names.add("audit")
    with pytest.raises(WindowsError, match="has not removed the printer Audit"):
        carry_out(listening, "uninstall")


def test_what_cannot_be_done_is_said_before(
    windows: Windows, listening: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        deaf = Config(source=(IppPrinterSourceConfig(name="Audit", port=server.getsockname()[1]),))
    with pytest.raises(RequestError, match="nothing listens on port"):
        carry_out(deaf, "install")
    with pytest.raises(RequestError, match="belong to CUPS"):
        capture_windows.capture(argparse.Namespace(action="install", queue=["FACTURE"]), listening)
    with pytest.raises(RequestError, match="no source of the configuration is a printer"):
        carry_out(Config(), "install")
    with pytest.raises(RequestError, match="no source nobody that prints"):
        carry_out(listening, "install", source=["nobody"])
    monkeypatch.setattr(capture_windows, "is_administrator", lambda: False)
    with pytest.raises(RequestError, match="only the administrator"):
        carry_out(listening, "install")
    assert windows.done == []


def test_what_doctor_says(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    windows.others.clear()
    config = Config(source=(IppPrinterSourceConfig(name="Fax"), RAW, WinspoolSourceConfig(name="files")))
    assert [(one.state, one.todo) for one in capture_windows.findings(config)] == [
        ("right", ()),
        ("note", ("Type: comptoir capture install",)),
    ]

    def silent() -> set[str]:
        raise WindowsError("the spooler cannot be asked: no", "Is the print spooler running?")

    monkeypatch.setattr(capture_windows, "_names", silent)
    assert [one.state for one in capture_windows.findings(config)] == ["note"]
    assert list(capture_windows.findings(Config())) == []


def test_a_script_reaches_powershell_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []

    def run(program: list[str], **how: object) -> subprocess.CompletedProcess[bytes]:
        ran.append(base64.b64decode(program[-1]).decode("utf-16-le"))
        return subprocess.CompletedProcess(program, len(ran) - 1, b"", "Accès\r\n refusé".encode())

    monkeypatch.setattr(subprocess, "run", run)
    powershell(["Add-Printer -Name 'é'", "b"], "")
    assert "try {\nAdd-Printer -Name 'é'\nb\n} catch {" in ran[0]
    assert ran[0].startswith("$ErrorActionPreference='Stop'")
    with pytest.raises(WindowsError, match="Windows refuses: Accès refusé") as told:
        powershell(["c"], "Do it by hand.")
    assert told.value.hint == "Do it by hand."


def test_without_powershell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(capture_windows, "system_program", lambda name: str(tmp_path / name))
    with pytest.raises(ComptoirError, match="PowerShell does not run"):
        powershell(["a"], "")
