import pytest

from comptoir.core.errors import FormatError
from comptoir.core.page import Line, Media, Page
from comptoir.languages.raw import Raw


def test_it_draws_nothing() -> None:
    with pytest.raises(FormatError, match="ready-made"):
        Raw().encode([Page((Line("x"),))], Media())


def test_it_asks_nothing_and_understands_nothing() -> None:
    assert Raw().ask_status() == Raw().ask_fence() == b""
    assert not Raw().read_replies(b"\x12\x12\x12\x00").answered
