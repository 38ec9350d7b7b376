"""Marks of the whole tree: what Wine cannot show is not asked of it, and counts as nothing there."""

from __future__ import annotations

import sys

import pytest

MARKS = (
    "not_wine: only a real Windows can show it, or recorded structures: Wine would pretend. Named in docs/windows.md",
    "xdist_group(name): what runs one after another, in one process; known where pytest-xdist is not installed, too",
)


def pytest_configure(config: pytest.Config) -> None:
    for mark in MARKS:
        config.addinivalue_line("markers", mark)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not _on_wine():
        return
    left_out = [item for item in items if item.get_closest_marker("not_wine")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _on_wine() -> bool:
    if sys.platform != "win32":
        return False
    import ctypes  # noqa: PLC0415 - not needed anywhere else

    return hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")
