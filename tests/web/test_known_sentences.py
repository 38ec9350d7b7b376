"""What other parts say in English is still said by them, and keeps its placeholders."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from comptoir.web.known_sentences import KNOWN, SHAPED
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))


def test_patterns_give_every_name_that_their_sentence_wants() -> None:
    for pattern, sentence in SHAPED:
        wanted = set(re.findall(r"%\((\w+)\)s", sentence))
        assert wanted <= set(re.compile(pattern).groupindex), sentence


def test_the_names_in_known_sentences_are_what_other_modules_say() -> None:
    """A sentence that nobody says any more is dead weight; one that changed is not translated."""
    sources = "\n".join(
        path.read_text("utf-8")
        for part in ("core", "journal", "station", "hub", "sinks", "sources", "web", ".")
        for path in sorted((files("comptoir") / part).glob("*.py" if part == "." else "**/*.py"))  # type: ignore[attr-defined]
        if path.name != "known_sentences.py"
    )
    composed = {
        "a password has 10 to 72 characters",
        "it does not answer any more. Is it switched on and ready?",
        "No space left on device",  # the system does
    }
    assert [text for text in KNOWN if text not in sources and text not in composed] == []


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (
            "the document cannot be kept: No space left on device",
            "Rien ne peut être conservé sur le disque pour le moment : le disque est plein.",
        ),
        ("the journal cannot be read: disk I/O error", "Le journal ne peut pas être lu : disk I/O error."),
        (
            "Make room on the disk or check its rights; nothing was accepted.",
            "Faites de la place sur le disque ou vérifiez ses droits ; rien n’a été accepté.",
        ),
        ("A person gave it up: the file stays where it is.", "Quelqu’un y a renoncé : le fichier reste où il est."),
    ],
)
def test_a_folder_whose_store_is_full_says_so_in_the_language_of_its_reader(english: str, french: str) -> None:
    assert re.sub("[\u00a0\u202f]", " ", FRENCH.known(english)) == french
