"""What the earlier till service has left on this machine: its settings, as long as nobody has decided about them.

They are noticed and never touched. Who reads them is `earlier.py`; who takes them over, the command `import-config`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from comptoir.durable import replace_file

#: in the folder of all programs' data (%PROGRAMDATA%)
PLACE: Final = ("OdooPOS", "config.ini")
#: in the data folder: the SHA-256 of the settings about which somebody has decided
DECIDED: Final = "earlier-service.txt"
_LARGEST: Final = 1_000_000  # bytes; its file has a thousand


class Remains:
    """The earlier service's settings. `folder`: our data folder; `environ`: where Windows says its own."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._note = folder / DECIDED
        place = environ.get("PROGRAMDATA", "")
        #: where its settings are, if there are any; None: on a system that it did not know
        self.file = Path(place, *PLACE) if place else None

    def waiting(self) -> Path | None:
        """The file about which nobody has decided; None where there is none, or it cannot be read."""
        try:
            digest = self._digest()
        except OSError:
            return None
        return self.file if digest and digest != self._decided() else None

    def decide(self) -> None:
        """They were taken over, or are not wanted; other settings in their place would be noticed. Raises OSError."""
        if digest := self._digest():
            replace_file(self._note, f"{digest}\n".encode())

    def _digest(self) -> str:
        if self.file is None:
            return ""
        with self.file.open("rb") as file:
            return hashlib.sha256(file.read(_LARGEST)).hexdigest()

    def _decided(self) -> str:
        try:
            return self._note.read_text("utf-8", "replace").strip()
        except OSError:
            return ""
