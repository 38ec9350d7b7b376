"""A bucket: objects appear whole, and are never replaced."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.s3 import models
from tests.peers.bucket import BucketServer
from tests.peers.delivery import Bench, bench_of
from tests.peers.far import a_job, a_lot

from comptoir.core.errors import NotSent, Refused
from comptoir.sinks import s3 as module
from comptoir.sinks.s3_bucket import Upload

CONTENT = os.urandom(300_000)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_of(BucketServer, tmp_path) as one:
        yield one


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 100_000)
    monkeypatch.setattr(models, "S3_UPLOAD_PART_MIN_SIZE", 1)


async def test_the_object_has_what_is_known_of_it(bench: Bench) -> None:
    job = await a_job(bench.journal, CONTENT, "é 1.pdf", media_type="application/pdf")
    evidence = await bench.deliver(job)
    (arrival,) = await bench.far.arrivals()
    year = arrival.name
    assert evidence.detail.startswith(f"{bench.far.bucket}/20")
    assert evidence.detail.endswith(f"/{job.uid}_é 1.pdf")
    assert year == f"{job.uid}_é 1.pdf"
    assert arrival.known == {
        "sha256": job.document.digest,
        "uid": job.uid,
        "name": "%C3%A9%201.pdf",
        "type": "application/pdf",
    }


async def test_another_object_is_never_replaced(bench: Bench) -> None:
    await bench.to(CONTENT, key="same")
    await bench.to(CONTENT, key="same")
    with pytest.raises(Refused, match="another object") as caught:
        await bench.to(CONTENT[1:], key="same")
    assert "{uid}" in caught.value.hint
    bench.far.client.put_object(Bucket=bench.far.bucket, Key="theirs", Body=CONTENT)
    with pytest.raises(Refused, match="another object"):
        await bench.to(CONTENT, key="theirs")
    assert await bench.contents() == [CONTENT, CONTENT]


@pytest.mark.parametrize("after", [50_000, 150_000, 250_000, 290_000, 300_500])
@pytest.mark.usefixtures("small_pieces")
async def test_an_upload_in_pieces_that_is_cut(bench: Bench, after: int) -> None:
    job = await a_job(bench.journal, CONTENT)
    bench.far.cut(after)
    with pytest.raises(NotSent):
        await bench.deliver(job)
    assert await bench.contents() == []
    assert await bench.far.halves() == []
    await bench.deliver(job)
    assert await bench.contents() == [CONTENT]


@pytest.mark.usefixtures("small_pieces")
async def test_the_members_of_a_lot_appear_at_the_end(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    members = {"a.pdf": CONTENT, "b/c.pdf": CONTENT[:150_000], "d.pdf": CONTENT[:20_000]}
    job = await a_lot(bench.journal, "lot", members)
    seen: list[int] = []
    complete = Upload.complete

    def watched(upload: Upload) -> None:
        seen.append(len(bench.far.client.list_objects_v2(Bucket=bench.far.bucket).get("Contents", [])))
        complete(upload)

    monkeypatch.setattr(Upload, "complete", watched)
    await bench.deliver(job)
    assert seen == [0, 1, 2]
    assert sorted(await bench.contents()) == sorted(members.values())


async def test_the_members_that_are_there_are_not_sent_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    members = {"a.pdf": CONTENT, "b.pdf": CONTENT[1:]}
    job = await a_lot(bench.journal, "lot", members)
    calls: list[Upload] = []
    complete = Upload.complete

    def breaks(upload: Upload) -> None:
        calls.append(upload)
        if len(calls) == 2:
            raise ReadTimeoutError(endpoint_url="http://x")
        complete(upload)

    monkeypatch.setattr(Upload, "complete", breaks)
    with pytest.raises(NotSent):
        await bench.deliver(job)
    await bench.deliver(job)
    assert len(calls) == 3
    assert sorted(await bench.contents()) == sorted(members.values())


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("AccessDenied", NotSent, "secret_key_file"),
        ("EntityTooLarge", Refused, "take this document"),
        ("NoSuchBucket", NotSent, "bucket"),
        ("InvalidStorageClass", NotSent, "storage_class"),
        ("SlowDown", NotSent, "by itself"),
        ("InternalError", NotSent, "by itself"),
    ],
)
async def test_what_a_refusal_means(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, code: str, kind: type[Any], words: str
) -> None:
    def refuses(upload: Upload) -> None:
        raise ClientError({"Error": {"Code": code, "Message": f"no {bench.far.secrets[0]}"}}, "PutObject")

    monkeypatch.setattr(Upload, "complete", refuses)
    with pytest.raises(kind, match=code) as caught:
        await bench.to(CONTENT)
    assert words in caught.value.hint
    assert bench.far.secrets[0] not in caught.value.sentences


async def test_a_bucket_that_is_not_there(bench: Bench) -> None:
    with pytest.raises(NotSent, match="NoSuchBucket"):
        await bench.to(CONTENT, bucket="no-such-bucket")


async def test_an_empty_document(bench: Bench) -> None:
    job = await a_job(bench.journal, b"")
    await bench.deliver(replace(job, title="empty"))
    assert await bench.contents() == [b""]
