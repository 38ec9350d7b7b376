"""What lies between commands of PJL: the document behind the last of them, where it is one of the others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from comptoir.archive.kinds import Paged, bytes_of, told
from comptoir.archive.kinds import opened as opened_kind

_END: Final = b"\x1b%-12345X"
#: the rest of the first lines: PJL Technical Reference §2
_COMMANDS: Final = re.compile(rb"(?:\x1b%-12345X|@PJL[^\n]*\n|[\r\n])+")


def opened(content: Path | bytes) -> Paged | None:
    """None where there is nothing, or nothing that can be read. Raises FormatError."""
    data = bytes_of(content)
    head = _COMMANDS.match(data)
    body = data[head.end() if head else 0 :]
    end = body.rfind(_END)
    body = body[:end] if end > 0 else body
    kind = told(body)
    return opened_kind(body, kind) if kind != "application/vnd.hp-PJL" else None
