"""What can be wrong with watched folders and with destinations, as far as this machine can tell: for `doctor.py`.

Nothing is changed and nobody is called: whether an archive answers, the running station says.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import msgspec

from comptoir.arrivals import FolderSourceConfig
from comptoir.cli import speech
from comptoir.cli.checks import Finding
from comptoir.cli.speech import tr
from comptoir.config import Config
from comptoir.destinations import DestinationConfig, FolderConfig
from comptoir.sinks import DESTINATIONS
from comptoir.sources.folder.mount import mode_of
from comptoir.station.folders.planning import original_of

#: how keys end that name a file with a secret
_FILE: Final = "_file"


def sources(config: Config) -> Iterator[Finding]:
    """Each folder is there, can be read, and originals can be removed or moved where a route wants it."""
    for source in config.folders:
        yield _readable(source) or _leavable(source, config) or Finding("folder-source", "right", _mode(source))


def _mode(source: FolderSourceConfig) -> str:
    """How the station learns of new files there."""
    if mode_of(Path(source.path), source.watch).mode == "events":
        return tr("folder %(name)s: %(path)s can be read, and tells of its changes", name=source.name, path=source.path)
    return tr("folder %(name)s: %(path)s can be read, and is looked through every %(time)s", name=source.name,
              path=source.path, time=source.scan or "30 s")  # fmt: skip


def _readable(source: FolderSourceConfig) -> Finding | None:
    path = Path(source.path)
    try:
        with os.scandir(path) as entries:
            next(entries, None)
    except FileNotFoundError:
        said = tr("folder %(name)s: %(path)s is not there", name=source.name, path=source.path)
        todo = tr("Make it, or connect the share. The station takes its files as soon as it is there.")
    except NotADirectoryError:
        said = tr("folder %(name)s: %(path)s is a file", name=source.name, path=source.path)
        todo = tr("Name the folder that the files are in: path = … under [[source]].")
    except OSError as error:
        why = speech.known(error.strerror or str(error))
        said = tr("folder %(name)s: %(path)s cannot be read: %(why)s", name=source.name, path=source.path, why=why)
        todo = tr("Give the user of the service the right to read there, or run this as that user.")
    else:
        return None
    return Finding("folder-source", "wrong", said, (todo,))


def _leavable(source: FolderSourceConfig, config: Config) -> Finding | None:
    """Whether originals can go, where they are to."""
    wishes = [route.original for route in config.route if route.source == source.name]
    if not wishes or (wish := original_of(wishes)) == "keep":
        return None
    path = Path(source.path)
    goal = path / wish.removeprefix("move:") if wish.startswith("move:") else path
    for place in (path, goal):
        # What does not exist yet is made in the first directory above it that does.
        there = next((one for one in (place, *place.parents) if one.is_dir()), place)
        if not os.access(there, os.W_OK | os.X_OK):
            said = tr("folder %(name)s: originals are to leave it, and %(path)s cannot be written",
                      name=source.name, path=there)  # fmt: skip
            return Finding("folder-source", "wrong", said, (
                tr("Give the user of the service the right to write there, or set original = \"keep\"."),
            ))  # fmt: skip
    return None


def destinations(config: Config, folder: Path) -> Iterator[Finding]:
    """What each needs is installed, its secrets are there and private, a folder can be written."""
    for destination in config.destination:
        wrong = [*_installed(destination), *_secrets(destination, folder), *_place(destination)]
        said = tr("destination %(name)s: what it needs is there", name=destination.name)
        yield from wrong or [Finding("destination", "right", said)]


def _installed(destination: DestinationConfig) -> Iterator[Finding]:
    kind = str(destination.__struct_config__.tag)
    try:
        import_module(DESTINATIONS[kind].partition(":")[0])
    except ImportError as error:
        said = tr("destination %(name)s: a part is not installed: %(why)s", name=destination.name, why=error.name or "")
        yield Finding("destination", "wrong", said, (tr("Type: pip install comptoir[%(kind)s]", kind=kind),))


def _secrets(destination: DestinationConfig, folder: Path) -> Iterator[Finding]:
    for key, value in msgspec.structs.asdict(destination).items():
        if not key.endswith(_FILE) or not value:
            continue
        path = folder / value
        try:
            with path.open("rb"):
                mode = path.stat().st_mode
        except OSError as error:
            why = speech.known(error.strerror or str(error))
            said = tr("destination %(name)s: %(key)s: %(path)s cannot be read: %(why)s", name=destination.name, key=key,
                      path=path, why=why)  # fmt: skip
            todo = tr("Write the secret into this file, readable for the user of the service only.")
            yield Finding("destination", "wrong", said, (todo,))
            continue
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            said = tr("destination %(name)s: others can read its secret %(path)s", name=destination.name, path=path)
            yield Finding("destination", "wrong", said, (tr("Type: chmod 600 %(path)s", path=path),))


def _place(destination: DestinationConfig) -> Iterator[Finding]:
    """A folder is looked at; what is elsewhere is not called."""
    if not isinstance(destination, FolderConfig):
        return
    path = Path(destination.path)
    there = next((one for one in (path, *path.parents) if one.is_dir()), path) if destination.create else path
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        said = tr("destination %(name)s: %(path)s is not there, or cannot be written", name=destination.name, path=path)
        todo = tr("Make it, connect the share, or give the user of the service the right to write there.")
        yield Finding("destination", "wrong", said, (todo,))
