from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.core.errors import RequestError
from comptoir.core.page import Line, Media, Page, Picture
from comptoir.devices.virtual_printer import BUFFER, CLOSE_AFTER, FAULTS, LONGEST, VirtualPrinter
from comptoir.languages.escpos import Escpos
from comptoir.languages.escpos.paper import Pulse

LANGUAGE = Escpos()
JOB = LANGUAGE.encode([Page((Line("Hello"),))], Media()).data


def asked(printer: VirtualPrinter) -> tuple[bool, tuple[str, ...]]:
    printer.receive(LANGUAGE.ask_status())
    replies = LANGUAGE.read_replies(printer.take_replies())
    return replies.answered, replies.problems


def test_a_job_comes_out_with_its_bytes_and_is_confirmed() -> None:
    printer = VirtualPrinter()
    printer.receive(JOB + LANGUAGE.ask_fence())
    (printed,) = printer.take_printed()
    assert (printed.paper.text, printed.partial) == ("Hello", False)
    assert printed.data == JOB[: JOB.index(b"\x1dVB") + 4]
    assert LANGUAGE.read_replies(printer.take_replies()).fenced


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
        (["offline"], ("offline-report",)),
        (["paper", "cover"], ("media-empty-error", "cover-open-error")),
    ],
)
def test_it_says_what_is_wrong(faults: list[str], problems: tuple[str, ...]) -> None:
    assert asked(VirtualPrinter(faults=faults)) == (True, problems)


@pytest.mark.parametrize("fault", ["paper", "cover", "offline"])
def test_what_waits_comes_out_when_the_fault_is_gone(fault: str) -> None:
    printer = VirtualPrinter(faults=[fault])
    printer.receive(JOB + LANGUAGE.ask_fence())
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


def test_a_mute_printer_prints() -> None:
    printer = VirtualPrinter(faults=["mute"])
    printer.receive(JOB + LANGUAGE.ask_fence() + LANGUAGE.ask_status())
    assert printer.take_replies() == b""
    assert len(printer.take_printed()) == 1


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


def test_process_ids_names_and_automatic_status() -> None:
    printer = VirtualPrinter()
    printer.receive(b"\x1d(H\x06\x0000abcd\x1dI\x42\x1da\xff\x1dr\x02")
    assert printer.take_replies() == b'7"abcd\x00_Comptoir\x00\x10\x00\x00\x00\x00'


def test_real_time_requests_are_heard_inside_pictures() -> None:
    """As the hardware does; so our own pictures must hold none."""
    printer = VirtualPrinter()
    printer.receive(b"\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01")
    assert printer.take_replies() == b"\x12"
    page = Page((Picture(24, 1, b"\x10\x04\x01"),))
    printer.receive(LANGUAGE.encode([page], Media()).data)
    assert printer.take_replies() == b""


def test_a_stream_without_cuts_is_kept_in_part() -> None:
    printer = VirtualPrinter()
    for _ in range(LONGEST // 1_000_000 + 2):
        printer.receive(bytes(1_000_000))
    assert len(printer._since_cut) <= LONGEST
    printer.receive(b"end\n\x1dV\x00")
    printer.receive(b"next\n\x1dV\x00")
    assert [printed.paper.text for printed in printer.take_printed()] == ["end", "next"]


def test_faults_have_names() -> None:
    with pytest.raises(RequestError, match="fire"):
        VirtualPrinter(faults=["fire"])
    VirtualPrinter(faults=FAULTS)


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
