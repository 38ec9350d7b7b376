"""What every printer language must do, whichever it is."""

from __future__ import annotations

from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comptoir.core.errors import FormatError, UnknownName
from comptoir.core.page import Barcode, Buzz, Cell, Element, Feed, Line, Media, Page, Picture, QrCode, Row, Style
from comptoir.core.ports import Hearing, Language
from comptoir.core.profile import Confirm, DrawerPulse, Profile
from comptoir.languages import LANGUAGES, language
from comptoir.languages.raw import Raw

MEDIA = Media()
CONFIRMS: tuple[Confirm, ...] = ("process-id", "counter", "in-order")
ELEMENTS: list[Element] = [
    Line("Hello world"),
    Line("é œ €", Style(bold=True, underline=True, inverse=True, width=2, height=2, align="right")),
    Line("日本 ☕ مرحبا"),
    Row((Cell(0, "Café"), Cell(40, "2,00 €", Style(bold=True)))),
    Row((Cell(0, "日本"), Cell(40, "2,00 €"))),
    Feed(2),
    Barcode("EAN13", "3017620422003", text=True, align="center"),
    Barcode("CODE128", "AB-1620010005"),
    Barcode("CODE39", "A" * 200),
    QrCode("https://example.org/é", align="right"),
    Buzz(2),
    Picture(16, 2, b"\x10\x14\x01\x00", "center"),
    Picture(9999, 1, bytes(1250)),
]


@pytest.fixture(params=LANGUAGES)
def any_language(request: pytest.FixtureRequest) -> Language:
    return language(request.param)


def test_encodes_a_page_or_says_that_it_cannot(any_language: Language) -> None:
    page = Page((Line("Hello world"),))
    if isinstance(any_language, Raw):
        with pytest.raises(FormatError):
            any_language.encode([page], MEDIA)
        return
    encoded = any_language.encode([page], MEDIA)
    assert encoded.data.startswith(any_language.reset)
    assert len(encoded.data) > len(any_language.reset)
    assert encoded.unprintable == ""


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: type(element).__name__)
@pytest.mark.parametrize("cut", [True, False], ids=["cut", "no-cut"])
def test_every_element_is_encoded_or_refused(any_language: Language, element: Element, cut: bool) -> None:
    try:
        encoded = any_language.encode([Page((element,), cut)], MEDIA)
    except FormatError as error:
        assert error.message
        return
    assert encoded.data.startswith(any_language.reset)
    assert any_language.encode([Page((element,), cut)], MEDIA) == encoded, "a job must not depend on the one before"


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_language_is_made_for_a_model(name: str) -> None:
    small = Profile("small", Media(384, 32), {0: "cp437"}, cut="none", barcodes=False, qr=False, strip=24)
    try:
        encoded = language(name, small).encode([Page((Line("é"), QrCode("x")))], small.media)
    except FormatError:
        return
    assert encoded.data.startswith(language(name).reset)


@pytest.mark.parametrize("name", LANGUAGES)
@settings(deadline=None, max_examples=50)  # the first picture of a line loads fonts
@given(text=st.text(max_size=40))
@example(text="\u0f69")
@example(text="\u0f40\x00\u0fb5")
def test_any_text_is_encoded(name: str, text: str) -> None:
    known = language(name)
    if isinstance(known, Raw):
        return
    encoded = known.encode([Page((Line(text), Row((Cell(0, text),))))], MEDIA)
    # What is missing is named as it was to be printed, in NFC, which joins some characters and takes others apart.
    assert set(normalize("NFD", encoded.unprintable)) <= set(normalize("NFD", text))


def test_what_can_be_asked_is_bytes(any_language: Language) -> None:
    asked = (any_language.ask_status(), any_language.watch(), any_language.ask_identity(), any_language.reset)
    assert all(isinstance(question, bytes) for question in asked)
    assert isinstance(any_language.pulse(DrawerPulse()), bytes)
    assert any_language.pulse(DrawerPulse(command=b"\x07")) == b"\x07", "the configuration's bytes as they are"


def test_what_it_confirms_by_has_a_fence(any_language: Language) -> None:
    assert [confirm for confirm in CONFIRMS if confirm in any_language.confirms] == list(any_language.confirms)
    for confirm in any_language.confirms:
        assert any_language.fence(confirm, 0)
        assert any_language.fence(confirm, 9999)


def test_silence_is_no_answer(any_language: Language) -> None:
    hearing = any_language.listener()
    hearing.feed(b"")
    assert not hearing.state.heard
    assert (hearing.state.problems, hearing.state.notices, hearing.state.drawer_high) == ((), (), None)
    assert (hearing.answers, list(hearing.identity)) == (0, [])
    assert not any(hearing.passed(confirm, 0) for confirm in CONFIRMS)


def asked(name: str) -> Hearing:
    """A reader of which the status, the identity and fence 42 were asked."""
    known = language(name)
    hearing = known.listener()
    hearing.asking()
    for confirm in known.confirms:
        hearing.fencing(confirm, 42)
    return hearing


def told(hearing: Hearing) -> tuple[object, ...]:
    passed = tuple(hearing.passed(confirm, 42) for confirm in CONFIRMS)
    return hearing.state, hearing.answers, tuple(hearing.identity), passed


#: any bytes, and those that printers send
SAID = st.lists(
    st.one_of(
        st.binary(max_size=12),
        st.sampled_from(
            [
                b"\x12",
                b"\x16\x12\x12\x12",
                b"\x10\x00\x00\x00",
                b"\x14\x00\x0f\x0f",
                b"\x00",
                b"\x37\x220042\x00",
                b"_EPSON\x00_TM-T88V\x00",
                b"\x23\x86\x00\x00\x00\x00\x00\x00\x00",
                b"\x23\x86\x02\x00\x00\x00\x00\x00\x01",
                b"\x11\x13",
            ]
        ),
    ),
    max_size=12,
).map(b"".join)


@pytest.mark.parametrize("name", LANGUAGES)
@given(data=SAID, cuts=st.lists(st.integers(0, 150), max_size=6))
def test_any_bytes_in_any_split_say_the_same(name: str, data: bytes, cuts: list[int]) -> None:
    whole, split = asked(name), asked(name)
    whole.feed(data)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for begin, end in pairwise(edges):
        split.feed(data[begin:end])
    assert told(split) == told(whole)


@pytest.mark.parametrize("name", LANGUAGES)
@given(data=SAID)
def test_what_passed_stays_passed(name: str, data: bytes) -> None:
    hearing = asked(name)
    answers, passed = 0, dict.fromkeys(CONFIRMS, False)
    for byte in data:
        hearing.feed(bytes([byte]))
        assert hearing.answers >= answers
        answers = hearing.answers
        for confirm in CONFIRMS:
            assert hearing.passed(confirm, 42) >= passed[confirm]
            passed[confirm] = hearing.passed(confirm, 42)


@pytest.mark.parametrize("name", LANGUAGES)
@given(data=SAID)
def test_a_fence_that_was_not_sent_is_not_passed(name: str, data: bytes) -> None:
    hearing = asked(name)
    hearing.feed(data)
    assert not any(hearing.passed(confirm, 43) for confirm in CONFIRMS)


@pytest.mark.parametrize("name", LANGUAGES)
@given(data=SAID)
def test_an_answer_from_before_the_fence_does_not_pass_it(name: str, data: bytes) -> None:
    known = language(name)
    hearing = known.listener()
    hearing.feed(data)
    for confirm in known.confirms:
        hearing.fencing(confirm, 42)
        assert not hearing.passed(confirm, 42)


def test_an_unknown_language_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownName) as caught:
        language("klingon")
    assert "escpos" in caught.value.hint
