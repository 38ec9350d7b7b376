"""What every language of the tills has: its addresses, and its own way to say that something was not done. Nothing here
speaks one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from comptoir.core.errors import ComptoirError
from comptoir.web.answers import Explain


class Dialect(Protocol):
    """One language."""

    def routes(self) -> Sequence[web.RouteDef]: ...

    def explain(self, request: web.Request, error: ComptoirError) -> web.StreamResponse | None:
        """The error as this language says it; None: the request was not in this language."""
        ...


def in_its_words(dialects: Sequence[Dialect], otherwise: Explain) -> Explain:
    """What makes an answer of an error: the dialect in which was asked, else `otherwise`."""

    async def explain(request: web.Request, error: ComptoirError) -> web.StreamResponse:
        for dialect in dialects:
            if (answer := dialect.explain(request, error)) is not None:
                return answer
        return await otherwise(request, error)

    return explain
