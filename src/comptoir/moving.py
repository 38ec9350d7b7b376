"""The plan that is shown before the earlier service's settings are taken over: what comes, what differs, what does not.

Pure: it decides, and writes nothing. Notes are English sentences; who shows them translates them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from comptoir.config import Config
from comptoir.earlier import FALLBACK_COMMAND, FIELDS, VIRTUAL, Earlier, edits_of, patterns
from comptoir.settings import Edit

Verdict = Literal["taken", "differs", "not needed", "look at it"]


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: what it was, what it becomes here ("": nothing), and why where that needs saying."""

    setting: str
    earlier: str
    here: str
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """`edits`: of the configuration. `takes_password`: its hash is to become the station's."""

    rows: tuple[Row, ...]
    edits: tuple[Edit, ...]
    takes_password: bool


DEVICE: Final = (
    "The earlier service knew its printer by a name of Windows. Say which device it is with --device, for instance "
    "socket://192.168.1.50:9100, or choose it on the page Settings, Printers. Until then it prints on virtual paper."
)
NAME: Final = "A printer has a name of 1 to 64 characters without / and \\ here."
COMMAND: Final = "It was not hexadecimal: the earlier service sent this instead."
NO_COMMAND: Final = "The earlier service sent nothing: the usual pulse is sent here."
STRANGE: Final = "This does not look like a pulse for a drawer. Open the drawer once to try it."
OFF: Final = "The printing of invoices was switched off: nothing of it is taken over."
ADDRESS: Final = (
    "There is no folder, or no address of a printer: set up the invoices on the page Settings, Sources and routes."
)
AS_SENT: Final = "Files go to this printer as they are, as before: it must be one that prints PDF itself."
FOLDER: Final = "Every file of this folder with these endings is printed, as before, and removed once it is printed."
PERCENT: Final = "Names between % are not replaced: write the whole path."
SECONDS: Final = "It was no number of seconds."
DELAY: Final = "So long after the printer has it, a file is removed; one that was not printed stays."
PURGE: Final = "Files that nobody has printed are never deleted here. What is in the folder at the start is left alone."
PORT: Final = "It was no port."
HOST: Final = (
    "The earlier service could be called by every computer of the network. Here only this computer calls; to open it, "
    "use --network, or the page Settings, Access."
)
OPEN: Final = (
    "Other computers of the network reach it, too, and must sign in or be allowed on the page Settings, Access."
)
SITES: Final = (
    "Any web page could open the drawer. Here the address of your Odoo must be allowed: on the page Settings, Access, "
    "or with one click when it calls for the first time."
)
LOG: Final = "The log is in the data folder."
DAYS: Final = "It was no number of days."
OWNER_MOVES: Final = "The same password goes on. Choose a longer one if it has less than 10 characters."
OWNER_UNKNOWN: Final = "None was set: the first visit of the settings asks for one."
OWNER_UNREADABLE: Final = (
    "It is not kept in a way that can be taken over: the first visit of the settings asks for a new one."
)
OWNER_IS_KNOWN: Final = "A password is set here already; it stays."

_HIDDEN: Final = "••••••"
_HOST: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
#: beginnings of what opens drawers: ESC p, DLE DC4, BEL, FS, SUB, ESC BEL
_PULSES: Final = (b"\x1bp", b"\x10\x14", b"\x07", b"\x1c", b"\x1a", b"\x1b\x07", b"\x1b=")


def plan(
    earlier: Earlier, config: Config, *, device: str = "", network: bool = False, has_password: bool = False
) -> Plan:
    """What becomes of its settings in this configuration.

    `device`: of the receipts' printer. `network`: other computers may call, as before. `has_password`: one is set here.
    """
    mover = _Mover(earlier, config, device, network)
    rows = [*mover.rows(), _sites(config), _password(earlier, has_password)]
    takes = earlier.password_is_usable and not has_password
    return Plan(tuple(rows), tuple(edits_of(mover.fields, config, device=device, beside=True)), takes)


def _sites(config: Config) -> Row:
    sites = ", ".join(config.station.allowed_origins)
    return Row("station.allowed_origins", "*", sites, "differs" if sites else "look at it", SITES)


def _password(earlier: Earlier, has_password: bool) -> Row:
    setting = "auth.password_hash"
    if not earlier.password:
        return Row(setting, "", "", "not needed", OWNER_UNKNOWN)
    if has_password:
        return Row(setting, _HIDDEN, _HIDDEN, "differs", OWNER_IS_KNOWN)
    if not earlier.password_is_usable:
        return Row(setting, _HIDDEN, "", "look at it", OWNER_UNREADABLE)
    return Row(setting, _HIDDEN, _HIDDEN, "taken", OWNER_MOVES)


class _Mover:
    """Goes through the settings. `fields`: those that are taken over, put right where they were wrong."""

    def __init__(self, earlier: Earlier, config: Config, device: str, network: bool) -> None:
        self._was = earlier.fields
        self._config = config
        self._device = device
        self._network = network
        self.fields: dict[str, str] = {}

    def rows(self) -> Iterator[Row]:
        if "printer_name" in self._was:
            yield self._printer(self._was["printer_name"])
        if "drawer_command" in self._was:
            yield self._command(self._was["drawer_command"])
        if "autoprint" in self._was:
            yield from self._invoices()
        if "port" in self._was:
            yield self._number("port", 1, 65535, "22548", PORT)
            yield self._host(self._was["host"])
        if "retention_days" in self._was:
            yield self._number("retention_days", 0, 36500, "30", DAYS, " days")
            yield self._row("log_folder", "", "differs", LOG)
            yield self._row("log_filename", "logs/cashdrawer.log", "differs")

    def _row(self, name: str, here: str, verdict: Verdict, note: str = "") -> Row:
        section, key, _ = FIELDS[name]
        return Row(f"{section}.{key}", self._was[name], here, verdict, note)

    def _printer(self, was: str) -> Row:
        """A shared printer of Windows is called \\\\PC\\TICKET."""
        name = _name(was) or "TICKET"
        self.fields["printer_name"] = name
        known = next((printer.device for printer in self._config.printer if printer.name == name), "")
        if known and (known != VIRTUAL or not self._device):
            return self._row("printer_name", f"{name} ({known})", "taken")
        if self._device:
            return self._row("printer_name", f"{name} ({self._device})", "taken", "" if name == was else NAME)
        if self._config.printer:
            del self.fields["printer_name"]
            return self._row("printer_name", "", "look at it", DEVICE)
        return self._row("printer_name", f"{name} ({VIRTUAL})", "look at it", DEVICE)

    def _command(self, was: str) -> Row:
        try:
            pulse = bytes.fromhex(was)
        except ValueError:
            self.fields["drawer_command"] = FALLBACK_COMMAND
            return self._row("drawer_command", FALLBACK_COMMAND, "differs", COMMAND)
        self.fields["drawer_command"] = pulse.hex()
        if not pulse:
            return self._row("drawer_command", "", "differs", NO_COMMAND)
        if not pulse.startswith(_PULSES):
            return self._row("drawer_command", pulse.hex(), "look at it", STRANGE)
        return self._row("drawer_command", pulse.hex(), "taken")

    def _number(
        self, name: str, least: int, most: int, otherwise: str, wrong: str, unit: str = "", note: str = ""
    ) -> Row:
        """`wrong`: what is said of what is no number between these; `note`: of what is one."""
        was = self._was[name]
        is_right = was.isascii() and was.isdecimal() and len(was) < 10 and least <= int(was) <= most
        self.fields[name] = str(int(was)) if is_right else otherwise
        here = f"{self.fields[name]}{unit}"
        return self._row(name, here, "taken" if is_right else "look at it", note if is_right else wrong)

    def _host(self, was: str) -> Row:
        if was in ("127.0.0.1", "localhost", "::1"):
            return self._row("host", "127.0.0.1", "taken")
        if not self._network:
            return self._row("host", self._config.station.host, "differs", HOST)
        self.fields["host"] = was or "0.0.0.0"  # noqa: S104 - asked for, and told
        return self._row("host", self.fields["host"], "taken", OPEN)

    # -- invoices -----------------------------------------------------------------------------------------------------

    def _invoices(self) -> Iterator[Row]:
        was = self._was
        address = was["invoice_printer_name"].partition("@")[2] or f"{was['printer_ip']}:{was['printer_port']}"
        host, _, port = address.partition(":")
        name = self._other_name(_name(was["invoice_printer_name"].partition("@")[0]) or "FACTURE")
        if was["autoprint"].lower() not in ("1", "yes", "true", "on"):
            yield self._row("autoprint", "", "not needed", OFF)
            return
        if not _HOST.fullmatch(host) or not _is_port(port or "9100") or not was["download_folder"].strip():
            yield self._row("autoprint", "", "look at it", ADDRESS)
            return
        self.fields |= {"autoprint": "true", "invoice_printer_name": name, "printer_ip": host}
        self.fields |= {"printer_port": port or "9100", "download_folder": was["download_folder"]}
        self.fields["file_extensions"] = was["file_extensions"]
        yield self._row("autoprint", "route factures", "taken")
        yield self._row("invoice_printer_name", f"{name} (socket://{host}:{port or '9100'})", "taken", AS_SENT)
        has_name = "%" in was["download_folder"]
        yield self._row("download_folder", was["download_folder"], "look at it" if has_name else "taken",
                        PERCENT if has_name else FOLDER)  # fmt: skip
        yield self._row("file_extensions", ", ".join(patterns(was["file_extensions"])), "taken")
        yield self._number("scan_frequency", 1, 86_400, "5", SECONDS, " s")
        yield self._number("open_delay", 0, 86_400, "10", SECONDS, " s", DELAY)
        yield self._row("purge_on_start", "", "differs", PURGE)

    def _other_name(self, name: str) -> str:
        """Not that of the receipts' printer, which is another one."""
        return name if name != self.fields.get("printer_name", "TICKET") else f"{name[:60]}-PDF"


def _name(text: str) -> str:
    """A printer's name as it can be here."""
    last = re.split(r"[/\\]", text)[-1]
    name = "".join(letter for letter in last if letter.isprintable()).strip()[:64].strip()
    return "" if name in (".", "..") else name


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) < 65536
