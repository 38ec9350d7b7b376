"""Everything that a file can wait, fail or be left for has a sentence and a remedy, in both languages."""

from __future__ import annotations

import ast
import inspect
from importlib.resources import files
from typing import get_args

import pytest

from comptoir.core import resting, selection, watch
from comptoir.core.document import Document
from comptoir.core.intake import Original, OriginalState, Stamp
from comptoir.core.watch import FolderState, Kind
from comptoir.sources.folder import scanner
from comptoir.station.folders.desk import GIVEN_UP as SAID_BY_THE_STATION
from comptoir.station.folders.planning import NO_ROUTE
from comptoir.web import folder_words
from comptoir.web.folder_words import FolderWords
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH, ENGLISH = (FolderWords(catalogue(lang), Words(catalogue(lang))) for lang in ("fr", "en"))
#: the keywords of the brain that are no reason to wait
NO_REASONS = {"KINDS"}


def keywords() -> set[str]:
    """What `core.watch` says that a file waits for: its constants that are texts, and what it takes from others."""
    tree = ast.parse(inspect.getsource(watch))
    own = {
        node.value.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    return own | {selection.MARKER}


@pytest.mark.parametrize("reason", sorted(keywords()))
def test_whatever_a_file_waits_for_has_a_sentence_and_an_end(reason: str) -> None:
    assert reason in folder_words.WAITING
    for words in (FRENCH, ENGLISH):
        said = words.waiting(reason)
        assert said.what.endswith(".")
        assert said.remedy.endswith(".")
        assert not said.detail
    assert FRENCH.waiting(reason).what != ENGLISH.waiting(reason).what


@pytest.mark.parametrize("reason", [scanner.RIGHTS, scanner.UNREADABLE, scanner.NAME])
def test_whatever_keeps_a_file_from_being_taken_has_a_sentence_and_a_remedy(reason: str) -> None:
    assert reason in folder_words.FAILED
    assert FRENCH.failed(reason).remedy
    assert FRENCH.failed(reason).what != ENGLISH.failed(reason).what


@pytest.mark.parametrize(
    "rule",
    [selection.UNMATCHED, selection.MARKER, resting.EXISTING, scanner.LINK, scanner.SPECIAL, NO_ROUTE],
)
def test_every_rule_that_is_no_pattern_is_half_a_sentence(rule: str) -> None:
    assert rule in folder_words.IGNORED
    assert FRENCH.ignored(rule) != ENGLISH.ignored(rule)
    assert FRENCH.why("ignored", rule).what[0].isupper()


def test_a_pattern_is_named_as_it_is() -> None:
    assert FRENCH.ignored("~$*") == "à cause de la règle ~$*"


def test_what_this_version_does_not_know_is_named_as_it_is() -> None:
    assert (FRENCH.waiting("moonrise").what, FRENCH.waiting("moonrise").detail) == ("Il attend.", "moonrise")
    assert FRENCH.failed("eaten").detail == "eaten"
    assert FRENCH.event("original-eaten").word == "original-eaten"


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_a_word_for_many_and_for_one(kind: Kind) -> None:
    assert kind in folder_words.KINDS
    assert FRENCH.kind(kind, single=True).word != kind


def an_original(state: OriginalState, message: str = "") -> Original:
    return Original(
        1, "factures", "a.pdf", Stamp(1, 1, 1), Document("00", 1, "text/plain"), state, 0, 0, message=message
    )


@pytest.mark.parametrize("state", get_args(OriginalState))
def test_every_state_of_a_file_has_a_word_a_drawn_shape_and_says_where_it_is(state: OriginalState) -> None:
    assert state in folder_words.ORIGINALS
    word = FRENCH.original(an_original(state))
    symbols = (files("comptoir.web") / "templates" / "symbols.html").read_text("utf-8")
    assert f'id="s-{word.shape}"' in symbols
    assert FRENCH.whereabouts(an_original(state)).what != ENGLISH.whereabouts(an_original(state)).what
    assert FRENCH.whereabouts(an_original(state, "the disk burns")).detail == "the disk burns"


def test_what_a_person_has_given_up_is_not_said_to_have_arrived() -> None:
    assert folder_words.GIVEN_UP == SAID_BY_THE_STATION
    left = an_original("kept", folder_words.GIVEN_UP)
    assert ENGLISH.original(left).word == "Given up"
    assert ENGLISH.whereabouts(left).what == folder_words.GIVEN_UP


def test_every_event_of_a_file_has_words() -> None:
    schema = (files("comptoir.journal") / "schema.sql").read_text("utf-8")
    kinds = set(
        schema.partition("events_original")[2].partition("WHERE kind IN (")[2].partition(")")[0].split("'")[1::2]
    )
    assert len(kinds) > 8
    assert kinds - set(folder_words.EVENTS) == set()
    symbols = (files("comptoir.web") / "templates" / "symbols.html").read_text("utf-8")
    assert [kind for kind in kinds if f'id="s-{FRENCH.event(kind).shape}"' not in symbols] == []


def state(**more: object) -> FolderState:
    return FolderState(**{"name": "factures", "path": "/x", "reachable": True, "scanned_at": 1, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("folder", "undelivered", "word", "sentence"),
    [
        (state(), 0, "In order", "Everything is taken."),
        (state(scanned_at=None), 0, "Under way", "It is being looked through for the first time."),
        (state(waiting={"quiet": 1}), 0, "Under way", "1 file is not complete yet."),
        (state(waiting={"quiet": 1}, failed={"rights": 1}), 2, "Needs you", "3 files need you."),
        (state(trouble="/x may not be read"), 1, "Waiting", "/x may not be read."),
        (state(reachable=False, failed={"rights": 1}), 1, "Out of reach", "It cannot be reached."),
    ],
)
def test_the_state_of_a_folder_is_the_worst_of_what_it_has(
    folder: FolderState, undelivered: int, word: str, sentence: str
) -> None:
    said, why = ENGLISH.state(folder, undelivered)
    assert said.word == word
    assert why.what.startswith(sentence)


@pytest.mark.parametrize(("step", "end"), [("keep", "stays"), ("delete", "removed"), ("move:/srv/x", "/srv/x")])
def test_what_is_to_become_of_the_file_is_said(step: str, end: str) -> None:
    original = Original(1, "f", "a", Stamp(1, 1, 1), Document("00", 1, "text/plain"), "waiting", 0, 0, step=step)
    assert end in ENGLISH.step(original)
