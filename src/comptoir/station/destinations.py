"""The destinations of a station that are no printers, put together from the configuration: a sink for each.

It delivers nothing; `app.py` says who uses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from comptoir.core.errors import ConfigError, UnknownName
from comptoir.core.ports import Clock, Journal, Sink
from comptoir.destinations import DestinationConfig
from comptoir.sinks import DESTINATIONS


class Destination(Sink, Protocol):
    """A sink that holds something open: `close` lets go of it."""

    async def close(self) -> None: ...


def assemble(
    configs: Sequence[DestinationConfig], journal: Journal, folder: Path, clock: Clock
) -> dict[str, Destination]:
    """A sink for each, by name. `folder`: of the data, where their secrets are. Nothing is connected.

    Raises ConfigError that names the destination.
    """
    return {config.name: _sink(config, journal, folder, clock) for config in configs}


def _sink(config: DestinationConfig, journal: Journal, folder: Path, clock: Clock) -> Destination:
    kind = str(config.__struct_config__.tag)
    try:
        module, _, name = DESTINATIONS[kind].partition(":")
        make = getattr(import_module(module), name)
        return cast(Destination, make(config, journal, folder, clock))
    except ImportError as error:
        hint = f"Install it with: pip install comptoir[{kind}]"
        raise ConfigError(f"the destination {config.name} cannot be used here: {error}", hint) from None
    except (ConfigError, UnknownName) as error:
        raise ConfigError(f"the destination {config.name} cannot be set up: {error.message}", error.hint) from None
