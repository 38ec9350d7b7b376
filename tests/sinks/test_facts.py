"""What was learned of a printer survives a restart, and its loss costs nothing else."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from comptoir.sinks import facts as module
from comptoir.sinks.facts import FILE, Facts, Learned


async def test_what_was_learned_is_there_after_a_restart(tmp_path: Path) -> None:
    facts = Facts(tmp_path / "TICKET")
    assert facts.confirms is None
    await facts.learn(confirms=("process-id", "in-order"), identity=("EPSON", "TM-T88V", "1.0"))
    await facts.learn(open_is_high=True)
    again = Facts(tmp_path / "TICKET")
    assert again.confirms == ("process-id", "in-order")
    assert again.learned.identity == ("EPSON", "TM-T88V", "1.0")
    assert again.learned.open_is_high is True


@pytest.mark.parametrize("damage", [b"", b"{", b'{"confirms": ["by-magic"]}', b"\xff\xfe"])
async def test_a_file_that_cannot_be_read_is_as_none(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).write_bytes(damage)
    assert Facts(tmp_path).learned == Learned()
    assert "set aside" in caplog.text


async def test_a_disk_that_refuses_costs_the_memory_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a").write_text("a file where a folder is wanted")
    facts = Facts(tmp_path / "b")
    facts._path = tmp_path / "a" / FILE
    await facts.learn(confirms=("in-order",))
    assert facts.confirms == ("in-order",)
    assert "cannot be written" in caplog.text


async def test_what_is_learned_last_is_written_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is slow for once must not put back what was known before."""
    write, slow = module.replace_file, [threading.Event()]

    def writes(path: Path, data: bytes) -> None:
        if slow:
            slow.pop().wait(0.3)
        write(path, data)

    monkeypatch.setattr(module, "replace_file", writes)
    facts = Facts(tmp_path)
    await asyncio.gather(facts.learn(open_is_high=True), facts.learn(confirms=("in-order",)))
    assert Facts(tmp_path).learned == facts.learned == Learned(confirms=("in-order",), open_is_high=True)
