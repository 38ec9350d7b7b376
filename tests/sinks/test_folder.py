"""A folder as a destination: its names, its metadata, and what its troubles mean."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.peers.delivery import Bench, bench_of
from tests.peers.far import a_job, a_lot
from tests.peers.far_folder import FarFolder

from comptoir.core.errors import NotSent, Refused
from comptoir.core.template import formatted
from comptoir.core.units import iso
from comptoir.sinks import folder as module
from comptoir.sinks import placing


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_of(FarFolder, tmp_path) as one:
        yield one


async def test_it_is_called_as_the_earlier_archive_called_it(bench: Bench) -> None:
    evidence = await bench.to()
    at = datetime.fromtimestamp(bench.clock.now() / 1000, UTC).astimezone()
    assert evidence.kind == "delivered"
    assert evidence.detail == formatted(at, "%Y%m%d_%H%M%S_") + "FAC-1.pdf"


async def test_what_is_known_of_it_stands_beside_it(bench: Bench) -> None:
    attributes = {"path": "in/FAC-1.pdf", "modified": "2026-11-21T14:05:03+01:00"}
    job = await a_job(bench.journal, b"a document", title="Facture é", user="zoé", host="pc", attributes=attributes)
    await bench.deliver(job)
    (arrival,) = await bench.far.arrivals()
    assert arrival.known == {
        "id": job.id,
        "uid": job.uid,
        "title": "Facture é",
        "name": "FAC-1.pdf",
        "source": "factures",
        "user": "zoé",
        "host": "pc",
        "path": job.attributes.get("path", ""),
        "size": 10,
        "sha256": job.document.digest,
        "media_type": job.document.media_type,
        "created_at": iso(job.created_at),
        "modified": job.attributes.get("modified", ""),
    }


async def test_the_members_of_a_lot_are_known(bench: Bench) -> None:
    job = await a_lot(bench.journal, "lot", {"a.pdf": os.urandom(20_000), "b/c.pdf": os.urandom(20_000)})
    evidence = await bench.deliver(job)
    note = json.loads((bench.far.path / f"{evidence.detail}.json").read_text("utf-8"))
    assert [one["name"] for one in note["members"]] == ["a.pdf", "b/c.pdf"]
    assert note["size"] == 40_000


async def test_a_file_where_a_folder_is_wanted_holds_nobody_up(bench: Bench) -> None:
    (bench.far.path / "factures").write_bytes(b"a file")
    with pytest.raises(Refused, match="cannot hold this document"):
        await bench.to(file="{source}/{file}", metadata=False)


async def test_the_template_makes_folders(bench: Bench) -> None:
    evidence = await bench.to(file="{source}/{date:%Y}/{file}", metadata=False)
    year = iso(bench.clock.now())[:4]
    assert evidence.detail == f"factures/{year}/FAC-1.pdf"
    assert (bench.far.path / evidence.detail).read_bytes() == b"a document"


async def test_a_relative_folder_is_in_the_data_folder(bench: Bench) -> None:
    await bench.to(path="prints", create=True)
    assert len(list((bench.folder / "prints").glob("*.pdf"))) == 1


async def test_a_folder_is_made_only_where_that_is_wished(bench: Bench) -> None:
    away = bench.far.path / "away"
    with pytest.raises(NotSent, match="is not there") as caught:
        await bench.to(path=str(away))
    assert "mounted" in caught.value.hint
    assert not away.exists()
    await bench.to(path=str(away), create=True)
    assert away.is_dir()


async def test_an_empty_folder_where_the_share_is_away(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEMDRIVE", bench.far.path.drive)  # on Windows another disk is a mount by itself
    monkeypatch.setattr(os.path, "ismount", lambda path: False)
    with pytest.raises(NotSent, match="is not there"):
        await bench.to(mounted=True)
    assert list(bench.far.path.iterdir()) == []
    monkeypatch.setattr(os.path, "ismount", lambda path: path == bench.far.path)
    await bench.to(mounted=True)


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, NotSent, "is full"),
        (errno.EDQUOT, NotSent, "is full"),
        (errno.EACCES, NotSent, "may be written"),
        (errno.EROFS, NotSent, "may be written"),
        (errno.EIO, NotSent, "cannot be written"),
        (errno.ESTALE, NotSent, "cannot be written"),
        (errno.EFBIG, Refused, "cannot hold"),
        (errno.ENAMETOOLONG, Refused, "cannot hold"),
        # what Windows says of a share that has gone while it is written
        (errno.EINVAL, *((NotSent, "cannot be written") if os.name == "nt" else (Refused, "cannot hold"))),
    ],
)
async def test_what_a_trouble_of_the_disk_means(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception], words: str
) -> None:
    def broken(descriptor: int) -> None:
        raise OSError(number, "in the system's words")

    with monkeypatch.context() as patched:
        patched.setattr(placing, "sync", broken)
        with pytest.raises(kind, match=words):
            await bench.to()
    assert list(bench.far.path.iterdir()) == []
    await bench.to()


async def test_a_file_that_another_program_has_open_is_no_matter_of_rights(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virus scanner looks at what is new: ERROR_SHARING_VIOLATION."""

    def broken(part: Path, name: Path) -> bool:
        error = OSError(errno.EACCES, "in the system's words", str(part), 32)
        error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
        raise error

    monkeypatch.setattr(placing, "_moved", broken)
    with pytest.raises(NotSent, match="cannot be written"):
        await bench.to()


async def test_a_share_that_hangs_is_left(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def hangs(place: Any, goods: Any) -> None:
        go.wait(20)

    monkeypatch.setattr(module, "found", hangs)
    sink = bench.sink(bench.far.config(timeout="20 ms"))
    job = await a_job(bench.journal, b"a document")
    for _ in range(2):
        with pytest.raises(NotSent, match="does not answer"):
            await bench.deliver(job, sink)
    go.set()


async def test_what_a_killed_attempt_left_is_cleared(bench: Bench) -> None:
    job = await a_job(bench.journal, b"a document")
    left = bench.far.path / f".comptoir-{job.uid}.part"
    left.write_bytes(b"a doc")
    await bench.deliver(job)
    assert not left.exists()
    left.write_bytes(b"a document")  # killed after the name was given
    await bench.deliver(job)
    assert not left.exists()
    assert await bench.contents() == [b"a document"]
