"""Answers in JSON, and errors as answers: every refusal has a code, a sentence and what to do (design §6)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from comptoir.core.errors import ComptoirError
from comptoir.web.shapes import ErrorAnswer, ErrorBody

log = logging.getLogger("comptoir.web")

_encode = msgspec.json.Encoder().encode

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def json_answer(value: object, status: int = 200) -> web.Response:
    return web.Response(body=_encode(value), status=status, content_type="application/json")


def error_answer(error: ComptoirError) -> web.Response:
    body = ErrorAnswer(ErrorBody(error.code, error.message, error.hint))
    answer = json_answer(body, error.http_status)
    if error.http_status == 429:
        answer.headers["Retry-After"] = "1"
    return answer


def answering(handler: Handler) -> Handler:
    """A handler whose ComptoirErrors become JSON answers."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ComptoirError as error:
            if error.http_status >= 500:
                log.error("%s %s: %s %s", request.method, request.path, error.message, error.hint)
            return error_answer(error)

    return answer
