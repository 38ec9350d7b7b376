"""An error is told in the language in which was asked."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from comptoir.core.errors import ComptoirError, TooMany
from comptoir.station.till.dialect import in_its_words
from comptoir.web.server import explain_to_programs


class Word:
    """A language with one address, in which everything is one word."""

    def __init__(self, path: str, word: str) -> None:
        self._path = path
        self._word = word

    def routes(self) -> Sequence[web.RouteDef]:
        return []

    def explain(self, request: web.Request, error: ComptoirError) -> web.StreamResponse | None:
        return web.Response(text=self._word) if request.path == self._path else None


async def test_the_language_of_the_address_is_spoken_and_ours_everywhere_else() -> None:
    explain = in_its_words([Word("/a", "non"), Word("/b", "no")], explain_to_programs)
    said = []
    for path in ("/a", "/b", "/c"):
        answer = await explain(make_mocked_request("GET", path), TooMany("too many"))
        assert isinstance(answer, web.Response)
        said.append((answer.text, answer.status))
    assert said[:2] == [("non", 200), ("no", 200)]
    assert said[2][1] == 429
