"""What the command line says in French: complete, nothing left over, well set; and what others say is recognised."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from comptoir.cli import sentences
from comptoir.cli.sentences import Sentences
from comptoir.cli.speech import catalogue
from comptoir.config_file import load
from comptoir.core.errors import ComptoirError, ConfigError, FormatError, UnknownName
from comptoir.core.job import NO_PAPER, OUTCOME_UNKNOWN
from comptoir.devices.virtual_printer import FAULTS
from comptoir.web import locale

CLI = Path(str(files("comptoir.cli")))
FRENCH = Sentences(catalogue("fr"), locale.catalogue("fr"))


def used() -> set[str]:
    """The message ids in the sources."""
    keywords = {"tr": None, "msgid": None}
    return {str(found[2]) for found in extract_from_dir(str(CLI), [("**.py", "python")], keywords=keywords)}


def french() -> dict[str, str]:
    with (CLI / "locale" / "fr.po").open("rb") as file:
        catalog = read_po(file, locale="fr", abort_invalid=True)
    return {str(message.id): str(message.string) for message in catalog if message.id and not message.fuzzy}


def test_every_message_is_there_in_french() -> None:
    assert len(used()) > 150, "the extraction finds what there is"
    assert sorted(used() - {name for name, text in french().items() if text}) == []


def test_no_french_message_is_left_over() -> None:
    assert sorted(set(french()) - used()) == []


def test_french_keeps_the_placeholders() -> None:
    def names(text: str) -> list[str]:
        return sorted(re.findall(r"%(?:\(\w+\))?[sr]", text))

    assert [name for name, text in french().items() if names(text) != names(name)] == []


def test_french_is_set_with_spaces_that_do_not_break_and_does_not_raise_its_voice() -> None:
    wrong = [text for text in french().values() if re.search(r" [:;?!»]|« |[^\s\u202f]\?|'|!", text)]
    assert wrong == []


# -- what other parts say --------------------------------------------------------------------------------


def spoken(source: str) -> Iterator[str]:
    """The texts of a module; where it fills in something, there is a gap."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def said_somewhere() -> set[str]:
    root = CLI.parent
    sources = [path for path in root.rglob("*.py") if path.parent != CLI or not path.stem.endswith("sentences")]
    return {text for path in sources for text in spoken(path.read_text("utf-8"))}


@pytest.mark.parametrize("sentence", [*sentences.SAID, *sentences.FAULTS, *sentences.FINDINGS])
def test_what_is_translated_is_what_others_say(sentence: str) -> None:
    """A sentence that nobody says any more is dead weight; one that changed is not translated."""
    composed = {"the output: %(why)s", "there is nothing to print: the body is empty"}
    gaps = re.sub(r"%\(\w+\)s", "\0", sentence)
    # What is said of a job, an original and a record alike has a gap for their words.
    alike = re.sub(r"(?<=^the document of )(?:job|original|record) ", "", gaps)
    assert sentence in composed or {gaps, alike} & said_somewhere()


def test_every_fault_of_the_virtual_printer_is_translated() -> None:
    assert set(sentences.FAULTS) == set(FAULTS.values())


def test_argparse_says_what_is_translated_for_it() -> None:
    says = set(spoken(Path(argparse.__file__).read_text("utf-8")))
    assert set(sentences.ARGPARSE) - says == set()


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("no station answers at x: [Errno 111] Connection refused",
         "aucune station ne répond à x : connexion refusée (erreur 111)"),
        ("no station answers at x: timed out", "aucune station ne répond à x : pas de réponse à temps"),
        ("another Comptoir (hub) works with the data in /d already",
         "un autre Comptoir (hub) travaille déjà avec les données de /d"),
        ("the data folder /d cannot be written: Permission denied",
         "impossible d’écrire dans le dossier de données /d : accès refusé"),
        ("there is no configuration file /x.toml", "il n’y a pas de fichier de configuration /x.toml"),
        ("the output: No space left on device", "la sortie : plus de place sur le disque"),
        ("no printer is called “BAR” here", "Aucune imprimante ne s’appelle « BAR »."),
        ("the key “a: b” was used before for another document (job 7)",
         "la clé « a: b » a déjà servi pour un autre document (impression 7)"),
        ("x.txt cannot be read: Is a directory", "impossible de lire x.txt : c’est un dossier"),
        ("x.txt cannot be read: something else", "impossible de lire x.txt : something else"),
        ("the hub http://h does not answer: Connection refused", "Le hub http://h ne répond pas."),
        ("this code is wrong, used or too old", "ce code est faux, déjà utilisé ou trop ancien"),
        ("Pair it again: comptoir pair HUB_URL CODE", "Appairez-la de nouveau : comptoir pair URL_DU_HUB CODE"),
        ("the order is not right: Expected `int` >= 1 - at `$.copies`",
         "l’ordre n’est pas juste : `int` >= 1 attendu, à `$.copies`"),
        ("events 3 to 5 removed from the end", "retrait à la fin : événements 3 à 5"),
        ("event 1 (job-accepted, job 1) was changed, or does not follow the one before it",
         "l’événement 1 (job-accepted, impression 1) a été modifié, ou ne suit pas le précédent"),
        ("what nobody knows", "what nobody knows"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_recognised_with_its_names(english: str, said: str) -> None:
    assert FRENCH.known(english).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        (
            "[station]\nprot = 1",
            ", ligne 2 : station.prot : clé inconnue `prot`",
            "Clés connues ici : name, host, port",
        ),
        ("[hub]\nport = 'x'", ", ligne 2 : hub.port : `int` attendu, `str` reçu", "Rien n’a été démarré ni modifié."),
        ("port\nx = 1", " : « = » attendu après une clé (ligne 1, colonne 5)", "Corrigez cette ligne."),
        ("[[printer]]\nname = 'T'", " : la clé `device` est obligatoire et manque", ""),
        ("[[printer]]\nname = 'T'\ndevice = 'x'", " : « x » n’est pas l’URI d’un appareil", "Corrigez cela."),
        ("[hub]\nport = 70000", ", ligne 2 : hub.port : `int` <= 65535 attendu", ""),
        ("[[source]]\nkind = 'lpt'\nname = 'a'", ", ligne 2 : source[0].kind : valeur hors du choix : 'lpt'", ""),
        ("[night]\nsend_to = 'X'", ", ligne 2 : night.send_to : aucune imprimante ni destination ne s’appelle", ""),
        ("[archive]\nday_starts = '6h'", ", ligne 2 : archive.day_starts : une heure comme 06:00", ""),
    ],
)
def test_what_is_wrong_with_the_configuration_is_said_with_its_place(
    tmp_path: Path, text: str, said: str, hint: str
) -> None:
    (tmp_path / "comptoir.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(None, tmp_path, {})
    message, remedy = (part.replace("\u00a0", " ") for part in FRENCH.error(caught.value))
    assert message.startswith(str(tmp_path / "comptoir.toml"))
    assert said in message
    assert remedy.startswith(hint)


def test_a_variable_that_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, tmp_path, {"COMPTOIR_HUB__PROT": "1"})
    said = FRENCH.error(caught.value)[0].replace("\u00a0", " ")
    assert said == "la variable COMPTOIR_HUB__PROT : il n’y a pas de clé hub.prot"


def test_what_nobody_translated_stands_behind_the_sentence_for_its_kind() -> None:
    said = FRENCH.error(FormatError("the roll is square", "Make it round."))
    assert said == ("ce document est illisible\u00a0: the roll is square", "Make it round.")
    assert FRENCH.error(ComptoirError("odd"))[0] == "cela n’a pas marché\u00a0: odd"


def test_what_a_page_begins_a_line_with_goes_on_in_one_here() -> None:
    said = FRENCH.error(UnknownName("no printer is called “BAR” here", "Known printers: TICKET."))
    assert said == (
        "aucune imprimante ne s’appelle «\u00a0BAR\u00a0»",
        "Imprimantes connues\u00a0: TICKET.",
    )


def test_a_status_and_its_reason_are_parts_of_a_line() -> None:
    assert FRENCH.status("unknown") == "à vérifier"
    assert FRENCH.status("invented") == "invented"
    assert FRENCH.evidence("processed", "14:05:03") == "l’imprimante a tout traité"
    assert "0042, 14:05:03" in FRENCH.evidence("printed", "process id 0042, 14:05:03")
    assert FRENCH.evidence("invented", "") == "invented"
    assert FRENCH.reason("", "Being sent.") == "en cours d’envoi"
    assert FRENCH.reason(NO_PAPER, "the printer says so itself") == "l’imprimante n’a plus de papier"
    assert FRENCH.reason("", "") == ""
    said = FRENCH.reason(OUTCOME_UNKNOWN, "the printer hung up while it printed")
    assert said.endswith("regardez l’imprimante\u202f; l’imprimante a coupé la liaison en imprimant")
