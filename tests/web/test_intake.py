"""What comes in: orders as JSON, bare files, and everything that is neither."""

from __future__ import annotations

import asyncio
import base64
import gzip
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.site import Site

from comptoir.core.errors import RequestError
from comptoir.core.record import JobQuery
from comptoir.web import intake
from comptoir.web.intake import LARGEST_BODY, LARGEST_DOCUMENT, _read_order

JSON = {"Content-Type": "application/json"}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site.hub(tmp_path) as site:
        site.service.add_station("caisse-1")
        yield site


async def jobs(hub: Site) -> list[Any]:
    return list(await hub.journal.jobs(JobQuery()))


async def test_the_least_that_can_be_sent(hub: Site) -> None:
    answer = await hub.ask("POST", "/print", {"content": "Hello world"})
    assert (answer.status, answer.headers["Location"]) == (202, "/print/1")
    (job,) = await jobs(hub)
    assert (job.format, job.document.media_type, job.copies, job.origin.host) == (
        "message",
        "text/plain",
        1,
        "127.0.0.1",
    )
    assert await hub.journal.content(job.document) == b"Hello world"


async def test_all_that_can_be_sent(hub: Site) -> None:
    order = {
        "content_base64": base64.b64encode(PNG).decode(),
        "station": "caisse-1",
        "printer": "BAR",
        "title": "Logo",
        "format": "image",
        "copies": 2,
        "expires_in": 90.5,
        "name": "logo.png",
    }
    answer = await hub.ask("POST", "/print", order, {"Idempotency-Key": '"key 1"'})
    assert answer.status == 202
    (job,) = await jobs(hub)
    assert (job.destination, job.printer, job.title, job.format, job.copies) == (
        "caisse-1",
        "BAR",
        "Logo",
        "image",
        2,
    )
    assert (job.expires_at, job.key, job.document.name) == (hub.clock.now() + 90_500, "key 1", "logo.png")
    assert job.document.media_type == "image/png"


async def test_a_file_is_sent_as_it_is(hub: Site) -> None:
    answer = await hub.ask(
        "POST", "/print?title=Logo&copies=2&expires_in=60", PNG, {"Content-Type": "application/octet-stream"}
    )
    assert answer.status == 202
    (job,) = await jobs(hub)
    assert (job.title, job.copies, job.format, job.document.size) == ("Logo", 2, "image", len(PNG))


async def test_curl_does_not_say_what_it_sends(hub: Site) -> None:
    """curl --data-binary calls everything a form; the bytes say what it is."""
    answer = await hub.ask("POST", "/print", b"Hello", {"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status, answer.json["format"], answer.json["media_type"]) == (202, "message", "text/plain")


@pytest.mark.parametrize(
    ("content", "form"),
    [(b"\x1b@raw", "raw"), (b"\x1bE\x1b&l1O", "raw"), (b"%PDF-1.7", "pdf"), (b"RIFF\x10\0\0\0WEBPVP8 ", "image")],
)
async def test_what_nobody_has_said_is_told_by_the_bytes(hub: Site, content: bytes, form: str) -> None:
    answer = await hub.ask("POST", "/print", content, {"Content-Type": "application/octet-stream"})
    assert (answer.status, answer.json["format"]) == (202, form)


async def test_what_cannot_be_drawn_is_refused(hub: Site) -> None:
    answer = await hub.ask("POST", "/print", b"%!PS-Adobe", {"Content-Type": "application/octet-stream"})
    assert answer.error["code"] == "bad-request"
    assert "application/postscript" in answer.error["message"]


BAD = [
    (b"", "JSON"),
    (b"{", "JSON"),
    (b"no json", "JSON"),
    (b'{"content": "caf\xe9"}', "JSON"),
    (b"null", "order"),
    (b"[]", "order"),
    (b'"x"', "order"),
    (b"{}", "content"),
    (b'{"content": ""}', "empty"),
    (b'{"content": " \\n\\t "}', "empty"),
    (b'{"content": null}', "content"),
    (b'{"content": 5}', "order"),
    (b'{"content": ["x"]}', "order"),
    (b'{"content": "x", "content_base64": "eA=="}', "either"),
    (b'{"content_base64": "not base64!"}', "order"),
    (b'{"content": "\\ud800"}', ""),
    (b'{"content": "x", "title": "\\ud800"}', ""),
    (b'{"content": "x", "name": "\\udfff"}', ""),
    (b'{"content": "x", "station": "\\ud800"}', ""),
    (b'{"content": "x", "unknown": 1}', "unknown"),
    (b'{"content": "x", "copies": 0}', "copies"),
    (b'{"content": "x", "copies": 101}', "copies"),
    (b'{"content": "x", "copies": "2"}', "copies"),
    (b'{"content": "x", "copies": 1.5}', "copies"),
    (b'{"content": "x", "expires_in": 0}', "expires_in"),
    (b'{"content": "x", "expires_in": 1e999}', ""),
    (b'{"content": "x", "expires_in": -1}', "expires_in"),
    (b'{"content": "x", "format": "docx"}', "format"),
    (b'{"content": "x", "title": "' + b"x" * 201 + b'"}', "title"),
    (b'{"content": "x"} trailing', "JSON"),
    (b"[" * 100_000, ""),
    (b'{"content": ' + b"9" * 5000 + b"}", ""),
]


@pytest.mark.parametrize(("body", "word"), BAD, ids=range(len(BAD)))
async def test_a_bad_order_is_a_sentence_and_accepts_nothing(hub: Site, body: bytes, word: str) -> None:
    answer = await hub.ask("POST", "/print", body, JSON)
    assert answer.status in (400, 404, 413), answer.body
    assert word in answer.error["message"]
    assert answer.error["hint"]
    assert await jobs(hub) == []


async def test_one_bad_order_does_not_undo_the_good_ones_beside_it(hub: Site) -> None:
    """They are in one commit; what is wrong with one must be seen before."""
    bad = [hub.ask("POST", "/print", b'{"content": "x", "title": "\\ud800"}', JSON) for _ in range(5)]
    good = [hub.ask("POST", "/print", {"content": str(number)}) for number in range(20)]
    answers = await asyncio.gather(*good, *bad)
    assert [answer.status for answer in answers] == [202] * 20 + [400] * 5


@pytest.mark.parametrize(
    "query",
    [
        "copies=x",
        "copies=0",
        "expires_in=nan",
        "expires_in=inf",
        "expires_in=-1",
        "format=docx",
        "nope=1",
        "title=" + "x" * 201,
    ],
)
async def test_a_bad_address_is_a_sentence(hub: Site, query: str) -> None:
    answer = await hub.ask("POST", f"/print?{query}", b"Hello", {"Content-Type": "text/plain"})
    assert (answer.status, answer.error["code"]) == (400, "bad-request")
    assert answer.error["hint"]


async def test_an_empty_file_is_nothing_to_print(hub: Site) -> None:
    answer = await hub.ask("POST", "/print", b"", {"Content-Type": "text/plain"})
    assert (answer.status, "empty" in answer.error["message"]) == (400, True)


async def test_an_unknown_station_is_named_and_the_known_ones_too(hub: Site) -> None:
    answer = await hub.ask("POST", "/print", {"content": "x", "station": "caisse-9"})
    assert (answer.status, answer.error["code"]) == (404, "unknown-name")
    assert "caisse-9" in answer.error["message"]
    assert "caisse-1" in answer.error["hint"]


@pytest.mark.parametrize("key", ["x" * 256, "a\tb", "\xe9\xff"])
async def test_a_key_that_cannot_be_kept_is_refused(hub: Site, key: str) -> None:
    body = b'{"content": "x"}'
    kind = f"Content-Type: application/json\nContent-Length: {len(body)}"
    head = f"POST /print HTTP/1.1\nHost: localhost\n{kind}\nIdempotency-Key: {key}"
    status, said = await hub.raw(head, body)
    assert status == 400
    assert json.loads(said)["error"]["code"] == "bad-request"


async def test_the_same_key_again(hub: Site) -> None:
    key = {"Idempotency-Key": "order-42"}
    answers = await asyncio.gather(*(hub.ask("POST", "/print", {"content": "x"}, key) for _ in range(20)))
    assert sorted(answer.status for answer in answers) == [200] * 19 + [202]
    assert {answer.json["id"] for answer in answers} == {1}
    answer = await hub.ask("POST", "/print", {"content": "other"}, key)
    assert (answer.status, answer.error["code"]) == (422, "key-conflict")


# -- size ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["application/json", "application/octet-stream"])
async def test_two_hundred_megabytes_that_are_declared_are_refused_before_they_come(hub: Site, kind: str) -> None:
    head = f"POST /print HTTP/1.1\nHost: localhost\nContent-Type: {kind}\nContent-Length: 200000000"
    status, body = await hub.raw(head, b"x" * 1000)
    assert status == 413
    assert json.loads(body)["error"]["code"] == "too-large"


@pytest.mark.parametrize("kind", ["application/json", "application/octet-stream"])
async def test_more_than_it_takes_in_pieces_is_refused(
    hub: Site, kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(intake, "LARGEST_BODY", 300_000)
    monkeypatch.setattr("comptoir.journal.files.LARGEST", 300_000)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 10_000

    answer = await hub.ask("POST", "/print", pieces(), {"Content-Type": kind})
    assert (answer.status, answer.error["code"]) == (413, "too-large")
    assert [path for path in (tmp_path / "hub" / "documents").rglob("*") if path.is_file()] == []


async def test_the_largest_that_fits_is_taken(hub: Site) -> None:
    answer = await hub.ask(
        "POST",
        "/print?format=raw",
        io.BytesIO(bytes(LARGEST_DOCUMENT)),
        {"Content-Type": "application/octet-stream"},
    )
    assert (answer.status, answer.json["size"]) == (202, LARGEST_DOCUMENT)
    assert LARGEST_BODY > LARGEST_DOCUMENT * 4 / 3


async def test_a_slow_caller_does_not_hold_up_the_others(hub: Site) -> None:
    """Three bodies that never end must not be in the way of a small one (promise 5)."""
    writers = []
    for _ in range(3):
        _, writer = await asyncio.open_connection("127.0.0.1", hub.service.port)
        writer.write(
            b"POST /print HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
        )
        await writer.drain()
        writers.append(writer)

    async def small() -> AsyncIterator[bytes]:
        yield b'{"content": "x"}'

    try:
        answer = await asyncio.wait_for(hub.ask("POST", "/print", small(), JSON), 5)
        assert answer.status == 202
    finally:
        for writer in writers:
            writer.close()


HUGE = """
import asyncio, resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.peers.site import Site

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

async def pieces():
    for _ in range(200):
        yield bytes(1_000_000)

async def main():
    async with Site.hub(Path(sys.argv[1])) as hub:
        hub.service.add_station("caisse-1")
        await hub.ask("POST", "/print", {"content": "warm"})
        before = peak()
        try:
            answer = await hub.ask("POST", "/print", pieces(), {"Content-Type": "application/octet-stream"})
            print(answer.status)
        except Exception as error:  # the server may hang up while we still send
            print(type(error).__name__)
        print(peak() - before)
asyncio.run(main())
"""


async def test_two_hundred_megabytes_in_pieces_do_not_fill_the_memory(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent.parent
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-W", "ignore", "-c", HUGE, str(tmp_path), str(root)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    status, grown = run.stdout.split()
    assert status in ("413", "ClientOSError", "ServerDisconnectedError", "ClientConnectionResetError")
    assert int(grown) < 40, "MB"
    assert [path for path in (tmp_path / "hub" / "documents").rglob("*") if path.is_file()] == []


# -- anything --------------------------------------------------------------------------------------------

values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = [
    "content",
    "content_base64",
    "station",
    "printer",
    "title",
    "format",
    "copies",
    "expires_in",
    "name",
    "else",
]


@given(st.dictionaries(st.sampled_from(FIELDS), values, max_size=6))
def test_any_order_is_an_order_or_a_request_error(order: dict[str, Any]) -> None:
    try:
        read, document = _read_order(msgspec.json.encode(order))
    except (RequestError, msgspec.MsgspecError) as error:
        assert isinstance(error, RequestError)
        return
    assert document.size > 0
    assert 1 <= read.copies <= 100


@given(st.binary(max_size=200))
def test_any_bytes_are_an_order_or_a_request_error(body: bytes) -> None:
    try:
        _read_order(body)
    except RequestError as error:
        assert error.hint


async def test_a_small_body_that_unpacks_to_a_large_one_is_counted(hub: Site) -> None:
    bomb = gzip.compress(b'{"content": "' + b" " * 120_000_000 + b'x"}')
    assert len(bomb) < 200_000
    answer = await hub.ask("POST", "/print", bomb, {**JSON, "Content-Encoding": "gzip"})
    assert (answer.status, answer.error["code"]) == (413, "too-large")
    fine = gzip.compress(b'{"content": "x"}')
    assert (await hub.ask("POST", "/print", fine, {**JSON, "Content-Encoding": "gzip"})).status == 202


async def test_the_content_does_not_stand_in_the_address(hub: Site) -> None:
    answer = await hub.ask("POST", "/print?content=lost&format=text", b"kept", {"Content-Type": "text/plain"})
    assert answer.status == 400
    assert "address" in answer.error["message"]


async def test_a_full_folder_for_temporary_files_is_a_sentence(hub: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(tempfile.SpooledTemporaryFile):  # type: ignore[type-arg]
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("comptoir.web.intake.SpooledTemporaryFile", Full)
    answer = await hub.ask("POST", "/print", {"content": "x" * 300_000})
    assert (answer.status, answer.error["code"]) == (503, "journal")
    assert "No space left" in answer.error["message"]
