"""Maarch RM's bodies and answers: what is written its message allows, and what is read is never believed too soon."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from urllib.parse import unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.maarch_body import Reader

from comptoir.wire import maarch
from comptoir.wire.maarch import Answer, Deposit, Resource, Stored, Trouble, read_deposit, read_exists, read_found

UID = "0123456789abcdef" * 2
ID = maarch.archive_id(UID)


def resource(content: bytes, name: str = "FAC 1.pdf") -> Resource:
    return Resource(name, "application/pdf", len(content), hashlib.sha256(content).hexdigest())


def body(deposit: Deposit, *contents: bytes) -> bytes:
    """As a sink writes it."""
    rest = iter(contents)
    return b"".join(
        part if isinstance(part, bytes) else base64.b64encode(next(rest)) for part in deposit.parts()
    )  # fmt: skip


# -- bodies -----------------------------------------------------------------------------------------------------------


def test_a_deposit_is_the_message_of_the_interface() -> None:
    values = {
        "archiveName": "FAC 1", "retentionRuleCode": "", "descriptionObject": {"title": "É", "none": "", "paid": False,
        "total": 0, "list": ["a", ""], "empty": [""]},
    }  # fmt: skip
    deposit = Deposit(ID, values, (resource(b"abcd"),))
    written = body(deposit, b"abcd")
    assert json.loads(written) == {
        "archive": {
            "archiveId": ID,
            "archiveName": "FAC 1",
            "descriptionObject": {"title": "É", "paid": False, "total": 0, "list": ["a"]},
            "digitalResources": [
                {
                    "fileName": "FAC 1.pdf", "fileExtension": "pdf", "mimetype": "application/pdf", "size": 4,
                    "hash": hashlib.sha256(b"abcd").hexdigest(), "hashAlgorithm": "SHA256", "handler": "YWJjZA==",
                }
            ],
        },
        "zipContainer": False,
    }  # fmt: skip
    assert len(written) == deposit.length


@given(st.dictionaries(st.text(), st.text() | st.booleans() | st.lists(st.text())),
       st.lists(st.tuples(st.text(), st.binary(min_size=1)), min_size=1, max_size=3))  # fmt: skip
def test_any_deposit_is_read_as_it_was_meant(values: dict[str, object], files: list[tuple[str, bytes]]) -> None:
    deposit = Deposit(ID, {"descriptionObject": values}, tuple(resource(content, name) for name, content in files))
    written = body(deposit, *(content for _, content in files))
    assert len(written) == deposit.length
    reader = Reader()
    reader.feed(written)
    archive = reader.archive()
    assert archive.id == ID
    assert archive.contents == [content for _, content in files]


@given(st.text())
def test_an_identity_has_the_letters_of_its_paths(uid: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", maarch.archive_id(uid))


def test_paths() -> None:
    assert maarch.exists_path(ID) == f"/recordsManagement/archive/{ID}/Exists"
    assert maarch.search_path(ID, "ab").endswith(f"/Finddocuments?hash=ab&hashAlgorithm=SHA256&archiveId={ID}")


# -- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["a+/b==", "a%2B%2Fb%3D%3D", " a+/b==\n", "LAABS-AUTH=a+/b==", '"a+/b=="', "LAABS-AUTH=a%2b%2fb%3d%3d"]
)
def test_a_token_is_encoded_once(text: str) -> None:
    assert maarch.cookie_value(text) == "a%2B%2Fb%3D%3D"


@given(st.binary(min_size=1))
def test_any_token_arrives_as_it_is(token: bytes) -> None:
    plain = base64.b64encode(token).decode()
    value = maarch.cookie_value(plain)
    assert unquote_plus(value) == plain
    assert maarch.cookie_value(value) == value
    assert maarch.cookie_forms(value) == (value, plain)
    assert maarch.headers(value, "1.0", "service") == {
        "Accept": "application/json", "User-Agent": "Comptoir/1.0 service", "Cookie": f"LAABS-AUTH={value}",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "a b", "é", "a;b", "a\nb", "%0d%0aX", "{}"])
def test_what_is_no_token_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="expected letters"):
        maarch.cookie_value(text)


# -- answers ----------------------------------------------------------------------------------------------------------

SQL = "Exception; An error occured during the execution of the data access statement."


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Answer(200, "Exception; Invalid hash.", b'{"message":"Invalid hash.","code":0}'), "damaged", "Invalid hash."),
        (Answer(200, None, b'{"message":"Invalid hash.","code":0}'), "damaged", "Invalid hash."),
        (Answer(200, "E; Missing hash.", b""), "declined", "Missing hash."),
        (Answer(200, "E; The deposit has been blocked because activity is disabled.", b"{}"), "busy", "The deposit"),
        (Answer(200, "E; The container file is non-compliant", b"{}"), "declined", "The container"),
        (Answer(200, SQL, b"{}"), "database", "An error occured"),
        (Answer(200, "", b'"id"'), "database", "status 200"),
        (Answer(200, SQL, b'"id"'), "database", "An error occured"),
        (Answer(200, "Exception; Undefined route", b"{}"), "database", "Undefined route"),
        (Answer(200, None, b""), "unclear", "without the archive's identity"),
        (Answer(200, None, b"{}"), "unclear", "without"),
        (Answer(200, None, b"null"), "unclear", "without"),
        (Answer(200, None, b'""'), "unclear", "without"),
        (Answer(200, None, b'" "'), "unclear", "without"),
        (Answer(200, None, b"[1]"), "unclear", "without"),
        (Answer(200, None, b'"cut', False), "unclear", "without"),
        (Answer(200, None, b'"whole"', False), "unclear", "without"),
        (Answer(200, None, b" <html>"), "elsewhere", "a page for people"),
        (Answer(201, None, b'"id"'), "unclear", "status 201"),
        (Answer(302, None, b""), "elsewhere", "a redirection (302)"),
        (Answer(404, None, b"<h1>Not Found"), "elsewhere", "status 404"),
        (
            Answer(404, "N; x", b'{"message":"The retention rule not found"}'),
            "declined",
            "The retention rule not found",
        ),
        (Answer(404, None, b'{"message":"Invalid format"}'), "declined", "Invalid format"),
        (Answer(401, "U; x", b'{"message":"Missing authentication credential"}'), "token", "Missing auth"),
        (Answer(403, None, b""), "forbidden", "status 403"),
        (Answer(413, None, b"<h1>"), "too-big", "status 413"),
        (Answer(429, None, b""), "busy", "status 429"),
        (Answer(500, None, b"<b>Fatal"), "busy", "status 500"),
        (Answer(502, None, b""), "busy", "status 502"),
    ],
)
def test_what_is_no_success(answer: Answer, kind: str, words: str) -> None:
    found = read_deposit(answer)
    assert isinstance(found, Trouble)
    assert found.kind == kind
    assert found.words.startswith(words) or words in found.words


def test_success_is_an_identity_and_nothing_else() -> None:
    assert read_deposit(Answer(200, None, b'"maarchRM_5jymyubx8-0000-idmub9"')) == Stored(
        "maarchRM_5jymyubx8-0000-idmub9"
    )
    assert read_deposit(Answer(200, None, b'\xef\xbb\xbf "a\\nb" ')) == Stored("a b")


@pytest.mark.parametrize(
    ("message", "variables", "words"),
    [
        ("Metadata %1$s is not allowed", ["colour"], "Metadata colour is not allowed"),
        ("Invalid value %s supplied for referentiel %s", ["a", "b"], "Invalid value a supplied for referentiel b"),
        ("Metadata %2$s", ["a"], "Metadata %2$s"),
        ("a %s", "x", "a %s"),
        ("a\r\n\x00b" + "c" * 999, [], "a b" + "c" * 999),
    ],
)
def test_its_words_stand_on_one_line(message: str, variables: object, words: str) -> None:
    answer = Answer(400, None, json.dumps({"message": message, "variables": variables}).encode())
    assert read_deposit(answer) == Trouble("declined", words)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Answer(200, None, f'{{"archiveId":"{ID}","exist":true}}'.encode()), True),
        (Answer(200, None, f'{{"archiveId":"{ID}","exist":false}}'.encode()), False),
        (Answer(200, None, b'{"archiveId":"other","exist":true}'), "elsewhere"),
        (Answer(200, None, f'{{"archiveId":"{ID}","exist":"yes"}}'.encode()), "elsewhere"),
        (Answer(200, None, b"<html>"), "elsewhere"),
        (Answer(403, "F; Forbidden", b'{"message":"Forbidden"}'), "forbidden"),
        (Answer(404, None, b""), "elsewhere"),
        (Answer(200, "E; Undefined", b"{}"), "database"),
        (Answer(503, None, b""), "busy"),
    ],
)
def test_whether_it_knows_an_archive(answer: Answer, found: object) -> None:
    said = read_exists(answer, ID)
    assert (said.kind if isinstance(said, Trouble) else said) == found


def test_which_hashes_it_has() -> None:
    rows = [{"archiveId": ID, "hash": "AB"}, {"archiveId": "other", "hash": "cd"}, "x", {"archiveId": ID}]
    assert read_found(Answer(200, None, json.dumps(rows).encode()), ID) == {"ab", ""}
    assert read_found(Answer(200, None, b"[]"), ID) == frozenset()
    assert isinstance(read_found(Answer(200, None, b"{}"), ID), Trouble)
    assert isinstance(read_found(Answer(403, None, b""), ID), Trouble)


ANSWERS = st.builds(
    Answer,
    st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 413, 500, 503]) | st.integers(100, 599),
    st.none() | st.text(),
    st.binary() | st.recursive(st.none() | st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(
        st.sampled_from(["message", "variables", "code", "exist", "archiveId"]), one)).map(
        lambda value: json.dumps(value).encode()),
    st.booleans(),
)  # fmt: skip


@given(ANSWERS)
def test_any_answer_is_understood_and_success_is_rare(answer: Answer) -> None:
    found = read_deposit(answer)
    if isinstance(found, Stored):
        assert (answer.status, answer.exception, answer.whole) == (200, None, True)
        assert isinstance(json.loads(answer.body.decode("utf-8-sig")), str)
        assert found.archive_id
    else:
        assert found.words
        assert found.words.isprintable()
        assert len(found.words) <= 300
    assert read_exists(answer, ID) is not None
    read_found(answer, ID)


def test_a_body_so_deep_that_it_cannot_be_read() -> None:
    assert isinstance(read_deposit(Answer(200, None, b"[" * 65_000)), Trouble)


def test_lengths() -> None:
    for size in range(7):
        assert maarch.encoded_length(size) == len(base64.b64encode(bytes(size)))
