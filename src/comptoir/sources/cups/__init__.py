"""Queues of CUPS that print elsewhere: what they have printed is fetched from CUPS, and what cannot be had is shown.

For queues that do not print through our backend (`sources/cups_backend.py`) or to a printer of ours. CUPS keeps what it
has printed for a day, unless it is told otherwise: nothing here is sure of finding a print.
"""

from __future__ import annotations

from comptoir.arrivals import CupsSourceConfig
from comptoir.core.units import duration
from comptoir.sources.cups.client import CupsClient
from comptoir.sources.cups.source import CupsSource
from comptoir.sources.surroundings import Surroundings


def make(config: CupsSourceConfig, surroundings: Surroundings) -> CupsSource:
    """The source of this configuration."""
    scan = duration(config.scan) or 60_000
    return CupsSource(config.name, config.queues, scan, CupsClient(config.server), surroundings)
