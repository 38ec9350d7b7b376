"""The command `capture` on Windows: adds printers to Windows that print to this station, and takes them away again.

A source of the kind ipp_printer becomes an IPP printer, port9100 a printer on a TCP port. PowerShell does it, by the
commands of `commands_to_add`, which are shown before. Whether Windows then has the printer, its spooler is asked:
that PowerShell complains of nothing proves nothing.
"""

from __future__ import annotations

import argparse
import base64
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from comptoir.arrivals import IppPrinterSourceConfig, Port9100SourceConfig, WinspoolSourceConfig
from comptoir.cli import as_json, tell
from comptoir.cli.checks import Finding
from comptoir.cli.place import here
from comptoir.cli.speech import tr
from comptoir.config import Config
from comptoir.core.errors import ComptoirError, RequestError
from comptoir.windows.paths import system_program

if TYPE_CHECKING:
    from comptoir.windows.spooler import Win32Spooler

Printed = IppPrinterSourceConfig | Port9100SourceConfig

#: a driver of Windows itself: what it makes says who printed, and which document
DRIVER: Final = "Microsoft PS Class Driver"
#: seconds: Windows looks for a driver meanwhile
PATIENCE: Final = 120.0
#: what no name of a printer may have; and by what PowerShell would mean several, to remove all of them
_FORBIDDEN: Final = re.compile(r"[\\,!*?\[\]`\x00-\x1f]+")
_BY_HAND: Final = "Add the printer by hand: in the settings of Windows, printers, add manually."
_TAKE_AWAY: Final = "Remove it in the settings of Windows, printers. Prints that wait in its queue keep it there."
#: all that PowerShell takes for the mark around a text
_QUOTES: Final = re.compile("(['\u2018\u2019\u201a\u201b])")
#: the first error ends it, and is said in letters that we can read; without a console there is nothing to set
_SCRIPT: Final = (
    "$ErrorActionPreference='Stop'; $ProgressPreference='SilentlyContinue'\n"
    "try {{ [Console]::OutputEncoding=[Text.UTF8Encoding]::new($false) }} catch {{ }}\n"
    "try {{\n{commands}\n}} catch {{ [Console]::Error.WriteLine($_.Exception.Message); exit 1 }}\n"
)


class WindowsError(ComptoirError):
    """Windows did not do what it was asked."""

    code = "windows"


def capture(options: argparse.Namespace, config: Config) -> int:
    """install, uninstall, status. Raises RequestError, WindowsError."""
    if options.action == "status":
        return _status(config, options.json)
    if options.queue or getattr(options, "all", False) or getattr(options, "spool", None):
        raise RequestError(
            "--queue, --all and --spool belong to CUPS", "Here printers are added: --source NAME, or all without it."
        )
    chosen = _chosen(config, options.source or ())
    work = _install if options.action == "install" else _uninstall
    return work(chosen, options.dry_run)


# -- the commands ------------------------------------------------------------------------------------------------------


def printer_name(source: Printed) -> str:
    """What the printer of a source is called in Windows: its name, without what no printer's may have."""
    return _FORBIDDEN.sub(" ", source.name).strip() or "Comptoir"


def commands_to_add(source: Printed) -> list[str]:
    """PowerShell that adds the printer of this source, a command each."""
    name, host = quoted(printer_name(source)), here(source.host)
    if isinstance(source, IppPrinterSourceConfig):
        return [f"Add-Printer -Name {name} -IppURL {quoted(f'http://{host}:{source.port}/ipp/print')}"]
    port = quoted(_port(source))
    address = quoted(host.strip("[]"))
    # It is there already where an attempt has failed later, or somebody has removed the printer alone.
    new = f"if (-not (Get-PrinterPort | Where-Object Name -EQ {port}))"
    return [
        f"{new} {{ Add-PrinterPort -Name {port} -PrinterHostAddress {address} -PortNumber {source.port} }}",
        f"Add-PrinterDriver -Name {quoted(DRIVER)}",
        f"Add-Printer -Name {name} -DriverName {quoted(DRIVER)} -PortName {port}",
    ]


def commands_to_remove(source: Printed) -> list[str]:
    """PowerShell that takes it away again. The driver is Windows' own, and stays."""
    commands = [f"Remove-Printer -Name {quoted(printer_name(source))}"]
    if isinstance(source, Port9100SourceConfig):
        commands.append(f"Remove-PrinterPort -Name {quoted(_port(source))}")
    return commands


def quoted(text: str) -> str:
    """A text as PowerShell takes it literally. It takes the apostrophe of typesetters for a quotation mark, too."""
    return f"'{_QUOTES.sub(lambda mark: mark[1] * 2, text)}'"


def _port(source: Port9100SourceConfig) -> str:
    return f"Comptoir {here(source.host).strip('[]')} {source.port}"


def powershell(commands: Sequence[str], hint: str) -> None:
    """Carry them out, one after the other, until one fails. Raises WindowsError with what it says, and this hint."""
    script = _SCRIPT.format(commands="\n".join(commands))
    encoded = base64.b64encode(script.encode("utf-16-le")).decode("ascii")
    options = ["-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand", encoded]
    program = [system_program(r"WindowsPowerShell\v1.0\powershell"), *options]
    try:
        done = subprocess.run(  # noqa: S603
            program, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WindowsError(f"PowerShell does not run: {error}", "Type the commands yourself.") from None
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise WindowsError(f"Windows refuses: {said or done.returncode}", hint)


# -- the actions -------------------------------------------------------------------------------------------------------


def _chosen(config: Config, names: Sequence[str]) -> list[Printed]:
    """The sources that can be printers of Windows; of these the named ones. Raises RequestError."""
    known = {source.name: source for source in _printed(config)}
    for name in names:
        if name not in known:
            raise RequestError(f"there is no source {name} that prints", f"There are: {', '.join(known) or '—'}")
    if not known:
        raise RequestError(
            "no source of the configuration is a printer",
            "Add one to it, by the page of settings or by [[source]] with kind = “ipp_printer”, and start it.",
        )
    return [known[name] for name in names] or list(known.values())


def _install(chosen: Sequence[Printed], dry: bool) -> int:
    there = set() if dry else _names()
    wanted = [source for source in chosen if printer_name(source).lower() not in there]
    for source in chosen:
        if source not in wanted and not _is_ours(source):
            raise RequestError(
                f"Windows has another printer called {printer_name(source)}",
                "Give the source another name, or remove that printer in the settings of Windows.",
            )
    for source in chosen:
        if source not in wanted:
            tell(tr("Windows has the printer %(name)s already.", name=printer_name(source)))
    _carry_out(wanted, commands_to_add, dry)
    if dry or not wanted:
        return 0
    for source in wanted:
        if printer_name(source).lower() not in _names():
            raise WindowsError(
                f"Windows has not added the printer {printer_name(source)}, and does not say why", _BY_HAND
            )
        tell(tr("Windows has the printer %(name)s: what is printed on it is kept.", name=printer_name(source)))
    tell(tr("To take it back: comptoir capture uninstall"))
    return 0


def _uninstall(chosen: Sequence[Printed], dry: bool) -> int:
    there = {printer_name(source).lower() for source in chosen} if dry else _names()
    wanted = [source for source in chosen if printer_name(source).lower() in there and (dry or _is_ours(source))]
    _carry_out(wanted, commands_to_remove, dry)
    if dry:
        return 0
    left = _names()
    for source in chosen:
        name = printer_name(source)
        if name.lower() not in left:
            tell(tr("Windows has no printer %(name)s any more.", name=name))
        elif source in wanted:
            raise WindowsError(f"Windows has not removed the printer {name}, and does not say why", _TAKE_AWAY)
        else:
            tell(tr("The printer %(name)s of Windows is another one, and stays.", name=name))
    return 0


def _carry_out(sources: Sequence[Printed], commands: Callable[[Printed], list[str]], dry: bool) -> None:
    """Show the commands, then carry them out. Raises RequestError, WindowsError."""
    if not sources:
        return
    tell(tr("In a PowerShell with administrator’s rights:"))
    for source in sources:
        for command in commands(source):
            tell(f"    {command}")
    if dry:
        return
    if not is_administrator():
        raise RequestError(
            "only the administrator can change the printers of Windows",
            "Open a terminal by “Run as administrator”, and type the same again.",
        )
    for source in sources:
        if commands is commands_to_add:
            _is_listening(source)
        powershell(commands(source), _BY_HAND if commands is commands_to_add else _TAKE_AWAY)


def _is_listening(source: Printed) -> None:
    """Windows asks a printer what it can before it adds it. Raises RequestError where nobody would answer."""
    host = here(source.host).strip("[]")
    try:
        socket.create_connection((host, source.port), timeout=5).close()
    except OSError:
        raise RequestError(
            f"nothing listens on port {source.port}, where the source {source.name} is to be", "Start Comptoir first."
        ) from None


def _status(config: Config, json: bool) -> int:
    there = _names()
    rows = [(one, printer_name(one).lower() in there and _is_ours(one)) for one in _printed(config)]
    if json:
        told = [
            {"source": source.name, "printer": printer_name(source), "kind": _kind(source), "added": added}
            for source, added in rows
        ]
        print(as_json({"printers": told, "queues": [one.name for one in _watched(config)]}))
        return 0
    for source, added in rows:
        tell(f"{'✓' if added else '·'} {printer_name(source)}  {_kind(source)} {here(source.host)}:{source.port}")
    for one in _watched(config):
        tell(tr("The source %(name)s takes what other queues of Windows print.", name=one.name))
    if not all(added for _, added in rows):
        tell(tr("Printers without ✓ are not in Windows: comptoir capture install"))
    return 0


def findings(config: Config) -> Iterator[Finding]:
    """What `doctor` says: sources whose printers Windows does not have. Other computers may have them."""
    sources = _printed(config)
    if not sources:
        return
    try:
        there = _names()
    except ComptoirError as error:
        yield Finding("capture", "note", error.message, (error.hint,))
        return
    for source in sources:
        name = printer_name(source)
        if name.lower() in there and _is_ours(source):
            yield Finding("capture", "right", tr("Windows has the printer %(name)s", name=name))
        else:
            todo = tr("Type: %(command)s", command="comptoir capture install")
            yield Finding("capture", "note", tr("Windows has no printer %(name)s", name=name), (todo,))


# -- what there is -----------------------------------------------------------------------------------------------------


def _printed(config: Config) -> list[Printed]:
    return [one for one in config.source if isinstance(one, IppPrinterSourceConfig | Port9100SourceConfig)]


def _watched(config: Config) -> list[WinspoolSourceConfig]:
    return [one for one in config.source if isinstance(one, WinspoolSourceConfig)]


def _kind(source: Printed) -> str:
    return "IPP" if isinstance(source, IppPrinterSourceConfig) else "TCP"


def _names() -> set[str]:
    """The printers of Windows, in lower case, as it compares them. Raises WindowsError."""
    with _asking() as spooler:
        return {name.lower() for name in spooler.printers()}


def _is_ours(source: Printed) -> bool:
    """Whether the printer of this name is the one that prints to this source, by its port, or by its driver for IPP:
    a shop may call its own printer so, which must not be taken for it, and never removed. Raises WindowsError."""
    with _asking() as spooler:
        found = spooler.condition(printer_name(source))
    if isinstance(source, Port9100SourceConfig):
        return found.port.lower() == _port(source).lower()
    return f":{source.port}/" in found.port if "://" in found.port else "ipp" in found.driver.lower()


@contextmanager
def _asking() -> Iterator[Win32Spooler]:
    from comptoir.windows.spooler import this_computer  # noqa: PLC0415

    try:
        yield this_computer()
    except OSError as error:
        said = f"the spooler cannot be asked: {error.strerror or error}"
        raise WindowsError(said, "Is the print spooler running?") from None


def is_administrator() -> bool:
    """Whether this process may change what belongs to the computer."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    else:  # noqa: RET505 - the type checker asks for one of both
        return False
