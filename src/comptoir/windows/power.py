"""Windows says that the computer goes to sleep, and that it wakes. It decides nothing.

`PowerRegisterSuspendResumeNotification` (powrprof, Windows 8 and later) calls any process, a service as well as one in
a console: no window and no service control handler is needed. A computer in “modern standby” may sleep without a word;
who must know for certain looks at the clocks (`waking.py`).
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from contextlib import suppress
from ctypes import byref, c_uint32, c_void_p
from typing import Any, Final, Literal

PowerEvent = Literal["suspend", "resume"]

#: LOAD_LIBRARY_SEARCH_SYSTEM32
_SYSTEM_ONLY: Final = 0x800
#: DEVICE_NOTIFY_CALLBACK
_BY_CALL: Final = 2
#: PBT_APMSUSPEND, PBT_APMRESUMESUSPEND, PBT_APMRESUMEAUTOMATIC (winuser.h)
_EVENTS: Final[dict[int, PowerEvent]] = {4: "suspend", 7: "resume", 18: "resume"}

#: ULONG CALLBACK (PVOID Context, ULONG Type, PVOID Setting)
_Callback = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)(c_uint32, c_void_p, c_uint32, c_void_p)


class _Subscription(ctypes.Structure):
    """DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS."""

    _fields_ = [("callback", _Callback), ("context", c_void_p)]


def hear_power(library: Any, tell: Callable[[PowerEvent], object]) -> Callable[[], None]:
    """Call `tell` from a thread of the system at each such event; what ends that. `library`: powrprof.

    The system waits two seconds at most for `tell` before it sleeps. Raises OSError where it refuses.
    """

    def heard(_context: int, kind: int, _setting: int) -> int:
        if (event := _EVENTS.get(kind)) is not None:
            tell(event)
        return 0

    subscription, handle = _Subscription(_Callback(heard), None), c_void_p()
    refused = library.PowerRegisterSuspendResumeNotification(_BY_CALL, byref(subscription), byref(handle))
    if refused:
        raise OSError(refused, "the system tells nothing of its sleep")

    def end() -> None:
        library.PowerUnregisterSuspendResumeNotification(handle)
        subscription.context = None  # it lives until here: the system calls into it

    return end


def this_computer() -> Any | None:
    """The library of this computer; None where it has none."""
    if sys.platform == "win32":
        with suppress(OSError):
            # Not one of that name that somebody has put beside this program.
            return ctypes.WinDLL("powrprof", winmode=_SYSTEM_ONLY)
    return None
