"""Which version of Comptoir has written a data folder: a newer one's is refused before anything in it is touched.

The version is noted in a file of the folder; a folder without one is judged by the schema of its journals.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from comptoir import __version__
from comptoir.core.errors import ConfigError
from comptoir.durable import replace_file
from comptoir.journal.peek import newer_schema

#: in the data folder, and in the folder of an installed program: the version, on a line of its own
FILE: Final = "version.txt"
#: folders of the data folder that have a journal
ROLES: Final = ("station", "hub")
_VERSION: Final = re.compile(r"(\d+(?:\.\d+)*)(?:\.?(dev|a|b|rc)(\d*))?")
_FINAL: Final = "z"  # comes after dev, a, b and rc


def order(version: str) -> tuple[tuple[int, ...], str, int]:
    """What compares as versions do: 1.10.0rc1 < 1.10 < 1.10.1 (PEP 440, as far as ours go). Raises ValueError."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ValueError(f"{version!r} is no version")
    numbers = [int(number) for number in found[1].split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    stage = {"dev": "A"}.get(found[2], found[2]) or _FINAL
    return tuple(numbers), stage, int(found[3] or 0)


def noted(folder: Path) -> str:
    """The version that is noted in a folder; "" for none, or for what is no version."""
    try:
        text = (folder / FILE).read_text("utf-8").strip()
        order(text)
    except (OSError, ValueError):
        return ""
    return text


def check(folder: Path, version: str = __version__) -> None:
    """Refuse a data folder that a newer version has written. Raises ConfigError; nothing is changed."""
    written = noted(folder)
    if written and order(written) > order(version):
        raise ConfigError(
            f"the data in {folder} were written by Comptoir {written}, and this is Comptoir {version}",
            f"Install Comptoir {written} again, or a newer one. Nothing was changed.",
        )
    for role in ROLES:
        if newer_schema(folder / role):
            raise ConfigError(
                f"the data in {folder} were written by a newer version of Comptoir than {version}",
                "Install the newer version again. Nothing was changed.",
            )


def note(folder: Path, version: str = __version__) -> None:
    """From now on, the data are this version's. Raises OSError."""
    if noted(folder) != version:
        replace_file(folder / FILE, f"{version}\n".encode())
