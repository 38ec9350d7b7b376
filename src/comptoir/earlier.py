"""The settings of the earlier till service ("service tiroir-caisse"): how its file is read, and what they are here.

Pure: it opens no file and changes nothing. Its form (POST /config/save) has the same settings, by the names of FIELDS.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import Config, PrinterConfig, RouteConfig
from comptoir.settings import Append, Edit, Set, Value

#: name in its form → section and key of its file, and what held where the section was there and the key was not
FIELDS: Final[dict[str, tuple[str, str, str]]] = {
    "printer_name": ("printer", "name", "TICKET"),
    "drawer_command": ("cashdrawer", "command", "1b70001afa"),
    "autoprint": ("invoice_printer", "autoprint", "true"),
    "invoice_printer_name": ("invoice_printer", "name", "FACTURE"),
    "printer_ip": ("invoice_printer", "printer_ip", ""),
    "printer_port": ("invoice_printer", "printer_port", "9100"),
    "download_folder": ("invoice_printer", "download_folder", ""),
    "scan_frequency": ("invoice_printer", "scan_frequency", "5"),
    "open_delay": ("invoice_printer", "open_delay", "10"),
    "purge_on_start": ("invoice_printer", "purge_on_start", "true"),
    "file_extensions": ("invoice_printer", "file_extensions", ".pdf"),
    "port": ("server", "port", "22548"),
    "host": ("server", "host", "0.0.0.0"),  # noqa: S104 - what the earlier service did
    "log_folder": ("logs", "folder", "logs"),
    "log_filename": ("logs", "filename", "cashdrawer.log"),
    "retention_days": ("logs", "retention_days", "30"),
}
_SECTIONS: Final = frozenset(section for section, _, _ in FIELDS.values())
_INVOICES: Final = frozenset(name for name, (section, _, _) in FIELDS.items() if section == "invoice_printer")
#: what it sent where its command was not hexadecimal
FALLBACK_COMMAND: Final = "1b700019fa"
#: what its folder is called here
INVOICES: Final = "factures"
VIRTUAL: Final = "virtual:"

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: 16 bytes of salt end in a letter whose last four bits mean nothing; 2^16 rounds and more would hold up every sign-in
_BCRYPT: Final = re.compile(r"\$2[aby]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}")
_TRUE: Final = frozenset({"1", "yes", "true", "on"})


class NotEarlier(ValueError):
    """The file is not the earlier service's. Its text says why, in a few words."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What its file says. `fields`: by the names of FIELDS; those of a section that is not there are not in it."""

    fields: Mapping[str, str]
    #: bcrypt, with its salt; never shown
    password: str = field(default="", repr=False)

    @property
    def password_is_usable(self) -> bool:
        return _BCRYPT.fullmatch(self.password) is not None


def read(data: bytes) -> Earlier:
    """Its config.ini, as any Windows editor may have left it. Raises NotEarlier."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text_of(data))
    except configparser.Error as error:
        # Its own words would repeat the line, which may be a secret.
        raise NotEarlier(f"line {_line_of(error)} cannot be understood") from None
    if not _SECTIONS.intersection(parser.sections()):
        raise NotEarlier("none of its sections is there")
    fields = {
        name: parser[section].get(key, default).strip()
        for name, (section, key, default) in FIELDS.items()
        if section in parser
    }
    return Earlier(fields, parser.get("auth", "password_hash", fallback="").strip())


def _line_of(error: configparser.Error) -> int:
    if isinstance(error, configparser.MissingSectionHeaderError):
        return error.lineno
    return error.errors[0][0] if isinstance(error, configparser.ParsingError) else 1


def text_of(data: bytes) -> str:
    """A settings file as Windows editors leave it."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


# -- as edits ---------------------------------------------------------------------------------------------------------


def edits_of(fields: Mapping[str, str], config: Config, *, device: str = "", beside: bool = False) -> list[Edit]:
    """What the fields of its form change in this configuration; a field that is not there changes nothing.

    Values are passed on as they are: what cannot be is refused when the edits are checked. `device`: of the receipts'
    printer, which the earlier service knew by a name of Windows only. `beside`: its folder comes beside those that are
    here already; else it is the one that its addresses speak of.
    """
    edits = _receipts(fields, config, device)
    if "drawer_command" in fields:
        edits.append(Set(("drawer", "pulse"), fields["drawer_command"].strip()))
    if _INVOICES & fields.keys():
        edits += _invoices(fields, config, _invoice_source(config, beside))
    if "port" in fields:
        edits.append(Set(("station", "port"), _number(fields["port"])))
    if "host" in fields:
        edits.append(Set(("station", "host"), fields["host"].strip()))
    if "retention_days" in fields:
        edits.append(Set(("log", "keep"), _days(fields["retention_days"])))
    return edits


def _receipts(fields: Mapping[str, str], config: Config, device: str) -> list[Edit]:
    """The printer of the receipts and the drawer. It comes first, so that what names no printer goes there."""
    name = fields.get("printer_name", "").strip()
    known = next((printer for printer in config.printer if printer.name == name), None)
    if not config.printer:
        return [Append("printer", {"name": name or "TICKET", "device": device or VIRTUAL})]
    if not name:
        return []
    edits: list[Edit] = []
    if known is None and device:
        edits.append(Append("printer", {"name": name, "device": device}))
    elif known is not None and known.device == VIRTUAL and device:
        edits.append(Set(("printer", name, "device"), device))
    # The drawer hangs on the first printer where nothing else is said.
    is_said = bool(config.drawer.printer) or name != config.printer[0].name
    return [*edits, Set(("drawer", "printer"), name)] if is_said else edits


def _invoice_source(config: Config, beside: bool) -> FolderSourceConfig | None:
    wanted = config.till.invoices or (INVOICES if beside else "")
    return next((source for source in config.folders if wanted in ("", source.name)), None)


def _invoices(fields: Mapping[str, str], config: Config, source: FolderSourceConfig | None) -> list[Edit]:
    name = INVOICES if source is None else source.name
    at, route = next(((at, one) for at, one in enumerate(config.route) if one.source == name), (0, None))
    is_on = _is_on(fields, route)
    printer = _invoice_printer(fields, route)
    edits = _printer(printer, fields, config) if is_on else []
    if source is not None:
        edits += [Set(("source", name, key), value) for key, value in _source(fields).items()]
    elif is_on and fields.get("download_folder"):
        # What lies in the folder today was not put there for Comptoir.
        edits.append(Append("source", {"kind": "folder", "name": name, **_source(fields), "existing": "ignore"}))
        # Its addresses speak of the first folder where nothing else is said.
        edits += [Set(("till", "invoices"), name)] if config.folders else []
    else:
        return edits
    printers = [printer] if is_on else []
    stays = {"original_after": f"{fields['open_delay'].strip()} s"} if "open_delay" in fields else {}
    if route is None:
        edits.append(Append("route", {"from": name, "to": printers, "format": "raw", "original": "delete", **stays}))
        return edits
    if "autoprint" in fields or "invoice_printer_name" in fields:
        edits.append(Set(("route", at, "to"), printers))
    return [*edits, *(Set(("route", at, key), value) for key, value in stays.items())]


def _is_on(fields: Mapping[str, str], route: RouteConfig | None) -> bool:
    """Whether invoices are printed; a route that leads nowhere only keeps them."""
    if "autoprint" in fields:
        return fields["autoprint"].strip().lower() in _TRUE
    return route is None or bool(route.to)


def _invoice_printer(fields: Mapping[str, str], route: RouteConfig | None) -> str:
    """Its name may carry the address: FACTURE@192.168.1.20:9100."""
    known = route.to[0] if route is not None and route.to else "FACTURE"
    return fields.get("invoice_printer_name", "").partition("@")[0].strip() or known


def _printer(name: str, fields: Mapping[str, str], config: Config) -> list[Edit]:
    """The invoices' printer at its address; one that is something else than a network printer is left alone."""
    known = next((printer for printer in config.printer if printer.name == name), None)
    device = _device(fields, known)
    if not device:
        return []
    if known is None:
        return [Append("printer", {"name": name, "device": device, "language": "raw"})]
    return [Set(("printer", name, "device"), device)] if known.device.startswith("socket:") else []


def _device(fields: Mapping[str, str], known: PrinterConfig | None) -> str:
    host, _, port = fields.get("invoice_printer_name", "").partition("@")[2].strip().partition(":")
    host = host or fields.get("printer_ip", "").strip()
    port = port or fields.get("printer_port", "").strip() or "9100"
    if known is not None and known.device.startswith(f"socket://{host}:{port}?"):
        return known.device  # its options stay
    return f"socket://{host}:{port}" if host else ""


def _source(fields: Mapping[str, str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    if "download_folder" in fields:
        values["path"] = fields["download_folder"].strip()
    if "file_extensions" in fields:
        values["match"] = patterns(fields["file_extensions"])
    if "scan_frequency" in fields:
        values["scan"] = f"{fields['scan_frequency'].strip()} s"
    return values


def patterns(extensions: str) -> Sequence[str]:
    """Its list of endings (".pdf, .PDF") as patterns, each once."""
    endings = [ending.strip().lstrip("*").lower() for ending in extensions.split(",")]
    return list(dict.fromkeys(f"*{ending}" for ending in endings if ending)) or ["*.pdf"]


def _number(text: str) -> int | str:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text


def _days(text: str) -> str:
    """It kept the logs for ever with 0."""
    number = _number(text)
    return "" if number == 0 else f"{number} {'day' if number == 1 else 'days'}"
