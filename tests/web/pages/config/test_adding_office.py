"""Adding an office printer: its address typed in, what it says of itself, a test sheet."""

from __future__ import annotations

from html import unescape

from tests.peers.ipp_printer import RASTER, IppPrinterPeer
from tests.peers.owner import Owner, value
from tests.peers.services import free_port


async def trial(owner: Owner, device: str) -> str:
    """The address of the trial of this device, once it has ended."""
    status, location, _ = await owner.post("/config/printers/try", device=device)
    assert status == 303, location
    await owner.station.configuring.setup.trial(int(location.rsplit("/", 1)[1])).ended()
    return location


async def test_an_ipp_printer_is_added_step_by_step(owner: Owner) -> None:
    async with IppPrinterPeer(formats=(RASTER,)) as peer:
        at = await trial(owner, peer.uri)
        page = await owner.get(at)
        assert "Stand-in 2000" in page
        assert "l’imprimante le dit elle-même" in unescape(page)
        assert "Caractères par ligne" not in page
        assert value(page, "name") == "FACTURE"
        status, location, _ = await owner.post(at, name="FACTURE", profile="", columns="", language="")
        assert (status, location) == (303, f"{at}#test")
        assert f'device = "{peer.uri}"' in owner.toml
        await owner.post(f"{at}/test")
        assert [one.form for one in peer.jobs] == [RASTER]
    (noted,) = owner.notes("test-printed")
    assert noted["outcome"] == "processed"


async def test_one_that_is_not_there_says_so(owner: Owner) -> None:
    page = await owner.get(await trial(owner, f"ipp://127.0.0.1:{free_port()}/ipp/print"))
    assert "Elle ne peut être atteinte" in page


async def test_one_that_lets_nobody_in_is_there(owner: Owner) -> None:
    async with IppPrinterPeer(http={0x0B: 401}) as peer:
        page = await owner.get(await trial(owner, peer.uri))
    assert "Elle prend les connexions" in page
    assert "elle demande un nom et un mot de passe" in page


async def test_an_address_that_is_none_is_refused_at_its_field(owner: Owner) -> None:
    answer = await owner.post("/config/printers/try", device="ipp://h")
    assert answer[0] == 400
    assert 'value="ipp://h"' in answer[2]
