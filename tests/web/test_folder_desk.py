"""What the protocol brings besides itself: a folder is found by its name, and any name of a file can be shown."""

from __future__ import annotations

import pytest
from tests.peers.folder_scene import FakeFolders

from comptoir.core.errors import UnknownName
from comptoir.station.folders.desk import FolderKeeper
from comptoir.web.folder_desk import FolderDesk, folder_named, legible


def test_a_folder_is_found_by_its_name() -> None:
    folders = FakeFolders()
    folders.folder("a")
    wanted = folders.folder("b")
    assert folder_named(folders.folders(), "b") is wanted
    with pytest.raises(UnknownName, match="there is no folder “c”"):
        folder_named(folders.folders(), "c")


def test_a_name_that_is_no_text_can_be_shown() -> None:
    assert legible("été.pdf") == "été.pdf"
    assert legible("\ud83d\udce9") == "\ufffd\ufffd"
    assert legible(b"caf\xe9.pdf".decode("utf-8", "surrogateescape")).encode() == "caf\ufffd.pdf".encode()


def test_the_station_offers_what_pages_ask() -> None:
    """Checked by the type checker; here for who runs tests only."""
    asked = {name for name in vars(FolderDesk) if not name.startswith("_")}
    assert {name for name in asked if not hasattr(FolderKeeper, name)} <= {"on_change"}
