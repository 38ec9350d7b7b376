"""What types cannot say of a configuration: names that must exist, times, origins, addresses. It reads no files."""

from __future__ import annotations

import codecs
import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from comptoir.arrivals import SourceConfig
from comptoir.config import VIRTUAL, Config, DrawerConfig, PrinterConfig, RouteConfig, folder_name
from comptoir.core.errors import ConfigError
from comptoir.core.units import duration, size
from comptoir.destination_check import faults
from comptoir.destinations import FolderConfig

UNCHANGED: Final = "Nothing was started or changed."

#: a name by which a computer is called, or its IPv4 address; in small letters
_HOST: Final = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*"
#: what the journal calls the ways on which documents arrive that no folder brings
RESERVED: Final = frozenset(
    {"api", "archive", "browser", "console", "epos", "hw_proxy", "night", "relay", "reprint", "till", "web"}
)
#: scheme, host and port of a web page, as in the header Origin
_ORIGIN: Final = rf"([a-z][a-z0-9+.-]*)://({_HOST}\.?|\[[0-9a-f:.]+\])(?::([1-9][0-9]{{0,4}}))?"
_USUAL_PORTS: Final = {"http": 80, "https": 443}
#: ms; longer times are typing errors, and do not fit into the journal's columns
_LONGEST: Final = duration("1000 years") or 0
#: ms; ESC p counts to 255 in steps of 2 ms
_LONGEST_PULSE: Final = 510

#: keys of one kind of printers, with what they are where nothing is said
_OF_RECEIPTS: Final = {
    "profile": "", "status": "auto", "confirm": "auto", "columns": None, "dots": None, "code_pages": None,
    "kanji": None, "cut": None, "strip": None, "buzzer": None,
}  # fmt: skip
_OF_SHEETS: Final = {"paper": "", "resolution": None}


def line_of(text: str, key: str) -> int:
    """The line of a key such as $.printer[1].device, for messages; the line of its section where the key is absent."""
    wanted = re.sub(r"\[\.\.\.\]", "[0]", key).removeprefix("$.")
    section, best, counts = "", 1, dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[\s*([\w.-]+)\s*\]\]", line):
            counts[header[1]] = counts.get(header[1], -1) + 1
            section = f"{header[1]}[{counts[header[1]]}]"
        elif header := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            section = header[1]
        elif pair := re.match(r"\s*\"?([\w-]+)\"?\s*=", line):
            if f"{section}.{pair[1]}".lstrip(".") == wanted:
                return number
            continue
        if section and wanted.startswith(section):
            best = number
    return best


class WrongField(ConfigError):
    """A value that cannot be used. `key`: "station.port", "printer[1].device"; `sentence`: why, beside the field."""

    def __init__(self, message: str, hint: str, key: str, sentence: str) -> None:
        super().__init__(message, hint)
        self.key = key
        self.sentence = sentence


class Check:
    """What types cannot say. Its methods raise ConfigError that names the variable, or the file and line."""

    def __init__(self, path: Path, text: str, overridden: Mapping[str, str]) -> None:
        self._path = path
        self._text = text
        self._overridden = overridden

    def check(self, config: Config) -> Config:
        """The same with the names of hosts as browsers send them."""
        self._printers(config.printer)
        self._duration("$.retention", config.retention)
        names = {printer.name for printer in config.printer or (VIRTUAL,)}
        self._drawer(config.drawer, names)
        for key, name in (("drawer", config.drawer.printer), ("epos", config.epos.printer)):
            if any(printer.name == name and printer.prints_sheets for printer in config.printer):
                raise self._wrong(f"$.{key}.printer", f"“{name}” prints whole sheets: no receipts, and no drawer")
        self._duration("$.log.keep", config.log.keep)
        self._sources(config)
        for section, dialect in (("epos", config.epos), ("hw_proxy", config.hw_proxy)):
            if dialect.printer and dialect.printer not in names:
                raise self._wrong(f"$.{section}.printer", f"no printer is called “{dialect.printer}”")
        self._routes(config, names)
        self._night(config, names)
        url = config.relay.url
        if url and not _is_relay(url):
            raise self._wrong("$.relay.url", f"“{url}” is no address such as wss://HOST/relay")
        sections = (("station", config.station), ("hub", config.hub))
        hosts, hub_hosts = (
            tuple(self._host(f"$.{key}.allowed_hosts", text) for text in section.allowed_hosts)
            for key, section in sections
        )
        origins, hub_origins = (
            tuple(self._origin(f"$.{key}.allowed_origins", text) for text in section.allowed_origins)
            for key, section in sections
        )
        addresses = tuple(self._network("$.station.allowed_addresses", a) for a in config.station.allowed_addresses)
        if bool(config.station.certificate) != bool(config.station.private_key):
            raise self._wrong("$.station.certificate", "a certificate needs its private_key, and the other way round")
        return replace(
            config,
            station=replace(config.station, allowed_origins=origins, allowed_hosts=hosts, allowed_addresses=addresses),
            hub=replace(config.hub, allowed_hosts=hub_hosts, allowed_origins=hub_origins),
        )

    def _sources(self, config: Config) -> None:
        names: set[str] = set()
        for index, source in enumerate(config.source):
            where = f"$.source[{index}]"
            if source.name in RESERVED:
                what = f"“{source.name}” is what prints are called that arrive another way; give it another name"
                raise self._wrong(f"{where}.name", what)
            if source.name in names:
                raise self._wrong(f"{where}.name", f"two sources are called “{source.name}”")
            names.add(source.name)
            self._source(where, source)
        self._doors(config)
        if config.till.invoices and config.till.invoices not in {folder.name for folder in config.folders}:
            raise self._wrong("$.till.invoices", f"no source is called “{config.till.invoices}”")

    def _source(self, where: str, source: SourceConfig) -> None:
        for key in ("quiet", "scan", "idle"):
            self._duration(f"{where}.{key}", getattr(source, key, ""))
        self._size(f"{where}.largest", getattr(source, "largest", ""))
        if bool(getattr(source, "user", "")) != bool(getattr(source, "password_file", "")):
            raise self._wrong(f"{where}.user", "a user needs a password_file, and the other way round")
        host = getattr(source, "host", "")
        if host and not re.fullmatch(_HOST, host.lower()) and not _is_ipv6(host):
            raise self._wrong(f"{where}.host", f"“{host}” is no address of this computer such as 127.0.0.1 or 0.0.0.0")

    def _doors(self, config: Config) -> None:
        """Two sources cannot listen at one port, nor at the station's."""
        taken = {config.station.port: "the station"}
        for index, source in enumerate(config.source):
            port = getattr(source, "port", 0)
            if port and port in taken:
                raise self._wrong(f"$.source[{index}].port", f"{taken[port]} listens at port {port} already")
            taken[port] = f"“{source.name}”"

    def _routes(self, config: Config, printers: set[str]) -> None:
        others: set[str] = set()
        for index, destination in enumerate(config.destination):
            if destination.name in printers | others:
                what = f"two destinations are called “{destination.name}”; printers are destinations, too"
                raise self._wrong(f"$.destination[{index}].name", what)
            others.add(destination.name)
            self._duration(f"$.destination[{index}].timeout", destination.timeout)
            for key, what in faults(destination):
                raise self._wrong(f"$.destination[{index}].{key}", what)
        for index, route in enumerate(config.route):
            where = f"$.route[{index}]"
            for name in route.to:
                if name not in printers | others:
                    raise self._wrong(f"{where}.to", f"no printer and no destination is called “{name}”")
            self._no_circle(config, route, where)
            if route.fallback and route.fallback not in printers:
                raise self._wrong(f"{where}.fallback", f"no printer is called “{route.fallback}”")
            for key, value in (
                ("keep", route.keep),
                ("original_after", route.original_after),
                ("fallback_after", route.fallback_after),
            ):
                self._duration(f"{where}.{key}", value)
            for key, value in (("larger", route.larger), ("smaller", route.smaller)):
                self._size(f"{where}.{key}", value)

    def _night(self, config: Config, printers: set[str]) -> None:
        known = {source.name for source in config.source} | RESERVED
        for name in config.night.sources:
            if name not in known:
                raise self._wrong("$.night.sources", f"no source is called “{name}”")
        goal = config.night.send_to
        if goal and goal not in printers | {one.name for one in config.destination}:
            raise self._wrong("$.night.send_to", f"no printer and no destination is called “{goal}”")
        if any(one.name == goal and not one.prints_sheets for one in config.printer or (VIRTUAL,)):
            raise self._wrong("$.night.send_to", f"“{goal}” prints receipts, and a night is made of whole sheets")
        titles: set[str] = set()
        for index, report in enumerate(config.report):
            # The same title on other days may have another hour.
            title = f"{' '.join(report.title.casefold().split())} {sorted(report.days)}"
            if title in titles:
                raise self._wrong(f"$.report[{index}].title", f"“{report.title}” is expected already")
            titles.add(title)

    def _no_circle(self, config: Config, route: RouteConfig, where: str) -> None:
        """A file that is delivered to where it came from would be taken again, and again."""
        watched = {_place(one.path) for one in config.folders if one.name == route.source} - {""}
        for one in config.destination:
            if one.name in route.to and isinstance(one, FolderConfig) and _place(one.path) in watched:
                what = f"“{one.name}” is the folder that “{route.source}” watches: its files would come back for ever"
                raise self._wrong(f"{where}.to", what)

    def _network(self, key: str, text: str) -> str:
        try:
            return str(ipaddress.ip_network(text.strip(), strict=False))
        except ValueError:
            what = f"“{text}” is no address such as 192.168.1.20, and no network such as 192.168.1.0/24"
            raise self._wrong(key, what) from None

    def _host(self, key: str, text: str) -> str:
        host = text.lower().removesuffix(".")
        if not re.fullmatch(_HOST, host) and not _is_ipv6(host):
            what = f"“{text}” is no host name such as hub.example.com, without scheme, port and path"
            raise self._wrong(key, what)
        return host

    def _origin(self, key: str, text: str) -> str:
        parts = re.fullmatch(_ORIGIN, text.lower())
        port = int(parts[3] or 0) if parts else 0
        if not parts or port > 65535 or (parts[2].startswith("[") and not _is_ipv6(parts[2][1:-1])):
            what = f"“{text}” is no origin such as https://shop.example.com: scheme, host, perhaps port, without a path"
            raise self._wrong(key, what)
        scheme, host = parts[1], parts[2]
        # A browser leaves out the port that everybody knows.
        return f"{scheme}://{host}" + (f":{port}" if port not in (0, _USUAL_PORTS.get(scheme)) else "")

    def _printers(self, printers: tuple[PrinterConfig, ...]) -> None:
        places: dict[str, str] = {}
        for index, printer in enumerate(printers):
            where = f"$.printer[{index}]"
            place = os.path.normcase(folder_name(printer.name))
            other = places.get(place)
            if other == printer.name:
                raise self._wrong(f"{where}.name", f"two printers are called “{printer.name}”")
            if other is not None:
                raise self._wrong(f"{where}.name", f"“{printer.name}” and “{other}” are one name for Windows")
            places[place] = printer.name
            if not re.match(r"[a-z]+:", printer.device):
                raise self._wrong(f"{where}.device", f"“{printer.device}” is no device URI such as socket://HOST:9100")
            if "@" in re.split(r"[/?#]", printer.device.partition("//")[2])[0]:
                # Pages and logs show devices; so does this sentence, which must not repeat it.
                raise self._wrong(f"{where}.device", "a device URI has no user and no password")
            self._duration(f"{where}.expires", printer.expires)
            self._kind(where, printer)
            self._code_pages(where, printer.code_pages or {})

    def _kind(self, where: str, printer: PrinterConfig) -> None:
        """What is of no use for its kind is a typing error, and not left without effect."""
        if printer.prints_itself and printer.language:
            raise self._wrong(f"{where}.language", "such a printer says itself what it takes; leave it out")
        if printer.drawn_by_driver and not printer.device.startswith("winspool:"):
            raise self._wrong(f"{where}.language", "“windows” is for printers of Windows: winspool:NAME")
        others = _OF_RECEIPTS if printer.prints_sheets else _OF_SHEETS
        for key, usual in others.items():
            if getattr(printer, key) != usual:
                what = "receipts" if printer.prints_sheets else "whole sheets"
                raise self._wrong(f"{where}.{key}", f"“{key}” is for printers of {what}, which this is not")
        if printer.prints_itself and printer.resolution is not None:
            raise self._wrong(f"{where}.resolution", "such a printer says itself how fine it prints; leave it out")

    def _code_pages(self, where: str, pages: Mapping[str, str]) -> None:
        for slot, codec in pages.items():
            if not (slot.isascii() and slot.isdecimal() and int(slot) < 256):
                raise self._wrong(f"{where}.code_pages", f"“{slot}” is no slot of a code page: 0 to 255")
            try:
                codecs.lookup(codec)
            except (LookupError, ValueError):
                raise self._wrong(f"{where}.code_pages", f"“{codec}” is no code page such as cp858") from None

    def _drawer(self, drawer: DrawerConfig, names: set[str]) -> None:
        if drawer.printer and drawer.printer not in names:
            raise self._wrong("$.drawer.printer", f"no printer is called “{drawer.printer}”")
        try:
            bytes.fromhex(drawer.pulse)
        except ValueError:
            raise self._wrong("$.drawer.pulse", f"“{drawer.pulse}” is not hexadecimal, as 1b70001afa is") from None
        for key, value in (("on", drawer.on), ("off", drawer.off)):
            self._duration(f"$.drawer.{key}", value)
            ms = duration(value)
            if ms is None or not 2 <= ms <= _LONGEST_PULSE:
                raise self._wrong(f"$.drawer.{key}", f"expected 2 ms to {_LONGEST_PULSE} ms")

    def _duration(self, key: str, value: str) -> None:
        try:
            ms = duration(value)
        except OverflowError:
            ms = _LONGEST + 1
        except ValueError as error:
            raise self._wrong(key, str(error)) from None
        if ms is not None and ms > _LONGEST:
            raise self._wrong(key, "at most “1000 years”; for no end at all, leave it empty")

    def _size(self, key: str, value: str) -> None:
        try:
            size(value)
        except ValueError as error:
            raise self._wrong(key, str(error)) from None

    def _wrong(self, key: str, what: str) -> ConfigError:
        variable = self._overridden.get(key)
        place = variable or f"{self._path}, line {line_of(self._text, key)}"
        name = key.removeprefix("$.")
        return WrongField(f"{place}: {name}: {what}", f"Correct it. {UNCHANGED}", name, what)


def _place(path: str) -> str:
    """A folder as it is compared; "" for one that is relative, to what is not known here."""
    path = os.path.expanduser(path)
    return os.path.normcase(os.path.normpath(path)) if os.path.isabs(path) else ""


def _is_ipv6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False


def _is_relay(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("ws", "wss") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
