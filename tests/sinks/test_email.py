"""Messages with documents: what each answer of a mail server means for the job."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.peers.delivery import Bench, bench_of
from tests.peers.drain import Drain
from tests.peers.far import a_job, in_store
from tests.peers.mail_server import MailPeer
from tests.peers.memory import weighing

from comptoir.core.errors import NotSent, OutcomeUnknown, Refused, Withdrawn
from comptoir.sinks.email import MOST_PUT_OFF


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_of(MailPeer, tmp_path) as one:
        yield one


async def test_the_message_says_what_it_brings(bench: Bench) -> None:
    job = await a_job(bench.journal, b"a document", "é FAC 1.pdf", media_type="application/pdf")
    config = bench.far.config(subject="Facture {name}", text="Bonjour,\n.voici {file}")
    evidence = await bench.deliver(job, bench.sink(config))
    assert (evidence.kind, evidence.detail) == ("delivered", "250 2.0.0 Ok: queued as 4F7A")
    (message,) = bench.far.messages
    assert message["From"] == "Shop <shop@example.com>"
    assert message["To"] == "accounts@example.com"
    assert message["Subject"] == "Facture é FAC 1"
    assert message["Message-ID"] == f"<{job.uid}@example.com>"
    body = message.get_body()
    assert body is not None
    assert body.get_content().splitlines() == ["Bonjour,", ".voici é FAC 1.pdf"]
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("é FAC 1.pdf", "application/pdf")
    (envelope,) = bench.far.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("shop@example.com", ["accounts@example.com"])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("421 4.3.2 closing", NotSent),
        ("451 4.7.1 later", NotSent),
        ("452 4.3.1 no room", NotSent),
        ("550 5.7.1 spam", Refused),
        ("552 5.3.4 too large", Refused),
        ("554 5.7.1 virus", Refused),
    ],
)
async def test_what_an_answer_to_the_message_means(bench: Bench, answer: str, kind: type[Exception]) -> None:
    bench.far.answer = answer
    with pytest.raises(kind, match=answer):
        await bench.to()


async def test_a_message_that_is_always_put_off_does_not_hold_up_all_others(bench: Bench) -> None:
    bench.far.answer = "451 4.7.1 the filter failed"
    sink, job = bench.sink(), await a_job(bench.journal, b"it chokes on this")
    for _ in range(MOST_PUT_OFF - 1):
        with pytest.raises(NotSent):
            await bench.deliver(job, sink)
    with pytest.raises(Refused, match="451"):
        await bench.deliver(job, sink)


async def test_recipients_that_are_not_taken_are_named(bench: Bench) -> None:
    bench.far.recipients["b@example.com"] = "550 5.1.1 no such user"
    evidence = await bench.to(to=("a@example.com", "B <b@example.com>"))
    assert evidence.detail.endswith("not to B <b@example.com> (550 5.1.1 no such user)")
    assert bench.far.envelopes[0].rcpt_tos == ["a@example.com"]


@pytest.mark.parametrize(("second", "kind"), [("550 never", Refused), ("450 greylisted", NotSent)])
async def test_where_no_recipient_is_taken(bench: Bench, second: str, kind: type[Exception]) -> None:
    bench.far.recipients.update({"a@example.com": "550 never", "b@example.com": second})
    with pytest.raises(kind, match="none of the recipients"):
        await bench.to(to=("a@example.com", "b@example.com"))
    assert bench.told.began == 0
    assert bench.far.messages == []


async def test_what_is_too_large_is_not_even_begun(bench: Bench) -> None:
    bench.far.most = 1000
    with pytest.raises(Refused, match="1000 bytes at most"):
        await bench.to(b"x" * 1000)
    assert bench.told.began == 0


async def test_a_server_whose_certificate_nobody_knows(bench: Bench) -> None:
    with pytest.raises(NotSent, match="not trusted") as caught:
        await bench.to(authority="")
    assert "authority" in caught.value.hint


async def test_who_was_withdrawn_sends_nothing(bench: Bench) -> None:
    async def withdrawn() -> None:
        raise Withdrawn("cancelled")

    bench.told.started = withdrawn  # type: ignore[method-assign]
    with pytest.raises(Withdrawn):
        await bench.to()
    assert bench.far.messages == []


async def test_a_large_document_is_never_in_memory(bench: Bench, tmp_path: Path) -> None:
    async with Drain() as drain:
        sink = bench.sink(bench.far.config(port=drain.port, security="none", user="", password_file="", authority=""))
        job = await a_job(bench.journal, b"x" * 100_000)
        await bench.deliver(job, sink)
        large = replace(job, uid="f" * 32, document=in_store(tmp_path / "journal", 12_000_000))
        with weighing() as scales:
            bench.watched.at_end.append(scales)
            await bench.deliver(large, sink)
        assert 0 < scales.held < 4_000_000
        assert drain.announced[-1] == drain.sizes[-1]


@pytest.mark.parametrize(("after", "kind"), [(30_000_000, NotSent), (10**9, OutcomeUnknown)])
async def test_a_server_that_hangs_up(bench: Bench, tmp_path: Path, after: int, kind: type[Exception]) -> None:
    async with Drain(hangs_up_after=after) as drain:
        sink = bench.sink(bench.far.config(port=drain.port, security="none", user="", password_file="", authority=""))
        job = await a_job(bench.journal, b"x")
        job = replace(job, document=in_store(tmp_path / "journal", 40_000_000))
        with pytest.raises(kind):
            await bench.deliver(job, sink)
