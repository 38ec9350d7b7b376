import pytest

from comptoir.core.errors import ConfigError
from comptoir.devices.uri import seconds, split


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
