"""Reads device URIs: `scheme://host:port?option=value`. It opens nothing and knows no kind of device."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, urlsplit

from comptoir.core.errors import ConfigError

T = TypeVar("T")


def split(uri: str, *, port: bool = True) -> SplitResult:
    """The parts of a device URI; `port` False where what follows the host's colon is none. Raises ConfigError where
    it cannot be read."""
    try:
        parts = urlsplit(uri)
        if port:
            _ = parts.port  # read now: a port that is no number is told here, not when it is used
    except ValueError as error:
        raise ConfigError(f"The device URI {uri!r} cannot be read: {error}.", _EXAMPLE) from error
    return parts


def check_options(uri: str, known: Collection[str]) -> None:
    """Raises ConfigError for an option in the URI's query that is not among the known ones, or is there twice."""
    names = [name for name, _ in parse_qsl(split(uri, port=False).query, keep_blank_values=True)]
    for name in names:
        if name not in known:
            raise ConfigError(
                f"{uri!r} has the option {name!r}, which there is none of.", f"Known: {', '.join(known)}."
            )
        if names.count(name) > 1:
            raise ConfigError(f"{uri!r} has the option {name!r} twice.")


def seconds(uri: str, option: str, default: float) -> float:
    """The option of the URI's query in seconds. Raises ConfigError where it is no positive number."""
    text = _text(uri, option)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 86_400:
        raise ConfigError(f"{option}={text} in {uri!r} is not a number of seconds.", _EXAMPLE)
    return value


def number(uri: str, option: str, default: int, least: int, most: int) -> int:
    """The option as a whole number, decimal or hexadecimal with 0x. Raises ConfigError where it is none from `least`
    to `most`."""
    text = _text(uri, option)
    if text is None:
        return default
    try:
        value = int(text, 16 if text.lower().startswith("0x") else 10)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise ConfigError(f"{option}={text} in {uri!r} is not a number from {least} to {most}.")
    return value


def choice(uri: str, option: str, choices: Mapping[str, T], default: str) -> T:
    """What the option's word stands for. Raises ConfigError where it is none of the words."""
    text = _text(uri, option)
    word = default if text is None else text
    if word not in choices:
        raise ConfigError(f"{option}={word} in {uri!r} is none of {', '.join(choices)}.")
    return choices[word]


def _text(uri: str, option: str) -> str | None:
    return dict(parse_qsl(split(uri, port=False).query, keep_blank_values=True)).get(option)


_EXAMPLE = "For example socket://192.168.1.50:9100?timeout=5&stall=30"
