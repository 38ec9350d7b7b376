"""The tree of errors: each has a code for programs and a status for HTTP."""

from __future__ import annotations

import pytest

from comptoir.core import errors
from comptoir.core.errors import (
    ComptoirError,
    DeliveryError,
    NotSent,
    OutcomeUnknown,
    Refused,
    RequestError,
    Withdrawn,
)

ALL = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, ComptoirError)]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_keeps_its_sentence_and_its_hint(kind: type[ComptoirError]) -> None:
    error = kind("it is broken", "mend it")
    assert (str(error), error.message, error.hint) == ("it is broken", "it is broken", "mend it")
    assert kind("it is broken").hint == ""


def test_requests_are_answered_with_four_hundred_and_nothing_else_twice() -> None:
    requests = [e for e in ALL if issubclass(e, RequestError)]
    assert all(400 <= e.http_status < 500 for e in requests)
    codes = [e.code for e in requests]
    assert len(codes) == len(set(codes)), "a program tells errors apart by their code"


def test_the_four_outcomes_of_a_delivery_are_told_apart_by_their_kind() -> None:
    for kind in (NotSent, Refused, OutcomeUnknown, Withdrawn):
        assert issubclass(kind, DeliveryError)
        others = {NotSent, Refused, OutcomeUnknown, Withdrawn} - {kind}
        assert not issubclass(kind, tuple(others))
    assert NotSent("x").reason == "resources-are-not-ready"
    assert NotSent("x", "", "media-empty-error").reason == "media-empty-error"
