"""Short words for values of IPP: each makes an attribute's values of the Python ones, with the tag of their syntax."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from comptoir.wire.ipp import Range, Resolution, Tag, Value

Values = tuple[Value, ...]


def keyword(*words: str) -> Values:
    return tuple(Value(Tag.KEYWORD, word) for word in words)


def text(*texts: str) -> Values:
    """Cut to what the syntax holds: 1,023 bytes."""
    return tuple(Value(Tag.TEXT, shortened(one, 1023)) for one in texts)


def name(*names: str) -> Values:
    """Cut to what the syntax holds: 255 bytes."""
    return tuple(Value(Tag.NAME, shortened(one, 255)) for one in names)


def uri(*uris: str) -> Values:
    return tuple(Value(Tag.URI, one) for one in uris)


def mime(*types: str) -> Values:
    return tuple(Value(Tag.MIME_TYPE, one) for one in types)


def charset(*charsets: str) -> Values:
    return tuple(Value(Tag.CHARSET, one) for one in charsets)


def language(*languages: str) -> Values:
    return tuple(Value(Tag.LANGUAGE, one) for one in languages)


def integer(*numbers: int) -> Values:
    return tuple(Value(Tag.INTEGER, number) for number in numbers)


def enum(*numbers: int) -> Values:
    return tuple(Value(Tag.ENUM, int(number)) for number in numbers)


def boolean(true: bool) -> Values:
    return (Value(Tag.BOOLEAN, true),)


def octets(*strings: bytes) -> Values:
    return tuple(Value(Tag.OCTETS, one) for one in strings)


def span(low: int, high: int) -> Values:
    """A rangeOfInteger."""
    return (Value(Tag.RANGE, Range(low, high)),)


def dots(*per_inch: int) -> Values:
    """Resolutions, the same across and along."""
    return tuple(Value(Tag.RESOLUTION, Resolution(one, one)) for one in per_inch)


def collection(*members: Mapping[str, Values]) -> Values:
    return tuple(Value(Tag.COLLECTION, dict(one)) for one in members)


def no_value() -> Values:
    return (Value(Tag.NO_VALUE),)


def unknown() -> Values:
    return (Value(Tag.UNKNOWN),)


def date_time(at: datetime) -> Values:
    """RFC 2579's DateAndTime, with its zone: eleven bytes (RFC 8010 §3.9)."""
    offset = at.utcoffset()
    minutes = 0 if offset is None else round(offset.total_seconds() / 60)
    zone = (ord("+" if minutes >= 0 else "-"), *divmod(abs(minutes), 60))
    octets = at.year.to_bytes(2) + bytes(
        (at.month, at.day, at.hour, at.minute, at.second, at.microsecond // 100_000, *zone)
    )
    return (Value(Tag.DATE_TIME, octets),)


def shortened(said: str, most: int) -> str:
    """As many whole characters as fit into so many bytes of UTF-8."""
    return said.encode()[:most].decode(errors="ignore")
