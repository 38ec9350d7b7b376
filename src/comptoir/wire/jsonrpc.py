"""JSON-RPC 2.0 as Odoo's web client speaks it: one call in the body of a POST, one answer. No batches, no routing.

The method of a call says nothing there (it is always `call`): the address does. An id is any JSON and comes back as it
came. An error carries `data` as Odoo's own server gives it, because its client fails on an error without.
https://www.jsonrpc.org/specification; Odoo: addons/web/static/src/core/network/rpc.js
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec

from comptoir.core.errors import RequestError

#: codes of errors (JSON-RPC 2.0, §5.1); REFUSED is one of those that are left to the service
PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
INVALID_PARAMS: Final = -32602
REFUSED: Final = -32000

#: of all lists and objects together: a call has a dozen, and each costs memory and time however small it is
MOST_VALUES: Final = 10_000

#: the id of an answer to what had none that could be read
NO_ID: Final = b"null"

#: Odoo's client shows the message of an error of this name in a box of its own, and others as a crash
_FOR_PEOPLE: Final = "odoo.exceptions.UserError"

T = TypeVar("T")
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked. `id`: JSON as it came."""

    id: bytes
    params: dict[str, Any]


class BadCall(RequestError):
    """The call cannot be understood. `number`: one of the codes above; `call_id`: JSON as it came."""

    code = "bad-call"

    def __init__(self, number: int, message: str, call_id: bytes = NO_ID) -> None:
        super().__init__(message, 'Send {"jsonrpc": "2.0", "method": "call", "params": {…}, "id": …}.')
        self.number = number
        self.call_id = call_id


class _Request(msgspec.Struct):
    # Bytes of a Raw are those of the message: an id comes back as it came, 1e2 as 1e2.
    id: msgspec.Raw = msgspec.Raw(NO_ID)
    params: dict[str, Any] = {}


class _OnlyId(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw(NO_ID)


_request = msgspec.json.Decoder(_Request).decode
_only_id = msgspec.json.Decoder(_OnlyId).decode


def read(body: bytes) -> Call:
    """The call in a body. Raises BadCall."""
    if body.count(b",") > MOST_VALUES:
        raise BadCall(INVALID_REQUEST, f"a call has no more than {MOST_VALUES} values")
    try:
        text = body.decode()  # a Raw is taken unread, and must be text all the same
        request = _request(text)
    except msgspec.ValidationError as error:
        raise BadCall(INVALID_REQUEST, f"this is no call: {error}", _id_of(body)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadCall(PARSE_ERROR, f"the body is no JSON in UTF-8: {error}") from None
    return Call(bytes(request.id), request.params)


def take(call: Call, shape: type[T]) -> T:
    """The parameters of a call in this shape. Raises BadCall that names what is missing or of another type."""
    try:
        return msgspec.convert(call.params, shape)
    except msgspec.ValidationError as error:
        raise BadCall(INVALID_PARAMS, f"the parameters are not right: {error}", call.id) from None


def result(call: Call, value: object) -> bytes:
    """The answer to a call."""
    return b'{"jsonrpc":"2.0","id":' + call.id + b',"result":' + _encode(value) + b"}"


def failure(number: int, message: str, call_id: bytes = NO_ID) -> bytes:
    """The answer to a call that cannot be carried out. `message`: a sentence for the person at the till."""
    data = {"name": _FOR_PEOPLE, "message": message, "arguments": [message], "context": {}, "debug": ""}
    error = _encode({"code": number, "message": message, "data": data})
    return b'{"jsonrpc":"2.0","id":' + call_id + b',"error":' + error + b"}"


def _id_of(body: bytes) -> bytes:
    """The id of a call whose other parts are wrong."""
    try:
        return bytes(_only_id(body).id)
    except (msgspec.DecodeError, RecursionError):  # no object, or no JSON after what was wrong
        return NO_ID
