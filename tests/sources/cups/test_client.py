"""CUPS asked by IPP: lists, documents, notifications; every way in which it can say no."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.peers.wrapped_cups import WrappedCups

from comptoir.sources.cups.client import CupsClient, NotHad, NotReached

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="CUPS"), pytest.mark.xdist_group("cups backend")]


async def test_queues_and_what_is_not_there(cups: WrappedCups) -> None:
    client = CupsClient(str(cups.socket))
    try:
        queues = await client.printers()
        assert queues["captured"][0].startswith("comptoir:/socket://")
        with pytest.raises(NotHad):
            async with client.document(9999, 1):
                pass
        subscription = await client.subscribe()
        assert subscription is not None
        assert await client.notifications(subscription, 5) >= 5
        with pytest.raises(NotHad):
            await client.notifications(9999, 0)
    finally:
        await client.close()


@pytest.mark.parametrize("server", ["127.0.0.1:1", "[::1]:1", "{folder}/none.sock"])
async def test_nobody_answers(server: str, tmp_path: Path) -> None:
    client = CupsClient(server.format(folder=tmp_path))
    try:
        with pytest.raises(NotReached):
            await client.jobs("completed")
    finally:
        await client.close()
