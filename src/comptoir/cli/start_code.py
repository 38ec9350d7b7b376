"""The code with which other computers may set the first password, kept for whoever manages this one: a service has no
screen that says it. The file lies in the role's own folder, which only the service's account and administrators enter.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import Final

from comptoir.durable import replace_file

log = logging.getLogger("comptoir")

FILE: Final = "start-code"


def keep(folder: Path, code: str) -> None:
    """In the folder of a role; "": a password is set, or none is needed."""
    try:
        if code:
            replace_file(folder / FILE, f"{code}\n".encode(), mode=0o600)
        else:
            (folder / FILE).unlink(missing_ok=True)
    except OSError as error:
        log.warning("the start code is not kept: %s", error.strerror or error)


def find(folder: Path) -> str:
    """ "" where there is none, or this user may not know it."""
    with suppress(OSError):
        return (folder / FILE).read_text("ascii", "replace").strip()
    return ""
