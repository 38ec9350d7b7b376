"""What a virtual printer's model can do, and the bytes in which it tells its state. It keeps no state.

Source: Epson ESC/POS reference, DLE EOT, GS a, GS r, GS I, ESC u, ESC v.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from comptoir.core.profile import Confirm

#: The receive buffer. A printer that cannot print takes no more than this; then TCP holds the sender.
BUFFER: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Model:
    """What it can say. `status`: it answers DLE EOT; `automatic`: it knows GS a. buffer: bytes.

    confirms: process-id (GS ( H), in-order (GS r), both or none. names: its answers to GS I, by n.
    """

    confirms: tuple[Confirm, ...] = ("process-id", "in-order")
    status: bool = True
    automatic: bool = True
    names: Mapping[int, str] = field(default_factory=lambda: NAMES)
    buffer: int = BUFFER

    def name(self, number: int) -> bytes:
        """The answer to GS I n; nothing where it has none."""
        if not self.names:
            return b""
        if number in self.names:
            return b"_" + self.names[number].encode("utf-8") + b"\0"
        return _KINDS.get(number, b"")


#: GS I 65 firmware, 66 maker, 67 model, 68 serial number, 69 fonts of other languages
NAMES: Final[Mapping[int, str]] = {
    65: "0.1",
    66: "Comptoir",
    67: "Virtual receipt printer",
    68: "000001",
    69: "NONE",
}

#: GS I 1 model, 2 it has a cutter, 3 firmware; 35 (GS I 35): a block that says nothing in particular
_KINDS: Final = {
    number: answer
    for numbers, answer in (((1, 49), b"\x20"), ((2, 50), b"\x02"), ((3, 51), b"\x01"), ((35,), b"=#0\0"))
    for number in numbers
}

MUTE: Final = Model(confirms=(), status=False, automatic=False, names={})
"""One that never says a word."""
ONLY_STATUS: Final = Model(confirms=(), automatic=False, names={})
"""One that tells its state when asked, and confirms nothing."""
ONLY_IN_ORDER: Final = Model(confirms=("in-order",), status=False, automatic=False, names={})
"""One that answers GS r and nothing else."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How it is at the moment."""

    offline: bool = False
    paper_end: bool = False
    paper_low: bool = False
    cover: bool = False
    cutter: bool = False
    drawer_high: bool = False

    def real_time(self, question: int) -> bytes:
        """The answer to DLE EOT n; nothing for an n that it does not know."""
        states = {
            1: 0x04 * self.drawer_high | 0x08 * self.offline,
            2: 0x04 * self.cover | 0x20 * self.paper_end | 0x40 * self.cutter,
            3: 0x08 * self.cutter,
            4: 0x0C * (self.paper_low or self.paper_end) | 0x60 * self.paper_end,
        }
        return bytes([0x12 | states[question]]) if question in states else b""

    def automatic(self) -> bytes:
        """The four bytes of GS a."""
        first = 0x10 | 0x04 * self.drawer_high | 0x08 * self.offline | 0x20 * self.cover
        return bytes([first, 0x08 * self.cutter, self._sensors(), 0])

    def in_turn(self, question: int) -> bytes:
        """The answer to GS r n; nothing for an n that it does not know."""
        if question in (1, 49):
            return bytes([self._sensors()])
        return bytes([self.drawer_high]) if question in (2, 50) else b""

    def _sensors(self) -> int:
        return 0x03 * (self.paper_low or self.paper_end) | 0x0C * self.paper_end


#: bits of the four bytes that belong to each bit of GS a n: drawer, online, error, paper
GROUPS: Final = {0x01: b"\x04\0\0\0", 0x02: b"\x28\0\0\0", 0x04: b"\0\x6c\0\0", 0x08: b"\0\0\x0f\0"}


def changed(mask: int, before: bytes, after: bytes) -> bool:
    """Whether something changed that GS a n asks to be told of."""
    return any(
        (was ^ now) & bit
        for flag, bits in GROUPS.items()
        if mask & flag
        for was, now, bit in zip(before, after, bits, strict=True)
    )
