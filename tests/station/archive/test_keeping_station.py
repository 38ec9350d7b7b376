"""What is eliminated at a running station is nowhere any more: not found, not shown, not in its files."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

from tests.peers.shelf import Shelf
from tests.peers.signed_in import FORM, SignedIn
from tests.peers.site import Site

SECRET = "Zanzibarski"


async def posted(owner: SignedIn, path: str, page: str) -> int:
    """The form of a page, sent as it is."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = await owner.ask("POST", path, urlencode({**fields, "why": "over"}).encode(), **FORM)
    return answer.status


async def test_what_is_eliminated_is_nowhere_any_more(tmp_path: Path) -> None:
    async with Site.station(tmp_path) as site:
        shelf = Shelf(site.journal, site.clock)
        text = f"{SECRET} 1312\n".encode()
        await shelf.file(f"Balance {SECRET}", text * 2_000, "2015-01-31", kept_for=0, user=SECRET)
        await shelf.file("Balance", b"other words\n", "2026-11-17")
        found = await site.ask("GET", "/api/documents?q=balance")
        assert [one["id"] for one in found.json["documents"]] == [2, 1]
        assert SECRET in (await site.ask("GET", "/api/documents/1/text")).body.decode()
        owner = await SignedIn.of(site)
        page = await owner.page("/archive/keeping/eliminate")
        assert await posted(owner, "/archive/keeping/eliminate", page) == 303
        assert "1 document a été éliminé." in await owner.page("/archive/keeping")
        found = await site.ask("GET", "/api/documents?q=balance")
        assert [one["id"] for one in found.json["documents"]] == [2]
        for path in ("/api/documents/1", "/api/documents/1/document", "/api/documents/1/text", "/archive/1"):
            assert (await site.ask("GET", path)).status == 404
        assert (await site.ask("GET", f"/api/documents?q={SECRET}")).json["documents"] == []
        assert not [one for one in await site.journal.events(limit=500) if SECRET in one.body]
    left = [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert left == []
