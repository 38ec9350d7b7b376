"""The settings of the earlier archiving script: how its `.env` is read, and what they are here.

Pure: it opens no file and changes nothing. The script sent every new file of some directories to Maarch RM.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import dotenv

from comptoir.config import Config
from comptoir.destinations import MaarchConfig
from comptoir.earlier import text_of
from comptoir.settings import Append, Edit, Set, Value
from comptoir.wire.maarch import DEPOSIT

#: the variables that are known, in the order in which they are shown
VARIABLES: Final = (
    "WATCHED_DIRS", "WATCHED_DIR", "TEMP_DIR", "API_URL", "LAABS_AUTH", "ARCHIVAL_PROFILE_REFERENCE",
    "SERVICE_LEVEL_REFERENCE", "RETENTION_RULE_CODE", "DESCRIPTION_CLASS", "DESCRIPTION_LEVEL", "FULL_TEXT_INDEXATION",
)  # fmt: skip
#: one of these makes a file the script's
_OWN: Final = re.compile(r"^\s*(?:export\s+)?(?:WATCHED_DIRS?|API_URL|LAABS_AUTH)\s*=", re.MULTILINE)

#: variable → key of the destination, for what is the same here
SAME: Final[Mapping[str, str]] = {
    "ARCHIVAL_PROFILE_REFERENCE": "profile",
    "SERVICE_LEVEL_REFERENCE": "service_level",
    "RETENTION_RULE_CODE": "retention_rule",
    "DESCRIPTION_CLASS": "description_class",
    "DESCRIPTION_LEVEL": "description_level",
}
#: what FULL_TEXT_INDEXATION can be
INDEXATION: Final = ("none", "requested", "indexed", "failed")
#: what every archive of the script said
CONSTANTS: Final[Mapping[str, Value]] = {"final_disposition": "preservation", "file_plan_level": "item"}
#: the destination's name, and the file in the data folder that holds its token
ARCHIVE: Final = "archives"
TOKEN_FILE: Final = "laabs.token"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class EarlierArchive:
    """What its file says; a variable that is not there, or empty, is not in it. `token`: never shown."""

    variables: Mapping[str, str]
    token: str = field(default="", repr=False)

    @property
    def directories(self) -> Sequence[str]:
        """Where files were watched for, each once."""
        several = self.variables.get("WATCHED_DIRS", "").split(",")
        named = [one.strip() for one in several if one.strip()] or [self.variables.get("WATCHED_DIR", "")]
        return list(dict.fromkeys(one for one in named if one))

    @property
    def url(self) -> str:
        """The address of the archive's site, without the path of deposits."""
        return self.variables.get("API_URL", "").rstrip("/").removesuffix(DEPOSIT)


def is_archive(data: bytes) -> bool:
    """Whether this is the script's file, by what stands in it."""
    text = text_of(data)
    return bool(_OWN.search(text)) and not re.search(r"^\s*\[\w+\]", text, re.MULTILINE)


def read(data: bytes) -> EarlierArchive:
    """Its `.env`, with the library that it used; ${names} stay as they are."""
    found = dotenv.dotenv_values(stream=io.StringIO(text_of(data)), interpolate=False)
    known = {name: (found.get(name) or "").strip() for name in VARIABLES}
    token = known.pop("LAABS_AUTH")
    return EarlierArchive({name: value for name, value in known.items() if value}, token)


# -- as edits ---------------------------------------------------------------------------------------------------------


def archive_of(config: Config, url: str) -> MaarchConfig | None:
    """The destination that is this archive already."""
    archives = (one for one in config.destination if isinstance(one, MaarchConfig))
    return next((one for one in archives if one.url.rstrip("/").removesuffix(DEPOSIT) == url), None)


def archive_name(earlier: EarlierArchive, config: Config) -> str:
    """What the destination is called."""
    known = archive_of(config, earlier.url)
    taken = {one.name for one in (*config.printer, *config.destination)}
    return known.name if known is not None else _free(ARCHIVE, taken)


def token_file(earlier: EarlierArchive, config: Config) -> str:
    """The file in the data folder for its token: the one that is configured, or one that no other destination has."""
    known = archive_of(config, earlier.url)
    taken = {getattr(one, "token_file", "") for one in config.destination}
    names = (TOKEN_FILE, *(f"laabs-{number}.token" for number in range(2, 10_000)))
    return known.token_file if known is not None else next(one for one in names if one not in taken)


def source_names(earlier: EarlierArchive, config: Config) -> Mapping[str, str]:
    """Directory → the name of its source: that which watches it already, or the directory's own."""
    names = {source.path: source.name for source in config.folders}
    taken = set(names.values())
    for path in earlier.directories:
        if path not in names:
            last = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
            names[path] = _free(_name(last) or "dossier", taken)
            taken.add(names[path])
    return {path: names[path] for path in earlier.directories}


def edits_of(earlier: EarlierArchive, config: Config) -> list[Edit]:
    """What its settings change in this configuration. What cannot be is refused when the edits are checked."""
    if not earlier.url or not earlier.directories:
        return []
    name = archive_name(earlier, config)
    edits = _destination(earlier, config, name)
    for path, source in source_names(earlier, config).items():
        edits += _source(path, source, config, name)
    return edits


def _destination(earlier: EarlierArchive, config: Config, name: str) -> list[Edit]:
    values: dict[str, Value] = {
        key: earlier.variables[variable] for variable, key in SAME.items() if variable in earlier.variables
    }
    indexation = earlier.variables.get("FULL_TEXT_INDEXATION", "")
    if indexation in INDEXATION:
        values["full_text_indexation"] = indexation
    if archive_of(config, earlier.url) is not None:
        return [Set(("destination", name, key), value) for key, value in values.items()]
    # Its newer version called archives as the file, its older one as the directory.
    named = "{name}" if "WATCHED_DIRS" in earlier.variables else "{source}"
    first: dict[str, Value] = {"kind": "maarch", "name": name, "url": earlier.url}
    first["token_file"] = token_file(earlier, config)
    return [Append("destination", {**first, **values, "archive_name": named, **CONSTANTS})]


def _source(path: str, name: str, config: Config, archive: str) -> list[Edit]:
    edits: list[Edit] = []
    if all(one.name != name for one in config.source):
        # The script never sent what was there when it started: it has been dealt with, or nobody wants it.
        values: dict[str, Value] = {
            "kind": "folder",
            "name": name,
            "path": path,
            "recursive": True,
            "existing": "ignore",
        }
        edits.append(Append("source", values | {"ignore": ["*~"]}))
    if not any(route.source == name and archive in route.to for route in config.route):
        edits.append(Append("route", {"from": name, "to": [archive], "original": "keep"}))
    return edits


def _name(text: str) -> str:
    """A name as sources have them."""
    name = "".join(letter for letter in text if letter.isprintable()).strip()[:60].strip()
    return "" if name in (".", "..") or ":" in name else name


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken."""
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, 10_000))) if one not in taken)
