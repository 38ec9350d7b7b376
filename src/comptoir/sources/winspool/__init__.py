"""The queues of this computer's Windows spooler: each print is taken once, while the spooler has it.

spooler   what is asked of it     source   the watch over its queues

The spooler itself is `windows.spooler`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from comptoir.core.errors import ConfigError

if TYPE_CHECKING:
    from comptoir.arrivals import WinspoolSourceConfig
    from comptoir.sources.surroundings import Surroundings
    from comptoir.sources.winspool.source import WinspoolSource


def make(config: WinspoolSourceConfig, surroundings: Surroundings) -> WinspoolSource:
    """Raises ConfigError, also where this is no Windows."""
    if sys.platform == "win32":
        from comptoir.sources.winspool.source import WinspoolSource  # noqa: PLC0415
        from comptoir.windows.spooler import this_computer  # noqa: PLC0415

        return WinspoolSource(config, surroundings, this_computer())
    raise ConfigError(
        f"the source {config.name} watches the queues of Windows, and this is none",
        "On Linux and macOS, a source of the kind cups does it.",
    )
