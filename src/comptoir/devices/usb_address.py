"""What a usb: URI says: which printer, and which of its interfaces. It looks at no bus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from comptoir.core.errors import ConfigError
from comptoir.devices.uri import check_options, number, split

_IDS: Final = re.compile(r"(?:0x)?([0-9a-f]{1,4}):(?:0x)?([0-9a-f]{1,4})", re.IGNORECASE)
_OPTIONS: Final = ("interface", "out", "in", "stall")
_ABSENT: Final = -1


@dataclass(frozen=True, slots=True)
class UsbAddress:
    """A printer on USB; None: whichever. out, back: endpoint addresses, back with its direction bit 0x80. serial:
    empty for whichever."""

    vendor: int | None = None
    product: int | None = None
    serial: str = ""
    interface: int | None = None
    out: int | None = None
    back: int | None = None

    def matches(self, vendor: int, product: int) -> bool:
        """Whether a device with these ids may be meant."""
        return self.vendor is None or (self.vendor, self.product) == (vendor, product)

    def __str__(self) -> str:
        """As it is named in the middle of a sentence."""
        if self.vendor is None:
            return "a USB printer"
        serial = f"/{self.serial}" if self.serial else ""
        return f"the USB printer {self.vendor:04x}:{self.product:04x}{serial}"


def read_address(uri: str) -> UsbAddress:
    """The address in a usb: URI. Raises ConfigError where it is none."""
    parts = split(uri, port=False)
    check_options(uri, _OPTIONS)
    ids = _IDS.fullmatch(parts.netloc)
    serial = unquote(parts.path.strip("/"))
    if not ids and (parts.netloc or serial):
        raise ConfigError(
            f"The device URI {uri!r} names no USB printer.",
            "For example usb://04b8:0e15 (vendor and product in hexadecimal), or usb: for the only one.",
        )
    return UsbAddress(
        vendor=int(ids[1], 16) if ids else None,
        product=int(ids[2], 16) if ids else None,
        serial=serial,
        interface=_number(uri, "interface", 0, 255),
        out=_number(uri, "out", 0x01, 0x0F),
        back=_number(uri, "in", 0x81, 0x8F),
    )


def _number(uri: str, option: str, least: int, most: int) -> int | None:
    value = number(uri, option, _ABSENT, least, most)
    return None if value == _ABSENT else value
