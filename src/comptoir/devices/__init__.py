"""Devices: what stands at the end of a device URI. They carry bytes and know nothing of printer languages.

The table is literal, by URI scheme; a device kind is imported when a printer needs it.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Final, cast

from comptoir.core.errors import ConfigError, UnknownName
from comptoir.core.ports import Device

DEVICES: Final[dict[str, str]] = {
    "socket": "comptoir.devices.socket:SocketDevice",
    "file": "comptoir.devices.file:FileDevice",
    "serial": "comptoir.devices.serial:SerialDevice",
    "usb": "comptoir.devices.usb:UsbDevice",
    "virtual": "comptoir.devices.virtual:VirtualDevice",
    "winspool": "comptoir.devices.winspool:WinspoolDevice",
}


def device(uri: str, folder: Path) -> Device:
    """The device of this URI; `folder` is the printer's own data folder. Opens nothing.

    Raises UnknownName for a scheme that is not in the table, ConfigError for a URI that the kind cannot read.
    """
    scheme, colon, rest = uri.partition(":")
    if rest.startswith("//") and "@" in re.split(r"[/?#]", rest[2:])[0]:
        # Devices stand on pages and in logs: a secret must not, not even in this sentence.
        raise ConfigError("a device URI has no user and no password", "For example socket://192.168.1.50:9100")
    if not colon or scheme not in DEVICES:
        known = ", ".join(f"{name}:" for name in DEVICES)
        raise UnknownName(f"There is no kind of device for {uri!r}.", f"A device URI begins with one of {known}.")
    module, _, attribute = DEVICES[scheme].partition(":")
    return cast(Device, getattr(import_module(module), attribute)(uri, folder))
