"""A request on its way: how much of its body has left, and what came back. What either means is `http.py`'s."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

from aiohttp import ClientResponse
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

from comptoir.core.ports import Progress

#: bytes of an answer that are read
MOST: Final = 65_536


class Transit(Payload):
    """A body that is counted while it leaves.

    The journal is told when the connection is there, before the first byte: where nobody answers, nothing has begun.
    """

    def __init__(self, body: Payload, progress: Progress) -> None:
        super().__init__(body, headers=dict(body.headers))
        self._body = body
        self._size = body.size
        self._progress = progress
        #: called for each piece
        self.alive: Callable[[], object] = lambda: None
        self.began = False
        self.sent = 0
        #: what has stopped it on our side; aiohttp makes a broken connection of it
        self.failure: Exception | None = None

    @property
    def whole(self) -> bool:
        """Whether the last byte has left, or may have."""
        return self.began and self.sent >= (self._size or 0)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a document is never read as a whole")

    async def write(self, writer: AbstractStreamWriter) -> None:
        try:
            await self._progress.started()
            self.began = True
            await self._body.write(cast(AbstractStreamWriter, _Counted(self, writer)))
        except OSError:
            raise  # the connection
        except Exception as error:
            self.failure = error
            raise

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        await self.write(writer)


class _Counted:
    """The part of a stream's writer that bodies use."""

    def __init__(self, transit: Transit, writer: AbstractStreamWriter) -> None:
        self._transit = transit
        self._writer = writer

    async def write(self, chunk: bytes) -> None:
        # Counted before: what was handed over may have arrived, whatever is heard of the connection then.
        self._transit.sent += len(chunk)
        self._transit.alive()
        await self._writer.write(chunk)
        self._transit.alive()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `text`: the beginning of it; `retry_after`: as RFC 9110 §10.2.3 has it."""

    status: int
    text: str
    retry_after: str = ""

    @classmethod
    async def read(cls, answer: ClientResponse) -> Answer:
        """Raises aiohttp.ClientError."""
        data = b""
        while len(data) < MOST and (piece := await answer.content.read(MOST - len(data))):
            data += piece
        return cls(answer.status, data.decode("utf-8", "replace"), answer.headers.get("Retry-After", ""))

    def at(self, pointer: str) -> str | None:
        """What a JSON answer has at a JSON pointer (RFC 6901), as text; None: nothing that could be a number."""
        try:
            found: Any = json.loads(self.text)
            for part in pointer.split("/")[1:]:
                key = part.replace("~1", "/").replace("~0", "~")
                found = found[int(key)] if isinstance(found, list) else found[key]
        except (ValueError, LookupError, TypeError, RecursionError):
            return None
        return str(found) if isinstance(found, str | int | float) and found not in ("", True, False) else None
