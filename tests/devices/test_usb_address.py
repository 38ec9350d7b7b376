from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import ConfigError
from comptoir.devices.usb_address import UsbAddress, read_address


@pytest.mark.parametrize(
    ("uri", "address", "words"),
    [
        ("usb:", UsbAddress(), "a USB printer"),
        ("usb:?interface=1", UsbAddress(interface=1), "a USB printer"),
        ("usb://04b8:0E15", UsbAddress(0x04B8, 0x0E15), "the USB printer 04b8:0e15"),
        ("usb://0x04b8:0x0e15", UsbAddress(0x04B8, 0x0E15), "the USB printer 04b8:0e15"),
        ("usb://0519:0001/A%20B", UsbAddress(0x0519, 1, "A B"), "the USB printer 0519:0001/A B"),
        (
            "usb://04b8:0e15/J7?interface=0&out=0x01&in=130&stall=3",
            UsbAddress(0x04B8, 0x0E15, "J7", 0, 0x01, 0x82),
            "the USB printer 04b8:0e15/J7",
        ),
    ],
)
def test_addresses(uri: str, address: UsbAddress, words: str) -> None:
    assert read_address(uri) == address
    assert str(address) == words


@pytest.mark.parametrize(
    "uri", ["usb://04b8", "usb://04b8:", "usb://:0e15", "usb://printer", "usb:printer", "usb:///X", "usb://12345:1"]
)
def test_what_names_no_usb_printer(uri: str) -> None:
    with pytest.raises(ConfigError, match="names no USB printer"):
        read_address(uri)


@pytest.mark.parametrize("option", ["out=0x81", "out=0", "in=0x01", "in=0x90", "interface=256", "endpoint=1"])
def test_options_that_cannot_be(option: str) -> None:
    with pytest.raises(ConfigError):
        read_address(f"usb:?{option}")


def test_any_printer_or_the_one() -> None:
    assert UsbAddress().matches(1, 2)
    assert UsbAddress(1, 2).matches(1, 2)
    assert not UsbAddress(1, 2).matches(1, 3)
    assert not UsbAddress(1, 2).matches(2, 2)


@given(st.text(max_size=30))
def test_any_text_is_read_or_told(text: str) -> None:
    for uri in (f"usb:{text}", f"usb://{text}", f"usb://04b8:0e15/{text}"):
        with contextlib.suppress(ConfigError):
            read_address(uri)
