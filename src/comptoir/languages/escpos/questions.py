"""Which answer to DLE EOT belongs to which question. It reads no bits but those.

The answers to DLE EOT 1, 2, 3 and 4 look alike; they come in the order of the requests. An answer that is lost, late
or asked for by somebody else would shift the meaning of all that follow on a kept connection, so it is counted
what is owed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

ASK_STATUS: Final = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"

_WHOLE: Final = 4
#: nothing is wrong, whichever question it answers
_CLEAR: Final = 0x12


class Questions:
    """One question is ASK_STATUS: four requests. `answered`: how many came back whole.

    Answers that no question is open for (a picture's dots can ask, too) mean nothing. Where a question was answered
    in part and the next is asked, the rest of the first may still come before it: nothing is believed until all
    that is owed has come, or four bytes that mean the same at every place. If the rest never comes, only "all is
    well" is understood from then on; a new connection begins anew.
    """

    def __init__(self) -> None:
        self.answered = 0
        self._open = False
        self._came: list[int] = []
        self._owed = 0

    def ask(self) -> None:
        """ASK_STATUS is about to be written."""
        if self._open:
            self._owed += _WHOLE - len(self._came)
        self._open, self._came = True, []

    def answer(self, byte: int) -> Iterable[tuple[int, int]]:
        """One came: what is known by it, as (n of DLE EOT, byte)."""
        if not self._open:
            self._owed = max(self._owed - 1, 0)
            return ()
        self._came.append(byte)
        late = self._owed % _WHOLE
        if not late:
            self._close(len(self._came) == _WHOLE)
            return ((len(self._came), byte),)
        if len(self._came) == _WHOLE + late:
            self._owed -= late
        elif len(self._came) != _WHOLE or set(self._came) != {_CLEAR}:
            return ()
        self._close(True)
        return tuple(enumerate(self._came[-_WHOLE:], 1))

    def _close(self, whole: bool) -> None:
        self._open = not whole
        self.answered += whole
