"""Patterns: where they look, what they find, and expressions that are refused because their time could explode."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.extract import HEAD, LINE, TAIL, WrongPattern, extracted, names_of, pattern, patterns, searched

FIELDS = {"file": "FAC-2026-0042 ACME.pdf", "path": "2026/clients/ACME/FAC.pdf"}
TEXT = "Facture\u00a0n° 42\nDate   :  23 décembre 2000\nTotal TTC : 1\u202f234,56 €\n"


def found(text: str) -> str:
    return extracted(patterns({"it": text}), FIELDS, TEXT)["it"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("name: FAC-([0-9]{4})-([0-9]+)", "2026"),
        ("name: FAC-[0-9]+", "FAC-2026"),
        ("path: clients/([^/]+)/", "ACME"),
        ("text: Date : (.+)", "23 décembre 2000"),
        ("text: n° ([0-9]+)", "42"),
        (r"text: TTC\s*:\s*([0-9\s]+,[0-9]{2})", "1 234,56"),
        ("text: (?P<it>Total)|(nothing)", "Total"),
        ("name: (x)?FAC", ""),
        ("text: (?i)FACTURE", "Facture"),
        ("name: nothing", ""),
    ],
)
def test_what_is_found(text: str, value: str) -> None:
    assert found(text) == value


def test_groups_with_names_are_fields_too() -> None:
    known = patterns({"whole": "name: FAC-(?P<year>[0-9]+)-(?P<number>[0-9]+)"})
    assert names_of(known) == {"whole", "year", "number"}
    fields = extracted(known, FIELDS, "")
    assert (fields["whole"], fields["year"], fields["number"], fields["file"]) == (
        "2026",
        "2026",
        "0042",
        FIELDS["file"],
    )
    assert extracted(known, {}, "") == {"whole": "", "year": "", "number": ""}


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("été", "name: x", "no name of a field"),
        ("a b", "name: x", "no name of a field"),
        ("name", "name: x", "{name} is a field already"),
        ("it", "name: (?P<date>x)", "{date} is a field already"),
        ("it", "content: x", "expected where to look"),
        ("it", "x", "expected where to look"),
        ("it", "name: ", "has 1 to"),
        ("it", "name: (", "it: missing"),
        ("it", "name: " + "x" * 301, "has 1 to"),
        ("it", r"name: (a)\1", "its own groups"),
        ("it", "name: (?P<a>a)(?P=a)", "its own groups"),
        ("it", "text: (?x)a", "verbose expressions are not known here"),
        ("it", "text: a{99999999999999999999}", "it: "),
    ],
)
def test_what_cannot_be_used_says_why(name: str, text: str, why: str) -> None:
    with pytest.raises(WrongPattern) as caught:
        pattern(name, text)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    "expression",
    ["(a+)+", "(a*)*", "(a|a)*", "(?:a|b)+", "(a+){2,}", "(?P<x>a+)*", "((a)|b)*", "(a?){30}", "((a+)b?)*c", "(?i:a+)*",
     "([^]]+)*", r"(\)+)*", "(?#x)(a+)+"],
)  # fmt: skip
def test_what_could_explode_is_refused(expression: str) -> None:
    with pytest.raises(WrongPattern, match="can explode"):
        pattern("it", f"text: {expression}")


@pytest.mark.parametrize(
    "expression",
    [
        "a+b+",
        "(a+)?",
        "(a+|b)",
        "([0-9]{1,3}(?: [0-9]{3})*,[0-9]{2})",
        r"\(+",
        "[(+]*",
        "[)|]*",
        r"(\+)*",
        "a+?",
        "(a+)",
    ],
)
def test_what_cannot_is_not(expression: str) -> None:
    pattern("it", f"text: {expression}")


@pytest.mark.parametrize(
    "expression",
    [".*a.*b.*c", r"\d+\s*\d+\s*\d+x", "[a ]+[a ]+[a ]+y", "[^x]+[^y]+z", "a{2,}a{2,}a{2,}b", "(a)*(a)*(a)*b",
     r"\w+.\w+.\w+!", "(?s).+.+", "(?i)[a-z]+A+[a-z]+", r"a+\ba+\ba+", "é+é+é+"],
)  # fmt: skip
def test_what_takes_minutes_is_refused(expression: str) -> None:
    with pytest.raises(WrongPattern, match="match the same"):
        pattern("it", f"text: {expression}")


@pytest.mark.parametrize(
    "expression",
    ["a?" * 11 + "a" * 11, "(?:a|a)" * 11 + "b", "(a??|b)" * 6 + "c", "(?s:.*)(?s:.*)x", "(?i:a+)(?i:A+)(?i:a+)b"],
)
def test_what_doubles_its_time_with_each_letter_is_refused(expression: str) -> None:
    with pytest.raises(WrongPattern, match="must not"):
        pattern("it", f"text: {expression}")


def test_some_choices_are_left() -> None:
    months = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    pattern("it", rf"text: (?i)(?:du|le)\s?:?\s?([0-9]{{1,2}} (?:{months}) [0-9]{{4}})")


@pytest.mark.parametrize(
    "expression",
    [r":\s*([\d ,.]+)\s*€", r"Total\s*TTC\s*:\s*([0-9\s]+,[0-9]{2})", r"(\w+)@(\w+)\.(\w+)", "([^ ]+) ([^ ]+) ([^ ]+)",
     "du ([0-9]{1,2} [^ ]+ [0-9]{4})", "[a-z]+[0-9]+[a-z]+", ".*a.*b", r"([^;\n]+);([^;\n]+);([^;\n]+)",
     "([0-9]{1,3}(?: [0-9]{3})*,[0-9]{2})"],
)  # fmt: skip
def test_what_is_usual_is_not(expression: str) -> None:
    pattern("it", f"text: {expression}")


def test_a_long_text_is_searched_at_both_ends() -> None:
    text = "first " + "x " * 100_000 + " last"
    part = searched(text)
    assert part.startswith("first x x")
    assert part.endswith("x last")
    assert len(part) <= (HEAD + TAIL) * (LINE + 1) // LINE + 2
    assert max(map(len, part.splitlines())) <= LINE


@given(st.text(alphabet="ab(|)*+?{}12,[]^\\.:P<>x"), st.text(alphabet="ab1x", max_size=200))
def test_any_text_is_a_pattern_or_is_refused(text: str, document: str) -> None:
    with suppress(WrongPattern):
        extracted({"it": pattern("it", f"text: {text}")}, {}, document)


@given(st.text())
def test_any_text_is_searched(text: str) -> None:
    extracted(patterns({"it": "text: ([0-9]+) (.*)"}), FIELDS, text)
