"""The templates compile in every language and escape what comes from outside; moments and sizes are told right."""

from __future__ import annotations

import pytest

from comptoir.web.environment import environment, moment, shortly, size


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
    ("under", "told"),
    [
        ("2026-11-20", "hour"),  # printed on that day
        ("2026-11-19", "hour"),  # in the night after it
        ("2026-11-18", "since"),
        ("2026-11-21", "since"),
        ("", "since"),
    ],
)
def test_under_its_business_date_the_hour_says_enough(under: str, told: str) -> None:
    html = shortly(1_795_176_000_250, "fr", under)
    assert f'data-as="{told}"' in html
    assert ("nov." in html) == (told == "since")


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


@pytest.mark.parametrize(
    ("at", "said"), [(1_795_176_000_250, "20 novembre 2026"), (2_114_424_000_000, "1er janvier 2037")]
)
def test_the_first_of_a_month_is_written_as_in_french(at: int, said: str) -> None:
    assert environment("fr").from_string("{{ at|date }}").render(at=at) == said
