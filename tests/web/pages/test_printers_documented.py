"""The buttons that the documentation tells people to press are on the page."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"
PRESSED = re.compile(r"page Printers,(?: Set up,)? “([^”]+)”")
PAGES = ("printers.md", "operating.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_page_has_the_buttons_that_the_documentation_names(page: str) -> None:
    template = files("comptoir.web").joinpath("templates/printers.html").read_text("utf-8")
    text = " ".join((DOCS / page).read_text("utf-8").split())
    buttons = PRESSED.findall(text)
    assert buttons
    assert [button for button in buttons if f'_("{button}")' not in template] == []
