"""The language of the command line: which one, what it costs, and that English is said as it is written."""

from __future__ import annotations

import locale
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.peers.command import comptoir, refused, running
from tests.peers.services import free_port

from comptoir.cli import parser, speech
from comptoir.cli.speech import language, tr

FRENCH = {"LC_ALL": "fr_FR.UTF-8", "PYTHONUTF8": "1"}


@pytest.mark.parametrize(
    ("environ", "chosen"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "FR"}, "fr"),
        ({"LANG": "fr_CH@euro"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "fr_FR"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "fr_FR"}, "fr"),
        ({"LC_MESSAGES": "fr_FR", "LANG": "en_US"}, "fr"),
        ({"LC_ALL": "en_GB", "LC_MESSAGES": "fr_FR", "LANG": "fr_FR"}, "en"),
        ({"LC_ALL": "fr_BE", "LC_MESSAGES": "en_GB", "LANG": "en_GB"}, "fr"),
        ({"LANGUAGE": "fr", "LC_CTYPE": "fr_FR"}, "en"),
    ],
)
def test_the_first_variable_that_is_not_empty_decides(environ: dict[str, str], chosen: str) -> None:
    assert language(environ, windows=False) == chosen


@pytest.mark.parametrize(
    ("name", "chosen"), [("French_France", "fr"), ("fr_FR", "fr"), ("English_Ireland", "en"), (None, "en")]
)
def test_where_no_variable_is_set_windows_is_asked(
    monkeypatch: pytest.MonkeyPatch, name: str | None, chosen: str
) -> None:
    monkeypatch.setattr(locale, "getlocale", lambda: (name, "1252"))
    assert language({}, windows=True) == chosen
    assert language({}, windows=False) == "en"
    assert language({"LANG": "en_GB"}, windows=True) == "en"


def test_a_text_is_itself_in_english_and_has_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tr("paper %(number)s: %(file)s", number=3, file="x") == "paper 3: x"
    assert tr("100 %") == "100 %"
    monkeypatch.setenv("LC_ALL", "fr_FR")
    assert tr("paper %(number)s: %(file)s", number=3, file="x") == "papier 3\u00a0: x"


def test_in_english_everything_is_said_as_it_is() -> None:
    assert speech.known("no station answers at x: y") == "no station answers at x: y"
    assert (speech.status("canceled"), speech.evidence("sent", "")) == ("canceled", "sent, not confirmable")
    assert speech.reason("media-empty", "the printer says so itself") == "media-empty: the printer says so itself"
    assert speech.reason("", "") == ""


def test_the_words_of_argparse_come_and_go_with_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parser().format_help().startswith("usage: comptoir")
    monkeypatch.setenv("LC_ALL", "fr_FR")
    assert parser().format_help().startswith("utilisation\u00a0: comptoir")
    monkeypatch.setenv("LC_ALL", "C")
    assert parser().format_help().startswith("usage: comptoir")


@pytest.mark.parametrize("command", ["'--help'", "'status', '--port', '1'"])
@pytest.mark.parametrize(
    ("name", "loaded"),
    # Babel reads a catalogue that has changed since the build has compiled it.
    [("C", ("[]",)), ("fr_FR.UTF-8", ("[]", "['babel']"))],
)
def test_what_reads_catalogues_is_loaded_for_french_only_and_a_server_never(
    command: str, name: str, loaded: tuple[str, ...]
) -> None:
    program = (
        f"import sys; from comptoir.cli import main; main([{command}]);"
        "print([m for m in ('babel', 'aiohttp') if m in sys.modules])"
    )
    environ = {"LC_ALL": name, "PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environ)
    assert run.stdout.decode().splitlines()[-1] in loaded


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        ("cp1252", "L’été ; « -> “Noël” + \\u2615"),
        ("cp850", 'L\'été ; « -> "Noël" + \\u2615'),
        ("cp437", 'L\'été ; « -> "Noël" + \\u2615'),
        ("ascii", 'L\'ete ; " -> "Noel" + \\u2615'),
        ("cp1251", "L’ete ; « -> “Noel” + \\u2615"),
    ],
)
def test_letters_that_a_terminal_does_not_have_are_replaced(letters: str, said: str) -> None:
    text = "L’été\u202f; «\u00a0→ “Noël” ✓ ☕".encode(letters, speech.MISSING_LETTERS).decode(letters)
    assert text.replace("\u00a0", " ") == said


def test_a_name_that_is_no_text_is_written_out() -> None:
    assert "\udcff".encode("cp1252", speech.MISSING_LETTERS) == b"\\udcff"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Café ☕ a\u00a0; b", "Café ☕ a\u00a0; b"),
        ("\x1b[31m\x07\r\n\t\x7f\x9b", "\\x1b[31m\\x07\\r\\n\\t\\x7f\\x9b"),
        ("\u202e\u2066\ufeff\U000e0041", "\\u202e\\u2066\\ufeff\\U000e0041"),
        ("\udcff", "\\udcff"),
        ("👨\u200d🍳 می\u200cخواهم", "👨\u200d🍳 می\u200cخواهم"),
        ("\\x1b", "\\x1b"),
    ],
)
def test_what_would_steer_a_terminal_is_written_out(text: str, said: str) -> None:
    assert ascii(speech.shown(text)) == ascii(said)


# -- as a person reads it --------------------------------------------------------------------------------


def test_the_help_is_french() -> None:
    said = comptoir("up", "--help", environ=FRENCH).stdout.decode()
    assert said.startswith("utilisation\u00a0: comptoir up [-h] [--config FICHIER]")
    assert "afficher cette aide et quitter" in said
    assert "le port de la station (par défaut\u00a0: 22548)" in said
    assert "the " not in said


def test_a_port_in_use_is_french(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        lines = refused("station", "--data", tmp_path, "--port", str(port), environ=FRENCH).splitlines()
    assert lines[-2:] == [
        f"comptoir\u00a0: l’adresse 127.0.0.1:{port} est occupée par un autre programme.",
        "  → Comptoir est-il déjà démarré\u202f? Sinon, choisissez-en une autre\u00a0:"
        " --port ou --hub-port, ou port = … dans le fichier.",
    ]


def test_a_status_with_nothing_running_is_french(tmp_path: Path) -> None:
    port = free_port()
    said = refused("status", "--data", tmp_path, "--port", str(port), code=1, environ=FRENCH)
    assert said.splitlines() == [
        f"comptoir\u00a0: aucune station ne répond à http://127.0.0.1:{port}\u00a0: connexion refusée (erreur 111).",
        "  → Démarrez-la avec\u00a0: comptoir up   (ou\u00a0: comptoir station)",
    ]


def test_a_print_and_its_lists_are_french_and_json_is_not(tmp_path: Path) -> None:
    printers = {"TICKET": "virtual:", "EMPTY": "virtual:?faults=paper"}
    config = "\n".join(f'[[printer]]\nname = "{name}"\ndevice = "{device}"' for name, device in printers.items())
    with running(tmp_path, config=config) as station:
        place = ["--data", str(tmp_path), "--port", station.url.rpartition(":")[2]]
        said = comptoir("print", "-", *place, given=b"x", environ=FRENCH).stdout.decode()
        assert said.splitlines()[-1].startswith("impression 1\u00a0: imprimé (l’imprimante ")
        waits = comptoir("print", "-", "--printer", "EMPTY", "--timeout", "3", *place, given=b"x", environ=FRENCH)
        assert (
            waits.stdout.decode().splitlines()[-1] == "impression 2\u00a0: en attente (l’imprimante n’a plus de papier)"
        )
        lines = comptoir("status", *place, environ=FRENCH).stdout.decode().splitlines()
        assert lines[1] == "Elle n’est reliée à aucun hub. Pour la relier\u00a0: comptoir pair URL_DU_HUB CODE"
        assert lines[2] == "imprimante TICKET (virtual:)\u00a0: prête\u202f; 0 en attente"
        assert lines[3].startswith(
            "imprimante EMPTY (virtual:?faults=paper)\u00a0: l’imprimante n’a plus de papier\u202f; "
        )
        assert "  imprimé     TICKET " in comptoir("jobs", *place, environ=FRENCH).stdout.decode()
        asked = ("jobs", "--json", *place)
        assert comptoir(*asked, environ=FRENCH).stdout == comptoir(*asked).stdout
