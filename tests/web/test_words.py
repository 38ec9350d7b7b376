"""Every reason, status and evidence has its words, in both languages, and keeps its placeholders."""

from __future__ import annotations

from importlib.resources import files
from typing import get_args

import pytest

from comptoir.core import errors as core_errors
from comptoir.core.errors import ComptoirError, KeyConflict, NotAllowed, UnknownName
from comptoir.core.job import (
    NO_PAPER,
    OUTCOME_UNKNOWN,
    REASONS,
    STATION_OFFLINE,
    UNREACHABLE,
    Evidence,
    Status,
)
from comptoir.core.profile import Confirm
from comptoir.devices.virtual_faults import FAULTS
from comptoir.sinks.drawer import DrawerOffline
from comptoir.station import pairing
from comptoir.web import guard, words
from comptoir.web.locale import LANGUAGES, catalogue
from comptoir.web.words import Words

FRENCH, ENGLISH = Words(catalogue("fr")), Words(catalogue("en"))


#: where errors are raised that a page can meet
RAISING = (core_errors, pairing, guard)


def codes() -> set[str]:
    kinds = [kind for module in RAISING for kind in vars(module).values() if isinstance(kind, type)]
    return {kind.code for kind in kinds if issubclass(kind, ComptoirError)}


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_the_core_has_a_sentence(reason: str) -> None:
    assert reason in words.REASONS
    for language in LANGUAGES:
        said = Words(catalogue(language)).reason(reason, "TICKET", "caisse-1")
        assert said.what.endswith(".")
        assert "%(" not in said.what + said.remedy
        assert reason not in said.what, "a keyword is no sentence"


@pytest.mark.parametrize("reason", [r for r in REASONS if r != "job-completed-successfully"])
def test_every_trouble_has_a_remedy(reason: str) -> None:
    assert ENGLISH.reason(reason).remedy


@pytest.mark.parametrize("status", get_args(Status))
def test_every_status_has_a_word_a_shape_that_is_drawn_and_a_colour_that_exists(status: str) -> None:
    assert status in words.STATUSES
    word = FRENCH.status(status)
    assert word.word != status
    symbols = (files("comptoir.web") / "templates" / "symbols.html").read_text("utf-8")
    assert f'id="s-{word.shape}"' in symbols
    style = (files("comptoir.web") / "static" / "comptoir.css").read_text("utf-8")
    assert f".{word.tone} {{ --tone:" in style


def test_no_two_statuses_share_word_and_shape() -> None:
    assert len({ENGLISH.status(s).word for s in get_args(Status)}) == len(get_args(Status))
    assert len({ENGLISH.status(s).shape for s in get_args(Status)}) == len(get_args(Status))


def test_a_job_stopped_in_its_middle_has_a_word_and_a_shape_of_its_own() -> None:
    stopped = ENGLISH.status("stopped")
    assert stopped.shape not in {ENGLISH.status(s).shape for s in get_args(Status)}
    assert stopped.tone == "wait"


@pytest.mark.parametrize("kind", ["printed", "processed", "sent", "person"])
def test_every_evidence_is_named(kind: str) -> None:
    assert kind in words.EVIDENCE
    assert FRENCH.evidence(Evidence(kind)).what != ENGLISH.evidence(Evidence(kind)).what


def test_the_number_that_a_printer_sends_back_is_told_in_the_readers_language() -> None:
    evidence = Evidence("printed", "process id 0042, 14:05:03")
    assert FRENCH.evidence(evidence).detail == "n°\u00a0de traitement 0042, 14:05:03"
    assert ENGLISH.evidence(evidence).detail == "process id 0042, 14:05:03"


@pytest.mark.parametrize("kind", get_args(Confirm))
def test_every_confirmation_is_a_sentence(kind: str) -> None:
    ((french,), (english,)) = FRENCH.confirms([kind]), ENGLISH.confirms([kind])
    assert french != english
    assert french.endswith(".")


def test_what_a_printer_confirms_keeps_its_order_and_may_be_nothing() -> None:
    assert ENGLISH.confirms(["in-order", "invented", "process-id"]) == [
        words.CONFIRMS["in-order"],
        words.CONFIRMS["process-id"],
    ]
    assert ENGLISH.confirms([]) == []
    assert FRENCH.confirms_nothing().startswith("Rien")


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_the_virtual_printer_has_a_name(fault: str) -> None:
    assert fault in words.FAULTS
    assert FRENCH.fault(fault) != fault


def test_a_cause_within_a_sentence_is_translated_too() -> None:
    said = FRENCH.error(DrawerOffline("the drawer was not opened: Connection refused", "Is it switched on and ready?"))
    assert said.what == "Le tiroir n’a pas été ouvert\u00a0: personne ne prend les connexions à son adresse"
    assert said.remedy == "Est-elle allumée et prête\u202f?"
    assert FRENCH.known("the drawer was not opened: it burns").endswith(": it burns")


def test_what_could_not_be_printed_is_said() -> None:
    assert "☕日" in ENGLISH.evidence(Evidence("processed", unprintable="☕日")).remedy


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_of_an_error_has_a_sentence(code: str) -> None:
    assert code in words.ERRORS


def test_a_sentence_begins_with_the_printer_where_its_name_is_known() -> None:
    assert FRENCH.reason(NO_PAPER, "TICKET").what == "L’imprimante TICKET n’a plus de papier."
    assert FRENCH.reason(NO_PAPER).what == "L’imprimante n’a plus de papier."
    assert ENGLISH.reason(STATION_OFFLINE, station="bar").what == "The station bar is not linked."


@pytest.mark.parametrize("reason", words.ELSEWHERE)
def test_what_is_no_printer_is_not_called_one(reason: str) -> None:
    french, english = (one.reason(reason, "archives", prints=False) for one in (FRENCH, ENGLISH))
    assert "mprim" not in french.what + french.remedy
    assert "print" not in english.what + english.remedy
    assert french.what != english.what


def test_an_unknown_reason_is_named_as_it_is() -> None:
    assert "toner-empty" in FRENCH.reason("toner-empty").what


def test_own_words_are_told_only_where_they_tell_more() -> None:
    assert ENGLISH.reason(UNREACHABLE, detail="the cable is cut").detail == "The cable is cut"
    assert ENGLISH.reason(NO_PAPER, detail="the printer says so itself").detail == ""
    said = FRENCH.reason(OUTCOME_UNKNOWN, detail="the connection broke while it printed: reset")
    assert said.detail == "La liaison s’est coupée pendant l’impression."


def test_an_error_that_is_known_word_for_word_is_translated_whole() -> None:
    said = FRENCH.error(NotAllowed("the password is wrong"))
    assert (said.what, said.detail) == ("Le mot de passe est faux", "")


def test_an_error_with_a_number_in_it_is_translated() -> None:
    assert FRENCH.error(UnknownName("there is no job 12")).what == "Il n’y a pas d’impression 12."


def test_pairing_with_what_is_no_hub_is_said() -> None:
    said = FRENCH.error(pairing.PairingFailed("http://x:9 is no Comptoir hub", "Check the address."))
    assert (said.what, said.remedy) == (
        "Ce n’est pas un hub Comptoir\u00a0: http://x:9",
        "Vérifiez l’adresse.",
    )


def test_an_error_that_nobody_translated_keeps_its_own_words_under_a_sentence() -> None:
    said = FRENCH.error(KeyConflict("the key “a” was used", "Use a new one."))
    assert said.what == "Cet envoi a déjà été fait avec un autre contenu."
    assert said.detail == "The key “a” was used. Use a new one."


def test_an_event_is_its_sentence_where_that_is_known_else_its_kind() -> None:
    assert FRENCH.event("job-processing", "The station has it.") == "Reçu par la station"
    assert FRENCH.event("job-completed", "") == "Imprimé"
    assert FRENCH.event("job-invented", "") == "job-invented"


def test_who_has_signed_in_is_the_owner() -> None:
    assert [FRENCH.person(name) for name in ("owner", "marie", "")] == ["le propriétaire", "marie", ""]


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("there is no source “nuit”", "Il n’y a pas de « nuit » ici."),
        ("there is no kind of destination “ftp”", "Il n’y a pas de « ftp » ici."),
        ("below must be a whole number, not “x”", "« x » n’est pas un nombre entier."),
        ("there is nothing at /nights/hier", "Il n’y a rien à cette adresse : /nights/hier."),
    ],
)
def test_wrong_addresses_are_told_in_french(english: str, french: str) -> None:
    assert FRENCH.known(english).replace("\u00a0", " ") == french
