"""A virtual printer's receive buffer: bytes wait here until they can be printed. It reads none of them."""

from __future__ import annotations

from collections import deque
from typing import Final

#: Bytes printed at a time while it matters at which line something happens.
_STEP: Final = 256


class ReceiveBuffer:
    """What was received and not printed, and where connections ended in it."""

    def __init__(self) -> None:
        self._held = bytearray()
        #: how many bytes stand before each end of a connection
        self._ends: deque[int] = deque()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def waiting(self) -> bool:
        """Something is to be done: bytes, or an end."""
        return bool(self._held or self._ends)

    def put(self, data: bytes) -> None:
        self._held += data

    def end(self) -> None:
        """The connection that sent the last bytes ended."""
        self._ends.append(len(self._held))

    def take(self, *, fine: bool) -> bytes | None:
        """The next bytes in order, all there are or (fine) a line at most; None where a connection ended."""
        until = len(self._held)
        if self._ends:
            if self._ends[0] == 0:
                self._ends.popleft()
                return None
            until = self._ends[0]
        if fine:
            until = min(until, self._held.find(b"\n") + 1 or until, _STEP)
        data = bytes(self._held[:until])
        del self._held[:until]
        self._ends = deque(end - until for end in self._ends)
        return data

    def clear(self) -> None:
        self._held.clear()
        self._ends.clear()
