"""Ghostscript, as everybody starts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir import ghostscript


def test_it_is_told_nothing_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COMPTOIR_SECRET", "quicksilver")
    monkeypatch.setenv("GS_OPTIONS", "-dNOSAFER")
    told = ghostscript.environment(tmp_path)
    assert set(told) <= {"PATH", "SYSTEMROOT", "LC_ALL", "TEMP", "TMP", "TMPDIR"}
    assert told["TMPDIR"] == str(tmp_path)


def test_it_may_touch_no_file() -> None:
    assert "-dSAFER" in ghostscript.OPTIONS
