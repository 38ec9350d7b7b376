"""The configuration: one TOML file, the environment over it, as frozen values. Every error says where, and why.

Reading only; who uses a value, and when, is decided elsewhere. Keys that later versions know are refused here, so
that a typing error is never a setting that silently does nothing.
"""

from __future__ import annotations

import codecs
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import dotenv
import msgspec
import platformdirs
from msgspec import Meta
from msgspec.structs import replace

from comptoir.core.errors import ConfigError
from comptoir.core.profile import Cut, Kanji
from comptoir.core.units import duration

PREFIX: Final = "COMPTOIR_"
#: variables that begin like configuration and are none: the level of the log
OTHER_VARIABLES: Final = frozenset({"COMPTOIR_LOG"})

#: what a name is made of: it is a folder's name too, so it must not lead elsewhere
_NAME: Final = r"^(?!\.{1,2}\Z)[^\x00-\x1f/\\]+\Z"
#: a name by which a computer is called, or its IPv4 address; in small letters
_HOST: Final = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*"
#: scheme, host and port of a web page, as in the header Origin
_ORIGIN: Final = rf"([a-z][a-z0-9+.-]*)://({_HOST}\.?|\[[0-9a-f:.]+\])(?::([1-9][0-9]{{0,4}}))?"
_USUAL_PORTS: Final = {"http": 80, "https": 443}
#: ms; longer times are typing errors, and do not fit into the journal's columns
_LONGEST: Final = duration("1000 years") or 0
#: ms; ESC p counts to 255 in steps of 2 ms
_LONGEST_PULSE: Final = 510

Port = Annotated[int, Meta(ge=0, le=65535)]
Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=_NAME)]


class StationConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The service beside the printers."""

    name: Name = "caisse-1"
    host: str = "127.0.0.1"
    port: Port = 22548
    allowed_origins: tuple[str, ...] = ()


class HubConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The server that web sites post to."""

    host: str = "127.0.0.1"
    port: Port = 22549
    database: str = ""
    bus: str = ""
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    #: requests a second that one caller may make, and how many at once before that counts; without it, callers on
    #: this machine are not limited and others may make 100
    rate: Annotated[float, Meta(gt=0, le=1_000_000)] | None = None
    burst: Annotated[int, Meta(ge=1, le=1_000_000)] = 200


class RelayConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The station's link to its hub; an empty url: none."""

    url: str = ""
    token_file: str = ""


class PrinterConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One printer: a language and a device. The first one is the default."""

    name: Name
    device: str
    #: "": the one that its model speaks
    language: str = ""
    #: the model, as in docs/printers.md; what follows overrides what it says
    profile: str = ""
    expires: str = ""
    #: auto: ask the printer for its state; never: for models that choke on it
    status: Literal["auto", "never"] = "auto"
    #: keep: stay connected, so that its state is known; release: other computers print on it, too
    connection: Literal["keep", "release"] = "keep"
    #: auto: the strongest confirmation that it is known to give
    confirm: Literal["auto", "process-id", "counter", "in-order", "none"] = "auto"
    columns: Annotated[int, Meta(ge=16, le=128)] | None = None
    dots: Annotated[int, Meta(ge=128, le=2048)] | None = None
    #: slot of the printer → codec of Python, in the order in which they are tried: { 19 = "cp858", 16 = "cp1252" }
    code_pages: dict[str, str] | None = None
    kanji: Kanji | None = None
    cut: Cut | None = None
    #: rows of a picture in one command
    strip: Annotated[int, Meta(ge=8, le=2048)] | None = None
    buzzer: bool | None = None

    def expires_ms(self) -> int | None:
        return duration(self.expires)


class DrawerConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The cash drawer: the printer that it hangs on ("" = the first), and its pulse."""

    printer: str = ""
    pin: Literal[2, 5] = 2
    on: str = "50 ms"
    off: str = "500 ms"
    #: hexadecimal: the bytes to send instead
    pulse: str = ""
    #: the level of its sensor when it is open; auto: as learned on the printers page
    sensor: Literal["auto", "none", "high", "low"] = "auto"


class RouteConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Documents of a source that go to these destinations."""

    source: str = msgspec.field(name="from")
    to: tuple[str, ...] = ()
    match: tuple[str, ...] = ("*",)
    #: how these documents are read, where the sender has not said it
    format: Literal["", "message", "text", "ticket", "image", "pdf", "raw"] = ""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole configuration."""

    language: Literal["fr", "en"] = "fr"
    #: how long finished jobs are remembered; the journal's events stay
    retention: str = "90 days"
    station: StationConfig = StationConfig()
    hub: HubConfig = HubConfig()
    relay: RelayConfig = RelayConfig()
    printer: tuple[PrinterConfig, ...] = ()
    drawer: DrawerConfig = DrawerConfig()
    route: tuple[RouteConfig, ...] = ()


VIRTUAL = PrinterConfig(name="TICKET", device="virtual:")


def default_folder() -> Path:
    """The platform's folder for a service's data; a user's own where the service is not run by the system."""
    if os.name == "nt":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Comptoir"
    if os.geteuid() == 0:
        return Path("/var/lib/comptoir")
    return Path(platformdirs.user_data_dir("comptoir"))


def load(file: Path | None, folder: Path, environ: Mapping[str, str]) -> Config:
    """The configuration of a data folder. `file`: the one named by --config, which must exist.

    Raises ConfigError that names file, line, key, and what was expected.
    """
    path = file or folder / "comptoir.toml"
    text = _read(path, "--config FILE" if file else "--data DIR", required=file is not None)
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        raise ConfigError(f"{path}: lists or tables stand too deep in each other", _UNCHANGED) from None
    except ValueError as error:
        raise ConfigError(f"{path}: {error}", f"Correct that line. {_UNCHANGED}") from None
    overridden = _override(tree, _beside(path.parent / ".env"), environ)
    try:
        config = msgspec.convert(tree, Config, strict=True)
    except msgspec.ValidationError as error:
        raise _explain(path, text, str(error)) from None
    return _Check(path, text, overridden).check(config)


_UNCHANGED: Final = "Nothing was started or changed."


def _read(path: Path, option: str, required: bool) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        if required:
            raise ConfigError(f"there is no configuration file {path}", f"Check the path: {option}") from None
        return ""
    except NotADirectoryError:
        raise ConfigError(f"{path.parent} is no folder", f"Check the path: {option}") from None
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}", f"Check the path and the rights: {option}"
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} cannot be read: {error}", "It must be a text file in UTF-8.") from None


# -- the environment --------------------------------------------------------------------------------------


def _beside(path: Path) -> dict[str, str]:
    """The variables of the file beside the configuration; none where there is no file."""
    try:
        # Windows' editor writes a byte order mark, which would hide the first variable.
        return {name: value or "" for name, value in dotenv.dotenv_values(path, encoding="utf-8-sig").items()}
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", "Check its rights.") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} cannot be read: {error}", "It must be a text file in UTF-8.") from None


def _override(tree: dict[str, Any], beside: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Lay COMPTOIR_SECTION__KEY over the tree, the real environment last; which variable gave which path.

    Raises ConfigError that names the variable.
    """
    given = {}
    for variable, value in {**beside, **environ}.items():
        if not variable.startswith(PREFIX) or variable in OTHER_VARIABLES:
            continue
        where = f"the variable {variable}" + ("" if variable in environ else " in the file .env")
        *sections, key = variable.removeprefix(PREFIX).lower().split("__")
        known = _fields(_section(sections, where))
        if key not in known:
            raise ConfigError(
                f"{where}: there is no key {'.'.join([*sections, key])}", f"Known keys here: {', '.join(known)}."
            )
        target = tree.setdefault(sections[0], {}) if sections else tree
        if not isinstance(target, dict):
            continue  # the file has something else there, and hears of it in its turn
        target[key] = _typed(value.strip(), known[key], f"{where}: {'.'.join([*sections, key])}")
        given["$." + ".".join([*sections, key])] = where
    return given


def _section(names: list[str], where: str) -> type[msgspec.Struct]:
    """The section that a variable names; none: what stands above all sections. Raises ConfigError."""
    if not names:
        return Config
    known = {name: kind for name, kind in _fields(Config).items() if _is_section(kind)}
    if len(names) != 1 or names[0] not in known:
        raise ConfigError(f"{where} names no section of the configuration", f"Variables can set: {', '.join(known)}.")
    section: type[msgspec.Struct] = known[names[0]]
    return section


def _is_section(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _fields(section: type[msgspec.Struct]) -> dict[str, Any]:
    """Key → its type, as the file has them."""
    return {field.encode_name: field.type for field in msgspec.structs.fields(section)}


def _typed(value: str, wanted: Any, where: str) -> object:
    """The text of a variable as the type that its key wants. Raises ConfigError."""
    if wanted == tuple[str, ...]:
        return [part.strip() for part in value.split(",") if part.strip()]
    try:
        return msgspec.convert(value, wanted, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {_expected(str(error))}", _UNCHANGED) from None


# -- what is wrong, and where -----------------------------------------------------------------------------


def _explain(path: Path, text: str, error: str) -> ConfigError:
    what, _, where = error.partition(" - at `")
    where = where.rstrip("`") or "$"
    unknown = re.search(r"unknown field `([^`]+)`", what)
    key = where if unknown is None else f"{where}.{unknown[1]}"
    hint = f"Known keys here: {', '.join(_keys_at(where))}." if unknown else _UNCHANGED
    place = f"{path}, line {line_of(text, key)}"
    return ConfigError(f"{place}: {key.removeprefix('$.')}: {_expected(what)}", hint)


def _expected(what: str) -> str:
    """msgspec's words; where they are a pattern, words."""
    if "matching regex" in what:
        return "expected a name: 1 to 64 characters without / and \\, and not . or .."
    return f"{what[:1].lower()}{what[1:]}"


def _keys_at(where: str) -> list[str]:
    """The keys that may stand at this path of the tree."""
    name = re.sub(r"[\[.].*", "", where.removeprefix("$").removeprefix("."))
    kind = _fields(Config).get(name, Config)
    section = kind if _is_section(kind) else kind.__args__[0]  # of [[printer]]: what stands in the array
    return list(_fields(section))


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


class _Check:
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
        for index, route in enumerate(config.route):
            for name in route.to:
                if name not in names:
                    raise self._wrong(f"$.route[{index}].to", f"no printer is called “{name}”")
        url = config.relay.url
        if url and not _is_relay(url):
            raise self._wrong("$.relay.url", f"“{url}” is no address such as wss://HOST/relay")
        hosts = tuple(self._host("$.hub.allowed_hosts", text) for text in config.hub.allowed_hosts)
        origins, others = (
            tuple(self._origin(f"$.{key}.allowed_origins", text) for text in section.allowed_origins)
            for key, section in (("station", config.station), ("hub", config.hub))
        )
        return replace(
            config,
            station=replace(config.station, allowed_origins=origins),
            hub=replace(config.hub, allowed_hosts=hosts, allowed_origins=others),
        )

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
        names: set[str] = set()
        for index, printer in enumerate(printers):
            where = f"$.printer[{index}]"
            if printer.name in names:
                raise self._wrong(f"{where}.name", f"two printers are called “{printer.name}”")
            names.add(printer.name)
            if not re.match(r"[a-z]+:", printer.device):
                raise self._wrong(f"{where}.device", f"“{printer.device}” is no device URI such as socket://HOST:9100")
            self._duration(f"{where}.expires", printer.expires)

            self._code_pages(where, printer.code_pages or {})

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

    def _wrong(self, key: str, what: str) -> ConfigError:
        variable = self._overridden.get(key)
        place = variable or f"{self._path}, line {line_of(self._text, key)}"
        return ConfigError(f"{place}: {key.removeprefix('$.')}: {what}", f"Correct it. {_UNCHANGED}")


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
