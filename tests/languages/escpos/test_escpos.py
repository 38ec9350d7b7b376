import pytest

from comptoir.core.page import Line, Media, Page
from comptoir.core.profile import DrawerPulse, Profile
from comptoir.languages.escpos import Escpos


def test_a_model_with_few_pages_is_asked_for_no_other() -> None:
    encoded = Escpos(Profile(code_pages={0: "cp437"})).encode([Page((Line("é œ"), Line("é")))], Media())
    assert encoded.data.count(b"\x1bt") == encoded.data.count(b"\x1bt\x00") == 1
    assert encoded.unprintable == ""


def test_what_is_asked() -> None:
    escpos = Escpos()
    assert escpos.ask_status() == bytes.fromhex("100401 100402 100403 100404")
    assert escpos.watch() == b"\x1da\x0f"
    assert escpos.ask_identity() == b"\x1dI\x42\x1dI\x43\x1dI\x41"
    assert escpos.pulse(DrawerPulse()) == b"\x1bp\x00\x19\xfa"


def test_fences() -> None:
    escpos = Escpos()
    assert escpos.confirms == ("process-id", "in-order")
    assert escpos.fence("process-id", 42) == b"\x1d(H\x06\x00000042"
    assert escpos.fence("in-order", 42) == b"\x1dr\x01"
    assert escpos.fence("counter", 42) == b"", "that is Star's"


@pytest.mark.parametrize(
    ("confirm", "answer"), [("process-id", b"\x37\x220042\x00"), ("in-order", b"\x00")], ids=["process id", "GS r"]
)
def test_a_fence_and_its_answer(confirm: str, answer: bytes) -> None:
    hearing = Escpos().listener()
    hearing.fencing(confirm, 42)  # type: ignore[arg-type]
    hearing.feed(answer[:1])
    hearing.feed(answer[1:])
    assert hearing.passed(confirm, 42)  # type: ignore[arg-type]
    assert not hearing.passed(confirm, 43)  # type: ignore[arg-type]
