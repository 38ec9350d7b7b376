"""Puts the extension together: its own files and what it shares with the add-on for Odoo.

    python clients/extension/pack.py FOLDER         ready to be loaded unpacked
    python clients/extension/pack.py FILE.zip       ready for a browser's shop
    … --prints                                      one that also sends what chosen sites print (Chromium, Chrome, Edge)

The shared scripts live in the add-on, which Odoo loads as it stands; an extension can only read what is in its folder.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
MANIFEST: Final = HERE / "manifest.json"
SHARED: Final = HERE.parent / "odoo" / "comptoir_pos_drawer" / "static" / "src" / "core"
OURS: Final = ("*.js", "*.json", "*.html", "*.css", "*.png", "_locales/*/*.json")


#: the rights that prints need besides, which browsers grant at installation only: most tills do without
PRINTING: Final = ("alarms", "debugger", "unlimitedStorage")


def contents(prints: bool = False) -> Iterator[tuple[str, bytes]]:
    """Name in the extension, and what it contains."""
    for pattern in OURS:
        for path in sorted(HERE.glob(pattern)):
            yield path.relative_to(HERE).as_posix(), manifest(path, prints) if path == MANIFEST else path.read_bytes()
    for path in sorted(SHARED.glob("*.js")):
        yield f"core/{path.name}", path.read_bytes()


def manifest(path: Path, prints: bool) -> bytes:
    """With the rights that are asked for."""
    if not prints:
        return path.read_bytes()
    said = json.loads(path.read_text("utf-8"))
    said["permissions"] = sorted([*said["permissions"], *PRINTING])
    return json.dumps(said, indent=4).encode()


def pack(target: Path, prints: bool = False) -> None:
    """Write a folder, or a file where the name ends in .zip. prints: with the second ability."""
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in contents(prints):
                # A fixed time: the same sources give the same file.
                file.writestr(zipfile.ZipInfo(name), data)
        return
    for name, data in contents(prints):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    wanted = [one for one in sys.argv[1:] if one != "--prints"]
    if len(wanted) != 1:
        raise SystemExit(__doc__)
    pack(Path(wanted[0]), "--prints" in sys.argv)
