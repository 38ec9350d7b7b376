"""The configuration: one TOML file, the environment over it, as frozen values. Every error says where and what to write.

Reading only; who uses a value, and when, is decided elsewhere. Keys that later versions know are refused here, so that a
typing error is never a setting that silently does nothing.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import dotenv
import msgspec
import platformdirs
from msgspec import Meta

from comptoir.core.errors import ConfigError
from comptoir.core.units import duration

Port = Annotated[int, Meta(ge=0, le=65535)]
Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f/]+$")]


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class StationConfig(_Section):
    """The service beside the printers."""

    name: Name = "caisse-1"
    host: str = "127.0.0.1"
    port: Port = 22548
    allowed_origins: tuple[str, ...] = ()


class HubConfig(_Section):
    """The server that web sites post to."""

    host: str = "127.0.0.1"
    port: Port = 22549
    database: str = ""
    bus: str = ""
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    #: requests a second that one caller may make, and how many at once before that counts; without it, callers on
    #: this machine are not limited and others may make 100
    rate: Annotated[float, Meta(gt=0)] | None = None
    burst: Annotated[int, Meta(ge=1)] = 200


class RelayConfig(_Section):
    """The station's link to its hub; an empty url: none."""

    url: str = ""
    token_file: str = ""


class PrinterConfig(_Section):
    """One printer: a language and a device. The first one is the default."""

    name: Name
    device: str
    language: str = "escpos"
    profile: str = ""
    expires: str = ""
    #: auto: ask the printer for its state; never: for models that choke on it
    status: Literal["auto", "never"] = "auto"
    columns: Annotated[int, Meta(ge=16, le=128)] = 48
    dots: Annotated[int, Meta(ge=128, le=2048)] = 576

    def expires_ms(self) -> int | None:
        return duration(self.expires)


class RouteConfig(_Section):
    """Documents of a source that go to these destinations."""

    source: str = msgspec.field(name="from")
    to: tuple[str, ...] = ()
    match: tuple[str, ...] = ("*",)


class Config(_Section):
    """The whole configuration."""

    language: Literal["fr", "en"] = "fr"
    #: how long finished jobs are remembered; the journal's events stay
    retention: str = "90 days"
    station: StationConfig = StationConfig()
    hub: HubConfig = HubConfig()
    relay: RelayConfig = RelayConfig()
    printer: tuple[PrinterConfig, ...] = ()
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
    text = _read(path, required=file is not None)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}", "Correct that line; nothing was changed.") from None
    beside = {key: value or "" for key, value in dotenv.dotenv_values(path.parent / ".env").items()}
    overridden = _override(tree, {**beside, **environ})
    try:
        config = msgspec.convert(tree, Config, strict=True)
    except msgspec.ValidationError as error:
        raise _explain(path, text, str(error), overridden) from None
    _check(path, text, config)
    return config


def _read(path: Path, required: bool) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        if required:
            raise ConfigError(
                f"there is no configuration file {path}", "Check the path after --config."
            ) from None
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", "It must be a text file in UTF-8.") from None


def _override(tree: dict[str, Any], environ: Mapping[str, str]) -> dict[str, str]:
    """Lay COMPTOIR_SECTION__KEY over the tree; which variable gave which path."""
    given = {}
    hints = get_type_hints(Config)
    for variable, value in environ.items():
        if not variable.startswith("COMPTOIR_"):
            continue
        *sections, key = variable.removeprefix("COMPTOIR_").lower().split("__")
        section = hints.get(sections[0]) if len(sections) == 1 else None
        if sections and (section is None or not isinstance(section, type)):
            raise ConfigError(f"the variable {variable} names no section of the configuration")
        target = tree.setdefault(sections[0], {}) if sections else tree
        wanted = get_type_hints(section if isinstance(section, type) else Config).get(key)
        target[key] = _typed(value, wanted)
        given["$." + ".".join([*sections, key])] = variable
    return given


def _typed(value: str, wanted: object) -> object:
    """The text of a variable as the type that its key wants; as it is where it cannot be."""
    if wanted == tuple[str, ...]:
        return [part.strip() for part in value.split(",") if part.strip()]
    if wanted == Port and re.fullmatch(r"\d+", value):
        return int(value)
    return value


def _explain(path: Path, text: str, error: str, overridden: Mapping[str, str]) -> ConfigError:
    what, _, where = error.partition(" - at `")
    where = where.rstrip("`") or "$"
    unknown = re.search(r"unknown field `([^`]+)`", what)
    key = where if unknown is None else f"{where}.{unknown[1]}"
    hint = f"Known keys here: {', '.join(_keys_at(where))}." if unknown else "Nothing was changed."
    variable = overridden.get(key)
    place = f"the variable {variable}" if variable else f"{path}, line {line_of(text, key)}"
    return ConfigError(f"{place}: {key.removeprefix('$.')}: {what[:1].lower()}{what[1:]}", hint)


def _keys_at(where: str) -> list[str]:
    """The keys that may stand at this path of the tree."""
    sections = {
        "station": StationConfig,
        "hub": HubConfig,
        "relay": RelayConfig,
        "printer": PrinterConfig,
        "route": RouteConfig,
    }
    name = re.sub(r"[\[.].*", "", where.removeprefix("$").removeprefix("."))
    return [field.encode_name for field in msgspec.structs.fields(sections.get(name, Config))]


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


def _check(path: Path, text: str, config: Config) -> None:
    """What types cannot say."""
    names: set[str] = set()
    for index, printer in enumerate(config.printer):
        where = f"$.printer[{index}]"
        if printer.name in names:
            raise _wrong(path, text, f"{where}.name", f"two printers are called “{printer.name}”")
        names.add(printer.name)
        if not re.match(r"[a-z]+:", printer.device):
            raise _wrong(
                path,
                text,
                f"{where}.device",
                f"“{printer.device}” is no device URI such as socket://HOST:9100",
            )
        _duration(path, text, f"{where}.expires", printer.expires)
    _duration(path, text, "$.retention", config.retention)
    for index, route in enumerate(config.route):
        for name in route.to:
            if name not in (names or {VIRTUAL.name}):
                raise _wrong(path, text, f"$.route[{index}].to", f"no printer is called “{name}”")
    if config.relay.url and not re.match(r"wss?://", config.relay.url):
        raise _wrong(
            path, text, "$.relay.url", f"“{config.relay.url}” is no address such as wss://HOST/relay"
        )


def _duration(path: Path, text: str, key: str, value: str) -> None:
    try:
        duration(value)
    except ValueError as error:
        raise _wrong(path, text, key, str(error)) from None


def _wrong(path: Path, text: str, key: str, what: str) -> ConfigError:
    place = f"{path}, line {line_of(text, key)}: {key.removeprefix('$.')}"
    return ConfigError(f"{place}: {what}", "Correct it and start again; nothing was changed.")
