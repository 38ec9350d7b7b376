"""Which requests are well-formed: each rule of RFC 8011 §4.1 by a request that breaks it; anything is answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import BadMessage, Group, Message, Tag, Value, decode, encode
from comptoir.wire.ipp_codes import Operation, Status
from comptoir.wire.ipp_request import LONGEST, SYNTAX, Refused, check, template_of, version_for

OPERATIONS = frozenset(Operation)
FIRST = {"attributes-charset": v.charset("utf-8"), "attributes-natural-language": v.language("fr")}
TARGET = {"printer-uri": v.uri("ipp://localhost/ipp/print")}


def message(
    attributes: dict[str, v.Values] | None = None,
    *more: Group,
    code: int = Operation.GET_PRINTER_ATTRIBUTES,
    number: int = 1,
    version: tuple[int, int] = (2, 0),
) -> Message:
    first = {**FIRST, **TARGET} if attributes is None else attributes
    return Message(code, number, (Group(Tag.OPERATION, first), *more), version)


def status(of: Message) -> int:
    with pytest.raises(Refused) as refused:
        check(of, OPERATIONS)
    assert refused.value.message
    return refused.value.status


def test_a_request_as_it_should_be() -> None:
    assert check(message(), OPERATIONS).texts("printer-uri") == ("ipp://localhost/ipp/print",)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (message(version=(0, 0)), Status.VERSION_NOT_SUPPORTED),
        (message(version=(3, 0)), Status.VERSION_NOT_SUPPORTED),
        (message(number=0), Status.BAD_REQUEST),
        (message(number=2**31), Status.BAD_REQUEST),
        (message({}), Status.BAD_REQUEST),
        (message(dict(reversed(FIRST.items())) | TARGET), Status.BAD_REQUEST),
        (message({**TARGET, **FIRST}), Status.BAD_REQUEST),
        (message({"attributes-charset": FIRST["attributes-charset"], **TARGET}), Status.BAD_REQUEST),
        (message({**FIRST, "attributes-charset": v.keyword("utf-8"), **TARGET}), Status.BAD_REQUEST),
        (message({**FIRST, "attributes-charset": v.charset("utf-8", "x"), **TARGET}), Status.BAD_REQUEST),
        (message({**FIRST, "attributes-charset": v.charset("iso-8859-1"), **TARGET}), Status.CHARSET_NOT_SUPPORTED),
        (message(FIRST), Status.BAD_REQUEST),
        (message({**FIRST, "printer-uri": v.text("x")}), Status.BAD_REQUEST),
        (message({**FIRST, "printer-uri": v.uri("")}), Status.BAD_REQUEST),
        (message(code=0x3FFF), Status.OPERATION_NOT_SUPPORTED),
        (message(code=Operation.CANCEL_JOB), Status.BAD_REQUEST),
        (message({**FIRST, **TARGET, "job-name": v.integer(1)}), Status.BAD_REQUEST),
        (message({**FIRST, **TARGET, "limit": v.integer(1, 2)}), Status.BAD_REQUEST),
        (message({**FIRST, **TARGET, "my-jobs": (Value(Tag.NO_VALUE),)}), Status.BAD_REQUEST),
        (message({**FIRST, **TARGET, "job-name": (Value(Tag.NAME, "x" * 256),)}), Status.VALUE_TOO_LONG),
        (message({**FIRST, **TARGET, "x" * 256: v.integer(1)}), Status.BAD_REQUEST),
        (message(None, Group(Tag.JOB), Group(Tag.JOB)), Status.BAD_REQUEST),
        (message(None, Group(Tag.PRINTER), Group(Tag.JOB)), Status.BAD_REQUEST),
        (message(None, Group(Tag.OPERATION)), Status.BAD_REQUEST),
        (Message(2, 1, ()), Status.BAD_REQUEST),
        (Message(2, 1, (Group(Tag.JOB), Group(Tag.OPERATION, {**FIRST, **TARGET}))), Status.BAD_REQUEST),
    ],
)
def test_what_is_not_well_formed(of: Message, expected: int) -> None:
    assert status(of) == expected


@pytest.mark.parametrize(
    ("asked", "answered"),
    [((1, 0), (1, 0)), ((1, 1), (1, 1)), ((2, 1), (2, 1)), ((2, 2), (2, 1)), ((1, 9), (1, 1)), ((9, 0), (2, 1))],
)
def test_the_version_of_the_answer(asked: tuple[int, int], answered: tuple[int, int]) -> None:
    assert version_for(asked) == answered


def test_a_job_by_its_uri_needs_no_printer() -> None:
    known = {**FIRST, "job-uri": v.uri("ipp://localhost/ipp/print/jobs/1")}
    assert check(message(known, code=Operation.CANCEL_JOB), OPERATIONS)


def test_groups_that_nobody_knows_are_passed_over() -> None:
    assert check(message(None, Group(0x0E, {"x": v.integer(1)})), OPERATIONS)


def test_wishes_of_another_syntax_and_unknown_ones_are_told() -> None:
    wishes = {"copies": v.integer(2), "sides": v.integer(1), "staple-it": v.boolean(True)}
    right, wrong = template_of(message(None, Group(Tag.JOB, wishes)))
    assert right == {"copies": v.integer(2)}
    assert wrong == {"sides": v.integer(1), "staple-it": (Value(Tag.UNSUPPORTED),)}


@given(
    st.dictionaries(
        st.sampled_from([*SYNTAX, "unknown"]),
        st.lists(
            st.one_of(
                st.builds(Value, st.sampled_from([Tag.NAME, Tag.KEYWORD, Tag.URI, Tag.CHARSET]), st.text(max_size=9)),
                st.builds(Value, st.sampled_from([Tag.INTEGER, Tag.ENUM]), st.integers(-9, 9)),
                st.just(Value(Tag.NO_VALUE)),
            ),
            min_size=1,
            max_size=3,
        ).map(tuple),
    ),
    st.sampled_from(list(Operation)),
)
def test_anything_is_taken_or_refused(attributes: dict[str, v.Values], code: int) -> None:
    try:
        known = check(message({**FIRST, **TARGET, **attributes}, code=code), OPERATIONS)
    except Refused as refused:
        assert 0x400 <= refused.status < 0x600
    else:
        for name, values in known.attributes.items():
            assert name not in SYNTAX or all(value.tag in SYNTAX[name] for value in values)


@given(st.binary(max_size=300))
def test_any_bytes_are_no_message_or_checked(data: bytes) -> None:
    prefix = encode(message())[:-1]
    try:
        read = decode(prefix + data + b"\3")
    except BadMessage:
        return
    try:
        check(read, OPERATIONS)
    except Refused as refused:
        assert refused.status != Status.INTERNAL_ERROR


def test_no_syntax_is_without_a_bound() -> None:
    assert all(0 < most <= 1023 for most in LONGEST.values())
