"""What an event of the journal says to people."""

from __future__ import annotations

import json
import logging
import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.record import Event
from comptoir.web import happenings
from comptoir.web.happenings import GROUPS, HAPPENINGS, LONGEST, body_of, level_of, tell
from comptoir.web.locale import LANGUAGES, catalogue
from comptoir.web.words import EVENTS, Words

#: anything that JSON can hold
VALUES = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)

FRENCH, ENGLISH = Words(catalogue("fr")), Words(catalogue("en"))


def event(kind: str, body: object, job: int | None = None) -> Event:
    return Event(1, 0, kind, job, body if isinstance(body, str) else json.dumps(body), b"")


def said(kind: str, words: Words = FRENCH, job: int | None = None, **body: object) -> str:
    return re.sub("[\u00a0\u202f]", " ", tell(event(kind, body, job), words))


def test_an_opening_is_said_in_the_words_of_the_earlier_service_with_who_and_why() -> None:
    line = said(
        "drawer-opened", printer="TICKET", outcome="opened", host="192.168.1.20", site="https://odoo.example.com",
        user="anna", reason="monnaie", order="0042",
    )  # fmt: skip
    assert line == (
        "Tiroir-caisse ouvert avec succès : TICKET (son capteur le confirme) · site https://odoo.example.com"
        " · utilisateur anna · depuis 192.168.1.20 · motif « monnaie » · vente 0042"
    )


@pytest.mark.parametrize(
    ("kind", "body", "line"),
    [
        ("drawer-opened", {"outcome": "sent"}, "impulsion envoyée, cette imprimante ne confirme rien"),
        ("drawer-opened", {"outcome": "was-open"}, "Tiroir-caisse déjà ouvert"),
        ("drawer-opened", {"outcome": "invented"}, "Tiroir-caisse ouvert avec succès : –"),
        ("drawer-failed", {"error": "drawer-offline"}, "Erreur lors de l’ouverture du tiroir"),
        ("drawer-failed", {"message": "the drawer was not opened: the printer says so itself"}, "n’est pas utilisable"),
        ("signed-in", {"peer": "::1"}, "Connexion · depuis cet ordinateur"),
        ("signed-out", {"all": True, "user": "owner"}, "Déconnexion partout · le propriétaire"),
        ("settings-changed", {"keys": ["log.keep", "language"]}, "Réglages modifiés : log.keep, language"),
        ("settings-changed", {"keys": [], "who": {"user": "anna", "site": "https://a"}}, "site https://a · utilis"),
        ("page-refused", {"site": "", "path": "/x", "reason": "page", "count": 3}, "une page qui cache d’où"),
        ("page-refused", {"site": "https://x", "path": "/x", "reason": "host", "count": 1}, "https://x a demandé /x"),
        ("journal-checked", {"outcome": "damaged", "findings": 2}, "il n’est PAS tel qu’il a été écrit, 2 constats"),
    ],
)
def test_each_kind_says_what_it_is_about(kind: str, body: dict[str, object], line: str) -> None:
    found = said(kind, **body)
    assert line in found
    assert "motif" not in found
    assert found.count("https://x") <= 1


def test_a_print_says_its_number_and_what_happened() -> None:
    assert said("job-completed", job=12) == "Impression 12 : imprimé"
    assert said("jobs-purged", count=3) == "Anciennes impressions oubliées : 3"


def test_what_is_not_known_is_its_own_word() -> None:
    assert said("invented") == "invented"
    assert level_of(event("invented", {})) == 0


@pytest.mark.parametrize("kind", HAPPENINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_sentence_that_needs_nothing(kind: str, language: str) -> None:
    name, _, outcome = kind.partition(" ")
    line = tell(event(name, {"outcome": outcome} if outcome else {}), Words(catalogue(language)))
    assert line
    assert "%(" not in line


def test_every_kind_that_is_noted_at_a_station_has_a_sentence() -> None:
    """Read from the sources; those of the hub are not shown at a station."""
    noted = set()
    for part in ("station", "web"):
        for path in (files("comptoir") / part).rglob("*.py"):  # type: ignore[attr-defined]
            noted |= set(re.findall(r'note\(\s*"([a-z-]+)"', path.read_text("utf-8")))
    hub = {"station-paired", "client-added"}
    assert {"drawer-asked", "logs-purged", "page-refused", "signed-in"} <= noted
    assert noted - set(HAPPENINGS) - hub == set()


def test_every_kind_is_in_a_group() -> None:
    assert {kind for kinds in GROUPS.values() for kind in kinds} == {
        *(kind for kind in HAPPENINGS if " " not in kind),
        *EVENTS,
    }


def test_refusals_and_failures_are_marked_and_what_is_only_asked_is_not_logged() -> None:
    assert level_of(event("drawer-failed", {})) == logging.ERROR
    assert level_of(event("page-refused", {})) == logging.WARNING
    assert level_of(event("drawer-opened", {"outcome": "opened"})) == logging.INFO
    assert level_of(event("drawer-asked", {})) == 0
    assert level_of(event("job-completed", {}, 1)) == 0


def test_a_long_value_is_cut_short() -> None:
    line = said("drawer-opened", printer="x" * 5000, reason="y" * 5000)
    assert len(line) < 2 * LONGEST + 200
    assert "…" in line


@given(
    st.sampled_from([*HAPPENINGS, *EVENTS, "x"]),
    st.one_of(
        st.text(),
        st.dictionaries(
            st.sampled_from(["printer", "host", "who", "user", "outcome", "message", "keys", "all", "peer", "%(x)s"]),
            VALUES,
        ).map(json.dumps),
        VALUES.map(json.dumps),
    ),
)  # fmt: skip
def test_no_body_breaks_it(kind: str, body: str) -> None:
    """A journal may be damaged, or of a version to come."""
    one = event(kind.partition(" ")[0], body)
    assert isinstance(tell(one, ENGLISH), str)
    assert isinstance(level_of(one), int)
    assert isinstance(body_of(one), dict)


def test_no_sentence_has_a_secret() -> None:
    """What is told of a body is what a sentence names, and who was behind it; nothing else comes out."""
    line = said("signed-in", password="hunter2", token="hunter2", cookie="hunter2", csrf="hunter2", code="hunter2")
    assert "hunter2" not in line
    assert not re.search(r"%\((password|token|cookie|csrf|secret|code)\)", str(vars(happenings)))
