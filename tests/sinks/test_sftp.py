"""A folder on an SFTP server: what is there is never replaced, and found again."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncssh
import pytest
from tests.peers.delivery import Bench, bench_of
from tests.peers.far import a_job, a_lot
from tests.peers.sftp_server import SftpServer

from comptoir.core.errors import NotSent, Refused
from comptoir.sinks import sftp as module


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_of(SftpServer, tmp_path) as one:
        yield one


async def test_it_lies_where_the_template_says(bench: Bench) -> None:
    evidence = await bench.to(file="{source}/{date:%Y}/{file}")
    assert evidence.kind == "delivered"
    assert evidence.detail.startswith("/in/factures/20")
    assert (bench.far.home / evidence.detail.lstrip("/")).read_bytes() == b"a document"


async def test_the_folder_must_be_there(bench: Bench) -> None:
    with pytest.raises(NotSent, match="is not there") as caught:
        await bench.to(path="/elsewhere")
    assert "path" in caught.value.hint
    assert not (bench.far.home / "elsewhere").exists()


async def test_without_a_path_it_is_the_users_own_folder(bench: Bench) -> None:
    assert (await bench.to(path="")).detail == "FAC-1.pdf"
    assert (bench.far.home / "FAC-1.pdf").read_bytes() == b"a document"


async def test_what_somebody_put_there_stays(bench: Bench) -> None:
    (bench.far.home / "in" / "FAC-1.pdf").write_bytes(b"theirs, too")
    (bench.far.home / "in" / "FAC-1 (2).pdf").write_bytes(b"a doc_ment")  # as long as ours
    assert (await bench.to()).detail == "/in/FAC-1 (3).pdf"
    assert (bench.far.home / "in" / "FAC-1.pdf").read_bytes() == b"theirs, too"


async def test_a_directory_of_this_name_is_no_document(bench: Bench) -> None:
    (bench.far.home / "in" / "FAC-1.pdf").mkdir()
    assert (await bench.to()).detail == "/in/FAC-1 (2).pdf"


async def test_another_lot_of_this_name_stays(bench: Bench) -> None:
    members = {"a.pdf": os.urandom(20_000), "b/c.pdf": os.urandom(20_000)}
    first = await bench.deliver(await a_lot(bench.journal, "lot", members))
    other = {"a.pdf": os.urandom(20_000), "b/c.pdf": members["b/c.pdf"]}
    second = await bench.deliver(await a_lot(bench.journal, "lot", other))
    assert (first.detail, second.detail) == ("/in/lot", "/in/lot (2)")


async def test_what_a_killed_attempt_left_is_replaced(bench: Bench) -> None:
    job = await a_job(bench.journal, b"a document")
    left = bench.far.home / "in" / f".comptoir-{job.uid}.part"
    left.write_bytes(b"a longer beginning of something else")
    await bench.deliver(job)
    assert await bench.contents() == [b"a document"]
    assert await bench.far.halves() == []


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (asyncssh.SFTPPermissionDenied("no"), NotSent, "may be written"),
        (asyncssh.SFTPQuotaExceeded("no"), NotSent, "full"),
        (asyncssh.SFTPNoSpaceOnFilesystem("no"), NotSent, "full"),
        (asyncssh.SFTPInvalidFilename("no"), Refused, "name"),
        (asyncssh.SFTPFailure("Failure"), NotSent, "cannot store it: Failure"),
        (asyncssh.SFTPConnectionLost("no"), NotSent, "broke"),
        (TimeoutError(), NotSent, "does not answer"),
    ],
)
async def test_what_a_trouble_of_the_server_means(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type[Exception], words: str
) -> None:
    async def broken(*given: object) -> None:
        raise error

    sink = bench.sink()
    job = await a_job(bench.journal, b"a document")
    with monkeypatch.context() as patched:
        patched.setattr(module.Placing, "_rename", broken)
        with pytest.raises(kind, match=words):
            await bench.deliver(job, sink)
    assert await bench.contents() == []
    assert await bench.far.halves() == []
    await bench.deliver(job, sink)
