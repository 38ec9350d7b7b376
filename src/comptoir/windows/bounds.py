"""Bounds of a process and of all that it starts, by a job object: what `setrlimit` is elsewhere.

Who starts the process holds the job: with its last handle everything in it ends. Source: Microsoft, “Job Objects”,
JOBOBJECT_EXTENDED_LIMIT_INFORMATION.
"""

from __future__ import annotations

import sys
from typing import Any, Final

_SECOND: Final = 10_000_000  # of 100 ns

if sys.platform == "win32":
    import pywintypes
    import win32api
    import win32con
    import win32job
    import win32process

    class Bounds:
        """A process may take `memory` bytes, and `seconds` of a processor (0: without end); other programs go first.

        It is for what reads documents: a crash ends it without a window that asks. Raises OSError where the system
        refuses; the process goes on then.
        """

        def __init__(self, pid: int, memory: int, seconds: int = 0) -> None:
            try:
                self._job = _job(memory, seconds)
                process: Any = win32api.OpenProcess(win32con.PROCESS_SET_QUOTA | win32con.PROCESS_TERMINATE, False, pid)
                win32job.AssignProcessToJobObject(self._job, process)
                process.Close()
            except pywintypes.error as error:
                raise OSError(error.winerror, error.strerror) from None

        def close(self) -> None:
            """End the process, and what it has started, such as Ghostscript."""
            self._job.Close()

    def _job(memory: int, seconds: int) -> Any:
        job: Any = win32job.CreateJobObject(None, "")  # type: ignore[func-returns-value]  # says the stub
        limits = win32job.QueryInformationJobObject(job, win32job.JobObjectExtendedLimitInformation)
        limits["BasicLimitInformation"]["LimitFlags"] = (
            win32job.JOB_OBJECT_LIMIT_PROCESS_MEMORY
            | win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
            | win32job.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
            | win32job.JOB_OBJECT_LIMIT_PRIORITY_CLASS
            | (win32job.JOB_OBJECT_LIMIT_PROCESS_TIME if seconds else 0)
        )
        limits["BasicLimitInformation"]["PriorityClass"] = win32process.BELOW_NORMAL_PRIORITY_CLASS
        limits["BasicLimitInformation"]["PerProcessUserTimeLimit"] = seconds * _SECOND
        limits["ProcessMemoryLimit"] = memory
        win32job.SetInformationJobObject(job, win32job.JobObjectExtendedLimitInformation, limits)
        return job
