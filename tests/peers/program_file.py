"""The program file, as `build.py` makes it: built once, by the Python of a Windows of the tests."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.peers.wine import ROOT, Wine

#: where a build is that is to be tried, as `build.py --out` has left it; without it, one is made
VARIABLE = "PROGRAM_FOR_TESTS"
#: it takes a minute and a half where nothing else runs
PATIENCE = 400.0


@dataclass(frozen=True)
class ProgramFile:
    """`folder`: the program that runs from a folder, unpacked; `one`: the one file; `archive`: the folder, packed."""

    out: Path

    @property
    def folder(self) -> Path:
        return self.out / "comptoir"

    @property
    def exe(self) -> Path:
        return self.folder / "comptoir.exe"

    @property
    def one(self) -> Path:
        return next(self.out.glob("comptoir-*-windows.exe"))

    @property
    def archive(self) -> Path:
        return next(self.out.glob("comptoir-*-windows.zip"))


def built(wine: Wine, folder: Path) -> ProgramFile:
    """One in `folder`, or the one that is to be tried. Raises AssertionError."""
    if known := os.environ.get(VARIABLE):
        return ProgramFile(Path(known))
    options = ["--out", wine.path(folder / "dist"), "--work", wine.path(folder / "build")]
    code, said = wine.run(wine.path(ROOT / "build.py"), *options, timeout=PATIENCE)
    assert code == 0, said
    return ProgramFile(folder / "dist")
