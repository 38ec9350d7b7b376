"""Where there is no Windows, the source says so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.peers.captures import Captures

from comptoir.arrivals import WinspoolSourceConfig
from comptoir.core.errors import ConfigError
from comptoir.sources.winspool import make


@pytest.mark.skipif(sys.platform == "win32", reason="this is Windows")
def test_elsewhere_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the source queues") as refused:
        make(WinspoolSourceConfig(name="queues"), Captures(tmp_path).surroundings())
    assert "cups" in refused.value.hint
