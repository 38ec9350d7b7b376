"""ePOS-Print between bytes and values."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.peers import epos_client

from comptoir.core.job import REASONS
from comptoir.core.profile import PrinterState
from comptoir.wire import epos
from comptoir.wire.epos import Asked, NotEpos, Response, answer, code_of, read, status_of

OF_2012 = "http://www.epson-pos.com/schemas/2012/09/epos-print"
HEAD = b'<epos-print xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print">'
TEXT = HEAD + b"<text>a</text></epos-print>"


def inside(xml: str) -> Asked:
    return read(f"<epos-print>{xml}</epos-print>".encode())


@pytest.mark.parametrize(
    "body",
    [
        "<epos-print><text>a</text></epos-print>",
        f'<?xml version="1.0" encoding="utf-8"?>\n<epos-print xmlns="{epos.NAMESPACE}"><text>a</text></epos-print>',
        f'\n  <epos-print xmlns="{OF_2012}"><text>a</text></epos-print>\n',
        f'<p:epos-print xmlns:p="{OF_2012}"><p:text>a</p:text></p:epos-print>',
        f'<epos-print xmlns="{epos.NAMESPACE}"><text xmlns="">a</text></epos-print>',
        f'\ufeff<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><epos-print xmlns="{OF_2012}">'
        "<text>a</text></epos-print></s:Body></s:Envelope>",
        "<epos-print>\n  <!-- a receipt --> <text>a</text>\n</epos-print>",
    ],
)
def test_the_document_is_the_same_however_it_is_wrapped(body: str) -> None:
    assert read(body.encode()).document == TEXT


def test_other_encodings_are_read_where_they_are_named() -> None:
    assert read("<epos-print><text>é</text></epos-print>".encode("utf-16")).document == TEXT.replace(
        b">a<", ">é<".encode()
    )
    latin = '<?xml version="1.0" encoding="iso-8859-1"?><epos-print><text>é</text></epos-print>'
    assert "é" in read(latin.encode("latin-1")).document.decode()


def test_what_odoo_sends_for_the_drawer() -> None:
    asked = read(epos_client.pulse().encode())
    assert (asked.pulses, asked.prints, asked.empty, asked.devid, asked.timeout) == ((1,), False, False, "", None)


def test_what_odoo_sends_for_a_receipt() -> None:
    asked = read(epos_client.receipt(16, 2, [1, 2]).encode())
    assert (asked.pulses, asked.prints) == ((), True)
    image = ElementTree.fromstring(asked.document)[0]
    assert image.attrib == {"width": "16", "height": "2", "align": "center"}
    assert image.text == "AAEAAg=="


def test_the_parameters_of_the_header() -> None:
    asked = read(
        b'<s:Envelope xmlns:s="x"><s:Header><parameter><devid> BAR </devid><timeout>10000</timeout>'
        b"<printjobid>A&amp;1</printjobid></parameter></s:Header><s:Body><epos-print/></s:Body></s:Envelope>"
    )
    assert (asked.devid, asked.timeout, asked.job) == ("BAR", 10_000, "A&1")
    assert asked.empty


@pytest.mark.parametrize("timeout", ["", "soon", "-1", "1.5", "９", "9999999999"])
def test_a_time_that_is_none_is_not_told(timeout: str) -> None:
    assert epos.milliseconds(timeout) is None


@pytest.mark.parametrize(
    ("xml", "prints"),
    [
        ('<text lang="en"/>', False),
        ("<text></text>", False),
        ("<text>a</text>", True),
        ("<text>&#10;</text>", True),
        ("<feed/>", True),
        ("<cut/>", True),
        ("<logo/>", True),
        ("<whatever/>", True),
        ("<recovery/><reset/><layout/><pulse/>", False),
    ],
)
def test_whether_something_is_for_the_paper(xml: str, prints: bool) -> None:
    assert inside(xml).prints == prints


def test_drawers_and_commands() -> None:
    asked = inside('<pulse drawer="drawer_2" time="pulse_500"/><pulse/><command>1B 40</command><command>zz</command>')
    assert (asked.pulses, asked.commands, asked.prints) == ((2, 1), (b"\x1b@",), False)
    assert inside("<page><command>0a</command></page>").commands == (b"\n",)


def test_ends_of_lines_are_those_of_xml() -> None:
    document = inside("<text>a&#13;&#10;b&#13;c</text>").document
    assert b"a\nbc" in document


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"text",
        b"<a/>",
        b"<epos-print>",
        b"\xff",
        b'<?xml version="1.0" encoding="klingon"?><epos-print/>',
        b'<?xml version="1.0" encoding="utf-7"?><epos-print/>',
        b"<!DOCTYPE epos-print><epos-print/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><epos-print><text>&x;</text></epos-print>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><epos-print><text>&x;</text></epos-print>',
    ],
)
def test_what_is_no_such_document_says_what_would_be(body: bytes) -> None:
    with pytest.raises(NotEpos) as caught:
        read(body)
    assert caught.value.message
    assert "<epos-print" in caught.value.hint


def test_what_is_deep_breaks_nothing() -> None:
    deep = b"<a>" * 40_000 + b"<epos-print><cut/></epos-print>" + b"</a>" * 40_000
    assert read(deep).prints
    assert len(read(b"<epos-print>" + b"<a>" * 40_000 + b"</a>" * 40_000 + b"</epos-print>").document) < 200


def test_what_is_very_many_is_refused_before_it_costs_memory() -> None:
    with pytest.raises(NotEpos, match="100000 tags"):
        read(b"<epos-print>" + b"<a/>" * 100_000 + b"</epos-print>")
    with pytest.raises(NotEpos, match="100000 tags or attributes"):
        read(b"<epos-print><text " + b" ".join(b'a%d=""' % n for n in range(100_001)) + b"/></epos-print>")
    with pytest.raises(NotEpos, match="250000 bytes"):
        read(b"<epos-print><command>" + b"0a" * 1_000_001 + b"</command></epos-print>")


PIECES = st.sampled_from([
    "<epos-print>", "</epos-print>", "<text>", "</text>", "a", "&#10;", "<pulse/>", '<image width="8"/>', "<!--", "-->",
    "<![CDATA[", "]]>", "<command>1b40</command>", "<?pi x?>", '<a:b xmlns:a="}{">', "</a:b>", "&amp;", "&", "\0", "é",
])  # fmt: skip


@settings(deadline=None)
@given(
    body=st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=30).map(lambda parts: "".join(parts).encode()))
)
@example(b"<epos-print><command>1</command></epos-print>")
def test_any_bytes_are_read_or_refused_and_what_is_read_is_read_again(body: bytes) -> None:
    try:
        asked = read(body)
    except NotEpos:
        return
    assert read(asked.document).document == asked.document


# -- the answer -------------------------------------------------------------------------------------------------------


def test_the_answer_that_every_odoo_reads() -> None:
    assert answer(Response(True, "", 251658262)) == (
        b'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        b'<response xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print" success="true" code="" '
        b'status="251658262" battery="0"/></s:Body></s:Envelope>'
    )


@given(
    job=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=20
    )
)
def test_the_answer_is_xml_whatever_the_job_is_called(job: str) -> None:
    tree = ElementTree.fromstring(answer(Response(False, "EX_TIMEOUT", 0, job)))
    given = tree.find(f".//{{{epos.NAMESPACE}}}printjobid")
    assert ("" if given is None else given.text) == job
    response = tree.find(f".//{{{epos.NAMESPACE}}}response")
    assert response is not None
    assert (response.attrib["success"], response.attrib["code"]) == ("false", "EX_TIMEOUT")


def test_a_printer_that_is_well_says_what_a_real_one_says() -> None:
    assert status_of(PrinterState(heard=True), printed=True) == 251658262, "0x0F000016, as seen from a TM printer"


@pytest.mark.parametrize(
    ("state", "reason", "bits"),
    [
        (PrinterState(), "", 0x4),
        (PrinterState(drawer_high=True), "", 0x4),
        (PrinterState(drawer_high=False), "", 0),
        (PrinterState(problems=("media-empty-error",)), "", 0x000A000C),
        (PrinterState(notices=("media-low-report",)), "", 0x00020004),
        (PrinterState(problems=("cover-open-error", "offline-report")), "", 0x0000002C),
        (PrinterState(problems=("media-jam-error",)), "", 0x0000080C),
        (PrinterState(), "connecting-to-device", 0x0000000D),
        (PrinterState(), "something new", 0x4),
    ],
)
def test_the_bits_of_a_state(state: PrinterState, reason: str, bits: int) -> None:
    assert status_of(state, reason) == 0x0F000010 | bits


@pytest.mark.parametrize("reason", [*REASONS, "something new"])
def test_every_reason_has_a_code(reason: str) -> None:
    assert code_of(reason)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("media-empty-error", "EPTR_REC_EMPTY"),
        ("cover-open-error", "EPTR_COVER_OPEN"),
        ("media-jam-error", "EPTR_CUTTER"),
        ("connecting-to-device", "PRINTER_NOT_REACHABLE"),
        ("outcome-unknown", "EX_TIMEOUT"),
        ("job-canceled-by-user", "PrintSystemError"),
    ],
)
def test_the_codes_that_odoo_has_words_for(reason: str, code: str) -> None:
    assert code_of(reason) == code
