"""IPP messages as bytes (RFC 8010), requests and answers, in both directions. It sends nothing and knows no printer.

A message is a code (an operation or a status), a number and groups of attributes; what follows it in the same HTTP body
is the document, which is no part of it. A value is a Python value with the tag that says its syntax:

    integer, enum        int                 boolean     bool
    text, name, keyword, uri, charset, mimeMediaType …   str, with its language in `Value.language` where it has one
    resolution           Resolution          rangeOfInteger   Range
    begCollection        dict: member → values           everything else, dateTime too: bytes
    no-value, unknown, unsupported …         None
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

from comptoir.core.errors import RequestError

MEDIA_TYPE: Final = "application/ipp"
VERSION: Final = (2, 0)

#: bytes of one message: a printer that tells all media it knows with all their margins says 200 kB
MOST_BYTES: Final = 4 << 20
#: of all collections together: each value is an object of ours, however short it is
MOST_VALUES: Final = 100_000
MOST_DEPTH: Final = 8  # collections in collections


class Tag(IntEnum):
    """Delimiters and syntaxes, RFC 8010 §3.5."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED_GROUP = 0x05
    SUBSCRIPTION = 0x06
    EVENT = 0x07
    DOCUMENT = 0x09
    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER = 0x4A


class Resolution(NamedTuple):
    """Across, along; unit 3: dots an inch, 4: dots a centimetre."""

    across: int
    along: int
    unit: int = 3


class Range(NamedTuple):
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Value:
    """One value; an attribute has one or more. `language`: of a text or name that says its own."""

    tag: int
    value: object = None
    language: str = ""


Attributes = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Group:
    """Attributes of one kind, in their order. `tag`: a delimiter; there may be several groups of one kind (jobs)."""

    tag: int
    attributes: dict[str, tuple[Value, ...]] = field(default_factory=dict)

    def first(self, name: str) -> object:
        """The first value; None where there is no such attribute, or no value of it."""
        values = self.attributes.get(name)
        return values[0].value if values else None

    def all(self, name: str) -> tuple[object, ...]:
        """Every value that is one."""
        return tuple(one.value for one in self.attributes.get(name, ()) if one.value is not None)

    def texts(self, name: str) -> tuple[str, ...]:
        """Every value that is a text."""
        return tuple(value for value in self.all(name) if isinstance(value, str))

    def number(self, name: str) -> int | None:
        """The first value where it is a whole number."""
        value = self.first(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Message:
    """A request, `code` an Operation, or an answer, `code` a Status; each may be one that is not known here."""

    code: int
    request_id: int
    groups: tuple[Group, ...] = ()
    version: tuple[int, int] = VERSION

    def group(self, tag: int) -> Group:
        """The first group of this kind; an empty one where there is none."""
        return next((group for group in self.groups if group.tag == tag), Group(tag))

    def all(self, tag: int) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.tag == tag)


class BadMessage(RequestError):
    """The bytes are no IPP message, or more of one than is read. `message` says what is wrong and at which byte."""

    code = "bad-ipp"


# -- writing -----------------------------------------------------------------------------------------------------------


def encode(message: Message) -> bytes:
    """The bytes of a message, the end tag included. Raises ValueError for a value that its tag cannot hold."""
    out = bytearray(struct.pack(">BBHI", *message.version, message.code, message.request_id))
    for group in message.groups:
        out.append(group.tag)
        for name, values in group.attributes.items():
            _write(out, name.encode(), values)
    out.append(Tag.END)
    return bytes(out)


def _write(out: bytearray, name: bytes, values: Iterable[Value]) -> None:
    for index, one in enumerate(values):
        _item(out, one.tag, b"" if index else name, _octets(one))
        if one.tag == Tag.COLLECTION:
            assert isinstance(one.value, dict)
            for member, inner in one.value.items():
                _item(out, Tag.MEMBER, b"", member.encode())
                _write(out, b"", inner)
            _item(out, Tag.END_COLLECTION, b"", b"")


def _item(out: bytearray, tag: int, name: bytes, value: bytes) -> None:
    if len(name) > 0x7FFF or len(value) > 0x7FFF:
        raise ValueError("a name or a value of IPP has 32,767 bytes at most")
    out += struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


def _octets(one: Value) -> bytes:
    match one.value:
        case None:
            return b""
        case dict():
            return b""
        case bool(true):
            return b"\1" if true else b"\0"
        case int(number):
            try:
                return struct.pack(">i", number)
            except struct.error as error:
                raise ValueError(f"{number} is no integer of IPP: 32 bits with a sign") from error
        case Resolution() as resolution:
            return struct.pack(">iib", *resolution)
        case Range() as bounds:
            return struct.pack(">ii", *bounds)
        case str(text) if one.tag in (Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE):
            language, said = one.language.encode(), text.encode()
            return struct.pack(">H", len(language)) + language + struct.pack(">H", len(said)) + said
        case str(text):
            return text.encode()
        case bytes(octets):
            return octets
        case _:
            raise ValueError(f"{one.value!r} is no value of IPP")


# -- reading -----------------------------------------------------------------------------------------------------------


def decode(data: bytes) -> Message:
    """The message that these bytes begin with. Raises BadMessage, also where it does not end."""
    reader = Reader()
    reader.feed(data)
    if reader.message is None:
        raise BadMessage(f"an IPP message ends in the middle, after {len(data)} bytes", _HINT)
    return reader.message


_HINT: Final = "Is this really an IPP printer or client (RFC 8010)?"


@dataclass(frozen=True, slots=True)
class _Token:
    """An attribute value as it lies in the bytes; a delimiter has neither name nor value."""

    tag: int
    name: bytes = b""
    value: bytes = b""
    at: int = 0
    strict: bool = False


class Reader:
    """Reads a message that comes piece by piece. `message` is there once it is whole, `rest` what follows it.

    most, values: more bytes, or values, are refused. strict: so are texts that are no UTF-8.
    """

    def __init__(self, most: int = MOST_BYTES, values: int = MOST_VALUES, *, strict: bool = False) -> None:
        self.message: Message | None = None
        #: the first bytes of the document
        self.rest = b""
        self._most = most
        self._values = values
        self._strict = strict
        self._buffer = bytearray()
        self._at = 8
        self._tokens: list[_Token] = []

    def feed(self, data: bytes) -> None:
        """The next bytes. Raises BadMessage as soon as it is clear that they are none."""
        if self.message is not None:
            self.rest += data
            return
        self._buffer += data
        while len(self._buffer) > self._at:
            token = self._token()
            if token is None:
                break
            if token.tag == Tag.END:
                self._finish()
                return
            self._tokens.append(token)
            if len(self._tokens) > self._values:
                raise BadMessage(f"an IPP message has more than {self._values:,} values", _HINT)
        if len(self._buffer) > self._most:
            raise BadMessage(f"an IPP message is longer than {self._most:,} bytes", _HINT)

    @property
    def head(self) -> tuple[tuple[int, int], int, int] | None:
        """Version, code and number, as soon as they are here: an answer to what is no message needs them."""
        if self.message is not None:
            return self.message.version, self.message.code, self.message.request_id
        if len(self._buffer) < 8:
            return None
        major, minor, code, number = struct.unpack_from(">BBHI", self._buffer)
        return (major, minor), code, number

    def _token(self) -> _Token | None:
        """The next one, where it is here whole."""
        at, buffer = self._at, self._buffer
        tag = buffer[at]
        if tag < 0x10:
            self._at = at + 1
            return _Token(tag, at=at)
        name = self._counted(at + 1)
        value = None if name is None else self._counted(at + 3 + len(name))
        if name is None or value is None:
            return None
        self._at = at + 5 + len(name) + len(value)
        return _Token(tag, name, value, at, self._strict)

    def _counted(self, at: int) -> bytes | None:
        """So many bytes as the two at `at` say; None where they are not all here."""
        if len(self._buffer) < at + 2:
            return None
        length = int.from_bytes(self._buffer[at : at + 2])
        if length > 0x7FFF:
            raise BadMessage(f"byte {at} of an IPP message says a length of {length}", _HINT)
        end = at + 2 + length
        return None if len(self._buffer) < end else bytes(self._buffer[at + 2 : end])

    def _finish(self) -> None:
        major, minor, code, number = struct.unpack_from(">BBHI", self._buffer)
        self.message = Message(code, number, _groups(self._tokens), (major, minor))
        self.rest = bytes(self._buffer[self._at :])
        self._buffer.clear()
        self._tokens.clear()


def _groups(tokens: list[_Token]) -> tuple[Group, ...]:
    groups: list[Group] = []
    items = _Items(tokens)
    while (token := items.next()) is not None:
        if token.tag < 0x10:
            groups.append(Group(token.tag))
            name = ""
            continue
        if not groups:
            raise BadMessage(f"byte {token.at} of an IPP message: an attribute before any group", _HINT)
        name = _text(token, token.name) or name
        if not name or (token.name and name in groups[-1].attributes):
            raise BadMessage(f"byte {token.at} of an IPP message: an attribute without a name of its own", _HINT)
        known = groups[-1].attributes.get(name, ())
        groups[-1].attributes[name] = (*known, items.value(token)) if len(known) < 16 else _more(known, items, token)
    return tuple(groups)


def _more(known: tuple[Value, ...], items: _Items, token: _Token) -> tuple[Value, ...]:
    """A long list of values read to its end: one by one, each would copy all before it."""
    values = [*known, items.value(token)]
    while (further := items.peek()) is not None and further.tag >= 0x10 and not further.name:
        items.next()
        values.append(items.value(further))
    return tuple(values)


class _Items:
    """Tokens in their order, and the values that they make."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0

    def peek(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def next(self) -> _Token | None:
        token = self.peek()
        self._place += 1
        return token

    def value(self, token: _Token, depth: int = 0) -> Value:
        """The value that begins with this token. Raises BadMessage."""
        if token.tag in (Tag.MEMBER, Tag.END_COLLECTION):
            raise BadMessage(f"byte {token.at} of an IPP message: a member outside of a collection", _HINT)
        if token.tag == Tag.COLLECTION:
            if depth >= MOST_DEPTH:
                raise BadMessage(f"byte {token.at} of an IPP message: collections nested too deeply", _HINT)
            return Value(token.tag, self._members(token, depth + 1))
        return _value(token)

    def _members(self, begin: _Token, depth: int) -> dict[str, tuple[Value, ...]]:
        members: dict[str, list[Value]] = {}
        name = ""
        while (token := self.next()) is not None and token.tag >= 0x10 and not token.name:
            if token.tag == Tag.END_COLLECTION:
                return {member: tuple(values) for member, values in members.items()}
            if token.tag == Tag.MEMBER:
                name = _text(token, token.value)
                members[name] = []
            elif not name:
                break
            else:
                members[name].append(self.value(token, depth))
        raise BadMessage(f"byte {begin.at} of an IPP message: a collection that does not end", _HINT)


def _value(token: _Token) -> Value:
    tag, octets = token.tag, token.value
    try:
        match tag:
            case Tag.INTEGER | Tag.ENUM:
                return Value(tag, *struct.unpack(">i", octets))
            case Tag.BOOLEAN:
                (true,) = struct.unpack(">B", octets)
                return Value(tag, bool(true))
            case Tag.RESOLUTION:
                return Value(tag, Resolution(*struct.unpack(">iib", octets)))
            case Tag.RANGE:
                return Value(tag, Range(*struct.unpack(">ii", octets)))
            case Tag.TEXT_WITH_LANGUAGE | Tag.NAME_WITH_LANGUAGE:
                (length,) = struct.unpack_from(">H", octets)
                (said,) = struct.unpack_from(">H", octets, 2 + length)
                if len(octets) != 4 + length + said:
                    raise struct.error("its lengths do not fit")
                return Value(tag, _text(token, octets[4 + length :]), _text(token, octets[2 : 2 + length]))
    except struct.error as error:
        raise BadMessage(f"byte {token.at} of an IPP message: a value of syntax {tag:#04x}: {error}", _HINT) from None
    if tag < 0x20:
        return Value(tag)
    return Value(tag, _text(token, octets)) if 0x40 <= tag < 0x60 else Value(tag, octets)


def _text(token: _Token, octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        if token.strict:
            raise BadMessage(f"byte {token.at} of an IPP message: a text that is not UTF-8", _HINT) from None
        # A printer that says Latin 1 in the name of a tray is no reason to print nothing.
        return octets.decode("latin-1")
