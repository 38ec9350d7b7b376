"""Where a command works: its data folder and its configuration, from the options, the environment and the platform.

And where on this machine a service of that configuration is to be found.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import Final

from comptoir.config import Config, default_folder
from comptoir.config_file import load
from comptoir.core.errors import ConfigError

#: addresses to listen on that mean all of them → the one by which this machine reaches itself there
EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on


def data_folder(options: argparse.Namespace) -> Path:
    """--data, else the platform's folder; absolute. Raises ConfigError."""
    chosen: Path | None = options.data
    return _expanded(chosen or default_folder()).absolute()


def configuration(options: argparse.Namespace, folder: Path) -> Config:
    """The configuration, the environment over it. Raises ConfigError."""
    return load(configuration_file(options), folder, os.environ)


def configuration_file(options: argparse.Namespace) -> Path | None:
    """--config; None: the one in the data folder. Raises ConfigError."""
    file: Path | None = options.config
    return _expanded(file) if file else None


def try_folder(folder: Path) -> None:
    """Make the folder and see that files can be written there. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def not_writable(folder: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"the data folder {folder} cannot be written: {error.strerror or error}",
        "Choose another with --data, or give this user the right to write there.",
    )


def here(host: str) -> str:
    """What listens at `host`, as this machine calls it in an address."""
    host = EVERYWHERE.get(host, host)
    return f"[{host}]" if ":" in host else host


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise ConfigError(f"there is no user for {path}", "Write the whole path.") from None
