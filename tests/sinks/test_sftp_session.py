"""The way to an SFTP server: only to one whose key is known, and kept while it lasts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import asyncssh
import pytest
from tests.peers.delivery import Bench, bench_of
from tests.peers.far import a_job
from tests.peers.listener import Listener
from tests.peers.sftp_server import SftpServer
from tests.peers.watch import eventually

from comptoir.core.errors import NotSent
from comptoir.sinks import sftp_session as module


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_of(SftpServer, tmp_path) as one:
        yield one


async def test_a_server_whose_key_nobody_has_written_down(bench: Bench) -> None:
    with pytest.raises(NotSent, match="is not known") as caught:
        await bench.to(host_key="")
    assert bench.far.fingerprint in caught.value.hint
    assert "host_key" in caught.value.hint
    await bench.to(host_key=bench.far.fingerprint + "=")


async def test_a_server_that_is_another_one(bench: Bench) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint()
    with pytest.raises(NotSent, match="another key") as caught:
        await bench.to(host_key=other)
    assert bench.far.fingerprint in caught.value.hint


async def test_a_file_of_known_hosts(bench: Bench) -> None:
    line = f"[127.0.0.1]:{bench.far.line.port} {bench.far.host_key.export_public_key().decode()}"
    (bench.folder / "known").write_text(line)
    await bench.to(host_key="", known_hosts="known")
    (bench.folder / "known").write_text("")
    with pytest.raises(NotSent, match="is not known"):
        await bench.to(host_key="", known_hosts="known")
    with pytest.raises(NotSent, match="cannot be read"):
        await bench.to(host_key="", known_hosts="missing")


@pytest.mark.parametrize("phrase", ["", "phr4se"])
async def test_a_private_key(bench: Bench, phrase: str) -> None:
    key = bench.far.client_key.export_private_key("openssh", phrase or None, rounds=1, ignore_few_rounds=True)
    (bench.folder / "key").write_bytes(key)
    (bench.folder / "phrase").write_text("phr4se")
    keys = {"key_file": "key", "password_file": "", "key_password_file": "phrase" if phrase else ""}
    await bench.to(**keys)
    other = asyncssh.generate_private_key("ssh-ed25519")
    (bench.folder / "key").write_bytes(other.export_private_key())
    with pytest.raises(NotSent, match="does not let shop in") as caught:
        await bench.to(**keys)
    assert "key_file" in caught.value.hint


@pytest.mark.parametrize("content", ["no key s3cret", "-----BEGIN OPENSSH PRIVATE" + " KEY-----\ns3cret"])
async def test_what_is_no_key_is_told_without_a_word_of_it(bench: Bench, content: str) -> None:
    (bench.folder / "key").write_text(content)
    with pytest.raises(NotSent, match="no private key") as caught:
        await bench.to(key_file="key", password_file="")
    assert "s3cret" not in caught.value.sentences


async def test_the_connection_is_kept_and_opened_anew(bench: Bench) -> None:
    sink = bench.sink()
    for _ in range(2):
        await bench.deliver(await a_job(bench.journal, b"a document"), sink)
    assert bench.far.line.calls == 1
    bench.far.line.cut(0)  # the next question breaks it: a server ends what is idle
    await bench.deliver(await a_job(bench.journal, b"a document"), sink)
    assert bench.far.line.calls == 2


async def test_a_new_password_works_at_once(bench: Bench) -> None:
    bench.far.lock()
    sink = bench.sink()
    job = await a_job(bench.journal, b"a document")
    with pytest.raises(NotSent, match="does not let shop in"):
        await bench.deliver(job, sink)
    (bench.folder / "password.txt").write_text("another one")
    await bench.deliver(job, sink)


async def test_what_is_no_ssh_server(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT", 0.2)
    with Listener() as silent, pytest.raises(NotSent):
        await bench.to(port=silent.port)


async def test_no_connection_is_left_open(bench: Bench) -> None:
    bench.far.lock()
    with pytest.raises(NotSent):
        await bench.to()
    await eventually(lambda: bench.far.connections() == 0)
