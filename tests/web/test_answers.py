"""Errors as answers: always JSON, with a code, a sentence and what to do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from tests.peers.site import Site

from comptoir.core.errors import (
    ComptoirError,
    JournalError,
    KeyConflict,
    NotAllowed,
    TooLarge,
    TooMany,
    UnknownName,
    WrongState,
)
from comptoir.web.answers import answering, error_answer, json_answer
from comptoir.web.server import explain_to_programs


async def nobody(request: object) -> None:
    """Nobody is kept out."""


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (UnknownName, 404),
        (KeyConflict, 422),
        (WrongState, 409),
        (TooLarge, 413),
        (NotAllowed, 403),
        (TooMany, 429),
        (JournalError, 503),
    ],
)
async def test_an_error_becomes_its_answer(kind: type[ComptoirError], status: int) -> None:
    async def handler(request: object) -> None:
        raise kind("it is “so”", "do this")

    answer: Any = await answering(nobody, explain_to_programs)(make_mocked_request("GET", "/"), handler)  # type: ignore[arg-type]
    assert answer.status == status
    assert answer.content_type == "application/json"
    assert json.loads(answer.body) == {"error": {"code": kind.code, "message": "it is “so”", "hint": "do this"}}  # type: ignore[attr-defined]
    assert ("Retry-After" in answer.headers) == (kind is TooMany)


async def test_only_our_own_errors_are_written_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request: object) -> None:
        raise errors.pop()

    errors: list[ComptoirError] = [UnknownName("not found"), JournalError("the disk is full", "Make room")]
    answer = answering(nobody, explain_to_programs)
    await answer(make_mocked_request("GET", "/"), handler)  # type: ignore[arg-type]
    assert "Make room" in caplog.text
    caplog.clear()
    await answer(make_mocked_request("GET", "/"), handler)  # type: ignore[arg-type]
    assert caplog.text == ""


def test_values_are_json_in_utf8() -> None:
    answer = json_answer({"a": "é€😀"}, 202)
    assert (answer.status, answer.body) == (202, '{"a":"é€😀"}'.encode())
    assert error_answer(UnknownName("x")).status == 404


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site.hub(tmp_path) as site:
        yield site


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/print/x", 404),
        ("PUT", "/print", 405),
        ("DELETE", "/healthz", 405),
        ("GET", "/static/none.css", 404),
        ("GET", "/static/../../config.py", 404),
        ("GET", "/print/1/else", 404),
    ],
)
async def test_an_address_that_there_is_not_is_answered_like_everything_else(
    hub: Site, method: str, path: str, status: int
) -> None:
    answer = await hub.ask(method, path)
    assert answer.status == status
    assert answer.error["hint"]


async def test_an_error_of_ours_says_nothing_of_the_inside(hub: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*arguments: object) -> object:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(hub.journal, "counts", broken)
    answer = await hub.ask("GET", "/healthz")
    assert answer.status == 500
    assert b"secret" not in answer.body
    assert answer.error["code"]
