"""Entries with a kind and a name: what the address names must be there, of every list that has them."""

from __future__ import annotations

import pytest
from tests.peers.owner import Owner


@pytest.mark.parametrize("place", ["captures", "destinations"])
@pytest.mark.parametrize("unknown", ["add/fax", "add/folder2", "named/nothing", "named/nothing/remove"])
async def test_what_is_not_there_is_said(owner: Owner, place: str, unknown: str) -> None:
    assert "Look at the list again." in await owner.get(f"/config/{place}/{unknown}", "en", 404)
