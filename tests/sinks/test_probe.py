"""What a printer can is found out by asking it. The printers are real peers on TCP."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.counter import channel
from tests.peers.listener import Listener
from tests.peers.services import free_port

from comptoir.core.errors import NotSent
from comptoir.core.ports import Language
from comptoir.core.profile import Confirm
from comptoir.devices.virtual_model import Model
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.languages import language
from comptoir.sinks import channel as ways
from comptoir.sinks import probe as module
from comptoir.sinks.channel import Session
from comptoir.sinks.facts import Facts
from comptoir.sinks.probe import ProbeFailed, probe

ESCPOS = language("escpos")


@pytest.mark.parametrize("can", [("process-id", "in-order"), ("in-order",), ()])
async def test_it_finds_out_by_what_a_printer_confirms(
    can: tuple[Confirm, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    async with VirtualPrinterServer(model=Model(confirms=can)) as server:
        facts = Facts(tmp_path)
        found = await probe(channel(f"socket://127.0.0.1:{server.port}", tmp_path), ESCPOS, facts, 7)
        assert found.confirms == can
        assert found.probed_at == 7
        assert "Comptoir" in found.identity
        assert Facts(tmp_path).confirms == can


async def test_a_printer_that_never_answers_confirms_nothing(tmp_path: Path) -> None:
    with Listener() as listener:
        found = await probe(channel(f"socket://127.0.0.1:{listener.port}", tmp_path), ESCPOS, Facts(), 7)
    assert (found.confirms, found.identity) == ((), ())


async def test_a_printer_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProbeFailed, match="cannot be asked"):
        await probe(channel(f"socket://127.0.0.1:{free_port()}", tmp_path), ESCPOS, Facts(), 7)


async def test_a_printer_without_paper_is_told(tmp_path: Path) -> None:
    async with VirtualPrinterServer(faults=["paper"]) as server:
        with pytest.raises(ProbeFailed):
            await probe(channel(f"socket://127.0.0.1:{server.port}", tmp_path), ESCPOS, Facts(), 7)


@pytest.mark.parametrize("fault", ["off", "paper"])
async def test_a_printer_that_goes_while_it_is_asked_has_not_said_that_it_cannot(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    async with VirtualPrinterServer() as server:
        way, facts = channel(f"socket://127.0.0.1:{server.port}", tmp_path, keep=True), Facts(tmp_path)
        identity = module._identity

        async def goes(session: Session, language: Language) -> tuple[str, ...]:
            found = await identity(session, language)
            server.set_faults(fault)
            return found

        monkeypatch.setattr(module, "_identity", goes)
        with pytest.raises(ProbeFailed):
            await probe(way, ESCPOS, facts, 7)
        assert facts.confirms is None
        await way.close()


async def test_one_that_has_answered_when_it_was_probed_is_silent_for_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart as well: its silence is no sign that it cannot answer."""
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    monkeypatch.setattr(ways, "ANSWER", 0.1)
    facts = Facts(tmp_path)
    async with VirtualPrinterServer() as server:
        uri = f"socket://127.0.0.1:{server.port}"
        await probe(channel(uri, tmp_path), ESCPOS, facts, 7)
        assert Facts(tmp_path).learned.answers is True
        later = channel(uri, tmp_path, answered=True)
        server.set_faults("mute")
        with pytest.raises(NotSent, match="does not answer"):
            async with later.turn():
                pass
        # It was replaced by one that cannot answer: the probe finds out.
        found = await probe(later, ESCPOS, facts, 8)
        assert (found.answers, found.confirms) == (False, ())
        async with later.turn() as session:
            await session.write(b"x\n\x1dVB\x00")
