"""PostScript by Ghostscript."""

from __future__ import annotations

import pytest
from tests.peers.programs import installed

from comptoir.archive import programs
from comptoir.archive.kinds import postscript

PAGES = (
    b"%!PS\n/Helvetica findfont 20 scalefont setfont 100 700 moveto (Bonjour) show showpage"
    b" 100 700 moveto (Deux) show showpage\n"
)


def test_text_pages_and_pictures() -> None:
    installed("gs")
    document = postscript.opened(PAGES)
    assert document is not None
    assert (document.pages, document.text()) == (2, "Bonjour\fDeux")
    picture = document.picture(2, 100)
    assert picture is not None
    assert picture.width == 100
    document.close()


def test_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "ghostscript", lambda: None)
    assert postscript.opened(PAGES) is None
