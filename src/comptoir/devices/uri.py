"""Reads device URIs: `scheme://host:port?option=value`. It opens nothing and knows no kind of device."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qsl, urlsplit

from comptoir.core.errors import ConfigError


def split(uri: str) -> SplitResult:
    """The parts of a device URI. Raises ConfigError where it cannot be read."""
    try:
        parts = urlsplit(uri)
        _ = parts.port  # read now: a port that is no number is told here, not when it is used
    except ValueError as error:
        raise ConfigError(f"The device URI {uri!r} cannot be read: {error}.", _EXAMPLE) from error
    return parts


def seconds(uri: str, option: str, default: float) -> float:
    """The option of the URI's query in seconds. Raises ConfigError where it is no positive number."""
    text = dict(parse_qsl(split(uri).query, keep_blank_values=True)).get(option)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 86_400:
        raise ConfigError(f"{option}={text} in {uri!r} is not a number of seconds.", _EXAMPLE)
    return value


_EXAMPLE = "For example socket://192.168.1.50:9100?timeout=5&stall=30"
