"""Star Line Mode and StarPRNT, the languages of Star Micronics' receipt printers.

encode     pages -> bytes                tables     code pages and other numbers
pictures   bands and rasters             symbols    bar codes and QR codes that the printer draws
replies    what the printer said

Both share all but one thing here: `star` sends pictures as bands (ESC k), which printers of both languages print;
`starprnt` as one raster (ESC GS S), which a printer in Line Mode would print as text. Printers that know pictures alone
(TSP100, "Star Graphic") are not spoken to; in their StarPRNT or ESC/POS emulation, newer ones are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from comptoir.core.page import Encoded, Media, Page
from comptoir.core.profile import DEFAULT, Confirm, DrawerPulse, Profile
from comptoir.languages.star import encode, replies

_PIN_OF_DEVICE_2: Final = 5
_LONGEST_PULSE: Final = 127


class Star:
    """Implements core.ports.Language for Star Line Mode; its pictures are understood in StarPRNT, too."""

    reset: bytes = encode.RESET
    #: ESC GS ETX numbers the job and answers this host alone; ETB counts for all hosts (older models have no other)
    confirms: Sequence[Confirm] = ("process-id", "counter")
    _raster: ClassVar[bool] = False

    def __init__(self, profile: Profile = DEFAULT) -> None:
        self._profile = profile

    def encode(self, pages: Sequence[Page], media: Media) -> Encoded:
        """One job: reset, each page with its cut, reset. Raises FormatError for a picture too wide."""
        return encode.encode(pages, media, self._profile, raster=self._raster and not self._profile.columns_only)

    def recover(self) -> bytes:
        """NULs, white in a picture and nothing in a text, as many as our longest command; reset, cut."""
        return encode.recovery(self._profile)

    def ask_status(self) -> bytes:
        """ESC ACK SOH: obeyed as it arrives; one automatic status comes back."""
        return replies.ASK_STATUS

    def watch(self) -> bytes:
        """ESC RS a 1: every change is told. It outlives ESC @; `reset` ends it."""
        return replies.WATCH

    def ask_identity(self) -> bytes:
        """Nothing: older models would print what they do not know of the question."""
        return b""

    def fence(self, confirm: Confirm, number: int) -> bytes:
        """ESC GS ETX 1 with the number; ETB, whose counter automatic status tells; empty for any other."""
        if confirm == "process-id":
            return replies.print_end(number)
        if confirm == "counter":
            return replies.WATCH + b"\x17"
        return b""

    def pulse(self, pulse: DrawerPulse) -> bytes:
        """ESC BEL on off (10 ms each) and BEL; SUB for the second drawer, whose 200 ms cannot be changed."""
        if pulse.command:
            return pulse.command
        if pulse.pin == _PIN_OF_DEVICE_2:
            return b"\x1a"
        return b"\x1b\x07%c%c\x07" % (_tens(pulse.on_ms), _tens(pulse.off_ms))

    def listener(self) -> replies.Hearing:
        """A fresh reader for one connection."""
        return replies.Hearing()


class StarPrnt(Star):
    """Implements core.ports.Language for StarPRNT; a profile with `columns_only` gets bands."""

    _raster = True


def _tens(milliseconds: int) -> int:
    """A time of ESC BEL: 10 to 1,270 ms."""
    return min(max(round(milliseconds / 10), 1), _LONGEST_PULSE)
