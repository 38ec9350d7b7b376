"""What changes in a directory, as Windows tells it (ReadDirectoryChangesW), handed on at once.

The library that listens elsewhere, watchdog, waits on Windows until nothing has changed for a second: a directory that
never rests would never be heard of. And it does not tell when the system could not keep up.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from collections.abc import Callable
    from concurrent.futures import Future
    from contextlib import suppress
    from threading import Thread
    from typing import Any, Final

    import pywintypes
    import win32con
    import win32event
    import win32file

    #: its types say less than it can
    _file: Final[Any] = win32file
    #: bytes: a server takes no larger one
    _ROOM: Final = 63 * 1024
    _SHARED: Final = win32con.FILE_SHARE_READ | win32con.FILE_SHARE_WRITE | win32con.FILE_SHARE_DELETE
    _FLAGS: Final = win32con.FILE_FLAG_BACKUP_SEMANTICS | win32con.FILE_FLAG_OVERLAPPED
    _LIST_DIRECTORY: Final = 0x1
    #: ERROR_NOTIFY_ENUM_DIR, which the system says instead of nothing
    _TOO_MUCH: Final = 1022
    #: names of files and directories, sizes, writing; attributes, for what comes from a cloud or leaves for it
    _NEWS: Final = (
        win32con.FILE_NOTIFY_CHANGE_FILE_NAME
        | win32con.FILE_NOTIFY_CHANGE_DIR_NAME
        | win32con.FILE_NOTIFY_CHANGE_SIZE
        | win32con.FILE_NOTIFY_CHANGE_LAST_WRITE
        | win32con.FILE_NOTIFY_CHANGE_ATTRIBUTES
    )

    class DirectoryChanges:
        """Listens in a thread of its own. `told`: gets relative paths there, with \\ between names.

        `lost`: called there when more happened than the system could say.
        """

        def __init__(
            self, path: str, deep: bool, told: Callable[[list[str]], object], lost: Callable[[], object]
        ) -> None:
            """Begin. Raises OSError where the directory cannot be listened to."""
            self._deep = deep
            self._told = told
            self._lost = lost
            #: the system writes into the buffer when there is something to say
            self._pending = False
            self._stop = win32event.CreateEvent(None, True, False, None)
            try:
                self._handle = _file.CreateFileW(
                    path, _LIST_DIRECTORY, _SHARED, None, win32con.OPEN_EXISTING, _FLAGS, None
                )
                self._buffer = _file.AllocateReadBuffer(_ROOM)
                self._reading = pywintypes.OVERLAPPED()
                self._reading.hEvent = win32event.CreateEvent(None, False, False, None)
                # Only the thread that has begun a reading can end it.
                begun = Future[None]()
                self._thread = Thread(target=self._run, args=(begun,), name=f"changes of {path}", daemon=True)
                self._thread.start()
                begun.result()
            except pywintypes.error as error:
                raise OSError(0, error.strerror, path, error.winerror) from None

        @property
        def alive(self) -> bool:
            """False when it has ended, as it does with the directory."""
            return self._thread.is_alive()

        def stop(self) -> None:
            """No more. It waits for the thread, for a second at most."""
            win32event.SetEvent(self._stop)
            self._thread.join(1)

        def _read(self) -> None:
            """Have the next changes put into the buffer. What happens until then, the system keeps."""
            _file.ReadDirectoryChangesW(self._handle, self._buffer, self._deep, _NEWS, self._reading)
            self._pending = True

        def _run(self, begun: Future[None]) -> None:
            try:
                self._read()
            except BaseException as error:
                self._handle.close()
                begun.set_exception(error)
                return
            begun.set_result(None)
            self._listen()

        def _listen(self) -> None:
            try:
                while self._changed():
                    paths = self._read_paths()
                    self._read()
                    if paths:
                        self._told(paths)
                    else:
                        self._lost()
            except pywintypes.error:
                self._lost()  # the directory is gone, or the disk it is on
            finally:
                self._close()

        def _changed(self) -> bool:
            """Wait; False: it is to end."""
            which: int = win32event.WaitForMultipleObjects([self._stop, self._reading.hEvent], False, -1)
            return which != win32event.WAIT_OBJECT_0

        def _read_paths(self) -> list[str]:
            """What the buffer has; nothing where it was too small."""
            self._pending = False
            try:
                length = _file.GetOverlappedResult(self._handle, self._reading, True)
            except pywintypes.error as error:
                if error.winerror != _TOO_MUCH:
                    raise
                return []
            return [path for _, path in _file.FILE_NOTIFY_INFORMATION(bytes(self._buffer), length)] if length else []

        def _close(self) -> None:
            """The system must not write into a buffer that is given back.

            A reading that was refused, as of a directory that is being removed, would be waited for without an end.
            """
            if self._pending:
                with suppress(pywintypes.error):
                    _file.CancelIo(self._handle)
                    _file.GetOverlappedResult(self._handle, self._reading, True)
            self._handle.close()
