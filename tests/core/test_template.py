"""Templates: every field, every filter, and nothing but those; a value is never read as a template."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.clock import START
from tests.peers.papers import job

from comptoir.core.document import Document, Origin
from comptoir.core.template import FIELDS, TIMES, Template, WrongTemplate, fields_of, file_fields

FILE = file_fields(
    "2026/acme/FAC-1.PDF", START, modified="2026-01-02T03:04:05+01:00", source="factures"
)  # fmt: skip


def filled(text: str, **also: str) -> str:
    return Template(text, also).fill(FILE | also)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", ""),
        ("plain, 100 %", "plain, 100 %"),
        ("{folder}_{name}{ext}", "acme_FAC-1.PDF"),
        ("{source}/{file} in {path}", "factures/FAC-1.PDF in 2026/acme/FAC-1.PDF"),
        ("{{name}} {{{name}}}", "{name} {FAC-1}"),
        ("{modified}", "2026-01-02T03:04:05+01:00"),
        ("{modified:%d/%m/%y %H:%M:%S %j %V %%}", "02/01/26 03:04:05 002 01 %"),
        ("{title|default:sans titre}", "sans titre"),
        ("{name|default:x}", "FAC-1"),
        ("{n}", "1"),
    ],
)
def test_fields_stand_in_their_places(text: str, made: str) -> None:
    assert filled(text) == made


def test_the_day_and_the_time_are_one_moment() -> None:
    assert filled("{date} {time}") == filled("{date:%Y-%m-%d %H:%M:%S}") == filled("{time:%Y-%m-%d %H:%M:%S}")


@pytest.mark.parametrize(
    ("text", "found", "made"),
    [
        ("{found|date}", "23 décembre 2000", "2000-12-23"),
        ("{found|date:%d.%m.%Y}", "20001223", "23.12.2000"),
        ("{found|date}", "never", ""),
        ("{found|date|default:2000-01-01}", "never", "2000-01-01"),
        ("{found|number}", "1 234,56 €", "1234.56"),
        ("{found|number|default:0}", "", "0"),
        ("{found}", "{name} {{", "{name} {{"),
    ],
)
def test_what_a_pattern_has_found_is_a_field(text: str, found: str, made: str) -> None:
    assert filled(text, found=found) == made


def test_what_is_not_there_is_empty() -> None:
    assert Template("[{title}{date:%Y}{modified:%Y}]").fill({}) == "[]"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "single “{”; write {{"),
        ("a}b", "single “}”; write }}"),
        ("{nom}", "no field {nom}; known fields: date"),
        ("{}", "no field {}"),
        ("{0}", "no field {0}"),
        ("{name.__class__}", "no field {name.__class__}"),
        ("{name!r}", "no field {name!r}"),
        ("{name[0]}", "no field {name[0]}"),
        ("{name:>10}", "{name} is no moment"),
        ("{date:%A}", "“%A” is no part of a time"),
        ("{date:%}", "“%” is no part of a time"),
        ("{name|upper}", "“upper” is no filter"),
        ("{name|number:2}", "is no filter"),
        ("{name|default}", "is no filter"),
        ("{name|}", "“” is no filter"),
        ("{name|date:%Q}", "“%Q” is no part of a time"),
    ],
)
def test_what_is_no_template_says_why(text: str, why: str) -> None:
    with pytest.raises(WrongTemplate) as caught:
        Template(text)
    assert why in str(caught.value)


def test_it_says_which_fields_it_has() -> None:
    assert Template("{name}_{title}{name}").fields == {"name", "title"}


# -- as a path --------------------------------------------------------------------------------------------------------


def test_directories_come_from_the_template_and_not_from_a_name() -> None:
    fields = FILE | {"title": "../../etc/passwd", "name": "a\\b"}
    assert Template("{date:%Y}/{title}").fill_path(fields | {"date": "2026-11-21", "time": "10:00:00"}) == (
        "2026/.._.._etc_passwd"
    )
    assert Template("x/{name}").fill_path(fields) == "x/a_b"
    assert Template("{path}").fill_path(fields) == "2026/acme/FAC-1.PDF"
    assert Template("/{path}").fill_path(fields | {"path": "../../x"}) == "x"
    assert Template("{found|date:%Y/%m}", ["found"]).fill_path({"found": "23/12/2000"}) == "2000/12"


# -- what is known of a document --------------------------------------------------------------------------------------


def test_a_job_has_every_field() -> None:
    document = Document.of(b"%PDF-1.4", name="Facture 1.pdf")
    attributes = {"path": "a/b/scan.pdf", "folder": "b", "modified": "2026-01-02T03:04:05+01:00", "source": "scans"}
    one = replace(
        job(7), uid="f00", title="T", origin=Origin("folder", "ann", "pc"), document=document, attributes=attributes
    )
    fields = fields_of(one, document)
    assert fields.keys() == FIELDS.keys()
    assert Template("{name}|{ext}|{path}|{folder}|{source}|{title}|{user}|{host}|{size}|{id}|{uid}").fill(fields) == (
        "Facture 1|.pdf|a/b/scan.pdf|b|scans|T|ann|pc|8|7|f00"
    )
    assert (fields["digest"], fields["media_type"]) == (document.digest, "application/pdf")


def test_a_job_that_came_from_no_folder_has_them_too() -> None:
    document = Document.of(b"x", name="t.txt")
    fields = fields_of(replace(job(1), document=document, origin=Origin("api")), document)
    assert (fields["path"], fields["folder"], fields["source"], fields["modified"]) == ("t.txt", "", "api", "")


@pytest.mark.parametrize(
    ("path", "name", "ext"),
    [
        ("a.tar.gz", "a.tar", ".gz"),
        ("x/.profile", ".profile", ""),
        ("README", "README", ""),
        ("", "", ""),
        ("a.", "a", "."),
    ],
)
def test_the_extension_is_the_last_part(path: str, name: str, ext: str) -> None:
    fields = file_fields(path, START)
    assert (fields["name"], fields["ext"]) == (name, ext)


# -- any text ---------------------------------------------------------------------------------------------------------


@given(st.text())
def test_any_text_with_its_braces_doubled_stands_for_itself(text: str) -> None:
    assert Template(text.replace("{", "{{").replace("}", "}}")).fill({}) == text


@given(st.text(alphabet="{}|:%Ydname._[0]!default"), st.text())
def test_any_text_is_a_template_or_is_refused(text: str, value: str) -> None:
    with suppress(WrongTemplate):
        Template(text).fill(dict.fromkeys(FIELDS, value))


@given(st.sampled_from(sorted(FIELDS)), st.text())
def test_a_value_stands_there_as_it_is(name: str, value: str) -> None:
    assert Template(f"<{{{name}}}>").fill({name: value}) == f"<{value}>"


@given(st.datetimes(), st.sampled_from(sorted(TIMES)))
def test_times_are_those_of_the_system_where_it_has_them(at: object, letter: str) -> None:
    wanted = f"{at:%{letter}}" if letter != "Y" else f"{at:%Y}".zfill(4)
    assert Template(f"{{modified:%{letter}}}").fill({"modified": at.isoformat()}) == wanted  # type: ignore[attr-defined]
