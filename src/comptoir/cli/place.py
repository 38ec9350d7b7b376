"""Where a command works: its data folder and its configuration, from the options, the environment and the platform."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from comptoir.config import Config, default_folder, load


def data_folder(options: argparse.Namespace) -> Path:
    """--data, else the platform's folder; absolute."""
    chosen: Path | None = options.data
    return (chosen or default_folder()).expanduser().absolute()


def configuration(options: argparse.Namespace, folder: Path) -> Config:
    """The configuration, the environment over it. Raises ConfigError."""
    environ = {name: value for name, value in os.environ.items() if name not in ("COMPTOIR_LOG",)}
    return load(options.config, folder, environ)
