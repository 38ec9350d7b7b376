"""Answers in JSON, and errors as answers: every refusal has a code, a sentence and what to do (design §6)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_protocol import RequestPayloadError

from comptoir.core.errors import ComptoirError, RequestError, TooMany, UnknownName
from comptoir.web.shapes import ErrorAnswer, ErrorBody

log = logging.getLogger("comptoir.web")

_JSON = {"Content-Type": "application/json"}
_encode = msgspec.json.Encoder().encode


def json_answer(value: object, status: int = 200) -> web.Response:
    return web.Response(body=_encode(value), status=status, headers=_JSON)


def error_answer(error: ComptoirError) -> web.Response:
    body = ErrorAnswer(ErrorBody(error.code, error.message, error.hint))
    answer = json_answer(body, error.http_status)
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.wait)
    return answer


class WrongMethod(RequestError):
    """There is such an address, but it does not take this method."""

    code = "wrong-method"
    http_status = 405


class BadRequest(RequestError):
    """The server did not accept the request, for a reason of HTTP. `status`: its 4xx."""

    def __init__(self, status: int, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.http_status = status


class Broken(ComptoirError):
    """A mistake of ours. What it was stands in the log only."""

    code = "internal"


#: makes an answer of an error
Explain = Callable[[web.Request, ComptoirError], Awaitable[web.StreamResponse]]
#: raises NotAllowed or TooMany; an answer, where no handler is needed; None: go on
Admit = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


def answering(admit: Admit, explain: Explain) -> Middleware:
    """The one middleware: who is not admitted gets no further, and whatever goes wrong becomes an answer."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await admit(request) or await handler(request)
        except ComptoirError as error:
            if error.http_status >= 500:
                log.error("%s %s: %s", request.method, request.path, error.sentences)
            return await explain(request, error)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            answer = await explain(request, _as_ours(request, error))
            answer.headers.update({name: error.headers[name] for name in ("Allow",) if name in error.headers})
            return answer
        except RequestPayloadError as error:
            log.info("%s %s: %s", request.method, request.path, error)
            return await explain(request, RequestError("the body cannot be read as it says that it is coded"))
        except (ConnectionError, asyncio.CancelledError):
            raise  # the caller has gone, or the service stops
        except Exception:
            log.exception("%s %s", request.method, request.path)
            return await explain(
                request, Broken("something went wrong inside", "The log of the service says what; it goes on.")
            )

    return answer


def _as_ours(request: web.Request, error: web.HTTPException) -> ComptoirError:
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        return WrongMethod(f"{request.method} is not possible here", f"Possible: {allowed}.")
    if error.status in (403, 404):
        return UnknownName(f"there is nothing at {request.path[:200]}", "The addresses are listed at /docs.")
    return BadRequest(error.status, error.text or error.reason, "The addresses are described at /docs.")
