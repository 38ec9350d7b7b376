"""Words for failures: short, on one line, without secrets."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from comptoir.sinks.trouble import first_words, locked_out, unreachable, why


def test_what_a_far_side_says_is_cut_and_cleaned() -> None:
    assert first_words("a\r\n\x1b[31m  b") == "a [31m b"
    assert first_words("x" * 300) == "x" * 200 + "…"


@pytest.mark.parametrize("place", [0, 150, 195, 500])
def test_a_secret_is_not_repeated_wherever_it_stands(place: int) -> None:
    said = first_words("x" * place + "s3cret" + "y" * 300, {"s3cret", ""})
    assert "s3c" not in said


@pytest.mark.parametrize(
    "form", ['p/w"é&', 'p/w\\"\\u00e9&', 'p\\/w\\"\\u00e9&', "p%2Fw%22%C3%A9%26", "p/w&quot;é&amp;"]
)
def test_a_secret_is_not_repeated_however_it_is_written(form: str) -> None:
    assert first_words(f"no such token: {form}.", {'p/w"é&'}) == "no such token: …."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 1)"), "connection refused"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "no computer of this name is known"),
        (TimeoutError(), "it does not answer"),
        (ssl.SSLEOFError(8, "EOF occurred"), "the secure connection failed: "),
        (OSError("odd"), "odd"),
        (OSError(), "OSError"),
    ],
)
def test_why_something_was_not_reached(error: OSError, words: str) -> None:
    assert why(error).startswith(words)


def test_a_certificate_that_is_not_trusted_is_told_with_the_key_that_helps() -> None:
    error = ssl.SSLCertVerificationError(1, "failed")
    error.verify_message = "self-signed certificate"
    told = unreachable("rm.example.com", error)
    assert "not trusted: self-signed certificate" in told.message
    assert "authority" in told.hint


def test_who_is_locked_out_is_told_the_keys() -> None:
    assert "token_file" in locked_out("it answers 401", "token_file").sentences
