"""The plan that is shown before the earlier archiving script's settings are taken over.

Pure: it decides, and writes nothing. It is the same table as `moving.py`'s; its notes are English sentences, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from comptoir.config import Config
from comptoir.destination_check import web_address
from comptoir.earlier_archive import (
    INDEXATION,
    SAME,
    EarlierArchive,
    archive_name,
    edits_of,
    source_names,
    token_file,
)
from comptoir.moving import Plan, Row
from comptoir.wire.maarch import cookie_value

EXISTING: Final = (
    "Files that are there already are left alone, as before. Every new one is archived, once, with its own name; the "
    "original stays where it is."
)
HERE: Final = "This folder is watched here already; its settings stay."
TEMPORARY: Final = "A copy is in the data folder until the archive has the file. Nothing else is ever deleted."
REPLACED: Final = "WATCHED_DIRS was used instead."
ADDRESS: Final = "This is no address of an archive, such as https://rm.example.com."
FOLDERS: Final = "There is no directory to watch: nothing is taken over."
APART: Final = "It is put into a file of its own in the data folder, which only the service's user can read."
ABSENT: Final = "There is none: put it into that file in the data folder."
STRANGE: Final = "It does not look like one: generate it anew for the service account in Maarch RM."
RETENTION: Final = "The earlier script read it and did not send it. Here it is sent."
LEVEL: Final = (
    "The earlier script put it where the archive does not look. Here it arrives, in the description: the profile must "
    "know the field descriptionLevel. Take it away where the archive refuses it."
)
INDEXED: Final = "Maarch RM knows none, requested, indexed and failed only; its service level decides."
INVENTED: Final = (
    "The earlier script said “Facture” and 2000-12-23 of every file, and where the archive does not look. That is not "
    "taken over. What your profile demands stands in [destination.description]."
)

_HIDDEN: Final = "••••••"


def plan(earlier: EarlierArchive, config: Config) -> Plan:
    """What becomes of its settings in this configuration. The token is no edit: who carries the plan out writes it."""
    can_be = bool(earlier.directories) and not _address_fault(earlier)
    rows = tuple(_rows(earlier, config, can_be))
    return Plan(rows, tuple(edits_of(earlier, config)) if can_be else (), False)


def token_of(earlier: EarlierArchive) -> str:
    """Its token, as it is to be written; "": it has none, or nothing that could be one."""
    return earlier.token if _is_token(earlier.token) else ""


def _rows(earlier: EarlierArchive, config: Config, can_be: bool) -> Iterator[Row]:
    was = earlier.variables
    yield from _directories(earlier, config, can_be)
    if "TEMP_DIR" in was:
        yield Row("TEMP_DIR", was["TEMP_DIR"], "", "not needed", TEMPORARY)
    yield _address(earlier, config, can_be)
    yield _token(earlier, config, can_be)
    notes = {"RETENTION_RULE_CODE": RETENTION, "DESCRIPTION_LEVEL": LEVEL}
    for variable, key in SAME.items():
        if variable in was:
            here = f"{key} = {was[variable]}" if can_be else ""
            yield Row(variable, was[variable], here, "look at it" if variable in notes else "taken",
                      notes.get(variable, ""))  # fmt: skip
    if indexation := was.get("FULL_TEXT_INDEXATION"):
        is_known = indexation in INDEXATION
        here = f"full_text_indexation = {indexation}" if is_known and can_be else ""
        yield Row("FULL_TEXT_INDEXATION", indexation, here, "taken" if is_known else "differs",
                  "" if is_known else INDEXED)  # fmt: skip
    yield Row("description", "Facture, 2000-12-23", "", "differs", INVENTED)


def _directories(earlier: EarlierArchive, config: Config, can_be: bool) -> Iterator[Row]:
    was = earlier.variables
    variable = "WATCHED_DIRS" if "WATCHED_DIRS" in was else "WATCHED_DIR"
    if not earlier.directories:
        yield Row(variable, was.get(variable, ""), "", "look at it", FOLDERS)
    known = {source.path for source in config.folders}
    for path, name in source_names(earlier, config).items():
        here = f"source {name} → {archive_name(earlier, config)}" if can_be else ""
        yield Row(variable, path, here, "taken", HERE if path in known else EXISTING)
    if variable == "WATCHED_DIRS" and "WATCHED_DIR" in was:
        yield Row("WATCHED_DIR", was["WATCHED_DIR"], "", "not needed", REPLACED)


def _address(earlier: EarlierArchive, config: Config, can_be: bool) -> Row:
    was = earlier.variables.get("API_URL", "")
    if _address_fault(earlier):
        # It may hold a password.
        return Row("API_URL", was if "@" not in was else _HIDDEN, "", "look at it", ADDRESS)
    name = archive_name(earlier, config)
    return Row("API_URL", was, f"destination {name} ({earlier.url})" if can_be else "", "taken")


def _address_fault(earlier: EarlierArchive) -> bool:
    return any(web_address("url", earlier.url))


def _token(earlier: EarlierArchive, config: Config, can_be: bool) -> Row:
    here = f"token_file = {token_file(earlier, config)}" if can_be else ""
    if not earlier.token:
        return Row("LAABS_AUTH", "", here, "look at it", ABSENT)
    if not _is_token(earlier.token):
        return Row("LAABS_AUTH", _HIDDEN, here, "look at it", STRANGE)
    return Row("LAABS_AUTH", _HIDDEN, here, "taken", APART)


def _is_token(text: str) -> bool:
    try:
        return bool(cookie_value(text))
    except ValueError:
        return False
