"""What the archive's sink says of a job, a page says in the reader's language."""

from __future__ import annotations

import pytest

from comptoir.core.errors import NotSent
from comptoir.sinks.maarch import _EXPLAINED
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))


@pytest.mark.parametrize("kind", _EXPLAINED)
def test_every_trouble_is_said_in_french(kind: str) -> None:
    error, message, hint = _EXPLAINED[kind]  # type: ignore[index]
    said = FRENCH.known(error(message.format(words="Some words.", site="rm.example.com"), hint).sentences)
    assert " the " not in said
    assert ".." not in said
    if kind in ("token", "forbidden", "declined", "busy", "elsewhere", "database"):
        assert "Some words" in said


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("rm.example.com did not answer: it does not answer. Before it is sent again, the archive is asked whether it "
         "has it.", "La connexion avec rm.example.com"),
        ("rm.example.com broke off after 5 of 10 bytes: reset. Before it is sent again, the archive is asked whether "
         "it has it.", "La connexion avec rm.example.com"),
        ("a b.txt is empty, and the archive takes no empty files. Put it there again with its content, or leave it "
         "where it is.", "a b.txt est vide"),
        ("the archive said that it has cpt_1, and does not know it when asked. Look for it in the archive.",
         "L’archive a dit avoir cpt_1"),
        ("the connection broke off 8 times while the document was sent. Does a server on the way let documents as "
         "large as this through, and for so long?", "La connexion s’est interrompue 8 fois"),
    ],
)  # fmt: skip
def test_the_rest_is_said_in_french(english: str, french: str) -> None:
    assert FRENCH.known(NotSent(english).sentences).startswith(french)
