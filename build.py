"""Makes the program file: `python build.py`, on the system for which it is (docs/building.md).

`dist/` has then the program as one file, the same as a folder in a zip archive, and their checksums. It is run by a
Python that has Comptoir's dependencies and PyInstaller; what goes in is said in `bundle/comptoir.spec`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

ROOT: Final = Path(__file__).resolve().parent
SPEC: Final = ROOT / "bundle" / "comptoir.spec"
ENDING: Final = ".exe" if sys.platform == "win32" else ""

#: what the file's properties say on Windows; code page 1200 is Unicode, 040C French, 0409 English
VERSION_RESOURCE: Final = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004, fileType=1, subtype=0),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "The Comptoir developers"),
      StringStruct("FileDescription", "Comptoir, the print service of a counter"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "comptoir"),
      StringStruct("LegalCopyright", "MIT licence"),
      StringStruct("OriginalFilename", "comptoir.exe"),
      StringStruct("ProductName", "Comptoir"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 1200])]),
  ],
)
"""


def main() -> None:
    """Build, and say what was made."""
    parser = argparse.ArgumentParser(description="Make the program file of Comptoir.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where it goes (default: dist)")
    parser.add_argument("--work", type=Path, default=ROOT / "build", metavar="DIR", help="what is kept between builds")
    parser.add_argument("--folder-only", action="store_true", help="neither the one file nor the zip archive")
    signing = 'what signs a file whose name comes behind it, such as: signtool sign /n "NAME" /fd SHA256'
    parser.add_argument("--sign", default="", metavar="COMMAND", help=signing)
    options = parser.parse_args()
    begun = time.monotonic()
    out, work = options.out.resolve(), options.work.resolve()
    prepare(work / "made", version())
    bundle(out, work, folder_only=options.folder_only, sign=options.sign)
    made = [] if options.folder_only else finish(out, version(), options.sign)
    lines = [f"{path.stat().st_size / 1e6:6.1f} MB  {path}\n" for path in made]
    sys.stdout.write("".join([*lines, f"{time.monotonic() - begun:.0f} s\n"]))


def version() -> str:
    """The version that the package says; it is read and not imported: the package needs more than a build does."""
    source = (ROOT / "src" / "comptoir" / "__init__.py").read_text("utf-8")
    return re.findall(r'^__version__ = "([^"]+)"', source, re.MULTILINE)[0]


def prepare(folder: Path, of: str) -> None:
    """What the bundle needs and the repository does not have: catalogues, compiled, and the resource of the version."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - not to ask what the options are
    from babel.messages.pofile import read_po  # noqa: PLC0415

    shutil.rmtree(folder, ignore_errors=True)
    source = ROOT / "src"
    for path in source.rglob("*.po"):
        compiled = folder / "mo" / path.relative_to(source).with_suffix(".mo")
        compiled.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as catalogue, compiled.open("wb") as file:
            write_mo(file, read_po(catalogue, abort_invalid=True))
    (folder / "version.txt").write_text(VERSION_RESOURCE.format(version=of, numbers=numbers(of)), "utf-8")


def numbers(of: str) -> tuple[int, ...]:
    """Four numbers of a version: Windows has no others. 1.2.0rc1 is (1, 2, 0, 0)."""
    found = [int(number) for number in re.match(r"[0-9.]*", of)[0].split(".") if number]
    return tuple([*found, 0, 0, 0, 0][:4])


def bundle(out: Path, work: Path, *, folder_only: bool, sign: str) -> None:
    """Run PyInstaller. `sign`: for the program that runs from a folder, before it is put into the one file."""
    from PyInstaller.__main__ import run  # noqa: PLC0415 - not to ask what the options are

    os.environ["PROGRAM_MADE"] = str(work / "made")
    os.environ["PROGRAM_SIGN"] = sign
    os.environ["PROGRAM_FOLDER_ONLY"] = "1" if folder_only else ""
    run([str(SPEC), "--noconfirm", "--log-level=WARN", f"--distpath={out}", f"--workpath={work}"])


def finish(out: Path, of: str, sign: str) -> list[Path]:
    """The files as they are given to people: named, signed, packed, with their checksums."""
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
    one = out / f"comptoir-{of}-{system}{ENDING}"
    (out / f"comptoir-one{ENDING}").replace(one)
    if sign:
        subprocess.run(f'{sign} "{one}"', shell=True, check=True)  # noqa: S602 - whoever builds says so
    packed = out / f"comptoir-{of}-{system}.zip"
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted((out / "comptoir").rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(out))
    return [one, packed, checksums(out / "SHA256SUMS", (one, packed))]


def checksums(file: Path, of: Iterable[Path]) -> Path:
    """As `sha256sum -c` reads them."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in of]
    file.write_text("".join(lines), "utf-8", newline="\n")
    return file


if __name__ == "__main__":
    main()
