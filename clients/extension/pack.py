"""Puts the extension together: its own files and what it shares with the add-on for Odoo.

    python clients/extension/pack.py FOLDER         ready to be loaded unpacked
    python clients/extension/pack.py FILE.zip       ready for a browser's shop

The shared scripts live in the add-on, which Odoo loads as it stands; an extension can only read what is in its folder.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
SHARED: Final = HERE.parent / "odoo" / "comptoir_pos_drawer" / "static" / "src" / "core"
OURS: Final = ("*.js", "*.json", "*.html", "*.css", "*.png", "_locales/*/*.json")


def contents() -> Iterator[tuple[str, bytes]]:
    """Name in the extension, and what it contains."""
    for pattern in OURS:
        for path in sorted(HERE.glob(pattern)):
            yield path.relative_to(HERE).as_posix(), path.read_bytes()
    for path in sorted(SHARED.glob("*.js")):
        yield f"core/{path.name}", path.read_bytes()


def pack(target: Path) -> None:
    """Write a folder, or a file where the name ends in .zip."""
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in contents():
                # A fixed time: the same sources give the same file.
                file.writestr(zipfile.ZipInfo(name), data)
        return
    for name, data in contents():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    pack(Path(sys.argv[1]))
