"""What a virtual printer answers, byte by byte, as Epson's reference has it."""

from __future__ import annotations

import pytest

from comptoir.devices.virtual_drawer import VirtualDrawer
from comptoir.devices.virtual_model import MUTE, ONLY_IN_ORDER, ONLY_STATUS, Model
from comptoir.devices.virtual_printer import VirtualPrinter
from comptoir.languages.escpos.paper import Pulse

PROCESS_ID = b"\x1d(H\x06\x0000"
POWER_OFF = b"\x10\x14\x02\x01\x08"
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
PULSE_NOW = b"\x10\x14\x01\x00\x01"
EVERYTHING = b"\x10\x04\x01\x1dr\x01\x1dI\x42\x1da\xff" + PROCESS_ID + b"0001"


def answers(data: bytes, *faults: str, model: Model | None = None) -> bytes:
    printer = VirtualPrinter(faults=faults, model=model)
    printer.receive(data)
    return printer.take_replies()


def test_state_is_told_at_once_whatever_waits() -> None:
    assert answers(b"x\n\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04", "paper", "cutter") == b"\x1a\x72\x1a\x7e"
    assert answers(b"\x10\x04\x05\x10\x04\x07\x01\x10\x04\x00") == b""


def test_a_question_inside_a_picture_is_a_question() -> None:
    assert answers(b"\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01") == b"\x12"


def test_answers_in_turn() -> None:
    assert answers(b"\x1dr\x01\x1dr\x02\x1dr\x31\x1dr\x32") == b"\0\0\0\0"
    assert answers(b"\x1dr\x01", "low") == b"\x03"
    assert answers(b"\x1dr\x00\x1dr\x03\x1dr\x04\x1dr\xff") == b"", "kinds that it refuses"
    assert answers(b"\x1dr\x01\x1dI\x42" + PROCESS_ID + b"0001", "paper") == b""


def test_a_process_id_comes_back_when_it_is_printed() -> None:
    printer = VirtualPrinter(faults=["paper"])
    printer.receive(b"x\n" + PROCESS_ID + b"0042")
    assert printer.take_replies() == b""
    printer.set_faults([])
    assert printer.take_replies() == b'7"0042\0'


def test_of_several_process_ids_the_last_is_told() -> None:
    assert answers(b"x\n" + PROCESS_ID + b"0041y\n" + PROCESS_ID + b"0042\x1dr\x01") == b'\x007"0042\0'


@pytest.mark.parametrize("bad", [PROCESS_ID[:3] + b"\x05\x0000abc", PROCESS_ID[:3] + b"\x06\x0009abcd", b"\x1d(H\0\0"])
def test_what_is_no_process_id(bad: bytes) -> None:
    assert answers(bad) == b""


def test_the_offline_response() -> None:
    printer = VirtualPrinter()
    printer.receive(b"\x1d(H\x03\x00101")
    printer.set_faults(["low"])
    assert printer.take_replies() == b""
    printer.set_faults(["cover"])
    printer.set_faults(["cover", "paper"])
    assert printer.take_replies() == b"7#\0", "once, when it goes offline"
    printer.set_faults([])
    printer.receive(b"\x1d(H\x03\x00100")
    printer.set_faults(["cover"])
    assert printer.take_replies() == b""


def test_what_is_for_the_customers_display() -> None:
    assert answers(b"\x1b=\x02\x1dr\x01\x1dI\x42\x10\x04\x01\x1b=\x01\x1dr\x02") == b"\x12\x00"


def test_names() -> None:
    assert answers(b"\x1dI\x42\x1dI\x43\x1dI\x41") == b"_Comptoir\0_Virtual receipt printer\0_0.1\0"
    assert answers(b"\x1dI\x01\x1dI\x02\x1dI\x03") == b"\x20\x02\x01"
    assert answers(b"\x1dI\x42\x1dI\x63", model=Model(names={66: "EPSON"})) == b"_EPSON\0"


def test_it_tells_by_itself_what_it_was_asked_to() -> None:
    printer = VirtualPrinter()
    printer.receive(b"\x1da\x0f")
    assert printer.take_replies() == b"\x10\0\0\0", "at once"
    printer.set_faults(["cover"])
    assert printer.take_replies() == b"\x38\0\0\0"
    printer.set_faults(["cover"])
    assert printer.take_replies() == b"", "nothing changed"
    printer.set_faults(["cutter"])
    assert printer.take_replies() == b"\x18\x08\0\0"
    printer.set_faults([])
    printer.receive(b"\x1bp\x00\x19\xfa")
    assert printer.take_replies() == b"\x10\0\0\0\x14\0\0\0"
    printer.drawer.close()
    assert printer.take_replies() == b"\x10\0\0\0"


@pytest.mark.parametrize("ends", [b"\x1b@", b"\x1da\x00"])
def test_it_stops_telling(ends: bytes) -> None:
    printer = VirtualPrinter()
    printer.receive(b"\x1da\x0f" + ends)
    printer.take_replies()
    printer.set_faults(["cover"])
    assert printer.take_replies() == b""


def test_it_tells_of_the_drawer_only() -> None:
    printer = VirtualPrinter()
    printer.receive(b"\x1da\x01")
    printer.take_replies()
    printer.set_faults(["low"])
    assert printer.take_replies() == b""
    printer.receive(b"\x1bp\x00\x19\xfa")
    assert printer.take_replies() == b"\x14\0\x03\0", "then it tells all"


def test_the_whole_state_in_real_time() -> None:
    assert answers(b"\x10\x14\x07\x01", "paper") == b"\x18\0\x0f\0"
    assert answers(b"\x10\x14\x07\x04", "paper") == b"7#\0"
    assert answers(b"\x10\x14\x07\x04") == b""


def test_models_that_can_do_less() -> None:
    assert answers(EVERYTHING, model=MUTE) == b""
    assert answers(EVERYTHING, model=ONLY_STATUS) == b"\x12"
    assert answers(EVERYTHING, model=ONLY_IN_ORDER) == b"\0"
    assert answers(EVERYTHING, model=Model(confirms=("process-id",))) == b'\x12_Comptoir\0\x10\0\0\x007"0001\0'


def test_a_pulse_in_its_turn_and_one_at_once() -> None:
    printer = VirtualPrinter(faults=["paper"])
    printer.receive(b"\x1bp\x01\x1a\x02" + b"\x10\x14\x01\x00\x02")
    assert list(printer.pulses) == [Pulse(2, 200, 200)], "an empty roll stops the first only"
    printer.set_faults([])
    assert list(printer.pulses) == [Pulse(2, 200, 200), Pulse(5, 52, 52)], "and it fires late"


def test_dots_of_a_picture_open_the_drawer() -> None:
    printer = VirtualPrinter()
    printer.receive(b"\x1dv0\x00\x05\x00\x01\x00" + PULSE_NOW)
    assert printer.drawer.open


@pytest.mark.parametrize("data", [b"\x10\x14\x01\x02\x01", b"\x10\x14\x01\x00\x00", b"\x10\x14\x01\x00\x09"])
def test_what_is_no_pulse(data: bytes) -> None:
    printer = VirtualPrinter()
    printer.receive(data)
    assert list(printer.pulses) == []


def test_no_pulse_at_once_while_the_cutter_is_jammed() -> None:
    printer = VirtualPrinter(faults=["cutter"])
    printer.receive(PULSE_NOW)
    assert list(printer.pulses) == []


def test_real_time_commands_can_be_switched_off() -> None:
    printer = VirtualPrinter()
    printer.receive(b"\x1d(D\x05\x00\x14\x01\x00\x02\x00" + PULSE_NOW + POWER_OFF)
    assert (list(printer.pulses), printer.faults) == ([], frozenset())
    printer.receive(b"\x1d(D\x03\x00\x14\x01\x01" + PULSE_NOW)
    assert len(printer.pulses) == 1
    printer.receive(b"\x1d(D\x03\x00\x14\x01\x30" + PULSE_NOW + b"\x1b@" + PULSE_NOW)
    assert len(printer.pulses) == 2, "ESC @ switches them on again"


def test_switched_off_by_command() -> None:
    printer = VirtualPrinter()
    printer.receive(b"half" + POWER_OFF + b"more")
    assert printer.take_replies() == b";0\0"
    assert (printer.faults, printer.takes, printer.power_cuts) == ({"off"}, False, 1)
    assert [paper.data for paper in printer.take_printed()] == [b"half"]
    printer.set_faults([])
    printer.hang_up()
    assert printer.take_printed() == [], "what came after it came to nobody"


def test_cleared_by_command() -> None:
    printer = VirtualPrinter(faults=["paper"])
    printer.receive(b"x\n" + PROCESS_ID + b"0001" + CLEAR)
    assert printer.take_replies() == b"7%\0"
    printer.set_faults([])
    assert (printer.take_printed(), printer.take_replies()) == ([], b"")


def test_recovery_from_an_error_clears() -> None:
    printer = VirtualPrinter(faults=["cutter"])
    printer.receive(b"x\n\x10\x05\x01")
    assert printer.snapshot().waiting > 0
    printer.receive(b"\x10\x05\x02")
    printer.set_faults([])
    assert printer.take_printed() == []
    printer.set_faults(["paper"])
    printer.receive(b"x\n\x1dV\x00\x10\x05\x02")
    printer.set_faults([])
    assert len(printer.take_printed()) == 1, "no paper is no error"


def test_the_drawers_sensor() -> None:
    printer = VirtualPrinter(drawer=VirtualDrawer(sensor="low"))
    printer.receive(b"\x10\x04\x01\x1dr\x02\x1bp\x00\x19\xfa\x10\x04\x01\x1dr\x02")
    assert printer.take_replies() == b"\x16\x01\x12\x00"
