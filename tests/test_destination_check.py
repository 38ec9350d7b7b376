"""Destinations that cannot work are refused with their key, before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.config_check import WrongField
from comptoir.config_file import interpret
from comptoir.destination_check import MAARCH_TEMPLATES
from comptoir.sinks.maarch_filing import TEMPLATES

HEAD = '[[destination]]\nkind = "maarch"\nname = "archives"\ntoken_file = "laabs.token"\n'
URL = 'url = "https://rm.example.com"\n'


@pytest.mark.parametrize(
    ("text", "key", "why"),
    [
        ('url = "rm.example.com"', "url", "“rm.example.com” is no address such as https://rm.example.com"),
        ('url = "ftp://rm"', "url", "is no address"),
        ('url = "https://"', "url", "is no address"),
        ('url = "https://rm:x"', "url", "is no address"),
        ('url = "https://ann:geheim@rm.example.com"', "url", "no user and no password"),
        ('url = "ftp://ann:geheim@rm.example.com"', "url", "no user and no password"),
        (URL + 'largest = "10 cm"', "largest", "is no size"),
        (URL + 'timeout = "soon"', "timeout", "is no duration"),
        (URL + 'archive_name = "{nom}"', "archive_name", "there is no field {nom}"),
        (URL + 'file_plan = "/{date:%A}"', "file_plan", "“%A” is no part of a time"),
        (URL + 'retention_start = "{"', "retention_start", "single “{”"),
        (URL + 'originating_date = "{day|date}"', "originating_date", "there is no field {day}"),
        (URL + 'originator_archive_id = "{name|x}"', "originator_archive_id", "“x” is no filter"),
        (URL + 'description = { title = "{nom}" }', "description", "title: there is no field {nom}"),
        (URL + 'description = { tags = ["a", "{nom}"] }', "description", "tags: there is no field {nom}"),
        (URL + 'extract = { day = "name: (" }', "extract", "day: missing"),
        (URL + 'extract = { day = "text: (a+)+" }', "extract", "can explode"),
        (URL + 'client_token = "a b"', "client_token", ""),
        (URL + 'retention_duration = "10 years"', "retention_duration", ""),
        (URL + 'verify = "perhaps"', "verify", ""),
    ],
)
def test_what_cannot_be_names_its_key(text: str, key: str, why: str) -> None:
    with pytest.raises(WrongField) as caught:
        interpret(HEAD + text + "\n", Path("comptoir.toml"), {})
    assert caught.value.key.removeprefix("destination[0].").removeprefix("destination[...].") == key
    assert why in caught.value.sentence
    assert "geheim" not in caught.value.sentences


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('url = "https://{title}/x"', "url"),
        ('url = "https://h.{folder}.example.com/"', "url"),
        ('url = "https://h/\\r\\nX: y"', "url"),
        ('url = "https://h/"\nheaders = { X = "a\\r\\nY: b" }', "headers"),
        ('url = "https://h/"\ntoken_header = "Content-Length"', "token_header"),
        ('url = "https://h/"\ntoken_scheme = "a\\r\\nb:"', "token_scheme"),
        ('url = "https://h/"\nfields = { "a\\r\\nX: y" = "b" }', "fields"),
        ('url = "https://h/"\nfile_field = "a\\r\\nX: y"', "file_field"),
    ],
)
def test_no_name_of_a_file_chooses_the_server_and_no_line_end_makes_a_header(text: str, key: str) -> None:
    with pytest.raises(WrongField) as caught:
        interpret(f'[[destination]]\nkind = "http"\nname = "a"\n{text}\n', Path("comptoir.toml"), {})
    assert caught.value.key == f"destination[0].{key}"


def test_what_can_be_is_taken() -> None:
    text = HEAD + URL + (
        'archive_name = "{folder} {number}"\nretention_start = "{day|date|default:2000-01-01}"\nlargest = "2 GB"\n'
        '[destination.description]\ntitle = "{name}"\npaid = true\n[destination.extract]\n'
        "number = 'name: ([0-9]+)'\nday = 'text: du ([0-9/]+)'\n"
    )  # fmt: skip
    (archive,) = interpret(text, Path("comptoir.toml"), {}).config.destination
    assert archive.name == "archives"


def test_the_keys_that_are_templates_are_those_that_are_filled() -> None:
    assert set(MAARCH_TEMPLATES) == set(TEMPLATES.values())
