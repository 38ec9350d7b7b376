"""Changes to the configuration's file: all or none, comments and order kept, checked before anything is written.

It changes the file. What a running service does with that is decided elsewhere: some keys take effect at once (LIVE),
the others when the service is started anew.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from filelock import FileLock, Timeout

from comptoir.config import Config
from comptoir.config_check import UNCHANGED, WrongField
from comptoir.config_edit import Append, Edit, NoSuchTable, NotEditable, Place, Remove, Set, Value, edited, key_of
from comptoir.config_file import FILE, Options, Reading, Text, interpret, read
from comptoir.core.errors import ConfigError
from comptoir.durable import rewrite_file

__all__ = ["LIVE", "Append", "Edit", "Place", "Remove", "Set", "Settings", "Value", "WrongField", "changed"]

#: keys, and sections, that take effect without a restart
LIVE: Final = frozenset({
    "language", "retention",
    "station.allowed_origins", "station.allowed_hosts", "station.allowed_addresses", "station.network_logs",
    "log.keep", "till", "epos", "hw_proxy", "route", "night", "report",
})  # fmt: skip

#: what a file begins with that did not exist
HEADER: Final = "# The configuration of Comptoir. What is not written here has its default.\n"

_PATIENCE: Final = 10.0  # seconds for which another process may be writing
_BY_HAND: Final = "Write each section once, under its own header; or change it by hand."


class Settings:
    """The file of a configuration, for who changes it. Any thread may call; whoever calls waits for the disk."""

    def __init__(
        self, file: Path | None, folder: Path, environ: Mapping[str, str], options: Options | None = None
    ) -> None:
        """`file`: None for the one in the data folder; it need not exist. `options`: what the command line fixes.

        Raises ConfigError.
        """
        #: whether or not it exists
        self.file = file or folder / FILE
        self._folder = folder
        self._environ = environ
        self._options = options or {}
        self._changing = threading.Lock()
        self._reading = self._interpreted(self._read().plain)
        #: what the service was started with
        self.running = self.config

    @property
    def folder(self) -> Path:
        """The data folder, in which relative names of files are."""
        return self._folder

    @property
    def config(self) -> Config:
        """As loaded at the start, or after the last save; variables and options over it."""
        return self._reading.config

    @property
    def overridden(self) -> Mapping[str, str]:
        """Keys that cannot be changed here → who fixes them: the variable COMPTOIR_STATION__PORT, the option --port."""
        return self._reading.overridden

    def check(self, edits: Iterable[Edit]) -> Config:
        """The configuration as it would be; nothing is changed.

        Raises WrongField; ConfigError where the file itself, as it is, cannot be used.
        """
        return self._tried(edits)[0].config

    def save(self, edits: Iterable[Edit]) -> Config:
        """Check, then replace the file, which is read again before: what somebody wrote by hand meanwhile stays.

        Raises WrongField, ConfigError: the file is then as it was. On the event loop, ask a thread.
        """
        with self._changing, self._alone():
            reading, data = self._tried(edits)
            if data is not None:
                try:
                    rewrite_file(self.file, data)
                except OSError as error:
                    raise _not_written(self.file, error) from None
            self._reading = reading
            return reading.config

    def reload(self) -> Config:
        """Read the file again. Raises ConfigError, and everything stays as it is."""
        with self._changing:
            self._reading = self._interpreted(self._read().plain)
            return self.config

    def needs_restart(self) -> tuple[str, ...]:
        """What was saved and takes effect at the next restart only: ("station.port", "printer[1].device")."""
        return tuple(key for key in changed(self.running, self.config) if not _is_live(key))

    # -- the file -----------------------------------------------------------------------------------------------------

    def _read(self) -> Text:
        return read(self.file, "--config FILE")

    def _interpreted(self, text: str) -> Reading:
        return interpret(text, self.file, self._environ, self._options)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process changes the file meanwhile. Raises ConfigError."""
        lock = FileLock(self._folder / "settings.lock", timeout=_PATIENCE)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise ConfigError(f"{self.file} is being changed by another program", "Try again.") from None
        except OSError as error:
            raise _not_written(self.file, error) from None
        try:
            yield
        finally:
            lock.release()

    # -- edits --------------------------------------------------------------------------------------------------------

    def _tried(self, edits: Iterable[Edit]) -> tuple[Reading, bytes | None]:
        """What the edits lead to: what it means, and the file's new bytes; None where they change nothing.

        Raises WrongField, ConfigError.
        """
        file = self._read()
        before = self._as_it_is(file.plain)
        base = file.plain or HEADER
        text = self._edited(base, [edit for edit in edits if not _repeats(before, edit)])
        if text == base:
            return before, None
        try:
            return self._interpreted(text), file.encode(text)
        except WrongField as error:
            if error.key in before.overridden:
                raise
            # The line would be one of a text that nobody has seen.
            raise _wrong(error.key, error.sentence) from None

    def _edited(self, text: str, edits: Iterable[Edit]) -> str:
        try:
            return edited(text, edits)
        except NoSuchTable as error:
            raise _wrong(error.key, "it is not in the configuration any more") from None
        except NotEditable:
            raise ConfigError(f"{self.file} is written in a way that cannot be changed here", _BY_HAND) from None
        except UnicodeError:
            raise ConfigError("a value has characters that no text has", UNCHANGED) from None

    def _as_it_is(self, text: str) -> Reading:
        """Raises ConfigError that is no WrongField: what is wrong was not asked for here."""
        try:
            return self._interpreted(text)
        except WrongField as error:
            raise ConfigError(error.message, error.hint) from None


def _repeats(before: Reading, edit: Edit) -> bool:
    """Whether this gives a key that is fixed elsewhere the value that it has. Raises WrongField for another value."""
    if isinstance(edit, Append):
        return False
    key = key_of(edit.path)
    where = before.overridden.get(key)
    if where is None:
        return False
    if isinstance(edit, Set) and _plain(edit.value) == _value(before.config, key):
        return True
    raise _wrong(key, f"it is fixed by {where}")


def _value(config: Config, key: str) -> object:
    value: Any = msgspec.to_builtins(config)
    for part in key.split("."):
        value = value[part]
    return _plain(value)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _wrong(key: str, sentence: str) -> WrongField:
    return WrongField(f"{key}: {sentence}", f"Correct it. {UNCHANGED}", key, sentence)


def _not_written(file: Path, error: OSError) -> ConfigError:
    return ConfigError(f"{file} cannot be written: {error.strerror or error}", "Check the disk and its rights.")


# -- what differs -----------------------------------------------------------------------------------------------------


def changed(before: Config, after: Config) -> tuple[str, ...]:
    """The keys whose values differ, in the order of the configuration.

    A list of tables of which some were added or removed: its name alone.
    """
    return tuple(_differences("", msgspec.to_builtins(before), msgspec.to_builtins(after)))


def _differences(key: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            yield from _differences(f"{key}.{name}".lstrip("."), before.get(name), after.get(name))
    elif _are_tables(before) and _are_tables(after) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differences(f"{key}[{index}]", one, other)
    elif before != after:
        yield key


def _are_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _is_live(key: str) -> bool:
    return key in LIVE or re.split(r"[.\[]", key)[0] in LIVE
