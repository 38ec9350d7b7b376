"""The start code lies where only administrators and the service look, and goes when it is worth nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from comptoir.cli import start_code


def test_it_is_found_until_it_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "station"
    assert start_code.find(folder) == ""
    start_code.keep(folder, "QYMBTDBR")
    assert start_code.find(folder) == "QYMBTDBR"
    start_code.keep(folder, "")
    assert start_code.find(folder) == ""
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX; on Windows the folder's list of rights")
def test_it_is_for_its_user_only(tmp_path: Path) -> None:
    start_code.keep(tmp_path, "QYMBTDBR")
    assert (tmp_path / start_code.FILE).stat().st_mode & 0o777 == 0o600


def test_a_folder_that_refuses_it_does_not_stop_the_service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "station").write_text("no folder")
    start_code.keep(tmp_path / "station", "QYMBTDBR")
    assert "the start code is not kept" in caplog.text
    assert start_code.find(tmp_path / "station") == ""
