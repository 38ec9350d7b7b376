"""The templates compile in every language and escape what comes from outside; moments and sizes are told right."""

from __future__ import annotations

import pytest

from comptoir.web.environment import environment, moment, size


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_template_compiles(language: str) -> None:
    found = environment(language)
    for name in found.list_templates():
        found.get_template(name)


def test_text_from_outside_is_escaped() -> None:
    template = environment("fr").from_string("{{ x }}{{ _('Revoke %(name)s', name=x) }}")
    assert "<script>" not in template.render(x="<script>")


def test_a_moment_is_exact_for_machines_and_for_the_pointer() -> None:
    html = moment(1_795_176_000_250, "ago", "fr")
    assert 'datetime="2026-11-20T12:00:00.250Z"' in html
    assert 'data-as="ago"' in html
    assert "20 novembre 2026" in html.split("title=")[1]


@pytest.mark.parametrize(
    ("count", "french_text", "english_text"),
    [
        (999, "999 octets", "999 bytes"),
        (1_500, "1,5 ko", "1.5 kB"),
        (34_000_000, "34 Mo", "34 MB"),
        (2_150_000_000, "2,2 Go", "2.2 GB"),
    ],
)
def test_sizes_are_rounded_for_people(count: int, french_text: str, english_text: str) -> None:
    assert (size(count, "fr"), size(count, "en")) == (french_text, english_text)
