"""Adding a printer: from the search or an address, step by step, to the question whether the test came out."""

from __future__ import annotations

import asyncio
import re

import pytest
from tests.peers.listener import Listener
from tests.peers.owner import Owner, value, wrong

from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.sinks import probe
from comptoir.station.finding import Ways
from comptoir.web.pages.config.adding import device_of


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer that says nothing is not waited for."""
    monkeypatch.setattr(probe, "PATIENCE", 0.05)


@pytest.mark.parametrize(
    ("typed", "device"),
    [
        ("192.168.1.50", "socket://192.168.1.50:9100"),
        (" 192.168.1.50:9101 ", "socket://192.168.1.50:9101"),
        ("printer.local", "socket://printer.local:9100"),
        ("printer:9101", "socket://printer:9101"),
        ("fe80::1", "socket://[fe80::1]:9100"),
        ("com3", "serial:COM3"),
        ("COM12:", "serial:COM12"),
        ("/dev/ttyUSB0", "serial:///dev/ttyUSB0"),
        ("/dev/usb/lp0", "file:///dev/usb/lp0"),
        ("usb:", "usb:"),
        ("usb://04b8:0e15", "usb://04b8:0e15"),
        ("socket://10.0.0.9:9100?timeout=5", "socket://10.0.0.9:9100?timeout=5"),
        ("virtual:", "virtual:"),
        ("winspool:TICKET", "winspool:TICKET"),
        (r"\\SERVER\TICKET BAR", r"winspool:\\SERVER\TICKET BAR"),
    ],
)
def test_what_a_person_types_is_a_device(typed: str, device: str) -> None:
    assert device_of(typed) == device


async def trial(owner: Owner, device: str, **fields: str) -> str:
    """The address of the trial of this device, once it has ended."""
    status, location, _ = await owner.post("/config/printers/try", device=device, **fields)
    assert status == 303, location
    number = int(location.rsplit("/", 1)[1])
    await owner.station.configuring.setup.trial(number).ended()
    return location


async def test_the_search_shows_what_it_finds_and_how_far_it_is(owner: Owner) -> None:
    server = VirtualPrinterServer()
    await server.start()
    setup = owner.station.configuring.setup
    setup._ways = Ways(lambda: {"127.0.0.0/24": ["127.0.0.1", "127.0.0.2"]}, None, list, server.port)
    assert (await owner.post("/config/printers/search"))[:2] == (303, "/config/printers/found")
    await setup.search.ended()
    page = await owner.get("/config/printers/found")
    assert "2 adresses essayées sur 2 · 127.0.0.0/24" in page
    assert f'value="socket://127.0.0.1:{server.port}"' in page
    assert "Installer celle-ci" in page
    await server.close()


async def test_a_running_search_reloads_itself_and_can_be_stopped(owner: Owner) -> None:
    async def forever() -> dict[str, str]:
        await asyncio.Event().wait()
        return {}

    setup = owner.station.configuring.setup
    setup._ways = Ways(dict, lambda: asyncio.ensure_future(forever()), list)
    await owner.post("/config/printers/search")
    answer = await owner.look("/config/printers/found")
    assert answer.headers["Refresh"] == "1"
    await owner.post("/config/printers/search/stop")
    answer = await owner.look("/config/printers/found")
    assert "Refresh" not in answer.headers
    assert "arrêtée" in answer.body.decode()


async def test_a_printer_of_windows_is_for_receipts_or_for_documents(owner: Owner) -> None:
    setup = owner.station.configuring.setup
    setup._ways = Ways(dict, None, lambda: [("winspool:HP LaserJet", "HP LaserJet", "windows")])
    await owner.post("/config/printers/search")
    await setup.search.ended()
    page = await owner.get("/config/printers/found")
    assert "Pour les tickets" in page
    assert '<button name="language" value="windows">Pour les documents' in page
    # This is no Windows: any other device stands for it.
    at = await trial(owner, "file:paper.bin", language="windows")
    page = await owner.get(at)
    assert '<input type="hidden" name="language" value="windows">' in page
    assert 'name="profile"' not in page


async def test_without_a_search_there_is_nothing_found(owner: Owner) -> None:
    answer = await owner.look("/config/printers/found")
    assert (answer.status, answer.headers["Location"]) == (303, "/config/printers/add")


async def test_a_printer_is_added_step_by_step(owner: Owner) -> None:
    papers: list[str] = []
    server = VirtualPrinterServer()
    server.device.on_printed.append(lambda printed: papers.append(printed.paper.text))
    await server.start()
    at = await trial(owner, f"127.0.0.1:{server.port}")
    page = await owner.get(at)
    assert "Elle prend les connexions" in page
    assert "Comptoir Virtual" in page
    assert value(page, "name") == "TICKET-2"
    status, location, _ = await owner.post(at, name="BAR", profile="80mm", columns="40", language="")
    assert (status, location) == (303, f"{at}#test")
    assert owner.station.configuring.config.printer[2].name == "BAR"
    assert "Enregistrée sous le nom BAR" in await owner.get(at)
    await owner.post(f"{at}/test")
    assert "Si vous lisez cette ligne" in papers[0]
    assert "1234567890123456789012345678901234567890" in papers[0]
    assert owner.notes("test-printed") == [
        {"printer": "BAR", "outcome": "processed", "user": "owner", "host": "127.0.0.1"}
    ]
    page = await owner.get(at)
    assert "Est-ce sorti ?" in page
    assert "L’imprimante a tout traité." in page
    assert "Des signes illisibles" in await owner.get(f"{at}?out=no")
    assert "L’imprimante BAR est installée." in await owner.get(f"{at}?out=yes")
    assert "les imprimantes" in page, "it works from the next start"
    # What did not fit is changed, not added once more.
    await owner.post(at, name="BAR 2", profile="80mm", columns="42", language="")
    assert [(p.name, p.columns) for p in owner.station.configuring.config.printer[2:]] == [("BAR 2", 42)]
    await server.close()


@pytest.mark.usefixtures("_soon")
async def test_what_is_wrong_with_the_name_is_said_at_its_field(owner: Owner) -> None:
    with Listener() as mute:
        at = await trial(owner, f"127.0.0.1:{mute.port}")
    page = await owner.get(at)
    assert "Elle ne répond pas" in page
    before = owner.toml
    for fields, key in (
        ({"name": "TICKET"}, "name"),
        ({"name": "BAR", "profile": "nil"}, "profile"),
        ({"name": "BAR", "columns": "x"}, "columns"),
    ):
        status, _, page = await owner.post(at, **fields)
        assert (status, list(wrong(page))) == (400, [key])
        assert value(page, "name") == fields["name"]
    assert owner.toml == before


async def test_one_that_cannot_be_reached_says_what_to_look_at_and_can_be_saved_all_the_same(owner: Owner) -> None:
    with Listener() as gone:
        pass
    at = await trial(owner, f"127.0.0.1:{gone.port}")
    page = await owner.get(at)
    assert "Elle ne peut être atteinte" in page
    assert "Est-elle allumée, son câble branché, son adresse juste ?" in page
    assert "L’installer quand même" in page
    await owner.post(at, name="LATER")
    assert owner.station.configuring.config.printer[2].device == f"socket://127.0.0.1:{gone.port}"
    status, _, page = await owner.post(f"{at}/test")
    assert status == 503
    assert 'role="alert"' in page


async def test_one_without_paper_says_so(owner: Owner) -> None:
    server = VirtualPrinterServer()
    await server.start()
    server.set_faults("paper")
    page = await owner.get(await trial(owner, f"127.0.0.1:{server.port}"))
    assert "Elle n’a pu être interrogée" in page
    assert "n’a plus de papier" in page
    await server.close()


async def test_what_is_no_address_is_said_at_the_field(owner: Owner) -> None:
    status, _, page = await owner.post("/config/printers/try", device="pigeon:coop")
    assert status == 400
    assert "Une adresse comme 192.168.1.50" in wrong(page)["device"]
    assert value(page, "device") == "pigeon:coop"


@pytest.mark.usefixtures("_soon")
async def test_another_language_can_be_tried_and_is_suggested_then(owner: Owner) -> None:
    with Listener() as mute:
        at = await trial(owner, f"127.0.0.1:{mute.port}", language="star")
    assert re.search(r'<option value="star" selected>', await owner.get(at))


async def test_a_trial_that_is_forgotten_says_to_begin_anew(owner: Owner) -> None:
    assert "n’est plus en cours d’installation" in await owner.get("/config/printers/trial/99", status=404)
