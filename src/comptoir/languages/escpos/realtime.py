"""The bytes that a printer obeys the moment they arrive, wherever they stand. It answers nothing.

DLE EOT, DLE ENQ and DLE DC4 are recognised even inside the data of a picture: dots that happen to read
`10 14 01 00 01` open the cash drawer (Epson warns of it). `disarm` takes such dots out of pictures; `Watch`
sees them in a stream as the printer does.
"""

from __future__ import annotations

import re
from typing import Final

#: second byte -> how many bytes follow for which parameter: DLE EOT n, DLE ENQ n, DLE DC4 fn ...
EOT: Final = 0x04
ENQ: Final = 0x05
DC4: Final = 0x14

_HAZARD: Final = re.compile(rb"\x10(?=[\x04\x05\x14])")
#: DLE EOT 7, 8 and 18 have a second parameter
_EOT_WITH_TWO: Final = frozenset({7, 8, 18})
#: DLE DC4 fn -> parameters after fn
_DC4_LENGTHS: Final[dict[int, int]] = {1: 2, 2: 2, 3: 5, 7: 1, 8: 7}


def disarm(bits: bytes) -> bytes:
    """The picture's bytes without any DLE EOT, DLE ENQ or DLE DC4. Same length, same amount of black.

    The lone dot of the DLE byte (0x10) moves one place to the left (0x20), in a picture sent by columns one up, which
    nobody sees; a strip of white or a frame would be seen. It stays inside the row: the padding is on the right.
    """
    return _HAZARD.sub(b"\x20", bits)


def obeyed(data: bytes) -> bool:
    """Whether a printer could read a request in these bytes."""
    return _HAZARD.search(data) is not None


def harmless(number: int) -> bool:
    """Whether a number can be sent in two bytes, the low one first, without being the head of a request."""
    return not obeyed(number.to_bytes(2, "little"))


def length_at(data: bytes | bytearray, at: int) -> int | None:
    """How long the real-time request at a DLE is: 0 where it is none, None where more bytes are needed to
    know."""
    if len(data) < at + 2:
        return None
    second = data[at + 1]
    if second not in (EOT, ENQ, DC4):
        return 0
    if len(data) < at + 3:
        return None
    parameter = data[at + 2]
    if second == ENQ:
        length = 3
    elif second == EOT:
        length = 4 if parameter in _EOT_WITH_TWO else 3
    else:
        length = 3 + _DC4_LENGTHS.get(parameter, 0)
    return length if len(data) >= at + length else None


class Watch:
    """Finds real-time requests in a stream of bytes in any split, text and pictures alike, as the hardware
    does."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The requests that are complete by now, in order. Holds back fewer than a dozen bytes."""
        data = self._held + data
        found: list[bytes] = []
        at = data.find(b"\x10")
        while at >= 0:
            length = length_at(data, at)
            if length is None:
                self._held = data[at:]
                return found
            if length:
                found.append(data[at : at + length])
            at = data.find(b"\x10", at + max(length, 1))
        self._held = b""
        return found
