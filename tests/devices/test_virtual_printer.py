from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.core.errors import RequestError
from comptoir.core.page import Line, Media, Page, Picture
from comptoir.devices.virtual_model import BUFFER
from comptoir.devices.virtual_printer import CLOSE_AFTER, FAULTS, VirtualPrinter
from comptoir.languages.escpos import Escpos
from comptoir.languages.escpos.paper import Pulse

LANGUAGE = Escpos()
JOB = LANGUAGE.encode([Page((Line("Hello"),))], Media()).data


FENCE = LANGUAGE.fence("in-order", 1)


def asked(printer: VirtualPrinter) -> tuple[int, tuple[str, ...]]:
    hearing = LANGUAGE.listener()
    hearing.asking()
    printer.receive(LANGUAGE.ask_status())
    hearing.feed(printer.take_replies())
    return hearing.answers, hearing.state.problems


def test_a_job_comes_out_with_its_bytes_and_is_confirmed() -> None:
    printer = VirtualPrinter()
    printer.receive(JOB + FENCE)
    (printed,) = printer.take_printed()
    assert (printed.paper.text, printed.partial) == ("Hello", False)
    assert printed.data == JOB[: JOB.index(b"\x1dVB") + 4]
    assert printer.take_replies() == b"\x00"


@pytest.mark.parametrize("size", [1, 5, 100])
def test_papers_share_no_byte(size: int) -> None:
    printer = VirtualPrinter()
    papers = [b"one\n\x1dVB\x00", b"two\n\x1dV\x00", b"three\n\x1bm"]
    stream = b"".join(papers) + b"rest"
    for start in range(0, len(stream), size):
        printer.receive(stream[start : start + size])
    printer.hang_up()
    assert [printed.data for printed in printer.take_printed()] == [*papers, b"rest"]


@pytest.mark.parametrize(
    ("faults", "problems"),
    [
        ([], ()),
        (["low"], ()),
        (["paper"], ("media-empty-error",)),
        (["cover"], ("cover-open-error",)),
        (["cutter"], ("media-jam-error",)),
        (["offline"], ("offline-report",)),
        (["paper", "cover"], ("media-empty-error", "cover-open-error")),
    ],
)
def test_it_says_what_is_wrong(faults: list[str], problems: tuple[str, ...]) -> None:
    assert asked(VirtualPrinter(faults=faults)) == (1, problems)


@pytest.mark.parametrize("fault", ["paper", "cover", "cutter", "offline"])
def test_what_waits_comes_out_when_the_fault_is_gone(fault: str) -> None:
    printer = VirtualPrinter(faults=[fault])
    printer.receive(JOB + FENCE)
    assert printer.take_printed() == []
    assert printer.take_replies() == b""
    printer.set_faults([])
    assert [printed.paper.text for printed in printer.take_printed()] == ["Hello"]
    assert printer.take_replies() == b"\x00"


def test_what_waits_comes_out_even_after_the_computer_has_gone() -> None:
    printer = VirtualPrinter(faults=["paper"])
    printer.receive(b"half")
    printer.hang_up()
    printer.set_faults([])
    (printed,) = printer.take_printed()
    assert (printed.paper.text, printed.partial, printed.data) == ("half", True, b"half")


def test_hanging_up_in_the_middle() -> None:
    printer = VirtualPrinter(faults=["close"])
    printer.receive(b"x" * 1000)
    assert printer.hung_up
    printer.hang_up()
    (printed,) = printer.take_printed()
    assert printed.data == b"x" * CLOSE_AFTER


def test_a_full_buffer_takes_no_more() -> None:
    printer = VirtualPrinter(faults=["paper"])
    printer.receive(bytes(BUFFER - 1))
    assert printer.takes, "one byte more"
    printer.receive(b"x")
    refused = not printer.takes
    assert refused


def test_a_stalled_printer_takes_nothing() -> None:
    assert not VirtualPrinter(faults=["stall"]).takes


def test_pulses() -> None:
    printer = VirtualPrinter()
    printer.receive(b"\x1bp\x00\x1a\xfa")
    assert list(printer.pulses) == [Pulse(2, 52, 500)]
    printer.hang_up()
    (printed,) = printer.take_printed()
    assert printed.data == b"\x1bp\x00\x1a\xfa"


def test_faults_have_names() -> None:
    with pytest.raises(RequestError, match="fire"):
        VirtualPrinter(faults=["fire"])
    VirtualPrinter(faults=FAULTS)


def test_our_own_pictures_ask_nothing() -> None:
    printer = VirtualPrinter()
    page = Page((Picture(24, 1, b"\x10\x04\x01"),))
    printer.receive(LANGUAGE.encode([page], Media()).data)
    assert printer.take_replies() == b""


@settings(deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=50), st.sampled_from([JOB, *FAULTS])), max_size=20))
def test_it_never_breaks(script: list[bytes | str]) -> None:
    printer = VirtualPrinter()
    for step in script:
        if isinstance(step, bytes):
            printer.receive(step)
        else:
            printer.set_faults([step])
    printer.set_faults([])
    printer.hang_up()
    printer.take_printed()
