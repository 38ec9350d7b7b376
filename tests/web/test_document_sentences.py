"""What cannot be put on paper, a page says in the reader's language: the errors are those that are really raised."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.peers.pdfs import locked

from comptoir.core.errors import ComptoirError
from comptoir.core.page import Media
from comptoir.formats import frame, pdfium, reader
from comptoir.formats.image import opened
from comptoir.formats.text import decoded
from comptoir.web.document_sentences import DOCUMENTS_SAY
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))
ROLL = Media(dots=576, columns=48, dpi=203)


def picture() -> None:
    with opened(b"no picture"):
        pass


@pytest.mark.parametrize(
    ("work", "french"),
    [
        (lambda: pdfium.Document(locked()), "Ce PDF est verrouillé par un mot de passe."),
        (lambda: pdfium.Document(b"%PDF-1.7 cut"), "Ce PDF est illisible"),
        (lambda: frame.check_paper(100_000, 5, ROLL), "Ce PDF prendrait 12.5 m de papier"),
        (picture, "Cette image est illisible : abîmée, coupée, ou d’un autre genre que PNG"),
        (lambda: decoded(b"caf\xe9"), "Ce texte n’est pas en UTF-8"),
        (lambda: reader("application/zip"), "Cette imprimante imprime des PDF, des images et des textes"),
    ],
)
def test_errors_that_are_raised(work: Callable[[], Any], french: str) -> None:
    with pytest.raises(ComptoirError) as caught:
        work()
    assert re.sub("[\u00a0\u202f]", " ", FRENCH.known(caught.value.sentences)).startswith(french)


def test_every_sentence_is_in_french() -> None:
    for _, sentence in DOCUMENTS_SAY:
        assert FRENCH.text(sentence) != sentence
