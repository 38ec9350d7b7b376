"""Calls of Odoo's web client: what is read, and what any bytes come to."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comptoir.wire import jsonrpc
from comptoir.wire.jsonrpc import BadCall, Call

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


class Wanted(msgspec.Struct):
    data: dict[str, Any]


def body(**members: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "method": "call", **members}).encode()


def test_a_call_as_odoo_17_sends_it() -> None:
    sent = b'{"id":7,"jsonrpc":"2.0","method":"call","params":{"data":{"action":"cashbox"}}}'
    call = jsonrpc.read(sent)
    assert call == Call(b"7", {"data": {"action": "cashbox"}})
    assert jsonrpc.take(call, Wanted).data == {"action": "cashbox"}
    assert jsonrpc.result(call, True) == b'{"jsonrpc":"2.0","id":7,"result":true}'


@given(anything)
def test_an_id_comes_back_whatever_it_is(identity: Any) -> None:
    call = jsonrpc.read(body(id=identity, params={}))
    assert json.loads(jsonrpc.result(call, None)) == {"jsonrpc": "2.0", "id": identity, "result": None}


@pytest.mark.parametrize("identity", ["1e2", "12345678901234567890123", '"é"', "-0.0", "null"])
def test_an_id_comes_back_as_it_was_written(identity: str) -> None:
    call = jsonrpc.read(b'{"id": ' + identity.encode() + b"}")
    assert jsonrpc.result(call, 1) == b'{"jsonrpc":"2.0","id":' + identity.encode() + b',"result":1}'


def test_without_an_id_and_without_parameters() -> None:
    assert jsonrpc.read(b"{}") == Call(b"null", {})


@pytest.mark.parametrize(
    ("sent", "number", "identity"),
    [
        (b"", jsonrpc.PARSE_ERROR, None),
        (b"{", jsonrpc.PARSE_ERROR, None),
        (b'{"id": 1} {"id": 2}', jsonrpc.PARSE_ERROR, None),
        (b'{"id": "\xff"}', jsonrpc.PARSE_ERROR, None),
        (b'{"id": ' + b"[" * 100_000, jsonrpc.PARSE_ERROR, None),
        (b'{"params": ' + b'{"a":' * 100_000, jsonrpc.PARSE_ERROR, None),
        (b"[]", jsonrpc.INVALID_REQUEST, None),
        (b'{"params": 1, "id": nul', jsonrpc.INVALID_REQUEST, None),
        (b"true", jsonrpc.INVALID_REQUEST, None),
        (b'{"id": 4, "params": [1]}', jsonrpc.INVALID_REQUEST, 4),
        (b'{"params": null, "id": "x"}', jsonrpc.INVALID_REQUEST, "x"),
    ],
)
def test_what_is_no_call(sent: bytes, number: int, identity: object) -> None:
    with pytest.raises(BadCall) as caught:
        jsonrpc.read(sent)
    told = json.loads(jsonrpc.failure(caught.value.number, caught.value.message, caught.value.call_id))
    assert (told["error"]["code"], told["id"]) == (number, identity)


@pytest.mark.parametrize("params", [{}, {"data": None}, {"data": "x"}, {"other": {}}])
def test_missing_parameters_are_named_and_the_id_comes_back(params: dict[str, Any]) -> None:
    call = jsonrpc.read(body(id=3, params=params))
    with pytest.raises(BadCall, match="data") as caught:
        jsonrpc.take(call, Wanted)
    assert (caught.value.number, caught.value.call_id) == (jsonrpc.INVALID_PARAMS, b"3")


def test_an_error_has_what_odoos_client_reads() -> None:
    told = json.loads(jsonrpc.failure(jsonrpc.REFUSED, "Le tiroir n’a pas été ouvert.", b'"7"'))
    assert told["id"] == "7"
    error = told["error"]
    assert (error["code"], error["message"]) == (jsonrpc.REFUSED, "Le tiroir n’a pas été ouvert.")
    assert error["data"]["name"] == "odoo.exceptions.UserError"
    assert error["data"]["arguments"] == [error["message"]]


@given(st.binary(max_size=100) | anything.map(lambda value: json.dumps(value).encode()))
@example(b'{"id": \xc3\x28}')
@example(b'{"id": nul}')
@example(b'{"id": 1, "id": [}')
@example(b'{"id": 01}')
def test_any_bytes_are_a_call_or_refused(sent: bytes) -> None:
    try:
        told = jsonrpc.result(jsonrpc.read(sent), True)
    except BadCall as error:
        told = jsonrpc.failure(error.number, error.message, error.call_id)
    assert json.loads(told)["jsonrpc"] == "2.0"


def test_what_is_very_many_is_refused_before_it_costs_memory() -> None:
    most = b"1," * jsonrpc.MOST_VALUES
    assert jsonrpc.read(b'{"params":{"x":[%s1]}}' % most).params
    with pytest.raises(BadCall, match="10000 values"):
        jsonrpc.read(b'{"params":{"x":[%s1,1]}}' % most)
