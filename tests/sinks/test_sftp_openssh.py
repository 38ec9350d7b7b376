"""SFTP with the server that most servers have."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.peers.delivery import Bench, bench_of
from tests.peers.far import a_job, a_lot
from tests.peers.openssh import SSHD, OpenSsh

from comptoir.core.errors import NotSent

pytestmark = pytest.mark.skipif(SSHD is None, reason="sshd is not installed here")

CONTENT = os.urandom(3_000_000)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_of(OpenSsh, tmp_path) as one:  # type: ignore[arg-type]
        yield one


async def test_documents_and_lots_arrive_and_are_found_again(bench: Bench) -> None:
    sink = bench.sink()
    job = await a_job(bench.journal, CONTENT, "é FAC 1.pdf")
    lot = await a_lot(bench.journal, "lot", {"a.pdf": CONTENT[:20_000], "b/c.pdf": CONTENT[:30_000]})
    for _ in range(2):
        await bench.deliver(job, sink)
        await bench.deliver(lot, sink)
    assert bench.far.names() == ["lot/a.pdf", "lot/b/c.pdf", "é FAC 1.pdf"]
    assert (bench.far.inbox / "é FAC 1.pdf").read_bytes() == CONTENT


async def test_what_is_there_is_not_replaced(bench: Bench) -> None:
    (bench.far.inbox / "FAC-1.pdf").write_bytes(b"theirs")
    assert (await bench.to(CONTENT)).detail.endswith("/FAC-1 (2).pdf")
    assert (bench.far.inbox / "FAC-1.pdf").read_bytes() == b"theirs"


@pytest.mark.parametrize("after", [100_000, 1_500_000, 2_990_000, 3_002_000])
async def test_a_line_that_breaks(bench: Bench, after: int) -> None:
    job = await a_job(bench.journal, CONTENT)
    bench.far.line.cut(after)
    with pytest.raises(NotSent):
        await bench.deliver(job)
    await bench.deliver(job)
    assert bench.far.names() == ["FAC-1.pdf"]


async def test_a_folder_that_is_not_there(bench: Bench) -> None:
    with pytest.raises(NotSent, match="is not there"):
        await bench.to(path="/nowhere/at/all")
