"""What stays the same of a title from night to night."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.titles import GAP, folded, forms, label, pattern_of

titles = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.from_regex(
    r"[A-Za-zéû ]{0,8}[0-9/:. -]{0,12}[A-Za-zéû ]{0,8}", fullmatch=True
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Manager Flash 2026-11-20", "MANAGER FLASH 2026-11-21"),
        ("Main courante du 20/11/2026", "Main courante du 01/12/2026"),
        ("Main courante 20.11.26", "Main courante 21.11.26"),
        ("Rapport du vendredi 20 novembre 2026", "Rapport du samedi 1er août 2027"),
        ("Rapport 20 déc. 2026", "Rapport 3 févr. 2026"),
        ("Report for Friday, November 20, 2026", "Report for Sunday, May 3, 2026"),
        ("Night audit 02:14", "Night audit 23:59:01"),
        ("Night audit 2:14 AM", "Night audit 11:02 p.m."),
        ("Clôture 23h45", "Cloture 2h05"),
        ("export_20261120_0214.pdf", "export_20261121_0301.pdf"),
        ("Trial Balance 2026-11-20T02:14", "Trial Balance 2026-11-21T03:00"),
        ("Arrivées (20/11)", "Arrivées (21/11)"),
        ("Statistiques novembre 2026", "Statistiques décembre 2026"),
    ],
)
def test_dates_and_times_make_no_difference(one: str, other: str) -> None:
    assert forms(one)[1] == forms(other)[1]
    assert forms(one)[0] != forms(other)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Occupancy 30 days", "Occupancy 60 days"), ("Report 101", "Report 102"), ("Journal A", "Journal B")],
)
def test_other_numbers_and_words_do(one: str, other: str) -> None:
    assert forms(one)[1] != forms(other)[1]


def test_the_last_form_has_no_number() -> None:
    assert forms("Folio 1202 du 20/11/2026")[2] == forms("Folio 88.141 du 21/11/2026")[2]


@pytest.mark.parametrize(
    ("title", "known_as"),
    [
        ("Manager Flash 2026-11-20", "Manager Flash"),
        ("  Main   courante - 20/11/2026 ", "Main courante"),
        ("Rapport du vendredi 20 décembre 2026, Réception", "Rapport … Réception"),
        ("Clôture Été", "Clôture Été"),
        ("2026-11-20", "2026-11-20"),
        ("Arrivées (20/11)", "Arrivées"),
        ("Occupation 30 jours", "Occupation 30 jours"),
        ("", ""),
    ],
)
def test_people_know_a_report_without_its_date(title: str, known_as: str) -> None:
    assert label(title) == known_as


def test_where_numbers_change_they_are_no_part_of_the_name() -> None:
    assert label("Folio 1202 du 20/11/2026", numbers=True) == "Folio"
    assert label("Facture 1202", numbers=True) == "Facture"


@given(titles)
def test_a_title_of_any_kind_has_its_forms_and_a_pattern_that_fits_it(title: str) -> None:
    exact, dated, numbered = forms(title)
    assert exact == folded(title) == folded(exact)
    assert GAP not in exact
    assert not any(letter in "0123456789" for letter in numbered)
    assert fnmatchcase(exact, pattern_of(dated))
    assert fnmatchcase(exact, pattern_of(exact))
    assert isinstance(label(title, numbers=True), str)


def test_case_accents_and_space_make_no_difference() -> None:
    assert folded("Clôture  de\tCAISSE") == "cloture de caisse"
