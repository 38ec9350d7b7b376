"""Real Chromium for tests of the pages: Debian's, driven by Playwright."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from tests.peers import programs

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def installed() -> str:
    """Where Chromium is."""
    return programs.installed("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium(*arguments: str, home: Path | None = None) -> Iterator[Browser]:
    """A browser without a window, with these arguments besides its own. `home`: of a user of its own."""
    path = installed()
    environ: dict[str, str | float | bool] = {**os.environ, **({"HOME": str(home)} if home else {})}
    with sync_playwright() as playwright:
        # Without its sandbox, because it refuses to start as root with one; it only sees our own pages.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *arguments], env=environ)
        yield browser
        browser.close()
