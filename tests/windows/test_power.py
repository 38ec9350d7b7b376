"""What Windows says of its sleep: by calls as its documentation records them, and that this computer takes them."""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, c_uint32, c_void_p, cast
from typing import Any

import pytest

from comptoir.windows import power
from comptoir.windows.power import PowerEvent, hear_power, this_computer


class Powrprof:
    """The two functions; `says` is what the system does later."""

    def __init__(self, refuses: int = 0) -> None:
        self.refuses = refuses
        self.subscribed: Any = None
        self.ended: list[int | None] = []

    def PowerRegisterSuspendResumeNotification(self, flags: int, recipient: Any, handle: Any) -> int:  # noqa: N802
        assert flags == 2
        self.subscribed = cast(recipient, POINTER(power._Subscription)).contents
        cast(handle, POINTER(c_void_p)).contents.value = 7
        return self.refuses

    def PowerUnregisterSuspendResumeNotification(self, handle: c_void_p) -> int:  # noqa: N802
        self.ended.append(handle.value)
        return 0

    def says(self, kind: int) -> int:
        answer: int = self.subscribed.callback(None, kind, None)
        return answer


def test_sleep_and_waking_are_told_and_nothing_else() -> None:
    library, told = Powrprof(), list[PowerEvent]()
    end = hear_power(library, told.append)
    assert [library.says(kind) for kind in (10, 4, 18, 7, 32787)] == [0, 0, 0, 0, 0]
    assert told == ["suspend", "resume", "resume"]
    end()
    assert library.ended == [7]


def test_a_system_that_refuses_is_an_error() -> None:
    with pytest.raises(OSError, match="tells nothing"):
        hear_power(Powrprof(refuses=87), lambda event: None)


def test_the_structure_is_the_systems() -> None:
    """Two pointers."""
    assert ctypes.sizeof(power._Subscription) == 2 * ctypes.sizeof(c_void_p)
    assert ctypes.sizeof(c_uint32) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="others have no such library")
def test_elsewhere_there_is_none() -> None:
    assert this_computer() is None
