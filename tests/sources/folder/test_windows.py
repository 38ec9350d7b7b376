"""What is done on Windows only: that it stays out of the way elsewhere. The calls themselves want that system."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from comptoir.sources.folder import windows


@pytest.mark.skipif(sys.platform == "win32", reason="elsewhere")
def test_elsewhere_nothing_of_it_is_there() -> None:
    assert not hasattr(windows, "open_for_reading")
    program = "import sys, comptoir.sources.folder.source; print('comptoir.sources.folder.windows' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows shares files so")
def test_a_file_that_somebody_writes_cannot_be_opened(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    with file.open("wb"), pytest.raises(OSError, match="32") as told:
        windows.open_for_reading(str(file))
    assert told.value.winerror == 32
    descriptor = windows.open_for_reading(str(file))
    assert not windows.written(descriptor)
    os.close(descriptor)
