"""The browser's extension in real Chromium: packed as it is handed out, and loaded, as a person would have it."""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext
from tests.peers.browser import installed
from tests.peers.pages import BROWSER

EXTENSION = Path(__file__).parents[2] / "clients" / "extension"
#: what the key in the manifest makes of it, in every browser that has it
NAME = "plfeipjnlpbbakailmbehodacjdddpbn"
ORIGIN = f"chrome-extension://{NAME}"


def packed(folder: Path, *, prints: bool = False) -> Path:
    """With a right on the sites of these tests: nobody is there to agree to them. prints: with its second ability."""
    runpy.run_path(str(EXTENSION / "pack.py"))["pack"](folder, prints=prints)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["host_permissions"] += ["http://odoo.example/*", "https://odoo.example/*"]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


@contextmanager
def installation(browser: Browser, profile: Path, extension: Path, *arguments: str) -> Iterator[BrowserContext]:
    """A browser that has this one. arguments: of Chromium, besides."""
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=installed(),
        headless=False,  # the argument below is the headless mode that knows extensions
        args=[
            "--headless=new",
            "--no-sandbox",
            *BROWSER,
            *arguments,
            f"--load-extension={extension}",
            f"--disable-extensions-except={extension}",
        ],
        locale="en-GB",
    )
    if not context.service_workers:
        context.wait_for_event("serviceworker")
    yield context
    context.close()
