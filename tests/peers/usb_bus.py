"""A USB bus without wires: a backend for pyusb, with virtual printers plugged in. pyusb itself is the real one."""

from __future__ import annotations

import array
import errno
from dataclasses import dataclass, field
from threading import Condition
from types import SimpleNamespace
from typing import Any, Final

import pytest
from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

from comptoir.devices.virtual_printer import VirtualPrinter

BULK: Final = 2
INTERRUPT: Final = 3
_PACKET: Final = 64


@dataclass
class Setting:
    """A setting of an interface, as its descriptor says. endpoints: address and bmAttributes."""

    number: int = 0
    alternate: int = 0
    kind: int = 7
    protocol: int = 2
    endpoints: tuple[tuple[int, int], ...] = ((0x01, BULK), (0x82, BULK))


@dataclass(eq=False)
class UsbPrinter:
    """A device on the bus. `deny`: what a call of this name fails with."""

    vendor: int = 0x04B8
    product: int = 0x0E15
    serial: str = ""
    settings: list[Setting] = field(default_factory=lambda: [Setting()])
    configured: bool = True
    driver: bool = True
    plugged: bool = True
    busy: bool = False
    deny: dict[str, Exception] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)
    printer: VirtualPrinter = field(default_factory=VirtualPrinter)
    news: Condition = field(default_factory=Condition)

    def set_faults(self, *faults: str) -> None:
        with self.news:
            self.printer.set_faults(faults)
            self.news.notify_all()

    def unplug(self) -> None:
        with self.news:
            self.plugged = False
            self.news.notify_all()

    def check(self, call: str) -> None:
        self.calls.append(call)
        if not self.plugged:
            raise USBError("No such device (it may have been disconnected)", -4, errno.ENODEV)
        if call in self.deny:
            raise self.deny[call]


class UsbBus(IBackend):  # type: ignore[misc]
    """What pyusb finds instead of libusb."""

    def __init__(self, *printers: UsbPrinter) -> None:
        self.printers = list(printers)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("usb.backend.libusb1.get_backend", lambda: self)

    def enumerate_devices(self) -> list[UsbPrinter]:
        return [printer for printer in self.printers if printer.plugged]

    def get_device_descriptor(self, dev: UsbPrinter) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=dev.vendor, idProduct=dev.product, bcdDevice=0x100, iManufacturer=0,
            iProduct=0, iSerialNumber=3 if dev.serial else 0, bNumConfigurations=1, address=1, bus=1,
            port_number=1, port_numbers=(1,), speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: UsbPrinter, config: int) -> Any:
        dev.check("descriptors")
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bConfigurationValue=1, iConfiguration=0,
            bNumInterfaces=len({setting.number for setting in dev.settings}), bmAttributes=0xC0, bMaxPower=1,
            extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: UsbPrinter, intf: int, alt: int, config: int) -> Any:
        setting = self._setting(dev, intf, alt)
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=setting.number, bAlternateSetting=setting.alternate,
            bNumEndpoints=len(setting.endpoints), bInterfaceClass=setting.kind, bInterfaceSubClass=1,
            bInterfaceProtocol=setting.protocol, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: UsbPrinter, ep: int, intf: int, alt: int, config: int) -> Any:
        address, attributes = self._setting(dev, intf, alt).endpoints[ep]
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=address, bmAttributes=attributes, wMaxPacketSize=_PACKET,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def _setting(self, dev: UsbPrinter, intf: int, alt: int) -> Setting:
        numbers = sorted({setting.number for setting in dev.settings})
        return [setting for setting in dev.settings if setting.number == numbers[intf]][alt]

    def open_device(self, dev: UsbPrinter) -> UsbPrinter:
        dev.check("open")
        return dev

    def close_device(self, dev_handle: UsbPrinter) -> None:
        dev_handle.calls.append("close")

    def set_configuration(self, dev_handle: UsbPrinter, config_value: int) -> None:
        dev_handle.check("configure")
        dev_handle.configured = True

    def get_configuration(self, dev_handle: UsbPrinter) -> int:
        dev_handle.check("configuration")
        return int(dev_handle.configured)

    def set_interface_altsetting(self, dev_handle: UsbPrinter, intf: int, altsetting: int) -> None:
        dev_handle.check(f"set {intf}.{altsetting}")

    def claim_interface(self, dev_handle: UsbPrinter, intf: int) -> None:
        dev_handle.check("claim")
        if dev_handle.driver:
            raise USBError("Resource busy", -6, errno.EBUSY)

    def release_interface(self, dev_handle: UsbPrinter, intf: int) -> None:
        dev_handle.check("release while it writes" if dev_handle.busy else "release")

    def is_kernel_driver_active(self, dev_handle: UsbPrinter, intf: int) -> bool:
        if "driver" in dev_handle.deny:
            raise dev_handle.deny["driver"]
        return dev_handle.driver

    def detach_kernel_driver(self, dev_handle: UsbPrinter, intf: int) -> None:
        dev_handle.check("detach")
        dev_handle.driver = False

    def attach_kernel_driver(self, dev_handle: UsbPrinter, intf: int) -> None:
        dev_handle.check("attach")
        dev_handle.driver = True

    def bulk_write(self, dev_handle: UsbPrinter, ep: int, intf: int, data: Any, timeout: int) -> int:
        """As far as the printer takes it before the time is over, packet by packet."""
        dev, left = dev_handle, bytes(data)
        with dev.news:
            dev.check(f"write {ep}")
            dev.busy = True
            ready = dev.news.wait_for(lambda: dev.printer.takes or not dev.plugged, timeout / 1000)
            dev.busy = False
            if not ready:
                raise USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            while left and dev.printer.takes:
                dev.check(f"write {ep}")
                dev.printer.receive(left[:_PACKET])
                dev.received += left[:_PACKET]
                left = left[_PACKET:]
            dev.news.notify_all()
        return len(data) - len(left)

    def bulk_read(self, dev_handle: UsbPrinter, ep: int, intf: int, buff: Any, timeout: int) -> int:
        assert timeout > 0, "0 would wait for ever"
        dev, replies = dev_handle, bytearray()

        def heard() -> bool:
            replies.extend(dev.printer.take_replies())
            return bool(replies) or not dev.plugged or "empty" in dev.deny

        with dev.news:
            dev.check(f"read {ep}")
            if not dev.news.wait_for(heard, timeout / 1000):
                raise USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            dev.check(f"read {ep}")
        buff[: len(replies)] = array.array("B", replies)
        return len(replies)

    def ctrl_transfer(
        self, dev_handle: UsbPrinter, bmRequestType: int, bRequest: int, wValue: int, wIndex: int, data: Any,  # noqa: N803
        timeout: int,
    ) -> int:  # fmt: skip
        dev_handle.check("control")
        match bmRequestType, bRequest, wValue >> 8:
            case 0x80, 6, 3:  # string descriptors
                text = dev_handle.serial.encode("utf-16-le") if wValue & 0xFF else b"\x09\x04"
                answer = bytes([2 + len(text), 3]) + text
            case _:
                raise USBError("Pipe error", -9, errno.EPIPE)
        buff = array.array("B", answer)
        data[: len(buff)] = buff
        return len(buff)
