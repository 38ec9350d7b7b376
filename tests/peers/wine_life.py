"""What a service of Windows goes through from its installation to its end, the same for source and program file."""

from __future__ import annotations

import socket
from pathlib import PurePath

from tests.peers.wine import Wine
from tests.peers.wine_shop import ServiceShop


def lives_as_a_service(wine: Wine, exe: PurePath | None = None) -> None:
    """`exe`: the program file that a person has; without it, the source. Raises AssertionError."""
    with ServiceShop(wine, "TICKET", exe=exe) as shop:
        service = shop.service
        assert service.status() == "running"
        works(shop, "first")
        assert "stopped" in service.act("stop")
        assert service.status() == "stopped"
        assert not listens(shop)
        service.act("start")
        works(shop, "second")
        assert [shop["TICKET"].count(f"<{mark}>") for mark in ("first", "second")] == [1, 1]
        service.remove()
        assert service.status() == "absent"
        assert not listens(shop)
        code, said = service.command("journal", "verify", "--data", shop.data)
        assert code == 0, said


def works(shop: ServiceShop, mark: str) -> None:
    """It answers, a print is proven, and a drawer opens once."""
    assert shop.ask("/status")["status"] == "running"
    assert shop.settled(shop.post("TICKET", f"<{mark}>"))["evidence"]["kind"] == "printed"
    before = shop["TICKET"].fired()
    assert shop.ask("/api/drawer/open", {"reason": "change"})["outcome"] in ("opened", "processed")
    assert shop["TICKET"].fired() == before + 1


def listens(shop: ServiceShop) -> bool:
    port = int(shop.station.url.rpartition(":")[2])
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
