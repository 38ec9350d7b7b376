"""The program's own files where a service runs from: put there from the program file, replaced by a newer one, removed.

It knows nothing of services: who calls it has stopped what runs there. Data are somewhere else and are not touched.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from comptoir import __version__
from comptoir.children import is_program_file
from comptoir.cli.data_version import FILE, noted, order
from comptoir.core.errors import ConfigError

if sys.platform == "win32":
    # Not when they are wanted: the program that removes itself has no files then.
    import win32con
    import win32file

NAME: Final = "comptoir.exe" if sys.platform == "win32" else "comptoir"
#: beside the program: what it is made of (PyInstaller's name for it)
LIBRARY: Final = "_internal"
#: inside the one file: the program that runs from a folder
INSIDE: Final = "program"


@dataclass(frozen=True, slots=True)
class Program:
    """A program that runs from a folder, wherever its parts are: the executable, and the folder of its library."""

    executable: Path
    library: Path


def this_program() -> Program | None:
    """The program of the file that runs at this moment; None where Comptoir runs from its source."""
    if not is_program_file():
        return None
    executable, library = Path(sys.executable), Path(getattr(sys, "_MEIPASS", ""))
    within = library / INSIDE / NAME
    return Program(within if within.exists() else executable, library)


def usual_folder(environ: Mapping[str, str] = os.environ) -> Path:
    r"""Where programs belong: `C:\Program Files\Comptoir`, elsewhere /opt/comptoir."""
    if NAME != "comptoir.exe":
        return Path("/opt/comptoir")
    return Path(environ.get("PROGRAMFILES") or r"C:\Program Files") / "Comptoir"


def placed(source: Program, target: Path) -> Path:
    """Put the program there in place of an earlier one, whole or not at all; the executable to be started.

    Nothing is done where it runs from there already. Raises ConfigError where a newer one or something else is there,
    and where it cannot be written.
    """
    executable = target / NAME
    if executable.exists() and executable.samefile(source.executable):
        return executable
    refuse_older(target)
    part, earlier = (target.with_name(f"{target.name}.{ending}") for ending in ("new", "old"))
    try:
        if earlier.exists() and not target.exists():
            earlier.rename(target)  # the power went away in the middle
        for left in (part, earlier, *target.parent.glob(f"{target.name}.gone-*")):
            shutil.rmtree(left, ignore_errors=True)
        # Contents and modes only: copy2 would copy, too, that Windows took a file from the internet.
        inside = shutil.ignore_patterns(INSIDE)
        shutil.copytree(source.library, part / LIBRARY, ignore=inside, copy_function=shutil.copy)
        shutil.copy(source.executable, part / NAME)
        (part / FILE).write_text(f"{__version__}\n", "utf-8")
        _exchange(part, target, earlier)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise _not_placed(target, error) from None
    shutil.rmtree(earlier, ignore_errors=True)
    return executable


def refuse_older(target: Path, version: str = __version__) -> None:
    """Refuse to replace a newer program, or what is none of ours. Raises ConfigError."""
    there = noted(target)
    if there and order(there) > order(version):
        raise ConfigError(
            f"Comptoir {there} is installed in {target}, and this is Comptoir {version}",
            "An older version would not understand the data of the newer one. Nothing was changed.",
        )
    if not there and target.exists() and any(target.iterdir()):
        raise ConfigError(f"there is something else in {target}", "Move it away, and repeat this command.")


def removed(target: Path) -> bool:
    """Delete the program there; whether all of it is gone. What runs at this moment is put aside, and goes when the
    machine starts again. What is none of ours is left alone. Raises ConfigError where it cannot be deleted."""
    if not noted(target):
        return not target.exists()
    try:
        aside = Path(mkdtemp(prefix=f"{target.name}.gone-", dir=target.parent))
        # The note goes last: what is left after a failure is still known to be ours.
        for path in [
            *sorted((path for path in target.rglob("*") if path != target / FILE), reverse=True),
            target / FILE,
        ]:
            path.rmdir() if path.is_dir() and not path.is_symlink() else _unlink(path, aside)
        target.rmdir()
        return _cleared(aside)
    except OSError as error:
        raise ConfigError(
            f"the program in {target} cannot be deleted: {error.strerror or error}",
            "Run this command as an administrator, and end every Comptoir that runs from there.",
        ) from None


def _exchange(part: Path, target: Path, earlier: Path) -> None:
    if target.exists():
        target.rename(earlier)
    try:
        part.rename(target)
    except OSError:
        if earlier.exists():
            earlier.rename(target)
        raise


def _unlink(path: Path, aside: Path) -> None:
    try:
        path.unlink()
    except PermissionError:
        # Windows does not delete what runs, such as the program that removes itself; it may be called otherwise.
        path.rename(aside / f"{sum(1 for _ in aside.iterdir())}-{path.name}")


def _cleared(aside: Path) -> bool:
    left = list(aside.iterdir())
    if not left:
        aside.rmdir()
        return True
    if sys.platform == "win32":
        # Where that is refused, the next installation sweeps it away.
        with suppress(win32file.error):
            for path in (*left, aside):
                win32file.MoveFileEx(str(path), None, win32con.MOVEFILE_DELAY_UNTIL_REBOOT)  # type: ignore[arg-type]
    return False


def _not_placed(target: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"the program cannot be put into {target}: {error.strerror or error}",
        "Run this command as an administrator, and end every Comptoir that runs from there.",
    )
