"""What destinations say of a job, a page says in the reader's language."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.errors import NotSent
from comptoir.sinks.trouble import locked_out, unreachable
from comptoir.web.destination_sentences import DESTINATIONS_SAY
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("the secret file a.txt is not there. Write the secret into /d/a.txt.", "Le fichier a.txt, qui doit"),
        ("the secret file a.txt holds no secret. Write it.", "Le fichier a.txt doit"),
        ("the document 12ab… was damaged on the disk. It is not delivered; check the disk.", "Le document a été abîmé"),
        ("dms answers 422: no. It does not take this document.", "dms n’accepte pas ce document (422: no)"),
        (
            "dms answers 413: no. The document is too large for it.",
            "Le document est trop volumineux pour dms (413: no)",
        ),
        ("dms answers 429. It asks to come back: 120.", "dms demande de revenir plus tard (429)"),
        ("dms answers 301. It is elsewhere now: correct url.", "dms a changé d’adresse (301)"),
        ("dms answers 502. It may have taken the document nevertheless.", "On ne sait pas"),
        ("dms answers 503.", "dms ne peut pas le prendre maintenant (503)"),
        ("the connection to dms broke after 5 of 9 bytes: x. Does it take documents as large as this?", "La connexion"),
        ("the folder //nas/p is full. Make room there; it is tried again by itself.", "//nas/p est plein"),
        ("the folder //nas/p is not there. Is the share mounted? It is tried again by itself.", "Le dossier //nas/p"),
        ("nothing may be written to the folder /p. Give Comptoir the right to write there.", "Comptoir n’a pas"),
        ("the folder /p cannot be written: stale file handle. It is tried again by itself.", "Impossible d’écrire"),
        ("the key of h is not known. Its key is SHA256:x. If that is right, write it into host_key.", "Le serveur h"),
        ("h has another key than the one in host_key. Its key is SHA256:x. Ask its owner.", "Le serveur h a une autre"),
        ("shop-archive answers SlowDown: later. It is tried again by itself.", "shop-archive ne peut pas"),
        ("another object has the key a/b. Put {uid} into key: objects are never replaced.", "Un autre document"),
        (
            "h takes messages of 10 bytes at most, this one has 20. Send large documents elsewhere.",
            "Le document est trop",
        ),
        ("h did not say whether it took the message: x. It may have gone out.", "h n’a pas dit"),
    ],
)
def test_it_is_said_in_french(english: str, french: str) -> None:
    assert FRENCH.known(NotSent(english).sentences).startswith(french)


def test_the_words_of_all_kinds_are_said_in_french() -> None:
    said = FRENCH.known(unreachable("dms", ConnectionRefusedError(111, "x")).sentences)
    assert said.startswith("dms est injoignable\u00a0: ")
    assert "refused" not in said
    assert "n’y est pas admis" in FRENCH.known(locked_out("dms answers 401", "token_file").sentences)


@given(st.text(max_size=60), st.sampled_from([pattern for pattern, _ in DESTINATIONS_SAY]))
def test_no_words_of_a_far_side_take_long(text: str, pattern: str) -> None:
    re.fullmatch(pattern, text * 20 + ". It is tried again by itself.")
