"""An HTTP service as a destination: what is asked, and what each answer means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.delivery import Bench, bench_of
from tests.peers.far import a_job, in_store
from tests.peers.http_service import HttpService, tokens
from tests.peers.services import free_port

from comptoir.core.errors import NotSent, OutcomeUnknown, Refused, Withdrawn
from comptoir.sinks.http import MOST_FAILURES


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_of(HttpService, tmp_path) as one:
        yield one


async def test_the_request_says_who_what_and_once(bench: Bench) -> None:
    job = await a_job(bench.journal, b"a document", "é FAC.pdf")
    config = bench.far.config(
        url=f"http://127.0.0.1:{bench.far.line.port}/in/{{file}}?n={{n}}",
        method="PUT",
        headers={"X-Digest": "{digest}"},
    )
    await bench.deliver(job, bench.sink(config))
    (request,) = bench.far.requests
    assert request.method == "PUT"
    assert request.raw_path == "/in/%C3%A9%20FAC.pdf?n=1"
    assert request.headers["Idempotency-Key"] == job.uid
    assert request.headers["X-Digest"] == job.document.digest
    assert int(request.headers["Content-Length"]) > 10  # some servers take nothing without it
    assert "Transfer-Encoding" not in request.headers
    (arrival,) = await bench.far.arrivals()
    assert arrival.name == "é FAC.pdf"
    assert arrival.known == {"source": "factures", "named": "é FAC.pdf"}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, NotSent), (400, Refused), (401, NotSent), (403, NotSent), (404, Refused), (407, NotSent),
        (408, NotSent), (409, Refused), (413, Refused), (415, Refused), (422, Refused), (425, NotSent), (429, NotSent),
        (500, OutcomeUnknown), (501, NotSent), (502, OutcomeUnknown), (503, NotSent), (504, OutcomeUnknown),
        (507, NotSent),
    ],
)  # fmt: skip
async def test_what_an_answer_means(bench: Bench, status: int, kind: type[Exception]) -> None:
    bench.far.answer = (status, "no, because\r\n of that", {"Location": "/elsewhere"})
    with pytest.raises(kind, match=f"answers {status}: no, because of that"):
        await bench.to()


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_who_honours_our_key_is_asked_again(bench: Bench, status: int) -> None:
    bench.far.answer = (status, "", {})
    with pytest.raises(NotSent, match=str(status)):
        await bench.to(repeatable=True)


@pytest.mark.parametrize(("status", "end"), [(500, OutcomeUnknown), (503, NotSent)])
async def test_one_document_does_not_hold_up_all_others(bench: Bench, status: int, end: type[Exception]) -> None:
    bench.far.answer = (status, "", {})
    sink = bench.sink(bench.far.config(repeatable=True))
    job = await a_job(bench.journal, b"it chokes on this")
    for _ in range(MOST_FAILURES - 1):
        with pytest.raises(NotSent):
            await bench.deliver(job, sink)
    with pytest.raises(end):
        await bench.deliver(job, sink)


async def test_a_document_that_breaks_every_connection_is_refused_in_the_end(bench: Bench, tmp_path: Path) -> None:
    sink, job = bench.sink(), await a_job(bench.journal, b"x")
    job = replace(job, document=in_store(tmp_path / "journal", 40_000_000))
    for _ in range(MOST_FAILURES - 1):
        bench.far.cut(1_000_000)
        with pytest.raises(NotSent):
            await bench.deliver(job, sink)
    bench.far.cut(1_000_000)
    with pytest.raises(Refused, match="bytes"):
        await bench.deliver(job, sink)


async def test_how_long_to_wait_is_told(bench: Bench) -> None:
    bench.far.answer = (429, "", {"Retry-After": "120"})
    with pytest.raises(NotSent) as caught:
        await bench.to()
    assert "120" in caught.value.hint


async def test_another_success_than_the_configured_is_none(bench: Bench) -> None:
    bench.far.answer = (202, "", {})
    with pytest.raises(OutcomeUnknown, match="202"):
        await bench.to(success=(201,))
    assert (await bench.to(success=(201, 202))).detail == "HTTP 202"


@pytest.mark.parametrize(
    ("text", "number"),
    [('{"data": {"id": 12}}', "12"), ('{"data": {"id": "é-1"}}', "é-1")],
)
async def test_the_receipt_is_the_evidence(bench: Bench, text: str, number: str) -> None:
    bench.far.answer = (200, text, {})
    evidence = await bench.to(receipt="/data/id")
    assert (evidence.kind, evidence.detail) == ("delivered", number)


async def test_a_success_without_receipt_is_none(bench: Bench) -> None:
    bench.far.answer = (200, '{"error": "no"}', {})
    with pytest.raises(OutcomeUnknown, match="/data/id"):
        await bench.to(receipt="/data/id")
    with pytest.raises(NotSent):
        await bench.to(receipt="/data/id", repeatable=True)


async def test_a_refusal_before_the_end_of_a_large_body(bench: Bench, tmp_path: Path) -> None:
    bench.far.answer, bench.far.early = (413, "too large", {}), True
    job = await a_job(bench.journal, b"x")
    job = replace(job, document=in_store(tmp_path / "journal", 40_000_000))
    with pytest.raises((Refused, NotSent)) as caught:
        await bench.deliver(job)
    # Where the server resets the connection, its words may be lost; then the hint names what it may be.
    assert "large" in caught.value.sentences


async def test_a_large_body_that_is_cut_was_not_sent(bench: Bench, tmp_path: Path) -> None:
    job = await a_job(bench.journal, b"x")
    job = replace(job, document=in_store(tmp_path / "journal", 40_000_000))
    bench.far.cut(1_000_000)
    with pytest.raises(NotSent, match="bytes"):
        await bench.deliver(job)


async def test_a_server_that_is_silent(bench: Bench) -> None:
    bench.far.silent = True
    with pytest.raises(OutcomeUnknown, match="does not answer"):
        await bench.to(timeout="200 ms")


async def test_who_was_withdrawn_sends_nothing(bench: Bench) -> None:
    async def withdrawn() -> None:
        raise Withdrawn("cancelled")

    bench.told.started = withdrawn  # type: ignore[method-assign]
    with pytest.raises(Withdrawn):
        await bench.to()
    assert await bench.far.arrivals() == []


async def test_a_secret_that_the_server_repeats_is_not_repeated(bench: Bench) -> None:
    bench.far.answer = (400, f"bad token {bench.far.secrets[0]}", {})
    with pytest.raises(Refused) as caught:
        await bench.to()
    assert bench.far.secrets[0] not in caught.value.sentences


async def test_an_oauth_token_is_kept_and_renewed_once(bench: Bench) -> None:
    (bench.folder / "client").write_text("client-s3cret")
    answers = [(200, '{"access_token": "old", "expires_in": 3600}'), (200, '{"access_token": "new"}')]
    async with tokens(answers) as (url, asked):
        keys = {"auth": "oauth", "token_url": url, "client_id": "shop", "client_secret_file": "client", "scope": "w"}
        sink = bench.sink(bench.far.config(**keys))
        bench.far.token = "old"
        for _ in range(2):
            await bench.deliver(await a_job(bench.journal, b"a document"), sink)
        assert [data for _, data in asked] == [{"grant_type": "client_credentials", "scope": "w"}]
        bench.far.token = "new"
        await bench.deliver(await a_job(bench.journal, b"a document"), sink)
        assert len(asked) == 2
        bench.far.token = "never"
        with pytest.raises(NotSent, match="answers 401"):
            await bench.deliver(await a_job(bench.journal, b"a document"), sink)
        assert len(asked) == 3
    assert len(await bench.far.arrivals()) == 3


async def test_two_requests_that_may_not_be_repeated_share_no_connection(bench: Bench) -> None:
    for repeatable, calls in ((False, 2), (True, 1)):
        before = bench.far.line.calls
        sink = bench.sink(bench.far.config(repeatable=repeatable))
        for _ in range(2):
            await bench.deliver(await a_job(bench.journal, b"a document"), sink)
        assert bench.far.line.calls - before == calls


async def test_a_name_that_nobody_has(bench: Bench) -> None:
    with pytest.raises(NotSent, match=r"host\.invalid cannot be reached: no computer of this name"):
        await bench.to(url="http://host.invalid/")


async def test_a_server_that_does_not_speak_tls(bench: Bench) -> None:
    with pytest.raises(NotSent, match="secure connection"):
        await bench.to(url=f"https://127.0.0.1:{bench.far.port}/")
    with pytest.raises(NotSent, match="refused"):
        await bench.to(url=f"https://127.0.0.1:{free_port()}/")
