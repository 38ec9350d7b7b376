from comptoir.languages.escpos.macros import LONGEST, Macros
from comptoir.languages.escpos.tokens import Token


def test_what_is_recorded_is_repeated() -> None:
    macros = Macros()
    macros.switch()
    macros.record(Token(b"", b"a"))
    macros.record(Token(b"\n"))
    macros.switch()
    assert list(macros.repeat(2, 0)) == [Token(b"", b"a"), Token(b"\n")] * 2


def test_a_macro_that_is_too_long_is_none() -> None:
    macros = Macros()
    macros.switch()
    macros.record(Token(b"", b"a" * LONGEST))
    macros.record(Token(b"", b"a"))
    assert macros.recording is None
    assert list(macros.repeat(1, 0)) == []


def test_calling_it_while_it_is_defined_ends_it() -> None:
    macros = Macros()
    macros.switch()
    macros.record(Token(b"", b"a"))
    assert list(macros.repeat(1, 0)) == []
    assert macros.recording is None


def test_repetition_grows_with_the_stream_only() -> None:
    macros = Macros()
    macros.switch()
    macros.record(Token(b"", b"a"))
    macros.switch()
    repeated = sum(1 for _ in range(1000) for _ in macros.repeat(255, 8000))
    assert repeated == 6_000
