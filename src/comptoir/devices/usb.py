"""Printers on USB, spoken to directly through libusb (pyusb). It knows no printer language.

    usb:                          the first interface of the printer class that is found
    usb://04b8:0e15               the first printer with this vendor and product
    usb://04b8:0e15/SERIAL        that one printer
    usb://04b8:0e15?interface=0&out=0x01&in=0x82&stall=30         where the printer's descriptors are wrong

While a connection is open, the system's own driver (usblp) is taken off the printer; `close` gives it back.

On Windows, libusb reaches only devices with the WinUSB driver; a receipt printer with its vendor's driver is none.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from comptoir.core.ports import Connection, Waits
from comptoir.devices.blocking import Reader, Writer, closed, open_in_thread
from comptoir.devices.uri import seconds
from comptoir.devices.usb_address import UsbAddress, read_address
from comptoir.threads import in_thread

_WINDOWS: Final = os.name == "nt"

_PRINTER: Final = 7
_IPP_OVER_USB: Final = 4
#: bInterfaceProtocol of a printer: bidirectional before unidirectional before IEEE 1284.4
_PREFERRED: Final = {2: 0, 1: 1, 3: 2}
_BULK: Final = 2
_IN: Final = 0x80

_PIECE: Final = 4096
#: A multiple of every packet size, so that a packet never overflows it.
_READ: Final = 1024
#: How long one transfer waits, ms (0 would be for ever); as long may it take to stop.
_OUT_SLICE: Final = 250
_IN_SLICE: Final = 100
#: Some printers answer "nothing" at once and for ever: seconds between two questions.
_PAUSE: Final = 0.02
#: How long closing waits for each transfer under way, and in all: seconds.
_JOIN: Final = 1.0
_CLOSE: Final = 3.0


class UsbDevice:
    """A printer on USB. Each `open` looks for it anew and takes its interface for itself."""

    replies = True

    def __init__(self, uri: str, folder: Path) -> None:
        """Raises ConfigError for a URI that names no USB device."""
        self.address = read_address(uri)
        self._stall = seconds(uri, "stall", 30.0)

    async def open(self) -> Connection:
        """Raises OSError where the printer is not there or not to be had, or pyusb or libusb is missing; nothing was
        sent."""
        return await open_in_thread(self._open, UsbConnection.shut)

    def _open(self) -> UsbConnection:
        try:
            pipes = _find(self.address)
            claim = _Claim(pipes)
            return UsbConnection(claim, self._stall)
        except NotImplementedError as error:  # how pyusb says LIBUSB_ERROR_NOT_SUPPORTED
            raise PermissionError(_denied(self.address)) from error
        except OSError as error:
            raise _refusal(error, self.address) from error


@dataclass(frozen=True, slots=True)
class _Pipes:
    """A printer's interface (pyusb's objects) and the addresses of its endpoints; `back` None: it cannot answer."""

    device: Any
    setting: Any
    out: int
    back: int | None


def _find(address: UsbAddress) -> _Pipes:
    """The first printer of this address. Raises FileNotFoundError with those there are, OSError without libusb."""
    others = []
    for device in _devices():
        try:
            pipes = _pipes(device, address)
        except OSError:  # whatever it is, it is no reason not to find the others
            continue
        if pipes is None:
            continue
        if address.matches(device.idVendor, device.idProduct) and _has_serial(device, address.serial):
            return pipes
        if pipes.setting.bInterfaceClass == _PRINTER:
            others.append(f"usb://{device.idVendor:04x}:{device.idProduct:04x}")
    there = f"there are {', '.join(others)}" if others else "there is no USB printer at all"
    raise FileNotFoundError(f"{address} was not found; {there}")


def _devices() -> Iterator[Any]:
    try:
        core = import_module("usb.core")
    except ImportError as error:
        raise OSError("USB printers need pyusb, which is not installed: pip install comptoir[usb]") from error
    try:
        yield from core.find(find_all=True)
    except core.NoBackendError as error:
        raise OSError(
            "pyusb finds no libusb on this machine: install libusb-1.0 (Debian: libusb-1.0-0, macOS: brew install "
            "libusb). On Windows it would reach printers with the WinUSB driver only"
        ) from error


def _pipes(device: Any, address: UsbAddress) -> _Pipes | None:
    """The interface to print on. A printer of the vendor's own class is one only where its address is given."""
    candidates = [
        _Pipes(device, setting, out, _endpoint(setting, address.back, _IN))
        for setting in device[0]
        if address.interface in (None, setting.bInterfaceNumber)
        and (setting.bInterfaceClass, setting.bInterfaceProtocol) != (_PRINTER, _IPP_OVER_USB)
        and (out := _endpoint(setting, address.out, 0)) is not None
    ]
    printers = [pipes for pipes in candidates if pipes.setting.bInterfaceClass == _PRINTER]
    if address.vendor is not None and not printers:
        printers = candidates
    return min(printers, key=lambda pipes: _PREFERRED.get(pipes.setting.bInterfaceProtocol, 9), default=None)


def _endpoint(setting: Any, wanted: int | None, direction: int) -> int | None:
    """The bulk endpoint of this direction: the one asked for, else the first."""
    for endpoint in setting:
        number = int(endpoint.bEndpointAddress)
        if endpoint.bmAttributes & 3 == _BULK and number & _IN == direction and wanted in (None, number):
            return number
    return None


def _has_serial(device: Any, wanted: str) -> bool:
    """Raises PermissionError where the device has a serial number and does not let it be read."""
    try:
        return not wanted or device.serial_number == wanted
    except ValueError as error:  # how pyusb says that no string was to be had
        raise PermissionError(errno.EACCES, str(error)) from error


class _Claim:
    """A printer's interface, taken from the system until `release`."""

    def __init__(self, pipes: _Pipes) -> None:
        """Raises OSError or NotImplementedError; then everything is as it was."""
        self.pipes = pipes
        self._device = pipes.device
        self._number = int(pipes.setting.bInterfaceNumber)
        self._detached = False
        self._util = import_module("usb.util")
        try:
            self._take()
        except BaseException:
            self.release()
            raise

    def _take(self) -> None:
        with contextlib.suppress(NotImplementedError):  # where there are no such drivers
            if self._device.is_kernel_driver_active(self._number):
                self._device.detach_kernel_driver(self._number)
                self._detached = True
        try:
            configuration = self._device.get_active_configuration()
        except import_module("usb.core").USBError as error:
            if error.errno is not None:
                raise
            # Set only where none is: setting it again resets the printer.
            self._device.set_configuration()
            configuration = self._device.get_active_configuration()
        self._util.claim_interface(self._device, self._number)
        settings = [one for one in configuration if one.bInterfaceNumber == self._number]
        if len(settings) > 1:
            self._device.set_interface_altsetting(self._number, self.pipes.setting.bAlternateSetting)

    def release(self) -> None:
        """Never raises."""
        with contextlib.suppress(Exception):
            self._util.release_interface(self._device, self._number)
        if self._detached:
            with contextlib.suppress(Exception):
                self._device.attach_kernel_driver(self._number)
        with contextlib.suppress(Exception):
            self._util.dispose_resources(self._device)


class UsbConnection:
    """A claimed printer."""

    def __init__(self, claim: _Claim, stall: float) -> None:
        self._claim = claim
        self._device = claim.pipes.device
        self._timeout: type[OSError] = import_module("usb.core").USBTimeoutError
        self._writer = Writer(self._put, lambda: None, stall, _PIECE)
        self._reader = Reader(self._look, lambda: None)
        self._shutting: Future[None] | None = None

    async def write(self, data: bytes, waits: Waits | None = None) -> None:
        """Returns when the printer has acknowledged all bytes. Raises TimeoutError when it takes none for `stall`
        seconds (at most twice that) and `waits` does not say why, ConnectionResetError when it is gone; part may then
        have arrived."""
        await self._writer.write(data, waits)

    async def read(self, timeout: float) -> bytes:
        """Some bytes; empty after `timeout` seconds, always where the printer has no way back. Raises EOFError when it
        is gone."""
        if self._claim.pipes.back is None:
            await asyncio.sleep(timeout)
            return b""
        return await self._reader.read(timeout)

    async def finish(self) -> str:
        """The words for the evidence: USB acknowledges each packet, and `write` has waited for the last. Raises
        ConnectionAbortedError after a write that was given up."""
        self._writer.check()
        return "sent, all bytes acknowledged"

    async def close(self, *, drop: bool = False) -> None:
        """Never raises. Nothing leaves any more, `drop` or not; the system's driver has the printer back."""
        self._shutting = self._shutting or in_thread(self.shut)
        await closed(self._shutting, _CLOSE)

    def shut(self) -> None:
        """`close`, as it blocks: until the transfers under way have ended."""
        self._writer.stop()
        self._reader.stop()
        self._writer.join(_JOIN)
        self._reader.join(_JOIN)
        self._claim.release()

    def _put(self, piece: bytes) -> int:
        try:
            return int(self._device.write(self._claim.pipes.out, piece, _OUT_SLICE))
        except self._timeout:
            return 0
        except OSError as error:
            raise ConnectionResetError(f"the USB connection broke: {error}") from error

    def _look(self) -> bytes:
        try:
            data = bytes(self._device.read(self._claim.pipes.back, _READ, _IN_SLICE))
        except self._timeout:
            return b""
        except OSError as error:
            raise EOFError(f"the USB connection broke: {error}") from error
        if not data:
            time.sleep(_PAUSE)
        return data


def _refusal(error: OSError, address: UsbAddress) -> OSError:
    """What libusb says, as a person understands it."""
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return PermissionError(_denied(address))
        case errno.EBUSY:
            return ConnectionRefusedError(f"Another program uses {address}")
        case errno.ENODEV | errno.ENXIO:
            return FileNotFoundError(f"{address} was unplugged")
        case None:
            return error
    return OSError(f"{address} cannot be used: {error}")


def _denied(address: UsbAddress) -> str:
    if _WINDOWS:
        return (
            f"Windows does not give {address} to libusb: it has its vendor's driver. Print through its Windows printer "
            "queue; or replace the driver by WinUSB (with Zadig), after which that queue does not print any more"
        )
    vendor = "" if address.vendor is None else f', ATTR{{idVendor}}=="{address.vendor:04x}"'
    return (
        f"No permission to use {address}. Allow it by a udev rule, in /etc/udev/rules.d/70-receipt-printer.rules: "
        f'SUBSYSTEM=="usb"{vendor}, GROUP="lp", MODE="0660"; the account needs the group lp; then plug it in again'
    )
