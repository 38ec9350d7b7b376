from comptoir.core.page import Line, Media, Page
from comptoir.languages.escpos import Escpos


def test_a_model_with_few_pages_is_asked_for_no_other() -> None:
    encoded = Escpos(slots=[0]).encode([Page((Line("é €"),))], Media())
    assert b"\x1bt\x00\x82 ?\n" in encoded.data
    assert encoded.unprintable == "€"


def test_the_printer_is_asked_before_and_after() -> None:
    language = Escpos()
    replies = language.read_replies(b"\x12\x12\x12" + b"\x00")
    assert language.ask_status() + language.ask_fence() == bytes.fromhex("100401100402100404 1d7201")
    assert (replies.answered, replies.fenced) == (True, True)
