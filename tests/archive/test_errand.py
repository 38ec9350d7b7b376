"""Messages in a pipe."""

from __future__ import annotations

import msgspec

from comptoir.archive.errand import HEAD, Answer, Errand, packed


def test_a_message_says_how_long_it_is() -> None:
    errand = Errand(task="draw", key="k", media_type="image/png", path="/a b/é", width=240)
    message = packed(errand)
    (length,) = HEAD.unpack(message[: HEAD.size])
    assert length == len(message) - HEAD.size
    assert msgspec.json.decode(message[HEAD.size :], type=Errand) == errand


def test_an_answer_may_have_any_text() -> None:
    answer = Answer(text='"\n\f€\U0001f600', pages=3)
    assert msgspec.json.decode(packed(answer)[HEAD.size :], type=Answer) == answer
