"""A virtual printer's faults in the middle of a job: what is on paper, what waits, what is lost, what is said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.devices.virtual_faults import FAULTS, STOPS
from comptoir.devices.virtual_model import Model
from comptoir.devices.virtual_printer import VirtualPrinter

LINES = [f"line {number}" for number in range(1, 41)]
JOB = b"\x1b@" + "\n".join(LINES).encode() + b"\n\x1dV\x00"
FENCES = b"\x1d(H\x06\x00000042\x1dr\x01"
CONFIRMED = b'\x007"0042\0'


def texts(printer: VirtualPrinter) -> list[str]:
    return [printed.paper.text for printed in printer.take_printed()]


@pytest.mark.parametrize("fault", sorted(STOPS))
@pytest.mark.parametrize("size", [7, 100_000])
def test_stopped_at_line_20_the_rest_of_the_same_job_is_printed_later(fault: str, size: int) -> None:
    printer = VirtualPrinter(faults=[f"{fault}=20"])
    data = JOB + FENCES
    for start in range(0, len(data), size):
        printer.receive(data[start : start + size])
    assert (printer.faults, printer.snapshot().lines) == ({fault}, 20)
    assert (texts(printer), printer.take_replies()) == ([], b"")
    printer.set_faults([])
    assert texts(printer) == ["\n".join(LINES)]
    assert printer.take_replies() == CONFIRMED


def test_a_roll_is_changed() -> None:
    printer = VirtualPrinter(faults=["low"])
    printer.load_paper(lines=20)
    assert printer.snapshot().faults == {"low", "paper=20"}
    printer.receive(JOB)
    printer.load_paper(lines=10)
    assert (printer.faults, printer.snapshot().lines) == ({"low", "paper"}, 30)
    printer.load_paper()
    assert texts(printer) == ["\n".join(LINES)]


def test_it_says_so_the_moment_it_happens() -> None:
    printer = VirtualPrinter()
    told: list[frozenset[str]] = []
    printer.watch(lambda: told.append(printer.faults))
    printer.receive(b"\x1da\x0f")
    printer.take_replies()
    printer.set_faults(["paper=2"])
    printer.receive(b"1\n2\n3\n")
    assert printer.take_replies() == b"\x18\x00\x0f\x00"
    assert told == [frozenset(), {"paper"}]


def test_power_off_in_the_middle() -> None:
    printer = VirtualPrinter(faults=["off=20"])
    printer.receive(b"\x1da\x0f\x1bE\x01" + JOB + FENCES)
    (printed,) = printer.take_printed()
    assert (printed.paper.text, printed.partial) == ("\n".join(LINES[:20]), True)
    assert (printer.takes, printer.power_cuts, printer.take_replies()) == (False, 1, b"")
    printer.set_faults([])
    assert (texts(printer), printer.take_replies()) == ([], b""), "the rest is gone, and the automatic status off"
    printer.receive(b"new\n\x1dV\x00" + FENCES)
    assert (texts(printer), printer.take_replies()) == (["new"], CONFIRMED)


def test_off_and_on_again_with_no_paper() -> None:
    printer = VirtualPrinter(faults=["paper"])
    printer.receive(JOB + FENCES)
    printer.power_cycle()
    printer.set_faults([])
    assert (texts(printer), printer.take_replies(), printer.power_cuts) == ([], b"", 1)


def test_a_cable_that_was_pulled_brings_the_answer_when_it_is_back() -> None:
    printer = VirtualPrinter(faults=["paper"])
    printer.receive(JOB + FENCES)
    printer.set_faults(["cable"])
    assert texts(printer) == ["\n".join(LINES)], "paper was put in, too"
    assert (printer.takes, printer.take_replies()) == (False, b"")
    printer.set_faults([])
    assert printer.take_replies() == CONFIRMED


def test_a_printer_that_is_not_sure_tells_its_state() -> None:
    printer = VirtualPrinter(faults=["unsure"])
    printer.receive(JOB + FENCES + b"\x10\x04\x01\x1dI\x42")
    assert printer.take_replies() == b"\x12_Comptoir\0"
    assert len(texts(printer)) == 1


def test_a_mute_printer_prints() -> None:
    printer = VirtualPrinter(faults=["mute"])
    printer.receive(b"\x1da\x0f" + JOB + FENCES + b"\x10\x04\x01")
    printer.set_faults([])
    assert (printer.take_replies(), len(texts(printer))) == (b"", 1)


def test_answers_that_come_late() -> None:
    printer = VirtualPrinter(faults=["late"])
    printer.receive(b"\x1dr\x01")
    assert printer.take_replies() == b""
    printer.receive(b"\x10\x04\x01")
    assert printer.take_replies() == b"\x00"
    printer.set_faults([])
    assert printer.take_replies() == b"\x12"


def test_what_is_printed_late_is_answered_to_whoever_is_there() -> None:
    """A stale answer: so a number must not be used twice in short time."""
    printer = VirtualPrinter(faults=["paper"])
    printer.receive(JOB + FENCES)
    printer.hang_up()
    printer.connect()
    printer.set_faults([])
    assert printer.take_replies() == CONFIRMED


def test_nobody_is_there() -> None:
    printer = VirtualPrinter(faults=["paper"])
    printer.receive(JOB + FENCES)
    printer.hang_up()
    printer.set_faults([])
    printer.connect()
    assert printer.take_replies() == b""


def test_two_computers_jobs_that_waited_are_two_papers() -> None:
    printer = VirtualPrinter(faults=["paper"])
    for name in (b"first", b"second"):
        printer.receive(name)
        printer.hang_up()
    printer.set_faults([])
    assert texts(printer) == ["first", "second"]


def test_a_smaller_buffer() -> None:
    printer = VirtualPrinter(faults=["paper"], model=Model(buffer=100))
    printer.receive(bytes(60))
    assert printer.room == 40


@pytest.mark.parametrize("fault", ["stall", "cable", "off"])
def test_what_reaches_nobody(fault: str) -> None:
    assert VirtualPrinter(faults=[fault]).room == 0


def test_a_locked_drawer() -> None:
    printer = VirtualPrinter(faults=["locked"])
    printer.receive(b"\x1bp\x00\x19\xfa")
    assert (printer.drawer.open, printer.snapshot().pulses) == (False, 1)
    printer.set_faults([])
    printer.receive(b"\x1bp\x00\x19\xfa")
    assert (printer.drawer.open, printer.snapshot().drawer_open) == (True, True)


COMMANDS = [
    JOB,
    FENCES,
    b"\x1da\x0f",
    b"\x1bp\0\x19\xfa",
    b"\x10\x14\x02\x01\x08",
    b"\x10\x05\x02",
    b"\x10\x04\x01",
    b"\x1b@",
]
STEP = st.one_of(
    st.binary(max_size=50),
    st.sampled_from(COMMANDS),
    st.sets(st.sampled_from(sorted(FAULTS)), max_size=3),
    st.tuples(st.sampled_from(sorted(FAULTS)), st.integers(0, 60)),
    st.none(),
)


@settings(deadline=None)
@given(st.lists(STEP, max_size=25))
def test_whatever_happens_it_works_again_afterwards(script: list[bytes | set[str] | tuple[str, int] | None]) -> None:
    printer = VirtualPrinter()
    for step in script:
        if step is None:
            printer.hang_up()
        elif isinstance(step, bytes):
            if printer.room >= len(step):
                printer.receive(step)
        elif isinstance(step, tuple):
            printer.set_faults([f"{step[0]}={step[1]}"])
        else:
            printer.set_faults(step)
    printer.set_faults([])
    printer.hang_up()
    printer.take_printed()
    printer.receive(JOB + FENCES)
    assert texts(printer) == ["\n".join(LINES)]
    assert printer.take_replies().endswith(CONFIRMED)
