"""The pulses for a drawer in bytes that others have made, taken out: nothing else changes. It opens no drawer."""

from __future__ import annotations

from typing import Final

from comptoir.languages.escpos.tokens import Tokenizer

#: ESC p, DLE DC4 1
PULSES: Final = (b"\x1bp", b"\x10\x14\x01")


def without_pulses(data: bytes) -> bytes:
    """The same with NULs, which no printer obeys, in place of what opens a drawer. Pictures are left as they are."""
    if not any(pulse in data for pulse in PULSES):
        return data
    tokens, found, begins = Tokenizer(), bytearray(), 0
    for token in tokens.feed(data):
        ends = tokens.consumed
        is_pulse = (token.code + token.body).startswith(PULSES)
        found += bytes(ends - begins) if is_pulse else data[begins:ends]
        begins = ends
    return bytes(found + data[begins:])
