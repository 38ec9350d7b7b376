import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import ConfigError
from comptoir.devices.uri import check_options, choice, number, seconds, split


def test_options_are_seconds() -> None:
    assert seconds("socket://h?timeout=2.5", "timeout", 5) == 2.5
    assert seconds("socket://h", "timeout", 5) == 5


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "nan", "1e9"])
def test_other_options_are_errors(text: str) -> None:
    with pytest.raises(ConfigError, match="number of seconds"):
        seconds(f"socket://h?stall={text}", "stall", 5)


@pytest.mark.parametrize("uri", ["socket://h:port", "socket://h:99999", "socket://[::1"])
def test_what_cannot_be_read(uri: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        split(uri)


def test_what_follows_the_colon_may_be_no_port() -> None:
    assert split("usb://04b8:0e15/X?stall=2", port=False).netloc == "04b8:0e15"
    assert seconds("usb://04b8:0e15/X?stall=2", "stall", 5) == 2


def test_numbers() -> None:
    assert number("serial:COM3?baud=19200", "baud", 9600, 50, 4_000_000) == 19_200
    assert number("usb:?out=0x82", "out", -1, 0, 255) == 0x82
    assert number("usb:", "out", -1, 0, 255) == -1


@pytest.mark.parametrize("text", ["", "x", "49", "4000001", "-9600", "0x", "96e2", "1.5"])
def test_other_numbers_are_errors(text: str) -> None:
    with pytest.raises(ConfigError, match="number from 50 to 4000000"):
        number(f"serial:COM3?baud={text}", "baud", 9600, 50, 4_000_000)


def test_words() -> None:
    words = {"none": "N", "even": "E"}
    assert choice("serial:COM3?parity=even", "parity", words, "none") == "E"
    assert choice("serial:COM3", "parity", words, "none") == "N"
    for text in ("", "E", "EVEN"):
        with pytest.raises(ConfigError, match="none of none, even"):
            choice(f"serial:COM3?parity={text}", "parity", words, "none")


def test_options_that_there_are_none_of() -> None:
    check_options("serial:COM3?baud=9600&stall=", ("baud", "stall"))
    with pytest.raises(ConfigError, match="'bauds'") as caught:
        check_options("serial:COM3?bauds=9600", ("baud", "stall"))
    assert "baud, stall" in caught.value.hint
    with pytest.raises(ConfigError, match="twice"):
        check_options("serial:COM3?baud=9600&baud=1200", ("baud",))


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_query_is_read_or_told(name: str, text: str) -> None:
    uri = f"serial:COM3?{name}={text}"
    with contextlib.suppress(ConfigError):
        check_options(uri, ("baud",))
    with contextlib.suppress(ConfigError):
        assert 50 <= number(uri, "baud", 9600, 50, 4_000_000) <= 4_000_000
