"""Pages in the reader's language: which one, complete, well set; and how heavy and legible they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from aiohttp.test_utils import make_mocked_request
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from tests.peers.site import Site

from comptoir.web.locale import catalogue, wanted

WEB = Path(str(files("comptoir.web")))
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "msgid": None}
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]


def used() -> Iterator[str]:
    """The message ids in the sources; of a plural the singular."""
    options = {"**.html": {"newstyle_gettext": "true", "silent": "false"}}
    for folder in (WEB, WEB.parent / "station"):  # which speaks the pages' language in the log
        for _, _, message, _, _ in extract_from_dir(str(folder), METHODS, options, keywords=KEYWORDS):
            yield message if isinstance(message, str) else message[0]


def french() -> dict[str, tuple[str, ...]]:
    with (WEB / "locale/fr/LC_MESSAGES/comptoir.po").open("rb") as file:
        catalog = read_po(file, locale="fr", abort_invalid=True)
    assert not [m.id for m in catalog if m.fuzzy and m.id]
    found = {}
    for message in catalog:
        if message.id:
            name = message.id if isinstance(message.id, str) else message.id[0]
            found[name] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return found


def test_every_message_of_sources_and_templates_is_there_in_french() -> None:
    messages = set(used())
    assert len(messages) > 150, "the extraction finds what there is"
    assert sorted(messages - {name for name, texts in french().items() if all(texts)}) == []


def test_no_french_message_is_left_over() -> None:
    assert sorted(set(french()) - set(used())) == []


def test_french_keeps_the_placeholders() -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]", text))

    assert [name for name, texts in french().items() if any(names(text) != names(name) for text in texts)] == []


def test_french_is_set_with_spaces_that_do_not_break() -> None:
    wrong = [text for texts in french().values() for text in texts if re.search(r" [:;?!»]|« |[^\s\u202f]\?|'", text)]
    assert wrong == []


def test_no_message_raises_its_voice() -> None:
    assert [text for texts in french().values() for text in texts if "!" in text] == []


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "language"),
    [
        ("", "", "", "fr"),
        ("", "", "en-GB,en;q=0.8", "en"),
        ("", "", "de,en;q=0.5,fr;q=0.9", "fr"),
        ("", "", "de", "fr"),
        ("", "", "en;q=0, fr;q=x", "fr"),
        ("", "en", "fr", "en"),
        ("", "xx", "en", "en"),
        ("?lang=fr", "en", "en", "fr"),
        ("?lang=../../etc", "", "en", "en"),
    ],
)
def test_the_language_is_the_readers_choice(query: str, cookie: str, accept: str, language: str) -> None:
    headers = {"Accept-Language": accept, "Cookie": f"lang={cookie}"}
    assert wanted(make_mocked_request("GET", f"/{query}", headers=headers), "fr") == language


def test_a_catalogue_is_read_once() -> None:
    assert catalogue("fr") is catalogue("fr")
    assert catalogue("fr").ngettext("%(num)d copy", "%(num)d copies", 0) == "%(num)d exemplaire"
    assert catalogue("en").ngettext("%(num)d copy", "%(num)d copies", 0) == "%(num)d copies"


def test_no_page_can_carry_a_script_or_a_style_of_its_own() -> None:
    for path in WEB.glob("templates/*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", text), path.name
        for attributes in re.findall(r"<script([^>]*)>", text):
            assert 'src="/static/' in attributes or 'type="application/json"' in attributes, path.name


def test_nothing_comes_from_another_host() -> None:
    for path in [*WEB.glob("templates/*.html"), *WEB.glob("static/*")]:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        text = re.sub(r'placeholder="[^"]*"', "", text)
        assert not re.search(r"(src|href|url|import|fetch)\W+(https?:)?//", text), path.name


def test_every_symbol_that_is_used_is_drawn_and_every_label_has_its_field() -> None:
    symbols = (WEB / "templates/symbols.html").read_text("utf-8")
    drawn = set(re.findall(r'id="s-(\w+)"', symbols))
    for path in WEB.glob("templates/*.html"):
        text = path.read_text("utf-8")
        assert set(re.findall(r'icon\("(\w+)"', text)) <= drawn, path.name
        for field in re.findall(r'<label for="(\w+)"', text):
            assert f'id="{field}"' in text, (path.name, field)


def test_every_form_that_acts_carries_the_token() -> None:
    for path in WEB.glob("templates/*.html"):
        for form in re.findall(r"<form(?=[^>]*post).*?</form>", path.read_text("utf-8"), re.DOTALL):
            assert "{{ token() }}" in form, path.name


# -- how legible it is --------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def schemes() -> dict[str, dict[str, str]]:
    text = (WEB / "static/comptoir.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\n\s*\}", text, re.DOTALL)[:2]
    base = dict(re.findall(r"--([\w-]+): (#\w{6});", light))
    return {"light": base, "dark": base | dict(re.findall(r"--([\w-]+): (#\w{6});", dark))}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_contrast_of_aa(scheme: str) -> None:
    c = schemes()[scheme]
    grounds = [c["ground"], c["surface"], c["raised"]]
    pairs = [(c[ink], ground) for ink in ("text", "soft", "accent", "bad") for ground in grounds]
    pairs += [(c[tone], c[f"{tone}-bg"]) for tone in ("done", "go", "wait", "ask", "bad", "off")]
    pairs += [(c["text"], c[f"{tone}-bg"]) for tone in ("done", "wait", "ask", "bad")]
    pairs += [(c["on-accent"], c["accent"]), (c["ink"], c["paper"])]
    assert [(a, b, round(contrast(a, b), 2)) for a, b in pairs if contrast(a, b) < 4.5] == []


def test_what_every_page_loads_is_light() -> None:
    loaded = re.findall(r"/static/([\w.]+)", (WEB / "templates/base.html").read_text("utf-8"))
    assert sum((WEB / "static" / name).stat().st_size for name in loaded) < 40_000


def test_placeholders_are_percent_style_only() -> None:
    """A brace in a message would be printed as it is."""
    assert [m for m in used() if any(field for _, field, _, _ in Formatter().parse(m.replace("%", "")))] == []


async def test_the_other_language_of_a_page_that_was_posted_to_is_one_that_can_be_fetched(tmp_path: Path) -> None:
    async with Site.hub(tmp_path) as hub, Site.station(tmp_path / "b") as station:
        form = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "fr"}
        page = (await hub.ask("POST", "/stations/pair", "name=bar", form)).body.decode()
        assert 'href="/stations?lang=en"' in page
        page = (await station.ask("POST", "/pair", "url=nowhere&code=x", form)).body.decode()
        assert 'href="/?lang=en"' in page
        assert 'data-here="/"' in page
