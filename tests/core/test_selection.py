"""Names that are taken, and names that are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.selection import ALWAYS, MARKER, UNMATCHED, Selection, folded


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("facture.pdf", ""),
        ("2026/11/facture.pdf", ""),
        ("facture.pdf.part", "*.part"),
        ("FACTURE.PDF.PART", "*.part"),
        ("a.crdownload", "*.crdownload"),
        ("a.tmp", "*.tmp"),
        ("a.partial", "*.partial"),
        ("~$devis.docx", "~$*"),
        (".~lock.devis.odt#", ".~lock*"),
        (".DS_Store", ".DS_Store"),
        (".hidden", ".*"),
        ("dir/.hidden", ".*"),
        ("THUMBS.DB", "Thumbs.db"),
        ("x/desktop.ini", "desktop.ini"),
        ("a.hidden.pdf", ""),
        ("part", ""),
        ("line\nend.part", "*.part"),
        ("\udcff.pdf", ""),
    ],
)
def test_what_is_never_taken(path: str, rule: str) -> None:
    assert Selection().ignored(path) == rule


def test_patterns_of_the_folder() -> None:
    selection = Selection(match=("*.pdf", "scan/*.tif"), ignore=("*brouillon*", "alt/*"))
    said = {
        path: selection.ignored(path)
        for path in ("a.PDF", "a.txt", "x/a.pdf", "scan/1.tif", "1.tif", "Brouillon.pdf", "alt/a.pdf", "x/alt/a.pdf")
    }
    assert said == {
        "a.PDF": "",
        "a.txt": UNMATCHED,
        "x/a.pdf": "",
        "scan/1.tif": "",
        "1.tif": UNMATCHED,
        "Brouillon.pdf": "*brouillon*",
        "alt/a.pdf": "alt/*",
        "x/alt/a.pdf": "",
    }


def test_an_accent_is_one_however_it_is_written() -> None:
    assert Selection(match=("été*",)).ignored("E\u0301te\u0301 2026.pdf") == ""
    assert folded("ÉTÉ") == folded("e\u0301te\u0301")


@pytest.mark.parametrize(
    ("marker", "path", "its_marker"),
    [
        ("{file}.ok", "Lot/A.pdf", "lot/a.pdf.ok"),
        ("{name}.ok", "Lot/A.pdf", "lot/a.ok"),
        ("{name}.ok", "README", "readme.ok"),
        ("done", "Lot/A.pdf", "lot/done"),
        ("done", "A.pdf", "done"),
    ],
)
def test_where_the_marker_of_a_file_is(marker: str, path: str, its_marker: str) -> None:
    selection = Selection(marker=marker)
    assert selection.marker_of(path) == its_marker
    assert selection.ignored(its_marker) == MARKER
    assert selection.ignored(path) == ""


def test_where_the_marker_of_a_directory_is() -> None:
    assert Selection(marker="done").marker_of_lot("Lot 1") == "lot 1/done"
    assert Selection(marker="{file}.ok").marker_of_lot("Lot 1") == "lot 1.ok"


def test_directories_that_are_not_entered() -> None:
    selection = Selection(match=("*.pdf",), ignore=("@eaDir", "old/*"))
    assert [selection.skipped(name) for name in (".git", "x/.git", "@EADIR", "old/2020", "2026")] == [
        ".*", ".*", "@eaDir", "old/*", "",
    ]  # fmt: skip


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=()), min_size=1))
def test_any_name_has_an_answer(name: str) -> None:
    for path in (name, f"x/{name}"):
        assert Selection(match=("*.pdf",), marker="{file}.ok").ignored(path) in ("", UNMATCHED, MARKER, *ALWAYS)
        assert Selection().skipped(path) in ("", *ALWAYS)


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_any_pattern_can_be_configured(pattern: str, name: str) -> None:
    assert Selection(match=(pattern,), ignore=(pattern,)).ignored(name) in (pattern, UNMATCHED, *ALWAYS)
